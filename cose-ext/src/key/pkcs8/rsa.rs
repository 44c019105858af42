//! RSA private keys in DER (RFC 8017 A.1.2).

use ::spki::der::{Decode, Reader, SliceReader, asn1::UintRef};

use super::malformed;
use crate::{
    Error, Rule,
    crypto::{Algorithm, KeyMaterial, PrivateKey, PrivateKeyMaterial},
    error::Unsupported,
};

/// How many numbers an RSAPrivateKey with two primes has behind its version.
const NUMBERS: usize = 8;

/// Reads an RSAPrivateKey; the numbers come without leading zeros. Whether they belong together,
/// the provider finds out.
pub(super) fn decode(der: &[u8], algorithm: Option<Algorithm>) -> Result<PrivateKey<'_>, Error> {
    let (version, numbers) = read(der).map_err(malformed)?;
    match version {
        0 => {}
        // multi: what follows is of a third prime.
        1 => return Err(Unsupported::KeyFormat.into()),
        _ => return Err(Error::malformed(Rule::KeyForm, 0)),
    }
    let [n, e, d, p, q, dp, dq, qi] = numbers;
    let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
    Ok(PrivateKey { material, public: Some(KeyMaterial::Rsa { n, e }), algorithm })
}

fn read(der: &[u8]) -> ::spki::der::Result<(u8, [&[u8]; NUMBERS])> {
    let mut reader = SliceReader::new(der)?;
    let read = reader.sequence(|reader| {
        let version = u8::decode(reader)?;
        let mut numbers = [&[][..]; NUMBERS];
        for number in &mut numbers {
            *number = UintRef::decode(reader)?.as_bytes();
        }
        if version == 1 {
            // Of a key that is not done here nothing more is read.
            let rest = reader.remaining_len();
            reader.read_slice(rest)?;
        }
        Ok::<_, ::spki::der::Error>((version, numbers))
    })?;
    reader.finish()?;
    Ok(read)
}
