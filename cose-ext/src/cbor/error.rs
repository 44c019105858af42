//! Errors of the CBOR reader.

use core::fmt;

use super::Type;

/// What is wrong with a CBOR encoding, and at which byte of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    offset: usize,
}

impl Error {
    /// Makes an error of `kind` at byte `offset`.
    #[must_use]
    pub const fn new(kind: ErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Returns what is wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the offset of the data item that is wrong, in bytes from the start of the input.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns this error for an input that itself starts at byte `base` of a larger one.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        Self { kind: self.kind, offset: self.offset.saturating_add(base) }
    }
}

impl ErrorKind {
    /// Returns whether the item is well-formed and has another type, length or range than the
    /// specification gives it. Crates name a rule of their own for such an item; other kinds speak
    /// for themselves.
    #[must_use]
    pub const fn is_form(&self) -> bool {
        matches!(self, Self::UnexpectedType { .. } | Self::UnexpectedLength | Self::IntegerRange)
    }
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input ends inside a data item, or claims a length that it does not have.
    EndOfInput,
    /// Bytes follow the data item.
    TrailingBytes,
    /// A reserved additional information value or simple value (RFC 8949 3, 3.3).
    Reserved,
    /// A break outside of an indefinite-length item, or after a key without its value (RFC 8949
    /// 3.2.1).
    UnexpectedBreak,
    /// A chunk of an indefinite-length string is not a definite string of its type (RFC 8949
    /// 3.2.3).
    BadChunk,
    /// A text string is not UTF-8 (RFC 8949 3.1).
    InvalidUtf8,
    /// Another type than the one the specification names at this place.
    UnexpectedType {
        /// What the specification wants here.
        expected: Type,
        /// What stands here.
        found: Type,
    },
    /// An array or map of another length than the specification wants.
    UnexpectedLength,
    /// An integer outside of the range that the specification gives it.
    IntegerRange,
    /// Two keys of one map have the same value (RFC 8949 5.6).
    DuplicateKey,
    /// Not the preferred serialization, in a profile that requires it (RFC 8949 4.1).
    NotPreferred,
    /// Map keys out of bytewise order, in a profile that requires it (RFC 8949 4.2.1).
    KeyOrder,
    /// An indefinite length, in a profile that refuses it (RFC 8949 4.2.1).
    IndefiniteLength,
    /// Valid CBOR that cannot be handed out as one slice: an indefinite-length string.
    IndefiniteString,
    /// Valid CBOR that this library does not compare: a map, or nesting beyond four levels, inside
    /// a map key.
    UnsupportedKey,
    /// Nesting deeper than [`Limits::depth`](super::Limits::depth).
    DepthLimit,
    /// More work than [`Limits::items`](super::Limits::items) allows.
    ItemLimit,
    /// A map with keys out of order has more than
    /// [`Limits::map_entries`](super::Limits::map_entries).
    EntryLimit,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EndOfInput => "the input ends inside a data item",
            Self::TrailingBytes => "bytes follow the data item",
            Self::Reserved => "reserved additional information or simple value",
            Self::UnexpectedBreak => "break where no indefinite-length item is open",
            Self::BadChunk => {
                "a chunk of an indefinite-length string is no definite string of its type"
            }
            Self::InvalidUtf8 => "text is not UTF-8",
            Self::UnexpectedType { expected, found } => {
                return write!(f, "expected {expected}, found {found}");
            }
            Self::UnexpectedLength => "array or map of unexpected length",
            Self::IntegerRange => "integer out of range",
            Self::DuplicateKey => "duplicate map key",
            Self::NotPreferred => "not the preferred serialization",
            Self::KeyOrder => "map keys out of bytewise order",
            Self::IndefiniteLength => "indefinite length",
            Self::IndefiniteString => "indefinite-length string where one slice is needed",
            Self::UnsupportedKey => "map key too deeply nested to compare",
            Self::DepthLimit => "nesting limit exceeded",
            Self::ItemLimit => "item limit exceeded",
            Self::EntryLimit => "map entry limit exceeded",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl core::error::Error for Error {}
