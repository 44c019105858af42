//! Key agreement on the curves of NIST (RFC 9053 6.3, SP 800-56A 5.7.1.2).

use ::ecdsa::elliptic_curve::{
    AffinePoint, FieldBytes, FieldBytesSize, Generate, PublicKey as Point, SecretKey,
    ecdh::diffie_hellman,
    sec1::{FromSec1Point, ModulusSize, ToSec1Point},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{ecdsa::NamedCurve, hkdf, weierstrass::point};
use cose_crypto::{
    Algorithm, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial, KeyProfile, KeyType,
    PrivateKey, PrivateKeyMaterial, PublicKey, SecretError, YCoordinate,
};

/// A private scalar, which is wiped when dropped, with the algorithm that the key states.
pub(super) struct EcdhKey<C: NamedCurve> {
    key: SecretKey<C>,
    algorithm: Option<Algorithm>,
}

impl<C> EcdhKey<C>
where
    C: NamedCurve,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    pub(super) fn new(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let d = match key.material {
            PrivateKeyMaterial::Ec2 { curve, d } if curve == C::CURVE => d,
            _ => return Err(InvalidKey::Unsupported),
        };
        // `SecretKey::from_slice` would pad a scalar that is up to eight bytes too short.
        let d = <&FieldBytes<C>>::try_from(d).map_err(|_| InvalidKey::Malformed)?;
        let secret = SecretKey::from_bytes(d).map_err(|_| InvalidKey::Malformed)?;
        if let Some(public) = &key.public
            && parse::<C>(public)? != secret.public_key()
        {
            return Err(InvalidKey::Malformed);
        }
        Ok(Self { key: secret, algorithm: key.algorithm })
    }

    pub(super) fn generate(random: &mut dyn CryptoRng) -> Self {
        Self { key: SecretKey::generate_from_rng(random), algorithm: None }
    }
}

/// A point on the curve, compressed or not.
fn parse<C>(material: &KeyMaterial<'_>) -> Result<Point<C>, InvalidKey>
where
    C: NamedCurve,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let point = point::<C>(C::CURVE, material)?;
    Option::from(Point::<C>::from_sec1_point(&point)).ok_or(InvalidKey::Malformed)
}

impl<C> KeyAgreement for EcdhKey<C>
where
    C: NamedCurve,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::EC2, curve: Some(C::CURVE), algorithm: self.algorithm }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        let point = self.key.public_key().as_affine().to_sec1_point(false);
        // Uncompressed, and no identity: both are there.
        let x = point.x().map(|x| x.as_slice()).unwrap_or_default();
        let y = point.y().map(|y| y.as_slice()).unwrap_or_default();
        let material = KeyMaterial::Ec2 { curve: C::CURVE, x, y: YCoordinate::Value(y) };
        then(&PublicKey { material, algorithm: self.algorithm });
    }

    fn derive(
        &self,
        peer: &PublicKey<'_>,
        derivation: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError> {
        let peer = parse::<C>(&peer.material).map_err(|_| SecretError::Malformed)?;
        let scalar = Zeroizing::new(self.key.to_nonzero_scalar());
        // The x coordinate, as long as a field element; wiped when dropped.
        let secret = diffie_hellman::<C>(&*scalar, peer.as_affine());
        hkdf::derive(secret.raw_secret_bytes(), derivation, key)
    }
}
