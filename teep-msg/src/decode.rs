//! Small readers that say which rule breaks.

use cose_ext::cbor::{self, Array, Map, Raw, Reader};

use crate::{Error, Rule};

/// Names `rule` where an item has another type, length or range; other faults of CBOR stay what
/// they are.
pub(crate) fn broken(rule: Rule) -> impl Fn(cbor::Error) -> Error {
    move |error| {
        if error.kind().is_form() { Error::malformed(rule, error.offset()) } else { error.into() }
    }
}

pub(crate) fn uint(raw: &Raw<'_>, rule: Rule) -> Result<u64, Error> {
    raw.read(Reader::uint).map_err(broken(rule))
}

/// `uint .size 4`.
pub(crate) fn uint32(raw: &Raw<'_>, rule: Rule) -> Result<u32, Error> {
    u32::try_from(uint(raw, rule)?).map_err(|_| Error::malformed(rule, raw.offset()))
}

pub(crate) fn bytes<'a>(raw: &Raw<'a>, rule: Rule) -> Result<&'a [u8], Error> {
    raw.read(Reader::bytes).map_err(broken(rule))
}

/// A byte string of `least` to `most` bytes.
pub(crate) fn bytes_within(
    raw: &Raw<'_>,
    (least, most): (usize, usize),
    rule: Rule,
) -> Result<(), Error> {
    let len = bytes(raw, rule)?.len();
    if (least..=most).contains(&len) { Ok(()) } else { Err(Error::malformed(rule, raw.offset())) }
}

/// A text of 1 to `most` bytes.
pub(crate) fn text_within(raw: &Raw<'_>, most: usize, rule: Rule) -> Result<(), Error> {
    let len = raw.read(Reader::text).map_err(broken(rule))?.len();
    if (1..=most).contains(&len) { Ok(()) } else { Err(Error::malformed(rule, raw.offset())) }
}

pub(crate) fn array<'a>(raw: &Raw<'a>, rule: Rule) -> Result<Array<'a>, Error> {
    Array::new(raw).map_err(broken(rule))
}

pub(crate) fn map<'a>(raw: &Raw<'a>, rule: Rule) -> Result<Map<'a>, Error> {
    Map::new(raw).map_err(broken(rule))
}

/// `[+ ...]`.
pub(crate) fn some<'a>(raw: &Raw<'a>, rule: Rule) -> Result<Array<'a>, Error> {
    let array = array(raw, rule)?;
    if array.is_empty() { Err(Error::malformed(rule, raw.offset())) } else { Ok(array) }
}

/// `SUIT_Component_Identifier = [* bstr]`.
pub(crate) fn component_id(raw: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    for segment in array(raw, rule)? {
        bytes(&segment, rule)?;
    }
    Ok(())
}

/// The text of an item that was checked.
pub(crate) fn read_text<'a>(raw: &Raw<'a>) -> Option<&'a str> {
    raw.read(Reader::text).ok()
}

/// The bytes of an item that was checked.
pub(crate) fn read_bytes<'a>(raw: &Raw<'a>) -> Option<&'a [u8]> {
    raw.read(Reader::bytes).ok()
}

/// The number of an item that was checked.
pub(crate) fn read_uint(raw: &Raw<'_>) -> Option<u64> {
    raw.read(Reader::uint).ok()
}
