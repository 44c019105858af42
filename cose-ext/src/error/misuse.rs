//! Calls that cannot mean what they say.

use core::fmt;

use super::Error;
use crate::{
    Rule,
    crypto::{Algorithm, BufferTooShort},
};

/// What the caller has to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// A detached payload was given for a message that embeds its own.
    PayloadIsEmbedded,
    /// The message has no payload, and none was given.
    PayloadIsDetached,
    /// The digest is by another hash function than the one that was given.
    OtherHash {
        /// The algorithm of the digest.
        digest: Algorithm,
        /// The algorithm of the function.
        function: Algorithm,
    },
    /// A digest that was computed elsewhere has another length than its algorithm gives.
    OtherDigestLength {
        /// What the algorithm gives, in bytes.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A policy for a COSE_Sign names more keys than are kept apart.
    TooManySigners,
    /// An authenticated cipher, in a call for ciphers that authenticate nothing.
    AuthenticatedCipher(Algorithm),
    /// The buffer is too short for what is to be written into it, and what is needed to get there.
    BufferTooShort(BufferTooShort),
    /// A message was written for another algorithm than the signer's.
    OtherAlgorithm {
        /// The algorithm that the header names.
        header: Algorithm,
        /// The algorithm of the signer.
        signer: Algorithm,
    },
    /// There is no signature or recipient of this index.
    NoSuchLayer,
    /// A time that is infinite, or not a number.
    NotATime,
    /// Facts that were read out of the header of another message.
    OtherHeader,
    /// What is to be written would break this rule.
    Builder(Rule),
}

impl Misuse {
    pub(super) const fn rule(&self) -> Option<Rule> {
        match self {
            Self::PayloadIsEmbedded | Self::PayloadIsDetached => Some(Rule::PayloadNamed),
            Self::Builder(rule) => Some(*rule),
            _ => None,
        }
    }
}

impl From<BufferTooShort> for Error {
    fn from(error: BufferTooShort) -> Self {
        Misuse::BufferTooShort(error).into()
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::PayloadIsEmbedded => {
                f.write_str("a detached payload was given, the message embeds its own")
            }
            Self::PayloadIsDetached => {
                f.write_str("an embedded payload was asked for, the message has none")
            }
            Self::OtherHash { digest, function } => {
                write!(f, "a {digest} digest cannot be checked with {function}")
            }
            Self::OtherDigestLength { expected, found } => {
                write!(f, "a digest of {found} bytes was given where the hash gives {expected}")
            }
            Self::TooManySigners => f.write_str("the policy names too many keys"),
            Self::AuthenticatedCipher(algorithm) => {
                write!(
                    f,
                    "{algorithm} is authenticated: call `decrypt`, not `decrypt_unauthenticated`"
                )
            }
            Self::BufferTooShort(error) => fmt::Display::fmt(&error, f),
            Self::OtherAlgorithm { header, signer } => {
                write!(f, "the header names {header}, the signer does {signer}")
            }
            Self::NoSuchLayer => f.write_str("there is no layer of this index"),
            Self::NotATime => f.write_str("the time is not a finite number"),
            Self::OtherHeader => f.write_str("the facts were read out of another header"),
            Self::Builder(rule) => write!(f, "this cannot be written: {}", rule.broken()),
        }
    }
}
