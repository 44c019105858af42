//! What a strict reading finds in a message.

use core::fmt;

use crate::Rule;

/// A rule that a message breaks although it decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// In which way it is broken.
    pub departure: Departure,
    /// Where the offending item starts, in the bytes of the message; of something that is missing,
    /// where the message starts.
    pub offset: usize,
}

/// In which way a message departs from a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Departure {
    /// Something is not there.
    Missing,
    /// Something is there that must not be.
    Unexpected,
    /// Something has another value than it must have.
    Different,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} ({})", self.rule.broken(), self.offset, self.rule.to_ref())
    }
}
