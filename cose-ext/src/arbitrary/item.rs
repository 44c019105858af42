//! Data items of any kind (RFC 8949), and what they are made of.

use alloc::vec::Vec;
use core::str;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::encoded::view;
use crate::{
    IntOrText, MapBuilder, Profile, Value,
    cbor::{self, Array, Int, Map, Raw},
};

/// Levels of arrays, maps and tags in one item. A reader follows 16 by default, and an item stands
/// some levels deep already.
const DEPTH: u8 = 3;
/// Elements of one array or map.
const WIDTH: usize = 4;
/// The longest string.
const LENGTH: usize = 48;

/// Returns at most `most` bytes of the input, which may be fewer, and none at its end.
///
/// # Errors
///
/// None.
pub fn bytes<'a>(u: &mut Unstructured<'a>, most: usize) -> Result<&'a [u8]> {
    let len = u.int_in_range(0..=most)?;
    u.bytes(len.min(u.len()))
}

/// Returns at most `most` bytes of the input as text: as many as are UTF-8.
///
/// # Errors
///
/// None.
pub fn text<'a>(u: &mut Unstructured<'a>, most: usize) -> Result<&'a str> {
    let bytes = bytes(u, most)?;
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            str::from_utf8(valid).unwrap_or_default()
        }
    };
    Ok(text)
}

/// Returns how often something is repeated: at most `most` times, and not more often than bytes of
/// the input are left, so that what is made stays in proportion to it.
///
/// # Errors
///
/// None.
pub fn few(u: &mut Unstructured<'_>, most: usize) -> Result<usize> {
    Ok(u.int_in_range(0..=most)?.min(u.len()))
}

/// Returns an encoded item.
pub(super) fn item(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    nested(u, DEPTH)
}

fn nested(u: &mut Unstructured<'_>, depth: u8) -> Result<Vec<u8>> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Ok(Value::arbitrary(u)?.to_bytes());
    };
    Ok(match u.int_in_range(0..=7u8)? {
        0 => array(u, deeper)?,
        1 => map(u, deeper)?.to_bytes(),
        2 => {
            let content = nested(u, deeper)?;
            Value::Tag(u.arbitrary()?, &Value::Encoded(&content)).to_bytes()
        }
        _ => Value::arbitrary(u)?.to_bytes(),
    })
}

fn array(u: &mut Unstructured<'_>, depth: u8) -> Result<Vec<u8>> {
    let items = (0..few(u, WIDTH)?).map(|_| nested(u, depth)).collect::<Result<Vec<_>>>()?;
    Ok(array_of(&items))
}

/// Returns the array of encoded items.
pub(super) fn array_of(items: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<_> = items.iter().map(|item| Value::Encoded(item)).collect();
    Value::Array(&items).to_bytes()
}

fn map(u: &mut Unstructured<'_>, depth: u8) -> Result<MapBuilder> {
    let mut map = MapBuilder::new();
    for _ in 0..few(u, WIDTH)? {
        let (label, value) = (IntOrText::arbitrary(u)?, nested(u, depth)?);
        map = map.with(label, Value::Encoded(&value));
    }
    Ok(map)
}

impl<'a> Arbitrary<'a> for Int {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=3u8)? {
            0 | 1 => Self::new(u.arbitrary::<i8>()?.into()),
            2 => Self::unsigned(u.arbitrary()?),
            _ => Self::negative(u.arbitrary()?),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(9))
    }
}

impl<'a> Arbitrary<'a> for IntOrText<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.ratio(1u8, 3u8)? {
            Self::Text(text(u, LENGTH)?)
        } else {
            Self::Int(u.arbitrary()?)
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(LENGTH.saturating_add(2)))
    }
}

/// One that holds no others; `Encoded<Raw<'static>>` nests.
impl<'a> Arbitrary<'a> for Value<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=7u8)? {
            0..=2 => Self::Int(u.arbitrary()?),
            3 => Self::Text(text(u, LENGTH)?),
            4 => Self::Bytes(bytes(u, LENGTH)?),
            5 => Self::Bool(u.arbitrary()?),
            6 => Self::Float(u.arbitrary()?),
            _ => Self::Null,
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(LENGTH.saturating_add(2)))
    }
}

impl<'a> Arbitrary<'a> for MapBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        map(u, DEPTH)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

impl super::View for Raw<'static> {
    type Of<'b> = Raw<'b>;
    type Error = cbor::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Raw<'_>, cbor::Error> {
        Profile::LENIENT.item(bytes, 0)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        item(u)
    }
}

view!(Array, |bytes| Ok(Array::new(&Profile::LENIENT.item(bytes, 0)?)?), |u| array(u, DEPTH));
view!(Map, |bytes| Ok(Map::new(&Profile::LENIENT.item(bytes, 0)?)?), |u| {
    Ok(map(u, DEPTH)?.to_bytes())
});
