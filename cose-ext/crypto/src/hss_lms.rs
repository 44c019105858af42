//! HSS/LMS signatures (RFC 8778, RFC 8554): verification, which needs nothing but a hash function.
//!
//! The one scheme that this crate computes itself, since it is hashing only and no kept crate does
//! it here (`docs/adr/0002-hss-lms.md`). Any [`HashFunction`] for SHA-256 will do, that of a device
//! too. There is no signer: a key that must never be used twice in one state does not belong into a
//! library that holds no state.

mod lm_ots;
mod lms;
mod reader;

use core::fmt;

use crate::{
    Algorithm, Feed, HashFunction, InvalidKey, KeyMaterial, KeyProfile, KeyType, PublicKey,
    SignatureVerifier, VerifyError,
};

use lms::{LmsPublicKey, LmsSignature};
use reader::Reader;

/// Length of every hash value of the parameter sets here, in bytes.
const HASH_LEN: usize = 32;

/// An HSS/LMS public key with the hash function that it uses: checks signatures.
///
/// The parameter sets are those of RFC 8554 with SHA-256 and 32 bytes: heights 5, 10, 15, 20 and
/// 25, Winternitz widths 1, 2, 4 and 8, in 1 to 8 levels. Nothing is on the heap. Work and stack
/// are bounded by the key: at most 8 levels of 34 chains of 255 hashes, and 8.5 kilobytes for width
/// 1, 1.1 for width 8.
#[derive(Clone, Copy)]
pub struct HssLmsVerifyingKey<'a> {
    public: &'a [u8],
    levels: u32,
    root: LmsPublicKey<'a>,
    sha256: &'a dyn HashFunction,
    algorithm: Option<Algorithm>,
}

impl<'a> HssLmsVerifyingKey<'a> {
    /// The most levels a key has (RFC 8554 6).
    pub const MAX_LEVELS: u32 = 8;

    /// Parses `key`, to be used with the hash function `sha256`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type, another hash function, and parameter sets that are not
    /// listed above; `Malformed` for another length, and for no level or more than
    /// [`MAX_LEVELS`](Self::MAX_LEVELS).
    pub fn from_public_key(
        key: &PublicKey<'a>,
        sha256: &'a dyn HashFunction,
    ) -> Result<Self, InvalidKey> {
        let KeyMaterial::HssLms { public } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        if sha256.algorithm() != Algorithm::SHA256 {
            return Err(InvalidKey::Unsupported);
        }
        let (levels_bytes, root) = public.split_first_chunk().ok_or(InvalidKey::Malformed)?;
        let levels = u32::from_be_bytes(*levels_bytes);
        if levels == 0 || levels > Self::MAX_LEVELS {
            return Err(InvalidKey::Malformed);
        }
        let root = LmsPublicKey::parse(root)?;
        Ok(Self { public, levels, root, sha256, algorithm: key.algorithm })
    }

    /// RFC 8554 6.3: each key but the last signs the key below it, and the last the message.
    fn verify_levels(&self, feed: &mut Feed<'_>, signature: &[u8]) -> Result<(), VerifyError> {
        let invalid = VerifyError::InvalidSignature;
        let mut reader = Reader::new(signature);
        let signed_keys = reader.number().ok_or(invalid)?;
        if signed_keys.checked_add(1) != Some(self.levels) {
            return Err(invalid);
        }
        let mut key = self.root;
        for _ in 0..signed_keys {
            let signed = LmsSignature::read(&mut reader, &key).ok_or(invalid)?;
            let below = reader.take(LmsPublicKey::LEN).ok_or(invalid)?;
            key.verify(
                self.sha256,
                &mut |sink| {
                    sink(below);
                    Ok(())
                },
                &signed,
            )?;
            // It is signed, so it is what its owner wants; perhaps of a set that is not done here.
            key = LmsPublicKey::parse(below).map_err(|_| VerifyError::Unsupported)?;
        }
        let signed = LmsSignature::read(&mut reader, &key).ok_or(invalid)?;
        if !reader.is_at_end() {
            return Err(invalid);
        }
        key.verify(self.sha256, feed, &signed)
    }
}

impl SignatureVerifier for HssLmsVerifyingKey<'_> {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::HSS_LMS, curve: None, algorithm: self.algorithm }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        let material = KeyMaterial::HssLms { public: self.public };
        then(&PublicKey { material, algorithm: self.algorithm });
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            message.iter().for_each(|part| sink(part));
            Ok(())
        };
        self.verify_stream(algorithm, &mut feed, signature)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if algorithm != Algorithm::HSS_LMS {
            return Err(VerifyError::Unsupported);
        }
        self.verify_levels(feed, signature)
    }
}

impl fmt::Debug for HssLmsVerifyingKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HssLmsVerifyingKey({})", self.profile())
    }
}

#[cfg(test)]
mod tests;
