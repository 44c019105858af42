//! Why a token, a claim or a wrapper was refused.

use core::fmt;

use cose_ext::error::Offset;
use spec_rules::RuleRef;

use crate::Rule;

/// Why a token, a claim or a wrapper was refused: a kind, and the offset where bytes are to blame.
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
    /// As CBOR or COSE it is not what it has to be, or nobody trusted vouches for it.
    Cose(cose_ext::error::ErrorKind),
    /// It is not what it claims to be: this rule is broken.
    Broken(Rule),
    /// Refused by the profile, or by the rules of the verifier.
    Refused(Rule),
    /// More work than a limit allows; what was not looked at may be valid.
    Limit(Rule),
}

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, offset: None }
    }

    #[cfg(feature = "verifier")]
    pub(crate) const fn broken(rule: Rule, offset: usize) -> Self {
        Self::new(ErrorKind::Broken(rule)).at(offset)
    }

    #[cfg(feature = "verifier")]
    pub(crate) const fn refused(rule: Rule) -> Self {
        Self::new(ErrorKind::Refused(rule))
    }

    #[cfg(feature = "verifier")]
    pub(crate) const fn limit(rule: Rule) -> Self {
        Self::new(ErrorKind::Limit(rule))
    }

    /// Returns whether nothing is known about the signature: no key that is enrolled answers to the
    /// message, or this build cannot use it. The message may be valid.
    #[cfg(feature = "verifier")]
    pub(crate) const fn is_not_evaluated(&self) -> bool {
        use cose_ext::error::{ErrorKind as Cose, Policy};
        matches!(
            self.kind,
            ErrorKind::Cose(Cose::Policy(Policy::NotEnrolled { .. }) | Cose::Unsupported(_))
        )
    }

    /// Adds `more` bytes to what a buffer that is too short needs.
    #[cfg(feature = "attester")]
    pub(crate) const fn needing_more(self, more: usize) -> Self {
        use cose_ext::{
            crypto::BufferTooShort,
            error::{ErrorKind as Cose, Misuse},
        };
        match self.kind {
            ErrorKind::Cose(Cose::Misuse(Misuse::BufferTooShort(BufferTooShort { needed }))) => {
                let needed = needed.saturating_add(more);
                let error = BufferTooShort { needed };
                Self::new(ErrorKind::Cose(Cose::Misuse(Misuse::BufferTooShort(error))))
            }
            _ => self,
        }
    }

    /// Returns what is wrong, grouped by where it was found.
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

    /// Returns the rule that was enforced; `None` where none has a number.
    #[inline]
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.kind {
            ErrorKind::Cose(kind) => cose_ext::Error::new(kind).rule(),
            ErrorKind::Broken(rule) | ErrorKind::Refused(rule) | ErrorKind::Limit(rule) => {
                Some(rule.to_ref())
            }
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

impl From<cose_ext::cbor::Error> for Error {
    fn from(error: cose_ext::cbor::Error) -> Self {
        cose_ext::Error::from(error).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Cose(kind) => fmt::Display::fmt(kind, f)?,
            ErrorKind::Broken(rule) | ErrorKind::Refused(rule) | ErrorKind::Limit(rule) => {
                f.write_str(rule.broken())?
            }
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

/// Says which rule a value breaks when it does not read as the rule wants.
#[cfg(feature = "verifier")]
pub(crate) trait Breaks<T> {
    /// Names `rule` for a value of another type, length or range; other errors stay what they are.
    fn breaks(self, rule: Rule) -> Result<T, Error>;
}

#[cfg(feature = "verifier")]
impl<T> Breaks<T> for Result<T, cose_ext::cbor::Error> {
    fn breaks(self, rule: Rule) -> Result<T, Error> {
        self.map_err(|error| {
            if error.kind().is_form() {
                Error::broken(rule, error.offset())
            } else {
                Error::from(error)
            }
        })
    }
}
