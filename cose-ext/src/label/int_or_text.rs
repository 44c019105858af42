//! An integer or a text: the values that COSE leaves open.

use core::{cmp::Ordering, fmt};

use crate::{
    Error, Rule,
    cbor::{ErrorKind, Int, Item, Map, Raw, Reader, Strictness},
    crypto::Algorithm,
};

/// An integer or a text: what RFC 9052 1.4 calls `label` and lets stand for algorithms, key types
/// and the like. The place where it stands says which registry it belongs to.
///
/// Values compare as such, not as encodings.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9052 1.4 has no others")]
pub enum IntOrText<'a> {
    /// An integer of CBOR's whole range.
    Int(Int),
    /// A text string.
    Text(&'a str),
}

impl<'a> IntOrText<'a> {
    /// Makes the integer `value`.
    #[must_use]
    pub const fn int(value: i64) -> Self {
        Self::Int(Int::new(value))
    }

    /// Returns the value as a small integer, if it is one.
    #[must_use]
    pub const fn to_i64(self) -> Option<i64> {
        match self {
            Self::Int(value) => value.to_i64(),
            Self::Text(_) => None,
        }
    }

    /// Reads an integer or a text string; anything else breaks `rule`.
    #[inline]
    pub(crate) fn read(reader: &mut Reader<'a>, rule: Rule) -> Result<Self, Error> {
        let start = reader.position();
        match reader.item()? {
            Item::Int(value) => Ok(Self::Int(value)),
            Item::Text(value) => Ok(Self::Text(value)),
            Item::TextStart => Err(reader.error(ErrorKind::IndefiniteString, start).into()),
            _ => Err(Error::malformed(rule, start)),
        }
    }
}

impl<'a> IntOrText<'a> {
    /// Compares as the deterministic encodings do: by major type, then by value, or by length and
    /// then bytewise (RFC 8949 4.2.1).
    #[inline]
    pub(crate) fn encoded_cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => {
                (a.is_negative(), a.argument()).cmp(&(b.is_negative(), b.argument()))
            }
            (Self::Text(a), Self::Text(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Self::Int(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Int(_)) => Ordering::Greater,
        }
    }

    /// Returns the value under this label in `map`.
    pub(crate) fn find_in<'b>(&self, map: &Map<'b>) -> Option<Raw<'b>> {
        match self {
            Self::Int(label) => map.find(*label),
            Self::Text(label) => map.find_text(label),
        }
    }

    /// Reads a value that is the whole of `raw`; anything but an integer or text breaks `rule`.
    pub(crate) fn read_raw(raw: &Raw<'a>, rule: Rule) -> Result<Self, Error> {
        let mut reader = Reader::new(raw.bytes(), Strictness::LENIENT);
        Self::read(&mut reader, rule).map_err(|error| error.within(raw.offset()))
    }
}

impl From<i64> for IntOrText<'_> {
    fn from(value: i64) -> Self {
        Self::int(value)
    }
}

impl<'a> From<&'a str> for IntOrText<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl From<Algorithm> for IntOrText<'_> {
    fn from(algorithm: Algorithm) -> Self {
        Self::int(algorithm.value())
    }
}

impl fmt::Display for IntOrText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => fmt::Display::fmt(value, f),
            Self::Text(value) => fmt::Debug::fmt(value, f),
        }
    }
}

impl fmt::Debug for IntOrText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
