//! Encoded items, put together.

use alloc::vec::Vec;

use cose_ext::{
    Digest, Value,
    cbor::{Head, Int},
};

pub(crate) fn int(value: impl Into<Int>) -> Vec<u8> {
    Head::int(value.into()).as_bytes().to_vec()
}

pub(crate) fn text(value: &str) -> Vec<u8> {
    Value::Text(value).to_bytes()
}

pub(crate) fn byte_string(content: &[u8]) -> Vec<u8> {
    Value::Bytes(content).to_bytes()
}

pub(crate) fn array<'i>(items: impl IntoIterator<Item = &'i [u8]>) -> Vec<u8> {
    let (mut len, mut body) = (0_usize, Vec::new());
    for item in items {
        body.extend_from_slice(item);
        len = len.saturating_add(1);
    }
    headed(Head::array(len), &body)
}

pub(crate) fn headed(head: Head, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), body].concat()
}

/// A SUIT_Digest.
pub(crate) fn digest(digest: &Digest<'_>) -> Vec<u8> {
    let algorithm = int(digest.algorithm().value());
    array([&algorithm[..], &byte_string(digest.value())])
}

/// A map whose entries stand in the order that deterministic encoding wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SortedMap {
    /// Encoded keys and values, in bytewise order of the keys.
    entries: Vec<(Vec<u8>, Vec<u8>)>,
}

impl SortedMap {
    pub(crate) const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Sets the value under `key`, in place of one that is there.
    pub(crate) fn set(&mut self, key: Vec<u8>, value: Vec<u8>) {
        match self.entries.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(index) => {
                if let Some((_, old)) = self.entries.get_mut(index) {
                    *old = value;
                }
            }
            Err(index) => self.entries.insert(index, (key, value)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn value_mut(&mut self, key: &[u8]) -> Option<&mut Vec<u8>> {
        self.entries.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Head::map(self.entries.len()).as_bytes().to_vec();
        for (key, value) in &self.entries {
            bytes.extend_from_slice(key);
            bytes.extend_from_slice(value);
        }
        bytes
    }
}
