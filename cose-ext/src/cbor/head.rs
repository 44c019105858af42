//! A head on the stack.

use super::Type;

/// The head of a data item in preferred serialization, on the stack (RFC 8949 3, 4.1).
///
/// What stands between the caller's slices when a structure is signed or hashed in parts.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    bytes: [u8; 9],
    len: usize,
}

impl Head {
    /// Makes the head of a byte string of `len` bytes.
    #[inline]
    #[must_use]
    pub const fn bytes(len: usize) -> Self {
        Self::new(2, widen(len))
    }

    /// Makes the head of a byte string of `len` bytes, which may be more than fit into memory.
    #[must_use]
    pub const fn bytes_of(len: u64) -> Self {
        Self::new(2, len)
    }

    /// Makes the head of a text string of `len` bytes.
    #[must_use]
    pub const fn text(len: usize) -> Self {
        Self::new(3, widen(len))
    }

    /// Makes the head of an array of `len` items.
    #[must_use]
    pub const fn array(len: usize) -> Self {
        Self::new(4, widen(len))
    }

    /// Makes the head of a map of `len` pairs.
    #[must_use]
    pub const fn map(len: usize) -> Self {
        Self::new(5, widen(len))
    }

    /// Makes the head of tag `number`.
    #[must_use]
    pub const fn tag(number: u64) -> Self {
        Self::new(6, number)
    }

    /// Makes the integer `value`, which is a head and nothing else.
    #[must_use]
    pub const fn int(value: super::Int) -> Self {
        Self::new(if value.is_negative() { 1 } else { 0 }, value.argument())
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    const fn new(major: u8, argument: u64) -> Self {
        let major = major << 5;
        let [b0, b1, b2, b3, b4, b5, b6, b7] = argument.to_be_bytes();
        let (bytes, len) = match argument {
            0..=23 => ([major | b7, 0, 0, 0, 0, 0, 0, 0, 0], 1),
            24..=0xff => ([major | 24, b7, 0, 0, 0, 0, 0, 0, 0], 2),
            0x100..=0xffff => ([major | 25, b6, b7, 0, 0, 0, 0, 0, 0], 3),
            0x1_0000..=0xffff_ffff => ([major | 26, b4, b5, b6, b7, 0, 0, 0, 0], 5),
            _ => ([major | 27, b0, b1, b2, b3, b4, b5, b6, b7], 9),
        };
        Self { bytes, len }
    }

    /// Returns the encoded head.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Returns the type of the item that this head starts.
    #[must_use]
    pub const fn data_type(&self) -> Type {
        match self.bytes[0] >> 5 {
            0 | 1 => Type::Int,
            2 => Type::Bytes,
            3 => Type::Text,
            4 => Type::Array,
            5 => Type::Map,
            _ => Type::Tag,
        }
    }
}

/// No supported platform has a `usize` wider than 64 bits; the assertion is made at compile time.
#[allow(clippy::as_conversions)]
pub(crate) const fn widen(len: usize) -> u64 {
    const { assert!(usize::BITS <= u64::BITS) };
    len as u64
}

/// Returns how many bytes the head of a checked item has.
#[inline]
pub(super) fn head_len(item: &[u8]) -> usize {
    match item.first().map(|first| first & 0x1f) {
        Some(24) => 2,
        Some(25) => 3,
        Some(26) => 5,
        Some(27) => 9,
        _ => 1,
    }
}
