//! Keys that accept everything: what is left is the time of all but the signature.

use std::hint::black_box;

use cose_ext::crypto::{
    Algorithm, KeyProfile, PublicKey, SignError, SignatureVerifier, Signer, VerifyError,
};

/// Takes any signature of a key, and makes one of zeros.
#[derive(Debug)]
pub struct Null<'k>(PublicKey<'k>);

impl<'k> Null<'k> {
    /// Returns a verifier and signer for what names this key.
    pub fn new(key: impl Into<PublicKey<'k>>) -> Self {
        Self(key.into())
    }
}

impl SignatureVerifier for Null<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.0);
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        black_box(message);
        Ok(())
    }
}

impl Signer for Null<'_> {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ESP256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        black_box(message);
        signature.get_mut(..64).ok_or(SignError::Device)?.fill(0);
        Ok(64)
    }
}
