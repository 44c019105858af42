//! Which encodings SUIT accepts: deterministic ones (SUIT manifest 8.1), whatever a profile accepts
//! of COSE messages.

use cose_ext::{
    Profile,
    cbor::{self, Raw, Strictness},
};

use crate::{Error, Rule, cursor::Cursor, error::Breaks};

/// Checks that `bytes`, at `offset` of a larger input, are one item.
#[cfg(feature = "alloc")]
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

/// Returns the content of a byte string, which nobody has looked at.
#[cfg_attr(target_pointer_width = "64", inline)]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn unread<'a>(raw: &Raw<'a>, rule: Rule) -> Result<Raw<'a>, Error> {
    let mut cursor = Cursor::checked(raw);
    let content = cursor.bytes(rule)?;
    Ok(Raw::read_before(content, cursor.start_of(content)))
}

/// Returns why the item inside of a byte string is refused: for its encoding, if that is wrong, and
/// else for `error`.
#[cold]
#[inline(never)]
pub(crate) fn encoding_first(raw: &Raw<'_>, rule: Rule, profile: &Profile, error: Error) -> Error {
    embedded(raw, profile).breaks(rule).err().unwrap_or(error)
}
