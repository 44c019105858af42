//! A key that counts how often it is asked.

#![allow(dead_code)] // Each test file uses its part.

use std::cell::Cell;

use cose_ext::{
    crypto::{Algorithm, KeyProfile, SignatureVerifier, VerifyError},
    key::{Identity, TrustedKey},
};

pub(crate) struct Counting<V> {
    verifier: V,
    asked: Cell<usize>,
}

impl<V: SignatureVerifier> Counting<V> {
    pub(crate) fn new(verifier: V) -> Self {
        Self { verifier, asked: Cell::new(0) }
    }

    pub(crate) fn trusted(&self, identity: Identity) -> TrustedKey<'_> {
        TrustedKey::parsed(self, identity)
    }

    /// How often it was asked since the last time that this was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.take()
    }
}

impl<V: SignatureVerifier> SignatureVerifier for Counting<V> {
    fn profile(&self) -> KeyProfile {
        self.verifier.profile()
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.asked.set(self.asked.get() + 1);
        self.verifier.verify(algorithm, message, signature)
    }
}
