//! A provider for which every signature is valid.

use cose_ext::crypto::{
    Algorithm, HashFunction, InvalidKey, KeyProfile, Provider, PublicKey, SignatureVerifier,
    VerifyError,
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
