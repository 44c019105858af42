//! AES in counter and in CBC mode (RFC 9459): nothing is authenticated.

use ::aes::{
    Aes128, Aes192, Aes256,
    cipher::{
        BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit,
        KeyIvInit, StreamCipher, block_padding::Pkcs7, typenum::U16,
    },
};
use ::ctr::Ctr128BE;
use zeroize::Zeroize;

use cose_crypto::{
    Algorithm, BufferTooShort, KeyProfile, SecretError, SymmetricKey, UnauthenticatedCipher,
};

/// Length of a block of AES in bytes.
const BLOCK_LEN: usize = 16;

/// A symmetric key for either mode; the cipher is set up at each use.
pub(super) struct CipherKey<'a>(pub(super) SymmetricKey<'a>);

/// A mode with a length of key, and the buffers that it works on. The output is as long as the mode
/// needs it.
struct Call<'a> {
    k: &'a [u8],
    iv: &'a [u8],
    input: &'a [u8],
    output: &'a mut [u8],
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
        let len = match algorithm {
            Algorithm::A128CTR | Algorithm::A192CTR | Algorithm::A256CTR => Some(plaintext.len()),
            // One byte of padding at least (RFC 9459 5, RFC 5652 6.3).
            Algorithm::A128CBC | Algorithm::A192CBC | Algorithm::A256CBC => plaintext
                .len()
                .checked_add(1)
                .and_then(|len| len.checked_next_multiple_of(BLOCK_LEN)),
            _ => None,
        };
        let len = len.ok_or(SecretError::Unsupported)?;
        let output = ciphertext.get_mut(..len).ok_or(BufferTooShort { needed: len })?;
        let call = Call { k: self.0.k, iv, input: plaintext, output };
        match algorithm {
            Algorithm::A128CTR => call.count::<Aes128>(),
            Algorithm::A192CTR => call.count::<Aes192>(),
            Algorithm::A256CTR => call.count::<Aes256>(),
            Algorithm::A128CBC => call.chain::<Aes128>(),
            Algorithm::A192CBC => call.chain::<Aes192>(),
            Algorithm::A256CBC => call.chain::<Aes256>(),
            _ => Err(SecretError::Unsupported),
        }
    }

    fn decrypt_unauthenticated(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let len = ciphertext.len();
        let output = plaintext.get_mut(..len).ok_or(BufferTooShort { needed: len })?;
        let call = Call { k: self.0.k, iv, input: ciphertext, output };
        match algorithm {
            Algorithm::A128CTR => call.count::<Aes128>(),
            Algorithm::A192CTR => call.count::<Aes192>(),
            Algorithm::A256CTR => call.count::<Aes256>(),
            Algorithm::A128CBC => call.unchain::<Aes128>(),
            Algorithm::A192CBC => call.unchain::<Aes192>(),
            Algorithm::A256CBC => call.unchain::<Aes256>(),
            _ => Err(SecretError::Unsupported),
        }
    }
}

impl Call<'_> {
    /// Counter mode in either direction; the IV is the first counter block (RFC 9459 4.1).
    fn count<C>(self) -> Result<usize, SecretError>
    where
        C: BlockCipherEncrypt<BlockSize = U16> + KeyInit,
    {
        let mut stream =
            Ctr128BE::<C>::new_from_slices(self.k, self.iv).map_err(|_| SecretError::Malformed)?;
        stream
            .try_apply_keystream_b2b(self.input, self.output)
            .map_err(|_| SecretError::Unsupported)?;
        Ok(self.input.len())
    }

    /// Encryption in CBC mode.
    fn chain<C>(self) -> Result<usize, SecretError>
    where
        C: BlockCipherEncrypt<BlockSize = U16> + KeyInit,
    {
        let mode = ::cbc::Encryptor::<C>::new_from_slices(self.k, self.iv)
            .map_err(|_| SecretError::Malformed)?;
        match mode.encrypt_padded_b2b::<Pkcs7>(self.input, self.output) {
            Ok(ciphertext) => Ok(ciphertext.len()),
            Err(_) => Err(SecretError::Unsupported),
        }
    }

    /// Decryption in CBC mode; leaves nothing behind where the padding is wrong.
    fn unchain<C>(self) -> Result<usize, SecretError>
    where
        C: BlockCipherDecrypt<BlockSize = U16> + KeyInit,
    {
        let mode = ::cbc::Decryptor::<C>::new_from_slices(self.k, self.iv)
            .map_err(|_| SecretError::Malformed)?;
        match mode.decrypt_padded_b2b::<Pkcs7>(self.input, self.output).map(<[u8]>::len) {
            Ok(len) => Ok(len),
            Err(_) => {
                self.output.zeroize();
                Err(SecretError::Malformed)
            }
        }
    }
}
