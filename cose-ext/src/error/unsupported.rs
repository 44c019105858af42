//! What is valid and not done here.

use core::fmt;

use super::{
    KeyKind, PemLabel,
    feature::{missing_feature, missing_hash_feature},
};
use crate::crypto::{Algorithm, KeyProfile};

/// What this build or provider does not do. The input may be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// No provider or key that was given does this algorithm.
    Algorithm(Algorithm),
    /// The algorithm is named by text, or by a number beyond 64 bits signed.
    AlgorithmName,
    /// The provider does not have this hash function, or the number names no hash function.
    Hash(Algorithm),
    /// The provider does not do this kind of key.
    Key(KeyKind),
    /// A byte or text string in chunks (RFC 8949 3.2.3), where one slice is handed out. It is
    /// valid.
    ChunkedString,
    /// A key type, curve or key format that this build does not read.
    KeyFormat,
    /// A key of RSASSA-PSS that is bound to another hash than SHA-256, SHA-384 or SHA-512: SHA-1,
    /// where it names none (RFC 4055 3.1).
    PssHash,
    /// A key of RSASSA-PSS whose mask is not MGF1 with the key's own hash, as COSE has it (RFC 8230
    /// 2): MGF1 with SHA-1, where it names none.
    PssMask,
    /// A key of RSASSA-PSS that asks for a longer salt than the hash, which is what COSE has.
    PssSalt,
    /// A PEM block that holds no key, or one in a form that is not read here.
    PemLabel(PemLabel),
    /// A certificate is signed by an algorithm that the validator or its provider does not do.
    CertificateSignature,
}

impl Unsupported {
    /// Makes the fault of a kind of key that the provider does not do.
    #[must_use]
    pub const fn key(key: &KeyProfile) -> Self {
        Self::Key(KeyKind::of(key))
    }

    /// Writes which feature of this crate would bring what is missing, if one would.
    fn name_feature(f: &mut fmt::Formatter<'_>, feature: Option<&str>) -> fmt::Result {
        match feature {
            Some(feature) => write!(f, ", which feature `{feature}` of cose-ext brings"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Algorithm(algorithm) => {
                write!(f, "no provider or key here does algorithm {algorithm}")?;
                Self::name_feature(f, missing_feature(algorithm))
            }
            Self::AlgorithmName => f.write_str("the algorithm is not a registered number"),
            Self::Hash(algorithm) => {
                write!(f, "the provider has no hash function {algorithm}")?;
                Self::name_feature(f, missing_hash_feature(algorithm))
            }
            Self::Key(key) => write!(f, "the provider does no keys of type {key}"),
            Self::ChunkedString => {
                f.write_str("a string comes in chunks, and only strings of one piece are read here")
            }
            Self::KeyFormat => {
                f.write_str("this build reads no keys of that type, curve or format")
            }
            Self::PssHash => f.write_str(
                "the RSASSA-PSS key is for another hash than SHA-256, SHA-384 or SHA-512",
            ),
            Self::PssMask => f.write_str(
                "the RSASSA-PSS key masks by another function than MGF1 with its own hash",
            ),
            Self::PssSalt => {
                f.write_str("the RSASSA-PSS key asks for a salt that is longer than its hash")
            }
            Self::PemLabel(label) => {
                write!(f, "a PEM block {label} holds no key that is read here")
            }
            Self::CertificateSignature => {
                f.write_str("a certificate is signed by an algorithm that is not done here")
            }
        }
    }
}
