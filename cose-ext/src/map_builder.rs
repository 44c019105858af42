//! Writing maps: header buckets, claims sets and others (RFC 8949 4.2.1).

use alloc::vec::Vec;

use minicbor::Encoder;

use crate::{
    IntOrText,
    cbor::{Head, Int, Writer, widen},
    crypto::Algorithm,
};

/// Makes a header bucket, a claims set or any other map from labels to values, in core
/// deterministic encoding (RFC 8949 4.2.1).
///
/// Setting a label again replaces its value.
///
/// ```
/// use cose_ext::MapBuilder;
///
/// let inner = MapBuilder::new().with("b", 5);
/// let map = MapBuilder::new().with(-1, &b"bytes"[..]).with(1, "text").with(2, &inner);
/// // Keys in deterministic order, however they were added.
/// assert_eq!(map.to_bytes(), b"\xa3\x01\x64text\x02\xa1\x61b\x05\x20\x45bytes");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapBuilder {
    /// Encoded labels and values, in bytewise order of the labels.
    entries: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A value for a [`MapBuilder`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'v> {
    /// An integer.
    Int(Int),
    /// A text string.
    Text(&'v str),
    /// A byte string.
    Bytes(&'v [u8]),
    /// `true` or `false`.
    Bool(bool),
    /// A floating-point number, in the shortest form that keeps its value.
    Float(f64),
    /// A tag and its content.
    Tag(u64, &'v Value<'v>),
    /// nil.
    Null,
    /// An array.
    Array(&'v [Value<'v>]),
    /// A map.
    Map(&'v MapBuilder),
    /// One data item that is already encoded; it is checked when the whole is.
    Encoded(&'v [u8]),
}

impl MapBuilder {
    /// Begins a map without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Returns this map with `value` under `label`.
    #[must_use]
    pub fn with<'v>(self, label: impl Into<IntOrText<'v>>, value: impl Into<Value<'v>>) -> Self {
        self.with_key(&label.into().into(), value)
    }

    /// Returns this map with `value` under a key of any type. Maps of CBOR may have arrays or byte
    /// strings as keys; headers and claims sets may not.
    #[must_use]
    pub fn with_key<'v>(mut self, key: &Value<'_>, value: impl Into<Value<'v>>) -> Self {
        let label = encode(key);
        let value = encode(&value.into());
        match self.entries.binary_search_by(|(key, _)| key.cmp(&label)) {
            Ok(index) => {
                if let Some((_, old)) = self.entries.get_mut(index) {
                    *old = value;
                }
            }
            Err(index) => self.entries.insert(index, (label, value)),
        }
        self
    }

    /// Whether there is a value under `label`.
    pub(crate) fn has<'l>(&self, label: impl Into<IntOrText<'l>>) -> bool {
        let label = encode(&label.into().into());
        self.entries.binary_search_by(|(key, _)| key.cmp(&label)).is_ok()
    }

    /// Returns whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the encoded map.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(&Value::Map(self))
    }
}

impl Value<'_> {
    /// Returns the encoded value, in preferred serialization.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }
}

fn encode(value: &Value<'_>) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    // Writing to a Vec cannot fail.
    let _ = write(value, &mut encoder);
    encoder.into_writer()
}

type Written = Result<(), minicbor::encode::Error<core::convert::Infallible>>;

fn write(value: &Value<'_>, encoder: &mut Encoder<Vec<u8>>) -> Written {
    match value {
        Value::Int(value) => raw(encoder, Head::int(*value).as_bytes()),
        Value::Text(value) => {
            encoder.str(value)?;
        }
        Value::Bytes(value) => {
            encoder.bytes(value)?;
        }
        Value::Bool(value) => {
            encoder.bool(*value)?;
        }
        Value::Float(value) => {
            // No encoding is longer.
            let mut bytes = [0; 9];
            let mut writer = Writer::new(&mut bytes);
            writer.float(*value);
            raw(encoder, writer.finish().map_or(&[], |float| float));
        }
        Value::Tag(number, content) => {
            raw(encoder, Head::tag(*number).as_bytes());
            write(content, encoder)?;
        }
        Value::Null => {
            encoder.null()?;
        }
        Value::Array(values) => {
            encoder.array(widen(values.len()))?;
            for value in *values {
                write(value, encoder)?;
            }
        }
        Value::Map(map) => {
            encoder.map(widen(map.entries.len()))?;
            for (label, value) in &map.entries {
                raw(encoder, label);
                raw(encoder, value);
            }
        }
        Value::Encoded(item) => raw(encoder, item),
    }
    Ok(())
}

fn raw(encoder: &mut Encoder<Vec<u8>>, bytes: &[u8]) {
    encoder.writer_mut().extend_from_slice(bytes);
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Int::new(value))
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(value: &'v str) -> Self {
        Self::Text(value)
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(value: &'v [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'v> From<&'v MapBuilder> for Value<'v> {
    fn from(value: &'v MapBuilder) -> Self {
        Self::Map(value)
    }
}

impl<'v> From<&'v [Value<'v>]> for Value<'v> {
    fn from(value: &'v [Value<'v>]) -> Self {
        Self::Array(value)
    }
}

impl<'v> From<IntOrText<'v>> for Value<'v> {
    fn from(value: IntOrText<'v>) -> Self {
        match value {
            IntOrText::Int(value) => Self::Int(value),
            IntOrText::Text(value) => Self::Text(value),
        }
    }
}

impl From<Algorithm> for Value<'_> {
    fn from(value: Algorithm) -> Self {
        value.value().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tags_and_keys_of_any_type() {
        let date = Value::Float(1.5);
        let key = [Value::Bytes(b"\x01"), Value::Int(Int::new(2))];
        let map = MapBuilder::new()
            .with(1, Value::Tag(1, &date))
            .with("x", Value::Float(0.1))
            .with_key(&Value::Array(&key), Value::Bool(true));
        let want = b"\xa3\x01\xc1\xf9\x3e\x00\x61x\xfb\x3f\xb9\x99\x99\x99\x99\x99\x9a\x82\x41\x01\x02\xf5";
        assert_eq!(map.to_bytes(), want);
        let profile = crate::Profile::DETERMINISTIC;
        assert!(profile.item(&map.to_bytes(), 0).is_ok(), "keys stand in bytewise order");
    }
}
