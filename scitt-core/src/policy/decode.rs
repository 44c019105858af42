//! A policy out of the payload of a statement.

use alloc::vec::Vec;

use cose_ext::{
    Context,
    cbor::{self, Array, Item, Map, Raw, Reader},
    crypto::Algorithm,
};

use super::{OwnedClaimKey, Policy, PolicyIssuer, PolicyRule};
use crate::{Error, OwnedContentType, Rule};

impl Policy {
    /// Reads what [`encode`](Self::encode) wrote, or somebody else by the same scheme. What is not
    /// known here is refused: a rule that is not applied must not look as if it were.
    ///
    /// # Errors
    ///
    /// [`Rule::PolicyForm`]; if a key cannot be read; and for trust anchors in a build without
    /// feature `x509`.
    pub fn decode(bytes: &[u8], context: &Context<'_>) -> Result<Self, Error> {
        let profile = &context.profile;
        let map = Map::decode(bytes, 0, profile.strictness, &profile.limits.cbor).map_err(form)?;
        closed(&map, 5)?;
        let parties = |label: i64| -> Result<Vec<PolicyIssuer>, Error> {
            items(map.find(label))?.iter().map(|raw| issuer(raw, context)).collect()
        };
        Ok(Self {
            administrators: parties(1)?,
            roots: parties(2)?,
            issuers: parties(3)?,
            rule: map.find(4).map_or(Ok(PolicyRule::new()), |raw| rule(&raw))?,
            types: items(map.find(5))?.iter().map(typed_rule).collect::<Result<_, _>>()?,
        })
    }
}

fn form(error: cbor::Error) -> Error {
    Error::broken(Rule::PolicyForm, error.offset())
}

fn at(raw: &Raw<'_>) -> Error {
    Error::broken(Rule::PolicyForm, raw.offset())
}

/// Refuses keys beyond 1 to `last`.
fn closed(map: &Map<'_>, last: u64) -> Result<(), Error> {
    for (key, _) in map {
        match key.read(Reader::uint) {
            Ok(number) if (1..=last).contains(&number) => {}
            _ => return Err(at(&key)),
        }
    }
    Ok(())
}

/// The elements of an array that has some; none where there is no array.
fn items<'b>(array: Option<Raw<'b>>) -> Result<Vec<Raw<'b>>, Error> {
    let Some(raw) = array else { return Ok(Vec::new()) };
    let array = Array::new(&raw).map_err(form)?;
    if array.is_empty() { Err(at(&raw)) } else { Ok(array.iter().collect()) }
}

fn issuer(raw: &Raw<'_>, context: &Context<'_>) -> Result<PolicyIssuer, Error> {
    let map = Map::new(raw).map_err(form)?;
    closed(&map, 3)?;
    let name = map.find(1).ok_or(at(raw))?.read(Reader::text).map_err(form)?;
    let mut issuer = PolicyIssuer::new(name);
    for key in items(map.find(2))? {
        issuer = issuer.with_cose_key(key.read(Reader::bytes).map_err(form)?.into(), context)?;
    }
    for anchor in items(map.find(3))? {
        issuer = anchored(issuer, anchor.read(Reader::bytes).map_err(form)?)?;
    }
    Ok(issuer)
}

#[cfg(feature = "x509")]
fn anchored(issuer: PolicyIssuer, der: &[u8]) -> Result<PolicyIssuer, Error> {
    issuer.with_anchor(der)
}

#[cfg(not(feature = "x509"))]
fn anchored(_: PolicyIssuer, _: &[u8]) -> Result<PolicyIssuer, Error> {
    Err(crate::ErrorKind::AnchorsUnsupported.into())
}

fn typed_rule(raw: &Raw<'_>) -> Result<(OwnedContentType, PolicyRule), Error> {
    let [typ, of] = Array::new(raw).and_then(|pair| pair.exactly()).map_err(form)?;
    Ok((content_type(&typ)?, rule(&of)?))
}

fn rule(raw: &Raw<'_>) -> Result<PolicyRule, Error> {
    let map = Map::new(raw).map_err(form)?;
    closed(&map, 7)?;
    let texts = |label: i64| -> Result<Vec<_>, Error> {
        let text = |raw: &Raw<'_>| Ok(raw.read(Reader::text).map_err(form)?.into());
        items(map.find(label))?.iter().map(text).collect()
    };
    let algorithm = |raw: &Raw<'_>| {
        let number = raw.read(Reader::int).map_err(form)?.to_i64().ok_or(at(raw))?;
        Ok::<_, Error>(Algorithm::new(number))
    };
    let types = |label: i64| -> Result<Vec<_>, Error> {
        items(map.find(label))?.iter().map(content_type).collect()
    };
    let asks_validity = match map.find(7) {
        Some(raw) => match raw.read(|reader| reader.item()).map_err(form)? {
            Item::Bool(asks) => asks,
            _ => return Err(at(&raw)),
        },
        None => false,
    };
    Ok(PolicyRule {
        issuers: texts(1)?,
        algorithms: items(map.find(2))?.iter().map(algorithm).collect::<Result<_, _>>()?,
        subjects: texts(3)?,
        content_types: types(4)?,
        types: types(5)?,
        claims: items(map.find(6))?.iter().map(claim).collect::<Result<_, _>>()?,
        asks_validity,
    })
}

fn content_type(raw: &Raw<'_>) -> Result<OwnedContentType, Error> {
    if let Ok(text) = raw.read(Reader::text) {
        return Ok(OwnedContentType::MediaType(text.into()));
    }
    let number = raw.read(Reader::uint).map_err(form)?;
    u16::try_from(number).map(OwnedContentType::ContentFormat).map_err(|_| at(raw))
}

fn claim(raw: &Raw<'_>) -> Result<OwnedClaimKey, Error> {
    if let Ok(text) = raw.read(Reader::text) {
        return Ok(OwnedClaimKey::Text(text.into()));
    }
    let number = raw.read(Reader::int).map_err(form)?.to_i64();
    number.map(OwnedClaimKey::Int).ok_or(at(raw))
}
