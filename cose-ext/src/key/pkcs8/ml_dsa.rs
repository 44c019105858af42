//! ML-DSA private keys in PKCS#8.

use ::spki::der::{Decode, Reader, SliceReader, asn1::OctetStringRef};

use super::malformed;
use crate::{
    Error, Rule,
    crypto::Algorithm,
    error::Unsupported,
    key::der::write::{OCTET_STRING, SEQUENCE},
};

/// `seed [0] OCTET STRING` of an ML-DSA private key, implicitly tagged.
pub(super) const SEED: u8 = 0x80;
/// Length of a seed of any parameter set, in bytes.
pub(super) const SEED_LEN: usize = 32;

/// The seed of an ML-DSA private key (RFC 9881 6): alone, or beside the expanded key, which is
/// skipped. An expanded key alone has no COSE form (RFC 9964 3).
pub(super) fn seed(der: &[u8], algorithm: Algorithm) -> Result<&[u8], Error> {
    let wrong = Error::malformed(Rule::KeyForm, 0);
    match der {
        [SEED, 0x20, seed @ ..] if seed.len() == SEED_LEN => Ok(seed),
        [SEQUENCE, ..] => {
            let (seed, expanded) = both(der).map_err(malformed)?;
            if seed.len() != SEED_LEN || Some(expanded.len()) != expanded_len(algorithm) {
                return Err(wrong);
            }
            Ok(seed)
        }
        [OCTET_STRING, ..] => Err(Unsupported::KeyFormat.into()),
        _ => Err(wrong),
    }
}

fn both(der: &[u8]) -> ::spki::der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let both = reader.sequence(|reader| {
        let seed = <&OctetStringRef>::decode(reader)?.as_bytes();
        Ok::<_, ::spki::der::Error>((seed, <&OctetStringRef>::decode(reader)?.as_bytes()))
    })?;
    reader.finish()?;
    Ok(both)
}

/// Length of an expanded key in bytes (FIPS 204, table 2).
const fn expanded_len(algorithm: Algorithm) -> Option<usize> {
    match algorithm {
        Algorithm::ML_DSA_44 => Some(2560),
        Algorithm::ML_DSA_65 => Some(4032),
        Algorithm::ML_DSA_87 => Some(4896),
        _ => None,
    }
}
