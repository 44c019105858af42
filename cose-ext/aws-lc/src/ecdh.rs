//! Key agreement on the curves of NIST and on X25519 (RFC 9053 6.3).

use aws_lc_rs::agreement::{self, UnparsedPublicKey, agree};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::hkdf;
use cose_crypto::{
    Algorithm, Curve, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial, KeyProfile, KeyType,
    PrivateKey, PrivateKeyMaterial, PublicKey, SecretError, YCoordinate,
};

/// The longest public key: a point of P-521 (SEC 1 2.3.3).
const MAX_POINT_LEN: usize = 1 + 2 * 66;
/// The longest private key: a scalar of P-521.
const MAX_SCALAR_LEN: usize = 66;

/// A curve with its names here and there.
struct AgreementCurve {
    curve: Curve,
    key_type: KeyType,
    agreement: &'static agreement::Algorithm,
    /// Length of a coordinate and of a private key in bytes.
    field: usize,
    /// The bits of the first byte that the order of the curve has.
    first_mask: u8,
}

static CURVES: [AgreementCurve; 4] = [
    AgreementCurve {
        curve: Curve::P256,
        key_type: KeyType::EC2,
        agreement: &agreement::ECDH_P256,
        field: 32,
        first_mask: 0xff,
    },
    AgreementCurve {
        curve: Curve::P384,
        key_type: KeyType::EC2,
        agreement: &agreement::ECDH_P384,
        field: 48,
        first_mask: 0xff,
    },
    AgreementCurve {
        curve: Curve::P521,
        key_type: KeyType::EC2,
        agreement: &agreement::ECDH_P521,
        field: 66,
        first_mask: 0x01,
    },
    AgreementCurve {
        curve: Curve::X25519,
        key_type: KeyType::OKP,
        agreement: &agreement::X25519,
        field: 32,
        first_mask: 0xff,
    },
];

/// A private key, which AWS-LC wipes when it frees it, with the algorithm that the key states.
pub(super) struct AgreementKey {
    curve: &'static AgreementCurve,
    key: agreement::PrivateKey,
    algorithm: Option<Algorithm>,
}

impl AgreementKey {
    pub(super) fn new(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let d = match key.material {
            PrivateKeyMaterial::Okp { d, .. } | PrivateKeyMaterial::Ec2 { d, .. } => d,
            _ => return Err(InvalidKey::Unsupported),
        };
        let profile = key.profile();
        let mut curves = CURVES.iter();
        let curve = curves
            .find(|known| profile.curve == Some(known.curve) && profile.key_type == known.key_type);
        let own = Self::from_bytes(curve.ok_or(InvalidKey::Unsupported)?, d)?;
        if let Some(public) = &key.public
            && !own.is_private_of(public)?
        {
            return Err(InvalidKey::Malformed);
        }
        Ok(Self { algorithm: key.algorithm, ..own })
    }

    /// Exactly as many bytes as the curve has; for a scalar, neither zero nor beyond the order.
    fn from_bytes(curve: &'static AgreementCurve, d: &[u8]) -> Result<Self, InvalidKey> {
        match agreement::PrivateKey::from_private_key(curve.agreement, d) {
            Ok(key) => Ok(Self { curve, key, algorithm: None }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    /// Draws until a scalar is below the order, which nearly every one is.
    pub(super) fn generate(curve: Curve, random: &mut dyn CryptoRng) -> Result<Self, InvalidKey> {
        const DRAWS: usize = 64;
        let curve = CURVES.iter().find(|known| known.curve == curve);
        let curve = curve.ok_or(InvalidKey::Unsupported)?;
        let mut d = Zeroizing::new([0_u8; MAX_SCALAR_LEN]);
        let d = d.get_mut(..curve.field).ok_or(InvalidKey::Malformed)?;
        for _ in 0..DRAWS {
            random.fill_bytes(d);
            if let Some(first) = d.first_mut() {
                *first &= curve.first_mask;
            }
            if let Ok(key) = Self::from_bytes(curve, d) {
                return Ok(key);
            }
        }
        Err(InvalidKey::Malformed)
    }

    /// Calls `then` with the own public key.
    fn with_material<T>(&self, then: impl FnOnce(&KeyMaterial<'_>) -> T) -> Option<T> {
        let public = self.key.compute_public_key().ok()?;
        let curve = self.curve.curve;
        Some(if self.curve.key_type == KeyType::OKP {
            then(&KeyMaterial::Okp { curve, x: public.as_ref() })
        } else {
            // Uncompressed, behind the byte that says so.
            let (x, y) = public.as_ref().get(1..)?.split_at_checked(self.curve.field)?;
            then(&KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) })
        })
    }

    /// Whether `public` is the own public key, in whichever form.
    fn is_private_of(&self, public: &KeyMaterial<'_>) -> Result<bool, InvalidKey> {
        let same = self.with_material(|own| match (own, *public) {
            (
                KeyMaterial::Ec2 { curve, x: own_x, y: YCoordinate::Value(own_y) },
                KeyMaterial::Ec2 { curve: named, x, y: YCoordinate::Sign(is_odd) },
            ) => {
                let own_is_odd = own_y.last().is_some_and(|last| last & 1 == 1);
                *curve == named && *own_x == x && own_is_odd == is_odd
            }
            (own, public) => *own == public,
        });
        same.ok_or(InvalidKey::Malformed)
    }

    /// The public key of the other side, as AWS-LC takes it: SEC 1 2.3.3, or the bytes of X25519.
    fn with_peer<T>(&self, peer: &KeyMaterial<'_>, then: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let field = self.curve.field;
        let (first, x, y) = match *peer {
            KeyMaterial::Okp { curve, x } if curve == self.curve.curve => (&[][..], x, &[][..]),
            KeyMaterial::Ec2 { curve, x, y } if curve == self.curve.curve => match y {
                YCoordinate::Value(y) if y.len() == field => (&[4][..], x, y),
                YCoordinate::Sign(false) => (&[2][..], x, &[][..]),
                YCoordinate::Sign(true) => (&[3][..], x, &[][..]),
                YCoordinate::Value(_) => return None,
            },
            _ => return None,
        };
        if x.len() != field || first.is_empty() != (self.curve.key_type == KeyType::OKP) {
            return None;
        }
        let mut point = [0; MAX_POINT_LEN];
        let mut len = 0_usize;
        for (place, byte) in point.iter_mut().zip([first, x, y].into_iter().flatten()) {
            *place = *byte;
            len = len.saturating_add(1);
        }
        point.get(..len).map(then)
    }
}

impl KeyAgreement for AgreementKey {
    fn profile(&self) -> KeyProfile {
        KeyProfile {
            key_type: self.curve.key_type,
            curve: Some(self.curve.curve),
            algorithm: self.algorithm,
        }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        self.with_material(|own| then(&PublicKey { material: *own, algorithm: self.algorithm }));
    }

    fn derive(
        &self,
        peer: &PublicKey<'_>,
        derivation: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError> {
        // AWS-LC refuses points that are not on the curve, and a secret that is zero.
        self.with_peer(&peer.material, |peer| {
            let peer = UnparsedPublicKey::new(self.curve.agreement, peer);
            agree(&self.key, peer, SecretError::Malformed, |secret| {
                hkdf::derive(secret, derivation, key)
            })
        })
        .unwrap_or(Err(SecretError::Malformed))
    }
}
