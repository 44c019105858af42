//! What stands where something else is due.

use core::fmt;

use crate::cbor;

/// What stands in the input instead of what the rule asks for.
///
/// Lengths and due tags beyond 32 bits count as `u32::MAX`, so that every error stays small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// What the CBOR reader found.
    Cbor(cbor::ErrorKind),
    /// Another tag.
    OtherTag {
        /// The tag that stands there.
        found: u64,
        /// The tag that is due.
        due: u32,
    },
    /// A tag where none is due.
    UnexpectedTag {
        /// The tag that stands there.
        found: u64,
    },
    /// No tag where one is due.
    NoTag {
        /// The tag that is due.
        due: u32,
    },
    /// Another length.
    Length {
        /// The length that is due, in bytes.
        expected: u32,
        /// The length that was found, in bytes.
        found: u32,
    },
}

impl Fact {
    /// Makes the fact of `found` bytes where `expected` are due.
    pub(crate) fn length(expected: usize, found: usize) -> Self {
        let length = |length| u32::try_from(length).unwrap_or(u32::MAX);
        Self::Length { expected: length(expected), found: length(found) }
    }

    /// Makes the fact of tag `found`, or none, where `due` is due.
    pub(crate) fn tag(found: Option<u64>, due: u64) -> Self {
        let due = u32::try_from(due).unwrap_or(u32::MAX);
        match found {
            Some(found) => Self::OtherTag { found, due },
            None => Self::NoTag { due },
        }
    }

    /// Returns whether the fact says all that the rule would say.
    pub(super) const fn stands_alone(&self) -> bool {
        matches!(self, Self::OtherTag { .. } | Self::UnexpectedTag { .. } | Self::NoTag { .. })
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cbor(kind) => fmt::Display::fmt(kind, f),
            Self::OtherTag { found, due } => write!(f, "tag {found} where {due} is due"),
            Self::UnexpectedTag { found } => write!(f, "tag {found} where none is due"),
            Self::NoTag { due } => write!(f, "no tag where {due} is due"),
            Self::Length { expected, found } => {
                write!(f, "{found} bytes where {expected} are due")
            }
        }
    }
}
