//! Heads and strings of items that were checked before, or are checked next: nothing is validated
//! twice, UTF-8 least of all.

use super::Reader;
use crate::cbor::{Error, Item, key_order::Plain};

/// What a reader came past.
#[derive(Clone, Copy)]
pub(in crate::cbor) enum Passed {
    /// A scalar or a string.
    Whole,
    /// A head: this many items follow, or items up to a break.
    Holds(Option<u64>),
    /// The end of an indefinite-length item.
    Break,
}

impl From<Item<'_>> for Passed {
    fn from(item: Item<'_>) -> Self {
        match item {
            Item::Array(len) => Self::Holds(len),
            Item::Map(pairs) => Self::Holds(pairs.map(|pairs| pairs.saturating_mul(2))),
            Item::Tag(_) => Self::Holds(Some(1)),
            Item::BytesStart | Item::TextStart => Self::Holds(None),
            Item::Break => Self::Break,
            _ => Self::Whole,
        }
    }
}

impl<'b> Reader<'b> {
    /// Comes past the next head and, of a string, its content.
    ///
    /// # Errors
    ///
    /// Only for what is not well-formed; other forms than those are not told apart.
    #[inline]
    pub(in crate::cbor) fn pass(&mut self) -> Result<Passed, Error> {
        match self.short_pass() {
            Some(passed) => Ok(passed),
            None => self.item().map(Passed::from),
        }
    }

    #[inline]
    fn short_pass(&mut self) -> Option<Passed> {
        let (first, rest) = self.rest()?.split_first()?;
        let (argument, rest) = argument(*first, rest)?;
        let (passed, rest) = match first >> 5 {
            0 | 1 => (Passed::Whole, rest),
            2 | 3 => (Passed::Whole, split(rest, argument)?.1),
            4 => (Passed::Holds(Some(argument)), rest),
            5 => (Passed::Holds(Some(argument.saturating_mul(2))), rest),
            6 => (Passed::Holds(Some(1)), rest),
            _ => return None,
        };
        self.leave(rest);
        Some(passed)
    }

    /// The integer or the text in one piece that stands here; the reader is then behind it.
    #[inline]
    pub(in crate::cbor) fn plain(&mut self) -> Option<Plain<'b>> {
        let (first, rest) = self.rest()?.split_first()?;
        let (argument, rest) = argument(*first, rest)?;
        let (plain, rest) = match first >> 5 {
            0 => (Plain::Int(false, argument), rest),
            1 => (Plain::Int(true, argument), rest),
            3 => {
                let (content, rest) = split(rest, argument)?;
                (Plain::text(content), rest)
            }
            _ => return None,
        };
        self.leave(rest);
        Some(plain)
    }

    #[inline]
    fn rest(&self) -> Option<&'b [u8]> {
        self.decoder.input().get(self.position()..)
    }

    /// Goes to where `rest`, the end of the input, begins.
    #[inline]
    fn leave(&mut self, rest: &[u8]) {
        self.decoder.set_position(self.decoder.input().len().saturating_sub(rest.len()));
    }
}

/// The argument of a head that starts with `first`, and what follows the head (RFC 8949 3).
#[inline]
fn argument(first: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    Some(match first & 0x1f {
        short @ 0..=23 => (u64::from(short), rest),
        24 => {
            let (byte, rest) = rest.split_first()?;
            (u64::from(*byte), rest)
        }
        25 => {
            let (bytes, rest) = rest.split_first_chunk()?;
            (u64::from(u16::from_be_bytes(*bytes)), rest)
        }
        26 => {
            let (bytes, rest) = rest.split_first_chunk()?;
            (u64::from(u32::from_be_bytes(*bytes)), rest)
        }
        27 => {
            let (bytes, rest) = rest.split_first_chunk()?;
            (u64::from_be_bytes(*bytes), rest)
        }
        _ => return None,
    })
}

/// The first `len` bytes, and the others.
#[inline]
fn split(bytes: &[u8], len: u64) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(usize::try_from(len).ok()?)
}
