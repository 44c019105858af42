//! Why an envelope, a submission or a log entry was refused.

mod step;
mod verdict;

use core::fmt;

use cose_ext::error::{ErrorKind as CoseErrorKind, Limit, Offset, Origin, Policy, Verification};
use spec_rules::RuleRef;

pub use step::Step;
pub use verdict::Verdict;

use crate::Rule;

/// Why an envelope, a submission or a log entry was refused: a kind, the offset where bytes are to
/// blame, and the step of the device that refuses.
///
/// The offset counts in the envelope that was handed to the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    /// The byte that is to blame, in the input that `origin` names; 0 where there is none.
    byte: usize,
    origin: Option<Origin>,
    step: Option<Step>,
}

// Kinds of two crates, of 40 bytes each, and which of them it is: 8 bytes more than theirs.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Error>() <= 64);

/// What is wrong, grouped by where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The envelope or its manifest breaks a rule of `suit-manifest`, or asks for something that is
    /// not supported there.
    Suit(suit_manifest::ErrorKind),
    /// The block breaks a rule of `scitt-core` or `cose-ext` as a statement, or a receipt does not
    /// count for it.
    Scitt(scitt_core::ErrorKind),
    /// The block, or its signature, breaks this rule of the profile: no policy can accept it.
    Broken(Rule),
    /// The policy of the device or service refuses it by this rule: elsewhere it may be accepted.
    Refused(Rule),
    /// The trust store has more than 64 entries of services, and a device cannot tell so many
    /// apart.
    TooManyServices,
}

impl Error {
    /// Makes an error without an offset.
    #[must_use]
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, byte: 0, origin: None, step: None }
    }

    pub(crate) const fn broken(rule: Rule) -> Self {
        Self::new(ErrorKind::Broken(rule))
    }

    pub(crate) const fn refused(rule: Rule) -> Self {
        Self::new(ErrorKind::Refused(rule))
    }

    /// An error of the processor: its order of sequence numbers is the last step of the device.
    pub(crate) fn of_processor(error: suit_manifest::Error) -> Self {
        match error.kind() {
            suit_manifest::ErrorKind::Policy(suit_manifest::Rule::SequenceNumber) => {
                Self::refused(Rule::NumberInOrder)
                    .at_place(error.place())
                    .in_step(Step::SequenceNumber)
            }
            _ => error.into(),
        }
    }

    /// Returns what is wrong, grouped by where it was found.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the step of the device that refuses; `None` where it was no device, or the manifest
    /// was refused by the processor for a reason of its own.
    #[must_use]
    pub const fn step(&self) -> Option<Step> {
        self.step
    }

    /// Returns where the offending item starts, in bytes; `None` where no byte is to blame.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        match self.origin {
            Some(_) => Some(self.byte),
            None => None,
        }
    }

    /// Returns where the offending item starts, and in which input.
    #[must_use]
    pub const fn place(&self) -> Option<Offset> {
        match self.origin {
            Some(origin) => Some(Offset::new(self.byte).counted_in(origin)),
            None => None,
        }
    }

    const fn at_place(self, place: Option<Offset>) -> Self {
        match place {
            Some(place) => Self { byte: place.byte(), origin: Some(place.origin()), ..self },
            None => Self { byte: 0, origin: None, ..self },
        }
    }

    /// Puts the offending item at byte `offset` of the input.
    #[must_use]
    pub const fn at(self, offset: usize) -> Self {
        self.at_place(Some(Offset::new(offset)))
    }

    /// Moves the offset, for an input that itself starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self.place() {
            Some(place) => self.at_place(Some(place.within(base))),
            None => self,
        }
    }

    /// Says in which step it happened, unless that was said before.
    pub(crate) const fn in_step(self, step: Step) -> Self {
        match self.step {
            Some(_) => self,
            None => Self { step: Some(step), ..self },
        }
    }

    /// Of the reasons of two blocks that of the one which came further; if neither did, the first.
    pub(crate) fn further(self, other: Self) -> Self {
        if other.step > self.step { other } else { self }
    }

    /// Of the reasons of two receipts the one that says more: that a receipt is broken more than
    /// that nobody here can judge it, and that more than a refusal. Of two that say as much, the
    /// first.
    pub(crate) fn more_specific(self, other: Self) -> Self {
        if other.verdict().weight() > self.verdict().weight() { other } else { self }
    }

    /// Returns whether the work that one call may cause is used up: what was not looked at may be
    /// valid.
    pub(crate) const fn is_limit(&self) -> bool {
        if matches!(self.kind, ErrorKind::Scitt(scitt_core::ErrorKind::TooManyReceipts)) {
            return true;
        }
        matches!(
            self.cose_kind(),
            Some(CoseErrorKind::Limit(
                Limit::SignatureChecks | Limit::HashedBytes | Limit::ComparedItems
            ))
        )
    }

    /// Returns whether no other block can make the envelope good.
    pub(crate) const fn is_final(&self) -> bool {
        self.is_limit() || matches!(self.kind, ErrorKind::Broken(Rule::NoTwin))
    }

    /// Returns whether no enrolled key verified, for whatever reason.
    pub(crate) const fn is_of_key(&self) -> bool {
        matches!(
            self.cose_kind(),
            Some(
                CoseErrorKind::Policy(_)
                    | CoseErrorKind::Verification(Verification::InvalidSignature { .. })
            )
        )
    }

    /// Names the rule where nobody in the firmware role signed.
    pub(crate) fn of_signature(self) -> Self {
        match self.kind {
            ErrorKind::Scitt(scitt_core::ErrorKind::Cose(CoseErrorKind::Policy(
                Policy::NotEnrolled { .. },
            ))) => Self::refused(Rule::FirmwareKey),
            ErrorKind::Scitt(scitt_core::ErrorKind::Cose(CoseErrorKind::Verification(
                Verification::InvalidSignature { .. },
            ))) => Self::broken(Rule::FirmwareKey),
            _ => self,
        }
    }

    const fn cose_kind(&self) -> Option<&CoseErrorKind> {
        match &self.kind {
            ErrorKind::Scitt(
                scitt_core::ErrorKind::Cose(kind)
                | scitt_core::ErrorKind::Receipt(scitt_core::merkle_proof::cose::ErrorKind::Cose(
                    kind,
                )),
            )
            | ErrorKind::Suit(suit_manifest::ErrorKind::Cose(kind)) => Some(kind),
            _ => None,
        }
    }

    /// Returns the rule that was enforced; `None` for limits and for what is not supported.
    #[must_use]
    pub fn rule(&self) -> Option<RuleRef> {
        match self.kind {
            _ if self.is_limit() => Some(Rule::BoundedWork.to_ref()),
            ErrorKind::Suit(kind) => suit_manifest::Error::new(kind).rule(),
            ErrorKind::Scitt(kind) => scitt_core::Error::new(kind).rule(),
            ErrorKind::Broken(rule) | ErrorKind::Refused(rule) => Some(rule.to_ref()),
            ErrorKind::TooManyServices => None,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<suit_manifest::ErrorKind> for Error {
    fn from(kind: suit_manifest::ErrorKind) -> Self {
        Self::new(ErrorKind::Suit(kind))
    }
}

impl From<scitt_core::ErrorKind> for Error {
    fn from(kind: scitt_core::ErrorKind) -> Self {
        Self::new(ErrorKind::Scitt(kind))
    }
}

impl From<suit_manifest::Error> for Error {
    fn from(error: suit_manifest::Error) -> Self {
        Self::new(ErrorKind::Suit(error.kind())).at_place(error.place())
    }
}

impl From<scitt_core::Error> for Error {
    fn from(error: scitt_core::Error) -> Self {
        Self::new(ErrorKind::Scitt(error.kind())).at_place(error.place())
    }
}

impl From<cose_ext::Error> for Error {
    fn from(error: cose_ext::Error) -> Self {
        scitt_core::Error::from(error).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match &self.kind {
            ErrorKind::Broken(rule) | ErrorKind::Refused(rule) => rule,
            ErrorKind::Suit(kind) => {
                let error = suit_manifest::Error::new(*kind);
                let error = self.offset().map_or(error, |offset| error.at(offset));
                return fmt::Display::fmt(&error, f);
            }
            ErrorKind::Scitt(kind) => {
                let error = scitt_core::Error::new(*kind);
                let error = self.offset().map_or(error, |offset| error.at(offset));
                return fmt::Display::fmt(&error, f);
            }
            ErrorKind::TooManyServices => {
                return write!(f, "{}: too many services in the trust store", self.verdict());
            }
        };
        write!(f, "{}: {}", self.verdict(), rule.broken())?;
        if let Some(offset) = self.place() {
            write!(f, " at {offset}")?;
        }
        write!(f, " ({})", rule.to_ref())
    }
}

impl core::error::Error for Error {}
