//! The check of items without nesting.

use super::{Int, Item, Limits, Reader};

/// [`check`](super::check) for what nearly all nested values are: an array or a map of scalars and
/// definite strings, keys integers in ascending order. It keeps no stack of levels.
///
/// Returns how many of the items that `limits` allow are left, behind the item; `None`, with the
/// reader where it was, for anything else, be it right or wrong.
#[inline]
pub(super) fn check_flat(reader: &mut Reader<'_>, limits: &Limits) -> Option<usize> {
    if limits.depth == 0 {
        return None;
    }
    let mut ahead = reader.clone();
    let mut left = limits.items.checked_sub(1)?;
    match ahead.item().ok()? {
        Item::Map(Some(pairs)) => {
            let mut latest = None;
            for _ in 0..pairs {
                left = left.checked_sub(2)?;
                let Item::Int(key) = ahead.item().ok()? else { return None };
                let order = order_of(key);
                if latest.is_some_and(|latest| latest >= order) {
                    return None;
                }
                latest = Some(order);
                skip_scalar(&mut ahead)?;
            }
        }
        Item::Array(Some(len)) => {
            for _ in 0..len {
                left = left.checked_sub(1)?;
                skip_scalar(&mut ahead)?;
            }
        }
        _ => return None,
    }
    *reader = ahead;
    Some(left)
}

/// Integers in this order have ascending encodings (RFC 8949 4.2.1).
#[inline]
const fn order_of(key: Int) -> (bool, u64) {
    (key.is_negative(), key.argument())
}

#[inline]
fn skip_scalar(reader: &mut Reader<'_>) -> Option<()> {
    match reader.item().ok()? {
        Item::Array(_)
        | Item::Map(_)
        | Item::Tag(_)
        | Item::BytesStart
        | Item::TextStart
        | Item::Break => None,
        _ => Some(()),
    }
}
