//! Ed448, verification only (RFC 8032, RFC 9053 2.2).

use core::fmt;

use ed448_goldilocks::{Signature, VerifyingKey};

use cose_crypto::{
    Algorithm, Curve, InvalidKey, KeyMaterial, KeyProfile, KeyType, OkpPublicKey, PublicKey,
    SignatureVerifier, VerifyError,
};

/// A parsed Ed448 public key, for many checks of signatures (RFC 8032 5.2).
///
/// The crate behind is a pre-release. It is stricter than RFC 8032: keys and Rs must be of the
/// group of prime order. It takes a message in one piece: parts are collected in memory first, and
/// there is no streaming form.
#[derive(Clone)]
pub struct Ed448VerifyingKey {
    key: VerifyingKey,
    algorithm: Option<Algorithm>,
}

impl Ed448VerifyingKey {
    /// Parses `key`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type or curve; `Malformed` for anything but 57 bytes that are
    /// the canonical encoding of a point (RFC 8032 5.2.3) of the group of prime order, except its
    /// neutral element.
    pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let KeyMaterial::Okp { curve: Curve::ED448, x } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let x: &[u8; 57] = x.try_into().map_err(|_| InvalidKey::Malformed)?;
        let point = VerifyingKey::from_bytes(x).map_err(|_| InvalidKey::Malformed)?;
        // The crate leaves seven bits of the last byte and a y beyond the field unnoticed.
        if point.to_edwards().to_affine().compress().as_bytes() != &x[..] {
            return Err(InvalidKey::Malformed);
        }
        Ok(Self { key: point, algorithm: key.algorithm })
    }

    /// Returns the key as data, by value.
    #[must_use]
    pub fn public_key(&self) -> OkpPublicKey<57> {
        OkpPublicKey { curve: Curve::ED448, x: self.key.to_bytes() }
    }
}

impl SignatureVerifier for Ed448VerifyingKey {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::OKP, curve: Some(Curve::ED448), algorithm: self.algorithm }
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
        if algorithm != Algorithm::EDDSA && algorithm != Algorithm::ED448 {
            return Err(VerifyError::Unsupported);
        }
        let signature =
            Signature::from_slice(signature).map_err(|_| VerifyError::InvalidSignature)?;
        let verified = match message {
            [whole] => self.key.verify_raw(&signature, whole),
            parts => {
                // As long as what the caller holds already.
                let mut whole = alloc::vec::Vec::new();
                parts.iter().for_each(|part| whole.extend_from_slice(part));
                self.key.verify_raw(&signature, &whole)
            }
        };
        verified.map_err(|_| VerifyError::InvalidSignature)
    }
}

impl fmt::Debug for Ed448VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed448VerifyingKey({})", self.profile())
    }
}
