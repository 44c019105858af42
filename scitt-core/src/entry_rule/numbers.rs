//! The numbers that entry rules have in what outlives a process.

use super::{EntryEncoding, EntryPayload};

/// The encodings of entries, with their numbers.
const ENCODINGS: [(u64, EntryEncoding); 4] = [
    (1, EntryEncoding::AsReceived),
    (2, EntryEncoding::Preferred(EntryPayload::AsSubmitted)),
    (3, EntryEncoding::Preferred(EntryPayload::Attached)),
    (4, EntryEncoding::Preferred(EntryPayload::Nil)),
];

impl EntryEncoding {
    pub(crate) fn number(self) -> u64 {
        let known = ENCODINGS.iter().find(|(_, known)| *known == self);
        known.map(|(number, _)| *number).unwrap_or_default()
    }

    pub(crate) fn from_number(number: u64) -> Option<Self> {
        ENCODINGS.iter().find(|(known, _)| *known == number).map(|(_, encoding)| *encoding)
    }
}
