//! `cnf` in both encodings (RFC 7800 3, RFC 8747 3): a key of JOSE is one of COSE in another form.

use alloc::{format, string::String, vec, vec::Vec};

use cose_ext::{
    cbor::{Map, Raw, Reader},
    key::{CoseKey, CoseKeyEncoder, Jwk, JwkEncoder},
};

use crate::json::{self, Json, Quoted};

const COSE_KEY: i64 = 1;
const KID: i64 = 3;

/// Encodes the members of `cnf`: `jwk` as a COSE_Key, `kid` as its bytes, any other under its name.
/// What is not a public key stays as a text, so that whoever reads the claim finds it wrong.
pub(super) fn encode(value: &Json) -> Vec<u8> {
    let Json::Object(members) = value else { return json::of(value) };
    let entries = members.iter().map(|(name, value)| match (name.as_str(), value) {
        ("jwk", key) => {
            let key = cose_key(key).unwrap_or_else(|| json::text(&format!("{key}")));
            (json::int(COSE_KEY), key)
        }
        ("kid", Json::Text(key_id)) => (json::int(KID), json::bytes(key_id.as_bytes())),
        _ => (json::text(name), json::of(value)),
    });
    json::map(entries.collect())
}

/// Encodes the public part of a key. A symmetric key, or a private one, does not belong into a
/// token.
fn cose_key(key: &Json) -> Option<Vec<u8>> {
    let secret = ["d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"];
    if secret.iter().any(|name| key.member(name).is_some()) {
        return None;
    }
    let jwk = Jwk::decode(format!("{key}").as_bytes()).ok()?;
    // Whatever for: a key that is confirmed may sign, or agree on a secret.
    let public = jwk.agreement_key().ok()?;
    let mut encoder = CoseKeyEncoder::new(public).ok()?;
    if let Some(key_id) = jwk.key_id() {
        encoder = encoder.with_key_id(key_id.as_bytes());
    }
    let mut out = vec![0; encoder.len()];
    let len = encoder.encode(&mut out).ok()?.len();
    out.truncate(len);
    Some(out)
}

/// Writes the members of `cnf`, those that JSON has a form of; `None` for any other.
pub(super) fn write(
    raw: &Raw<'_>,
    other: fn(&Raw<'_>, &mut dyn core::fmt::Write) -> Option<()>,
    out: &mut dyn core::fmt::Write,
) -> Option<()> {
    let map = Map::new(raw).ok()?;
    let mut separator = "{";
    for (key, value) in &map {
        out.write_str(separator).ok()?;
        separator = ",";
        if let Ok(name) = key.read(Reader::text) {
            write!(out, "{}:", Quoted(name)).ok()?;
            other(&value, out)?;
            continue;
        }
        match key.read(Reader::int).ok()?.to_i64()? {
            COSE_KEY => write!(out, "\"jwk\":{}", jwk(&value)?).ok()?,
            KID => {
                let key_id = core::str::from_utf8(value.read(Reader::bytes).ok()?).ok()?;
                write!(out, "\"kid\":{}", Quoted(key_id)).ok()?;
            }
            _ => return None,
        }
    }
    out.write_str(if map.is_empty() { "{}" } else { "}" }).ok()
}

fn jwk(value: &Raw<'_>) -> Option<String> {
    let profile = cose_ext::Profile::LENIENT;
    let key = CoseKey::decode(value.bytes(), &profile).ok()?;
    let mut encoder = JwkEncoder::public(key.agreement_key().ok()?).ok()?;
    let key_id = match key.key_id().ok()? {
        Some(key_id) => Some(core::str::from_utf8(key_id).ok()?),
        None => None,
    };
    if let Some(key_id) = key_id {
        encoder = encoder.with_key_id(key_id);
    }
    Some(encoder.encode().as_str().into())
}
