//! A provider for which every signature is valid, and a signer for it.

use cose_ext::crypto::{
    Algorithm, Feed, HashFunction, InvalidKey, KeyProfile, Provider, PublicKey, SignError,
    SignatureVerifier, Signer, VerifyError,
};
use cose_ext::rustcrypto::RustCrypto;

/// Takes every signature for a valid one, of any length, by any algorithm, with any key. Its hash functions are real.
#[derive(Clone, Copy, Debug)]
pub struct AcceptAll;

impl Provider for AcceptAll {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        then(&AnyKey(*key));
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        RustCrypto.hash_function(algorithm)
    }
}

/// Takes a signature for a valid one if its last byte is even: of several signatures some are good.
#[derive(Clone, Copy, Debug)]
pub struct AcceptEven;

impl Provider for AcceptEven {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        then(&EvenKey(*key));
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        RustCrypto.hash_function(algorithm)
    }
}

impl AcceptEven {
    /// Tells whether this provider takes the signature.
    #[must_use]
    pub fn takes(signature: &[u8]) -> bool {
        signature.last().is_some_and(|last| last % 2 == 0)
    }
}

struct EvenKey<'k>(PublicKey<'k>);

impl SignatureVerifier for EvenKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.0);
    }

    fn verify(&self, _: Algorithm, _: &[&[u8]], signature: &[u8]) -> Result<(), VerifyError> {
        if AcceptEven::takes(signature) { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        feed(&mut |_| {})?;
        self.verify(algorithm, &[], signature)
    }
}

struct AnyKey<'k>(PublicKey<'k>);

impl SignatureVerifier for AnyKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.0);
    }

    fn verify(&self, _: Algorithm, _: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        Ok(())
    }
}

/// Signs everything, by the algorithm that it is given, with the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct AnySigner(pub Algorithm);

impl Signer for AnySigner {
    fn algorithm(&self) -> Algorithm {
        self.0
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, _: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        let signature = signature.get_mut(..64).ok_or(SignError::Device)?;
        signature.fill(0x81);
        Ok(64)
    }
}
