//! The parties and keys of a store as configuration.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Context,
    cbor::Int,
    crypto::Algorithm,
    header::Vds,
    key::{CoseKey, CoseKeyEncoder, OwnedTrustedKey},
};
use serde::{Deserialize, Serialize};

use super::{all_bytes, bytes, form, text, texts};
use crate::{
    EntryEncoding, EntryPayload, EntryRule, Error, KeyState, KeyValidity, LogProfile, Role,
    StoredAuthority, StoredIssuer, StoredKey, StoredService, StoredServiceKey,
    relying_party_store::data::{check_anchor, check_certificates},
};

/// A transparency service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceRow {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<ServiceKeyRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authorities: Vec<AuthorityRow>,
}

/// A key of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceKeyRow {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(default, skip_serializing_if = "State::is_current")]
    state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_after: Option<i64>,
    algorithms: Vec<i64>,
    vds: i64,
    entry: Encoding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<i64>,
}

/// An authority that certifies the keys of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityRow {
    certificate: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    purposes: Vec<String>,
    algorithms: Vec<i64>,
    vds: i64,
    entry: Encoding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<i64>,
}

/// An issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuerRow {
    name: String,
    issuer: String,
    role: RoleName,
    #[serde(default, skip_serializing_if = "is_false")]
    resolves_did: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    anchors: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    purposes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<IssuerKeyRow>,
}

/// A key of an issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerKeyRow {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(default, skip_serializing_if = "State::is_current")]
    state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_after: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    #[default]
    Current,
    Retired,
    Compromised,
}

impl State {
    const fn is_current(&self) -> bool {
        matches!(self, Self::Current)
    }

    const fn of(state: KeyState) -> Self {
        match state {
            KeyState::Current => Self::Current,
            KeyState::Retired => Self::Retired,
            KeyState::Compromised => Self::Compromised,
        }
    }

    const fn to_state(self) -> KeyState {
        match self {
            Self::Current => KeyState::Current,
            Self::Retired => KeyState::Retired,
            Self::Compromised => KeyState::Compromised,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Encoding {
    AsReceived,
    AsSubmitted,
    Attached,
    Nil,
}

impl Encoding {
    const fn of(encoding: EntryEncoding) -> Self {
        match encoding {
            EntryEncoding::AsReceived => Self::AsReceived,
            EntryEncoding::Preferred(EntryPayload::AsSubmitted) => Self::AsSubmitted,
            EntryEncoding::Preferred(EntryPayload::Attached) => Self::Attached,
            EntryEncoding::Preferred(EntryPayload::Nil) => Self::Nil,
        }
    }

    const fn to_encoding(self) -> EntryEncoding {
        match self {
            Self::AsReceived => EntryEncoding::AsReceived,
            Self::AsSubmitted => EntryEncoding::Preferred(EntryPayload::AsSubmitted),
            Self::Attached => EntryEncoding::Preferred(EntryPayload::Attached),
            Self::Nil => EntryEncoding::Preferred(EntryPayload::Nil),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RoleName {
    Statements,
    Receipts,
    Firmware,
    Teep,
    Evidence,
    Results,
}

impl RoleName {
    const fn of(role: Role) -> Self {
        match role {
            Role::Statement => Self::Statements,
            Role::Receipt => Self::Receipts,
            Role::Firmware => Self::Firmware,
            Role::Teep => Self::Teep,
            Role::Evidence => Self::Evidence,
            Role::Results => Self::Results,
        }
    }

    const fn to_role(self) -> Role {
        match self {
            Self::Statements => Role::Statement,
            Self::Receipts => Role::Receipt,
            Self::Firmware => Role::Firmware,
            Self::Teep => Role::Teep,
            Self::Evidence => Role::Evidence,
            Self::Results => Role::Results,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl IssuerKeyRow {
    fn of(stored: &StoredKey) -> Result<Self, Error> {
        let KeyValidity { not_before, not_after } = stored.validity();
        Ok(Self {
            key: text(&CoseKeyEncoder::new(stored.key().public_key())?.to_vec()),
            kid: stored.key().as_trusted_key().key_id().map(text),
            state: State::of(stored.state()),
            not_before,
            not_after,
        })
    }

    fn to_key(&self, context: &Context<'_>) -> Result<StoredKey, Error> {
        let encoded = bytes(&self.key)?;
        let public = CoseKey::decode(&encoded, &context.profile)?.public_key()?;
        // Nothing but the key: what else stood there may restrict it.
        if CoseKeyEncoder::new(public)?.to_vec() != encoded {
            return Err(form());
        }
        let mut key = OwnedTrustedKey::new(public, context)?;
        if let Some(kid) = &self.kid {
            key = key.with_key_id(bytes(kid)?);
        }
        let validity = KeyValidity { not_before: self.not_before, not_after: self.not_after };
        Ok(StoredKey::new(key).with_state(self.state.to_state()).with_validity(validity))
    }
}

/// What receipts are read by, as numbers.
fn log(vds: i64, entry: Encoding, hash: Option<i64>) -> LogProfile {
    let hash = hash.map(Algorithm::new);
    let entry_rule = EntryRule { encoding: entry.to_encoding(), hash };
    LogProfile { vds: Vds::new(Int::new(vds)), entry_rule }
}

/// At least one algorithm, each once.
fn algorithms(numbers: &[i64]) -> Result<Vec<Algorithm>, Error> {
    let mut algorithms = Vec::new();
    for number in numbers {
        let algorithm = Algorithm::new(*number);
        if algorithms.contains(&algorithm) {
            return Err(form());
        }
        algorithms.push(algorithm);
    }
    if algorithms.is_empty() { Err(form()) } else { Ok(algorithms) }
}

fn numbers(algorithms: &[Algorithm]) -> Vec<i64> {
    algorithms.iter().map(|algorithm| algorithm.value()).collect()
}

impl ServiceRow {
    pub(super) fn of(service: &StoredService) -> Result<Self, Error> {
        let key = |stored: &StoredServiceKey| {
            let IssuerKeyRow { key, kid, state, not_before, not_after } =
                IssuerKeyRow::of(stored.key())?;
            let LogProfile { vds, entry_rule } = stored.log();
            Ok(ServiceKeyRow {
                key,
                kid,
                state,
                not_before,
                not_after,
                algorithms: numbers(stored.algorithms()),
                vds: vds.value().to_i64().ok_or(form())?,
                entry: Encoding::of(entry_rule.encoding),
                hash: entry_rule.hash.map(Algorithm::value),
            })
        };
        let authority = |stored: &StoredAuthority| {
            let LogProfile { vds, entry_rule } = stored.log();
            Ok(AuthorityRow {
                certificate: text(stored.certificate()),
                purposes: texts(&stored.purposes),
                algorithms: numbers(stored.algorithms()),
                vds: vds.value().to_i64().ok_or(form())?,
                entry: Encoding::of(entry_rule.encoding),
                hash: entry_rule.hash.map(Algorithm::value),
            })
        };
        Ok(Self {
            name: service.name().into(),
            issuer: service.issuer().map(Into::into),
            keys: service.keys().iter().map(key).collect::<Result<_, Error>>()?,
            authorities: service
                .authorities()
                .iter()
                .map(authority)
                .collect::<Result<_, Error>>()?,
        })
    }

    pub(super) fn to_service(&self, context: &Context<'_>) -> Result<StoredService, Error> {
        let mut service = StoredService::new(&self.name);
        service.issuer.clone_from(&self.issuer);
        for row in &self.keys {
            let ServiceKeyRow { key, kid, state, not_before, not_after, .. } = row.clone();
            let key = IssuerKeyRow { key, kid, state, not_before, not_after };
            service.keys.push(StoredServiceKey {
                key: key.to_key(context)?,
                algorithms: algorithms(&row.algorithms)?,
                log: log(row.vds, row.entry, row.hash),
            });
        }
        for row in &self.authorities {
            let anchor = bytes(&row.certificate)?;
            check_anchor(&anchor).map_err(|()| form())?;
            service.authorities.push(StoredAuthority {
                anchor,
                purposes: all_bytes(&row.purposes)?,
                algorithms: algorithms(&row.algorithms)?,
                log: log(row.vds, row.entry, row.hash),
            });
        }
        Ok(service)
    }
}

impl IssuerRow {
    pub(super) fn of(issuer: &StoredIssuer) -> Result<Self, Error> {
        Ok(Self {
            name: issuer.name().into(),
            issuer: issuer.issuer().into(),
            role: RoleName::of(issuer.role()),
            resolves_did: issuer.resolves_did,
            anchors: texts(&issuer.anchors),
            purposes: texts(&issuer.purposes),
            keys: issuer.keys().iter().map(IssuerKeyRow::of).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn to_issuer(&self, context: &Context<'_>) -> Result<StoredIssuer, Error> {
        let mut issuer = StoredIssuer::new(&self.name, &self.issuer, self.role.to_role());
        for row in &self.keys {
            issuer.keys.push(row.to_key(context)?);
        }
        issuer.anchors = all_bytes(&self.anchors)?;
        issuer.purposes = all_bytes(&self.purposes)?;
        issuer.resolves_did = self.resolves_did;
        check_certificates(&issuer).map_err(|()| form())?;
        Ok(issuer)
    }
}
