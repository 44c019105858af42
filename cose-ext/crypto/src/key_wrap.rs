//! The trait of keys that wrap other keys (RFC 9053 6.2, RFC 8230 3).

use crate::{Algorithm, KeyProfile, SecretError, VerifyError};

/// A key that wraps other keys: AES Key Wrap (RFC 9053 6.2), or RSA key transport (RFC 8230 3).
pub trait KeyWrap {
    /// Returns the type, the curve and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Wraps `key` to the front of `wrapped`; returns the length.
    ///
    /// # Errors
    ///
    /// `BufferTooShort` if `wrapped` is too short; `Malformed` for a key of a length that cannot be
    /// wrapped; `Unsupported` for another algorithm.
    fn wrap(
        &self,
        algorithm: Algorithm,
        key: &[u8],
        wrapped: &mut [u8],
    ) -> Result<usize, SecretError>;

    /// Unwraps to the front of `key`; returns the length.
    ///
    /// # Errors
    ///
    /// [`VerifyError::InvalidSignature`] if `wrapped` was not made with this key; `Unsupported`
    /// when nothing was checked: for another algorithm, and a buffer that is too short.
    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError>;
}
