//! Which bucket a parameter may stand in, where its specification says so.

use crate::{Error, Label, Rule, cbor::Reader, error::Breaks};

/// One of the two buckets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Protected,
    Unprotected,
}

impl Side {
    /// The head of the map that the bucket is.
    pub(super) fn map_head(self, reader: &mut Reader<'_>) -> Result<Option<u64>, Error> {
        reader.map().breaks(match self {
            Self::Protected => Rule::ProtectedForm,
            Self::Unprotected => Rule::Structure,
        })
    }

    /// Refuses a parameter that belongs into the other bucket; its value stands at `offset`.
    pub(super) fn admit(self, label: Label<'_>, offset: usize) -> Result<(), Error> {
        let only = match label.to_i64() {
            Some(1) => (Self::Protected, Rule::AlgorithmProtected),
            Some(2) => (Self::Protected, Rule::CritProtected),
            Some(258..=260) => (Self::Protected, Rule::HashEnvelopeProtected),
            Some(269) => (Self::Protected, Rule::TimestampPlacement),
            Some(270) => (Self::Unprotected, Rule::TimestampPlacement),
            Some(395) => (Self::Protected, Rule::VdsProtected),
            Some(396) => (Self::Unprotected, Rule::VdpUnprotected),
            _ => return Ok(()),
        };
        if only.0 == self { Ok(()) } else { Err(Error::malformed(only.1, offset)) }
    }
}
