//! Why certificates do not lead to a trust anchor.

use core::fmt;

use super::StatedPurposes;
use crate::Rule;

/// Why certificates do not lead to a trust anchor (RFC 5280 6.1). Of several paths, the fault of
/// the one that came furthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFault {
    /// No trust anchor and no certificate that came along is the issuer.
    UnknownIssuer,
    /// A certificate was not yet valid at the time.
    NotYetValid,
    /// A certificate was no longer valid at the time.
    Expired,
    /// The signature of a certificate is not its issuer's.
    Signature,
    /// An issuer is not a certification authority.
    NotAnAuthority,
    /// A certification authority signed the message itself.
    AuthorityAsEndEntity,
    /// More authorities below one than it allows.
    PathLength,
    /// A name outside of an authority's name constraints.
    NameConstraints,
    /// The key usage does not allow this use of the key.
    KeyUsage,
    /// The extended key usage names other purposes than the verifier accepts: these.
    ExtendedKeyUsage(StatedPurposes),
    /// A critical extension that is not processed.
    CriticalExtension,
    /// A certificate of another version than 3.
    Version,
    /// A certificate that is not DER, or whose parts contradict each other.
    Malformed,
    /// The end entity is not who the issuer's name says that it is.
    OtherEndEntity,
    /// Revoked, distrusted, or refused by a validator for a reason of its own.
    Refused,
}

impl PathFault {
    pub(super) const fn rule(self) -> Rule {
        match self {
            Self::NotYetValid | Self::Expired => Rule::CertificateTime,
            Self::KeyUsage => Rule::CertificateKeyUsage,
            Self::ExtendedKeyUsage(_) => Rule::CertificatePurpose,
            Self::Malformed | Self::Version => Rule::CertificateForm,
            _ => Rule::CertificationPath,
        }
    }
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => "no trust anchor issued the certificate",
            Self::NotYetValid => "a certificate is not yet valid",
            Self::Expired => "a certificate has expired",
            Self::Signature => "a certificate is not signed by its issuer",
            Self::NotAnAuthority => "an issuer is no certification authority",
            Self::AuthorityAsEndEntity => "a certification authority signed the message",
            Self::PathLength => "too many authorities below one",
            Self::NameConstraints => "a name is outside of an authority's constraints",
            Self::KeyUsage => "the key usage of a certificate does not allow this use",
            Self::ExtendedKeyUsage(stated) => {
                return write!(f, "a certificate is for other purposes: {stated}");
            }
            Self::CriticalExtension => "a critical extension is not processed",
            Self::Version => "a certificate is not of version 3",
            Self::OtherEndEntity => "the certificate is not of the issuer that is named",
            Self::Malformed => "a certificate is malformed",
            Self::Refused => "a certificate was refused",
        })
    }
}
