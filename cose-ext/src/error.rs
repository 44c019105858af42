//! Why something was refused.
//!
//! An [`Error`] is a kind and, where bytes are to blame, the offset of the offending item. The
//! kinds are grouped by whose fault it is ([`ErrorKind`]); their facts are numbers, enums and sets
//! of bits, so an error is `Copy` and small. `Display` says what is wrong and names the rule and
//! its clause.

mod breaks;
mod display;
mod fact;
mod feature;
mod key_fault;
mod key_kind;
mod kind;
mod limit;
mod misuse;
mod offset;
mod out_of_force;
mod path_fault;
mod pem_label;
mod policy;
mod stated_purposes;
mod unsupported;
mod verification;

use spec_rules::RuleRef;

pub(crate) use self::breaks::Breaks;
pub use self::{
    fact::Fact,
    key_fault::KeyFault,
    key_kind::KeyKind,
    kind::ErrorKind,
    limit::Limit,
    misuse::Misuse,
    offset::{Offset, Origin},
    out_of_force::OutOfForce,
    path_fault::PathFault,
    pem_label::PemLabel,
    policy::Policy,
    stated_purposes::StatedPurposes,
    unsupported::Unsupported,
    verification::Verification,
};
use crate::Rule;

/// Why something was refused: a kind, and the offset where bytes are to blame.
///
/// Errors are made from the enum of their group: `Policy::KeyOperations.into()`, or
/// `Error::from(Limit::Signatures).at(5)` with an offset.
///
/// ```
/// use cose_ext::{Profile, Sign1, error::ErrorKind};
///
/// let bytes = b"\xd1\x84\x40\xa0\x41x\x40"; // tag 17 is that of a COSE_Mac0
/// let error = Sign1::decode(bytes, &Profile::LENIENT).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Malformed { .. }));
/// assert_eq!(error.rule().unwrap().id, "C4");
/// assert_eq!(error.to_string(), "tag 17 where 18 is due at byte 0 (C4, RFC 9052 2)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    offset: Option<Offset>,
}

/// Errors travel through every `Result` of the library, so their size is part of its stack use.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Error>() <= 48);

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, offset: None }
    }

    /// Makes the error of a message that breaks `rule` with the item at `offset`.
    // Errors are large, and made at many places.
    #[cold]
    #[inline(never)]
    pub(crate) const fn malformed(rule: Rule, offset: usize) -> Self {
        Self::new(ErrorKind::Malformed { rule, fact: None }).at(offset)
    }

    /// Makes the error of a message that breaks `rule` with the item at `offset`, and says how.
    #[cold]
    #[inline(never)]
    pub(crate) const fn malformed_by(rule: Rule, fact: Fact, offset: usize) -> Self {
        Self::new(ErrorKind::Malformed { rule, fact: Some(fact) }).at(offset)
    }

    /// Returns what is wrong, grouped by whose fault it is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns where the offending item starts, in bytes; `None` where no byte is to blame. See
    /// [`place`](Self::place) for the input that the bytes are counted in.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        match self.offset {
            Some(offset) => Some(offset.byte()),
            None => None,
        }
    }

    /// Returns where the offending item starts, and in which input: the one that was handed to the
    /// call, unless the offset says otherwise.
    #[must_use]
    pub const fn place(&self) -> Option<Offset> {
        self.offset
    }

    /// Returns the rule that was enforced; `None` for most limits, for misuse of the interface and
    /// for what is unsupported.
    #[inline]
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self.kind.rule() {
            Some(rule) => Some(rule.to_ref()),
            None => None,
        }
    }

    /// Puts the offending item at byte `offset` of the input that was handed to the call.
    #[must_use]
    pub const fn at(self, offset: usize) -> Self {
        Self { kind: self.kind, offset: Some(Offset::new(offset)) }
    }

    /// Moves the offset, for an input that itself starts at byte `base` of a larger one
    /// ([`Offset::within`]).
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self.offset {
            Some(offset) => Self { kind: self.kind, offset: Some(offset.within(base)) },
            None => self,
        }
    }

    /// Says what the offset counts in, for an input that the caller did not hand over itself
    /// ([`Offset::counted_in`]).
    #[must_use]
    pub const fn counted_in(self, origin: Origin) -> Self {
        match self.offset {
            Some(offset) => Self { kind: self.kind, offset: Some(offset.counted_in(origin)) },
            None => self,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<crate::cbor::Error> for Error {
    /// Blames the sender for all but a chunked string, which is valid.
    #[cold]
    #[inline(never)]
    fn from(error: crate::cbor::Error) -> Self {
        let kind = match error.kind() {
            crate::cbor::ErrorKind::IndefiniteString => Unsupported::ChunkedString.into(),
            kind => ErrorKind::Cbor(kind),
        };
        Self::new(kind).at(error.offset())
    }
}

impl core::error::Error for Error {}
