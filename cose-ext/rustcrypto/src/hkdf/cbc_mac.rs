//! The expansion of HKDF with AES-CBC-MAC (RFC 9053 5.1).

use ::aes::cipher::{BlockCipherEncrypt, KeyInit, typenum::U16};
use ::cbc_mac::CbcMac;
use digest::{CtOutput, Mac};

use cose_crypto::SecretError;

/// Length of a tag in bytes, with keys of either length (RFC 9053 5.1).
const TAG_LEN: usize = 16;

/// The most blocks that an expansion has: they are counted in one byte (RFC 5869 2.3).
const MOST_BLOCKS: u8 = u8::MAX;

/// The expansion of RFC 5869 2.3 with AES-CBC-MAC in the place of HMAC: block n is the MAC of the
/// block before it, the context and n.
pub(super) fn expand<C>(secret: &[u8], context: &[&[u8]], key: &mut [u8]) -> Result<(), SecretError>
where
    C: BlockCipherEncrypt<BlockSize = U16> + KeyInit + Clone,
{
    let mac = <CbcMac<C> as KeyInit>::new_from_slice(secret).map_err(|_| SecretError::Malformed)?;
    if key.len().div_ceil(TAG_LEN) > usize::from(MOST_BLOCKS) {
        return Err(SecretError::Unsupported);
    }
    // Wiped when dropped, as every output of a MAC.
    let mut before: Option<CtOutput<CbcMac<C>>> = None;
    for (block, n) in key.chunks_mut(TAG_LEN).zip(1..=MOST_BLOCKS) {
        let mut running = mac.clone();
        if let Some(before) = &before {
            running.update(before.as_bytes());
        }
        for part in context {
            running.update(part);
        }
        running.update(&[n]);
        let output = running.finalize();
        for (to, from) in block.iter_mut().zip(output.as_bytes()) {
            *to = *from;
        }
        before = Some(output);
    }
    Ok(())
}
