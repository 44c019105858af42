//! Checking ECDSA signatures, generic over the curve.

use ::ecdsa::{
    Signature, VerifyingKey,
    elliptic_curve::{
        AffinePoint, FieldBytes, FieldBytesSize,
        point::AffineCoordinates,
        sec1::{FromSec1Point, ModulusSize, ToSec1Point},
    },
};
use signature::hazmat::PrehashVerifier;

use super::{super::weierstrass::point, NamedCurve};
use cose_crypto::{
    Algorithm, Ec2PublicKey, HashFunction, HashValue, InvalidKey, KeyProfile, KeyType, PublicKey,
    VerifyError,
};

/// A point that was checked to be on its curve, with the algorithm that the key states.
pub(in super::super) struct Verifying<C: NamedCurve> {
    pub(super) key: VerifyingKey<C>,
    pub(super) algorithm: Option<Algorithm>,
}

impl<C: NamedCurve> Clone for Verifying<C> {
    fn clone(&self) -> Self {
        Self { key: self.key, algorithm: self.algorithm }
    }
}

impl<C> Verifying<C>
where
    C: NamedCurve,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    pub(in super::super) fn new(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let point = point::<C>(C::CURVE, &key.material)?;
        match VerifyingKey::from_sec1_point(&point) {
            Ok(point) => Ok(Self { key: point, algorithm: key.algorithm }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(in super::super) fn from_coordinates(x: &[u8], y: &[u8]) -> Result<Self, InvalidKey>
    where
        AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
    {
        let field =
            |bytes: &[u8]| FieldBytes::<C>::try_from(bytes).map_err(|_| InvalidKey::Malformed);
        let point = AffinePoint::<C>::from_coordinates(&field(x)?, &field(y)?);
        let point = Option::from(point).ok_or(InvalidKey::Malformed)?;
        match VerifyingKey::from_affine(point) {
            Ok(key) => Ok(Self { key, algorithm: None }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(in super::super) fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::EC2, curve: Some(C::CURVE), algorithm: self.algorithm }
    }

    pub(in super::super) fn public_key<const FIELD: usize>(&self) -> Ec2PublicKey<FIELD> {
        let point = self.key.to_sec1_point(false);
        let whole = |bytes: Option<&FieldBytes<C>>| {
            bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).unwrap_or([0; FIELD])
        };
        Ec2PublicKey { curve: C::CURVE, x: whole(point.x()), y: whole(point.y()) }
    }
}

impl<C: NamedCurve> Verifying<C> {
    pub(in super::super) fn hash_function(
        &self,
        algorithm: Algorithm,
    ) -> Result<&'static dyn HashFunction, VerifyError> {
        C::hash_function(algorithm).ok_or(VerifyError::Unsupported)
    }

    /// Returns the digest of `message` that signatures by `algorithm` are over.
    #[inline(never)] // What hashes is not on the stack while the signature is checked.
    pub(in super::super) fn prehash(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
    ) -> Result<HashValue, VerifyError> {
        Ok(self.hash_function(algorithm)?.hash(message))
    }

    /// High values of s are accepted: neither RFC 9053 nor FIPS 186-5 refuses them, and deployed
    /// signers make them.
    #[inline(never)] // What calls it and what it calls are not in one frame.
    pub(in super::super) fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let hash = self.hash_function(algorithm)?;
        if hash.algorithm().hash_len() != Some(prehash.len()) {
            return Err(VerifyError::InvalidSignature);
        }
        // FIPS 186-5 6.4.1: a digest shorter than the order is a number with zeros in front. The
        // crate beneath asks for half of a field element at least, which SHA-256 on P-521 is not.
        let mut number = FieldBytes::<C>::default();
        let prehash = match number.len().checked_sub(prehash.len()) {
            Some(zeros) => {
                if let Some(place) = number.get_mut(zeros..) {
                    place.copy_from_slice(prehash);
                }
                number.as_slice()
            }
            None => prehash,
        };
        // Exactly r and s, each as long as a field element (RFC 9053 2.1).
        Signature::<C>::from_slice(signature)
            .and_then(|signature| {
                // The crate beneath refuses high values of s on curves where its signers make none:
                // its own convention, and no rule of RFC 8812.
                let low = if C::NORMALIZE_S { signature.normalize_s() } else { signature };
                self.key.verify_prehash(prehash, &low)
            })
            .map_err(|_| VerifyError::InvalidSignature)
    }
}
