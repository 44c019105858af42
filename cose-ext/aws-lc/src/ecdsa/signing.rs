//! Signing with ECDSA.

use aws_lc_rs::{
    digest::Digest,
    encoding::{AsBigEndian, EcPrivateKeyBin},
    signature::{EcdsaKeyPair, KeyPair},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{NamedCurve, Verifying};
use crate::buffers::emit;
use cose_crypto::{
    Algorithm, Feed, HashValue, InvalidKey, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey,
    SignError, YCoordinate,
};

/// The longest private key as PKCS#8: what stands before the scalar, and a scalar of P-521.
const MAX_PKCS8_LEN: usize = 35 + 66;

/// A private scalar with the algorithm that it signs by. AWS-LC wipes what it frees.
pub(super) struct Signing {
    key: EcdsaKeyPair,
    verifying: Verifying,
    algorithm: Algorithm,
}

impl Signing {
    pub(super) fn from_bytes(
        curve: &'static NamedCurve,
        scalar: &[u8],
    ) -> Result<Self, InvalidKey> {
        if scalar.len() != curve.field {
            return Err(InvalidKey::Malformed);
        }
        // AWS-LC takes a scalar without its point in this form only, and computes the point.
        let mut pkcs8 = Zeroizing::new([0; MAX_PKCS8_LEN]);
        let mut len = 0_usize;
        for (place, byte) in pkcs8.iter_mut().zip(curve.pkcs8_head.iter().chain(scalar)) {
            *place = *byte;
            len = len.saturating_add(1);
        }
        let pkcs8 = pkcs8.get(..len).ok_or(InvalidKey::Malformed)?;
        let key = EcdsaKeyPair::from_pkcs8(curve.signing, pkcs8);
        let key = key.map_err(|_| InvalidKey::Malformed)?;
        let point = key.public_key().as_ref().get(1..).ok_or(InvalidKey::Malformed)?;
        let (x, y) = point.split_at_checked(curve.field).ok_or(InvalidKey::Malformed)?;
        let y = YCoordinate::Value(y);
        let material = KeyMaterial::Ec2 { curve: curve.curve, x, y };
        let verifying = Verifying::new(curve, &PublicKey { material, algorithm: None })?;
        Ok(Self { key, verifying, algorithm: curve.usual })
    }

    pub(super) fn new(
        curve: &'static NamedCurve,
        key: &PrivateKey<'_>,
    ) -> Result<Self, InvalidKey> {
        let d = match key.material {
            PrivateKeyMaterial::Ec2 { curve: named, d } if named == curve.curve => d,
            _ => return Err(InvalidKey::Unsupported),
        };
        let signing = Self::from_bytes(curve, d)?;
        if let Some(material) = key.public {
            let public = Verifying::new(curve, &PublicKey { material, algorithm: None })?;
            if !public.is_point_of(&signing.verifying) {
                return Err(InvalidKey::Malformed);
            }
        }
        signing.with_algorithm(key.algorithm.unwrap_or(curve.usual))
    }

    /// Draws until a scalar is below the order, which nearly every one is.
    pub(super) fn generate(
        curve: &'static NamedCurve,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, InvalidKey> {
        const DRAWS: usize = 64;
        let mut scalar = Zeroizing::new([0_u8; 66]);
        let scalar = scalar.get_mut(..curve.field).ok_or(InvalidKey::Malformed)?;
        for _ in 0..DRAWS {
            rng.fill_bytes(scalar);
            if let Some(first) = scalar.first_mut() {
                *first &= curve.first_mask;
            }
            if let Ok(key) = Self::from_bytes(curve, scalar) {
                return Ok(key);
            }
        }
        Err(InvalidKey::Malformed)
    }

    pub(super) fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
        let curve = self.verifying.curve;
        if algorithm != curve.usual && algorithm != curve.specified {
            return Err(InvalidKey::Unsupported);
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn verifying_key(&self) -> Verifying {
        self.verifying.clone()
    }

    pub(super) fn secret<const FIELD: usize>(&self) -> Zeroizing<[u8; FIELD]> {
        let mut secret = Zeroizing::new([0; FIELD]);
        let scalar: Result<EcPrivateKeyBin<'_>, _> = self.key.private_key().as_be_bytes();
        if let Ok(scalar) = scalar {
            for (place, byte) in secret.iter_mut().zip(scalar.as_ref()) {
                *place = *byte;
            }
        }
        secret
    }

    pub(super) fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, SignError> {
        let curve = self.verifying.curve;
        // The usual hash of each curve is the digest that AWS-LC asks for there.
        let hash = curve.hash_function(curve.usual).ok_or(SignError::Device)?;
        self.sign_prehash(&hash.hash(message), out)
    }

    pub(super) fn sign_stream(
        &self,
        feed: &mut Feed<'_>,
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        let curve = self.verifying.curve;
        let hash = curve.hash_function(curve.usual).ok_or(SignError::Device)?;
        self.sign_prehash(&hash.hash_stream(feed)?, out)
    }

    fn sign_prehash(&self, prehash: &HashValue, out: &mut [u8]) -> Result<usize, SignError> {
        let digest = Digest::import_less_safe(prehash.as_ref(), self.verifying.curve.digest)
            .map_err(|_| SignError::Device)?;
        let signature = self.key.sign_digest(&digest).map_err(|_| SignError::Device)?;
        emit(signature.as_ref(), out)
    }
}
