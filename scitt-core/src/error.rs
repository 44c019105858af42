//! Why a statement, a receipt or a registration was refused.

use core::fmt;

use cose_ext::error::Offset;
use merkle_proof::cose as receipt;
use spec_rules::RuleRef;

use crate::Rule;

/// Why a statement, a receipt or a registration was refused: a kind, and the offset where bytes are
/// to blame.
///
/// The offset counts in the statement, or in the receipt if that was read on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    offset: Option<Offset>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Error>() <= 56);

/// What is wrong, grouped by where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// As COSE it is not what it has to be, or its signature is not its issuer's.
    Cose(cose_ext::error::ErrorKind),
    /// The receipt is not what it has to be, or is one of something else.
    Receipt(receipt::ErrorKind),
    /// It is not what it claims to be: this rule is broken.
    Broken(Rule),
    /// Refused by the rules of the verifier.
    Refused(Rule),
    /// More receipts than [`Limits::receipts`](crate::Limits::receipts): the rest was not looked
    /// at.
    TooManyReceipts,
    /// More services in the trust store than [`Verifier`](crate::Verifier) can tell apart.
    TooManyServices,
    /// The log is as large as it can be.
    LogFull,
    /// The statement is longer than the service takes.
    StatementTooLong,
    /// The queue of the service is full: commit first.
    QueueFull,
    /// A policy or the endorsement of a key is not erased: what follows in the log rests on it.
    Governs,
    /// The log is not as large as was asked for, or failed earlier.
    NotInLog,
    /// The service has no key for its receipts.
    NoReceiptKey,
    /// The policy names certificate authorities, and this build validates no certification paths.
    AnchorsUnsupported,
}

/// What an [`Error`] says about the statement. The fourth verdict is that there is no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Verdict {
    /// It is not what it claims to be.
    Broken,
    /// Undecided: this build or provider lacks an algorithm, key type or data structure, no key
    /// that was enrolled answers to the message, or a limit was reached. The statement may be
    /// valid.
    CannotEvaluate,
    /// It may be what it claims to be, and this verifier does not accept it.
    RefusedByPolicy,
}

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, offset: None }
    }

    pub(crate) const fn broken(rule: Rule, offset: usize) -> Self {
        Self::new(ErrorKind::Broken(rule)).at(offset)
    }

    pub(crate) const fn refused(rule: Rule) -> Self {
        Self::new(ErrorKind::Refused(rule))
    }

    /// Returns what is wrong, grouped by where it was found.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns which of the verdicts this is.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match &self.kind {
            ErrorKind::Cose(kind) => cose_verdict(kind),
            ErrorKind::Receipt(kind) => receipt_verdict(kind),
            ErrorKind::Broken(_) => Verdict::Broken,
            ErrorKind::Refused(_) => Verdict::RefusedByPolicy,
            _ => Verdict::CannotEvaluate,
        }
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

    /// Moves the offset, for an input that itself starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self.offset {
            Some(offset) => Self { kind: self.kind, offset: Some(offset.within(base)) },
            None => self,
        }
    }

    /// Of two reasons the one that says more: a receipt by a trusted service that is broken tells
    /// more than one that nobody here can judge, and that more than one by a stranger. A limit
    /// outranks all: what was not looked at may have been good. Of two that say as much, the first.
    pub(crate) fn more_specific(self, other: Self) -> Self {
        if other.weight() > self.weight() { other } else { self }
    }

    /// Becomes the more specific one of both.
    #[inline(never)] // It copies once.
    pub(crate) fn keep_more_specific(&mut self, other: &Self) {
        if other.weight() > self.weight() {
            *self = *other;
        }
    }

    /// Returns whether the work that one call may cause is used up: what was not looked at may be
    /// valid.
    pub(crate) const fn is_limit(&self) -> bool {
        use cose_ext::error::{ErrorKind as CoseErrorKind, Limit};
        let kind = match &self.kind {
            ErrorKind::TooManyReceipts => return true,
            ErrorKind::Cose(kind) | ErrorKind::Receipt(receipt::ErrorKind::Cose(kind)) => kind,
            _ => return false,
        };
        matches!(
            kind,
            CoseErrorKind::Limit(
                Limit::SignatureChecks | Limit::HashedBytes | Limit::ComparedItems
            )
        )
    }

    /// Returns whether no key that answers to the statement is enrolled.
    pub(crate) const fn is_not_enrolled(&self) -> bool {
        use cose_ext::error::{ErrorKind as CoseErrorKind, Policy};
        matches!(
            self.kind,
            ErrorKind::Cose(CoseErrorKind::Policy(Policy::NotEnrolled { tried: 0 }))
        )
    }

    const fn weight(&self) -> u8 {
        match (self.kind, self.verdict()) {
            _ if self.is_limit() => 4,
            (_, Verdict::Broken) => 3,
            (_, Verdict::CannotEvaluate) => 2,
            (ErrorKind::Refused(Rule::ReceiptTrusted), _) => 0,
            (_, Verdict::RefusedByPolicy) => 1,
        }
    }

    /// Returns the rule that was enforced; `None` for limits and for what is not supported.
    #[inline]
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.kind {
            ErrorKind::Cose(kind) => cose_ext::Error::new(kind).rule(),
            ErrorKind::Receipt(kind) => receipt::Error::new(kind).rule(),
            ErrorKind::Broken(rule) | ErrorKind::Refused(rule) => Some(rule.to_ref()),
            ErrorKind::TooManyReceipts => Some(Rule::BoundedWork.to_ref()),
            _ => None,
        }
    }
}

/// An error beside the statement that it was found in. See [`Error::explain`].
#[derive(Clone, Copy, Debug)]
pub struct Explained<'i> {
    error: Error,
    statement: &'i [u8],
}

impl Error {
    /// Returns the error as a text that also shows what stands in `statement`, the bytes that were
    /// handed to the call: the kid and the issuer that it asks for, what stands at the offset, and
    /// text where CBOR is due ([`cose_ext::Error::explain`]). None of it is verified.
    #[must_use]
    pub const fn explain<'i>(&self, statement: &'i [u8]) -> Explained<'i> {
        Explained { error: *self, statement }
    }
}

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ErrorKind::Cose(kind) = self.error.kind else {
            return fmt::Display::fmt(&self.error, f);
        };
        let mut error = cose_ext::Error::new(kind);
        if let Some(place) = self.error.offset {
            error = error.at(place.byte()).counted_in(place.origin());
        }
        write!(f, "{}: {}", self.error.verdict(), error.explain(self.statement))
    }
}

const fn receipt_verdict(kind: &receipt::ErrorKind) -> Verdict {
    use merkle_proof::Error as Proof;
    match kind {
        receipt::ErrorKind::Cose(kind) => cose_verdict(kind),
        receipt::ErrorKind::Malformed { .. }
        | receipt::ErrorKind::Verification { .. }
        | receipt::ErrorKind::Proof(Proof::Malformed(_) | Proof::Verification { .. }) => {
            Verdict::Broken
        }
        receipt::ErrorKind::Policy { .. } | receipt::ErrorKind::Proof(Proof::Policy { .. }) => {
            Verdict::RefusedByPolicy
        }
        _ => Verdict::CannotEvaluate,
    }
}

const fn cose_verdict(kind: &cose_ext::error::ErrorKind) -> Verdict {
    use cose_ext::{
        cbor,
        error::{ErrorKind, Policy},
    };
    match kind {
        ErrorKind::Cbor(
            cbor::ErrorKind::DepthLimit
            | cbor::ErrorKind::ItemLimit
            | cbor::ErrorKind::EntryLimit
            | cbor::ErrorKind::UnsupportedKey,
        ) => Verdict::CannotEvaluate,
        ErrorKind::Cbor(_) | ErrorKind::Malformed { .. } | ErrorKind::Verification(_) => {
            Verdict::Broken
        }
        ErrorKind::Policy(Policy::NotEnrolled { .. }) => Verdict::CannotEvaluate,
        ErrorKind::Policy(_) => Verdict::RefusedByPolicy,
        _ => Verdict::CannotEvaluate,
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

impl From<receipt::Error> for Error {
    fn from(error: receipt::Error) -> Self {
        Self { kind: ErrorKind::Receipt(error.kind()), offset: error.place() }
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
        match &self.kind {
            ErrorKind::Cose(kind) => fmt::Display::fmt(kind, f)?,
            ErrorKind::Receipt(kind) => fmt::Display::fmt(kind, f)?,
            ErrorKind::Broken(rule) | ErrorKind::Refused(rule) => f.write_str(rule.broken())?,
            ErrorKind::TooManyReceipts => f.write_str("too many receipts")?,
            ErrorKind::TooManyServices => f.write_str("too many services in the trust store")?,
            ErrorKind::LogFull => f.write_str("the log is full")?,
            ErrorKind::StatementTooLong => {
                f.write_str("the statement is too long for this service")?
            }
            ErrorKind::QueueFull => f.write_str("the queue of the service is full")?,
            ErrorKind::Governs => f.write_str("what follows in the log rests on this entry")?,
            ErrorKind::NotInLog => f.write_str("the log does not hold what was asked for")?,
            ErrorKind::NoReceiptKey => f.write_str("the service has no receipt key")?,
            ErrorKind::AnchorsUnsupported => {
                f.write_str("the policy names certificate authorities, and this build reads none")?;
            }
        }
        if let Some(offset) = self.offset {
            write!(f, " at {offset}")?;
        }
        match (self.kind, self.rule()) {
            // It names its rule itself.
            (ErrorKind::Receipt(receipt::ErrorKind::Proof(_)), _) | (_, None) => Ok(()),
            (_, Some(rule)) => write!(f, " ({rule})"),
        }
    }
}

impl core::error::Error for Error {}
