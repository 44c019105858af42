//! Which bucket a parameter may stand in, where its specification says so.

use crate::{AlgorithmPlacement, Error, Label, Rule, cbor::Reader, error::Breaks};

/// One of the two buckets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Protected,
    Unprotected(AlgorithmPlacement),
}

impl Side {
    /// The head of the map that the bucket is.
    pub(super) fn map_head(self, reader: &mut Reader<'_>) -> Result<Option<u64>, Error> {
        reader.map().breaks(match self {
            Self::Protected => Rule::ProtectedForm,
            Self::Unprotected(_) => Rule::Structure,
        })
    }

    /// Refuses a parameter that belongs into the other bucket; its value stands at `offset`.
    pub(super) fn admit(self, label: Label<'_>, offset: usize) -> Result<(), Error> {
        let is_protected = self == Self::Protected;
        let (may, rule) = match label.to_i64() {
            Some(1) => (
                is_protected || self == Self::Unprotected(AlgorithmPlacement::AnyBucket),
                Rule::AlgorithmProtected,
            ),
            Some(2) => (is_protected, Rule::CritProtected),
            Some(258..=260) => (is_protected, Rule::HashEnvelopeProtected),
            Some(269) => (is_protected, Rule::TimestampPlacement),
            Some(270) => (!is_protected, Rule::TimestampPlacement),
            Some(395) => (is_protected, Rule::VdsProtected),
            Some(396) => (!is_protected, Rule::VdpUnprotected),
            _ => return Ok(()),
        };
        if may { Ok(()) } else { Err(Error::malformed(rule, offset)) }
    }
}
