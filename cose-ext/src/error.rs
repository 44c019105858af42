//! Why something was refused.

mod path_fault;

use core::fmt;

pub use path_fault::PathFault;

use crate::{
    Rule,
    cbor::{self, ErrorKind},
    crypto::{Algorithm, KeyProfile, KeyType, SecretError, SignError},
};

/// Why something was refused, grouped by whose fault it is.
///
/// Each error names the rule that it enforces ([`rule`](Self::rule)) and, where bytes are to blame,
/// the offset of the offending item in the input ([`offset`](Self::offset)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The sender's: not well-formed CBOR, or not what the profile accepts.
    Cbor(cbor::Error),
    /// The sender's: well-formed CBOR that the specification excludes.
    Malformed {
        /// The rule that broke.
        rule: Rule,
        /// Where the offending item starts, in bytes.
        offset: usize,
        /// What the CBOR reader said, where it was its finding.
        cbor: Option<ErrorKind>,
    },
    /// Nobody's: valid, as far as one can see, but beyond this build or provider. Nothing is known
    /// about the signature.
    Unsupported(Unsupported),
    /// The message is not what it claims to be.
    Verification(Verification),
    /// Valid, and refused by the verifier's own rules.
    Policy(Policy),
    /// More work than [`Limits`](crate::Limits) allow.
    Limit(Limit),
    /// The caller's: a call that cannot mean what it says.
    Misuse(Misuse),
    /// The signer's.
    Sign(SignError),
    /// Of the holder of a secret key, or its provider.
    Secret(SecretError),
}

/// See [`Error::Unsupported`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// No provider or key that was given does this signature algorithm.
    Algorithm(Algorithm),
    /// The algorithm is named by text, or by a number beyond 64 bits signed.
    AlgorithmName {
        /// Where the name stands.
        offset: usize,
    },
    /// The provider does not have this hash function.
    Hash(Algorithm),
    /// The provider does not do this kind of key.
    Key(KeyProfile),
    /// A key type, curve or key format that this build does not read.
    KeyFormat,
    /// A certificate is signed by an algorithm that the validator or its provider does not do.
    CertificateSignature,
}

/// See [`Error::Verification`].
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
    /// Of the signatures of a COSE_Sign, not those verify that the policy asks for.
    SignPolicy {
        /// How many signatures, or different keys, the policy needs.
        needed: usize,
        /// How many there were.
        found: usize,
    },
    /// The bytes do not have the digest that was signed.
    DigestMismatch,
    /// The payload of a hash envelope does not have the length of its hash.
    DigestLength {
        /// What the algorithm gives, in bytes.
        expected: usize,
        /// What stands there.
        found: usize,
    },
    /// A timestamp is one of something else.
    TimestampImprint,
    /// A detached payload could not be read to its end.
    Interrupted,
}

/// See [`Error::Policy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Policy {
    /// No key that is trusted answers to the hints of the message.
    NoTrustedKey,
    /// The keys found may not be used with the algorithm of the message.
    KeyNotPermitted {
        /// The algorithm of the message.
        algorithm: Algorithm,
        /// The last key that was refused.
        key: KeyProfile,
    },
    /// The key states an algorithm that is not the message's, or none where its type needs one.
    KeyAlgorithm {
        /// The algorithm of the message.
        algorithm: Algorithm,
        /// The last key that was refused.
        key: KeyProfile,
    },
    /// The key states its operations, and verifying is not among them.
    KeyOperations,
    /// The policy for a COSE_Sign asks for no signature at all.
    NoSignaturesNeeded,
    /// Nobody in particular vouches for the message: its sender brought an ephemeral key, or several
    /// recipients know the content key.
    Unattributed,
    /// The static key of the sender is not a trusted one.
    SenderNotTrusted,
    /// A cipher that authenticates nothing, in a call that promises more.
    UnauthenticatedCipher(Algorithm),
    /// The key is of a type that verifies no signatures.
    NotAPublicKey,
    /// `crit` names a label that this call does not process.
    CriticalNotProcessed {
        /// Where the label stands inside `crit`.
        offset: usize,
    },
    /// A date wrapped in tag 1, under a profile that refuses it.
    TaggedDate {
        /// Where the date stands.
        offset: usize,
    },
    /// At or after `exp`.
    Expired {
        /// Where the date stands.
        offset: usize,
    },
    /// Before `nbf`.
    NotYetValid {
        /// Where the date stands.
        offset: usize,
    },
    /// `aud` names another.
    OtherAudience {
        /// Where the claim stands.
        offset: usize,
    },
    /// The certificates lead to no trust anchor, or may not be used for this.
    CertificationPath(PathFault),
    /// `x5t` is not the digest of the first certificate of `x5chain`.
    OtherCertificate,
    /// A name was to be taken from a certificate that the signature does not cover, or has none.
    UnprotectedCertificate,
    /// The authority of a timestamp is not trusted, or did not sign it.
    TimestampAuthority,
    /// A hash that may only filter was to identify or protect something.
    FilterOnlyHash(Algorithm),
}

/// See [`Error::Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::header_entries`](crate::Limits::header_entries).
    HeaderEntries {
        /// Where the bucket starts.
        offset: usize,
    },
    /// [`Limits::certificates`](crate::Limits::certificates): more came along.
    Certificates,
    /// [`Limits::path_signatures`](crate::Limits::path_signatures) or
    /// [`Limits::path_steps`](crate::Limits::path_steps): no path was found with that much work.
    CertificationPath,
    /// [`Limits::candidates`](crate::Limits::candidates): none of the first ones verified.
    Candidates,
    /// [`Limits::signatures`](crate::Limits::signatures).
    Signatures {
        /// Where the signatures start.
        offset: usize,
    },
    /// [`Limits::countersignatures`](crate::Limits::countersignatures).
    Countersignatures {
        /// Where the countersignatures start.
        offset: usize,
    },
    /// [`Limits::recipients`](crate::Limits::recipients).
    Recipients {
        /// Where the recipients start.
        offset: usize,
    },
    /// [`Limits::recipient_depth`](crate::Limits::recipient_depth).
    RecipientDepth {
        /// Where the recipients start.
        offset: usize,
    },
}

/// See [`Error::Misuse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// A detached payload was given for a message that embeds its own.
    PayloadIsEmbedded,
    /// The message has no payload, and none was given.
    PayloadIsDetached,
    /// A call that streams the payload was given one in another way, or the reverse.
    PayloadIsStreamed,
    /// The digest is by another hash function than the one that was given.
    OtherHash {
        /// The algorithm of the digest.
        digest: Algorithm,
        /// The algorithm of the function.
        function: Algorithm,
    },
    /// A policy for a COSE_Sign names more keys than are kept apart.
    TooManySigners,
    /// An authenticated cipher, in a call for ciphers that authenticate nothing.
    AuthenticatedCipher(Algorithm),
    /// The buffer is too short for the plaintext and what is needed to get there.
    BufferTooShort {
        /// Length that suffices, in bytes.
        needed: usize,
    },
    /// There is no signature or recipient of this index.
    NoSuchLayer,
    /// A length does not fit, or a label was added twice.
    Builder(Rule),
}

impl Error {
    pub(crate) const fn malformed(rule: Rule, offset: usize) -> Self {
        Self::Malformed { rule, offset, cbor: None }
    }

    /// The rule that was enforced; `None` for limits, misuse of the API and what is unsupported.
    pub const fn rule(&self) -> Option<Rule> {
        match self {
            Self::Cbor(error) => cbor_rule(error.kind()),
            Self::Malformed { rule, .. } | Self::Misuse(Misuse::Builder(rule)) => Some(*rule),
            Self::Verification(verification) => Some(match verification {
                Verification::InvalidSignature { .. } | Verification::Interrupted => {
                    Rule::Signature
                }
                Verification::InvalidCountersignature { .. } => Rule::Countersignature,
                Verification::InvalidMac { .. } => Rule::MacTag,
                Verification::NotDecrypted { .. } => Rule::DecryptedAfterTag,
                Verification::SignPolicy { .. } => Rule::SignPolicy,
                Verification::DigestMismatch => Rule::Preimage,
                Verification::TimestampImprint => Rule::TimestampImprint,
                Verification::DigestLength { .. } => Rule::HashEnvelopePayload,
            }),
            Self::Policy(policy) => Some(match policy {
                Policy::NoTrustedKey => Rule::Signature,
                Policy::KeyNotPermitted { .. } => Rule::KeyPermitted,
                Policy::KeyAlgorithm { key, .. } => match key.key_type {
                    KeyType::AKP => Rule::AkpAlgorithm,
                    _ => Rule::KeyAlgorithm,
                },
                Policy::KeyOperations => Rule::KeyOperations,
                Policy::NotAPublicKey => Rule::PublicKeyOnly,
                Policy::NoSignaturesNeeded => Rule::SignPolicy,
                Policy::Unattributed => Rule::Attribution,
                Policy::SenderNotTrusted => Rule::SenderKey,
                Policy::UnauthenticatedCipher(_) => Rule::Unauthenticated,
                Policy::CriticalNotProcessed { .. } => Rule::CritProcessed,
                Policy::TaggedDate { .. } => Rule::DateUntagged,
                Policy::Expired { .. } => Rule::ExpirationTime,
                Policy::NotYetValid { .. } => Rule::NotBefore,
                Policy::OtherAudience { .. } => Rule::Audience,
                Policy::CertificationPath(fault) => fault.rule(),
                Policy::OtherCertificate => Rule::X5tMatches,
                Policy::UnprotectedCertificate => Rule::CertificateProtected,
                Policy::TimestampAuthority => Rule::TimestampAuthority,
                Policy::FilterOnlyHash(_) => Rule::X5tIdentifies,
            }),
            Self::Misuse(
                Misuse::PayloadIsEmbedded | Misuse::PayloadIsDetached | Misuse::PayloadIsStreamed,
            ) => Some(Rule::PayloadNamed),
            Self::Limit(Limit::Candidates) => Some(Rule::BoundedTries),
            Self::Unsupported(_)
            | Self::Limit(_)
            | Self::Misuse(_)
            | Self::Sign(_)
            | Self::Secret(_) => None,
        }
    }

    /// Where the offending item starts in the input, in bytes.
    pub const fn offset(&self) -> Option<usize> {
        match self {
            Self::Cbor(error) => Some(error.offset()),
            Self::Malformed { offset, .. }
            | Self::Unsupported(Unsupported::AlgorithmName { offset })
            | Self::Policy(
                Policy::CriticalNotProcessed { offset }
                | Policy::TaggedDate { offset }
                | Policy::Expired { offset }
                | Policy::NotYetValid { offset }
                | Policy::OtherAudience { offset },
            )
            | Self::Limit(
                Limit::HeaderEntries { offset }
                | Limit::Signatures { offset }
                | Limit::Countersignatures { offset }
                | Limit::Recipients { offset }
                | Limit::RecipientDepth { offset },
            ) => Some(*offset),
            _ => None,
        }
    }

    /// The same error for an input that itself starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self {
            Self::Cbor(error) => Self::Cbor(error.within(base)),
            Self::Malformed { rule, offset, cbor } => {
                Self::Malformed { rule, offset: offset.saturating_add(base), cbor }
            }
            Self::Unsupported(Unsupported::AlgorithmName { offset }) => {
                let offset = offset.saturating_add(base);
                Self::Unsupported(Unsupported::AlgorithmName { offset })
            }
            Self::Policy(Policy::CriticalNotProcessed { offset }) => {
                let offset = offset.saturating_add(base);
                Self::Policy(Policy::CriticalNotProcessed { offset })
            }
            Self::Policy(Policy::TaggedDate { offset }) => {
                Self::Policy(Policy::TaggedDate { offset: offset.saturating_add(base) })
            }
            Self::Limit(limit) => Self::Limit(limit.within(base)),
            Self::Policy(Policy::Expired { offset }) => {
                Self::Policy(Policy::Expired { offset: offset.saturating_add(base) })
            }
            Self::Policy(Policy::NotYetValid { offset }) => {
                Self::Policy(Policy::NotYetValid { offset: offset.saturating_add(base) })
            }
            Self::Policy(Policy::OtherAudience { offset }) => {
                Self::Policy(Policy::OtherAudience { offset: offset.saturating_add(base) })
            }
            other => other,
        }
    }
}

impl Limit {
    const fn within(self, base: usize) -> Self {
        match self {
            Self::HeaderEntries { offset } => {
                Self::HeaderEntries { offset: offset.saturating_add(base) }
            }
            Self::Signatures { offset } => Self::Signatures { offset: offset.saturating_add(base) },
            Self::Countersignatures { offset } => {
                Self::Countersignatures { offset: offset.saturating_add(base) }
            }
            Self::Recipients { offset } => Self::Recipients { offset: offset.saturating_add(base) },
            Self::RecipientDepth { offset } => {
                Self::RecipientDepth { offset: offset.saturating_add(base) }
            }
            Self::Candidates | Self::Certificates | Self::CertificationPath => self,
        }
    }
}

const fn cbor_rule(kind: ErrorKind) -> Option<Rule> {
    match kind {
        ErrorKind::DuplicateKey => Some(Rule::UniqueKeys),
        ErrorKind::NotPreferred | ErrorKind::KeyOrder | ErrorKind::IndefiniteLength => {
            Some(Rule::Deterministic)
        }
        ErrorKind::DepthLimit | ErrorKind::ItemLimit | ErrorKind::EntryLimit => None,
        ErrorKind::IndefiniteString | ErrorKind::UnsupportedKey => None,
        _ => Some(Rule::WellFormed),
    }
}

impl From<cbor::Error> for Error {
    fn from(error: cbor::Error) -> Self {
        Self::Cbor(error)
    }
}

impl From<SecretError> for Error {
    fn from(error: SecretError) -> Self {
        Self::Secret(error)
    }
}

impl From<SignError> for Error {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

/// Says which rule a value breaks when it does not read as the rule wants.
pub(crate) trait Breaks<T> {
    fn breaks(self, rule: Rule) -> Result<T, Error>;
}

impl<T> Breaks<T> for Result<T, cbor::Error> {
    fn breaks(self, rule: Rule) -> Result<T, Error> {
        self.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedType { .. }
            | ErrorKind::UnexpectedLength
            | ErrorKind::IntegerRange => {
                Error::Malformed { rule, offset: error.offset(), cbor: Some(error.kind()) }
            }
            _ => Error::Cbor(error),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cbor(error) => fmt::Display::fmt(error, f)?,
            Self::Malformed { rule, offset, cbor } => {
                f.write_str(rule.statement())?;
                if let Some(cbor) = cbor {
                    write!(f, ": {cbor}")?;
                }
                write!(f, " at byte {offset}")?;
            }
            Self::Unsupported(unsupported) => match unsupported {
                Unsupported::Algorithm(algorithm) => {
                    write!(f, "no verifier here does algorithm {algorithm}")?;
                }
                Unsupported::AlgorithmName { offset } => {
                    write!(f, "the algorithm at byte {offset} is no registered number")?;
                }
                Unsupported::Hash(algorithm) => {
                    write!(f, "the provider has no hash function {algorithm}")?;
                }
                Unsupported::Key(profile) => write!(f, "the provider does no {profile} keys")?,
                Unsupported::KeyFormat => f.write_str("a key of a kind that is not read here")?,
                Unsupported::CertificateSignature => {
                    f.write_str("a certificate is signed in a way that is not done here")?;
                }
            },
            Self::Verification(verification) => match verification {
                Verification::InvalidSignature { tried } => {
                    write!(f, "the signature is not valid under any of {tried} keys")?;
                }
                Verification::InvalidCountersignature { tried } => {
                    write!(f, "the countersignature is not valid under any of {tried} keys")?;
                }
                Verification::InvalidMac { tried } => {
                    write!(f, "the tag is not valid under any of {tried} keys")?;
                }
                Verification::NotDecrypted { tried } => {
                    write!(f, "none of {tried} keys opens the message")?;
                }
                Verification::SignPolicy { needed, found } => {
                    write!(f, "{found} of the signatures or keys verify, {needed} are needed")?;
                }
                Verification::DigestMismatch => {
                    f.write_str("the bytes do not have the digest that was signed")?;
                }
                Verification::DigestLength { expected, found } => {
                    write!(f, "a digest of {found} bytes where the hash gives {expected}")?;
                }
                Verification::TimestampImprint => {
                    f.write_str("the timestamp is one of something else")?;
                }
                Verification::Interrupted => {
                    f.write_str("the payload could not be read to its end")?;
                }
            },
            Self::Policy(policy) => match policy {
                Policy::NoTrustedKey => f.write_str("no trusted key answers to the message")?,
                Policy::KeyNotPermitted { algorithm, key } => {
                    write!(f, "a key of type {key} may not be used with {algorithm}")?;
                }
                Policy::KeyAlgorithm { algorithm, key } => {
                    write!(f, "a key of type {key} is used with {algorithm}")?;
                }
                Policy::KeyOperations => f.write_str("the key is not for this operation")?,
                Policy::NoSignaturesNeeded => f.write_str("the policy asks for no signature")?,
                Policy::Unattributed => f.write_str("nobody in particular vouches for it")?,
                Policy::SenderNotTrusted => f.write_str("the key of the sender is not trusted")?,
                Policy::UnauthenticatedCipher(algorithm) => {
                    write!(f, "{algorithm} authenticates nothing")?;
                }
                Policy::NotAPublicKey => f.write_str("the key is not a public key")?,
                Policy::CriticalNotProcessed { offset } => {
                    write!(f, "crit names a label that is not processed, at byte {offset}")?;
                }
                Policy::TaggedDate { offset } => {
                    write!(f, "a date wrapped in tag 1 at byte {offset}")?;
                }
                Policy::Expired { offset } => {
                    write!(f, "the claims have expired, by the date at byte {offset}")?;
                }
                Policy::NotYetValid { offset } => {
                    write!(f, "the claims are not yet valid, by the date at byte {offset}")?;
                }
                Policy::OtherAudience { offset } => {
                    write!(f, "the audience at byte {offset} is another")?;
                }
                Policy::CertificationPath(fault) => fmt::Display::fmt(fault, f)?,
                Policy::OtherCertificate => {
                    f.write_str("x5t is not the digest of the first certificate")?;
                }
                Policy::UnprotectedCertificate => {
                    f.write_str("a name that no protected certificate states")?;
                }
                Policy::TimestampAuthority => {
                    f.write_str("the timestamp is not one of a trusted authority")?;
                }
                Policy::FilterOnlyHash(algorithm) => {
                    write!(f, "{algorithm} may filter, not identify or protect")?;
                }
            },
            Self::Limit(limit) => match limit {
                Limit::HeaderEntries { offset } => {
                    write!(f, "too many header parameters in the bucket at byte {offset}")?;
                }
                Limit::Certificates => f.write_str("too many certificates")?,
                Limit::CertificationPath => f.write_str("too many ways to combine certificates")?,
                Limit::Candidates => f.write_str("too many candidate keys")?,
                Limit::Signatures { offset } => {
                    write!(f, "too many signatures at byte {offset}")?;
                }
                Limit::Countersignatures { offset } => {
                    write!(f, "too many countersignatures at byte {offset}")?;
                }
                Limit::Recipients { offset } => {
                    write!(f, "too many recipients at byte {offset}")?;
                }
                Limit::RecipientDepth { offset } => {
                    write!(f, "recipients nest too deep at byte {offset}")?;
                }
            },
            Self::Misuse(misuse) => match misuse {
                Misuse::PayloadIsEmbedded => {
                    f.write_str("a detached payload was given, the message embeds its own")?;
                }
                Misuse::PayloadIsDetached => {
                    f.write_str("an embedded payload was asked for, the message has none")?;
                }
                Misuse::PayloadIsStreamed => {
                    f.write_str("the payload is streamed in one of input and call, not in both")?;
                }
                Misuse::OtherHash { digest, function } => {
                    write!(f, "a {digest} digest cannot be checked with {function}")?;
                }
                Misuse::TooManySigners => f.write_str("the policy names too many keys")?,
                Misuse::AuthenticatedCipher(algorithm) => {
                    write!(f, "{algorithm} authenticates: decrypt it so that it does")?;
                }
                Misuse::BufferTooShort { needed } => {
                    write!(f, "the buffer is too short, {needed} bytes suffice")?;
                }
                Misuse::NoSuchLayer => f.write_str("there is no layer of this index")?,
                Misuse::Builder(rule) => f.write_str(rule.statement())?,
            },
            Self::Sign(error) => fmt::Display::fmt(error, f)?,
            Self::Secret(error) => fmt::Display::fmt(error, f)?,
        }
        match self.rule() {
            Some(rule) => write!(f, " ({}, {})", rule.id(), rule.clause()),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
