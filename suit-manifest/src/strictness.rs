//! Which encodings SUIT accepts.

use cose_ext::{Profile, cbor::Strictness};

/// Returns `profile` with the encodings that SUIT accepts: deterministic ones (SUIT manifest 8.1),
/// whatever the profile accepts of COSE messages.
pub(crate) const fn deterministic(profile: &Profile) -> Profile {
    let mut strict = *profile;
    strict.strictness = Strictness::DETERMINISTIC;
    strict
}
