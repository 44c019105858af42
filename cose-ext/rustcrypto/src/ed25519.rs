//! Ed25519 (RFC 8032, RFC 9053 2.2).

use core::{cmp::Ordering, fmt};

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use signature::{MultipartSigner, MultipartVerifier};
use zeroize::Zeroizing;

use cose_crypto::{
    Algorithm, Curve, Feed, InvalidKey, KeyMaterial, KeyProfile, KeyType, OkpPublicKey, PrivateKey,
    PrivateKeyMaterial, PublicKey, SignError, SignatureVerifier, Signer, VerifyError,
};

/// Length of a signature in bytes.
const SIGNATURE_LEN: usize = 64;

/// The order of the base point, little-endian (RFC 8032 5.1).
pub(super) const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// A parsed Ed25519 public key, for many checks of signatures.
///
/// Verification is that of RFC 8032 5.1.7 without the cofactor: S below the group order, R compared
/// as bytes, so that a signature has one encoding only. It differs from plain RFC 8032 in one
/// thing: a key of small order is refused when it is parsed, since it would accept signatures of
/// messages that nobody signed. An R of small order is accepted, as RFC 8032 has it.
#[derive(Clone)]
pub struct Ed25519VerifyingKey {
    key: VerifyingKey,
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
        let x = x.try_into().map_err(|_| InvalidKey::Malformed)?;
        let point = VerifyingKey::from_bytes(x).map_err(|_| InvalidKey::Malformed)?;
        let is_canonical = point.to_edwards().compress().as_bytes() == x;
        if point.is_weak() || !is_canonical {
            return Err(InvalidKey::Malformed);
        }
        Ok(Self { key: point, algorithm: key.algorithm })
    }

    /// Returns the key as data, by value.
    #[must_use]
    pub fn public_key(&self) -> OkpPublicKey<32> {
        OkpPublicKey { curve: Curve::ED25519, x: self.key.to_bytes() }
    }
}

fn check_algorithm(algorithm: Algorithm) -> Result<(), VerifyError> {
    match algorithm {
        Algorithm::EDDSA | Algorithm::ED25519 => Ok(()),
        _ => Err(VerifyError::Unsupported),
    }
}

/// Reads 64 bytes, and refuses S beyond the group order by itself: a feature of the curve crate,
/// which any other crate of a build may turn on, lets it pass.
fn read_signature(signature: &[u8]) -> Result<Signature, VerifyError> {
    let signature = Signature::from_slice(signature).map_err(|_| VerifyError::InvalidSignature)?;
    match signature.s_bytes().iter().rev().cmp(ORDER.iter().rev()) {
        Ordering::Less => Ok(signature),
        Ordering::Equal | Ordering::Greater => Err(VerifyError::InvalidSignature),
    }
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
        check_algorithm(algorithm)?;
        let signature = read_signature(signature)?;
        self.key.multipart_verify(message, &signature).map_err(|_| VerifyError::InvalidSignature)
    }

    // Pure Ed25519 all the same, not Ed25519ph: the message is hashed once, behind R and the key.
    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        check_algorithm(algorithm)?;
        let signature = read_signature(signature)?;
        let mut stream =
            self.key.verify_stream(&signature).map_err(|_| VerifyError::InvalidSignature)?;
        feed(&mut |piece| stream.update(piece))?;
        stream.finalize_and_verify().map_err(|_| VerifyError::InvalidSignature)
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
/// dropped; `Debug` shows the type only.
pub struct Ed25519SigningKey {
    key: SigningKey,
    algorithm: Algorithm,
}

impl Ed25519SigningKey {
    /// Makes a key from its seed of exactly 32 bytes, the private key of RFC 8032 5.1.5.
    ///
    /// # Errors
    ///
    /// `Malformed` for another length.
    pub fn from_bytes(seed: &[u8]) -> Result<Self, InvalidKey> {
        let seed = seed.try_into().map_err(|_| InvalidKey::Malformed)?;
        Ok(Self { key: SigningKey::from_bytes(seed), algorithm: Algorithm::EDDSA })
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
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        Self { key: SigningKey::from_bytes(&seed), algorithm: Algorithm::EDDSA }
    }

    /// Returns this key for signatures by `algorithm`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for any but EdDSA and Ed25519.
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
        check_algorithm(algorithm).map_err(|_| InvalidKey::Unsupported)?;
        self.algorithm = algorithm;
        Ok(self)
    }

    /// Returns the public key as data, by value.
    #[must_use]
    pub fn public_key(&self) -> OkpPublicKey<32> {
        self.verifying_key().public_key()
    }

    /// Returns the public key, parsed once for many checks.
    #[must_use]
    pub fn verifying_key(&self) -> Ed25519VerifyingKey {
        Ed25519VerifyingKey { key: self.key.verifying_key(), algorithm: None }
    }

    /// Returns the seed, for storing it. The bytes are wiped when dropped.
    #[must_use]
    pub fn secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
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
        let signed: Signature =
            self.key.try_multipart_sign(message).map_err(|_| SignError::Device)?;
        crate::emit::emit(&signed.to_bytes(), signature)
    }
}

impl fmt::Debug for Ed25519SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519SigningKey").finish_non_exhaustive()
    }
}
