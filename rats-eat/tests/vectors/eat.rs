//! Tokens, claims sets and bundles.

use cose_ext::{
    Authenticated, Context, Message, Trust,
    cbor::{Array, Map},
    crypto::Algorithm,
    cwt::ClaimKey,
    error::{ErrorKind as CoseErrorKind, Policy},
    key::{HeldSecret, SecretStore, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use rats_eat::{
    Bundle, Claims, EatProfile, Error, ErrorKind, Finding, Freshness, Limits, Requirements,
    Severity, Token, Tree, TreeContent, TreePart, Uccs, Voucher, cca::CcaToken, psa::PsaClaims,
};
use serde_json::{Value, json};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::{
    again,
    decoded::{agrees, of_claims},
    keys::OwnedKey,
};

/// Claims sets in claims sets take two levels each: more of them than the default of 16 levels reads.
const LENIENT: cose_ext::Profile = cose_ext::Profile::LENIENT.with_limits(
    cose_ext::Limits::DEFAULT.with_cbor(cose_ext::cbor::Limits::DEFAULT.with_depth(64)),
);

fn context() -> Context<'static> {
    Context::new(&RustCrypto).with_profile(LENIENT)
}

/// Twenty tokens in tokens are published.
const REQUIREMENTS: Requirements<'static> =
    Requirements::DEFAULT.with_limits(Limits::DEFAULT.with_nested_tokens(20));

pub(crate) fn refused(error: &Error, facts: Facts) -> Outcome {
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}

pub(crate) fn outcome(verdict: Result<(), Error>, facts: Facts) -> Outcome {
    match verdict {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(&error, facts),
    }
}

/// Runs `call` with the keys of the case, enrolled for `issuer`.
fn with_trust<R>(
    case: &Case,
    issuer: Option<&str>,
    call: impl FnOnce(&Trust<'_>) -> R,
) -> Result<R, Trouble> {
    let keys = OwnedKey::of_case(case)?;
    let trusted: Vec<TrustedKey<'_>> = keys.iter().filter_map(|key| key.trusted(issuer)).collect();
    let secrets: Vec<HeldSecret<'_>> =
        keys.iter().filter_map(|key| key.secret(None, issuer)).collect();
    let (trusted, secrets) = (TrustStore::new(&trusted), SecretStore::new(&secrets));
    Ok(call(&Trust::keys(&trusted).and_secrets(&secrets)))
}

/// The first rule about the form of a claim that the set itself breaks. Companions are reported only, and
/// so is what stands in a submodule that nobody reads: a claim of the wrong type is an error when it is
/// read, not of the whole set.
fn first_malformed(claims: &Claims<'_>) -> Result<(), Error> {
    let mut first = None;
    claims.validate(&mut |finding: &Finding<'_>| {
        if finding.severity() == Severity::Malformed && finding.path.depth() == 0 {
            first = first.or(Some(finding.error));
        }
    });
    first.map_or(Ok(()), Err)
}

/// The rules about companions that the set breaks, as the vectors call them.
fn violations(claims: &Claims<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    claims.validate(&mut |finding: &Finding<'_>| {
        let rule = finding.error.rule().map_or("", |rule| rule.id);
        found.push(match rule {
            "E10" => "oemid-size",
            "E16" => "dbgstat-range",
            "E17" => "location-longitude-missing",
            "E30" => "hwmodel-without-oemid",
            "E31" => "hwversion-without-hwmodel",
            "E32" => "swversion-without-swname",
            "E33" => "oemboot-without-oemid",
            "E34" => "dbgstat-3-without-oemid",
            "E35" => "oemid-pen-negative",
            other => other,
        });
    });
    found
}

/// Compares what the case states under `key` with the claims.
fn state_claims(
    case: &Case,
    key: &str,
    claims: &Claims<'_>,
    facts: &mut Facts,
) -> Result<(), Trouble> {
    let Some(stated) = case.fact(key) else { return Ok(()) };
    let found = of_claims(claims);
    if agrees(stated, &found) {
        facts.is(key, stated.clone());
        Ok(())
    } else {
        Err(format!("fact `{key}`: found {found}, the case states {stated}").into())
    }
}

fn state_frame(token: &Token<'_>, facts: &mut Facts) {
    let message = token.cwt().message();
    let tag = match message {
        Message::Authenticated(Authenticated::Sign1(message)) if message.is_tagged() => Some(18),
        Message::Authenticated(Authenticated::Mac0(_)) => Some(17),
        Message::Encrypt0(_) => Some(16),
        _ => None,
    };
    let outer = token.cwt().is_tagged().then_some(61);
    facts.is("tags", Value::from_iter(outer.into_iter().chain(tag)));
    facts.is("cose_tag", tag);
    let algorithm = message.headers().algorithm().ok().map(Algorithm::value);
    facts.is("alg", algorithm);
    facts.is("protected", json!({ "1": algorithm }));
}

pub(crate) fn psa_token(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let token = match Token::decode(&bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    again::token(case, &bytes)?;
    state_frame(&token, &mut facts);
    let verdict = if case.keys.is_empty() {
        let claims = token.danger_unverified_claims(&LENIENT)?;
        state_claims(case, "claims", &claims, &mut facts)?;
        facts.is("signature_verified", false).is("mac_verified", false);
        PsaClaims::read(claims)
    } else {
        let claims =
            with_trust(case, None, |trust| token.verify(trust, &REQUIREMENTS, &context()))?;
        let claims = match claims {
            Ok(claims) => claims,
            Err(error) => return Ok(refused(&error, facts)),
        };
        facts.is("signature_verified", true);
        state_claims(case, "claims", claims.value(), &mut facts)?;
        claims.try_map(PsaClaims::read).map(cose_ext::Verified::into_value)
    };
    let verdict = verdict.and_then(|claims| {
        facts.is("lifecycle_state", claims.lifecycle.name());
        token.check_protection(claims.profile)
    });
    Ok(outcome(verdict, facts))
}

pub(crate) fn psa_claims_set(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let claims = match Claims::decode(&bytes, &LENIENT) {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(&error, facts)),
    };
    state_claims(case, "claims", &claims, &mut facts)?;
    if let Ok(Some(rats_eat::claim::ProfileId::Uri(uri))) = claims.profile() {
        facts.is("profile", uri);
    }
    Ok(outcome(PsaClaims::read(claims).map(drop), facts))
}

pub(crate) fn claims_set(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let claims = match Claims::decode(&bytes, &LENIENT) {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(&error, facts)),
    };
    // Dates in tag 1 are stated as a text about them.
    if case.name != "eat-go-all-claims-tagged-times" {
        state_claims(case, "claims", &claims, &mut facts)?;
    }
    check_findings(case, &claims);
    write_again(case, &bytes)?;
    Ok(outcome(first_malformed(&claims), facts))
}

/// Writes a set that was published in deterministic form again: claim by claim, and by way of JSON where it has a form
/// of all claims.
fn write_again(case: &Case, bytes: &[u8]) -> Result<(), Trouble> {
    let Some(written) = again::claims_set(bytes)? else { return Ok(()) };
    assert_eq!(hex::encode(written), hex::encode(bytes), "{}", case.name);
    let claims = Claims::decode(bytes, &LENIENT)?;
    match claims.to_json() {
        Ok(json) => {
            let again = rats_eat::eat_json::to_cbor(json.to_string().as_bytes(), &LENIENT)?;
            assert_eq!(hex::encode(again), hex::encode(bytes), "{}: {json}", case.name);
        }
        Err(error) => println!("{}: no form in JSON: {error}", case.name),
    }
    Ok(())
}

/// What the validator reports of the published claims sets: of each case, path and rule. Five of them
/// break a rule about companions.
const FINDINGS: [(&str, &[(&str, &str)]); 7] = [
    ("eat-payload-minimal", &[("oemboot", "E33")]),
    ("eat-payload-simple", &[]),
    ("eat-payload-submods-board-device", &[("submods/device/hwversion", "E31")]),
    ("eat-payload-hw-block", &[("hwversion", "E31")]),
    ("eat-payload-key-store", &[("oemboot", "E33"), ("submods/HLOS/oemboot", "E33")]),
    (
        "eat-payload-submods-all-kinds",
        &[
            ("oemboot", "E33"),
            ("dbgstat", "E34"),
            ("submods/Android App Foo/swversion", "E14"),
            ("submods/Linux Android/swversion", "E14"),
        ],
    ),
    (
        "eat-go-all-claims-tagged-times",
        &[("exp", "E3"), ("nbf", "E3"), ("iat", "E4"), ("oemid", "E10")],
    ),
];

fn check_findings(case: &Case, claims: &Claims<'_>) {
    let Some((_, stated)) = FINDINGS.iter().find(|(name, _)| *name == case.name) else { return };
    let mut found = Vec::new();
    claims.validate(&mut |finding: &Finding<'_>| {
        let rule = finding.error.rule().map_or("", |rule| rule.id);
        found.push((finding.path.to_string(), rule));
    });
    let mut stated: Vec<_> = stated.iter().map(|(path, rule)| (path.to_string(), *rule)).collect();
    found.sort();
    stated.sort();
    assert_eq!(found, stated, "{}", case.name);
}

pub(crate) fn uccs(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    assert!(Token::decode(&bytes, &LENIENT).is_err(), "a UCCS is no token");
    let uccs = match Uccs::decode(&bytes, &LENIENT) {
        Ok(uccs) => uccs,
        Err(error) => return Ok(refused(&error, facts)),
    };
    let claims = uccs.danger_unsecured_claims();
    write_again(case, claims.bytes())?;
    facts.is("tag", Uccs::TAG);
    state_claims(case, "claims", claims, &mut facts)?;
    let inner = case.sibling(case.fact_str("inner_equals")?)?;
    assert_eq!(claims.bytes(), inner);
    Ok(outcome(first_malformed(claims), facts))
}

/// CWTs that name an issuer; their keys are enrolled for the one that the case states.
pub(crate) fn cwt(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let token = match Token::decode(&bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    again::token(case, &bytes)?;
    state_frame(&token, &mut facts);
    let issuer = case.fact("claims").and_then(|claims| claims["1"].as_str());
    let verified = |issuer, facts: &mut Facts| {
        with_trust(case, issuer, |trust| {
            let mut plaintext = [0; 256];
            let claims = token.open(trust, &REQUIREMENTS, &context(), &mut plaintext)?;
            state_claims(case, "claims", claims.value(), facts)
        })
    };
    let unbound = verified(None, &mut Facts::new())?;
    assert!(unbound.is_err_and(|error| error.message().contains("E72")), "the key is for nobody");
    verified(issuer, &mut facts)??;
    for key in ["signature_verified", "tag_verified", "decrypt_verified"] {
        facts.is(key, true);
    }
    Ok(Outcome::Accepted(facts))
}

pub(crate) fn eat_cwt(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let token = match Token::decode(&bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    again::token(case, &bytes)?;
    state_frame(&token, &mut facts);
    if case.keys.is_empty() {
        let claims = token.danger_unverified_claims(&LENIENT)?;
        state_claims(case, "payload", &claims, &mut facts)?;
        return Ok(outcome(first_malformed(&claims), facts));
    }
    if let Some(tag) = case.fact("content_tag").and_then(Value::as_u64) {
        return nested_under_tags(case, &token, tag, facts);
    }
    let tree = with_trust(case, None, |trust| token.verify_all(trust, &REQUIREMENTS, &context()))?;
    let tree = match tree {
        Ok(tree) => tree,
        Err(error) => return Ok(refused(&error, facts)),
    };
    // The keys of a case are those of its messages: one that was tried and fails is a wrong signature.
    for part in tree.parts() {
        if let TreeContent::NotEvaluated(error) = part.content
            && let ErrorKind::Cose(CoseErrorKind::Policy(Policy::NotEnrolled { tried: 1.. })) =
                error.kind()
        {
            return Ok(refused(&error, facts));
        }
    }
    let parts = described(&tree);
    let mut sets = tree.parts().iter().filter_map(TreePart::claims);
    let malformed = sets.try_for_each(|set| first_malformed(&set.value().claims(&LENIENT)?));
    let claims = tree.claims().ok_or("no claims")?.value().claims(&LENIENT)?;
    state_claims(case, "claims", &claims, &mut facts)?;
    state_parts(case, &claims, &parts, &mut facts)?;
    if malformed.is_ok() {
        state_nonce(case, &claims, &mut facts)?;
    }
    Ok(outcome(malformed, facts))
}

/// Private tags around the claims sets, and a token in a private member of a private claim.
fn nested_under_tags(
    case: &Case,
    token: &Token<'_>,
    tag: u64,
    mut facts: Facts,
) -> Result<Outcome, Trouble> {
    const PARTS: i64 = 1_967_783_937;
    const NESTED: i64 = 1_419_857_427;
    let verdict = with_trust(case, None, |trust| {
        let plain = token.verify(trust, &REQUIREMENTS, &context());
        assert!(plain.is_err(), "an unexpected tag is refused");
        let claims = token.verify_under_tag(tag, trust, &REQUIREMENTS, &context())?;
        facts.is("signature_verified", true).is("content_tag", tag);
        let measured = claims.value().find(ClaimKey::int(PARTS)).ok_or("no parts")?;
        let measured = Array::new(&measured).map_err(|error| error.to_string())?;
        let nested = measured.iter().find_map(|part| Map::new(&part).ok()?.find(NESTED));
        let nested = nested.ok_or("no nested token")?;
        facts.is("claims", json!({ "tag": tag, "value": of_claims(claims.value()) }));
        let nested = nested.read(|reader| reader.bytes()).map_err(|error| error.to_string())?;
        let inner_tag = case.fact_u64("nested_content_tag")?;
        let nested = Token::decode(nested, &LENIENT)?;
        let inner = nested.verify_under_tag(inner_tag, trust, &REQUIREMENTS, &context())?;
        facts.is("nested_signature_verified", true).is("nested_content_tag", inner_tag);
        facts.is("nested_claims", json!({ "tag": inner_tag, "value": of_claims(inner.value()) }));
        Ok::<_, Trouble>(())
    })?;
    verdict?;
    Ok(Outcome::Accepted(facts))
}

/// Path and content of each part, and who vouches for it.
fn described(tree: &Tree) -> Vec<(String, Value)> {
    let describe = |part: &TreePart| {
        let vouched = match part.voucher {
            Voucher::OuterSignature => "outer signature",
            Voucher::OwnSignature => "own signature",
            Voucher::Digest => "digest",
            Voucher::Nobody => "nobody",
        };
        let content = match &part.content {
            TreeContent::Claims(claims) => {
                claims.value().claims(&LENIENT).map_or(Value::Null, |claims| of_claims(&claims))
            }
            TreeContent::NotSupplied(_) => json!("not supplied"),
            other => json!(format!("{other:?}")),
        };
        (part.path.clone(), json!({ "vouched": vouched, "content": content }))
    };
    tree.parts().iter().map(describe).collect()
}

/// Facts about submodules: who vouches, what stands in them, and that nothing is inherited.
fn state_parts(
    case: &Case,
    claims: &Claims<'_>,
    parts: &[(String, Value)],
    facts: &mut Facts,
) -> Result<(), Trouble> {
    if let Some(violation) = case.fact("strict_violation").and_then(Value::as_str) {
        // A nonce is asked for by a verifier, not by the set itself.
        if violation != "eat-nonce-missing" {
            let found = violations(claims);
            let all: Value = json!(found);
            facts.is("strict_violation", if found == [violation] { json!(violation) } else { all });
        }
    }
    if let Some(depth) = case.fact("depth").and_then(Value::as_u64) {
        facts.is("depth", parts.len() as u64 - 1).is("depth", depth);
        let (_, innermost) = parts.last().ok_or("no part")?;
        let uptime = &innermost["content"]["261"];
        facts.is("innermost", json!({ "261": uptime }));
    }
    let Some(Value::Object(stated)) = case.fact("submods") else { return Ok(()) };
    for (name, stated) in stated {
        let path = format!("submods/{name}");
        let (_, part) = parts.iter().find(|(at, _)| *at == path).ok_or("no such submodule")?;
        let form = stated["form"].as_str().unwrap_or("claims set");
        let vouched = match form {
            "nested CWT" | "nested JWT" => "own signature",
            _ => "outer signature",
        };
        assert_eq!(part["vouched"], vouched, "{path}");
        if form == "digest" {
            assert_eq!(part["content"], "not supplied");
        }
        for (fact, key) in [("dbgstat", "263"), ("nonce", "10")] {
            if let Some(value) = stated.get(fact) {
                assert_eq!(part["content"].get(key).unwrap_or(&Value::Null), value, "{path}");
            }
        }
    }
    facts.is("submods", stated.clone());
    Ok(())
}

fn state_nonce(case: &Case, claims: &Claims<'_>, facts: &mut Facts) -> Result<(), Trouble> {
    let Some(context) = case.fact("context") else { return Ok(()) };
    let nonce = hex::decode(context["expected_nonce"].as_str().unwrap_or_default())?;
    let verdict = Freshness::nonce(&&nonce[..]).check(claims);
    match context["nonce_verdict"].as_str() {
        Some("missing") => {
            let rule = verdict.err().and_then(|error| error.rule()).map(|rule| rule.id);
            assert_eq!(rule, Some("E90"));
            facts.is("strict_violation", "eat-nonce-missing");
        }
        None => assert_eq!(verdict, Ok(())),
        Some(other) => return Err(format!("nonce verdict {other}").into()),
    }
    facts.is("context", context.clone());
    Ok(())
}

pub(crate) fn bundle(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let bundle = match Bundle::decode(&bytes, &LENIENT) {
        Ok(bundle) => bundle,
        Err(error) => return Ok(refused(&error, facts)),
    };
    again::bundle(case, &bytes)?;
    facts.is("tag", Bundle::TAG);
    facts.is("detached_name", bundle.names().next());
    let main = match bundle.main_token(&LENIENT) {
        Ok(main) => main,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if case.name == "eat-deb-cbor" {
        // No key is published: the structure is asserted, and that nothing is taken without one.
        let claims = main.danger_unverified_claims(&LENIENT)?;
        state_claims(case, "main_payload", &claims, &mut facts)?;
        facts.is("main_token_tags", json!([61, 18]));
        let verdict = with_trust(case, None, |trust| {
            bundle.verify_tree(trust, &REQUIREMENTS, &context(), &mut |_| {})
        })?;
        let kind = verdict.map(|_| ()).map_err(|error| error.kind());
        let not_enrolled = cose_ext::error::Policy::NotEnrolled { tried: 0 };
        assert_eq!(kind, Err(ErrorKind::Cose(not_enrolled.into())));
        return Ok(Outcome::Accepted(facts));
    }
    let tree = with_trust(case, None, |trust| bundle.verify_all(trust, &REQUIREMENTS, &context()))?;
    let tree = match tree {
        Ok(tree) => tree,
        Err(error) => return Ok(refused(&error, facts)),
    };
    let parts = described(&tree);
    let claims = tree.claims().ok_or("no claims")?.value().claims(&LENIENT)?;
    state_claims(case, "main_claims", &claims, &mut facts)?;
    let missing = parts.iter().filter(|(_, part)| part["content"] == "not supplied");
    let name = |path: &str| json!(path.trim_start_matches("submods/"));
    facts.is("not_supplied", Value::from_iter(missing.map(|(path, _)| name(path))));
    let detached = parts.iter().filter(|(_, part)| part["vouched"] == "digest");
    let detached: serde_json::Map<String, Value> = detached
        .map(|(path, part)| (path.trim_start_matches("submods/").into(), part["content"].clone()))
        .collect();
    facts.is("detached", detached);
    Ok(Outcome::Accepted(facts))
}

pub(crate) fn cca_claims_set(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let claims = match Claims::decode(&bytes, &LENIENT) {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(&error, facts)),
    };
    state_claims(case, "claims", &claims, &mut facts)?;
    let is_platform = EatProfile::CCA_PLATFORM.is_named_by(&claims);
    let profile = if is_platform { EatProfile::CCA_PLATFORM } else { EatProfile::CCA_REALM };
    Ok(outcome(profile.check(&claims), facts))
}

pub(crate) fn cca_platform_token(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let token = match Token::decode(&bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    again::token(case, &bytes)?;
    state_frame(&token, &mut facts);
    let claims = with_trust(case, None, |trust| token.verify(trust, &REQUIREMENTS, &context()))?;
    let claims = match claims {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(&error, facts)),
    };
    facts.is("signature_verified", true);
    state_claims(case, "claims", claims.value(), &mut facts)?;
    Ok(outcome(EatProfile::CCA_PLATFORM.check(claims.value()), facts))
}

pub(crate) fn cca_token(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let token = match CcaToken::decode(&bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    let evidence = with_trust(case, None, |trust| token.verify(trust, &REQUIREMENTS, &context()))?;
    let evidence = match evidence {
        Ok(evidence) => evidence,
        Err(error) => return Ok(refused(&error, facts)),
    };
    state_claims(case, "platform_claims", evidence.platform.value(), &mut facts)?;
    state_claims(case, "realm_claims", evidence.realm.value(), &mut facts)?;
    let first = |by: &cose_ext::sign::Signers| by.iter().next().map(|by| by.algorithm().value());
    facts.is("platform_alg", first(evidence.platform.by()));
    facts.is("realm_alg", first(evidence.realm.by()));
    facts.is("platform_signature_verified", true);
    // Stated as true or as a sentence.
    for key in ["realm_signature_verified", "binding_verified"] {
        if case.fact(key) == Some(&json!(true)) {
            facts.is(key, true);
        }
    }
    let registers = evidence.realm.value().find(ClaimKey::int(44239)).ok_or("no registers")?;
    assert_eq!(Array::new(&registers).map_err(|error| error.to_string())?.len(), 4);
    Ok(Outcome::Accepted(facts))
}

pub(crate) fn parsec(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    let item = LENIENT.item(&bytes, 0).map_err(|error| error.to_string())?;
    let is_over_cca = |map: Map<'_>| {
        map.find_text("kat").is_some_and(|kat| kat.data_type() == cose_ext::cbor::Type::Tag)
    };
    if Map::new(&item).is_ok_and(is_over_cca) {
        return parsec_over_cca(case, &bytes, facts);
    }
    let token = match rats_eat::parsec::ParsecToken::decode(&bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    facts.is("members", crate::decoded::of_item(&item));
    let evidence = with_trust(case, None, |trust| token.verify(trust.keys, &context()))?;
    match evidence {
        Ok(_) => {
            facts.is("kat_signature_verified", true).is("pat_signature_verified", true);
            Ok(Outcome::Accepted(facts))
        }
        // Its key is not published: the structure is what can be asserted.
        Err(_) if case.keys.is_empty() => Ok(Outcome::Accepted(facts)),
        Err(error) => Ok(refused(&error, facts)),
    }
}

fn parsec_over_cca(case: &Case, bytes: &[u8], mut facts: Facts) -> Result<Outcome, Trouble> {
    let token = match rats_eat::parsec::ParsecCcaToken::decode(bytes, &LENIENT) {
        Ok(token) => token,
        Err(error) => return Ok(refused(&error, facts)),
    };
    let evidence = with_trust(case, None, |trust| token.verify(trust, &REQUIREMENTS, &context()))?;
    match evidence {
        Ok(evidence) => {
            state_claims(case, "kat_claims", evidence.key.value(), &mut facts)?;
            let (platform, realm) = (evidence.platform.platform, evidence.platform.realm);
            state_claims(case, "platform_claims", platform.value(), &mut facts)?;
            state_claims(case, "realm_claims", realm.value(), &mut facts)?;
            Ok(Outcome::Accepted(facts))
        }
        Err(_) if case.keys.is_empty() => Ok(Outcome::Accepted(facts)),
        Err(error) => Ok(refused(&error, facts)),
    }
}
