//! Which bucket a parameter may stand in, where its specification says so.

use super::{
    Headers,
    bucket_reader::{MISPLACED, bit},
};
use crate::{AlgorithmPlacement, Error, Label, Rule, cbor::Reader, error::Breaks};

/// One of the two buckets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Protected,
    Unprotected(AlgorithmPlacement),
}

impl Side {
    /// The head of the map that the bucket is.
    #[inline]
    pub(super) fn map_head(self, reader: &mut Reader<'_>) -> Result<Option<u64>, Error> {
        reader.map().breaks(match self {
            Self::Protected => Rule::ProtectedForm,
            Self::Unprotected(_) => Rule::Structure,
        })
    }

    /// Refuses a parameter that belongs into the other bucket; its value stands at `offset`.
    #[inline]
    pub(super) fn check(self, label: Label<'_>, offset: usize) -> Result<(), Error> {
        if bit(label) & PLACED == 0 {
            return Ok(());
        }
        let is_protected = self == Self::Protected;
        let (may, rule) = match label {
            Label::ALG => (
                is_protected || self == Self::Unprotected(AlgorithmPlacement::AnyBucket),
                Rule::AlgorithmProtected,
            ),
            Label::CRIT => (is_protected, Rule::CritProtected),
            Label::COUNTERSIGNATURE_V2 | Label::COUNTERSIGNATURE_0_V2 => {
                (!is_protected, Rule::CountersignaturePlacement)
            }
            Label::PAYLOAD_HASH_ALG
            | Label::PAYLOAD_PREIMAGE_CONTENT_TYPE
            | Label::PAYLOAD_LOCATION => (is_protected, Rule::HashEnvelopeProtected),
            Label::TIMESTAMP_THEN_COSE => (is_protected, Rule::TimestampPlacement),
            Label::COSE_THEN_TIMESTAMP => (!is_protected, Rule::TimestampPlacement),
            Label::VDS => (is_protected, Rule::VdsProtected),
            Label::VDP => (!is_protected, Rule::VdpUnprotected),
            _ => return Ok(()),
        };
        if may { Ok(()) } else { Err(Error::malformed(rule, offset)) }
    }
}

/// The bits of the labels that may stand in the protected bucket only.
const RESTRICTED: u64 = bit(Label::ALG)
    | bit(Label::CRIT)
    | bit(Label::PAYLOAD_HASH_ALG)
    | bit(Label::PAYLOAD_PREIMAGE_CONTENT_TYPE)
    | bit(Label::PAYLOAD_LOCATION)
    | bit(Label::TIMESTAMP_THEN_COSE)
    | bit(Label::VDS);

/// The bits of all labels that [`Side::check`] looks at.
const PLACED: u64 = RESTRICTED | MISPLACED;

/// Refuses unprotected parameters that belong into the other bucket, and count.
#[inline]
pub(super) fn check(headers: &Headers<'_>, side: Side) -> Result<(), Error> {
    let bucket = headers.unprotected();
    if bucket.labels() & RESTRICTED == 0 {
        return Ok(());
    }
    bucket.iter().try_for_each(|(label, value)| {
        if headers.is_shadowed(label) { Ok(()) } else { side.check(label, value.offset()) }
    })
}
