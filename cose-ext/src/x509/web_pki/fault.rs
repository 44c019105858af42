//! What the errors of `rustls-webpki` mean.

use webpki::Error as Found;

use super::Budget;
use crate::{
    Error,
    error::{Limit, PathFault, Policy, Unsupported},
};

/// What the check of key usage answers with: an error of revocation lists, of which there are none.
pub(super) const KEY_USAGE: Found = Found::IssuerNotCrlSigner;

/// What the check of purposes answers with. Its successor holds a list on the heap, if there is
/// one.
#[allow(deprecated)]
pub(super) const PURPOSE: Found = Found::RequiredEkuNotFound;

/// What ends a search at once, unlike errors of one certificate.
pub(super) const SPENT: Found = Found::MaximumPathBuildCallsExceeded;

pub(super) fn error(found: &Found, budget: &Budget<'_>) -> Error {
    if budget.is_spent() {
        return Error::from(Limit::CertificationPath);
    }
    let fault = match found {
        Found::UnknownIssuer => PathFault::UnknownIssuer,
        Found::CertNotValidYet { .. } => PathFault::NotYetValid,
        Found::CertExpired { .. } => PathFault::Expired,
        Found::InvalidSignatureForPublicKey if !budget.met_unsupported() => PathFault::Signature,
        Found::InvalidSignatureForPublicKey
        | Found::UnsupportedSignatureAlgorithmContext(_)
        | Found::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            return Error::from(Unsupported::CertificateSignature);
        }
        Found::EndEntityUsedAsCa => PathFault::NotAnAuthority,
        Found::CaUsedAsEndEntity => PathFault::AuthorityAsEndEntity,
        Found::PathLenConstraintViolated | Found::MaximumPathDepthExceeded => PathFault::PathLength,
        Found::NameConstraintViolation => PathFault::NameConstraints,
        found if *found == KEY_USAGE => PathFault::KeyUsage,
        found if *found == PURPOSE => PathFault::ExtendedKeyUsage(budget.stated_purposes()),
        Found::UnsupportedCriticalExtension => PathFault::CriticalExtension,
        Found::UnsupportedCertVersion => PathFault::Version,
        Found::MaximumSignatureChecksExceeded
        | Found::MaximumPathBuildCallsExceeded
        | Found::MaximumNameConstraintComparisonsExceeded => {
            return Error::from(Limit::CertificationPath);
        }
        Found::BadDer
        | Found::BadDerTime
        | Found::EmptyEkuExtension
        | Found::ExtensionValueInvalid
        | Found::InvalidCertValidity
        | Found::InvalidNetworkMaskConstraint
        | Found::InvalidSerialNumber
        | Found::MalformedDnsIdentifier
        | Found::MalformedExtensions
        | Found::MalformedNameConstraint
        | Found::SignatureAlgorithmMismatch
        | Found::TrailingData(_) => PathFault::Malformed,
        _ => PathFault::Refused,
    };
    Error::from(Policy::CertificationPath(fault))
}
