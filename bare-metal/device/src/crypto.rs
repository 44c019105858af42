//! All the cryptography that this board has: keys that are there already, and one hash function.

use cose_ext::{
    Context,
    crypto::{Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier},
    rustcrypto::Sha256,
};

pub(crate) struct Crypto;

pub(crate) const CONTEXT: Context<'static> = Context::new(&Crypto);

impl Provider for Crypto {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        match algorithm {
            Algorithm::SHA256 => Some(&Sha256),
            _ => None,
        }
    }
}
