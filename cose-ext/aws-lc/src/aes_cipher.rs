//! AES in counter and in CBC mode (RFC 9459): nothing is authenticated.

use aws_lc_rs::{
    cipher::{
        self, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
        PaddedBlockDecryptingKey, UnboundCipherKey,
    },
    error::Unspecified,
    iv::FixedLength,
};
use zeroize::Zeroize;

use cose_crypto::{
    Algorithm, BufferTooShort, KeyProfile, SecretError, SymmetricKey, UnauthenticatedCipher,
};

/// Length of a block of AES, and of an IV, in bytes.
const BLOCK_LEN: usize = 16;

/// A symmetric key for either mode; the cipher is set up at each use.
pub(super) struct CipherKey<'a>(pub(super) SymmetricKey<'a>);

#[derive(Clone, Copy)]
enum Mode {
    /// The IV is the first counter block (RFC 9459 4.1).
    Counter,
    /// Padded by one byte at least (RFC 9459 5, RFC 5652 6.3).
    Chaining,
}

impl CipherKey<'_> {
    fn cipher(&self, algorithm: Algorithm) -> Result<(UnboundCipherKey, Mode), SecretError> {
        let (cipher, mode) = match algorithm {
            Algorithm::A128CTR => (&cipher::AES_128, Mode::Counter),
            Algorithm::A192CTR => (&cipher::AES_192, Mode::Counter),
            Algorithm::A256CTR => (&cipher::AES_256, Mode::Counter),
            Algorithm::A128CBC => (&cipher::AES_128, Mode::Chaining),
            Algorithm::A192CBC => (&cipher::AES_192, Mode::Chaining),
            Algorithm::A256CBC => (&cipher::AES_256, Mode::Chaining),
            _ => return Err(SecretError::Unsupported),
        };
        let key = UnboundCipherKey::new(cipher, self.0.k).map_err(|_| SecretError::Malformed)?;
        Ok((key, mode))
    }
}

fn fixed(iv: &[u8]) -> Result<FixedLength<BLOCK_LEN>, SecretError> {
    let iv: &[u8; BLOCK_LEN] = iv.try_into().map_err(|_| SecretError::Malformed)?;
    Ok(FixedLength::from(iv))
}

impl UnauthenticatedCipher for CipherKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn encrypt(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let (key, mode) = self.cipher(algorithm)?;
        let unsupported = |Unspecified| SecretError::Unsupported;
        let (padding, key) = match mode {
            Mode::Counter => (0, EncryptingKey::ctr(key).map_err(unsupported)?),
            Mode::Chaining => {
                let beyond = plaintext.len() % BLOCK_LEN;
                (BLOCK_LEN.saturating_sub(beyond), EncryptingKey::cbc(key).map_err(unsupported)?)
            }
        };
        let len = plaintext.len().checked_add(padding).ok_or(SecretError::Unsupported)?;
        let front = ciphertext.get_mut(..len).ok_or(BufferTooShort { needed: len })?;
        let context = EncryptionContext::Iv128(fixed(iv)?);
        // AWS-LC works in place; each byte of padding says how many there are (RFC 5652 6.3).
        let padding = u8::try_from(padding).map_err(|_| SecretError::Unsupported)?;
        let padded = plaintext.iter().copied().chain(core::iter::repeat(padding));
        for (place, byte) in front.iter_mut().zip(padded) {
            *place = byte;
        }
        if key.less_safe_encrypt(front, context).is_err() {
            front.zeroize();
            return Err(SecretError::Unsupported);
        }
        Ok(len)
    }

    fn decrypt_unauthenticated(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let (key, mode) = self.cipher(algorithm)?;
        let len = ciphertext.len();
        let front = plaintext.get_mut(..len).ok_or(BufferTooShort { needed: len })?;
        let context = DecryptionContext::Iv128(fixed(iv)?);
        front.copy_from_slice(ciphertext);
        let decrypted = match mode {
            Mode::Counter => DecryptingKey::ctr(key)
                .and_then(|key| key.decrypt(front, context).map(|plain| plain.len())),
            Mode::Chaining => PaddedBlockDecryptingKey::cbc_pkcs7(key)
                .and_then(|key| key.decrypt(front, context).map(|plain| plain.len())),
        };
        // Nothing is left behind where the padding is wrong.
        decrypted.map_err(|_| {
            front.zeroize();
            SecretError::Malformed
        })
    }
}
