//! What an error says about the envelope.

use core::fmt;

use super::{Error, ErrorKind};

/// What an [`Error`] says about the envelope or statement that it was found in. What is accepted
/// has no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Verdict {
    /// A signature, a digest or a proof in it does not hold, or its form breaks a rule.
    Broken,
    /// Nothing is known: no enrolled key answers to it, it asks for something that is not supported
    /// here, or a limit was reached. It may be valid.
    CannotEvaluate,
    /// The policy of this device or service does not accept it, whether its signatures hold or not.
    RefusedByPolicy,
}

impl Verdict {
    /// Returns how much the verdict says, beside others of the same block.
    pub(super) const fn weight(self) -> u8 {
        match self {
            Self::Broken => 2,
            Self::CannotEvaluate => 1,
            Self::RefusedByPolicy => 0,
        }
    }
}

impl Error {
    /// Returns which of the verdicts this is.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self.kind() {
            ErrorKind::Suit(kind) => match suit_manifest::Error::new(kind).verdict() {
                suit_manifest::Verdict::Broken => Verdict::Broken,
                suit_manifest::Verdict::CannotEvaluate => Verdict::CannotEvaluate,
                suit_manifest::Verdict::RefusedByPolicy => Verdict::RefusedByPolicy,
            },
            ErrorKind::Scitt(kind) => match scitt_core::Error::new(kind).verdict() {
                scitt_core::Verdict::Broken => Verdict::Broken,
                scitt_core::Verdict::CannotEvaluate => Verdict::CannotEvaluate,
                scitt_core::Verdict::RefusedByPolicy => Verdict::RefusedByPolicy,
            },
            ErrorKind::Broken(_) => Verdict::Broken,
            ErrorKind::Refused(_) => Verdict::RefusedByPolicy,
            ErrorKind::TooManyServices => Verdict::CannotEvaluate,
        }
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
