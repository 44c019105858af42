//! Public keys as SubjectPublicKeyInfo in DER (RFC 5280 4.1.2.7), without heap.

mod encode;

use ::spki::{
    ObjectIdentifier, SubjectPublicKeyInfoRef,
    der::{Decode, Reader, SliceReader, asn1::UintRef},
};

pub use encode::SpkiEncoder;

use super::der::{
    EC_PUBLIC_KEY, RSA_ENCRYPTION, malformed, named_curve, offset_in, plain_curve, point,
    whole_bytes,
};
use crate::{
    Error, Rule,
    crypto::{Algorithm, KeyMaterial, PublicKey},
};

/// ML-DSA, whose algorithm identifier says it all (RFC 9881 2).
const ML_DSA: [(ObjectIdentifier, Algorithm); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17"), Algorithm::ML_DSA_44),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18"), Algorithm::ML_DSA_65),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19"), Algorithm::ML_DSA_87),
];

/// Reads a key that is the whole of `der`; it borrows from there. It states an algorithm only for
/// ML-DSA, whose identifier names it.
///
/// # Errors
/// `Malformed` for what is no DER, or no SubjectPublicKeyInfo; `Unsupported` for other algorithms
/// than EC, Ed25519 and its kin, RSA and ML-DSA, and for curves without a COSE identifier.
pub fn decode(der: &[u8]) -> Result<PublicKey<'_>, Error> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(malformed)?;
    let raw = info.subject_public_key.raw_bytes();
    let offset = offset_in(der, raw);
    let bytes = whole_bytes(&info.subject_public_key, offset)?;
    let ml_dsa = ML_DSA.iter().find(|(oid, _)| *oid == info.algorithm.oid);
    let algorithm = ml_dsa.map(|(_, algorithm)| *algorithm);
    let material = match (info.algorithm.oid, algorithm) {
        (_, Some(_)) => KeyMaterial::Akp { public: bytes },
        (EC_PUBLIC_KEY, _) => {
            let curve = info.algorithm.parameters_oid();
            let curve = curve.map_err(|_| Error::malformed(Rule::KeyForm, 0))?;
            point(bytes, named_curve(curve)?, offset)?
        }
        (RSA_ENCRYPTION, _) => rsa(bytes).map_err(|error| error.within(offset))?,
        (other, _) => KeyMaterial::Okp { curve: plain_curve(other)?, x: bytes },
    };
    Ok(PublicKey { material, algorithm })
}

/// RSAPublicKey (RFC 8017 A.1.1); the numbers come without leading zeros.
pub(crate) fn rsa(der: &[u8]) -> Result<KeyMaterial<'_>, Error> {
    let read = |der| {
        let mut reader = SliceReader::new(der)?;
        let numbers = reader.sequence(|reader| {
            Ok::<_, ::spki::der::Error>((UintRef::decode(reader)?, UintRef::decode(reader)?))
        })?;
        reader.finish()?;
        Ok(numbers)
    };
    let (n, e) = read(der).map_err(malformed)?;
    Ok(KeyMaterial::Rsa { n: n.as_bytes(), e: e.as_bytes() })
}
