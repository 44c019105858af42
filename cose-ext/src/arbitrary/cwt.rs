//! Claims sets and tokens (RFC 8392).

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::{
    encoded::view,
    item::{bytes, few, item, text},
    key, message,
};
use crate::{
    Profile, Value,
    cbor::Head,
    cwt::{ClaimKey, Claims, ClaimsBuilder, Cwt, Time},
    key::Thumbprint,
};

/// The longest text or identifier.
const LENGTH: usize = 40;
/// The most claims that are chosen; one that is chosen again replaces itself.
const CLAIMS: usize = 8;
/// Claims without a registered meaning begin here and go down (RFC 8392 9.1.1).
const PRIVATE: i64 = -65_537;

/// Claims of RFC 8392 and RFC 8747 have their types; claims of private use, and those whose key is
/// text, hold anything.
impl<'a> Arbitrary<'a> for ClaimsBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut claims = Self::new();
        for _ in 0..few(u, CLAIMS)? {
            claims = claim(claims, u)?;
        }
        Ok(claims)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

fn claim(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    Ok(match u.int_in_range(0..=10u8)? {
        0 => claims.issuer(text(u, LENGTH)?),
        1 => claims.subject(text(u, LENGTH)?),
        2 => claims.audience(text(u, LENGTH)?),
        3 => date(claims, ClaimKey::EXP, u)?,
        4 => date(claims, ClaimKey::NBF, u)?,
        5 => date(claims, ClaimKey::IAT, u)?,
        6 => claims.cwt_id(bytes(u, LENGTH)?),
        7 => confirmed(claims, u)?,
        8 => {
            let key = PRIVATE.saturating_sub(u.arbitrary::<u8>()?.into());
            claims.claim(key, Value::Encoded(&item(u)?))
        }
        _ => {
            let (key, value) = (text(u, LENGTH)?, item(u)?);
            claims.claim(key, Value::Encoded(&value))
        }
    })
}

fn date(
    claims: ClaimsBuilder,
    key: ClaimKey<'_>,
    u: &mut Unstructured<'_>,
) -> Result<ClaimsBuilder> {
    Ok(match u.arbitrary()? {
        Time::Seconds(seconds) => claims.claim(key, seconds),
        Time::Fractional(seconds) => claims.claim(key, Value::Float(seconds)),
    })
}

fn confirmed(claims: ClaimsBuilder, u: &mut Unstructured<'_>) -> Result<ClaimsBuilder> {
    Ok(match u.int_in_range(0..=2u8)? {
        0 => claims.confirmed_by_key_id(bytes(u, LENGTH)?),
        1 => claims.confirmed_by_thumbprint(&Thumbprint::arbitrary(u)?),
        _ => match key::cose_key(u) {
            Ok(key) => claims.confirmed_by_key(&key),
            Err(_) => claims.confirmed_by_key_id(&[]),
        },
    })
}

view!(Claims, |bytes| Claims::decode(bytes, &Profile::LENIENT), |u| {
    Ok(ClaimsBuilder::arbitrary(u)?.to_bytes())
});

view!(Cwt, |bytes| Cwt::decode(bytes, &Profile::LENIENT), |u| {
    let tagged: bool = u.arbitrary()?;
    let claims = ClaimsBuilder::arbitrary(u)?.to_bytes();
    let message = message::around(u, &claims)?;
    let tag = Head::tag(Cwt::TAG);
    let tag = if tagged { tag.as_bytes() } else { &[] };
    Ok([tag, &message].concat())
});
