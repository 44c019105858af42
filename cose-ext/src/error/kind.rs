//! The groups of errors, by whose fault it is.

use super::{Error, Fact, KeyFault, Limit, Misuse, Policy, Unsupported, Verification};
use crate::{
    Rule, cbor,
    crypto::{SecretError, SignError},
};

/// What is wrong, grouped by whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The sender's fault: not well-formed CBOR, or not what the profile accepts.
    Cbor(cbor::ErrorKind),
    /// The sender's fault: well-formed CBOR that the specification excludes.
    Malformed {
        /// The rule that is broken.
        rule: Rule,
        /// What stands there instead, where more is known than the rule.
        fact: Option<Fact>,
    },
    /// The fault of whoever enrolled or brought the key: it is not a key of its type. Nothing is
    /// known about the signature.
    Key(KeyFault),
    /// Valid as far as one can see, but not supported by this build or provider. Nothing is
    /// known about the signature.
    Unsupported(Unsupported),
    /// The message is not what it claims to be.
    Verification(Verification),
    /// Refused by the verifier's own rules; the message may be valid.
    Policy(Policy),
    /// More work than [`Limits`](crate::Limits) allow. What was not looked at may be valid.
    Limit(Limit),
    /// The caller's fault: a call that cannot mean what it says.
    Misuse(Misuse),
    /// The signer did not sign.
    Sign(SignError),
    /// The holder of a secret key, or its provider, did not do what it was asked for.
    Secret(SecretError),
}

impl ErrorKind {
    /// Returns the rule that was enforced.
    pub(super) const fn rule(&self) -> Option<Rule> {
        match self {
            Self::Cbor(kind) => cbor_rule(*kind),
            Self::Malformed { rule, .. } => Some(*rule),
            Self::Key(fault) => Some(fault.rule()),
            Self::Verification(verification) => Some(verification.rule()),
            Self::Policy(policy) => Some(policy.rule()),
            Self::Misuse(misuse) => misuse.rule(),
            Self::Limit(Limit::Candidates) => Some(Rule::BoundedTries),
            Self::Unsupported(_) | Self::Limit(_) | Self::Sign(_) | Self::Secret(_) => None,
        }
    }
}

const fn cbor_rule(kind: cbor::ErrorKind) -> Option<Rule> {
    match kind {
        cbor::ErrorKind::DuplicateKey => Some(Rule::UniqueKeys),
        cbor::ErrorKind::NotPreferred
        | cbor::ErrorKind::KeyOrder
        | cbor::ErrorKind::IndefiniteLength => Some(Rule::Deterministic),
        cbor::ErrorKind::DepthLimit
        | cbor::ErrorKind::ItemLimit
        | cbor::ErrorKind::EntryLimit
        // Where a string is read, it is `Unsupported::ChunkedString` instead.
        | cbor::ErrorKind::IndefiniteString
        | cbor::ErrorKind::UnsupportedKey => None,
        _ => Some(Rule::WellFormed),
    }
}

macro_rules! groups {
    ($($group:ty => $kind:ident,)*) => {
        $(
            impl From<$group> for ErrorKind {
                fn from(group: $group) -> Self {
                    Self::$kind(group)
                }
            }

            impl From<$group> for Error {
                fn from(group: $group) -> Self {
                    Self::new(ErrorKind::$kind(group))
                }
            }
        )*
    };
}

groups! {
    KeyFault => Key,
    Unsupported => Unsupported,
    Verification => Verification,
    Policy => Policy,
    Limit => Limit,
    Misuse => Misuse,
    SignError => Sign,
    SecretError => Secret,
}
