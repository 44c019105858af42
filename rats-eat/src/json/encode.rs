//! Items of CBOR, in preferred serialization, out of values of JSON.

use alloc::vec::Vec;

use cose_ext::cbor::{Head, Int, Writer};

use super::Json;

/// Encodes a value as the CBOR that has the same meaning without knowing what it is (RFC 8949 6.2).
/// Members of objects come in deterministic order.
pub(crate) fn of(json: &Json) -> Vec<u8> {
    match json {
        Json::Null => small(|writer| {
            writer.null();
        }),
        Json::Bool(value) => small(|writer| {
            writer.bool(*value);
        }),
        Json::Int(value) => int(*value),
        Json::Float(value) => small(|writer| {
            writer.float(*value);
        }),
        Json::Text(value) => text(value),
        Json::Array(values) => array(values.iter().map(of)),
        Json::Object(members) => {
            map(members.iter().map(|(name, value)| (text(name), of(value))).collect())
        }
    }
}

/// Encodes an integer.
pub(crate) fn int(value: impl Into<Int>) -> Vec<u8> {
    Head::int(value.into()).as_bytes().to_vec()
}

/// Encodes a text string.
pub(crate) fn text(value: &str) -> Vec<u8> {
    with_head(Head::text(value.len()), value.as_bytes())
}

/// Encodes a byte string.
pub(crate) fn bytes(value: &[u8]) -> Vec<u8> {
    with_head(Head::bytes(value.len()), value)
}

/// Encodes an array of encoded items.
pub(crate) fn array(items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<_> = items.into_iter().collect();
    with_head(Head::array(items.len()), &items.concat())
}

/// Encodes a map of encoded keys and values, in bytewise order of the keys.
pub(crate) fn map(mut entries: Vec<(Vec<u8>, Vec<u8>)>) -> Vec<u8> {
    entries.sort();
    let mut out = Head::map(entries.len()).as_bytes().to_vec();
    for (key, value) in entries {
        out.extend(key);
        out.extend(value);
    }
    out
}

fn with_head(head: Head, content: &[u8]) -> Vec<u8> {
    let mut out = head.as_bytes().to_vec();
    out.extend_from_slice(content);
    out
}

/// Encodes a simple value or a float: 9 bytes at most.
fn small(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = [0; 9];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer);
    writer.finish().map(|item| item.to_vec()).unwrap_or_default()
}
