//! Checking ECDSA signatures, generic over the curve.

use ::ecdsa::{
    Signature, VerifyingKey,
    elliptic_curve::{
        AffinePoint, FieldBytes, FieldBytesSize, ProjectivePoint, Scalar,
        group::Curve as _,
        ops::{Invert, Reduce},
        point::AffineCoordinates,
        sec1::{FromSec1Point, ModulusSize, ToSec1Point},
    },
};

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
    #[inline(never)] // What reads a point is gone before a signature is checked.
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

    pub(in super::super) fn hash_function(
        &self,
        algorithm: Algorithm,
    ) -> Result<&'static dyn HashFunction, VerifyError> {
        C::hash_function(algorithm).ok_or(VerifyError::Unsupported)
    }

    /// Returns the digest of `message` that signatures by `algorithm` are over.
    #[inline(never)] // So that its frame has ended before points are added.
    pub(in super::super) fn prehash(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
    ) -> Result<HashValue, VerifyError> {
        Ok(self.hash_function(algorithm)?.hash(message))
    }

    /// High values of s are accepted: neither RFC 9053 nor FIPS 186-5 refuses them, and deployed
    /// signers make them.
    #[inline(never)] // What hashes is not on the stack while points are added.
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
        // Exactly r and s, each as long as a field element (RFC 9053 2.1).
        let signature =
            Signature::<C>::from_slice(signature).map_err(|_| VerifyError::InvalidSignature)?;
        let [of_generator, of_key] = factors(prehash, &signature);
        let sum = C::sum(&of_generator, &of_key, &(*self.key.as_affine()).into());
        if is_at::<C>(&signature, &sum) { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }
}

/// Whether x of the point, which is R of FIPS 186-5 6.4.2, is r of the signature. Of the point at
/// infinity it is 0, which r is not.
#[inline(never)] // What divides is not on the stack while points are added.
fn is_at<C: NamedCurve>(signature: &Signature<C>, sum: &ProjectivePoint<C>) -> bool {
    *signature.r() == Scalar::<C>::reduce(&sum.to_affine().x())
}

/// The factors of the generator and of the key (FIPS 186-5 6.4.2).
#[inline(never)]
fn factors<C: NamedCurve>(prehash: &[u8], signature: &Signature<C>) -> [Scalar<C>; 2] {
    // FIPS 186-5 6.4.1: of a digest longer than the order the first bytes count; a shorter one is a
    // number with zeros in front.
    let mut number = FieldBytes::<C>::default();
    let zeros = number.len().saturating_sub(prehash.len());
    for (place, byte) in number.iter_mut().skip(zeros).zip(prehash) {
        *place = *byte;
    }
    let (r, s) = signature.split_scalars();
    let inverse = *s.invert_vartime();
    [Scalar::<C>::reduce(&number) * inverse, *r * inverse]
}
