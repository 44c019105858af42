//! One pass over a header bucket: well-formed, every label once, in the right bucket.

use core::cmp::Ordering;

use super::{Bucket, Side};
use crate::{
    Error, IntOrText, Label, Limits, Rule,
    cbor::{
        self, Determinism, ErrorKind, MAX_DEPTH, Map, OTHER_KEYS, Reader, check, check_plain,
        check_within, key_bit,
    },
    error::Limit,
};

impl<'a> Bucket<'a> {
    /// Reads the map that `reader` stands at.
    pub(super) fn read(
        reader: &mut Reader<'a>,
        side: Side,
        limits: &Limits,
    ) -> Result<Self, Error> {
        match Self::read_plain(reader, side, limits) {
            Some(bucket) => Ok(bucket),
            None => Self::read_any(reader, side, limits),
        }
    }

    /// As [`read`](Self::read), of a map as it nearly always comes; `None`, with the reader where
    /// it was, for anything else, be it right or wrong.
    #[inline]
    fn read_plain(reader: &mut Reader<'a>, side: Side, limits: &Limits) -> Option<Self> {
        let start = reader.position();
        let mut ahead = reader.clone();
        let len = ahead.map().ok()??;
        let len = usize::try_from(len).ok().filter(|len| *len <= limits.header_entries)?;
        let mut labels = 0;
        // An empty map, as most unprotected ones are, is its head.
        if len > 0 {
            ahead = reader.clone();
            labels = check_plain(&mut ahead, &limits.cbor, 0)?.keys;
        }
        let map = Map::checked(ahead.raw_since(start), start, len);
        let bucket = Self { map, labels };
        if side == Side::Protected && bucket.labels & MISPLACED != 0 {
            let is_placed = |(label, _)| side.check(label, start).is_ok();
            if !bucket.iter().all(is_placed) {
                return None;
            }
        }
        *reader = ahead;
        Some(bucket)
    }

    /// As [`read`](Self::read), for whatever stands there.
    #[inline(never)]
    fn read_any(reader: &mut Reader<'a>, side: Side, limits: &Limits) -> Result<Self, Error> {
        let start = reader.position();
        let mut left = side.map_head(reader)?;
        let mut scan = Scan {
            first: reader.position(),
            latest: None,
            ascending: true,
            // The bucket is one input, and one level of it.
            left: limits.cbor.with_depth(limits.cbor.depth.min(MAX_DEPTH).saturating_sub(1)),
        };
        let mut labels = 0;
        let mut len: usize = 0;
        loop {
            match &mut left {
                Some(0) => break,
                Some(left) => *left = left.saturating_sub(1),
                None => {
                    if reader.take_break()? {
                        break;
                    }
                }
            }
            if len >= limits.header_entries {
                return Err(Error::from(Limit::HeaderEntries).at(start));
            }
            len = len.saturating_add(1);
            let at = reader.position();
            let label = match Label::read(reader, Rule::LabelForm) {
                Ok(label) => label,
                Err(error) => {
                    // A label in chunks is not read here, but twice the same one is the graver
                    // fault.
                    check(&mut reader.at(start), &limits.cbor)?;
                    return Err(error);
                }
            };
            scan.check_new(label, at, reader)?;
            if side == Side::Protected {
                side.check(label, reader.position())?;
            }
            labels |= bit(label);
            scan.read_value(reader)?;
        }
        let map = Map::checked(reader.raw_since(start), start, len);
        Ok(Self { map, labels })
    }
}

/// The bit of a label in a set of labels: see [`key_bit`].
#[inline]
pub(super) const fn bit(label: Label<'_>) -> u64 {
    match label.value() {
        IntOrText::Int(value) => key_bit(value.is_negative(), value.argument()),
        IntOrText::Text(_) => OTHER_KEYS,
    }
}

/// The bits of the labels that may be misplaced in a protected bucket.
pub(super) const MISPLACED: u64 = bit(Label::COUNTERSIGNATURE_V2)
    | bit(Label::COUNTERSIGNATURE_0_V2)
    | bit(Label::COSE_THEN_TIMESTAMP)
    | bit(Label::VDP);

/// Finds labels that occur twice while a bucket is read.
///
/// State: where the first label stands, the latest label, whether labels have ascended so far, and
/// what the values may still cost.
///
/// Invariant: all labels before the latest differ from each other. While they ascend, the latest is
/// the greatest, and one comparison tells that the next is new. Once one did not, each further
/// label is compared with all before it; their values are walked over again, which is charged
/// again.
///
/// Cost: one comparison for each label in ascending order, as every deterministic encoder writes
/// them; otherwise up to `Limits::header_entries` comparisons, and the walk, for each label.
struct Scan<'a> {
    first: usize,
    latest: Option<Label<'a>>,
    ascending: bool,
    /// What values may still have.
    left: cbor::Limits,
}

impl<'a> Scan<'a> {
    fn spend(&mut self, items: usize, offset: usize) -> Result<(), Error> {
        let left = self.left.items.checked_sub(items);
        let left = left.ok_or(cbor::Error::new(ErrorKind::ItemLimit, offset))?;
        self.left = self.left.with_items(left);
        Ok(())
    }

    fn read_value(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let left = check_within(reader, &self.left)?;
        self.left = self.left.with_items(left);
        Ok(())
    }

    fn check_new(&mut self, label: Label<'a>, at: usize, reader: &Reader<'a>) -> Result<(), Error> {
        // The first label of a bucket has nothing before it.
        let Some(latest) = self.latest.replace(label) else { return Ok(()) };
        let order = latest.encoded_cmp(&label);
        if order == Ordering::Equal {
            return Err(reader.error(ErrorKind::DuplicateKey, at).into());
        }
        if order == Ordering::Greater {
            if reader.strictness().determinism == Determinism::Core {
                return Err(reader.error(ErrorKind::KeyOrder, at).into());
            }
            self.ascending = false;
        }
        if self.ascending {
            return Ok(());
        }
        // The latest label says nothing about those before it any more: look at all of them.
        let mut earlier = reader.at(self.first);
        while earlier.position() < at {
            if Label::read(&mut earlier, Rule::LabelForm)? == label {
                return Err(reader.error(ErrorKind::DuplicateKey, at).into());
            }
            let items = cbor::skip_checked(&mut earlier)?;
            self.spend(items.saturating_add(1), at)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
