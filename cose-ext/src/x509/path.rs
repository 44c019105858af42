//! What a certification path is asked for, and what is found.

use core::fmt;

use super::Certificate;
use crate::{
    Context, Error, Limits,
    cwt::Time,
    error::{ErrorKind, PathFault, Policy},
};

/// Certificates of a message are malformed in a message that is not: no byte of it is named.
pub(super) const MALFORMED: Error =
    Error::new(ErrorKind::Policy(Policy::CertificationPath(PathFault::Malformed)));

/// A key and a name that the verifier trusts to issue certificates (RFC 5280 6.1.1), given as a
/// certificate. Validity and signature of that certificate are not looked at: it is trusted because
/// the caller says so, for as long as the caller says so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TrustAnchor<'a> {
    certificate: Certificate<'a>,
}

impl<'a> TrustAnchor<'a> {
    /// Trusts what the certificate in `der` says. Never give it a certificate that came with a
    /// message.
    ///
    /// # Errors
    ///
    /// If it is not a certificate.
    pub fn new(der: &'a [u8]) -> Result<Self, Error> {
        Ok(Self { certificate: Certificate::decode(der)? })
    }

    /// Returns the certificate that the anchor was made from.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate<'a> {
        &self.certificate
    }
}

impl fmt::Debug for TrustAnchor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustAnchor({:?})", self.certificate)
    }
}

/// What a validator is asked: the certificate, who may help, who is trusted, and when.
#[derive(Clone, Copy, Debug)]
pub struct PathRequest<'c, 'r> {
    /// The certificate of whoever signed the message, DER, untrusted.
    pub end_entity: &'c [u8],
    /// Certificates that may help, DER, untrusted, in no order.
    pub intermediates: &'r [&'c [u8]],
    /// Whom the verifier trusts.
    pub anchors: &'r [TrustAnchor<'r>],
    /// When the path has to be valid: usually now. Without one, validity is not checked.
    pub time: Option<Time>,
    /// How much work it may be.
    pub limits: Limits,
}

/// Finds a path from an end entity's certificate to a trust anchor, and checks it as RFC 5280 6.1
/// says. Object safe: a platform's own store can take the place of the default.
pub trait PathValidator: Send + Sync {
    /// Validates a path for `request`, with the provider of `context`. What comes back is
    /// `request.end_entity`, read.
    ///
    /// # Errors
    ///
    /// `Policy` with a [`PathFault`](crate::error::PathFault); `Unsupported` if a signature could
    /// not be evaluated; `Limit`.
    fn validate<'c>(
        &self,
        request: &PathRequest<'c, '_>,
        context: &Context<'_>,
    ) -> Result<ValidatedPath<'c>, Error>;
}

/// Whether a path was valid at a time that the caller gave.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ValidityCheck {
    /// At this time.
    At(Time),
    /// No time was given: the certificates were valid together at some moment, which may be long
    /// gone, or yet to come.
    NotChecked,
}

impl ValidityCheck {
    /// Returns the second at which the path was valid, rounded down; `None` where none was given.
    #[must_use]
    pub fn second(self) -> Option<i64> {
        match self {
            Self::At(time) => Some(time.floor()),
            Self::NotChecked => None,
        }
    }
}

/// A path that a [`PathValidator`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValidatedPath<'c> {
    end_entity: Certificate<'c>,
    anchor: usize,
    validity: ValidityCheck,
}

impl<'c> ValidatedPath<'c> {
    /// Makes the result of a validator: the end entity, and the index of the anchor in the request.
    #[must_use]
    pub const fn new(end_entity: Certificate<'c>, anchor: usize, validity: ValidityCheck) -> Self {
        Self { end_entity, anchor, validity }
    }

    /// Returns the certificate of the end entity.
    #[must_use]
    pub const fn end_entity(&self) -> &Certificate<'c> {
        &self.end_entity
    }

    /// Returns which anchor the path leads to, by its index in [`PathRequest::anchors`].
    #[must_use]
    pub const fn anchor(&self) -> usize {
        self.anchor
    }

    /// Returns whether validity was checked, and for which time. Revocation is never checked.
    ///
    /// Revocation never is.
    #[must_use]
    pub const fn validity(&self) -> ValidityCheck {
        self.validity
    }
}
