//! Why a manifest was refused.

use core::fmt;

use cose_ext::{cbor, error::Offset};
use spec_rules::RuleRef;

use crate::{HistoricDraft, Rule};

mod breaks;
mod limit;
mod verdict;

pub(crate) use breaks::Breaks;
pub use limit::{Limit, Misuse};
pub use verdict::Verdict;

/// Why an envelope, a manifest or a part of one was refused: a kind, and the offset where bytes are
/// to blame.
///
/// The offset counts in the envelope that was handed to the call.
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
    /// As CBOR or COSE it is not what it has to be, or no trusted key made it.
    Cose(cose_ext::error::ErrorKind),
    /// It is not of the form that the specification gives it.
    Malformed {
        /// The rule that is broken.
        rule: Rule,
        /// What stands there instead.
        fact: Fact,
    },
    /// It follows an older draft, and must never be read as a current manifest.
    Historic(HistoricDraft),
    /// It is valid, and not done here.
    Unsupported(Unsupported),
    /// A digest, signature or tag is not the one that it has to be: this rule is broken.
    Verification(Rule),
    /// The policy of the caller refuses it: this rule is broken.
    Policy(Rule),
    /// It asks for more than the processor takes.
    Limit(Limit),
    /// The call does not fit the state of the processor.
    Misuse(Misuse),
}

/// What stands where a rule wants something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// Nothing more to tell.
    None,
    /// A member, command or parameter of this number.
    Label(i64),
    /// An item of another type, length or range.
    Cbor(cbor::ErrorKind),
    /// As many things as this.
    Count(usize),
    /// Something else than the member of this name wants, or nothing.
    Name(&'static str),
}

/// What is valid and not done here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsupported {
    /// A digest by another algorithm than the provider has or COSE names.
    DigestAlgorithm,
    /// A digest with more elements than algorithm and value.
    DigestExtension,
    /// A member of the manifest, the common member or a dependency, by its number.
    Member(i64),
    /// A command, by its number.
    Command(i64),
    /// A parameter, by its number.
    Parameter(i64),
    /// A member whose content was severed and is not in the envelope, by its number.
    SeveredAbsent(i64),
    /// An authentication block of a kind that its checker does not know.
    Block,
    /// A report that is encrypted inside of its container.
    EncryptedReport,
}

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, offset: None }
    }

    // Errors are large, and made at many places.
    #[cold]
    #[inline(never)]
    pub(crate) const fn malformed(rule: Rule, fact: Fact, offset: usize) -> Self {
        Self::new(ErrorKind::Malformed { rule, fact }).at(offset)
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

    /// Moves the offset, for an input that itself starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self.offset {
            Some(offset) => Self { kind: self.kind, offset: Some(offset.within(base)) },
            None => self,
        }
    }

    /// Returns whether the work that one call may cause is used up: what was not looked at may be
    /// valid.
    pub(crate) const fn is_limit(&self) -> bool {
        matches!(self.kind, ErrorKind::Cose(cose_ext::error::ErrorKind::Limit(_)))
    }

    /// Returns of two reasons the one that says more: that something is broken more than that
    /// nobody here can judge it, and that more than a refusal. Of two that say as much, the first.
    pub(crate) const fn more_specific(self, other: Self) -> Self {
        if other.verdict().weight() > self.verdict().weight() { other } else { self }
    }

    /// Returns the rule that was enforced; `None` for limits and for what is not supported.
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.kind {
            ErrorKind::Cose(kind) => {
                if is_encoding(&kind) {
                    return Some(Rule::Deterministic.to_ref());
                }
                cose_ext::Error::new(kind).rule()
            }
            ErrorKind::Malformed { rule, .. }
            | ErrorKind::Verification(rule)
            | ErrorKind::Policy(rule) => Some(rule.to_ref()),
            ErrorKind::Historic(_) => Some(Rule::HistoricDraft.to_ref()),
            ErrorKind::Limit(_) => Some(Rule::BoundedProcessing.to_ref()),
            ErrorKind::Unsupported(_) | ErrorKind::Misuse(_) => None,
        }
    }
}

/// Whether the encoding is valid CBOR and not deterministic.
const fn is_encoding(kind: &cose_ext::error::ErrorKind) -> bool {
    matches!(
        kind,
        cose_ext::error::ErrorKind::Cbor(
            cbor::ErrorKind::NotPreferred
                | cbor::ErrorKind::KeyOrder
                | cbor::ErrorKind::IndefiniteLength
        )
    )
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<cose_ext::Error> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: cose_ext::Error) -> Self {
        Self { kind: ErrorKind::Cose(error.kind()), offset: error.place() }
    }
}

impl From<cbor::Error> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: cbor::Error) -> Self {
        cose_ext::Error::from(error).into()
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Label(label) => write!(f, ": {label}"),
            Self::Cbor(kind) => write!(f, ": {kind}"),
            Self::Count(count) => write!(f, ": {count}"),
            Self::Name(name) => write!(f, ": {name}"),
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DigestAlgorithm => f.write_str("a digest by an algorithm that is not known here"),
            Self::Block => f.write_str("an authentication block that is no COSE_Sign1"),
            Self::EncryptedReport => f.write_str("a report that is encrypted"),
            Self::DigestExtension => f.write_str("a digest with more than algorithm and value"),
            Self::Member(label) => write!(f, "member {label} is not processed here"),
            Self::Command(label) => write!(f, "command {label} is not processed here"),
            Self::Parameter(label) => write!(f, "parameter {label} is not processed here"),
            Self::SeveredAbsent(label) => {
                write!(f, "member {label} was severed, and is not in the envelope")
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.verdict())?;
        match &self.kind {
            ErrorKind::Cose(kind) => fmt::Display::fmt(kind, f)?,
            ErrorKind::Malformed { rule, fact } => write!(f, "{}{fact}", rule.broken())?,
            ErrorKind::Historic(draft) => write!(f, "this follows {draft}")?,
            ErrorKind::Unsupported(unsupported) => fmt::Display::fmt(unsupported, f)?,
            ErrorKind::Limit(limit) => fmt::Display::fmt(limit, f)?,
            ErrorKind::Misuse(misuse) => fmt::Display::fmt(misuse, f)?,
            ErrorKind::Verification(rule) | ErrorKind::Policy(rule) => {
                f.write_str(rule.broken())?
            }
        }
        if let Some(offset) = self.offset {
            write!(f, " at {offset}")?;
        }
        match self.rule() {
            None => Ok(()),
            Some(rule) => write!(f, " ({rule})"),
        }
    }
}

impl core::error::Error for Error {}
