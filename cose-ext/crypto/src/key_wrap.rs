//! The trait of keys that wrap other keys (RFC 9053 6.2, RFC 8230 3).

use crate::{Algorithm, KeyProfile, SecretError, VerifyError};

/// A key that wraps other keys: AES Key Wrap (RFC 9053 6.2), or RSA key transport (RFC 8230 3).
pub trait KeyWrap {
    /// Type, curve and stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Wraps `key` to the front of `wrapped`; returns the length.
    ///
    /// # Errors
    ///
    /// If `wrapped` is too short, or one of the keys or the algorithm is not one for this.
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
    /// when nothing was checked, a buffer that is too short among the reasons.
    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError>;
}
