//! An integer of CBOR's range.

use core::{cmp::Ordering, fmt};

/// An integer of CBOR's whole range, -2^64 ..= 2^64 - 1 (RFC 8949 3.1, major types 0 and 1).
///
/// Kept apart from `i64` so that a label beyond its range can never alias a small one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Int {
    negative: bool,
    argument: u64,
}

impl Int {
    /// Makes the integer `argument`.
    #[must_use]
    pub const fn unsigned(argument: u64) -> Self {
        Self { negative: false, argument }
    }

    /// Makes the integer `-1 - argument`.
    #[must_use]
    pub const fn negative(argument: u64) -> Self {
        Self { negative: true, argument }
    }

    /// Makes an integer from an `i64`.
    #[must_use]
    pub const fn new(value: i64) -> Self {
        // For a negative value, -1 - value is its bitwise complement.
        if value < 0 {
            Self::negative((!value).cast_unsigned())
        } else {
            Self::unsigned(value.cast_unsigned())
        }
    }

    /// Returns whether the integer is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.negative
    }

    /// Returns the argument of the CBOR head: the value itself, or `-1 - value` when below zero.
    #[must_use]
    pub const fn argument(self) -> u64 {
        self.argument
    }

    /// Returns the value, or `None` when an `i64` cannot hold it.
    #[must_use]
    pub const fn to_i64(self) -> Option<i64> {
        let argument = self.argument.cast_signed();
        if argument < 0 {
            None
        } else if self.negative {
            Some(!argument)
        } else {
            Some(argument)
        }
    }

    /// Returns the value, or `None` when a `u64` cannot hold it.
    #[must_use]
    pub const fn to_u64(self) -> Option<u64> {
        if self.negative { None } else { Some(self.argument) }
    }

    pub(crate) fn to_i128(self) -> i128 {
        let argument = i128::from(self.argument);
        if self.negative { !argument } else { argument }
    }
}

macro_rules! from_native {
    ($wide:ident, $constructor:ident: $($native:ident)*) => {
        $(impl From<$native> for Int {
            fn from(value: $native) -> Self {
                Self::$constructor($wide::from(value))
            }
        })*
    };
}

from_native!(i64, new: i8 i16 i32 i64);
from_native!(u64, unsigned: u8 u16 u32 u64);

impl Ord for Int {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_i128().cmp(&other.to_i128())
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<i64> for Int {
    fn eq(&self, other: &i64) -> bool {
        *self == Self::new(*other)
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_i128(), f)
    }
}

impl fmt::Debug for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Int;

    #[test]
    fn extremes_do_not_alias() {
        for value in [i64::MIN, i64::MIN + 1, -25, -1, 0, 1, 23, 24, i64::MAX] {
            assert_eq!(Int::new(value).to_i64(), Some(value));
            assert_eq!(Int::new(value).to_i128(), i128::from(value));
        }
        assert_eq!(Int::unsigned(u64::MAX).to_i64(), None);
        assert_eq!(Int::negative(u64::MAX).to_i64(), None);
        assert_ne!(Int::unsigned(1 << 63), Int::new(i64::MIN));
        assert_eq!(Int::negative(u64::MAX).to_i128(), -(1 << 64));
    }
}
