//! Encodings of keys in parts.

use crate::crypto::BufferTooShort;

/// Writes an encoding in parts to its argument, the same ones each time.
pub(super) type Parts<'p> = dyn Fn(&mut dyn FnMut(&[u8])) + 'p;

/// Length of all parts together, in bytes.
pub(super) fn len(parts: &Parts<'_>) -> usize {
    let mut len: usize = 0;
    parts(&mut |part| len = len.saturating_add(part.len()));
    len
}

/// Puts the parts together at the front of `out`.
pub(super) fn fill<'o>(parts: &Parts<'_>, out: &'o mut [u8]) -> Result<&'o [u8], BufferTooShort> {
    let needed = len(parts);
    let out = out.get_mut(..needed).ok_or(BufferTooShort { needed })?;
    let mut at: usize = 0;
    parts(&mut |part| {
        let end = at.saturating_add(part.len());
        if let Some(place) = out.get_mut(at..end) {
            place.copy_from_slice(part);
        }
        at = end;
    });
    Ok(out)
}

/// Puts the parts together on the heap.
#[cfg(feature = "alloc")]
pub(super) fn collect(parts: &Parts<'_>) -> alloc::vec::Vec<u8> {
    let mut out = alloc::vec::Vec::with_capacity(len(parts));
    parts(&mut |part| out.extend_from_slice(part));
    out
}
