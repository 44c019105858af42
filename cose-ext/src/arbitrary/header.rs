//! Header parameters (RFC 9052 3.1), each in its registered form, none in both buckets.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::item::{array_of, bytes, few, item, text};
use crate::{
    Content, Digest, Label, Value,
    crypto::Algorithm,
    cwt::ClaimsBuilder,
    header::{ContentType, HashEnvelope},
};

/// The most parameters of one layer.
const PARAMETERS: usize = 6;
/// The longest text or identifier.
const LENGTH: usize = 32;
/// Labels of private use begin here and go down (RFC 9052 11.1).
const PRIVATE: i64 = -65_537;

/// The hashes that may protect something (RFC 9054).
const HASHES: [Algorithm; 6] = [
    Algorithm::SHA256,
    Algorithm::SHA384,
    Algorithm::SHA512,
    Algorithm::SHA512_256,
    Algorithm::SHAKE128,
    Algorithm::SHAKE256,
];

/// Both buckets of one layer, without `alg`, nonce and hash envelope.
pub(super) struct Parameters<'a> {
    pub(super) protected: Vec<(Label<'a>, Vec<u8>)>,
    pub(super) unprotected: Vec<(Label<'a>, Vec<u8>)>,
}

impl<'a> Arbitrary<'a> for Parameters<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut all = Self { protected: Vec::new(), unprotected: Vec::new() };
        for _ in 0..few(u, PARAMETERS)? {
            let (label, value) = parameter(u)?;
            let mut labels = all.protected.iter().chain(&all.unprotected);
            if labels.any(|(other, _)| *other == label) {
                continue;
            }
            let bucket = if u.ratio(2u8, 3u8)? { &mut all.protected } else { &mut all.unprotected };
            bucket.push((label, value));
        }
        if u.ratio(1u8, 8u8)?
            && let Some((label, _)) = all.protected.first()
        {
            let crit = Value::Array(&[Value::from(label.value())]).to_bytes();
            all.protected.push((Label::CRIT, crit));
        }
        Ok(all)
    }
}

fn parameter<'a>(u: &mut Unstructured<'a>) -> Result<(Label<'a>, Vec<u8>)> {
    Ok(match u.int_in_range(0..=10u8)? {
        0 | 1 => (Label::KID, Value::Bytes(bytes(u, LENGTH)?).to_bytes()),
        2 => (Label::CONTENT_TYPE, Value::from(ContentType::arbitrary(u)?).to_bytes()),
        3 => (Label::TYP, Value::from(ContentType::arbitrary(u)?).to_bytes()),
        4 => (Label::KID_CONTEXT, Value::Bytes(bytes(u, LENGTH)?).to_bytes()),
        5 => (Label::CWT_CLAIMS, ClaimsBuilder::arbitrary(u)?.to_bytes()),
        6 => (Label::X5T, certificate_hash(u)?),
        7 => (Label::X5U, Value::Text(text(u, LENGTH)?).to_bytes()),
        8 => (Label::X5CHAIN, certificates(u)?),
        9 => {
            let label = Label::int(PRIVATE.saturating_sub(u.arbitrary::<u8>()?.into()));
            (label, item(u)?)
        }
        _ => (Label::text(text(u, LENGTH)?), item(u)?),
    })
}

fn certificate_hash(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let algorithm = *u.choose(&HASHES)?;
    let mut digest = alloc::vec![0; algorithm.hash_len().unwrap_or_default()];
    u.fill_buffer(&mut digest)?;
    Ok(Value::Array(&[algorithm.into(), Value::Bytes(&digest)]).to_bytes())
}

/// One alone is a byte string, several are an array (RFC 9360 2).
fn certificates(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let first = Value::Bytes(bytes(u, LENGTH)?).to_bytes();
    if u.arbitrary()? {
        return Ok(first);
    }
    Ok(array_of(&[first, Value::Bytes(bytes(u, LENGTH)?).to_bytes()]))
}

/// Media types have the form `type/subtype`.
impl<'a> Arbitrary<'a> for ContentType<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const MEDIA_TYPES: [&str; 5] = [
            "application/octet-stream",
            "application/json",
            "application/cwt",
            "application/eat+cwt",
            "text/plain; charset=utf-8",
        ];
        Ok(if u.arbitrary()? {
            Self::ContentFormat(u.arbitrary()?)
        } else {
            Self::MediaType(u.choose(&MEDIA_TYPES)?)
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(3))
    }
}

impl<'a> Arbitrary<'a> for Digest<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let algorithm = *u.choose(&HASHES)?;
        let value = u.bytes(algorithm.hash_len().unwrap_or_default())?;
        Self::new(algorithm, value).map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (33, Some(65))
    }
}

impl<'a> Arbitrary<'a> for HashEnvelope<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            algorithm: *u.choose(&HASHES)?,
            preimage_content_type: u.arbitrary()?,
            location: if u.arbitrary()? { Some(text(u, LENGTH)?) } else { None },
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(LENGTH.saturating_add(7)))
    }
}

impl<'a> Arbitrary<'a> for Content<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.ratio(1u8, 4u8)? {
            Self::Detached(u.arbitrary()?)
        } else {
            Self::Embedded(u.arbitrary()?)
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}
