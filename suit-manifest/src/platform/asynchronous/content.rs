//! The comparison of check-content, in constant time, on a device that answers later.

use subtle::{Choice, ConstantTimeEq};

use super::AsyncPlatform;
use crate::ComponentName;

/// Bytes that are read from the device at once.
const CHUNK: usize = 64;

/// Returns whether the component holds exactly `content`, as the comparison of the other driver
/// does.
pub(super) async fn is_same_content<P: AsyncPlatform>(
    platform: &mut P,
    component: &ComponentName<'_>,
    content: &[u8],
) -> Result<bool, P::Error> {
    let mut chunk = [0; CHUNK];
    let mut offset = 0usize;
    let mut is_same = Choice::from(1);
    loop {
        let Some(read) = platform.read(component, offset, &mut chunk).await? else {
            return Ok(false);
        };
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
