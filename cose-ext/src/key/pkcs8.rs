//! Private keys as PrivateKeyInfo in DER: PKCS#8 (RFC 5208, RFC 5958), without heap.

mod encode;
#[cfg(feature = "pkcs5")]
mod encrypted;
mod ml_dsa;
mod rsa;

use ::pkcs8::PrivateKeyInfoRef;
use ::spki::der::{Decode, asn1::OctetStringRef};

pub use encode::Pkcs8Encoder;
#[cfg(feature = "pkcs5")]
pub use encrypted::{EncryptedPrivateKey, PasswordLimits, PasswordWork, encrypt};

use super::{
    der::{
        EC_PUBLIC_KEY, RSA_ENCRYPTION, RSASSA_PSS, malformed, named_curve, no_parameters,
        offset_in, plain_curve, point, whole_bytes,
    },
    sec1, spki,
    whole::check_part,
};
use crate::{
    Error, Rule,
    crypto::{Algorithm, KeyMaterial, PrivateKey, PrivateKeyMaterial},
};

/// Reads a key that is the whole of `der`; it borrows from there. It states an algorithm only for
/// ML-DSA, whose identifier names it, and for RSASSA-PSS with parameters (RFC 4055 3.1); of a key
/// of ML-DSA the seed is taken, and an expanded key beside it is not compared.
///
/// # Errors
///
/// `Malformed` for what is not DER, or not a PrivateKeyInfo; `Unsupported` for other algorithms
/// than EC, Ed25519 with its kin, RSA and ML-DSA, for ML-DSA keys without their seed, for RSA keys
/// with more than two primes, for RSASSA-PSS keys without parameters, which [`decode_for`] reads,
/// and for encrypted keys.
pub fn decode(der: &[u8]) -> Result<PrivateKey<'_>, Error> {
    read(der, None)
}

/// Reads a key as [`decode`] does, for signatures by `algorithm`. A key of RSASSA-PSS alone that
/// leaves its parameters open (RFC 4055 1.2), as OpenSSL makes it, states `algorithm`, if that is
/// one of RSASSA-PSS.
///
/// # Errors
///
/// As [`decode`]; `Policy` for such a key and another algorithm.
pub fn decode_for(der: &[u8], algorithm: Algorithm) -> Result<PrivateKey<'_>, Error> {
    read(der, Some(algorithm))
}

/// Reads an RSA key in the older form of PKCS#1 (RFC 8017 A.1.2), which PEM calls `RSA PRIVATE
/// KEY`.
///
/// # Errors
///
/// `Malformed` for what is not DER, or not an RSAPrivateKey; `Unsupported` for more than two
/// primes.
pub fn decode_pkcs1(der: &[u8]) -> Result<PrivateKey<'_>, Error> {
    rsa::decode(der, None)
}

fn read(der: &[u8], wanted: Option<Algorithm>) -> Result<PrivateKey<'_>, Error> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(malformed)?;
    let content = info.private_key.as_bytes();
    let within = |error: Error| error.within(offset_in(der, content));
    let public = match &info.public_key {
        Some(bits) => {
            let offset = offset_in(der, bits.raw_bytes());
            Some((whole_bytes(bits, offset)?, offset))
        }
        None => None,
    };
    if info.algorithm.oid == EC_PUBLIC_KEY {
        let curve = info.algorithm.parameters_oid();
        let curve = curve.map_err(|_| Error::malformed(Rule::KeyForm, 0))?;
        let curve = named_curve(curve)?;
        let mut key = sec1::decode_on(content, Some(curve)).map_err(within)?;
        if let (None, Some((public, offset))) = (key.public, public) {
            key.public = Some(point(public, curve, offset)?);
        }
        return Ok(key);
    }
    if let Some(algorithm) = super::der::ml_dsa(info.algorithm.oid) {
        no_parameters(&info.algorithm, der)?;
        let seed = ml_dsa::seed(content, algorithm).map_err(within)?;
        let material = PrivateKeyMaterial::Akp { seed };
        let public = public.map(|(public, _)| KeyMaterial::Akp { public });
        return Ok(PrivateKey { material, public, algorithm: Some(algorithm) });
    }
    if info.algorithm.oid == RSA_ENCRYPTION {
        return rsa::decode(content, None).map_err(within);
    }
    if info.algorithm.oid == RSASSA_PSS {
        let algorithm = spki::pss_algorithm(&info.algorithm, wanted)?;
        return rsa::decode(content, Some(algorithm)).map_err(within);
    }
    let curve = plain_curve(info.algorithm.oid)?;
    no_parameters(&info.algorithm, der)?;
    // CurvePrivateKey, an octet string within the octet string (RFC 8410 7).
    let d = <&OctetStringRef>::from_der(content).map_err(malformed).map_err(within)?.as_bytes();
    let (public, offset) =
        public.map_or((None, 0), |(x, offset)| (Some(KeyMaterial::Okp { curve, x }), offset));
    check_part(&public, offset)?;
    Ok(PrivateKey { material: PrivateKeyMaterial::Okp { curve, d }, public, algorithm: None })
}
