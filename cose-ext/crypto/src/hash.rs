//! The trait of hash functions, and their output (RFC 9054).

use core::fmt;

use crate::{Algorithm, Feed, Interrupted};

/// One hash function of RFC 9054.
///
/// Hashing does not fail. If an engine can lose power or be taken away, the platform has to retry
/// or reset; it must never return another digest.
pub trait HashFunction: Send + Sync {
    /// Returns which hash function this is.
    fn algorithm(&self) -> Algorithm;

    /// Computes the digest of the concatenation of `message`.
    fn hash(&self, message: &[&[u8]]) -> HashValue;

    /// Computes the digest of all that `feed` hands over, for what does not fit into memory.
    ///
    /// # Errors
    ///
    /// [`Interrupted`] if `feed` stops before its end.
    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted>;
}

/// A computed digest of at most 64 bytes, on the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HashValue {
    bytes: [u8; Self::MAX_LEN],
    len: u8,
}

impl HashValue {
    /// The longest output of a registered hash, in bytes.
    pub const MAX_LEN: usize = 64;

    /// Copies a digest; returns `None` for more than [`Self::MAX_LEN`] bytes.
    #[must_use]
    pub fn new(digest: &[u8]) -> Option<Self> {
        let mut bytes = [0; Self::MAX_LEN];
        bytes.get_mut(..digest.len())?.copy_from_slice(digest);
        Some(Self { bytes, len: u8::try_from(digest.len()).ok()? })
    }
}

impl<const LEN: usize> From<[u8; LEN]> for HashValue {
    /// A digest of these bytes; more than [`HashValue::MAX_LEN`] do not compile.
    fn from(digest: [u8; LEN]) -> Self {
        const { assert!(LEN <= HashValue::MAX_LEN) };
        let mut value = Self { bytes: [0; Self::MAX_LEN], len: 0 };
        if let (Some(bytes), Ok(len)) = (value.bytes.first_chunk_mut(), u8::try_from(LEN)) {
            *bytes = digest;
            value.len = len;
        }
        value
    }
}

impl AsRef<[u8]> for HashValue {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl fmt::Debug for HashValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.as_ref() {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}
