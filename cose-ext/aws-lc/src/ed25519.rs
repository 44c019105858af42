//! Ed25519 (RFC 8032, RFC 9053 2.2).

use core::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::buffers::{emit, with_whole};
use cose_crypto::{
    Algorithm, Curve, InvalidKey, KeyMaterial, KeyProfile, KeyType, OkpPublicKey, PrivateKey,
    PrivateKeyMaterial, PublicKey, SignError, SignatureVerifier, Signer, VerifyError,
};

/// Length of a signature in bytes.
const SIGNATURE_LEN: usize = 64;

/// A parsed Ed25519 public key, for many checks of signatures.
///
/// Verification is that of RFC 8032 5.1.7 without the cofactor. As in the other provider, a key of
/// small order and one in a second encoding are refused when they are parsed. AWS-LC takes a
/// message in one piece: parts are collected in memory first, and there is no streaming form.
#[derive(Clone)]
pub struct Ed25519VerifyingKey {
    key: ParsedPublicKey,
    x: [u8; 32],
    algorithm: Option<Algorithm>,
}

impl Ed25519VerifyingKey {
    /// Parses `key`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type or curve; `Malformed` for anything but 32 bytes that are
    /// the canonical encoding of a point (RFC 8032 5.1.3) of large order.
    pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let KeyMaterial::Okp { curve: Curve::ED25519, x } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let x: [u8; 32] = x.try_into().map_err(|_| InvalidKey::Malformed)?;
        if !is_canonical(&x) || is_of_small_order(&x) {
            return Err(InvalidKey::Malformed);
        }
        match ParsedPublicKey::new(&ED25519, x) {
            Ok(parsed) => Ok(Self { key: parsed, x, algorithm: key.algorithm }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    /// Returns the key as data, by value.
    #[must_use]
    pub const fn public_key(&self) -> OkpPublicKey<32> {
        OkpPublicKey { curve: Curve::ED25519, x: self.x }
    }
}

fn is_own(algorithm: Algorithm) -> bool {
    algorithm == Algorithm::EDDSA || algorithm == Algorithm::ED25519
}

/// y, whose encoding leaves the highest bit to the sign of x.
const fn y_of(x: &[u8; 32]) -> [u8; 32] {
    let mut y = *x;
    if let Some(last) = y.last_mut() {
        *last &= 0x7f;
    }
    y
}

/// y is below 2^255 - 19. The other second encoding, minus zero, is of small order.
fn is_canonical(x: &[u8; 32]) -> bool {
    const PRIME: [u8; 32] = {
        let mut prime = [0xff; 32];
        prime[0] = 0xed;
        prime[31] = 0x7f;
        prime
    };
    y_of(x).iter().rev().lt(PRIME.iter().rev())
}

/// The points of order 1, 2, 4 and 8, by y: such a key accepts signatures that nobody made.
fn is_of_small_order(x: &[u8; 32]) -> bool {
    const ORDER_8: [[u8; 32]; 2] = [
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef,
            0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88,
            0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10,
            0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77,
            0x92, 0xac, 0x03, 0x7a,
        ],
    ];
    const ORDER_4: [u8; 32] = [0; 32];
    const ORDER_1: [u8; 32] = {
        let mut one = [0; 32];
        one[0] = 1;
        one
    };
    /// -1.
    const ORDER_2: [u8; 32] = {
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        minus_one
    };
    let y = y_of(x);
    [ORDER_1, ORDER_2, ORDER_4].contains(&y) || ORDER_8.contains(&y)
}

impl SignatureVerifier for Ed25519VerifyingKey {
    fn profile(&self) -> KeyProfile {
        KeyProfile {
            key_type: KeyType::OKP,
            curve: Some(Curve::ED25519),
            algorithm: self.algorithm,
        }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&PublicKey { algorithm: self.algorithm, ..self.public_key().as_public_key() });
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if !is_own(algorithm) {
            return Err(VerifyError::Unsupported);
        }
        with_whole(message, |message| self.key.verify_sig(message, signature))
            .map_err(|_| VerifyError::InvalidSignature)
    }
}

impl fmt::Debug for Ed25519VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed25519VerifyingKey({})", self.profile())
    }
}

/// An Ed25519 private key.
///
/// The algorithm is EdDSA, which deployed software reads, or Ed25519 (RFC 9864). Wiped when
/// dropped; `Debug` shows the type only. A message in parts is collected in memory first.
pub struct Ed25519SigningKey {
    seed: Zeroizing<[u8; 32]>,
    key: Ed25519KeyPair,
    verifying: Ed25519VerifyingKey,
    algorithm: Algorithm,
}

impl Ed25519SigningKey {
    /// Makes a key from its seed of exactly 32 bytes, the private key of RFC 8032 5.1.5.
    ///
    /// # Errors
    ///
    /// `Malformed` for another length.
    pub fn from_bytes(seed: &[u8]) -> Result<Self, InvalidKey> {
        let seed: [u8; 32] = seed.try_into().map_err(|_| InvalidKey::Malformed)?;
        let seed = Zeroizing::new(seed);
        let key = Ed25519KeyPair::from_seed_unchecked(seed.as_slice());
        let key = key.map_err(|_| InvalidKey::Malformed)?;
        let material = KeyMaterial::Okp { curve: Curve::ED25519, x: key.public_key().as_ref() };
        let public = PublicKey { material, algorithm: None };
        let verifying = Ed25519VerifyingKey::from_public_key(&public)?;
        Ok(Self { seed, key, verifying, algorithm: Algorithm::EDDSA })
    }

    /// Makes the signer of a key that arrived as data, for the algorithm that the key states.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type, curve or algorithm; `Malformed` for another length, and
    /// for a public key that is another's.
    pub fn from_private_key(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let PrivateKeyMaterial::Okp { curve: Curve::ED25519, d } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let signing = Self::from_bytes(d)?;
        if let Some(public) = key.public
            && public != signing.public_key().as_public_key().material
        {
            return Err(InvalidKey::Malformed);
        }
        signing.with_algorithm(key.algorithm.unwrap_or(Algorithm::EDDSA))
    }

    /// Generates a new key.
    ///
    /// # Errors
    ///
    /// If AWS-LC refuses the seed, which it has no reason to.
    pub fn generate(rng: &mut dyn CryptoRng) -> Result<Self, InvalidKey> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        rng.fill_bytes(seed.as_mut_slice());
        Self::from_bytes(seed.as_slice())
    }

    /// Returns this key for signatures by `algorithm`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for any but EdDSA and Ed25519.
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
        if !is_own(algorithm) {
            return Err(InvalidKey::Unsupported);
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    /// Returns the public key as data, by value.
    #[must_use]
    pub const fn public_key(&self) -> OkpPublicKey<32> {
        self.verifying.public_key()
    }

    /// Returns the public key, parsed once for many checks.
    #[must_use]
    pub fn verifying_key(&self) -> Ed25519VerifyingKey {
        self.verifying.clone()
    }

    /// Returns the seed, for storing it. The bytes are wiped when dropped.
    #[must_use]
    pub fn secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.seed.clone()
    }
}

impl Signer for Ed25519SigningKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn signature_len(&self) -> usize {
        SIGNATURE_LEN
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        let signed = with_whole(message, |message| self.key.try_sign(message));
        emit(signed.map_err(|_| SignError::Device)?.as_ref(), signature)
    }
}

impl fmt::Debug for Ed25519SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519SigningKey").finish_non_exhaustive()
    }
}
