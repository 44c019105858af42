//! The traits of keys that sign (RFC 9053 2).

use crate::{Algorithm, Feed, SignError};

/// A private key that signs at once. Keys that answer later (HSM, KMS, a person with a smart card)
/// use the two steps `prepare` and `attach` of the builders instead.
pub trait Signer {
    /// Returns the algorithm that goes into the header.
    fn algorithm(&self) -> Algorithm;

    /// Returns the length of a signature in bytes.
    fn signature_len(&self) -> usize;

    /// Signs the concatenation of `message` into the front of `signature`; returns its length.
    ///
    /// # Errors
    ///
    /// [`SignError::BufferTooShort`] if `signature` is too short, [`SignError::Device`] if the
    /// signer refuses.
    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError>;
}

/// A private key whose algorithm reads the message once, from its beginning to its end: ECDSA, RSA
/// and ML-DSA do; Ed25519 reads it twice.
pub trait StreamSigner: Signer {
    /// Signs all that `feed` hands over into the front of `signature`; returns its length. `feed`
    /// is called at most once.
    ///
    /// # Errors
    ///
    /// As [`Signer::sign`]; [`SignError::Interrupted`] when `feed` stops.
    fn sign_stream(&self, feed: &mut Feed<'_>, signature: &mut [u8]) -> Result<usize, SignError>;
}
