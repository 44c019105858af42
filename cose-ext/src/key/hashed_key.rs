//! A key that was hashed once.

use core::{fmt, ops::ControlFlow};

use super::{Candidate, CandidateKey, KeyHint, KeyOrigin, KeyResolver, Thumbprint};
use crate::{
    Context, Notes,
    crypto::{PublicKey, SignatureVerifier},
};

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
/// it. Alone it is the trust store of a device with one key: it answers to every message, and the
/// message names it where the kid is the thumbprint (RFC 9679).
///
/// Invariant: the thumbprint is the one that whoever enrolled the key says it has.
#[derive(Clone, Copy)]
pub struct HashedVerifier<'a> {
    verifier: &'a dyn SignatureVerifier,
    thumbprint: Thumbprint,
}

impl<'a> HashedVerifier<'a> {
    /// Trusts a key that is parsed, or lives in a device, and whose thumbprint is kept beside it.
    /// Nobody compares the two: see [`TrustedKey::hashed`](super::TrustedKey::hashed).
    #[must_use]
    pub const fn new(verifier: &'a dyn SignatureVerifier, thumbprint: Thumbprint) -> Self {
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

impl KeyResolver for HashedVerifier<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let is_named = hint.key_id() == Some(self.thumbprint.as_bytes().as_slice());
        // There are no more, so it does not matter whether more are wanted.
        let _ = each(Candidate {
            key: CandidateKey::HashedVerifier(*self),
            identity: self.thumbprint.into(),
            issuer: None,
            named: is_named,
            origin: KeyOrigin::Enrolled,
            notes: Notes::NOTHING,
        });
    }

    fn thumbprint(&self, _: &dyn SignatureVerifier, _: &Context<'_>) -> Option<Thumbprint> {
        None
    }
}

impl fmt::Debug for HashedVerifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HashedVerifier")
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}
