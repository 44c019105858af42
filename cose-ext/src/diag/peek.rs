//! A look at one integer of a map, ahead of the printer.

use super::skip::skip;
use crate::{
    IntOrText,
    cbor::{Int, Item, MAX_DEPTH, Reader, Strictness},
};

/// Returns the integer under `label` in the map at the start of `item`, for [`Names::resolve`].
///
/// `None` if there is no such map, if it is broken, and if it has the label twice: then the integer
/// decides nothing.
///
/// [`Names::resolve`]: super::Names::resolve
#[must_use]
pub fn integer_under(item: &[u8], label: IntOrText<'_>) -> Option<Int> {
    let mut reader = Reader::new(item, Strictness::LENIENT);
    let Item::Map(pairs) = reader.item().ok()? else { return None };
    let mut left = pairs;
    let mut found = None;
    loop {
        match &mut left {
            Some(0) => return found,
            Some(left) => *left = left.saturating_sub(1),
            None if reader.take_break().ok()? => return found,
            None => {}
        }
        if !is_label(&mut reader, label)? {
            skip(&mut reader, MAX_DEPTH).ok()?;
            continue;
        }
        let Item::Int(value) = reader.item().ok()? else { return None };
        if found.replace(value).is_some() {
            return None;
        }
    }
}

/// Passes over a key and tells whether it is `label`.
fn is_label(reader: &mut Reader<'_>, label: IntOrText<'_>) -> Option<bool> {
    let start = reader.position();
    let found = match reader.item().ok()? {
        Item::Int(key) => IntOrText::Int(key) == label,
        Item::Text(key) => IntOrText::Text(key) == label,
        _ => {
            *reader = reader.at(start);
            skip(reader, MAX_DEPTH).ok()?;
            false
        }
    };
    Some(found)
}
