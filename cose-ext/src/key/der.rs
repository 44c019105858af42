//! What the DER formats share: curves and points.

pub(super) mod write;

use ::spki::{
    AlgorithmIdentifierRef, ObjectIdentifier,
    der::{self, asn1::BitStringRef},
};

use super::whole::check_whole;
use crate::{
    Error, Rule,
    crypto::{Algorithm, Curve, KeyMaterial, YCoordinate},
    error::Unsupported,
};

/// id-ecPublicKey (RFC 5480 2.1.1).
pub(super) const EC_PUBLIC_KEY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// rsaEncryption (RFC 8017 A.1).
pub(super) const RSA_ENCRYPTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// id-RSASSA-PSS (RFC 4055 3.1).
pub(super) const RSASSA_PSS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// id-alg-hss-lms-hashsig (RFC 9708 4).
pub(super) const HSS_LMS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.3.17");

/// ML-DSA, whose algorithm identifier says it all (RFC 9881 2).
const ML_DSA: [(ObjectIdentifier, Algorithm); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"), Algorithm::ML_DSA_44),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"), Algorithm::ML_DSA_65),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"), Algorithm::ML_DSA_87),
];

/// Named curves (RFC 5480 2.1.1.1, SEC 2, RFC 5639 4).
const NAMED_CURVES: [(ObjectIdentifier, Curve); 8] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), Curve::P256),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), Curve::P384),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), Curve::P521),
    (ObjectIdentifier::new_unwrap("1.3.132.0.10"), Curve::SECP256K1),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.7"), Curve::BRAINPOOL_P256R1),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.9"), Curve::BRAINPOOL_P320R1),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.11"), Curve::BRAINPOOL_P384R1),
    (ObjectIdentifier::new_unwrap("1.3.36.3.3.2.8.1.1.13"), Curve::BRAINPOOL_P512R1),
];

/// Curves whose algorithm identifier says it all (RFC 8410 3).
const PLAIN_CURVES: [(ObjectIdentifier, Curve); 4] = [
    (ObjectIdentifier::new_unwrap("1.3.101.112"), Curve::ED25519),
    (ObjectIdentifier::new_unwrap("1.3.101.113"), Curve::ED448),
    (ObjectIdentifier::new_unwrap("1.3.101.110"), Curve::X25519),
    (ObjectIdentifier::new_unwrap("1.3.101.111"), Curve::X448),
];

pub(super) fn named_curve(parameters: ObjectIdentifier) -> Result<Curve, Error> {
    let found = NAMED_CURVES.iter().find(|(oid, _)| *oid == parameters);
    found.map(|(_, curve)| *curve).ok_or(Error::from(Unsupported::KeyFormat))
}

pub(super) fn plain_curve(algorithm: ObjectIdentifier) -> Result<Curve, Error> {
    let found = PLAIN_CURVES.iter().find(|(oid, _)| *oid == algorithm);
    found.map(|(_, curve)| *curve).ok_or(Error::from(Unsupported::KeyFormat))
}

pub(super) fn ml_dsa(algorithm: ObjectIdentifier) -> Option<Algorithm> {
    let found = ML_DSA.iter().find(|(oid, _)| *oid == algorithm);
    found.map(|(_, algorithm)| *algorithm)
}

/// The parameters of these identifiers must be absent (RFC 8410 3, RFC 9881 2, RFC 9708 4).
pub(super) fn no_parameters(
    algorithm: &AlgorithmIdentifierRef<'_>,
    der: &[u8],
) -> Result<(), Error> {
    match &algorithm.parameters {
        None => Ok(()),
        Some(any) => Err(Error::malformed(Rule::KeyForm, offset_in(der, any.value()))),
    }
}

/// A point as SEC 1 2.3.3 encodes it: uncompressed or compressed, not hybrid and not at infinity.
/// Its coordinates are as long as the curve wants.
pub(crate) fn point(bytes: &[u8], curve: Curve, offset: usize) -> Result<KeyMaterial<'_>, Error> {
    let material = match bytes {
        [0x04, both @ ..] => {
            let half = both.len().checked_div(2).unwrap_or_default();
            let (x, y) = both.split_at_checked(half).unwrap_or_default();
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) }
        }
        [sign @ (0x02 | 0x03), x @ ..] => {
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Sign(*sign == 0x03) }
        }
        _ => return Err(Error::malformed(Rule::KeyForm, offset)),
    };
    check_whole(&material, offset)?;
    Ok(material)
}

/// Where `part` starts in `whole`, which it borrows from.
pub(crate) fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().saturating_sub(whole.as_ptr().addr())
}

/// The bytes of a bit string whose length is a number of bytes.
pub(super) fn whole_bytes<'a>(bits: &BitStringRef<'a>, offset: usize) -> Result<&'a [u8], Error> {
    bits.as_bytes().ok_or(Error::malformed(Rule::KeyForm, offset))
}

pub(super) fn malformed(error: der::Error) -> Error {
    let offset = error.position().and_then(|position| usize::try_from(position).ok());
    Error::malformed(Rule::KeyForm, offset.unwrap_or_default())
}
