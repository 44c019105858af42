//! Which numberings some bytes could have.

use cose_ext::{Authenticated, Profile};

use crate::{Message, Numbering};

/// What [`detect`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Detection {
    /// The bytes are a message under this numbering, and none under the other.
    Only(Numbering),
    /// The bytes are a message under both: many a QueryRequest has no label that changed.
    Ambiguous,
    /// The bytes are no message under either.
    Neither,
}

/// Tells under which numberings `bytes` are a message, with COSE around it or without. It is for
/// tools, and for a first contact: a session is configured with its numbering.
#[must_use]
pub fn detect(bytes: &[u8], profile: &Profile) -> Detection {
    let signed = Authenticated::decode_tagged(bytes, profile).ok();
    let payload = signed.and_then(|signed| signed.danger_unverified_payload());
    let message = payload.unwrap_or(bytes);
    let reads = |numbering| Message::decode(message, numbering, profile).is_ok();
    match Numbering::ALL.map(reads) {
        [true, true] => Detection::Ambiguous,
        [true, false] => Detection::Only(Numbering::Iana),
        [false, true] => Detection::Only(Numbering::Draft25),
        [false, false] => Detection::Neither,
    }
}
