//! Additional data in one piece, as the ciphers want it.

/// The parts of additional authenticated data that are joined on the stack, in bytes: an
/// Enc_structure with a protected header and external data of common size (RFC 9052 5.3).
const ON_STACK: usize = 1024;

/// Calls `then` with the concatenation of `parts`, which the ciphers want as one slice.
///
/// A single part is handed on as it is; several are copied: to the stack up to [`ON_STACK`] bytes
/// together, beyond that to the heap. `None` if there is no heap, or not enough of it.
pub(super) fn with_joined<T>(parts: &[&[u8]], then: impl FnOnce(&[u8]) -> T) -> Option<T> {
    if let [whole] = parts {
        return Some(then(whole));
    }
    let len = parts.iter().try_fold(0_usize, |len, part| len.checked_add(part.len()))?;
    let mut buffer = [0; ON_STACK];
    match buffer.get_mut(..len) {
        Some(front) => {
            for (to, from) in front.iter_mut().zip(parts.iter().copied().flatten()) {
                *to = *from;
            }
            Some(then(front))
        }
        None => with_joined_on_heap(parts, len, then),
    }
}

#[cfg(feature = "alloc")]
fn with_joined_on_heap<T>(parts: &[&[u8]], len: usize, then: impl FnOnce(&[u8]) -> T) -> Option<T> {
    // As long as what the caller holds already.
    let mut buffer = alloc::vec::Vec::new();
    buffer.try_reserve_exact(len).ok()?;
    for part in parts {
        buffer.extend_from_slice(part);
    }
    Some(then(&buffer))
}

#[cfg(not(feature = "alloc"))]
fn with_joined_on_heap<T>(_: &[&[u8]], _: usize, _: impl FnOnce(&[u8]) -> T) -> Option<T> {
    None
}
