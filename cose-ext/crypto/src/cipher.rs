//! The trait of keys for ciphers that authenticate nothing (RFC 9459).

use crate::{Algorithm, KeyProfile, SecretError};

/// A symmetric key for ciphers that authenticate nothing (RFC 9459): AES in counter and in CBC
/// mode.
///
/// Whoever changes the ciphertext changes the plaintext. Only something outside of the cipher, for
/// example a signed digest, shows that.
pub trait UnauthenticatedCipher {
    /// Returns the type and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Encrypts `plaintext` to the front of `ciphertext`; returns the length, which for CBC is up
    /// to 16 bytes more than that of `plaintext` (RFC 9459 4.2).
    ///
    /// # Errors
    ///
    /// `BufferTooShort` if `ciphertext` is too short; `Malformed` for a key or an IV of another
    /// length; `Unsupported` for another algorithm.
    fn encrypt(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError>;

    /// Decrypts `ciphertext` to the front of `plaintext`, which is at least as long; returns the
    /// length.
    ///
    /// # Errors
    ///
    /// As [`encrypt`](Self::encrypt); `Malformed` for invalid padding of CBC, too.
    fn decrypt_unauthenticated(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, SecretError>;
}
