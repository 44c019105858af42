//! Keys of RSASSA-PSS alone (RFC 4055 1.2, 3.1).

use ::spki::{
    AlgorithmIdentifierRef, ObjectIdentifier,
    der::{
        self, Reader, SliceReader, TagNumber, Tagged,
        asn1::{AnyRef, ContextSpecific, Null},
    },
};

use super::super::der::malformed;
use crate::{
    Error, Rule,
    crypto::{Algorithm, KeyType},
    error::{Policy, Unsupported},
};

/// id-mgf1 (RFC 4055 2.2).
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The hash functions of RSASSA-PSS in COSE (RFC 8230 2), each with what it makes.
const HASHES: [(ObjectIdentifier, Algorithm, u32); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), Algorithm::PS256, 32),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), Algorithm::PS384, 48),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), Algorithm::PS512, 64),
];

/// RSASSA-PSS-params (RFC 4055 3.1). What is absent has a default of SHA-1 and 20 bytes.
struct Parameters<'a> {
    hash: Option<AlgorithmIdentifierRef<'a>>,
    mask: Option<AlgorithmIdentifierRef<'a>>,
    salt: Option<u32>,
    trailer: Option<u8>,
}

/// Returns the one algorithm that a key may be used with: its parameters name it, or else `wanted`
/// does.
pub(in super::super) fn algorithm(
    identifier: &AlgorithmIdentifierRef<'_>,
    wanted: Option<Algorithm>,
) -> Result<Algorithm, Error> {
    match (&identifier.parameters, wanted) {
        (Some(parameters), _) => stated(parameters),
        (None, None) => Err(Unsupported::KeyFormat.into()),
        (None, Some(wanted)) if HASHES.iter().any(|(_, algorithm, _)| *algorithm == wanted) => {
            Ok(wanted)
        }
        (None, Some(wanted)) => {
            let key_type = KeyType::RSA;
            let algorithm = Some(Algorithm::PS256);
            let profile = crate::crypto::KeyProfile { key_type, curve: None, algorithm };
            Err(Policy::key_algorithm(wanted, &profile).into())
        }
    }
}

/// COSE has one hash function for digest and mask, and a salt as long as the hash, which is at
/// least what the key asks for (RFC 4055 3.1).
fn stated(parameters: &AnyRef<'_>) -> Result<Algorithm, Error> {
    let parameters = read(parameters).map_err(malformed)?;
    if parameters.trailer.is_some_and(|trailer| trailer != 1) {
        return Err(Unsupported::KeyFormat.into());
    }
    let other_hash = Error::from(Unsupported::PssHash);
    let other_mask = Error::from(Unsupported::PssMask);
    let hash = parameters.hash.ok_or(other_hash)?;
    let known = HASHES.iter().find(|(oid, ..)| *oid == hash.oid);
    let (own, algorithm, len) = known.ok_or(other_hash)?;
    // Absent, it is MGF1 with SHA-1.
    let mask = parameters.mask.filter(|mask| mask.oid == MGF1).ok_or(other_mask)?;
    let mask_hash = mask.parameters.ok_or(Error::malformed(Rule::KeyForm, 0))?;
    let mask_hash: AlgorithmIdentifierRef<'_> = mask_hash.decode_as().map_err(malformed)?;
    check_hash(&hash)?;
    check_hash(&mask_hash)?;
    if mask_hash.oid != *own {
        return Err(other_mask);
    }
    if parameters.salt.unwrap_or(20) > *len {
        return Err(Unsupported::PssSalt.into());
    }
    Ok(*algorithm)
}

/// The parameters of SHA-2 are absent or NULL (RFC 4055 2.1).
fn check_hash(hash: &AlgorithmIdentifierRef<'_>) -> Result<(), Error> {
    match hash.parameters {
        Some(parameters) => parameters.decode_as::<Null>().map(|_| ()).map_err(malformed),
        None => Ok(()),
    }
}

fn read<'a>(parameters: &AnyRef<'a>) -> der::Result<Parameters<'a>> {
    let mut reader = SliceReader::new(parameters.value())?;
    der::Tag::Sequence.assert_eq(parameters.tag())?;
    let hash = explicit(&mut reader, 0)?;
    let mask = explicit(&mut reader, 1)?;
    let salt = explicit(&mut reader, 2)?;
    let trailer = explicit(&mut reader, 3)?;
    reader.finish()?;
    Ok(Parameters { hash, mask, salt, trailer })
}

fn explicit<'a, T: der::Decode<'a, Error = der::Error> + der::Tagged>(
    reader: &mut SliceReader<'a>,
    number: u32,
) -> der::Result<Option<T>> {
    let field = ContextSpecific::<T>::decode_explicit(reader, TagNumber(number))?;
    Ok(field.map(|field| field.value))
}
