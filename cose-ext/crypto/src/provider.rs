use rand_core::CryptoRng;

use crate::{
    Aead, Algorithm, Curve, Feed, HashFunction, InvalidKey, KeyAgreement, KeyProfile, KeyWrap, Mac,
    PrivateKey, PublicKey, SharedSecret, SignatureVerifier, SymmetricKey, UnauthenticatedCipher,
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

    /// Calls `then` once with `key` as one for MACs.
    ///
    /// # Errors
    /// If the provider does no MACs; `then` is not called.
    fn with_mac(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Mac),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one for authenticated encryption.
    ///
    /// # Errors
    /// If the provider does none; `then` is not called.
    fn with_aead(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Aead),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one for ciphers that authenticate nothing (RFC 9459).
    ///
    /// # Errors
    /// If the provider does none; `then` is not called.
    fn with_cipher(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that wraps others.
    ///
    /// # Errors
    /// If the provider does no key wrap; `then` is not called.
    fn with_key_wrap(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that other keys are transported to: RSAES-OAEP
    /// (RFC 8230 3).
    ///
    /// # Errors
    /// If the key is not one, or is of a kind the provider does not do; `then` is not called.
    fn with_key_transport(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that others are derived from.
    ///
    /// # Errors
    /// If the provider derives no keys; `then` is not called.
    fn with_shared_secret(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn SharedSecret),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that agrees on secrets.
    ///
    /// # Errors
    /// If the key is not one, or is of a kind the provider does not do; `then` is not called.
    fn with_key_agreement(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with a fresh private key on `curve`, made from `random`: the ephemeral key
    /// of ECDH-ES (RFC 9053 6.3.1).
    ///
    /// # Errors
    /// If the provider does no key agreement on `curve`; `then` is not called.
    fn with_ephemeral_key(
        &self,
        curve: Curve,
        random: &mut dyn CryptoRng,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let _ = (curve, random, then);
        Err(InvalidKey::Unsupported)
    }
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
