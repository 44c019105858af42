//! One data item, in a few words.

use core::fmt;

use crate::cbor::{Item, Reader, Strictness};

/// The longest text that is shown, in characters.
const LONGEST_TEXT: usize = 40;

/// Writes what stands at byte `offset` of `input`, or nothing where no item can be read. The
/// contents of byte strings stay hidden.
pub(super) fn write(input: &[u8], offset: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut reader = Reader::new(input, Strictness::LENIENT).at(offset);
    let Ok(item) = reader.item() else { return Ok(()) };
    f.write_str("; there stands ")?;
    match item {
        Item::Int(value) => write!(f, "the integer {value}"),
        Item::Bytes(bytes) => write!(f, "a byte string of {} bytes", bytes.len()),
        Item::Text(text) => {
            f.write_str("the text \"")?;
            for character in text.chars().take(LONGEST_TEXT) {
                write!(f, "{}", character.escape_debug())?;
            }
            f.write_str(if text.chars().nth(LONGEST_TEXT).is_some() { "...\"" } else { "\"" })
        }
        Item::Array(Some(len)) => write!(f, "an array of {len}"),
        Item::Map(Some(len)) => write!(f, "a map of {len}"),
        Item::Tag(tag) => write!(f, "tag {tag}"),
        Item::Bool(value) => write!(f, "{value}"),
        Item::Null => f.write_str("nil"),
        Item::Undefined => f.write_str("undefined"),
        Item::Simple(value) => write!(f, "simple value {value}"),
        Item::Float(value) => write!(f, "the number {value:?}"),
        Item::Break => f.write_str("a break"),
        Item::BytesStart | Item::TextStart | Item::Array(None) | Item::Map(None) => {
            write!(f, "an indefinite-length {}", item.data_type())
        }
    }
}
