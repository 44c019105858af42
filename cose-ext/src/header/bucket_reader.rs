//! One pass over a header bucket: well-formed, every label once, in the right bucket.

use core::cmp::Ordering;

use super::{Bucket, Side};
use crate::{
    Error, Label, Limits, Rule,
    cbor::{self, Determinism, ErrorKind, Item, MAX_DEPTH, Map, Reader, check, check_within},
    error::Limit,
};

impl<'a> Bucket<'a> {
    /// Reads the map that `reader` stands at.
    pub(super) fn read(
        reader: &mut Reader<'a>,
        side: Side,
        limits: &Limits,
    ) -> Result<Self, Error> {
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

/// A set of labels: one bit for each of 0 to 62, and one for all others.
#[inline]
pub(super) const fn bit(label: Label<'_>) -> u64 {
    match label.to_i64() {
        Some(small @ 0..=62) => 1 << small,
        _ => OTHERS,
    }
}

/// The bit of all labels that have none of their own.
const OTHERS: u64 = 1 << 63;

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
    #[inline]
    fn spend(&mut self, items: usize, offset: usize) -> Result<(), Error> {
        let left = self.left.items.checked_sub(items);
        let left = left.ok_or(cbor::Error::new(ErrorKind::ItemLimit, offset))?;
        self.left = self.left.with_items(left);
        Ok(())
    }

    #[inline]
    fn read_value(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let start = reader.position();
        match reader.item()? {
            Item::Array(_) | Item::Map(_) | Item::Tag(_) | Item::BytesStart | Item::TextStart => {
                // Read again from its head, by the walker that bounds depth and finds equal keys.
                *reader = reader.at(start);
                let left = check_within(reader, &self.left)?;
                self.left = self.left.with_items(left);
                Ok(())
            }
            Item::Break => Err(reader.error(ErrorKind::UnexpectedBreak, start).into()),
            _ => self.spend(1, start),
        }
    }

    #[inline]
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
