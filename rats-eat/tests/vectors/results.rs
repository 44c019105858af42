//! Attestation results.

use cose_ext::{
    Profile, Trust,
    cbor::{Array, Map, Raw, Reader, Type},
    key::TrustStore,
};
use rats_eat::{
    Error, Requirements, Rule, Token,
    ar4si::Tier,
    ear::{self, Ear, EarDialect, RawEvidence},
    jws::Jws,
};
use serde_json::{Map as Object, Value, json};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::common::{base64url, common_part, context, jwks, refused, shown, trusted};

const PROFILE: &Profile = &Profile::LENIENT;

pub(crate) fn claims_cbor(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    judged(case, Ear::decode(&bytes, PROFILE), Facts::new())
}

pub(crate) fn claims_json(case: &Case) -> Result<Outcome, Trouble> {
    match ear::from_json(&case.bytes()?, PROFILE) {
        Ok(bytes) => judged(case, Ear::decode(&bytes, PROFILE), Facts::new()),
        Err(error) => Ok(refused(&error, Facts::new())),
    }
}

pub(crate) fn cwt(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, jwks) = (case.bytes()?, jwks(case)?);
    let keys = trusted(&jwks)?;
    let keys = TrustStore::new(&keys);
    let verify = || -> Result<_, Error> {
        let token = Token::decode(&bytes, PROFILE)?;
        let trust = Trust::keys(&keys);
        token.verify(&trust, &Requirements::DEFAULT, &context())
    };
    let claims = match verify() {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let facts = verified_by(case);
    match claims.try_map_within(PROFILE, Ear::of_claims) {
        Ok(ear) => judged(case, Ok(*ear.value()), facts),
        Err(error) => Ok(refused(&error, facts)),
    }
}

pub(crate) fn jwt(case: &Case) -> Result<Outcome, Trouble> {
    let (text, jwks) = (case.text()?, jwks(case)?);
    let keys = trusted(&jwks)?;
    let keys = TrustStore::new(&keys);
    let jws = match Jws::decode(text.trim_end(), PROFILE) {
        Ok(jws) => jws,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let trust = Trust::keys(&keys);
    let facts = if jws.verify(&trust, &context()).is_ok() {
        verified_by(case)
    } else {
        let mut facts = Facts::new();
        // Without keys the case speaks of the key that the token itself brings.
        if !case.keys.is_empty() {
            facts.is("signature_verified", false);
        }
        facts
    };
    match jws.verify_ear(&trust, &Requirements::DEFAULT, &context()) {
        Ok(cbor) => judged(case, Ear::decode(cbor.value(), PROFILE), facts),
        Err(error) => Ok(refused(&error, facts)),
    }
}

fn verified_by(case: &Case) -> Facts {
    let mut facts = Facts::new();
    let stem = |name: &String| {
        let name = name.rsplit('/').next().unwrap_or(name);
        name.trim_end_matches(".jwk.json").to_owned()
    };
    facts.is("verifies_with", case.keys.iter().map(stem).collect::<Vec<_>>());
    facts.is("signature_verified", true);
    facts
}

fn judged(case: &Case, ear: Result<Ear<'_>, Error>, mut facts: Facts) -> Result<Outcome, Trouble> {
    let ear = match ear {
        Ok(ear) => ear,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if let Some(stated) = case.fact("claims") {
        let found = if case.kind.ends_with("cbor") || case.kind.ends_with("cwt") {
            item(&Raw::decode(ear.claims().bytes(), 0, PROFILE.strictness, &PROFILE.limits.cbor)?)
        } else {
            // Of the JSON those members that the view has readers for; the others are kept.
            let (found, common) = (of_view(&ear), common_part(stated, &of_view(&ear)));
            if common != found {
                return Err(format!("claims: found {found}, the case states {common}").into());
            }
            stated.clone()
        };
        facts.is("claims", found);
    }
    if let Some((_, appraisal)) = ear.appraisals().next() {
        facts.is("status", appraisal.status().name());
        facts.is("worst_claim_tier", appraisal.vector().map(|vector| vector.worst().name()));
    }
    facts.is("global_status", ear.status().map(Tier::name));
    findings(case, &ear, &mut facts)?;
    Ok(Outcome::Accepted(facts))
}

fn findings(case: &Case, ear: &Ear<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let found: Vec<_> = ear.findings().map(|finding| finding.rule).collect();
    let mut expected = Vec::new();
    match case.fact("strict_violation").and_then(Value::as_str) {
        Some("ear-status-better-than-worst-claim") => expected.push(Rule::StatusFloor),
        Some("ear-global-status-better-than-worst-submod") => {
            expected.push(Rule::GlobalStatusFloor);
        }
        Some(other) => return Err(format!("a violation that is not known here: {other}").into()),
        None => {}
    }
    if case.fact("contested").is_some() {
        expected.push(Rule::StatusDoubtful);
    }
    if case.fact("strict_note").is_some() {
        expected.push(Rule::IntegerDate);
    }
    if found != expected {
        return Err(format!("found {found:?}, the case states {expected:?}").into());
    }
    facts.is("must_report", !found.is_empty());
    facts.is("strict_violation", case.fact("strict_violation").cloned().unwrap_or_default());
    Ok(())
}

fn of_view(ear: &Ear<'_>) -> Value {
    let is_dotted = ear.dialect() == EarDialect::Dotted;
    let name = |dotted: &str, newer: &str| if is_dotted { dotted } else { newer }.to_owned();
    let mut object = Object::new();
    object.insert("eat_profile".into(), ear.dialect().profile().into());
    let has_float_date = ear.findings().any(|finding| finding.rule == Rule::IntegerDate);
    let issued_at =
        if has_float_date { json!(ear.issued_at() as f64) } else { ear.issued_at().into() };
    object.insert("iat".into(), issued_at);
    let verifier = ear.verifier_id();
    object.insert(
        name("ear.verifier-id", "ear_verifier_id"),
        json!({"developer": verifier.developer, "build": verifier.build}),
    );
    match ear.raw_evidence() {
        Some(RawEvidence::Bytes(bytes)) => {
            object.insert(name("ear.raw-evidence", "ear_raw_evidence"), base64url(bytes).into());
        }
        Some(RawEvidence::Wrapped(record)) => {
            let record = json!([record.media_type().to_string(), base64url(record.value())]);
            object.insert("ear_raw_evidence".into(), record);
        }
        // Of another dialect, which the cases do not have.
        _ => {}
    }
    let submods = ear.appraisals().map(|(submodule, appraisal)| {
        let mut object = Object::new();
        object.insert(name("ear.status", "ear_status"), appraisal.status().name().into());
        if let Some(vector) = appraisal.vector() {
            let claims = vector.iter();
            let claims = claims.map(|(of, claim)| (of.name().to_owned(), claim.value().into()));
            object.insert(
                name("ear.trustworthiness-vector", "ear_trustworthiness_vector"),
                Object::from_iter(claims).into(),
            );
        }
        let mut policies: Vec<Value> = appraisal.policy_ids().map(Value::from).collect();
        match policies.pop() {
            Some(policy) if is_dotted => {
                object.insert("ear.appraisal-policy-id".into(), policy);
            }
            Some(policy) => {
                policies.push(policy);
                object.insert("ear_appraisal_policy_ids".into(), policies.into());
            }
            None => {}
        }
        (submodule.to_owned(), object.into())
    });
    object.insert("submods".into(), Object::from_iter(submods).into());
    object.into()
}

/// An item of CBOR as the vectors write it.
fn item(raw: &Raw<'_>) -> Value {
    match raw.data_type() {
        Type::Map => {
            let map = Map::new(raw).unwrap();
            let key = |key: &Raw<'_>| match key.read(Reader::text) {
                Ok(text) => text.to_owned(),
                Err(_) => key.read(Reader::int).unwrap().to_string(),
            };
            Object::from_iter(map.iter().map(|(name, value)| (key(&name), item(&value)))).into()
        }
        Type::Array => Array::new(raw).unwrap().iter().map(|raw| item(&raw)).collect(),
        Type::Text => raw.read(Reader::text).unwrap().into(),
        Type::Bytes => shown(raw.read(Reader::bytes).unwrap(), None),
        Type::Int => raw.read(Reader::int).unwrap().to_i64().into(),
        other => panic!("no claim of these results is a {other}"),
    }
}
