//! EATs as JWTs, and claims sets in JSON.

use cose_ext::{
    Profile, Trust,
    cbor::{Map, Reader},
    crypto::Algorithm,
    key::TrustStore,
};
use rats_eat::{JsonBundle, MainToken, Requirements, cmw::Cmw, eat_json, jws::Jws};
use serde_json::{Value, json};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::common::{base64url, context, jwks, refused, trusted};

const PROFILE: &Profile = &Profile::LENIENT;

pub(crate) fn eat_jwt(case: &Case) -> Result<Outcome, Trouble> {
    let (text, jwks) = (case.text()?, jwks(case)?);
    let keys = trusted(&jwks)?;
    let keys = TrustStore::new(&keys);
    let jws = match Jws::decode(&text, PROFILE) {
        Ok(jws) => jws,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let trust = Trust::keys(&keys);
    let mut facts = Facts::new();
    let verified = jws.verify(&trust, &context());
    let stem =
        |name: &String| name.trim_start_matches("keys/").trim_end_matches(".jwk.json").to_owned();
    let by: Vec<_> = case.keys.iter().map(stem).filter(|_| verified.is_ok()).collect();
    facts.is("verifies_with", by);
    // With everything within it.
    if let Err(error) = jws.verify_all(&trust, &Requirements::DEFAULT, &context()) {
        return Ok(refused(&error, facts));
    }
    match jws.verify_eat(&trust, &Requirements::DEFAULT, &context()) {
        Ok(claims) => {
            facts.is("claims", of_claims(claims.value())?);
            Ok(Outcome::Accepted(facts))
        }
        Err(error) => Ok(refused(&error, facts)),
    }
}

pub(crate) fn eat_claims(case: &Case) -> Result<Outcome, Trouble> {
    let mut facts = Facts::new();
    match eat_json::to_cbor(&case.bytes()?, PROFILE) {
        Ok(bytes) => {
            facts.is("claims", of_claims(&bytes)?);
            Ok(Outcome::Accepted(facts))
        }
        Err(error) => Ok(refused(&error, facts)),
    }
}

pub(crate) fn with_wrapper(case: &Case) -> Result<Outcome, Trouble> {
    let text = case.bytes()?;
    let bytes = match eat_json::to_cbor(&text, PROFILE) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let claims = Map::decode(&bytes, 0, PROFILE.strictness, &PROFILE.limits.cbor)?;
    let cmw = Cmw::of(&claims.find(299).ok_or("no wrapper among the claims")?)?;
    let mut decoded: Value = serde_json::from_slice(&text)?;
    let written: Value = serde_json::from_str(&cmw.to_json()?.to_string())?;
    decoded["cmw"] = written;
    decoded["iss"] = claims.find(1).ok_or("no issuer")?.read(Reader::text)?.into();
    decoded["exp"] = claims.find(4).ok_or("no date")?.read(Reader::uint)?.into();
    let mut facts = Facts::new();
    facts.is("decoded", decoded);
    Ok(Outcome::Accepted(facts))
}

/// The key of the main token was not published, so nothing here is verified but the digests.
pub(crate) fn bundle(case: &Case) -> Result<Outcome, Trouble> {
    let bundle = match JsonBundle::decode(&case.bytes()?, PROFILE) {
        Ok(bundle) => bundle,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let MainToken::Jwt(token) = bundle.main() else {
        return Err("the main token is no JWT".into());
    };
    let payload = Jws::decode(token, PROFILE)?.danger_unverified_payload()?;
    let claims = eat_json::to_cbor(&payload, PROFILE)?;
    let mut facts = Facts::new();
    facts.is("main_claims", serde_json::from_slice::<Value>(&payload)?);
    let claims = Map::decode(&claims, 0, PROFILE.strictness, &PROFILE.limits.cbor)?;
    let submods = Map::new(&claims.find(266).ok_or("no submodules")?)?;
    let mut digests = serde_json::Map::new();
    for (name, bytes) in bundle.danger_unverified_entries() {
        let raw = submods.find_text(name).ok_or("no digest of an entry")?;
        let [algorithm, digest] = cose_ext::cbor::Array::new(&raw)?.exactly()?;
        let (algorithm, digest) = (algorithm.read(Reader::text)?, digest.read(Reader::bytes)?);
        if algorithm != "SHA-256" {
            return Err("another hash function".into());
        }
        let computed = context().hash(Algorithm::SHA256, &[bytes])?;
        let entry = json!({
            "alg": algorithm,
            "digest": base64url(digest),
            "computed": base64url(computed.as_ref()),
            "match": computed.as_ref() == digest,
        });
        digests.insert(name.to_owned(), entry);
    }
    facts.is("digests", digests);
    Ok(Outcome::Accepted(facts))
}

/// The claims of these cases, read out of the CBOR that was made of them.
fn of_claims(bytes: &[u8]) -> Result<Value, Trouble> {
    let claims = Map::decode(bytes, 0, PROFILE.strictness, &PROFILE.limits.cbor)?;
    let mut out = serde_json::Map::new();
    for (key, value) in &claims {
        let key = key.read(Reader::uint)?;
        let bytes = || value.read(Reader::bytes).map(base64url);
        let (name, value) = match key {
            6 => ("iat", value.read(Reader::uint)?.into()),
            10 => ("eat_nonce", bytes()?.into()),
            256 => ("ueid", bytes()?.into()),
            258 => match value.read(Reader::uint) {
                Ok(number) => ("oemid", number.into()),
                Err(_) => ("oemid", bytes()?.into()),
            },
            262 => ("oemboot", value.read(Reader::bool)?.into()),
            263 => {
                let names = ["enabled", "disabled", "disabled-since-boot", "disabled-permanently"];
                ("dbgstat", names[value.read(Reader::uint)? as usize].into())
            }
            270 => ("swname", value.read(Reader::text)?.into()),
            271 => match value.read(Reader::text) {
                Ok(text) => ("swversion", text.into()),
                Err(_) => {
                    let [version] = cose_ext::cbor::Array::new(&value)?.exactly()?;
                    ("swversion", json!([version.read(Reader::text)?]))
                }
            },
            274 => {
                let [system] = cose_ext::cbor::Array::new(&value)?.exactly()?;
                let [name, results] = cose_ext::cbor::Array::new(&system)?.exactly()?;
                let [result] = cose_ext::cbor::Array::new(&results)?.exactly()?;
                let [id, result] = cose_ext::cbor::Array::new(&result)?.exactly()?;
                let names = ["", "success", "fail", "not-run", "absent"];
                let result = names[result.read(Reader::uint)? as usize];
                let (name, id) = (name.read(Reader::text)?, id.read(Reader::text)?);
                ("measres", json!([[name, [[id, result]]]]))
            }
            other => return Err(format!("no case of these has claim {other}").into()),
        };
        out.insert(name.to_owned(), value);
    }
    Ok(out.into())
}
