//! A key that was hashed once.

use super::Thumbprint;
use crate::crypto::{PublicKey, SignatureVerifier};

/// A public key together with its thumbprint, as a [`TrustedKey`](super::TrustedKey) keeps it.
///
/// Invariant: the thumbprint is the one of this key. Only what has hashed the key makes one, so a
/// [`Candidate`](super::Candidate) whose key is replaced loses the thumbprint with it.
#[derive(Clone, Copy, Debug)]
pub struct HashedKey<'a> {
    key: PublicKey<'a>,
    thumbprint: Thumbprint,
}

impl<'a> HashedKey<'a> {
    /// `thumbprint` is the one of `key`.
    pub(super) const fn new(key: PublicKey<'a>, thumbprint: Thumbprint) -> Self {
        Self { key, thumbprint }
    }

    /// Returns the key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey<'a> {
        &self.key
    }

    /// Returns the SHA-256 thumbprint of the key (RFC 9679).
    #[must_use]
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }
}

/// A verifier together with the thumbprint of its key, as a [`TrustedKey`](super::TrustedKey) keeps
/// it.
///
/// Invariant: the thumbprint is the one that whoever enrolled the key says it has.
#[derive(Clone, Copy)]
pub struct HashedVerifier<'a> {
    verifier: &'a dyn SignatureVerifier,
    thumbprint: Thumbprint,
}

impl<'a> HashedVerifier<'a> {
    pub(super) const fn new(verifier: &'a dyn SignatureVerifier, thumbprint: Thumbprint) -> Self {
        Self { verifier, thumbprint }
    }

    /// Returns the verifier.
    #[must_use]
    pub const fn verifier(&self) -> &'a dyn SignatureVerifier {
        self.verifier
    }

    /// Returns the SHA-256 thumbprint of the key (RFC 9679).
    #[must_use]
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }
}
