//! The trait of keys that sign (RFC 9053 2).

use crate::{Algorithm, SignError};

/// A private key that signs at once. Keys that answer later (HSM, KMS, a person with a smart card)
/// use the two steps `prepare` and `attach` of the builders instead.
pub trait Signer {
    /// The algorithm that goes into the header.
    fn algorithm(&self) -> Algorithm;

    /// Length of a signature in bytes.
    fn signature_len(&self) -> usize;

    /// Signs the concatenation of `message` into the front of `signature`; returns its length.
    ///
    /// # Errors
    ///
    /// If `signature` is too short, or the signer refuses.
    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError>;
}
