//! Statements (RFC 9943 6, 7), whose signatures are any bytes.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Content, Digest, Profile, Value,
    arbitrary::{Encoded, View, bytes, few},
    crypto::Algorithm,
    cwt::ClaimKey,
};
use merkle_proof::cose::Receipt;

use super::{name::issuer, reading::date};
use crate::{Evidence, SignedStatement, StatementBuilder, Subject, TransparentStatement};

/// The longest payload, signature, kid or certificate.
const LENGTH: usize = 96;
/// The most receipts of one statement.
const RECEIPTS: usize = 3;

/// Every requirement of RFC 9943 6 is met.
impl<'a> Arbitrary<'a> for StatementBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut builder = Self::new(issuer(u)?, Subject::arbitrary(u)?.as_str());
        builder = match u.int_in_range(0..=3u8)? {
            0 => builder.key_thumbprint(&u.arbitrary()?),
            1 => builder.certified_by(&[bytes(u, LENGTH)?, bytes(u, LENGTH)?]),
            _ => builder.key_id(bytes(u, LENGTH)?),
        };
        for _ in 0..few(u, 4)? {
            builder = match u.int_in_range(0..=4u8)? {
                0 => builder.typ(u.arbitrary()?),
                1 => builder.content_type(u.arbitrary()?),
                2 => builder.issued_at(date(u)?),
                3 => builder.claim(ClaimKey::EXP, date(u)?),
                _ => builder.claim("x", Value::Bytes(bytes(u, LENGTH)?)),
            };
        }
        Ok(builder)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (4, None)
    }
}

/// Of the payload itself, embedded or detached, or of a digest. The payload is no SUIT digest,
/// which a builder refuses.
fn statement(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let refused = |_| Error::IncorrectFormat;
    let algorithm = *u.choose(&[Algorithm::ES256, Algorithm::ESP256, Algorithm::ED25519])?;
    let builder = StatementBuilder::arbitrary(u)?;
    if u.ratio(1u8, 3u8)? {
        // At the end of the input a digest is of zeros.
        let digest = Digest::arbitrary(u).or(Digest::new(Algorithm::SHA256, &[0; 32]));
        let digest = digest.map_err(refused)?;
        let prepared = builder.prepare_digest(digest.value(), digest.algorithm(), algorithm);
        return Ok(prepared.map_err(|_| Error::IncorrectFormat)?.attach(bytes(u, LENGTH)?));
    }
    let payload = bytes(u, LENGTH)?;
    let is_detached = u.ratio(1u8, 6u8)?;
    let content = if is_detached { Content::Detached(payload) } else { Content::Embedded(payload) };
    let prepared = match builder.clone().prepare(content, algorithm) {
        Ok(prepared) => prepared,
        Err(_) => {
            let other = builder.prepare(Content::Embedded(b"payload"), algorithm);
            other.map_err(|_| Error::IncorrectFormat)?
        }
    };
    Ok(prepared.attach(bytes(u, LENGTH)?))
}

impl View for SignedStatement<'static> {
    type Of<'b> = SignedStatement<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<SignedStatement<'_>, crate::Error> {
        SignedStatement::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        statement(u)
    }
}

/// With one to three receipts of any structure.
impl View for TransparentStatement<'static> {
    type Of<'b> = TransparentStatement<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<TransparentStatement<'_>, crate::Error> {
        TransparentStatement::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let mut receipts = Vec::new();
        for _ in 0..few(u, RECEIPTS)?.max(1) {
            receipts.push(Encoded::<Receipt<'static>>::arbitrary(u)?);
        }
        let receipts: Vec<&[u8]> = receipts.iter().map(Encoded::bytes).collect();
        let statement = statement(u)?;
        let statement = SignedStatement::decode(&statement, &Profile::LENIENT);
        let transparent = statement.and_then(|statement| statement.with_receipts(&receipts));
        transparent.map_err(|_| Error::IncorrectFormat)
    }
}

/// Of a statement, as a service would have kept it.
impl View for Evidence<'static> {
    type Of<'b> = Evidence<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Evidence<'_>, crate::Error> {
        Evidence::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let submitted = statement(u)?;
        let payload = if u.arbitrary()? { Some(bytes(u, LENGTH)?) } else { None };
        let external_aad = if u.ratio(1u8, 4u8)? { bytes(u, LENGTH)? } else { &[] };
        let decided_at = date(u)?;
        Ok(Evidence { submitted: &submitted, payload, external_aad, decided_at }.encode())
    }
}
