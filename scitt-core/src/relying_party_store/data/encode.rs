//! The store is written.

use alloc::vec::Vec;

use cose_ext::{IntOrText, MapBuilder, Value, cbor::Int, crypto::Algorithm, key::CoseKeyEncoder};

use super::{VERSION, key};
use crate::{
    EntryRule, Error, LogProfile, RelyingPartyStore, StoredAuthority, StoredIssuer, StoredKey,
    StoredService, StoredServiceKey,
};

impl RelyingPartyStore {
    /// Returns the store as one CBOR item in deterministic encoding. Whoever can change these bytes
    /// decides whom the relying party believes: they have to be kept as the keys themselves are.
    ///
    /// # Errors
    ///
    /// If a key has no form as a COSE_Key.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let services = self.services().iter().map(service).collect::<Result<Vec<_>, _>>()?;
        let issuers = self.issuers().iter().map(issuer).collect::<Result<Vec<_>, _>>()?;
        let (services, issuers) = (array(&services), array(&issuers));
        let distrusted: Vec<_> = self.distrusted().collect();
        let distrusted: Vec<_> =
            distrusted.iter().map(|key| Value::Bytes(key.as_bytes())).collect();
        let store = [
            uint(VERSION),
            Value::Array(&services),
            Value::Array(&issuers),
            Value::Array(&distrusted),
        ];
        Ok(Value::Array(&store).to_bytes())
    }
}

fn array(maps: &[MapBuilder]) -> Vec<Value<'_>> {
    maps.iter().map(Value::Map).collect()
}

fn byte_strings(strings: &[Vec<u8>]) -> Vec<Value<'_>> {
    strings.iter().map(|bytes| Value::Bytes(bytes)).collect()
}

const fn uint(number: u64) -> Value<'static> {
    Value::Int(Int::unsigned(number))
}

/// A map grows entry by entry; its labels are integers.
fn with<'v>(map: MapBuilder, label: u64, value: impl Into<Value<'v>>) -> MapBuilder {
    map.with(IntOrText::Int(Int::unsigned(label)), value)
}

fn service(service: &StoredService) -> Result<MapBuilder, Error> {
    let mut map = with(MapBuilder::new(), key::NAME, service.name());
    if let Some(issuer) = service.issuer() {
        map = with(map, key::ISSUER, issuer);
    }
    let keys = service.keys().iter().map(service_key).collect::<Result<Vec<_>, _>>()?;
    map = with(map, key::KEYS, Value::Array(&array(&keys)));
    if !service.authorities().is_empty() {
        let authorities: Vec<_> = service.authorities().iter().map(authority).collect();
        map = with(map, key::ANCHORS, Value::Array(&array(&authorities)));
    }
    Ok(map)
}

fn service_key(service_key: &StoredServiceKey) -> Result<MapBuilder, Error> {
    let map = stored_key(service_key.key())?;
    Ok(with_log(map, service_key.algorithms(), service_key.log()))
}

fn authority(authority: &StoredAuthority) -> MapBuilder {
    let mut map = with(MapBuilder::new(), key::ANCHORS, authority.certificate());
    if !authority.purposes.is_empty() {
        map = with(map, key::PURPOSES, Value::Array(&byte_strings(&authority.purposes)));
    }
    with_log(map, authority.algorithms(), authority.log())
}

/// Adds what receipts are read by.
fn with_log(map: MapBuilder, algorithms: &[Algorithm], log: LogProfile) -> MapBuilder {
    let map = match algorithms {
        [only] => with(map, key::ALGORITHM, *only),
        several => {
            let several: Vec<_> = several.iter().map(|one| Value::from(*one)).collect();
            with(map, key::ALGORITHM, Value::Array(&several))
        }
    };
    let map = with(map, key::VDS, Value::Int(log.vds.value()));
    let EntryRule { encoding, hash } = log.entry_rule;
    let hash = hash.map_or(Value::Null, Value::from);
    let rule = [uint(encoding.number()), hash];
    with(map, key::ENTRY_RULE, Value::Array(&rule))
}

fn issuer(issuer: &StoredIssuer) -> Result<MapBuilder, Error> {
    let map = with(MapBuilder::new(), key::NAME, issuer.name());
    let map = with(map, key::ISSUER, issuer.issuer());
    let mut map = with(map, key::ROLE, uint(issuer.role().number()));
    let keys = issuer.keys().iter().map(stored_key).collect::<Result<Vec<_>, _>>()?;
    map = with(map, key::KEYS, Value::Array(&array(&keys)));
    if !issuer.anchors.is_empty() {
        map = with(map, key::ANCHORS, Value::Array(&byte_strings(&issuer.anchors)));
    }
    if !issuer.purposes.is_empty() {
        map = with(map, key::PURPOSES, Value::Array(&byte_strings(&issuer.purposes)));
    }
    if issuer.resolves_did {
        map = with(map, key::RESOLVES_DID, Value::Bool(true));
    }
    Ok(map)
}

fn stored_key(stored: &StoredKey) -> Result<MapBuilder, Error> {
    let public = stored.key().public_key();
    let cose_key = CoseKeyEncoder::new(public)?.to_vec();
    let map = with(MapBuilder::new(), key::COSE_KEY, cose_key.as_slice());
    let mut map = with(map, key::STATE, uint(stored.state().number()));
    let validity = stored.validity();
    if let Some(not_before) = validity.not_before {
        map = with(map, key::NOT_BEFORE, not_before);
    }
    if let Some(not_after) = validity.not_after {
        map = with(map, key::NOT_AFTER, not_after);
    }
    if let Some(key_id) = stored.key().as_trusted_key().key_id() {
        map = with(map, key::KEY_ID, key_id);
    }
    Ok(map)
}
