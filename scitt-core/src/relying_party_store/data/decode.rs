//! The store is read.

use alloc::vec::Vec;

use cose_ext::{
    Context,
    cbor::{Array, Int, Limits, Map, Raw, Reader, Strictness},
    crypto::Algorithm,
    header::Vds,
    key::{CoseKey, CoseKeyEncoder, Identity, OwnedTrustedKey},
};

use super::{VERSION, key};
use crate::{
    EntryEncoding, EntryRule, Error, KeyState, KeyValidity, LogProfile, RelyingPartyStore, Role,
    Rule, StoredAuthority, StoredIssuer, StoredKey, StoredService, StoredServiceKey,
};

/// A store has as many keys as its owner enrolled, so its items are bounded by its length alone.
const LIMITS: Limits = Limits::DEFAULT.with_items(usize::MAX);

impl RelyingPartyStore {
    /// Reads a store that is the whole of `data`, as [`to_bytes`](Self::to_bytes) writes it.
    ///
    /// # Errors
    ///
    /// [`Rule::StoreForm`] if it is not a store in deterministic encoding; [`Rule::RolesDisjoint`].
    pub fn from_bytes(data: &[u8], context: &Context<'_>) -> Result<Self, Error> {
        let raw = Raw::decode(data, 0, Strictness::DETERMINISTIC, &LIMITS).map_err(cose)?;
        let [version, services, issuers, distrusted] =
            array(&raw)?.exactly().map_err(|_| form(&raw))?;
        if uint(&version)? != VERSION {
            return Err(form(&version));
        }
        let mut store = Self::new();
        let mut last = None;
        for raw in array(&distrusted)?.iter() {
            let key = bytes(&raw)?.try_into().map(Identity::new).map_err(|_| form(&raw))?;
            // In ascending order, each once: there is one form.
            if last.replace(key).is_some_and(|last| last >= key) {
                return Err(form(&raw));
            }
            store.distrust(key);
        }
        for raw in array(&services)?.iter() {
            store.add_service(service(&raw, context)?)?;
        }
        for raw in array(&issuers)?.iter() {
            store.add_issuer(issuer(&raw, context)?)?;
        }
        Ok(store)
    }
}

fn cose(error: cose_ext::cbor::Error) -> Error {
    cose_ext::Error::from(error).into()
}

fn form(raw: &Raw<'_>) -> Error {
    Error::broken(Rule::StoreForm, raw.offset())
}

fn array<'b>(raw: &Raw<'b>) -> Result<Array<'b>, Error> {
    Array::new(raw).map_err(|_| form(raw))
}

fn uint(raw: &Raw<'_>) -> Result<u64, Error> {
    raw.read(Reader::uint).map_err(|_| form(raw))
}

fn int(raw: &Raw<'_>) -> Result<i64, Error> {
    let int = raw.read(Reader::int).map_err(|_| form(raw))?;
    int.to_i64().ok_or(form(raw))
}

fn text<'b>(raw: &Raw<'b>) -> Result<&'b str, Error> {
    raw.read(Reader::text).map_err(|_| form(raw))
}

fn bytes<'b>(raw: &Raw<'b>) -> Result<&'b [u8], Error> {
    raw.read(Reader::bytes).map_err(|_| form(raw))
}

/// A map whose entries are taken one by one, so that one which nobody takes is noticed.
struct Fields<'b> {
    raw: Raw<'b>,
    map: Map<'b>,
    taken: usize,
}

impl<'b> Fields<'b> {
    fn new(raw: &Raw<'b>) -> Result<Self, Error> {
        let map = Map::new(raw).map_err(|_| form(raw))?;
        Ok(Self { raw: *raw, map, taken: 0 })
    }

    fn optional(&mut self, label: u64) -> Option<Raw<'b>> {
        let value = self.map.find(label)?;
        self.taken = self.taken.saturating_add(1);
        Some(value)
    }

    fn required(&mut self, label: u64) -> Result<Raw<'b>, Error> {
        self.optional(label).ok_or(form(&self.raw))
    }

    /// Checks that every entry was taken: what is not known here may restrict a key.
    fn finish(self) -> Result<(), Error> {
        if self.taken == self.map.len() { Ok(()) } else { Err(form(&self.raw)) }
    }
}

fn service(raw: &Raw<'_>, context: &Context<'_>) -> Result<StoredService, Error> {
    let mut fields = Fields::new(raw)?;
    let mut service = StoredService::new(text(&fields.required(key::NAME)?)?);
    if let Some(issuer) = fields.optional(key::ISSUER) {
        service = service.for_issuer(text(&issuer)?);
    }
    for raw in array(&fields.required(key::KEYS)?)?.iter() {
        service = service.with_key(service_key(&raw, context)?);
    }
    if let Some(authorities) = fields.optional(key::ANCHORS) {
        if array(&authorities)?.is_empty() {
            return Err(form(&authorities));
        }
        for raw in array(&authorities)?.iter() {
            service = service.with_authority(authority(&raw)?);
        }
    }
    fields.finish()?;
    Ok(service)
}

fn service_key(raw: &Raw<'_>, context: &Context<'_>) -> Result<StoredServiceKey, Error> {
    let mut fields = Fields::new(raw)?;
    let stored = stored_key(&mut fields, context)?;
    let (algorithms, log) = log(&mut fields)?;
    fields.finish()?;
    Ok(StoredServiceKey { key: stored, algorithms, log })
}

fn authority(raw: &Raw<'_>) -> Result<StoredAuthority, Error> {
    let mut fields = Fields::new(raw)?;
    let anchor = bytes(&fields.required(key::ANCHORS)?)?.to_vec();
    let purposes = byte_strings(fields.optional(key::PURPOSES))?;
    let (algorithms, log) = log(&mut fields)?;
    fields.finish()?;
    check_anchor(&anchor).map_err(|()| form(raw))?;
    Ok(StoredAuthority { anchor, purposes, algorithms, log })
}

/// What receipts are read by. One algorithm stands alone, several in an array, each once.
fn log(fields: &mut Fields<'_>) -> Result<(Vec<Algorithm>, LogProfile), Error> {
    let raw = fields.required(key::ALGORITHM)?;
    let mut algorithms = Vec::new();
    match Array::new(&raw) {
        Err(_) => algorithms.push(Algorithm::new(int(&raw)?)),
        Ok(several) => {
            for one in several.iter() {
                let algorithm = Algorithm::new(int(&one)?);
                if algorithms.contains(&algorithm) {
                    return Err(form(&one));
                }
                algorithms.push(algorithm);
            }
            if algorithms.len() < 2 {
                return Err(form(&raw));
            }
        }
    }
    let vds = Vds::new(Int::new(int(&fields.required(key::VDS)?)?));
    let entry_rule = entry_rule(&fields.required(key::ENTRY_RULE)?)?;
    Ok((algorithms, LogProfile { vds, entry_rule }))
}

fn entry_rule(raw: &Raw<'_>) -> Result<EntryRule, Error> {
    let [encoding, hash] = array(raw)?.exactly().map_err(|_| form(raw))?;
    let encoding = EntryEncoding::from_number(uint(&encoding)?).ok_or(form(&encoding))?;
    let hash = match hash.bytes() {
        [0xf6] => None,
        _ => Some(Algorithm::new(int(&hash)?)),
    };
    Ok(EntryRule { encoding, hash })
}

fn issuer(raw: &Raw<'_>, context: &Context<'_>) -> Result<StoredIssuer, Error> {
    let mut fields = Fields::new(raw)?;
    let name = text(&fields.required(key::NAME)?)?;
    let claimed = text(&fields.required(key::ISSUER)?)?;
    let role = fields.required(key::ROLE)?;
    let role = Role::from_number(uint(&role)?).ok_or(form(&role))?;
    let mut issuer = StoredIssuer::new(name, claimed, role);
    for raw in array(&fields.required(key::KEYS)?)?.iter() {
        let mut key = Fields::new(&raw)?;
        issuer = issuer.with_key(stored_key(&mut key, context)?);
        key.finish()?;
    }
    issuer.anchors = byte_strings(fields.optional(key::ANCHORS))?;
    issuer.purposes = byte_strings(fields.optional(key::PURPOSES))?;
    if let Some(resolves) = fields.optional(key::RESOLVES_DID) {
        // There is one way not to say it.
        issuer.resolves_did = resolves.read(Reader::bool) == Ok(true);
        if !issuer.resolves_did {
            return Err(form(&resolves));
        }
    }
    fields.finish()?;
    check_certificates(&issuer).map_err(|()| form(raw))?;
    Ok(issuer)
}

fn byte_strings(raw: Option<Raw<'_>>) -> Result<Vec<Vec<u8>>, Error> {
    let Some(raw) = raw else { return Ok(Vec::new()) };
    if array(&raw)?.is_empty() {
        return Err(form(&raw));
    }
    array(&raw)?.iter().map(|raw| bytes(&raw).map(<[u8]>::to_vec)).collect()
}

fn stored_key(fields: &mut Fields<'_>, context: &Context<'_>) -> Result<StoredKey, Error> {
    let raw = fields.required(key::COSE_KEY)?;
    let public = CoseKey::decode(bytes(&raw)?, &context.profile)?.public_key()?;
    // Nothing but the key, in the form in which it is written.
    if CoseKeyEncoder::new(public)?.to_vec() != bytes(&raw)? {
        return Err(form(&raw));
    }
    let mut key = OwnedTrustedKey::new(public, context)?;
    let state = fields.required(key::STATE)?;
    let state = KeyState::from_number(uint(&state)?).ok_or(form(&state))?;
    let second = |raw: Option<Raw<'_>>| raw.map(|raw| int(&raw)).transpose();
    let not_before = second(fields.optional(key::NOT_BEFORE))?;
    let not_after = second(fields.optional(key::NOT_AFTER))?;
    if let Some(key_id) = fields.optional(key::KEY_ID) {
        key = key.with_key_id(bytes(&key_id)?);
    }
    let validity = KeyValidity { not_before, not_after };
    Ok(StoredKey::new(key).with_state(state).with_validity(validity))
}

/// Checks anchors and names as their enrolment does.
#[cfg(feature = "x509")]
pub(crate) fn check_certificates(issuer: &StoredIssuer) -> Result<(), ()> {
    for anchor in &issuer.anchors {
        check_anchor(anchor)?;
    }
    if issuer.resolves_did {
        crate::DidX509::parse(&issuer.issuer).map_err(|_| ())?;
    }
    Ok(())
}

/// Without the feature `x509` nothing here reads certificates: such a store is refused rather than
/// half understood.
#[cfg(not(feature = "x509"))]
pub(crate) fn check_certificates(issuer: &StoredIssuer) -> Result<(), ()> {
    if issuer.anchors.is_empty() && !issuer.resolves_did { Ok(()) } else { Err(()) }
}

#[cfg(feature = "x509")]
pub(crate) fn check_anchor(der: &[u8]) -> Result<(), ()> {
    cose_ext::x509::TrustAnchor::new(der).map(|_| ()).map_err(|_| ())
}

#[cfg(not(feature = "x509"))]
pub(crate) fn check_anchor(_: &[u8]) -> Result<(), ()> {
    Err(())
}
