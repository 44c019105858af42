//! AES Key Wrap (RFC 9053 6.2.1, RFC 3394) with keys of 128 and 256 bits: AWS-LC as it is bound
//! here has none with 192.

use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use zeroize::Zeroize;

use cose_crypto::{
    Algorithm, BufferTooShort, KeyProfile, KeyWrap, SecretError, SymmetricKey, VerifyError,
};

/// What is checked when a key is unwrapped, in bytes; also what keys are multiples of
/// (RFC 3394 2.2.1).
const BLOCK_LEN: usize = 8;
/// The shortest key that can be wrapped, in bytes.
const SHORTEST: usize = 16;

/// A symmetric key that wraps others; the cipher is set up at each use.
pub(super) struct KeyWrapKey<'a>(pub(super) SymmetricKey<'a>);

impl KeyWrapKey<'_> {
    fn cipher(&self, algorithm: Algorithm) -> Result<AesKek, SecretError> {
        let cipher = match algorithm {
            Algorithm::A128KW => &AES_128,
            Algorithm::A256KW => &AES_256,
            _ => return Err(SecretError::Unsupported),
        };
        AesKek::new(cipher, self.0.k).map_err(|_| SecretError::Malformed)
    }
}

/// Whether there can be a wrapped key of `len` bytes, without the integrity check.
const fn is_wrappable(len: usize) -> bool {
    len >= SHORTEST && len.is_multiple_of(BLOCK_LEN)
}

impl KeyWrap for KeyWrapKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn wrap(
        &self,
        algorithm: Algorithm,
        key: &[u8],
        wrapped: &mut [u8],
    ) -> Result<usize, SecretError> {
        let cipher = self.cipher(algorithm)?;
        let needed = key.len().checked_add(BLOCK_LEN).filter(|_| is_wrappable(key.len()));
        let needed = needed.ok_or(SecretError::Malformed)?;
        let front = wrapped.get_mut(..needed).ok_or(BufferTooShort { needed })?;
        cipher.wrap(key, front).map_err(|_| SecretError::Unsupported)?;
        Ok(needed)
    }

    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError> {
        let cipher = self.cipher(algorithm).map_err(|_| VerifyError::Unsupported)?;
        let len = wrapped.len().checked_sub(BLOCK_LEN).filter(|len| is_wrappable(*len));
        let len = len.ok_or(VerifyError::InvalidSignature)?;
        let front = key.get_mut(..len).ok_or(VerifyError::Unsupported)?;
        if cipher.unwrap(wrapped, front).is_err() {
            front.zeroize();
            return Err(VerifyError::InvalidSignature);
        }
        Ok(len)
    }
}
