//! Submodules (RFC 9711 4.2.18) of all four kinds, and what measurements hold.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Result, Unstructured};
use cose_ext::{
    Digest, MapBuilder, Value,
    arbitrary::{View, bytes, few, text},
    crypto::Algorithm,
    cwt::{ClaimKey, ClaimsBuilder},
    tag,
};

use super::{LENGTH, claims, token_of};
use crate::{claim::ContentFormat, measured_component::MeasuredComponent};

/// The most submodules of one claims set, and the most measurements of one claim.
const PARTS: usize = 3;

/// Texts as a token in CBOR has them: a claims set, tokens, a detached claims set and a bundle. The
/// digests of the bundles are true.
const TEXTS: [&str; 7] = [
    r#"["UJCS",{"swname":"a","submods":{"b":{"oemboot":true}}}]"#,
    r#"["JWT","eyJhbGciOiJFUzI1NiJ9.eyJpYXQiOjF9.AAAA"]"#,
    r#"["CBOR","2QJZoQYB"]"#,
    r#"["CBOR","2D3ShEOhASagQ6EGAUEA"]"#,
    concat!(
        r#"["BUNDLE",[["JWT","eyJhbGciOiJFUzI1NiJ9.eyJzdWJtb2RzIjp7ImQiOlsiRElHRVNUIixbLTE2LCJr"#,
        r#"SEYyaUdFWTlQRGVzZUxrTzZJLWdJZUZNM0FEM3U1T1draUQ3OGFIZ2xzIl1dfX0.AAAA"],"#,
        r#"{"d":"eyJzd25hbWUiOiJkZXRhY2hlZCJ9"}]]"#,
    ),
    concat!(
        r#"["BUNDLE",[["JWT","eyJhbGciOiJFUzI1NiJ9.eyJzdWJtb2RzIjp7ImQiOlsiRElHRVNUIixbLTE2LCJr"#,
        "SEYyaUdFWTlQRGVzZUxrTzZJLWdJZUZNM0FEM3U1T1draUQ3OGFIZ2xzIl1dLCJlIjpbIkRJR0VTVCIsWy0x",
        r#"Niwia0hGMmlHRVk5UERlc2VMa082SS1nSWVGTTNBRDN1NU9Xa2lENzhhSGdscyJdXX19.AAAA"],"#,
        r#"{"d":"eyJzd25hbWUiOiJkZXRhY2hlZCJ9"}]]"#,
    ),
    concat!(
        r#"["CBOR","2QJaglg42D3ShEOhASagWCuhGQEKoWFkgi9YINak7pbaMIVk7UJH1c9VQtRgf3VtIBw-zagfOQ3g"#,
        r#"1K2pQQChYWRDoQYC"]"#,
    ),
];

/// One to three, below which stands at most `depth` levels more.
pub(super) fn submodules(
    claims: ClaimsBuilder,
    u: &mut Unstructured<'_>,
    depth: u8,
) -> Result<ClaimsBuilder> {
    let mut parts = MapBuilder::new();
    for _ in 0..few(u, PARTS)?.max(1) {
        let name = text(u, LENGTH)?;
        parts = match u.int_in_range(0..=5u8)? {
            0 => parts.with(name, *u.choose(&TEXTS)?),
            1 => {
                let set = self::claims(u, depth)?.to_bytes();
                let token = token_of(u, &set)?;
                let token = Value::Tag(tag::CWT, &Value::Encoded(&token)).to_bytes();
                parts.with(name, token.as_slice())
            }
            2 => {
                let digest: [u8; 32] = u.arbitrary()?;
                let digest = [Value::from(Algorithm::SHA256), Value::Bytes(&digest)];
                parts.with(name, Value::Array(&digest))
            }
            _ => parts.with(name, Value::Map(self::claims(u, depth)?.as_map())),
        };
    }
    Ok(claims.claim(ClaimKey::SUBMODS, &parts))
}

/// Measurements or manifests: any bytes, or measured components.
pub(super) fn contents(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    let key = *u.choose(&[ClaimKey::MEASUREMENTS, ClaimKey::MANIFESTS])?;
    let mut all: Vec<(i64, Vec<u8>)> = Vec::new();
    let format = i64::from(ContentFormat::arbitrary(u)?.0);
    for _ in 0..few(u, PARTS)?.max(1) {
        let content =
            if u.arbitrary()? { MeasuredComponent::encode(u)? } else { bytes(u, LENGTH)?.into() };
        all.push((format, content));
    }
    let pairs: Vec<[Value<'_>; 2]> =
        all.iter().map(|(format, content)| [Value::from(*format), Value::Bytes(content)]).collect();
    let pairs: Vec<Value<'_>> = pairs.iter().map(|pair| Value::Array(pair)).collect();
    Ok(claims.claim(key, Value::Array(&pairs)))
}

/// What a measurement of whole systems came to, of each reference value (RFC 9711 4.2.17).
pub(super) fn results(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    let digest: [u8; 32] = u.arbitrary()?;
    let digest = Digest::new(Algorithm::SHA256, &digest).map(|digest| digest.value().to_vec());
    let digest = digest.map_err(|_| arbitrary::Error::IncorrectFormat)?;
    let result = u.int_in_range(1..=4i64)?;
    let pair = [Value::Bytes(&digest), Value::from(result)];
    let results = [Value::Array(&pair)];
    let system = [Value::Text(text(u, LENGTH)?), Value::Array(&results)];
    Ok(claims.claim(ClaimKey::MEASRES, Value::Array(&[Value::Array(&system)])))
}
