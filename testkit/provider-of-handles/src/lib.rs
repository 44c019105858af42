//! A provider whose keys stay behind handles, in the shape of the PSA Crypto API: what a device with a secure
//! service has. Written against `cose-crypto` alone; no heap.
//!
//! A verifier imports its public key for as long as it is asked, and destroys it when it ends; a signer names a key that
//! the service holds, whose secret never leaves it. The service itself is a trait, [`Psa`], that a port implements over the
//! functions of the same names.
#![no_std]
#![forbid(unsafe_code)]

mod hash;
mod psa;
mod signer;
mod verifier;

use cose_crypto::{Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier};

pub use hash::ServiceHash;
pub use psa::{HashOperation, KeyId, KeyUse, Psa, Status};
pub use signer::HandleSigner;
pub use verifier::HandleVerifier;

/// What the service does: SHA-256, and ES256 and ESP256 on P-256.
#[derive(Clone, Copy, Debug)]
pub struct Service<P> {
    hash: ServiceHash<P>,
}

impl<P: Psa + Copy> Service<P> {
    /// Takes a reference to the service, or whatever is as cheap to copy.
    pub const fn new(psa: P) -> Self {
        Self { hash: ServiceHash::new(psa) }
    }
}

impl<P: Psa + Copy> Provider for Service<P> {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        then(&HandleVerifier::import(self.hash, key)?);
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        (algorithm == Algorithm::SHA256).then_some(&self.hash)
    }
}
