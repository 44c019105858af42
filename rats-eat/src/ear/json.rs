//! Results in JSON, turned into the CBOR of their dialect.

use alloc::vec::Vec;

use cose_ext::Profile;

use super::{Ear, EarDialect};
use crate::{
    Error, ErrorKind, Rule,
    ar4si::{Tier, TrustDimension},
    cmw,
    json::{self, Entries, Json, Key, decode_base64url},
    label::ear as label,
};

/// What a member of a result or an appraisal holds.
#[derive(Clone, Copy)]
enum Kind {
    /// As it stands.
    Plain,
    /// Bytes where it is base64url, and else as it stands: a nonce of the older dialect is padded.
    Nonce,
    Status,
    Vector,
    VerifierId,
    Evidence,
    Policies,
    Submods,
}

/// A member: its names in the older and in the newer dialects, its key, and what it holds.
type Member = (&'static str, &'static str, i64, Kind);

const MEMBERS: [Member; 16] = [
    ("eat_profile", "eat_profile", label::EAT_PROFILE, Kind::Plain),
    ("iat", "iat", label::IAT, Kind::Plain),
    ("exp", "exp", label::EXP, Kind::Plain),
    ("eat_nonce", "eat_nonce", label::EAT_NONCE, Kind::Nonce),
    ("submods", "submods", label::SUBMODS, Kind::Submods),
    ("ear.status", "ear_status", label::STATUS, Kind::Status),
    (
        "ear.trustworthiness-vector",
        "ear_trustworthiness_vector",
        label::TRUSTWORTHINESS_VECTOR,
        Kind::Vector,
    ),
    ("ear.raw-evidence", "ear_raw_evidence", label::RAW_EVIDENCE, Kind::Evidence),
    (
        "ear.appraisal-policy-id",
        "ear_appraisal_policy_ids",
        label::APPRAISAL_POLICY_IDS,
        Kind::Policies,
    ),
    ("ear.verifier-id", "ear_verifier_id", label::VERIFIER_ID, Kind::VerifierId),
    ("ear.attester-claims", "ear_attester_claims", label::ATTESTER_CLAIMS, Kind::Plain),
    ("ear.verifier-claims", "ear_verifier_claims", label::VERIFIER_CLAIMS, Kind::Plain),
    ("ear.device-topology", "ear_device_topology", label::DEVICE_TOPOLOGY, Kind::Plain),
    ("ear.teep-claims", "ear_teep_claims", label::TEEP_CLAIMS, Kind::Plain),
    ("iss", "iss", 1, Kind::Plain),
    ("nbf", "nbf", 5, Kind::Plain),
];

/// Reads a result that is the whole of a JSON text, and returns it in CBOR, for [`Ear::decode`].
/// Members that are not known here stay under their names.
///
/// # Errors
///
/// Those of reading JSON; what breaks a rule of results, without an offset.
pub fn from_json(text: &[u8], profile: &Profile) -> Result<Vec<u8>, Error> {
    let json = Json::decode(text, profile)?;
    json.as_object().ok_or(broken(Rule::JwtClaims))?;
    let stated = json.member("eat_profile").and_then(Json::as_text);
    let dialect = stated.and_then(EarDialect::from_profile).ok_or(broken(Rule::EarProfile))?;
    let mut cbor = Vec::with_capacity(text.len());
    claims(&json, dialect, &mut cbor)?;
    // Offsets in what was made here would mislead.
    Ear::decode(&cbor, profile).map_err(|error| Error::new(error.kind()))?;
    Ok(cbor)
}

fn claims(json: &Json, dialect: EarDialect, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut entries = Entries::new();
    for (name, value) in json.as_object().ok_or(broken(Rule::EarSubmods))? {
        let known = MEMBERS.iter().find(|(dotted, newer, ..)| {
            let of_dialect = if dialect == EarDialect::Dotted { dotted } else { newer };
            of_dialect == name
        });
        match known {
            Some((.., key, kind)) => {
                entries.add(Key::Int(*key), |out| kind.write(value, dialect, out))?;
            }
            None => entries.add(Key::Text(name), |out| plain(value, out))?,
        }
    }
    entries.write_to(out);
    Ok(())
}

/// Writes a value as it stands.
fn plain(value: &Json, out: &mut Vec<u8>) -> Result<(), Error> {
    json::write(value, out);
    Ok(())
}

impl Kind {
    fn write(self, value: &Json, dialect: EarDialect, out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Plain => plain(value, out),
            Self::Nonce => {
                out.extend(nonce(value));
                Ok(())
            }
            Self::Status => {
                let tier = value.as_text().and_then(Tier::from_name);
                let tier = tier.ok_or(broken(Rule::EarStatus))?;
                out.extend(json::int(tier.value()));
                Ok(())
            }
            Self::Vector => keyed(value, Rule::TrustVector, out, |name| {
                TrustDimension::from_name(name).map(|dimension| i64::from(dimension.key()))
            }),
            Self::VerifierId => keyed(value, Rule::EarVerifierId, out, |name| match name {
                "developer" => Some(label::DEVELOPER),
                "build" => Some(label::BUILD),
                _ => None,
            }),
            Self::Evidence => match (dialect, value) {
                (EarDialect::Draft04, Json::Array(_)) => {
                    out.extend(cmw::record_from_json(value)?);
                    Ok(())
                }
                (EarDialect::Dotted | EarDialect::Draft03, Json::Text(text)) => {
                    let evidence = decode_base64url(text).ok_or(broken(Rule::Base64Url))?;
                    out.extend(json::bytes(&evidence));
                    Ok(())
                }
                _ => Err(broken(Rule::EarRawEvidence)),
            },
            Self::Policies => match (dialect, value) {
                (EarDialect::Dotted, Json::Text(policy)) => {
                    out.extend(json::array([json::text(policy)]));
                    Ok(())
                }
                (EarDialect::Draft03 | EarDialect::Draft04, Json::Array(_)) => plain(value, out),
                _ => Err(broken(Rule::EarPolicies)),
            },
            Self::Submods => {
                let mut entries = Entries::new();
                for (name, value) in value.as_object().ok_or(broken(Rule::EarSubmods))? {
                    entries.add(Key::Text(name), |out| claims(value, dialect, out))?;
                }
                entries.write_to(out);
                Ok(())
            }
        }
    }
}

/// An object whose members have integer keys in CBOR; all of them are known.
fn keyed(
    value: &Json,
    rule: Rule,
    out: &mut Vec<u8>,
    key: fn(&str) -> Option<i64>,
) -> Result<(), Error> {
    let mut entries = Entries::new();
    for (name, value) in value.as_object().ok_or(broken(rule))? {
        let key = key(name).ok_or(broken(rule))?;
        entries.add(Key::Int(key), |out| plain(value, out))?;
    }
    entries.write_to(out);
    Ok(())
}

fn nonce(value: &Json) -> Vec<u8> {
    match value {
        Json::Text(text) => match decode_base64url(text) {
            Some(nonce) => json::bytes(&nonce),
            None => json::text(text),
        },
        Json::Array(nonces) => json::array(nonces.iter().map(nonce)),
        other => json::of(other),
    }
}

const fn broken(rule: Rule) -> Error {
    Error::new(ErrorKind::Broken(rule))
}
