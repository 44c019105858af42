//! The keys of a map, in their order.

use cose_ext::cbor::ErrorKind;

use super::Cursor;
use crate::{Error, Rule, error::Fact};

/// The keys of a map in deterministic encoding that are still to come.
///
/// # State, invariant, cost
///
/// How many are left, and what the next one has to be at least. Keys stand in the order of their
/// encodings, which of integers is first that of all that are not negative, and behind text no
/// integer comes: so one comparison a key tells that it is new.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys<'b> {
    left: u64,
    /// The least place in the order that the next integer may have.
    least: u64,
    /// The latest text, encoded.
    text: &'b [u8],
}

impl Keys<'_> {
    pub(crate) const NONE: Self = Self::new(0);

    /// Returns how many are still to come.
    pub(crate) const fn left(&self) -> u64 {
        self.left
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.left == 0
    }

    pub(super) const fn new(left: u64) -> Self {
        Self { left, least: 0, text: &[] }
    }

    /// Whether another key stands there, which is then counted.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) const fn next(&mut self) -> bool {
        let is_there = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_there
    }
}

impl<'b> Cursor<'b> {
    /// Reads the next key, which has to be an integer: a key that is none breaks the rule `form`,
    /// one that no label has, `known`.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn label(
        &mut self,
        keys: &mut Keys<'b>,
        form: Rule,
        known: Rule,
    ) -> Result<i64, Error> {
        let start = self.position;
        let Some(label) = self.int(form)? else {
            return Err(Error::malformed(known, Fact::None, self.at(start).offset()));
        };
        // The complement of a negative label is the argument of its head.
        let place = match label {
            0.. => label.cast_unsigned(),
            _ => label.cast_unsigned() ^ (u64::MAX >> 1),
        };
        if place < keys.least {
            return Err(self.at(start).broken(ErrorKind::KeyOrder));
        }
        keys.least = place.saturating_add(1);
        Ok(label)
    }

    /// Reads the next key if it is text, and returns whether it is.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn is_past_text(&mut self, keys: &mut Keys<'b>, rule: Rule) -> Result<bool, Error> {
        match self.first() {
            Some(first) if first >> 5 == 3 => self.text_key(keys, rule).map(|()| true),
            _ => Ok(false),
        }
    }

    #[inline(never)]
    fn text_key(&mut self, keys: &mut Keys<'b>, rule: Rule) -> Result<(), Error> {
        let start = self.position;
        self.text(rule)?;
        let key = self.item_since(start).bytes();
        if key <= keys.text {
            return Err(self.at(start).broken(ErrorKind::KeyOrder));
        }
        keys.least = u64::MAX;
        keys.text = key;
        Ok(())
    }
}
