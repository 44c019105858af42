use super::{
    Algorithm, Feed, HashFunction, InvalidKey, KeyProfile, PublicKey, SignatureVerifier,
    VerifyError,
};

/// Turns keys that arrive as data into things that verify, and names hash functions.
///
/// Always an argument: there is no process-wide default.
pub trait Provider {
    /// Parses `key` and calls `then` once with a verifier for it.
    ///
    /// # Errors
    /// If the key is not one, or is of a kind the provider does not do; `then` is not called.
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey>;

    /// The hash function that `algorithm` names, where the provider has it.
    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction>;
}

/// A public key with the provider that can use it: a verifier on the stack. The key is parsed at
/// each use; a parsed key of the provider saves that.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    key: PublicKey<'a>,
    provider: &'a dyn Provider,
}

impl<'a> Key<'a> {
    /// `key`, used through `provider`.
    pub const fn new(key: PublicKey<'a>, provider: &'a dyn Provider) -> Self {
        Self { key, provider }
    }

    /// The key as data.
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
            // A signature cannot be one under something that is no key.
            Err(InvalidKey::Malformed) => Err(VerifyError::InvalidSignature),
            Err(_) => Err(VerifyError::Unsupported),
        }
    }
}

impl SignatureVerifier for Key<'_> {
    fn profile(&self) -> KeyProfile {
        self.key.profile()
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
