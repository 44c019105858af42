//! What is not what it claims to be.

use core::fmt;

use crate::Rule;

/// Why a message is not what it claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// The signature is not one of this message under any of the keys that were tried.
    InvalidSignature {
        /// How many keys were tried.
        tried: usize,
    },
    /// The countersignature is not one of this target under any of the keys that were tried.
    InvalidCountersignature {
        /// How many keys were tried.
        tried: usize,
    },
    /// The tag is not one of this message under any of the keys that were tried.
    InvalidMac {
        /// How many keys were tried.
        tried: usize,
    },
    /// None of the keys that were tried opens the message, or it was changed.
    NotDecrypted {
        /// How many keys were tried.
        tried: usize,
    },
    /// The signatures that verify do not meet the policy for the COSE_Sign.
    SignPolicy {
        /// How many signatures, or different keys, the policy needs.
        needed: usize,
        /// How many there were.
        found: usize,
    },
    /// Two messages that should vouch for one value vouch for different ones.
    OtherValue,
    /// The bytes do not have the digest that was signed.
    DigestMismatch,
    /// A digest does not have the length of its hash.
    DigestLength {
        /// What the algorithm gives, in bytes.
        expected: usize,
        /// What stands there.
        found: usize,
    },
    /// The message imprint of a timestamp does not match the message.
    TimestampImprint,
    /// A detached payload could not be read to its end.
    Interrupted,
}

impl Verification {
    pub(super) const fn rule(&self) -> Rule {
        match self {
            Self::InvalidSignature { .. } | Self::Interrupted => Rule::Signature,
            Self::InvalidCountersignature { .. } => Rule::Countersignature,
            Self::InvalidMac { .. } => Rule::MacTag,
            Self::NotDecrypted { .. } => Rule::DecryptedAfterTag,
            Self::SignPolicy { .. } | Self::OtherValue => Rule::SignPolicy,
            Self::DigestMismatch => Rule::Preimage,
            Self::DigestLength { .. } => Rule::DigestLength,
            Self::TimestampImprint => Rule::TimestampImprint,
        }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::InvalidSignature { tried } => {
                write!(f, "the signature is not valid under {}", Tried(tried))
            }
            Self::InvalidCountersignature { tried } => {
                write!(f, "the countersignature is not valid under {}", Tried(tried))
            }
            Self::InvalidMac { tried } => {
                write!(f, "the authentication tag is not valid under {}", Tried(tried))
            }
            Self::NotDecrypted { tried } => {
                write!(f, "the message was changed, or is not for {}", Tried(tried))
            }
            Self::SignPolicy { needed, found } => {
                write!(f, "{found} of the signatures or keys verify, {needed} are needed")
            }
            Self::OtherValue => f.write_str("the messages vouch for different values"),
            Self::DigestMismatch => f.write_str("the bytes do not have the digest that was signed"),
            Self::DigestLength { expected, found } => {
                write!(f, "a digest of {found} bytes where the hash gives {expected}")
            }
            Self::TimestampImprint => {
                f.write_str("the message imprint of the timestamp does not match this message")
            }
            Self::Interrupted => f.write_str("the payload could not be read to its end"),
        }
    }
}

/// The keys that were tried, as words.
struct Tried(usize);

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("the one key that was tried"),
            count => write!(f, "any of the {count} keys that were tried"),
        }
    }
}
