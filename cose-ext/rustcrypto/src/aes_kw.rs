//! AES Key Wrap (RFC 9053 6.2.1, RFC 3394).

use ::aes::{
    Aes128, Aes192, Aes256,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, typenum::U16},
};
use ::aes_kw::{AesKw, Error, IV_LEN};

use cose_crypto::{
    Algorithm, BufferTooShort, KeyProfile, KeyWrap, SecretError, SymmetricKey, VerifyError,
};

/// The shortest key that can be wrapped, in bytes: two blocks of 64 bits (RFC 3394 2.2.1).
const SHORTEST: usize = 16;

/// A symmetric key that wraps others; the cipher is set up at each use.
pub(super) struct KeyWrapKey<'a>(pub(super) SymmetricKey<'a>);

impl KeyWrapKey<'_> {
    /// Sets up the cipher of `algorithm`.
    fn with_cipher<T>(
        &self,
        algorithm: Algorithm,
        then: impl FnOnce(&dyn Cipher) -> T,
    ) -> Result<T, SecretError> {
        match algorithm {
            Algorithm::A128KW => keyed::<AesKw<Aes128>, T>(self.0.k, then),
            Algorithm::A192KW => keyed::<AesKw<Aes192>, T>(self.0.k, then),
            Algorithm::A256KW => keyed::<AesKw<Aes256>, T>(self.0.k, then),
            _ => Err(SecretError::Unsupported),
        }
    }
}

/// Refuses a key of another length than the cipher's.
fn keyed<C: Cipher + KeyInit, T>(
    k: &[u8],
    then: impl FnOnce(&dyn Cipher) -> T,
) -> Result<T, SecretError> {
    match C::new_from_slice(k) {
        Ok(cipher) => Ok(then(&cipher)),
        Err(_) => Err(SecretError::Malformed),
    }
}

/// Whether there can be a wrapped key of `len` bytes, without the integrity check.
const fn is_wrappable(len: usize) -> bool {
    len >= SHORTEST && len.is_multiple_of(IV_LEN)
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
        self.with_cipher(algorithm, |cipher| {
            if !is_wrappable(key.len()) {
                return Err(SecretError::Malformed);
            }
            cipher.wrap(key, wrapped).map_err(|error| match error {
                Error::InvalidOutputSize { expected_len } => {
                    SecretError::BufferTooShort(BufferTooShort { needed: expected_len })
                }
                _ => SecretError::Malformed,
            })
        })?
    }

    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError> {
        self.with_cipher(algorithm, |cipher| {
            if !wrapped.len().checked_sub(IV_LEN).is_some_and(is_wrappable) {
                return Err(VerifyError::InvalidSignature);
            }
            // What does not pass the check is wiped by the crate.
            cipher.unwrap(wrapped, key).map_err(|error| match error {
                Error::InvalidOutputSize { .. } => VerifyError::Unsupported,
                _ => VerifyError::InvalidSignature,
            })
        })
        .map_err(|_| VerifyError::Unsupported)?
    }
}

/// AES Key Wrap with a key of whatever length.
trait Cipher {
    fn wrap(&self, key: &[u8], wrapped: &mut [u8]) -> Result<usize, Error>;
    fn unwrap(&self, wrapped: &[u8], key: &mut [u8]) -> Result<usize, Error>;
}

impl<C> Cipher for AesKw<C>
where
    C: BlockCipherEncrypt<BlockSize = U16> + BlockCipherDecrypt<BlockSize = U16>,
{
    fn wrap(&self, key: &[u8], wrapped: &mut [u8]) -> Result<usize, Error> {
        self.wrap_key(key, wrapped).map(<[u8]>::len)
    }

    fn unwrap(&self, wrapped: &[u8], key: &mut [u8]) -> Result<usize, Error> {
        self.unwrap_key(wrapped, key).map(<[u8]>::len)
    }
}
