//! Why a message, or a step of a machine, was refused.

use core::fmt;

use cose_ext::{BufferTooShort, error::Offset};
use spec_rules::RuleRef;

use crate::{OptionName, Rule};

/// Why a message, or a step of a machine, was refused: a kind, and the offset where bytes are to
/// blame.
///
/// The offset counts in the message that was handed to the call; behind a signature, in the bytes
/// with the COSE around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    offset: Option<Offset>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Error>() <= 56);

/// What is wrong, grouped by whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// As COSE or CBOR it is not what it has to be, or its signature is not by a key that is
    /// trusted.
    Cose(cose_ext::error::ErrorKind),
    /// The message breaks this rule.
    Malformed(Rule),
    /// Refused by the state of the session or by the rules of this side.
    Refused(Rule),
    /// The option has no label in the other numbering, or its label means something else there.
    NoCounterpart(Option<OptionName>),
    /// More of something than the limits allow: what was not looked at may be valid.
    Limit(Limit),
    /// The caller's buffer is too short.
    BufferTooShort {
        /// How long it has to be.
        needed: usize,
    },
    /// The caller asked for what cannot be.
    Misuse(Misuse),
}

/// What there was too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// Updates of one session that nobody answered.
    OutstandingUpdates,
    /// Rounds in which the Agent asked for attestation of the TAM.
    AttestationRounds,
    /// Sessions of one broker or TAM.
    Sessions,
}

/// How the interface was misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// The machine does not wait for this answer now.
    NotNow,
    /// Random bytes of another number than was asked for.
    RandomLength,
    /// A value that the message cannot carry: a list that is empty, a text that is too long.
    Value(OptionName),
    /// A suite that there is no signing key for.
    NoSigningKey,
    /// A signer of another algorithm than the draft names, or too few of them.
    Signers,
    /// A stored state that this version does not read.
    State,
}

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, offset: None }
    }

    pub(crate) const fn malformed(rule: Rule, offset: usize) -> Self {
        Self::new(ErrorKind::Malformed(rule)).at(offset)
    }

    pub(crate) const fn refused(rule: Rule) -> Self {
        Self::new(ErrorKind::Refused(rule))
    }

    pub(crate) const fn misuse(misuse: Misuse) -> Self {
        Self::new(ErrorKind::Misuse(misuse))
    }

    /// Returns what is wrong, grouped by whose fault it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns where the offending item starts, in bytes; `None` where no byte is to blame.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        match self.offset {
            Some(offset) => Some(offset.byte()),
            None => None,
        }
    }

    /// Returns where the offending item starts, and in which input.
    #[must_use]
    pub const fn place(&self) -> Option<Offset> {
        self.offset
    }

    /// Puts the offending item at byte `offset` of the input.
    #[must_use]
    pub const fn at(self, offset: usize) -> Self {
        Self { kind: self.kind, offset: Some(Offset::new(offset)) }
    }

    /// Returns the rule that was enforced; `None` for limits, misuse and what has no counterpart.
    #[inline]
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.kind {
            ErrorKind::Cose(kind) => cose_ext::Error::new(kind).rule(),
            ErrorKind::Malformed(rule) | ErrorKind::Refused(rule) => Some(rule.to_ref()),
            ErrorKind::NoCounterpart(_)
            | ErrorKind::Limit(_)
            | ErrorKind::BufferTooShort { .. }
            | ErrorKind::Misuse(_) => None,
        }
    }
}

impl From<cose_ext::Error> for Error {
    fn from(error: cose_ext::Error) -> Self {
        Self { kind: ErrorKind::Cose(error.kind()), offset: error.place() }
    }
}

impl From<cose_ext::cbor::Error> for Error {
    fn from(error: cose_ext::cbor::Error) -> Self {
        cose_ext::Error::from(error).into()
    }
}

impl From<BufferTooShort> for Error {
    fn from(error: BufferTooShort) -> Self {
        Self::new(ErrorKind::BufferTooShort { needed: error.needed })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Cose(kind) => fmt::Display::fmt(kind, f)?,
            ErrorKind::Malformed(rule) | ErrorKind::Refused(rule) => f.write_str(rule.broken())?,
            ErrorKind::NoCounterpart(Some(name)) => {
                write!(f, "{} has no label in the other numbering", name.name())?;
            }
            ErrorKind::NoCounterpart(None) => {
                f.write_str("an unknown option has a label that is taken in the other numbering")?;
            }
            ErrorKind::Limit(limit) => f.write_str(match limit {
                Limit::OutstandingUpdates => "too many Updates wait for an answer",
                Limit::AttestationRounds => "the Agent asked for attestation too often",
                Limit::Sessions => "too many sessions",
            })?,
            ErrorKind::BufferTooShort { needed } => {
                write!(f, "the buffer is too short: {needed} bytes are needed")?;
            }
            ErrorKind::Misuse(misuse) => match misuse {
                Misuse::NotNow => f.write_str("the machine does not wait for this now")?,
                Misuse::RandomLength => f.write_str("another number of random bytes is due")?,
                Misuse::Value(name) => write!(f, "{} cannot have this value", name.name())?,
                Misuse::NoSigningKey => f.write_str("there is no signing key for this suite")?,
                Misuse::Signers => f.write_str("the signers are not those of the draft")?,
                Misuse::State => f.write_str("the stored state cannot be read")?,
            },
        }
        if let Some(offset) = self.offset {
            write!(f, " at {offset}")?;
        }
        match self.rule() {
            Some(rule) => write!(f, " ({rule})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
