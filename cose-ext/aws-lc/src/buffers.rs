//! Messages in one piece, and where a finished signature goes.

use cose_crypto::{BufferTooShort, SignError};

/// Calls `then` with the message in one piece: as it lies, where it is one, else collected.
pub(crate) fn with_whole<T>(message: &[&[u8]], then: impl FnOnce(&[u8]) -> T) -> T {
    match message {
        [] => then(&[]),
        [whole] => then(whole),
        parts => then(&parts.concat()),
    }
}

/// Puts a finished signature at the front of `out`.
pub(crate) fn emit(signature: &[u8], out: &mut [u8]) -> Result<usize, SignError> {
    let needed = signature.len();
    let front = out.get_mut(..needed).ok_or(BufferTooShort { needed })?;
    front.copy_from_slice(signature);
    Ok(needed)
}
