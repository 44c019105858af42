//! The trait of keys that make and check MACs (RFC 9053 3).

use crate::{Algorithm, Feed, HashValue, KeyProfile, VerifyError};

/// A symmetric key that makes and checks MACs, wherever it lives.
///
/// The caller has already checked that policy lets a key of this [`profile`](Self::profile) be used
/// with the algorithm.
pub trait Mac {
    /// Returns the type and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Computes the tag over the concatenation of `message`, cut to [`Algorithm::tag_len`] bytes.
    ///
    /// # Errors
    ///
    /// [`SecretError::Unsupported`](crate::SecretError) for an algorithm that is not a MAC of this
    /// key, `Malformed` for a key of another length than the algorithm's.
    fn tag(&self, algorithm: Algorithm, message: &[&[u8]])
    -> Result<HashValue, crate::SecretError>;

    /// Checks `tag` over the concatenation of `message`, in constant time. A tag of another length
    /// than the algorithm's is wrong: a prefix of the right one does not count.
    ///
    /// # Errors
    ///
    /// [`VerifyError::InvalidSignature`], or `Unsupported` when nothing was checked.
    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        tag: &[u8],
    ) -> Result<(), VerifyError>;

    /// Checks `tag` over all that `feed` hands over. `feed` is called at most once.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `Unsupported` where the provider has no streaming form, and
    /// `Interrupted` when `feed` stops.
    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        let _ = (algorithm, feed, tag);
        Err(VerifyError::Unsupported)
    }
}
