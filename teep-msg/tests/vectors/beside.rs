//! What stands in messages and is read by other crates of the house: SUIT reports and envelopes, and EATs.

use cose_ext::{
    Profile, Trust,
    cbor::{Map as CborMap, Reader},
    key::Thumbprint,
};
use rats_eat::{Requirements, Token, UnboundIssuer};
use serde_json::{Value, json};
use suit_manifest::{
    AuthenticationPolicy, Envelope, ErrorKind,
    report::{Conclusion, Report},
};
use teep_msg::{ResultRules, WithoutStatus, check_result};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::{
    context,
    decoded::{Object, common_part, sha256, shaped},
    keys::{NamedKey, store},
};

fn compared(case: &Case, found: Object) -> Facts {
    let mut facts = Facts::new();
    for (key, found) in found {
        if let Some(stated) = case.fact(&key) {
            facts.is(key, common_part(&found, stated));
        }
    }
    facts
}

pub(crate) fn report(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let report = match Report::decode(&bytes, &Profile::LENIENT) {
        Ok(report) => report,
        Err(error) => return Ok(Outcome::refused(error.rule().map(|rule| rule.id), error)),
    };
    let stated = |key: &str| case.fact(key).cloned().unwrap_or_default();
    let map = CborMap::new(&Profile::LENIENT.item(&bytes, 0)?)?;
    let mut found = Object::new();
    let keys = map.iter().map(|(key, _)| key.read(Reader::int).unwrap().to_i64());
    found.insert("keys".into(), keys.collect::<Vec<_>>().into());
    let reference = report.reference();
    found.insert("reference_uri".into(), reference.uri().into());
    found.insert("manifest_digest".into(), hex::encode(reference.digest().value()).into());
    let algorithm = reference.digest().algorithm().value();
    found.insert("manifest_digest_alg".into(), algorithm.into());
    found.insert("nonce".into(), report.nonce().map(hex::encode).into());
    for (key, name) in [(3, "records"), (4, "result")] {
        let value = map.find(key).map(|raw| shaped(&raw, &stated(name)));
        found.insert(name.into(), value.into());
    }
    // What the view says of the result is what stands there.
    match report.result() {
        Conclusion::Success => assert_eq!(found["result"], true),
        Conclusion::Failed(failed) => {
            assert_eq!(found["result"]["5"], failed.code);
            assert_eq!(found["result"]["7"], failed.reason.number());
        }
    }
    found.insert("sha256".into(), sha256(&bytes).into());
    found.insert("length".into(), bytes.len().into());
    Ok(Outcome::Accepted(compared(case, found)))
}

/// An envelope of an older draft is authentic, and then refused as such.
pub(crate) fn envelope(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys) = (case.bytes()?, NamedKey::of_case(case)?);
    let (context, store) = (context(), store(&keys)?);
    let envelope = match Envelope::decode(&bytes, &Profile::LENIENT) {
        Ok(envelope) => envelope,
        Err(error) => return Ok(Outcome::refused(error.rule().map(|rule| rule.id), error)),
    };
    let digest = envelope.authentication().digest();
    let mut found = Object::new();
    found.insert("digest".into(), hex::encode(digest.value()).into());
    found.insert("digest_alg".into(), digest.algorithm().value().into());
    found.insert("envelope_tag".into(), envelope.is_tagged().then_some(107).into());
    found.insert("envelope_length".into(), bytes.len().into());
    found.insert("length".into(), bytes.len().into());
    found.insert("sha256".into(), sha256(&bytes).into());
    let trust = Trust::keys(&store);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    if let Err(error) = envelope.authenticate(&trust, &policy, &context) {
        let facts = compared(case, found);
        let rule = error.rule().map(|rule| rule.id);
        return Ok(Outcome::Refused { rule, error: error.to_string(), facts });
    }
    for key in ["digest_matches_manifest", "manifest_digest_matches"] {
        found.insert(key.into(), true.into());
    }
    match envelope.verify(&trust, &policy, &context) {
        Ok(manifest) => {
            let manifest = manifest.value();
            found.insert("sequence_number".into(), manifest.sequence_number().into());
            let components = manifest.common().components();
            let in_objects = case.fact("components").is_some_and(|it| it[0][0].is_object());
            let segment = |bytes: &[u8]| match hex::encode(bytes) {
                hex if in_objects => json!({"hex": hex}),
                hex => hex.into(),
            };
            let components = components.iter().map(|id| id.segments().map(segment).collect());
            found.insert("components".into(), components.collect::<Vec<Vec<Value>>>().into());
        }
        Err(error) if matches!(error.kind(), ErrorKind::Historic(_)) => {}
        Err(error) => return Ok(Outcome::refused(error.rule().map(|rule| rule.id), error)),
    }
    Ok(Outcome::Accepted(compared(case, found)))
}

/// A signed EAT: its signature, its claims, and that it is no Attestation Result where the case says so.
pub(crate) fn eat(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys) = (case.bytes()?, NamedKey::of_case(case)?);
    let (context, verifiers) = (context(), store(&keys)?);
    let token = Token::decode(&bytes, &Profile::LENIENT)?;
    let requirements = Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);
    let verified = match token.verify(&Trust::keys(&verifiers), &requirements, &context) {
        Ok(verified) => verified,
        Err(error) => return Ok(Outcome::refused(error.rule().map(|rule| rule.id), error)),
    };
    let claims = verified.value();
    let mut found = Object::new();
    found.insert("cose".into(), "COSE_Sign1".into());
    found.insert("sha256".into(), sha256(&bytes).into());
    found.insert("length".into(), bytes.len().into());
    let whole = Profile::LENIENT.item(claims.bytes(), 0)?;
    let stated = case.fact("payload").cloned().unwrap_or_default();
    found.insert("payload".into(), shaped(&whole, &stated));
    let names: Vec<_> = keys.iter().map(|key| key.name.clone()).collect();
    found.insert("verifies_with".into(), names.into());
    if case
        .fact("profile_expect")
        .and_then(Value::as_str)
        .is_some_and(|it| it.starts_with("invalid"))
    {
        // About the Agent whose thumbprint the case states, or about nobody that is known.
        let agent = case.fact("agent_key_thumbprint").and_then(Value::as_str);
        let agent = agent.map(hex::decode).transpose()?.unwrap_or(vec![0; 32]);
        let agent = Thumbprint::from_bytes(agent.try_into().map_err(|_| "no thumbprint")?);
        let rules = ResultRules {
            verifiers: &verifiers,
            nonce: None,
            issued_within: None,
            without_status: WithoutStatus::Refused,
        };
        let result = check_result(&bytes, &agent, &rules, &context);
        let affirms = result.is_ok_and(|it| it.value().affirms(WithoutStatus::Refused));
        if affirms {
            return Err("taken for an Attestation Result".into());
        }
        found.insert("profile_expect".into(), case.fact("profile_expect").cloned().into());
    }
    found.insert("protected".into(), json!({"1": -7}));
    Ok(Outcome::Accepted(compared(case, found)))
}
