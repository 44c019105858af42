//! Which of the two sets of numbers a message speaks.

use core::fmt;

/// The set of numbers that types, options and error codes have on the wire.
///
/// draft -26 changed most of them shortly before publication, and peers of both kinds exist. A
/// session has one numbering, which its configuration says; nothing here guesses
/// ([`detect`](crate::detect) tells what some bytes could be).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "there are two, and callers always say which")]
pub enum Numbering {
    /// The IANA registries of 2026, draft -26: Success is 4, Error 5, token 19.
    #[default]
    Iana,
    /// All drafts up to -25: Success is 5, Error 6, token 20.
    Draft25,
}

impl Numbering {
    /// Both, for tools that try each.
    pub const ALL: [Self; 2] = [Self::Iana, Self::Draft25];

    /// Returns the other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Iana => Self::Draft25,
            Self::Draft25 => Self::Iana,
        }
    }
}

impl fmt::Display for Numbering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iana => "the IANA numbering",
            Self::Draft25 => "the numbering of drafts up to -25",
        })
    }
}
