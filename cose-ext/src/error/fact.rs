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
    /// A coordinate of a key of another length than its curve gives it (RFC 9053 7.1.1).
    Coordinate {
        /// The length that is due, in bytes.
        expected: u32,
        /// The length that was found, in bytes.
        found: u32,
    },
    /// Another number of PEM blocks than one.
    PemBlocks {
        /// How many there are.
        found: u32,
    },
    /// A set of keys where one key is due.
    KeySet,
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
        Self::Length { expected: count(expected), found: count(found) }
    }

    /// Makes the fact of a coordinate of `found` bytes where `expected` are due.
    pub(crate) const fn coordinate(expected: usize, found: usize) -> Self {
        Self::Coordinate { expected: count(expected), found: count(found) }
    }

    /// Makes the fact of `found` PEM blocks where one is due.
    #[cfg(feature = "pem")]
    pub(crate) fn pem_blocks(found: usize) -> Self {
        Self::PemBlocks { found: count(found) }
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
        !matches!(self, Self::Cbor(_) | Self::Length { .. })
    }
}

/// The number in 32 bits, or their largest. `TryFrom` cannot be called in a `const fn`.
const fn count(count: usize) -> u32 {
    match count.to_le_bytes().as_slice() {
        [a, b] => u32::from_le_bytes([*a, *b, 0, 0]),
        [a, b, c, d] | [a, b, c, d, 0, 0, 0, 0] => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => u32::MAX,
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cbor(kind) => fmt::Display::fmt(kind, f),
            Self::OtherTag { found, due } => write!(f, "tag {found} where {due} is due"),
            Self::UnexpectedTag { found } => write!(f, "tag {found} where none is due"),
            Self::NoTag { due } => write!(f, "no tag where {due} is due"),
            Self::Coordinate { expected, found } => {
                write!(f, "a coordinate of {found} bytes where its curve has {expected}")
            }
            Self::PemBlocks { found: 0 } => f.write_str("there is no PEM block"),
            Self::PemBlocks { found } => write!(f, "{found} PEM blocks where one is due"),
            Self::KeySet => f.write_str("a set of keys where one key is due"),
            Self::Length { expected, found } => {
                write!(f, "{found} bytes where {expected} are due")
            }
        }
    }
}
