//! The trait of keys for authenticated encryption (RFC 9053 4).

use crate::{Algorithm, KeyProfile, SecretError, VerifyError};

/// A symmetric key for authenticated encryption with additional data, wherever it lives.
///
/// Lengths are those of [`Algorithm::nonce_len`] and [`Algorithm::tag_len`]; the tag stands behind
/// the ciphertext, as in COSE (RFC 9053 4).
pub trait Aead {
    /// Returns the type and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Encrypts `plaintext` to the front of `ciphertext`, with the tag behind it; returns the
    /// length of both together.
    ///
    /// # Errors
    ///
    /// `BufferTooShort` if `ciphertext` is too short; `Malformed` for a key or a nonce of another
    /// length; `Unsupported` for another algorithm.
    fn encrypt(
        &self,
        algorithm: Algorithm,
        nonce: &[u8],
        aad: &[&[u8]],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError>;

    /// Checks the tag at the end of `ciphertext`, and decrypts to the front of `plaintext`; returns
    /// the length. `plaintext` is at least as long as `ciphertext` without its tag.
    ///
    /// Nothing of the plaintext is left in `plaintext` when the tag is wrong.
    ///
    /// # Errors
    ///
    /// [`VerifyError::InvalidSignature`] for a wrong tag; `Unsupported` when nothing was checked:
    /// for another algorithm, a nonce of another length, and a buffer that is too short.
    fn decrypt(
        &self,
        algorithm: Algorithm,
        nonce: &[u8],
        aad: &[&[u8]],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, VerifyError>;
}
