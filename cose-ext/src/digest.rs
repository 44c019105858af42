//! Digests that messages carry.

use core::fmt;

use crate::{
    Error,
    crypto::Algorithm,
    error::{Policy, Unsupported, Verification},
};

/// A digest as a message carries it: a claim about bytes that stand elsewhere.
///
/// Only a [`Verified`](crate::Verified) one vouches for them.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Digest, crypto::{Algorithm, HashFunction}, rustcrypto::Sha256};
///
/// let hash = Sha256.hash(&[b"image"]);
/// let digest = Digest::new(Algorithm::SHA256, hash.as_ref())?;
/// assert_eq!(digest.value().len(), 32);
/// // A digest that was cut short is refused.
/// assert!(Digest::new(Algorithm::SHA256, &digest.value()[..16]).is_err());
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest<'a> {
    algorithm: Algorithm,
    value: &'a [u8],
}

impl<'a> Digest<'a> {
    /// Makes a digest from the output of the hash function `algorithm`.
    ///
    /// # Errors
    ///
    /// If `algorithm` is not a hash that may protect (RFC 9054), or `value` has another length than
    /// its output: a shorter one is never compared as a prefix.
    pub fn new(algorithm: Algorithm, value: &'a [u8]) -> Result<Self, Error> {
        match algorithm.hash_len() {
            None if algorithm.is_filter_only_hash() => {
                Err(Policy::FilterOnlyHash(algorithm).into())
            }
            None => Err(Unsupported::Hash(algorithm).into()),
            Some(expected) if expected != value.len() => {
                let found = value.len();
                Err(Verification::DigestLength { expected, found }.into())
            }
            Some(_) => Ok(Self { algorithm, value }),
        }
    }

    /// Returns the hash function.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the digest, which is as long as the output of the hash function.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }
}

impl fmt::Display for Digest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.algorithm)?;
        for byte in self.value {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Digest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
