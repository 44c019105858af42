//! Heads of data items (RFC 8949 3).

use super::Reader;
use crate::cbor::{Determinism, head::widen};

/// The additional information of `first`, the first byte of a head: an argument below 24, or where
/// it is.
#[inline]
pub(super) const fn additional(first: u8) -> u8 {
    first & 0x1f
}

/// Whether no head starts with this byte (RFC 8949 3, 3.2.1).
#[inline]
pub(super) const fn is_reserved(first: u8) -> bool {
    match additional(first) {
        28..=30 => true,
        31 => matches!(first >> 5, 0 | 1 | 6),
        _ => false,
    }
}

/// The argument in the next `len` bytes. Not a method: a reader whose address is taken lives in
/// memory, and each step would wait for its position.
#[inline(never)]
fn long_argument(bytes: &[u8], len: usize) -> Option<u64> {
    let bytes = bytes.get(..len)?;
    Some(bytes.iter().fold(0, |argument, byte| argument << 8 | u64::from(*byte)))
}

impl<'b> Reader<'b> {
    /// The first byte of the next head.
    #[inline(always)] // Smaller than a call.
    pub(in crate::cbor) fn first(&self) -> Option<u8> {
        self.input.get(self.position).copied()
    }

    /// The argument of the head that starts with `first` here; the reader is then behind the head.
    /// `None`, with the reader where it was, for a head that ends too soon, is reserved, or tells
    /// no length. A byte stands here, so that the next position is one of the input, too.
    #[inline(always)] // What nearly all heads are, in place; what else there is, by a call.
    pub(super) fn argument(&mut self, first: u8) -> Option<u64> {
        match additional(first) {
            short @ 0..=23 => {
                self.position = self.position.wrapping_add(1);
                Some(u64::from(short))
            }
            _ => self.longer_argument(first),
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn longer_argument(&mut self, first: u8) -> Option<u64> {
        match additional(first) {
            24 => {
                let argument = self.input.get(self.position.wrapping_add(1))?;
                self.position = self.position.wrapping_add(2);
                Some(u64::from(*argument))
            }
            long @ 25..=27 => {
                let len = 1 << (long & 3);
                let start = self.position.wrapping_add(1);
                let argument = long_argument(self.input.get(start..)?, len)?;
                self.position = start.saturating_add(len);
                Some(argument)
            }
            _ => None,
        }
    }

    /// The argument of a head of type `major`, as the profile wants it; the reader is then behind
    /// the head. `None`, with the reader anywhere, for all else.
    #[inline]
    pub(super) fn argument_of(&mut self, major: u8) -> Option<u64> {
        let first = self.first().filter(|first| first >> 5 == major)?;
        let argument = self.argument(first)?;
        self.is_preferred(first, argument).then_some(argument)
    }

    /// As [`argument`](Self::argument), in a word of the machine, which small machines are quicker
    /// with; `None` also where it takes more.
    #[inline(always)] // As `argument`.
    pub(super) fn word(&mut self, first: u8) -> Option<usize> {
        match additional(first) {
            short @ 0..=23 => {
                self.position = self.position.wrapping_add(1);
                Some(usize::from(short))
            }
            _ => self.longer_word(first),
        }
    }

    #[inline]
    fn longer_word(&mut self, first: u8) -> Option<usize> {
        usize::try_from(self.longer_argument(first)?).ok()
    }

    /// The next `len` bytes, the content of a string; the reader is then behind them.
    #[inline]
    pub(in crate::cbor) fn content(&mut self, len: u64) -> Option<&'b [u8]> {
        self.string(usize::try_from(len).ok()?)
    }

    /// As [`content`](Self::content), of a length in a word.
    #[inline(always)] // Hardly more than a call.
    pub(in crate::cbor) fn string(&mut self, len: usize) -> Option<&'b [u8]> {
        let end = self.position.checked_add(len)?;
        let content = self.input.get(self.position..end)?;
        self.position = end;
        Some(content)
    }

    /// First byte and argument of a head that any profile accepts; the reader is then behind it. Of
    /// major type 7 only `false`, `true`, `null` and `undefined` are. `None`, with the reader
    /// anywhere, for any other head, be it right or wrong, and for an argument that is more than a
    /// word.
    #[inline]
    pub(in crate::cbor) fn plain_head(&mut self) -> Option<(u8, usize)> {
        let first = self.first()?;
        if first >= 0xe0 && !matches!(first, 0xf4..=0xf7) {
            return None;
        }
        let argument = self.word(first)?;
        self.is_preferred(first, widen(argument)).then_some((first, argument))
    }

    /// Whether the head is as short as the argument allows, or may be longer (RFC 8949 4.1).
    #[inline(always)] // As `argument`.
    pub(super) fn is_preferred(&self, first: u8, argument: u64) -> bool {
        additional(first) < 24 || self.is_longer_preferred(first, argument)
    }

    #[inline]
    fn is_longer_preferred(&self, first: u8, argument: u64) -> bool {
        let least = match additional(first) {
            ..=24 => 24,
            25 => 0x100,
            26 => 0x1_0000,
            _ => 0x1_0000_0000,
        };
        argument >= least || self.strictness.determinism == Determinism::Any
    }
}
