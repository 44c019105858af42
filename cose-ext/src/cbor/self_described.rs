//! Self-described CBOR (RFC 8949 3.4.6).

use super::{Item, Reader, Strictness};
use crate::tag;

/// Returns what stands behind the tag of self-described CBOR, 55799, which files may start with and
/// which has no meaning. Without that tag it returns all of `bytes`. Nothing else is checked.
///
/// ```
/// use cose_ext::{Profile, Sign1, cbor::self_described};
/// # let file = b"\xd9\xd9\xf7\xd2\x84\x40\xa0\x40\x40";
/// let message = Sign1::decode(self_described(file), &Profile::LENIENT)?;
/// # Ok::<(), cose_ext::Error>(())
/// ```
#[must_use]
pub fn self_described(bytes: &[u8]) -> &[u8] {
    let mut reader = Reader::new(bytes, Strictness::LENIENT);
    match reader.item() {
        Ok(Item::Tag(tag::SELF_DESCRIBED)) => bytes.get(reader.position()..).unwrap_or_default(),
        _ => bytes,
    }
}
