//! The comparison of check-content, in constant time.

use subtle::{Choice, ConstantTimeEq};

use super::Platform;
use crate::ComponentName;

/// Bytes that are read from the device at once.
const CHUNK: usize = 64;

/// Returns whether the component holds exactly `content`: the same bytes, and no more of them
/// (draft-ietf-suit-manifest-37 8.4.9.3).
///
/// The time depends on the lengths, and not on where the bytes differ: all of `content` is compared
/// whatever was found before.
pub(super) fn is_same_content<P: Platform>(
    platform: &mut P,
    component: &ComponentName<'_>,
    content: &[u8],
) -> Result<bool, P::Error> {
    let mut chunk = [0; CHUNK];
    let mut offset = 0usize;
    let mut is_same = Choice::from(1);
    loop {
        let Some(read) = platform.read(component, offset, &mut chunk)? else { return Ok(false) };
        let found = chunk.get(..read).unwrap_or_default();
        if found.is_empty() {
            return Ok(offset == content.len() && bool::from(is_same));
        }
        let end = offset.saturating_add(found.len());
        let Some(expected) = content.get(offset..end) else { return Ok(false) };
        is_same &= found.ct_eq(expected);
        offset = end;
    }
}
