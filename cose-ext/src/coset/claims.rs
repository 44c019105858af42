//! CWT claims sets (RFC 8392).

use ::coset::{
    AsCborValue,
    cwt::{ClaimsSet, Timestamp},
};

use super::{
    FromCosetError, IntoCosetError, Registry,
    header::{entries, open_label},
    value,
};
use crate::{
    MapBuilder, Rule,
    cbor::{Raw, Reader},
    cwt::{ClaimKey, Claims, NumericDate, Time},
    error::Breaks,
};

impl TryFrom<&Claims<'_>> for ClaimsSet {
    type Error = IntoCosetError;

    /// A claims set. coset has one audience, as text, and dates without a tag.
    fn try_from(claims: &Claims<'_>) -> Result<Self, IntoCosetError> {
        let mut set = Self::default();
        for (name, raw) in claims.iter() {
            let text = || raw.read(Reader::text).breaks(Rule::ClaimsForm).map(Into::into);
            match name {
                ClaimKey::ISS => set.issuer = Some(text()?),
                ClaimKey::SUB => set.subject = Some(text()?),
                ClaimKey::AUD => set.audience = Some(text()?),
                ClaimKey::EXP => set.expiration_time = Some(date(&raw)?),
                ClaimKey::NBF => set.not_before = Some(date(&raw)?),
                ClaimKey::IAT => set.issued_at = Some(date(&raw)?),
                ClaimKey::CTI => {
                    set.cwt_id = Some(raw.read(Reader::bytes).breaks(Rule::ClaimsForm)?.to_vec());
                }
                other => {
                    let name = open_label(other.value(), Registry::Claims, raw.offset())?;
                    set.rest.push((name, value::value(&raw)?));
                }
            }
        }
        Ok(set)
    }
}

fn date(raw: &Raw<'_>) -> Result<Timestamp, IntoCosetError> {
    let date = NumericDate::read(raw)?;
    if date.is_tagged() {
        return Err(IntoCosetError::TaggedDate { offset: raw.offset() });
    }
    Ok(match date.time() {
        Time::Seconds(seconds) => Timestamp::WholeSeconds(seconds),
        Time::Fractional(seconds) => Timestamp::FractionalSeconds(seconds),
    })
}

impl TryFrom<&ClaimsSet> for MapBuilder {
    type Error = FromCosetError;

    /// A claims set, as the payload of a CWT or the parameter CWT Claims (RFC 9597).
    fn try_from(set: &ClaimsSet) -> Result<Self, FromCosetError> {
        entries(&set.clone().to_cbor_value().map_err(|_| FromCosetError::NotEncoded)?)
    }
}
