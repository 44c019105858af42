//! A key that counts how often it is asked.

#![allow(dead_code)] // Each test file uses its part.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cose_ext::{
    crypto::{Algorithm, KeyProfile, PublicKey, SignatureVerifier, VerifyError},
    key::{Identity, TrustedKey},
};

pub(crate) struct Counting<V> {
    verifier: V,
    asked: AtomicUsize,
}

impl<V: SignatureVerifier> Counting<V> {
    pub(crate) fn new(verifier: V) -> Self {
        Self { verifier, asked: AtomicUsize::new(0) }
    }

    pub(crate) fn trusted(&self, identity: Identity) -> TrustedKey<'_> {
        TrustedKey::parsed(self, identity)
    }

    /// How often it was asked since the last time that this was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Relaxed)
    }
}

impl<V: SignatureVerifier> SignatureVerifier for Counting<V> {
    fn profile(&self) -> KeyProfile {
        self.verifier.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        self.verifier.with_public_key(then);
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.asked.fetch_add(1, Relaxed);
        self.verifier.verify(algorithm, message, signature)
    }
}
