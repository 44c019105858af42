//! The comparison of check-content, in constant time.

use core::hint::black_box;

use crate::{ComponentName, Platform};

/// Bytes that are read from the device at once.
const CHUNK: usize = 64;

/// Returns whether the component holds exactly `content`: the same bytes, and no more of them
/// (draft-ietf-suit-manifest-37 8.4.9.3).
///
/// The time depends on the lengths, and not on where the bytes differ: all of `content` is compared
/// whatever was found before.
pub(crate) fn is_same_content<P: Platform>(
    platform: &mut P,
    component: &ComponentName<'_>,
    content: &[u8],
) -> Result<bool, P::Error> {
    let mut chunk = [0; CHUNK];
    let mut offset = 0usize;
    let mut difference = 0u8;
    loop {
        let Some(read) = platform.read(component, offset, &mut chunk)? else { return Ok(false) };
        let found = chunk.get(..read).unwrap_or_default();
        if found.is_empty() {
            return Ok(offset == content.len() && black_box(difference) == 0);
        }
        let end = offset.saturating_add(found.len());
        let Some(expected) = content.get(offset..end) else { return Ok(false) };
        for (found, expected) in found.iter().zip(expected) {
            difference = black_box(difference | (found ^ expected));
        }
        offset = end;
    }
}
