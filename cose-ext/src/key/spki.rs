//! Public keys as SubjectPublicKeyInfo in DER (RFC 5280 4.1.2.7), without heap.

mod encode;
mod pss;

use ::spki::{
    SubjectPublicKeyInfoRef,
    der::{Decode, Reader, SliceReader, asn1::UintRef},
};

pub use encode::SpkiEncoder;
#[cfg(feature = "pkcs8")]
pub(super) use pss::algorithm as pss_algorithm;

use super::der::{
    EC_PUBLIC_KEY, HSS_LMS, RSA_ENCRYPTION, RSASSA_PSS, malformed, ml_dsa, named_curve,
    no_parameters, offset_in, plain_curve, point, whole_bytes, write::OCTET_STRING,
};
use super::whole::check_whole;
use crate::{
    Error, Rule,
    crypto::{Algorithm, KeyMaterial, PublicKey},
    error::Unsupported,
};

/// Reads a key that is the whole of `der`; it borrows from there. It states an algorithm where its
/// identifier names one: ML-DSA, and RSASSA-PSS with parameters (RFC 4055 3.1).
///
/// # Errors
///
/// `Malformed` for what is not DER, or not a SubjectPublicKeyInfo; `Unsupported` for other
/// algorithms than EC, Ed25519 and its kin, RSA, ML-DSA and HSS-LMS, for curves without a COSE
/// identifier, for HSS-LMS keys within an OCTET STRING, as RFC 8708 had them and RFC 9708 has not,
/// and for RSASSA-PSS keys without parameters, which [`decode_for`] reads.
pub fn decode(der: &[u8]) -> Result<PublicKey<'_>, Error> {
    read(der, None)
}

/// Reads a key as [`decode`] does, for signatures by `algorithm`. A key of RSASSA-PSS alone that
/// leaves its parameters open (RFC 4055 1.2) states `algorithm`, if that is one of RSASSA-PSS.
///
/// # Errors
///
/// As [`decode`]; `Policy` for such a key and another algorithm.
pub fn decode_for(der: &[u8], algorithm: Algorithm) -> Result<PublicKey<'_>, Error> {
    read(der, Some(algorithm))
}

fn read(der: &[u8], wanted: Option<Algorithm>) -> Result<PublicKey<'_>, Error> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(malformed)?;
    let raw = info.subject_public_key.raw_bytes();
    let offset = offset_in(der, raw);
    let bytes = whole_bytes(&info.subject_public_key, offset)?;
    let (material, algorithm) = match info.algorithm.oid {
        EC_PUBLIC_KEY => {
            let curve = info.algorithm.parameters_oid();
            let curve = curve.map_err(|_| Error::malformed(Rule::KeyForm, 0))?;
            (point(bytes, named_curve(curve)?, offset)?, None)
        }
        RSA_ENCRYPTION => (rsa(bytes).map_err(|error| error.within(offset))?, None),
        RSASSA_PSS => {
            let algorithm = pss::algorithm(&info.algorithm, wanted)?;
            (rsa(bytes).map_err(|error| error.within(offset))?, Some(algorithm))
        }
        oid => {
            let known = if oid == HSS_LMS {
                hss_lms(bytes).map(|material| (material, None))
            } else if let Some(algorithm) = ml_dsa(oid) {
                Ok((KeyMaterial::Akp { public: bytes }, Some(algorithm)))
            } else {
                plain_curve(oid).map(|curve| (KeyMaterial::Okp { curve, x: bytes }, None))
            };
            let known = known?;
            no_parameters(&info.algorithm, der)?;
            known
        }
    };
    check_whole(&material, offset)?;
    Ok(PublicKey { material, algorithm })
}

/// The key as RFC 8554 encodes it, without ASN.1 around it (RFC 9708 4): it starts with the number
/// of its levels, in four bytes, and so never with the tag of an OCTET STRING.
fn hss_lms(bytes: &[u8]) -> Result<KeyMaterial<'_>, Error> {
    if bytes.first() == Some(&OCTET_STRING) {
        return Err(Unsupported::KeyFormat.into());
    }
    Ok(KeyMaterial::HssLms { public: bytes })
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
