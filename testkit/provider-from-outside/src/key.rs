//! Public keys on P-256.

use cose_crypto::{
    Algorithm, Curve, Ec2PublicKey, Feed, HashFunction, InvalidKey, KeyMaterial, KeyProfile,
    PublicKey, SignatureVerifier, VerifyError, YCoordinate,
};
use p256::ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier};

use crate::HashEngine;

/// A public key that was checked to be on its curve.
#[derive(Clone, Copy, Debug)]
pub struct DeviceKey {
    key: VerifyingKey,
    point: Ec2PublicKey<32>,
    algorithm: Option<Algorithm>,
}

impl DeviceKey {
    /// Parses `key`, whole or compressed.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type or curve; `Malformed` for coordinates that are not on the
    /// curve or not 32 bytes long.
    pub fn new(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let KeyMaterial::Ec2 { curve: Curve::P256, x, y } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        // The lengths are right from here on.
        key.check()?;
        let (tag, y) = match y {
            YCoordinate::Value(y) => (4, y),
            YCoordinate::Sign(odd) => (2 + u8::from(odd), &[][..]),
        };
        let mut encoded = [tag; 65];
        let front = encoded.get_mut(..1 + x.len() + y.len()).ok_or(InvalidKey::Malformed)?;
        for (to, from) in front.iter_mut().skip(1).zip(x.iter().chain(y)) {
            *to = *from;
        }
        let parsed = VerifyingKey::from_sec1_bytes(front).map_err(|_| InvalidKey::Malformed)?;
        let whole = parsed.to_sec1_point(false);
        let (Some(x), Some(y)) = (whole.x(), whole.y()) else { return Err(InvalidKey::Malformed) };
        let point = Ec2PublicKey { curve: Curve::P256, x: (*x).into(), y: (*y).into() };
        Ok(Self { key: parsed, point, algorithm: key.algorithm })
    }
}

impl SignatureVerifier for DeviceKey {
    fn profile(&self) -> KeyProfile {
        PublicKey { algorithm: self.algorithm, ..self.point.as_public_key() }.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&PublicKey { algorithm: self.algorithm, ..self.point.as_public_key() });
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.verify_prehash(algorithm, HashEngine.hash(message).as_ref(), signature)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if !is_done(algorithm) {
            return Err(VerifyError::Unsupported);
        }
        self.verify_prehash(algorithm, HashEngine.hash_stream(feed)?.as_ref(), signature)
    }

    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if !is_done(algorithm) {
            return Err(VerifyError::Unsupported);
        }
        if prehash.len() != 32 {
            return Err(VerifyError::InvalidSignature);
        }
        Signature::from_slice(signature)
            .and_then(|signature| self.key.verify_prehash(prehash, &signature))
            .map_err(|_| VerifyError::InvalidSignature)
    }
}

/// Whether the device does `algorithm`; it never guesses another.
fn is_done(algorithm: Algorithm) -> bool {
    [Algorithm::ES256, Algorithm::ESP256].contains(&algorithm)
}
