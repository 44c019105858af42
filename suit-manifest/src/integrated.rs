//! Payloads and dependencies that stand in the envelope (SUIT manifest 5.5).

use cose_ext::cbor::{Entries, Map, Reader, Type};

/// A payload that an envelope brings along. The manifest's image digest vouches for it, nothing
/// else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegratedPayload<'a> {
    /// The key that the manifest names as URI.
    pub uri: &'a str,
    /// The payload, not verified; of a dependency its envelope.
    pub payload: &'a [u8],
}

/// Iterator over the integrated payloads of an envelope.
#[derive(Clone, Debug)]
pub struct IntegratedPayloads<'a> {
    entries: Entries<'a>,
}

impl<'a> IntegratedPayloads<'a> {
    pub(crate) fn new(map: &Map<'a>) -> Self {
        Self { entries: map.iter() }
    }
}

impl<'a> Iterator for IntegratedPayloads<'a> {
    type Item = IntegratedPayload<'a>;

    fn next(&mut self) -> Option<IntegratedPayload<'a>> {
        let (key, value) = self.entries.find(|(key, _)| key.data_type() == Type::Text)?;
        // Text keys and their values were read before.
        let uri = key.read(Reader::text).ok()?;
        Some(IntegratedPayload { uri, payload: value.read(Reader::bytes).ok()? })
    }
}
