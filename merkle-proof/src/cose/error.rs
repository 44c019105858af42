//! What can be wrong with a receipt, by whose fault it is.

use core::fmt;

use cose_ext::{
    cbor,
    error::{Fact, Offset},
    header::Vds,
};
use spec_rules::RuleRef;

use crate::Rule;

/// Why a receipt was refused: a kind, and the offset in the receipt where bytes are to blame.
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
    /// It is not a valid COSE_Sign1, or its signature is not valid or cannot be checked here.
    Cose(cose_ext::error::ErrorKind),
    /// A proof in it is refused.
    Proof(crate::Error),
    /// The maker's fault: not the encoding that the specification asks for.
    Malformed {
        /// The rule that is broken.
        rule: Rule,
        /// What stands there instead, where more is known than the rule.
        fact: Option<Fact>,
    },
    /// A data structure that is not supported here. Nothing is known about the proof.
    UnknownStructure(Vds),
    /// The maker's fault: sound, and a receipt of something else.
    Verification {
        /// The comparison that failed.
        rule: Rule,
    },
    /// Refused by the verifier's own rules.
    Policy {
        /// The rule that is read strictly.
        rule: Rule,
    },
    /// More proofs in one receipt than [`Limits::proofs`](super::Limits::proofs).
    TooManyProofs,
}

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, offset: None }
    }

    pub(super) const fn malformed(rule: Rule, offset: usize) -> Self {
        Self::new(ErrorKind::Malformed { rule, fact: None }).at(offset)
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

    /// Returns the rule that was enforced; `None` for limits and for what is not supported.
    #[inline]
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.kind {
            ErrorKind::Cose(kind) => cose_ext::Error::new(kind).rule(),
            ErrorKind::Proof(error) => error.rule(),
            ErrorKind::Malformed { rule, .. }
            | ErrorKind::Verification { rule }
            | ErrorKind::Policy { rule } => Some(rule.to_ref()),
            ErrorKind::UnknownStructure(_) => Some(Rule::ReceiptStructure.to_ref()),
            ErrorKind::TooManyProofs => Some(Rule::BoundedWork.to_ref()),
        }
    }

    /// Puts the offending item at byte `offset` of the receipt.
    #[must_use]
    pub const fn at(self, offset: usize) -> Self {
        Self { kind: self.kind, offset: Some(Offset::new(offset)) }
    }

    /// Moves the offset, for a receipt that itself starts at byte `base` of a larger input.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self.offset {
            Some(offset) => Self { kind: self.kind, offset: Some(offset.within(base)) },
            None => self,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<cose_ext::Error> for Error {
    fn from(error: cose_ext::Error) -> Self {
        Self { kind: ErrorKind::Cose(error.kind()), offset: error.place() }
    }
}

impl From<cbor::Error> for Error {
    fn from(error: cbor::Error) -> Self {
        Self::from(cose_ext::Error::from(error))
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::new(ErrorKind::Proof(error))
    }
}

/// Says which rule a value breaks when it does not read as the rule wants.
pub(super) fn breaks(rule: Rule) -> impl Fn(cbor::Error) -> Error {
    move |error| {
        if error.kind().is_form() {
            let fact = Some(Fact::Cbor(error.kind()));
            Error::new(ErrorKind::Malformed { rule, fact }).at(error.offset())
        } else {
            Error::from(error)
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cose(kind) => fmt::Display::fmt(kind, f),
            Self::Proof(error) => fmt::Display::fmt(error, f),
            Self::Malformed { rule, fact: Some(fact) } => write!(f, "{}: {fact}", rule.broken()),
            Self::Malformed { rule, fact: None } | Self::Verification { rule } => {
                f.write_str(rule.broken())
            }
            Self::UnknownStructure(vds) => {
                write!(f, "verifiable data structure {vds} is not done here")
            }
            Self::Policy { rule: Rule::ReceiptStructure } => f.write_str(
                "refused by policy: this verifier does not accept the data structure of the receipt",
            ),
            Self::Policy { rule } => write!(f, "refused by policy: {}", rule.broken()),
            Self::TooManyProofs => f.write_str("too many proofs in one receipt"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)?;
        if let Some(offset) = self.offset {
            write!(f, " at {offset}")?;
        }
        match (self.kind, self.rule()) {
            // It names its rule itself.
            (ErrorKind::Proof(_), _) | (_, None) => Ok(()),
            (_, Some(rule)) => write!(f, " ({rule})"),
        }
    }
}

impl core::error::Error for Error {}
