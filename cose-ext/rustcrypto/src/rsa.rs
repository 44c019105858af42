//! RSA signatures (RFC 8230, RFC 8812).

mod derived_random;
mod signing;

use core::{fmt, ops::RangeInclusive};

use ::rsa::{
    BoxedUint, Pkcs1v15Sign, Pss,
    traits::{PublicKeyParts, SignatureScheme},
};

pub use signing::{RandomizedRsaSigner, RsaSigningKey};

use derived_random::DerivedRandom;

use super::sha2::{Sha256, Sha384, Sha512};
use cose_crypto::{
    Algorithm, Feed, HashFunction, InvalidKey, KeyMaterial, KeyProfile, KeyType, PublicKey,
    SignatureVerifier, VerifyError,
};

/// A parsed RSA public key: checks PS256, PS384, PS512 (RFC 8230 2), RS256, RS384 and
/// RS512 (RFC 8812 2).
#[derive(Clone)]
pub struct RsaVerifyingKey {
    key: ::rsa::PublicKey,
    algorithm: Option<Algorithm>,
}

impl RsaVerifyingKey {
    /// Lengths of the modulus that are accepted, in bits: RFC 8230 6.1 asks for 2048, and work
    /// grows with the square.
    pub const MODULUS_BITS: RangeInclusive<usize> = 2048..=8192;

    /// The longest public exponent that is accepted, in bytes; its value is below 2^33, which
    /// bounds the work.
    const EXPONENT_LEN: usize = 5;

    /// Parses `key`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type; `Malformed` for leading zeros (RFC 8230 4), a modulus
    /// that is even or outside [`MODULUS_BITS`](Self::MODULUS_BITS), and an exponent that is even,
    /// 1, or not below 2^33.
    pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let KeyMaterial::Rsa { n, e } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let is_minimal = |number: &[u8]| number.first().is_some_and(|first| *first != 0);
        let is_short =
            n.len() <= Self::MODULUS_BITS.end().div_ceil(8) && e.len() <= Self::EXPONENT_LEN;
        if !is_minimal(n) || !is_minimal(e) || !is_short {
            return Err(InvalidKey::Malformed);
        }
        let (n, e) = (BoxedUint::from_be_slice_vartime(n), BoxedUint::from_be_slice_vartime(e));
        match ::rsa::PublicKey::new_with_size_limits(n, e, Self::MODULUS_BITS) {
            Ok(parsed) => Ok(Self { key: parsed, algorithm: key.algorithm }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }
}

fn hash_function(algorithm: Algorithm) -> Result<&'static dyn HashFunction, VerifyError> {
    match algorithm {
        Algorithm::PS256 | Algorithm::RS256 => Ok(&Sha256),
        Algorithm::PS384 | Algorithm::RS384 => Ok(&Sha384),
        Algorithm::PS512 | Algorithm::RS512 => Ok(&Sha512),
        _ => Err(VerifyError::Unsupported),
    }
}

impl SignatureVerifier for RsaVerifyingKey {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::RSA, curve: None, algorithm: self.algorithm }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        let (n, e) = (self.key.n_bytes(), self.key.e_bytes());
        let material = KeyMaterial::Rsa { n: &n, e: &e };
        then(&PublicKey { material, algorithm: self.algorithm });
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let prehash = hash_function(algorithm)?.hash(message);
        self.verify_prehash(algorithm, prehash.as_ref(), signature)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let prehash = hash_function(algorithm)?.hash_stream(feed)?;
        self.verify_prehash(algorithm, prehash.as_ref(), signature)
    }

    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let hash = hash_function(algorithm)?.algorithm();
        if hash.hash_len() != Some(prehash.len()) {
            return Err(VerifyError::InvalidSignature);
        }
        // The salt of PSS is as long as the hash (RFC 8230 2), and its mask uses the same hash.
        let verified = match algorithm {
            Algorithm::PS256 => Pss::<::sha2::Sha256>::new().verify(&self.key, prehash, signature),
            Algorithm::PS384 => Pss::<::sha2::Sha384>::new().verify(&self.key, prehash, signature),
            Algorithm::PS512 => Pss::<::sha2::Sha512>::new().verify(&self.key, prehash, signature),
            Algorithm::RS256 => {
                Pkcs1v15Sign::new::<::sha2::Sha256>().verify(&self.key, prehash, signature)
            }
            Algorithm::RS384 => {
                Pkcs1v15Sign::new::<::sha2::Sha384>().verify(&self.key, prehash, signature)
            }
            Algorithm::RS512 => {
                Pkcs1v15Sign::new::<::sha2::Sha512>().verify(&self.key, prehash, signature)
            }
            _ => return Err(VerifyError::Unsupported),
        };
        verified.map_err(|_| VerifyError::InvalidSignature)
    }
}

impl fmt::Debug for RsaVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaVerifyingKey({})", self.profile())
    }
}
