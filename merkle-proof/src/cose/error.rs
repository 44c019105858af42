use core::fmt;

use cose_ext::{cbor, header::Vds};

use crate::Rule;

/// Why a receipt was refused, grouped by whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// As COSE_Sign1 it is not what it has to be, or its signature is not over the root.
    Cose(cose_ext::Error),
    /// A proof in it is not what it has to be.
    Proof(crate::Error),
    /// The maker's: not the encoding that the specification wants.
    Malformed {
        /// The rule that broke.
        rule: Rule,
        /// Where the offending item starts, in bytes.
        offset: usize,
        /// What the CBOR reader said, where it was its finding.
        cbor: Option<cbor::ErrorKind>,
    },
    /// Nobody's: a data structure that is not done here. Nothing is known about the proof.
    UnknownStructure(Vds),
    /// The maker's: sound, and a receipt of something else.
    Verification {
        /// The comparison that failed.
        rule: Rule,
    },
    /// The verifier's choice.
    Policy {
        /// The rule that is read strictly.
        rule: Rule,
    },
    /// More proofs in one receipt than [`Limits::proofs`](cose_ext::Limits::proofs).
    TooManyProofs,
}

impl Error {
    pub(super) const fn malformed(rule: Rule, offset: usize) -> Self {
        Self::Malformed { rule, offset, cbor: None }
    }

    /// The identifier and the clause of the rule that was enforced; `None` for limits and for what
    /// is not supported.
    pub fn rule(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Cose(error) => error.rule().map(|rule| (rule.id(), rule.clause())),
            Self::Proof(error) => error.rule().map(|rule| (rule.id(), rule.clause())),
            Self::Malformed { rule, .. } | Self::Verification { rule } | Self::Policy { rule } => {
                Some((rule.id(), rule.clause()))
            }
            Self::UnknownStructure(_) => {
                Some((Rule::ReceiptStructure.id(), Rule::ReceiptStructure.clause()))
            }
            Self::TooManyProofs => None,
        }
    }

    /// The same error for a receipt that itself starts at byte `base` of a larger input.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self {
            Self::Cose(error) => Self::Cose(error.within(base)),
            Self::Malformed { rule, offset, cbor } => {
                Self::Malformed { rule, offset: offset.saturating_add(base), cbor }
            }
            other => other,
        }
    }
}

impl From<cose_ext::Error> for Error {
    fn from(error: cose_ext::Error) -> Self {
        Self::Cose(error)
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Proof(error)
    }
}

/// Says which rule a value breaks when it does not read as the rule wants.
pub(super) fn breaks(rule: Rule) -> impl Fn(cbor::Error) -> Error {
    move |error| match error.kind() {
        cbor::ErrorKind::UnexpectedType { .. }
        | cbor::ErrorKind::UnexpectedLength
        | cbor::ErrorKind::IntegerRange => {
            Error::Malformed { rule, offset: error.offset(), cbor: Some(error.kind()) }
        }
        _ => Error::Cose(error.into()),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // These two name their rules themselves.
            Self::Cose(error) => return fmt::Display::fmt(error, f),
            Self::Proof(error) => return fmt::Display::fmt(error, f),
            Self::Malformed { rule, offset, cbor } => {
                write!(f, "broken at byte {offset}: {}", rule.statement())?;
                if let Some(cbor) = cbor {
                    write!(f, ": {cbor}")?;
                }
            }
            Self::UnknownStructure(vds) => {
                write!(f, "verifiable data structure {vds} is not done here")?;
            }
            Self::Verification { rule } => write!(f, "does not hold: {}", rule.statement())?,
            Self::Policy { rule } => write!(f, "refused by policy: {}", rule.statement())?,
            Self::TooManyProofs => f.write_str("too many proofs in one receipt")?,
        }
        match self.rule() {
            Some((id, clause)) => write!(f, " ({id}, {clause})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
