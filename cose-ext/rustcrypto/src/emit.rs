//! Where a finished signature goes.

use cose_crypto::{BufferTooShort, SignError};

/// Puts a finished signature at the front of `out`.
pub(crate) fn emit(signature: &[u8], out: &mut [u8]) -> Result<usize, SignError> {
    let needed = signature.len();
    let front = out.get_mut(..needed);
    let front = front.ok_or(BufferTooShort { needed })?;
    front.copy_from_slice(signature);
    Ok(needed)
}
