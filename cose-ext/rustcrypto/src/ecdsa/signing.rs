//! Signing with ECDSA, generic over the curve.

use ::ecdsa::{
    Signature, SigningKey,
    elliptic_curve::{
        AffinePoint, FieldBytes, FieldBytesSize, Generate, Scalar,
        ops::Invert,
        sec1::{FromSec1Point, ModulusSize, ToSec1Point},
        subtle::CtOption,
    },
};
use rand_core::CryptoRng;
use signature::hazmat::PrehashSigner;

use super::{NamedCurve, Verifying};
use crate::emit::emit;
use cose_crypto::{
    Algorithm, Feed, HashValue, InvalidKey, PrivateKey, PrivateKeyMaterial, PublicKey, SignError,
};

/// A private scalar, which is wiped when dropped, with the algorithm that it signs by.
pub(in super::super) struct Signing<C: NamedCurve> {
    key: SigningKey<C>,
    algorithm: Algorithm,
}

impl<C> Signing<C>
where
    C: NamedCurve,
    Scalar<C>: Invert<Output = CtOption<Scalar<C>>>,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    pub(in super::super) fn from_bytes(scalar: &[u8]) -> Result<Self, InvalidKey> {
        // `SigningKey::from_slice` would pad a scalar that is up to eight bytes too short.
        let scalar = <&FieldBytes<C>>::try_from(scalar).map_err(|_| InvalidKey::Malformed)?;
        match SigningKey::from_bytes(scalar) {
            Ok(key) => Ok(Self { key, algorithm: C::USUAL }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(in super::super) fn new(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let d = match key.material {
            PrivateKeyMaterial::Ec2 { curve, d } if curve == C::CURVE => d,
            _ => return Err(InvalidKey::Unsupported),
        };
        let signing = Self::from_bytes(d)?;
        if let Some(material) = key.public {
            let public = Verifying::<C>::new(&PublicKey { material, algorithm: None })?;
            if public.key != *signing.key.verifying_key() {
                return Err(InvalidKey::Malformed);
            }
        }
        signing.with_algorithm(key.algorithm.unwrap_or(C::USUAL))
    }

    pub(in super::super) fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self { key: SigningKey::generate_from_rng(rng), algorithm: C::USUAL }
    }

    pub(in super::super) fn with_algorithm(
        mut self,
        algorithm: Algorithm,
    ) -> Result<Self, InvalidKey> {
        if algorithm != C::USUAL && algorithm != C::SPECIFIED {
            return Err(InvalidKey::Unsupported);
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    pub(in super::super) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(in super::super) fn verifying_key(&self) -> Verifying<C> {
        Verifying { key: *self.key.verifying_key(), algorithm: None }
    }

    pub(in super::super) fn secret(&self) -> FieldBytes<C> {
        self.key.to_bytes()
    }

    pub(in super::super) fn sign(
        &self,
        message: &[&[u8]],
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        let hash = C::hash_function(self.algorithm).ok_or(SignError::Device)?;
        self.sign_prehash(&hash.hash(message), out)
    }

    pub(in super::super) fn sign_stream(
        &self,
        feed: &mut Feed<'_>,
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        let hash = C::hash_function(self.algorithm).ok_or(SignError::Device)?;
        self.sign_prehash(&hash.hash_stream(feed)?, out)
    }

    fn sign_prehash(&self, prehash: &HashValue, out: &mut [u8]) -> Result<usize, SignError> {
        let signature: Signature<C> =
            self.key.sign_prehash(prehash.as_ref()).map_err(|_| SignError::Device)?;
        emit(&signature.to_bytes(), out)
    }
}
