//! One head with what belongs to it (RFC 8949 3).

use core::fmt;

use super::Int;

/// One head with what belongs to it: a scalar, a definite string, or the start of something longer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item<'b> {
    /// Major types 0 and 1.
    Int(Int),
    /// Major type 2, definite length.
    Bytes(&'b [u8]),
    /// Major type 2, indefinite length: chunks follow up to a break.
    BytesStart,
    /// Major type 3, definite length.
    Text(&'b str),
    /// Major type 3, indefinite length: chunks follow up to a break.
    TextStart,
    /// Major type 4: this many items follow, or items up to a break.
    Array(Option<u64>),
    /// Major type 5: this many pairs follow, or pairs up to a break.
    Map(Option<u64>),
    /// Major type 6: one item follows.
    Tag(u64),
    /// Simple values 20 and 21.
    Bool(bool),
    /// Simple value 22.
    Null,
    /// Simple value 23.
    Undefined,
    /// Any other simple value.
    Simple(u8),
    /// A half, single or double precision number, widened.
    Float(f64),
    /// The end of an indefinite-length item.
    Break,
}

/// The type of a data item, for error messages and tests of the next item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Major types 0 and 1.
    Int,
    /// Major type 2.
    Bytes,
    /// Major type 3.
    Text,
    /// Major type 4.
    Array,
    /// Major type 5.
    Map,
    /// Major type 6.
    Tag,
    /// `true` or `false`.
    Bool,
    /// `null`, which COSE calls nil.
    Null,
    /// Any other simple value.
    Simple,
    /// A floating-point number.
    Float,
    /// The end of an indefinite-length item.
    Break,
}

impl Item<'_> {
    /// Returns the type of this item.
    #[must_use]
    pub const fn data_type(&self) -> Type {
        match self {
            Self::Int(_) => Type::Int,
            Self::Bytes(_) | Self::BytesStart => Type::Bytes,
            Self::Text(_) | Self::TextStart => Type::Text,
            Self::Array(_) => Type::Array,
            Self::Map(_) => Type::Map,
            Self::Tag(_) => Type::Tag,
            Self::Bool(_) => Type::Bool,
            Self::Null => Type::Null,
            Self::Undefined | Self::Simple(_) => Type::Simple,
            Self::Float(_) => Type::Float,
            Self::Break => Type::Break,
        }
    }
}

impl Type {
    /// Returns the type of the item whose first byte this is.
    #[inline]
    pub(super) const fn starting(first: u8) -> Self {
        match first >> 5 {
            0 | 1 => Self::Int,
            2 => Self::Bytes,
            3 => Self::Text,
            4 => Self::Array,
            5 => Self::Map,
            6 => Self::Tag,
            _ => match first {
                0xf4 | 0xf5 => Self::Bool,
                0xf6 => Self::Null,
                0xf9..=0xfb => Self::Float,
                0xff => Self::Break,
                _ => Self::Simple,
            },
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Int => "integer",
            Self::Bytes => "byte string",
            Self::Text => "text string",
            Self::Array => "array",
            Self::Map => "map",
            Self::Tag => "tag",
            Self::Bool => "boolean",
            Self::Null => "nil",
            Self::Simple => "simple value",
            Self::Float => "floating-point number",
            Self::Break => "break",
        })
    }
}
