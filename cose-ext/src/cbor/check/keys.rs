//! Whether a key of a map came before, without heap (RFC 8949 5.6).

use core::cmp::Ordering;

use super::spend;
use crate::cbor::{
    Determinism, Error, ErrorKind, Item, Reader,
    key_order::{Plain, compare},
    skip_checked,
};

/// The keys of one map so far.
///
/// State: where the first and the latest key stand, whether each was greater than the one before,
/// and a sketch, in which every integer and every text in one piece has set the bit of its value.
/// While keys ascend, one comparison with the latest tells that a key is new. When they do not, a
/// key whose bit is not set is new; any other is compared with all keys before it, past their
/// values. Nothing but text in chunks equals a key that sets a bit without setting it itself, so
/// the first text in chunks sets them all. The sketch saves work and decides nothing: a bit that is
/// set means "look".
///
/// Cost: one comparison a key in ascending order; otherwise, of n keys in a map, nothing more for
/// about the first dozen and up to n comparisons for each of the others. What is looked at again is
/// charged, and `Limits::map_entries` bounds n.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    /// Where the first key starts.
    first: usize,
    /// Where the latest key starts.
    latest: usize,
    count: usize,
    /// Bits of the plain keys so far.
    seen: u64,
    ascending: bool,
    /// The item that comes next is a key.
    pub(super) at_key: bool,
}

impl Keys {
    /// No keys yet; the first would stand at `content`.
    pub(super) const fn new(content: usize) -> Self {
        Self { first: content, latest: content, count: 0, seen: 0, ascending: true, at_key: true }
    }

    /// Takes the key that starts with `item` at `start`. What is looked at again is taken from
    /// `left`.
    ///
    /// # Errors
    ///
    /// If the key came before, is out of the order that the profile wants, or cannot be compared,
    /// and where a limit is exceeded.
    #[inline]
    pub(super) fn check_new(
        &mut self,
        reader: &Reader<'_>,
        item: &Item<'_>,
        start: usize,
        map_entries: usize,
        left: &mut usize,
    ) -> Result<(), Error> {
        // A plain key is an integer or a text in one piece: it compares without being walked over.
        let key = Plain::of(item);
        let bit = key.map_or(u64::MAX, |key| key.bit());
        let is_new = self.seen & bit == 0;
        if key.is_some() || matches!(item, Item::TextStart) {
            self.seen |= bit;
        }
        let previous = core::mem::replace(&mut self.latest, start);
        let count = self.count;
        self.count = count.saturating_add(1);
        if count == 0 {
            return Ok(());
        }
        let plain = key.and_then(|key| Some(reader.at(previous).plain()?.cmp(&key)));
        // Ascending so far, so the latest key is the greatest: if this one is greater, it is new.
        if self.ascending {
            let (order, items) = match plain {
                Some(order) => (order, 1),
                None => compare(&reader.at(previous), &reader.at(start))?,
            };
            spend(left, items, start)?;
            match order {
                Ordering::Less => {}
                Ordering::Equal => return Err(Error::new(ErrorKind::DuplicateKey, start)),
                Ordering::Greater => self.ascending = false,
            }
        }
        // RFC 8949 4.2.1: keys stand in the bytewise order of their encodings.
        if reader.strictness().determinism == Determinism::Core {
            // Plain keys in their preferred encodings compare as their encodings do.
            let ascends = match plain {
                Some(order) => order == Ordering::Less,
                None => bytewise_ascending(reader, previous, start)?,
            };
            if !ascends {
                return Err(Error::new(ErrorKind::KeyOrder, start));
            }
        }
        if self.ascending {
            return Ok(());
        }
        // From here on a key may cost one comparison with each key before it.
        if count >= map_entries {
            return Err(Error::new(ErrorKind::EntryLimit, start));
        }
        if key.is_some() && is_new {
            return Ok(());
        }
        self.look_back(reader, start, left)
    }

    /// Compares the key at `start` with all before it.
    fn look_back(&self, reader: &Reader<'_>, start: usize, left: &mut usize) -> Result<(), Error> {
        let key = reader.at(start);
        let mut earlier = reader.at(self.first);
        while earlier.position() < start {
            let (order, items) = compare(&earlier, &key)?;
            if order == Ordering::Equal {
                return Err(Error::new(ErrorKind::DuplicateKey, start));
            }
            let skipped = skip_checked(&mut earlier)?.saturating_add(skip_checked(&mut earlier)?);
            spend(left, items.saturating_add(skipped), start)?;
        }
        Ok(())
    }
}

/// Core deterministic order is the order of the encodings (RFC 8949 4.2.1).
fn bytewise_ascending(reader: &Reader<'_>, a: usize, b: usize) -> Result<bool, Error> {
    let (mut left, mut right) = (reader.at(a), reader.at(b));
    skip_checked(&mut left)?;
    skip_checked(&mut right)?;
    Ok(left.raw_since(a) < right.raw_since(b))
}

#[cfg(test)]
mod tests;
