//! The check of items as they nearly always come.

use super::{Limits, Reader, head::widen};

/// Levels that are kept; what nests deeper is left to the walker.
const LEVELS: usize = 6;

/// A level that is open.
#[derive(Clone, Copy)]
struct Level {
    /// Items still to come; keys and values count one each, so that at a key the number is even.
    left: usize,
    /// Where the latest key of a map starts, or the first one will.
    latest: usize,
    is_map: bool,
}

impl Level {
    const fn of(left: usize) -> Self {
        Self { left, latest: 0, is_map: false }
    }
}

/// What was learnt of an item on the way through it.
pub(crate) struct Seen {
    /// How many of the items that the limits allow are left.
    pub(super) left: usize,
    /// The keys of the outermost map, each with its [`key_bit`].
    pub(crate) keys: u64,
}

/// One bit of a set of keys: each of the integers 0 to 40 has its own, greater ones that differ in
/// their last four bits have different ones, all other keys share one.
#[allow(clippy::arithmetic_side_effects, reason = "at most 41 + 15")]
pub(crate) const fn key_bit(is_negative: bool, argument: u64) -> u64 {
    match argument {
        _ if is_negative => OTHER_KEYS,
        0..=40 => 1 << argument,
        _ => 1 << (41 + (argument & 15)),
    }
}

/// The bit of all keys that are below zero or text.
pub(crate) const OTHER_KEYS: u64 = 1 << 63;

/// [`check`](super::check) for what nearly all items are: definite lengths, keys that are integers
/// or text in ascending order, no number with a fraction.
///
/// `None`, with the reader where it was, for anything else, be it right or wrong. `above` is the
/// number of levels that the item stands in.
///
/// State: what is still to come at the innermost level, and at each level around it. One step an
/// item, [`LEVELS`] levels; of two keys that follow each other nearly always the first bytes alone
/// are compared.
pub(crate) fn check_plain(reader: &mut Reader<'_>, limits: &Limits, above: usize) -> Option<Seen> {
    let mut ahead = reader.clone();
    let mut open = [Level::of(0); LEVELS];
    let mut depth: usize = 0;
    let mut level = Level::of(1);
    let mut seen = Seen { left: limits.items, keys: 0 };
    loop {
        while level.left == 0 {
            let Some(outer) = depth.checked_sub(1) else {
                *reader = ahead;
                return Some(seen);
            };
            depth = outer;
            level = *open.get(outer)?;
        }
        seen.left = seen.left.checked_sub(1)?;
        let is_key = level.is_map && level.left & 1 == 0;
        level.left = level.left.wrapping_sub(1);
        let start = ahead.position();
        let (first, argument) = ahead.plain_head()?;
        let major = first >> 5;
        let inner = match major {
            2 => ahead.string(argument).map(|_| 0)?,
            3 => is_text(ahead.string(argument)?).then_some(0)?,
            4 => argument,
            5 => argument.checked_mul(2)?,
            6 => 1,
            _ => 0,
        };
        if is_key {
            if !matches!(major, 0 | 1 | 3) || !follows(&ahead, level.latest, start, first) {
                return None;
            }
            level.latest = start;
            if depth == 1 {
                seen.keys |=
                    if major == 3 { OTHER_KEYS } else { key_bit(major == 1, widen(argument)) };
            }
            continue;
        }
        if inner > 0 {
            if depth.saturating_add(above) >= limits.depth {
                return None;
            }
            *open.get_mut(depth)? = level;
            depth = depth.saturating_add(1);
            level = Level { left: inner, latest: ahead.position(), is_map: major == 5 };
        }
    }
}

/// Whether the key at `start`, by its byte `first`, is greater than the one at `latest`, or the
/// first one.
#[inline]
fn follows(reader: &Reader<'_>, latest: usize, start: usize, first: u8) -> bool {
    // Of heads of one byte the greater one is of the greater key; equal ones may be of two texts.
    const fn is_short(first: u8) -> bool {
        first & 0x1f < 24
    }
    match reader.at(latest).first() {
        Some(before) if before < first && is_short(before) && is_short(first) => true,
        _ => latest == start || ascends(reader.at(latest), reader.at(start)),
    }
}

#[inline(never)]
fn ascends(mut latest: Reader<'_>, mut key: Reader<'_>) -> bool {
    matches!((latest.plain(), key.plain()), (Some(latest), Some(key)) if latest < key)
}

/// Whether `content` is UTF-8. Nearly all of it is ASCII, which large processors tell faster.
#[inline]
fn is_text(content: &[u8]) -> bool {
    cfg!(target_pointer_width = "64") && content.is_ascii() || core::str::from_utf8(content).is_ok()
}
