//! Which keys may have signed a message: the trust store's side of a verification.

use core::ops::ControlFlow;

use super::{HashedKey, HashedVerifier, Identity, KeyHint, KeyOrigin, Thumbprint};
use crate::{
    Context, Error, Notes,
    crypto::{PublicKey, SignatureVerifier},
};

/// One key that a resolver offers for a message.
#[derive(Clone, Copy)]
pub struct Candidate<'c> {
    /// The key.
    pub key: CandidateKey<'c>,
    /// Who it is, should it verify.
    pub identity: Identity,
    /// The only issuer that it speaks for. Messages that claim another are not tried with it; with
    /// `None` nobody compares what a message claims.
    pub issuer: Option<&'c str>,
    /// Whether the message named this very key: by kid, thumbprint, `x5t`, issuer or certification
    /// path. Only then a signature that is wrong under it makes the message broken.
    pub named: bool,
    /// How the trust store came to trust it.
    pub origin: KeyOrigin,
    /// What the trust store accepted leniently on the way to it.
    pub notes: Notes,
}

/// The key of a [`Candidate`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum CandidateKey<'c> {
    /// As data: the provider of the call uses it.
    Data(PublicKey<'c>),
    /// As data that was hashed when it was enrolled: it is not hashed again when it has verified.
    Hashed(&'c HashedKey<'c>),
    /// Parsed, or in a device.
    Verifier(&'c dyn SignatureVerifier),
    /// Parsed, or in a device, and enrolled with its thumbprint: it is not hashed when it has
    /// verified.
    HashedVerifier(HashedVerifier<'c>),
    /// A key that the hints lead to but that cannot verify, and the reason.
    Unusable(Error),
}

impl<'c> Candidate<'c> {
    /// Returns a candidate that says why a key to which the hints lead cannot be used.
    #[must_use]
    pub const fn unusable(error: Error) -> Self {
        let identity = Identity::new([0; 32]);
        let (key, origin) = (CandidateKey::Unusable(error), KeyOrigin::Enrolled);
        Self { key, identity, issuer: None, named: true, origin, notes: Notes::NOTHING }
    }

    /// Returns the candidate as one that speaks for `issuer` only.
    #[must_use]
    pub const fn for_issuer(mut self, issuer: &'c str) -> Self {
        self.issuer = Some(issuer);
        self
    }
}

/// Finds the trusted keys that a message may have been signed with.
///
/// A trust store belongs into a service's threads, so it is `Send` and `Sync`.
pub trait KeyResolver: Send + Sync {
    /// Calls `each` with every key that `hint` leads to, until told to stop. Keys that are data are
    /// read and hashed by the provider of `context`.
    ///
    /// Several keys may answer to one kid; all are offered. The caller tries a bounded number
    /// ([`Limits::candidates`](crate::Limits::candidates)).
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    );

    /// Returns the thumbprint of a key that it offered, which has verified and was not enrolled
    /// with one; `None` where the key does not tell. The default hashes the key.
    ///
    /// A resolver whose keys are all enrolled with their thumbprints ([`HashedVerifier`] is one) is
    /// never asked: one that answers `None` keeps what hashes keys out of a small program.
    fn thumbprint(
        &self,
        verifier: &dyn SignatureVerifier,
        context: &Context<'_>,
    ) -> Option<Thumbprint> {
        let mut thumbprint = None;
        verifier
            .with_public_key(&mut |key| thumbprint = Thumbprint::of(key, context.provider).ok());
        thumbprint
    }
}

impl<R: KeyResolver + ?Sized> KeyResolver for &R {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        (**self).candidates(hint, context, each);
    }

    fn thumbprint(
        &self,
        verifier: &dyn SignatureVerifier,
        context: &Context<'_>,
    ) -> Option<Thumbprint> {
        (**self).thumbprint(verifier, context)
    }
}
