//! RSA signatures (RFC 8230, RFC 8812).

mod signing;

pub use signing::RsaSigningKey;

use std::vec::Vec;

use core::{fmt, ops::RangeInclusive};

use aws_lc_rs::{
    digest::{self, Digest},
    signature::{
        self, ParsedPublicKey, RsaEncoding, RsaParameters, RsaPublicKeyComponents,
        UnparsedPublicKey,
    },
};

use super::sha2::{Sha256, Sha384, Sha512};
use cose_crypto::{
    Algorithm, Feed, HashFunction, InvalidKey, KeyMaterial, KeyProfile, KeyType, PublicKey,
    SignatureVerifier, VerifyError,
};

/// A parsed RSA public key: checks PS256, PS384, PS512 (RFC 8230 2), RS256, RS384 and
/// RS512 (RFC 8812 2).
#[derive(Clone)]
pub struct RsaVerifyingKey {
    /// Parsed for PS256; the other algorithms take the encoding that it keeps.
    key: ParsedPublicKey,
    n: Vec<u8>,
    e: Vec<u8>,
    algorithm: Option<Algorithm>,
}

impl RsaVerifyingKey {
    /// Lengths of the modulus that are accepted, in bits (RFC 8230 6.1).
    pub const MODULUS_BITS: RangeInclusive<usize> = 2048..=8192;

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
        let exponent_fits = e.len() < 5 || (e.len() == 5 && e.first() == Some(&1));
        let is_key = is_odd(n)
            && is_odd(e)
            && bits(n).is_some_and(|bits| Self::MODULUS_BITS.contains(&bits))
            && bits(e).is_some_and(|bits| bits > 1)
            && exponent_fits;
        if !is_key {
            return Err(InvalidKey::Malformed);
        }
        match (RsaPublicKeyComponents { n, e })
            .to_parsed_public_key(&signature::RSA_PSS_2048_8192_SHA256)
        {
            Ok(parsed) => {
                let (n, e) = (n.to_vec(), e.to_vec());
                Ok(Self { key: parsed, n, e, algorithm: key.algorithm })
            }
            Err(_) => Err(InvalidKey::Malformed),
        }
    }
}

/// How many bits a number has; `None` when a zero stands in front, or nothing at all.
fn bits(number: &[u8]) -> Option<usize> {
    let first = number.first().filter(|first| **first != 0)?;
    let zeros = usize::try_from(first.leading_zeros()).ok()?;
    number.len().checked_mul(8)?.checked_sub(zeros)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}

/// What AWS-LC and this module call the parts of an algorithm. The salt of PSS is as long as the
/// hash (RFC 8230 2), and its mask uses the same hash.
struct Parts {
    hash: &'static dyn HashFunction,
    digest: &'static digest::Algorithm,
    parameters: &'static RsaParameters,
    encoding: &'static dyn RsaEncoding,
}

fn parts(algorithm: Algorithm) -> Result<Parts, VerifyError> {
    Ok(match algorithm {
        Algorithm::PS256 => Parts {
            hash: &Sha256,
            digest: &digest::SHA256,
            parameters: &signature::RSA_PSS_2048_8192_SHA256,
            encoding: &signature::RSA_PSS_SHA256,
        },
        Algorithm::PS384 => Parts {
            hash: &Sha384,
            digest: &digest::SHA384,
            parameters: &signature::RSA_PSS_2048_8192_SHA384,
            encoding: &signature::RSA_PSS_SHA384,
        },
        Algorithm::PS512 => Parts {
            hash: &Sha512,
            digest: &digest::SHA512,
            parameters: &signature::RSA_PSS_2048_8192_SHA512,
            encoding: &signature::RSA_PSS_SHA512,
        },
        Algorithm::RS256 => Parts {
            hash: &Sha256,
            digest: &digest::SHA256,
            parameters: &signature::RSA_PKCS1_2048_8192_SHA256,
            encoding: &signature::RSA_PKCS1_SHA256,
        },
        Algorithm::RS384 => Parts {
            hash: &Sha384,
            digest: &digest::SHA384,
            parameters: &signature::RSA_PKCS1_2048_8192_SHA384,
            encoding: &signature::RSA_PKCS1_SHA384,
        },
        Algorithm::RS512 => Parts {
            hash: &Sha512,
            digest: &digest::SHA512,
            parameters: &signature::RSA_PKCS1_2048_8192_SHA512,
            encoding: &signature::RSA_PKCS1_SHA512,
        },
        _ => return Err(VerifyError::Unsupported),
    })
}

impl SignatureVerifier for RsaVerifyingKey {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::RSA, curve: None, algorithm: self.algorithm }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        let material = KeyMaterial::Rsa { n: &self.n, e: &self.e };
        then(&PublicKey { material, algorithm: self.algorithm });
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let prehash = parts(algorithm)?.hash.hash(message);
        self.verify_prehash(algorithm, prehash.as_ref(), signature)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let prehash = parts(algorithm)?.hash.hash_stream(feed)?;
        self.verify_prehash(algorithm, prehash.as_ref(), signature)
    }

    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let Parts { digest, parameters, .. } = parts(algorithm)?;
        let key = UnparsedPublicKey::new(parameters, self.key.as_ref());
        Digest::import_less_safe(prehash, digest)
            .and_then(|digest| key.verify_digest(&digest, signature))
            .map_err(|_| VerifyError::InvalidSignature)
    }
}

impl fmt::Debug for RsaVerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaVerifyingKey({})", self.profile())
    }
}
