//! Which bucket a parameter may stand in, where its specification says so.

use super::Headers;
use crate::{Error, Label, Rule};

/// Parameters that are forbidden in the unprotected bucket.
const PROTECTED_ONLY: [(Label<'static>, Rule); 7] = [
    (Label::ALG, Rule::AlgorithmProtected),
    (Label::CRIT, Rule::CritProtected),
    (Label::PAYLOAD_HASH_ALG, Rule::HashEnvelopeProtected),
    (Label::PAYLOAD_PREIMAGE_CONTENT_TYPE, Rule::HashEnvelopeProtected),
    (Label::PAYLOAD_LOCATION, Rule::HashEnvelopeProtected),
    (Label::TIMESTAMP_THEN_COSE, Rule::TimestampPlacement),
    (Label::VDS, Rule::VdsProtected),
];

/// Parameters that are forbidden in the protected bucket.
const UNPROTECTED_ONLY: [(Label<'static>, Rule); 2] =
    [(Label::COSE_THEN_TIMESTAMP, Rule::TimestampPlacement), (Label::VDP, Rule::VdpUnprotected)];

pub(super) fn check(headers: &Headers<'_>) -> Result<(), Error> {
    for (label, value) in headers.unprotected().iter() {
        if let Some((_, rule)) = PROTECTED_ONLY.iter().find(|(only, _)| *only == label) {
            return Err(Error::malformed(*rule, value.offset()));
        }
    }
    for (label, value) in headers.protected().iter() {
        if let Some((_, rule)) = UNPROTECTED_ONLY.iter().find(|(only, _)| *only == label) {
            return Err(Error::malformed(*rule, value.offset()));
        }
    }
    Ok(())
}
