//! What the verifier's own rules refuse.

use core::fmt;

use super::{KeyKind, OutOfForce, PathFault};
use crate::{
    Rule,
    crypto::{Algorithm, KeyProfile, KeyType},
};

/// Why the verifier does not accept a message that may be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Policy {
    /// No trusted key answers to the message, or only keys that the message did not name were
    /// tried, and none of them verified. Nothing is known about the signature.
    NotEnrolled {
        /// How many keys that the message did not name were tried.
        tried: usize,
    },
    /// The key that answers to the message is enrolled for another issuer than the message claims.
    OtherIssuer,
    /// The message claims no issuer, and the call asks who issued it.
    IssuerNotClaimed,
    /// The protected header and the payload claim different issuers.
    IssuerDisagrees,
    /// The keys found may not be used with the algorithm of the message.
    KeyNotPermitted {
        /// The algorithm of the message.
        algorithm: Algorithm,
        /// The last key that was refused.
        key: KeyKind,
    },
    /// The key states an algorithm that is not the message's.
    KeyAlgorithm {
        /// The algorithm of the message.
        algorithm: Algorithm,
        /// The algorithm that the last key that was refused states.
        stated: Option<Algorithm>,
    },
    /// The AKP key states an algorithm that is not the message's, or none.
    AkpAlgorithm {
        /// The algorithm of the message.
        algorithm: Algorithm,
        /// The algorithm that the last key that was refused states.
        stated: Option<Algorithm>,
    },
    /// The key states its operations, and this one is not among them.
    KeyOperations,
    /// The message names an algorithm, and the call says that it is implied; the offset is that of
    /// the parameter.
    AlgorithmNamed,
    /// The message names no algorithm and leaves it to the key, and the key states none.
    AlgorithmNotStated,
    /// The policy for a COSE_Sign asks for no signature at all.
    NoSignaturesNeeded,
    /// Nobody in particular vouches for the message: its sender brought an ephemeral key, or
    /// several recipients know the content key.
    Unattributed,
    /// The static key of the sender is not a trusted one.
    SenderNotTrusted,
    /// A cipher that authenticates nothing, in a call that promises more.
    UnauthenticatedCipher(Algorithm),
    /// The key is of a type that verifies no signatures.
    NotAPublicKey,
    /// `crit` names a label that this call does not process; the offset is that of the label.
    CriticalNotProcessed,
    /// A date wrapped in tag 1, under a profile that refuses it; the offset is that of the date.
    TaggedDate,
    /// At or after `exp`; the offset is that of the date.
    Expired,
    /// Before `nbf`; the offset is that of the date.
    NotYetValid,
    /// `aud` names another; the offset is that of the claim.
    OtherAudience,
    /// The certificates lead to no trust anchor, or may not be used for this.
    CertificationPath(PathFault),
    /// `x5t` is not the digest of the first certificate of `x5chain`.
    OtherCertificate,
    /// A name was to be taken from a certificate that the signature does not cover, or has none.
    UnprotectedCertificate,
    /// The key that answers to the message is not in force, as the trust store says.
    KeyNotInForce(OutOfForce),
    /// The authority of a timestamp is not trusted, or did not sign it.
    TimestampAuthority,
    /// A hash that is fit for filtering only was used to identify or protect something.
    FilterOnlyHash(Algorithm),
}

impl Policy {
    /// Makes the refusal of `key`, which the algorithm policy does not permit with `algorithm`.
    #[must_use]
    pub const fn key_not_permitted(algorithm: Algorithm, key: &KeyProfile) -> Self {
        Self::KeyNotPermitted { algorithm, key: KeyKind::of(key) }
    }

    /// Makes the refusal of `key`, which states another algorithm than `algorithm`, or none.
    #[must_use]
    pub const fn key_algorithm(algorithm: Algorithm, key: &KeyProfile) -> Self {
        let stated = key.algorithm;
        match key.key_type {
            KeyType::AKP => Self::AkpAlgorithm { algorithm, stated },
            _ => Self::KeyAlgorithm { algorithm, stated },
        }
    }

    pub(super) const fn rule(&self) -> Rule {
        match self {
            Self::NotEnrolled { .. } => Rule::Enrolled,
            Self::OtherIssuer => Rule::IssuerOfKey,
            Self::IssuerNotClaimed => Rule::IssuerClaimed,
            Self::IssuerDisagrees => Rule::ClaimsAgree,
            Self::KeyNotPermitted { .. } => Rule::KeyPermitted,
            Self::AkpAlgorithm { .. } => Rule::AkpAlgorithm,
            Self::KeyAlgorithm { .. } => Rule::KeyAlgorithm,
            Self::KeyOperations => Rule::KeyOperations,
            Self::NotAPublicKey => Rule::PublicKeyOnly,
            Self::AlgorithmNamed | Self::AlgorithmNotStated => Rule::AlgorithmPresent,
            Self::NoSignaturesNeeded => Rule::SignPolicy,
            Self::Unattributed => Rule::Attribution,
            Self::SenderNotTrusted => Rule::SenderKey,
            Self::UnauthenticatedCipher(_) => Rule::Unauthenticated,
            Self::CriticalNotProcessed => Rule::CritProcessed,
            Self::TaggedDate => Rule::DateUntagged,
            Self::Expired => Rule::ExpirationTime,
            Self::NotYetValid => Rule::NotBefore,
            Self::OtherAudience => Rule::Audience,
            Self::CertificationPath(fault) => fault.rule(),
            Self::OtherCertificate => Rule::X5tMatches,
            Self::UnprotectedCertificate => Rule::CertificateProtected,
            Self::KeyNotInForce(_) => Rule::KeyInForce,
            Self::TimestampAuthority => Rule::TimestampAuthority,
            Self::FilterOnlyHash(_) => Rule::X5tIdentifies,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotEnrolled { tried: 0 } => f.write_str("no trusted key answers to the message"),
            Self::NotEnrolled { tried } => {
                write!(
                    f,
                    "the message names no trusted key, and none of {tried} others verifies it"
                )
            }
            Self::OtherIssuer => f.write_str("the key is enrolled for another issuer"),
            Self::IssuerNotClaimed => f.write_str("the message claims no issuer"),
            Self::IssuerDisagrees => {
                f.write_str("the protected header and the payload claim different issuers")
            }
            Self::KeyNotPermitted { algorithm, key } => {
                write!(f, "a key of type {key} may not be used with {algorithm}")
            }
            Self::KeyAlgorithm { algorithm, stated: Some(stated) }
            | Self::AkpAlgorithm { algorithm, stated: Some(stated) } => {
                write!(f, "a key for {stated} is used with {algorithm}")
            }
            Self::KeyAlgorithm { algorithm, stated: None }
            | Self::AkpAlgorithm { algorithm, stated: None } => {
                write!(f, "a key that states no algorithm is used with {algorithm}")
            }
            Self::KeyOperations => f.write_str("the key is not for this operation"),
            Self::AlgorithmNamed => {
                f.write_str("the message names an algorithm where it was said to be implied")
            }
            Self::AlgorithmNotStated => {
                f.write_str("neither the message nor the key says which algorithm it is")
            }
            Self::NoSignaturesNeeded => f.write_str("the policy asks for no signature"),
            Self::Unattributed => f.write_str("nobody in particular vouches for the message"),
            Self::SenderNotTrusted => f.write_str("the key of the sender is not trusted"),
            Self::UnauthenticatedCipher(algorithm) => {
                write!(f, "{algorithm} does not authenticate what it encrypts")
            }
            Self::NotAPublicKey => f.write_str("the key is not a public key"),
            Self::CriticalNotProcessed => f.write_str("crit names a label that is not processed"),
            Self::TaggedDate => f.write_str("a date is wrapped in tag 1"),
            Self::Expired => f.write_str("the claims have expired"),
            Self::NotYetValid => f.write_str("the claims are not yet valid"),
            Self::OtherAudience => f.write_str("the audience is another"),
            Self::CertificationPath(fault) => fmt::Display::fmt(&fault, f),
            Self::OtherCertificate => {
                f.write_str("x5t is not the digest of the first certificate of x5chain")
            }
            Self::UnprotectedCertificate => {
                f.write_str("the signature covers no certificate that states this name")
            }
            Self::KeyNotInForce(why) => fmt::Display::fmt(&why, f),
            Self::TimestampAuthority => f.write_str("no trusted authority signed the timestamp"),
            Self::FilterOnlyHash(algorithm) => {
                write!(f, "{algorithm} is too weak to identify or protect")
            }
        }
    }
}
