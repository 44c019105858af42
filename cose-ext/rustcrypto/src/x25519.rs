//! Key agreement on X25519 (RFC 9053 6.3, RFC 7748 6.1).

use rand_core::CryptoRng;
use x25519_dalek::{PublicKey as Point, StaticSecret};
use zeroize::Zeroizing;

use super::hkdf;
use cose_crypto::{
    Algorithm, Curve, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial, KeyProfile, KeyType,
    PrivateKey, PrivateKeyMaterial, PublicKey, SecretError,
};

/// A private key, which is wiped when dropped, with the algorithm that the key states.
pub(super) struct X25519Key {
    key: StaticSecret,
    algorithm: Option<Algorithm>,
}

impl X25519Key {
    pub(super) fn new(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let PrivateKeyMaterial::Okp { curve: Curve::X25519, d } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let d = <[u8; 32]>::try_from(d).map(Zeroizing::new).map_err(|_| InvalidKey::Malformed)?;
        let secret = StaticSecret::from(*d);
        if let Some(public) = key.public {
            let x = Point::from(&secret).to_bytes();
            if public != (KeyMaterial::Okp { curve: Curve::X25519, x: &x }) {
                return Err(InvalidKey::Malformed);
            }
        }
        Ok(Self { key: secret, algorithm: key.algorithm })
    }

    pub(super) fn generate(random: &mut dyn CryptoRng) -> Self {
        Self { key: StaticSecret::random_from_rng(random), algorithm: None }
    }
}

impl KeyAgreement for X25519Key {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::OKP, curve: Some(Curve::X25519), algorithm: self.algorithm }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        let x = Point::from(&self.key).to_bytes();
        let material = KeyMaterial::Okp { curve: Curve::X25519, x: &x };
        then(&PublicKey { material, algorithm: self.algorithm });
    }

    fn derive(
        &self,
        peer: &PublicKey<'_>,
        derivation: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError> {
        let KeyMaterial::Okp { curve: Curve::X25519, x } = peer.material else {
            return Err(SecretError::Malformed);
        };
        let x = <[u8; 32]>::try_from(x).map_err(|_| SecretError::Malformed)?;
        // Wiped when dropped.
        let secret = self.key.diffie_hellman(&Point::from(x));
        // A point of small order: the secret would be zero for every key (RFC 7748 6.1).
        if !secret.was_contributory() {
            return Err(SecretError::Malformed);
        }
        hkdf::derive(secret.as_bytes(), derivation, key)
    }
}
