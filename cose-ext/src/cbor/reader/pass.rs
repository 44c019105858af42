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

    /// Comes past an integer or a string; stays where it is before anything else.
    #[inline]
    pub(in crate::cbor) fn pass_whole(&mut self) -> bool {
        let start = self.position;
        let Some(first) = self.first().filter(|first| *first < 0x80) else { return false };
        let is_passed = match (first >> 5, self.word(first)) {
            (0 | 1, Some(_)) => true,
            (_, Some(len)) => self.string(len).is_some(),
            _ => false,
        };
        if !is_passed {
            self.position = start;
        }
        is_passed
    }

    /// Comes past an integer, a string, or a head that tells how many items follow, and returns
    /// that number. `None`, with the reader anywhere, for any other item.
    #[inline(always)]
    pub(in crate::cbor) fn pass_definite(&mut self) -> Option<usize> {
        let first = self.first()?;
        let argument = self.word(first)?;
        match first >> 5 {
            0 | 1 => Some(0),
            2 | 3 => self.string(argument).map(|_| 0),
            4 => Some(argument),
            5 => Some(argument.saturating_mul(2)),
            6 => Some(1),
            _ => None,
        }
    }

    /// Comes past the integer or the text in one piece that stands here, and returns whether it is
    /// `key`, whose encoding is `short` if it has one byte. `None`, with the reader where it was,
    /// for any other item.
    #[inline]
    pub(in crate::cbor) fn pass_key(&mut self, key: &Plain<'_>, short: Option<u8>) -> Option<bool> {
        match self.first()? {
            // Nearly all keys are integers of one byte.
            first @ (0..=0x17 | 0x20..=0x37) => {
                self.position = self.position.wrapping_add(1);
                Some(short == Some(first))
            }
            _ => self.plain().map(|plain| plain == *key),
        }
    }

    #[inline]
    fn short_pass(&mut self) -> Option<Passed> {
        let start = self.position;
        let first = self.first()?;
        let argument = self.argument(first)?;
        let passed = match first >> 5 {
            0 | 1 => Some(Passed::Whole),
            2 | 3 => self.content(argument).map(|_| Passed::Whole),
            4 => Some(Passed::Holds(Some(argument))),
            5 => Some(Passed::Holds(Some(argument.saturating_mul(2)))),
            6 => Some(Passed::Holds(Some(1))),
            _ => None,
        };
        if passed.is_none() {
            self.position = start;
        }
        passed
    }

    /// The integer or the text in one piece that stands here; the reader is then behind it.
    #[inline]
    pub(in crate::cbor) fn plain(&mut self) -> Option<Plain<'b>> {
        let start = self.position;
        let first = self.first()?;
        let argument = self.argument(first)?;
        let plain = match first >> 5 {
            0 => Some(Plain::Int(false, argument)),
            1 => Some(Plain::Int(true, argument)),
            3 => self.content(argument).map(Plain::text),
            _ => None,
        };
        if plain.is_none() {
            self.position = start;
        }
        plain
    }
}
