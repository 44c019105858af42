//! The check of items as they nearly always come.

use super::{Limits, Reader, key_order::Plain};

/// Levels that are kept; what nests deeper is left to the walker.
const LEVELS: usize = 6;

/// A level that is open.
#[derive(Clone, Copy)]
struct Level {
    /// Items still to come; keys and values count one each, so that at a key the number is even.
    left: u64,
    /// Where the latest key of a map starts, or the first one will.
    latest: usize,
    is_map: bool,
}

impl Level {
    const fn of(left: u64) -> Self {
        Self { left, latest: 0, is_map: false }
    }
}

/// [`check`](super::check) for what nearly all items are: definite lengths, keys that are integers
/// or text in ascending order, no number with a fraction.
///
/// Returns how many of the items that `limits` allow are left, behind the item; `None`, with the
/// reader where it was, for anything else, be it right or wrong. `above` is the number of levels
/// that the item stands in.
///
/// State: what is still to come at the innermost level, and at each level around it. One step an
/// item, [`LEVELS`] levels.
pub(super) fn check_plain(reader: &mut Reader<'_>, limits: &Limits, above: usize) -> Option<usize> {
    let mut ahead = reader.clone();
    let mut open = [Level::of(0); LEVELS];
    let mut depth: usize = 0;
    let mut level = Level::of(1);
    let mut left = limits.items;
    loop {
        while level.left == 0 {
            let Some(outer) = depth.checked_sub(1) else {
                *reader = ahead;
                return Some(left);
            };
            depth = outer;
            level = *open.get(outer)?;
        }
        left = left.checked_sub(1)?;
        let is_key = level.is_map && level.left & 1 == 0;
        level.left = level.left.saturating_sub(1);
        if is_key {
            let start = ahead.position();
            let key = key(&mut ahead)?;
            if level.latest != start && ahead.at(level.latest).plain()? >= key {
                return None;
            }
            level.latest = start;
            continue;
        }
        let (major, argument) = ahead.plain_head()?;
        let inner = match major {
            2 => {
                ahead.content(argument)?;
                continue;
            }
            3 => {
                core::str::from_utf8(ahead.content(argument)?).ok()?;
                continue;
            }
            4 => Level::of(argument),
            5 => {
                let left = argument.checked_mul(2)?;
                Level { left, latest: ahead.position(), is_map: true }
            }
            6 => Level::of(1),
            _ => continue,
        };
        if inner.left > 0 {
            if depth.saturating_add(above) >= limits.depth {
                return None;
            }
            *open.get_mut(depth)? = level;
            depth = depth.saturating_add(1);
            level = inner;
        }
    }
}

/// Checks the value of a map's key as [`check_plain`] does.
#[inline]
pub(super) fn check_value(reader: &mut Reader<'_>, limits: &Limits) -> Option<()> {
    let start = reader.position();
    match reader.plain_head()? {
        (0 | 1 | 7, _) => {}
        (2, len) => drop(reader.content(len)?),
        (3, len) => drop(core::str::from_utf8(reader.content(len)?).ok()?),
        _ => {
            *reader = reader.at(start);
            check_plain(reader, limits, 1)?;
        }
    }
    Some(())
}

/// Reads a key that is an integer or text.
#[inline]
pub(super) fn key<'b>(reader: &mut Reader<'b>) -> Option<Plain<'b>> {
    match reader.plain_head()? {
        (0, argument) => Some(Plain::Int(false, argument)),
        (1, argument) => Some(Plain::Int(true, argument)),
        (3, len) => {
            let text = reader.content(len)?;
            core::str::from_utf8(text).ok()?;
            Some(Plain::text(text))
        }
        _ => None,
    }
}
