//! A provider that counts what it is asked for.

#![allow(dead_code)] // Each test file uses its part.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cose_ext::{
    crypto::{
        Algorithm, Feed, HashFunction, HashValue, Interrupted, InvalidKey, KeyProfile, Provider,
        PublicKey, SignatureVerifier, VerifyError,
    },
    rustcrypto::{RustCrypto, Sha256},
};

/// Counts the signatures that are checked, and the bytes that are hashed outside of a check.
#[derive(Default)]
pub(crate) struct Metered {
    checks: AtomicUsize,
    sha256: CountedSha256,
}

#[derive(Default)]
struct CountedSha256 {
    bytes: AtomicUsize,
}

struct Counted<'c> {
    verifier: &'c dyn SignatureVerifier,
    checks: &'c AtomicUsize,
}

impl Metered {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn checks(&self) -> usize {
        self.checks.load(Relaxed)
    }

    pub(crate) fn hashed(&self) -> usize {
        self.sha256.bytes.load(Relaxed)
    }
}

impl Provider for Metered {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        RustCrypto.with_verifier(key, &mut |verifier| {
            then(&Counted { verifier, checks: &self.checks });
        })
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        (algorithm == Algorithm::SHA256).then_some(&self.sha256)
    }
}

impl HashFunction for CountedSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        self.bytes.fetch_add(message.iter().map(|part| part.len()).sum(), Relaxed);
        Sha256.hash(message)
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        Sha256.hash_stream(&mut |sink| {
            feed(&mut |piece| {
                self.bytes.fetch_add(piece.len(), Relaxed);
                sink(piece);
            })
        })
    }
}

impl SignatureVerifier for Counted<'_> {
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
        self.checks.fetch_add(1, Relaxed);
        self.verifier.verify(algorithm, message, signature)
    }
}
