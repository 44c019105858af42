//! Which encodings SUIT accepts: deterministic ones (SUIT manifest 8.1), whatever a profile accepts
//! of COSE messages.

use cose_ext::{
    Profile,
    cbor::{self, CheckedEntries, Raw, Strictness},
};

use crate::{Error, Rule, error::Breaks};

/// Checks that `bytes`, at `offset` of a larger input, are one item.
pub(crate) fn item<'a>(
    bytes: &'a [u8],
    offset: usize,
    profile: &Profile,
) -> Result<Raw<'a>, cbor::Error> {
    Raw::decode(bytes, offset, Strictness::DETERMINISTIC, &profile.limits.cbor)
}

/// Checks and returns the item inside of a byte string.
pub(crate) fn embedded<'a>(raw: &Raw<'a>, profile: &Profile) -> Result<Raw<'a>, cbor::Error> {
    raw.embedded(Strictness::DETERMINISTIC, &profile.limits.cbor)
}

/// Starts to read the map inside of a byte string, which is checked on the way.
///
/// Whoever refuses what is in it asks [`encoding_first`].
pub(crate) fn entries<'a, 'l>(
    raw: &Raw<'a>,
    profile: &'l Profile,
) -> Result<CheckedEntries<'a, 'l>, cbor::Error> {
    let (content, offset) = raw.byte_string()?;
    CheckedEntries::open(content, offset, Strictness::DETERMINISTIC, &profile.limits.cbor)
}

/// Returns why the map inside of a byte string is refused: for its encoding, if that is wrong, and
/// else for `error`.
#[cold]
pub(crate) fn encoding_first(raw: &Raw<'_>, rule: Rule, profile: &Profile, error: Error) -> Error {
    embedded(raw, profile).breaks(rule).err().unwrap_or(error)
}

/// Checks that the value, of a checked map in deterministic encoding, is a byte string.
#[inline]
pub(crate) fn byte_string(value: &Raw<'_>, rule: Rule) -> Result<(), Error> {
    match value.data_type() {
        cbor::Type::Bytes => Ok(()),
        _ => value.byte_string().map(drop).breaks(rule),
    }
}
