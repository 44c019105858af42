//! Items of CBOR, in preferred serialization, out of values of JSON.

use alloc::vec::Vec;

use cose_ext::cbor::{Head, Int, Writer};

use super::Json;

/// Encodes a value as the CBOR that has the same meaning without knowing what it is (RFC 8949 6.2).
/// Members of objects come in deterministic order.
pub(crate) fn of(json: &Json) -> Vec<u8> {
    let mut out = Vec::new();
    write(json, &mut out);
    out
}

/// Writes a value behind what is there.
pub(crate) fn write(json: &Json, out: &mut Vec<u8>) {
    match json {
        Json::Null => small(out, |writer| {
            writer.null();
        }),
        Json::Bool(value) => small(out, |writer| {
            writer.bool(*value);
        }),
        Json::Int(value) => out.extend_from_slice(Head::int(*value).as_bytes()),
        Json::Float(value) => small(out, |writer| {
            writer.float(*value);
        }),
        Json::Text(value) => write_text(value, out),
        Json::Array(values) => {
            out.extend_from_slice(Head::array(values.len()).as_bytes());
            values.iter().for_each(|value| write(value, out));
        }
        Json::Object(members) => {
            out.extend_from_slice(Head::map(members.len()).as_bytes());
            // In the order of the encoded names: the shorter first, and then bytewise (RFC 8949 4.2.1).
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by(|(one, _), (other, _)| {
                one.len().cmp(&other.len()).then_with(|| one.cmp(other))
            });
            for (name, value) in members {
                write_text(name, out);
                write(value, out);
            }
        }
    }
}

fn write_text(value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(Head::text(value.len()).as_bytes());
    out.extend_from_slice(value.as_bytes());
}

/// Entries of a map, each written behind the one before, and put in bytewise order of their keys at
/// the end.
pub(crate) struct Entries {
    bytes: Vec<u8>,
    /// Where key and value of each start, and where it ends.
    places: Vec<(usize, usize, usize)>,
}

/// The key of an entry.
#[derive(Clone, Copy)]
pub(crate) enum Key<'k> {
    Int(i64),
    Text(&'k str),
}

impl Entries {
    /// Returns no entries yet, with room for a few.
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::with_capacity(128), places: Vec::with_capacity(8) }
    }

    /// Adds an entry, whose value `write` writes behind what is there.
    pub(crate) fn add<E>(
        &mut self,
        key: Key<'_>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = self.bytes.len();
        match key {
            Key::Int(key) => self.bytes.extend_from_slice(Head::int(Int::new(key)).as_bytes()),
            Key::Text(key) => write_text(key, &mut self.bytes),
        }
        let value = self.bytes.len();
        write(&mut self.bytes)?;
        self.places.push((start, value, self.bytes.len()));
        Ok(())
    }

    /// Writes the map behind what is there.
    pub(crate) fn write_to(self, out: &mut Vec<u8>) {
        let Self { bytes, mut places } = self;
        let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
        places.sort_unstable_by_key(|(start, value, _)| part(*start, *value));
        out.extend_from_slice(Head::map(places.len()).as_bytes());
        for (start, _, end) in places {
            out.extend_from_slice(part(start, end));
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
    let mut out = Vec::with_capacity(head.as_bytes().len().saturating_add(content.len()));
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(content);
    out
}

/// Writes a simple value or a float: 9 bytes at most.
fn small(out: &mut Vec<u8>, write: impl FnOnce(&mut Writer<'_>)) {
    let mut buffer = [0; 9];
    let mut writer = Writer::new(&mut buffer);
    write(&mut writer);
    out.extend_from_slice(writer.finish().unwrap_or_default());
}
