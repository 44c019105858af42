//! How far a data item reaches.

use super::{Error, ErrorKind, MAX_DEPTH, Reader, reader::Passed};

/// Skips a data item, its heads and strings checked as they are read; returns the number of items
/// in it. Map keys are not compared.
pub(crate) fn skip(reader: &mut Reader<'_>) -> Result<usize, Error> {
    past(reader, |reader| reader.item().map(Passed::from))
}

/// Skips a data item that was walked before, or is about to be; returns the number of items in it.
#[cfg_attr(target_pointer_width = "64", inline)]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))] // One of it, where flash is scarce.
pub(crate) fn skip_checked(reader: &mut Reader<'_>) -> Result<usize, Error> {
    match reader.pass_whole() {
        true => Ok(1),
        false => past_definite(reader),
    }
}

/// As [`past`], in words of the machine, of items that hold nothing but integers, strings, and
/// items of a definite length; what else there is, is left to [`past`] from the start.
#[inline(never)]
fn past_definite(reader: &mut Reader<'_>) -> Result<usize, Error> {
    let start = reader.position();
    let (mut items, mut left): (usize, usize) = (0, 1);
    while let Some(rest) = left.checked_sub(1) {
        let Some(content) = reader.pass_definite() else {
            *reader = reader.at(start);
            return past(reader, Reader::pass);
        };
        left = rest.saturating_add(content);
        items = items.saturating_add(1);
    }
    Ok(items)
}

/// Goes past an item by its heads alone.
///
/// State: how many items are still to come. Definite arrays, maps and tags only add to that number,
/// so they need no levels; where a break may come, [`past_breaks`] starts over with levels. One
/// step an item, no memory.
fn past<'b>(
    reader: &mut Reader<'b>,
    pass: impl Fn(&mut Reader<'b>) -> Result<Passed, Error>,
) -> Result<usize, Error> {
    let start = reader.clone();
    let mut items: usize = 0;
    let mut left: u64 = 1;
    while let Some(rest) = left.checked_sub(1) {
        left = match pass(reader)? {
            Passed::Whole => rest,
            Passed::Holds(Some(content)) => rest.saturating_add(content),
            Passed::Holds(None) | Passed::Break => {
                *reader = start;
                return past_breaks(reader, pass);
            }
        };
        items = items.saturating_add(1);
    }
    Ok(items)
}

/// As [`past`], for items that may end with a break.
///
/// State: what is still to come at the innermost level, `None` up to a break, and at each level
/// around it. One step an item, [`MAX_DEPTH`] levels.
fn past_breaks<'b>(
    reader: &mut Reader<'b>,
    pass: impl Fn(&mut Reader<'b>) -> Result<Passed, Error>,
) -> Result<usize, Error> {
    let mut items: usize = 0;
    // What is still to come at the levels that are open, outermost first.
    let mut open = [None; MAX_DEPTH];
    let mut depth: usize = 0;
    let mut left = Some(1_u64);
    loop {
        let start = reader.position();
        match pass(reader)? {
            Passed::Whole => left = left.map(|left| left.saturating_sub(1)),
            Passed::Break => {
                if left.is_some() {
                    return Err(Error::new(ErrorKind::UnexpectedBreak, start));
                }
                left = Some(0);
            }
            Passed::Holds(content) => {
                *open.get_mut(depth).ok_or(Error::new(ErrorKind::DepthLimit, start))? =
                    left.map(|left| left.saturating_sub(1));
                depth = depth.saturating_add(1);
                left = content;
            }
        }
        items = items.saturating_add(1);
        while left == Some(0) {
            let Some(level) = depth.checked_sub(1) else { return Ok(items) };
            depth = level;
            left = open.get(level).copied().flatten();
        }
    }
}
