//! A public key with the provider that uses it.

use crate::{
    Algorithm, Feed, InvalidKey, KeyProfile, Provider, PublicKey, SignatureVerifier, VerifyError,
};

/// A public key with the provider that can use it: a verifier on the stack.
///
/// The key is parsed at each use; a parsed key of the provider saves that. A key that is malformed
/// answers [`VerifyError::InvalidKey`].
#[derive(Clone, Copy)]
pub struct Key<'a> {
    key: PublicKey<'a>,
    provider: &'a dyn Provider,
}

impl<'a> Key<'a> {
    /// Returns a verifier that uses `key` through `provider`.
    pub const fn new(key: PublicKey<'a>, provider: &'a dyn Provider) -> Self {
        Self { key, provider }
    }

    /// Returns the key as data.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey<'a> {
        &self.key
    }

    fn with(
        &self,
        then: &mut dyn FnMut(&dyn SignatureVerifier) -> Result<(), VerifyError>,
    ) -> Result<(), VerifyError> {
        let mut result = Err(VerifyError::Unsupported);
        let parsed = self.provider.with_verifier(&self.key, &mut |verifier| {
            result = then(verifier);
        });
        match parsed {
            Ok(()) => result,
            // The fault is the key's: nothing is known about the signature.
            Err(InvalidKey::Malformed) => Err(VerifyError::InvalidKey),
            Err(_) => Err(VerifyError::Unsupported),
        }
    }
}

impl SignatureVerifier for Key<'_> {
    fn profile(&self) -> KeyProfile {
        self.key.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.key);
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.with(&mut |verifier| verifier.verify(algorithm, message, signature))
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.with(&mut |verifier| verifier.verify_stream(algorithm, feed, signature))
    }

    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.with(&mut |verifier| verifier.verify_prehash(algorithm, prehash, signature))
    }
}
