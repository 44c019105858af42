//! A signer without a key, and a provider to which its signatures are good, and no others.

use cose_ext::crypto::{
    Algorithm, HashFunction, InvalidKey, KeyProfile, Provider, PublicKey, SignError,
    SignatureVerifier, Signer, VerifyError,
};
use cose_ext::rustcrypto::{RustCrypto, Sha256};

/// Signs with the SHA-256 of the message, as often as it fits into a signature of the algorithm.
#[derive(Clone, Copy, Debug)]
pub struct Nobody(pub Algorithm);

impl Signer for Nobody {
    fn algorithm(&self) -> Algorithm {
        self.0
    }

    fn signature_len(&self) -> usize {
        match self.0 {
            Algorithm::ML_DSA_44 => 2420,
            Algorithm::ES384 | Algorithm::ESP384 => 96,
            _ => 64,
        }
    }

    fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, SignError> {
        let signature = out.get_mut(..self.signature_len()).ok_or(SignError::Device)?;
        let digest = Sha256.hash(message);
        for (byte, digest) in signature.iter_mut().zip(digest.as_ref().iter().cycle()) {
            *byte = *digest;
        }
        Ok(self.signature_len())
    }
}

/// Takes the signatures of [`Nobody`] over that message, by any key: what was changed after it was signed is refused.
#[derive(Clone, Copy, Debug)]
pub struct AcceptNobody;

impl Provider for AcceptNobody {
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

struct AnyKey<'k>(PublicKey<'k>);

impl SignatureVerifier for AnyKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.0);
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], signature: &[u8]) -> Result<(), VerifyError> {
        match signature.starts_with(Sha256.hash(message).as_ref()) {
            true => Ok(()),
            false => Err(VerifyError::InvalidSignature),
        }
    }
}
