//! A provider as a vendor writes one: against `cose-crypto` alone, for what the device has, which is
//! SHA-256 and ECDSA on P-256. No heap.
//!
//! A crate that stands in for the vendor's driver does the arithmetic. The suite of `cose-crypto` says
//! whether the provider is sound; see `tests/suite.rs`.
#![no_std]
#![forbid(unsafe_code)]

mod engine;
mod key;

use cose_crypto::{Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier};

pub use engine::HashEngine;
pub use key::DeviceKey;

/// What the device does: SHA-256, ES256 and ESP256. It holds no secret keys, so two methods are all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Device;

impl Provider for Device {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        then(&DeviceKey::new(key)?);
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        (algorithm == Algorithm::SHA256).then_some(&HashEngine)
    }
}
