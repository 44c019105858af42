use core::fmt;

use crate::Rule;

/// Why a statement, a receipt or a registration was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// As COSE it is not what it has to be, or its signature is not its issuer's.
    Cose(cose_ext::Error),
    /// The receipt is not what it has to be, or is one of something else.
    Receipt(merkle_proof::cose::Error),
    /// It is not what it claims to be.
    Broken {
        /// The rule that broke.
        rule: Rule,
        /// Where the offending item starts, in bytes of the statement, or of the receipt if that
        /// was read on its own.
        offset: usize,
    },
    /// Refused by the rules of the verifier.
    Refused(Rule),
    /// More receipts than [`Limits::receipts`](cose_ext::Limits::receipts), or more of them by
    /// trusted keys than [`Limits::verified_receipts`](cose_ext::Limits::verified_receipts): the rest
    /// was not looked at.
    TooManyReceipts,
    /// More services in the trust store than [`Verifier`](crate::Verifier) can tell apart.
    TooManyServices,
    /// The log is as large as it can be.
    LogFull,
}

/// What an [`Error`] says about the statement. The fourth verdict is that there is no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not what it claims to be.
    Broken,
    /// Nothing is known: something is missing here, not there.
    CannotEvaluate,
    /// It may be what it claims to be, and this verifier does not accept it.
    RefusedByPolicy,
}

impl Error {
    /// Which of the verdicts this is.
    pub const fn verdict(&self) -> Verdict {
        use merkle_proof::{Error as Proof, cose::Error as Receipt};
        match self {
            Self::Cose(error) | Self::Receipt(Receipt::Cose(error)) => cose_verdict(error),
            Self::Broken { .. }
            | Self::Receipt(
                Receipt::Malformed { .. }
                | Receipt::Verification { .. }
                | Receipt::Proof(Proof::Malformed(_) | Proof::Verification { .. }),
            ) => Verdict::Broken,
            Self::Refused(_)
            | Self::Receipt(Receipt::Policy { .. } | Receipt::Proof(Proof::Policy { .. })) => {
                Verdict::RefusedByPolicy
            }
            Self::Receipt(_) | Self::TooManyReceipts | Self::TooManyServices | Self::LogFull => {
                Verdict::CannotEvaluate
            }
        }
    }

    /// The same error for an input that itself starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self {
            Self::Cose(error) => Self::Cose(error.within(base)),
            Self::Receipt(error) => Self::Receipt(error.within(base)),
            Self::Broken { rule, offset } => {
                Self::Broken { rule, offset: offset.saturating_add(base) }
            }
            other => other,
        }
    }

    /// Of two reasons the one that says more: a receipt by a trusted service that is broken tells
    /// more than one that nobody here can judge, and that more than one by a stranger. A limit
    /// outranks all: what was not looked at may have been good. Of two that say as much, the first.
    pub(crate) fn graver(self, other: Self) -> Self {
        if other.weight() > self.weight() { other } else { self }
    }

    const fn weight(&self) -> u8 {
        match (self, self.verdict()) {
            (Self::TooManyReceipts, _) => 4,
            (_, Verdict::Broken) => 3,
            (_, Verdict::CannotEvaluate) => 2,
            (Self::Refused(Rule::ReceiptTrusted), _) => 0,
            (_, Verdict::RefusedByPolicy) => 1,
        }
    }

    /// Identifier and clause of the rule that was enforced; `None` for limits and for what is not
    /// supported.
    pub fn rule(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Cose(error) => error.rule().map(|rule| (rule.id(), rule.clause())),
            Self::Receipt(error) => error.rule(),
            Self::Broken { rule, .. } | Self::Refused(rule) => Some((rule.id(), rule.clause())),
            Self::TooManyReceipts | Self::TooManyServices | Self::LogFull => None,
        }
    }
}

const fn cose_verdict(error: &cose_ext::Error) -> Verdict {
    match error {
        cose_ext::Error::Cbor(error) => match error.kind() {
            cose_ext::cbor::ErrorKind::DepthLimit
            | cose_ext::cbor::ErrorKind::ItemLimit
            | cose_ext::cbor::ErrorKind::EntryLimit
            | cose_ext::cbor::ErrorKind::IndefiniteString
            | cose_ext::cbor::ErrorKind::UnsupportedKey => Verdict::CannotEvaluate,
            _ => Verdict::Broken,
        },
        cose_ext::Error::Malformed { .. } | cose_ext::Error::Verification(_) => Verdict::Broken,
        cose_ext::Error::Policy(_) => Verdict::RefusedByPolicy,
        _ => Verdict::CannotEvaluate,
    }
}

impl From<cose_ext::Error> for Error {
    fn from(error: cose_ext::Error) -> Self {
        Self::Cose(error)
    }
}

impl From<merkle_proof::cose::Error> for Error {
    fn from(error: merkle_proof::cose::Error) -> Self {
        Self::Receipt(error)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Broken => "broken",
            Self::CannotEvaluate => "cannot be evaluated",
            Self::RefusedByPolicy => "refused by policy",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.verdict())?;
        match self {
            Self::Cose(error) => fmt::Display::fmt(error, f),
            Self::Receipt(error) => fmt::Display::fmt(error, f),
            Self::Broken { rule, offset } => {
                let (statement, id, clause) = (rule.statement(), rule.id(), rule.clause());
                write!(f, "{statement}, at byte {offset} ({id}, {clause})")
            }
            Self::Refused(rule) => {
                write!(f, "{} ({}, {})", rule.statement(), rule.id(), rule.clause())
            }
            Self::TooManyReceipts => f.write_str("too many receipts"),
            Self::TooManyServices => f.write_str("too many services in the trust store"),
            Self::LogFull => f.write_str("the log is full"),
        }
    }
}

impl core::error::Error for Error {}
