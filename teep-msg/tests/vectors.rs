//! Published messages, signed and unsigned, in both numberings; the rules that they break by number; and scripts
//! of sessions, walked by both machines. Of cases whose key files are not the keys that signed, `vectors/stand_in.rs` says
//! what they show.

#[path = "vectors/beside.rs"]
mod beside;
#[path = "vectors/decoded.rs"]
mod decoded;
#[path = "vectors/keys.rs"]
mod keys;
#[path = "vectors/reaction.rs"]
mod reaction;
#[path = "vectors/script.rs"]
mod script;
#[path = "vectors/session.rs"]
mod session;
#[path = "vectors/stand_in.rs"]
mod stand_in;
#[path = "vectors/tamproto.rs"]
mod tamproto;

use cose_ext::{
    Authenticated, Context, EmptyProtected, Notes, Profile,
    key::{HeldSecret, Identity},
    rustcrypto::RustCrypto,
};
use decoded::{Object, common_part, of_cose, of_headers, of_message};
use keys::{NamedKey, find_absent, names_in, namings, store};
use serde_json::Value;
use teep_msg::{
    DataItems, Departure, Detection, Error, Exchange, Finding, Known, Message, Model, Numbering,
    Opened, Protection, Purpose, Rule, Signatures, Suite, decrypt, detect, open,
};
use testkit::vectors::{Case, Facts, Outcome, Suite as Cases, Trouble};

fn main() -> std::process::ExitCode {
    Cases::new(env!("CARGO_MANIFEST_DIR"))
        .kind("teep", "teep-message", message)
        .kind("teep", "cose-sign1-teep", signed)
        .kind("teep", "cose-sign-teep", signed)
        .kind("teep", "session-message", tamproto::message)
        .kind("teep", "session", session::session)
        .kind("teep", "suit-report", beside::report)
        .kind("teep", "suit-envelope", beside::envelope)
        .kind("teep", "cose-sign1-eat", beside::eat)
        .run()
}

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

/// The numbering that a case says; messages up to draft -25 have the older one.
fn numbering(case: &Case) -> Numbering {
    let payload = case.fact("payload").and_then(|payload| payload.get("numbering"));
    let stated = case.fact("numbering").or(payload).and_then(Value::as_str);
    let is_iana = match stated {
        Some(stated) => stated.starts_with("iana"),
        None => case.spec.contains("-26 numbering"),
    };
    if is_iana { Numbering::Iana } else { Numbering::Draft25 }
}

fn is_made(case: &Case) -> bool {
    case.spec.contains("-26 numbering (IANA registries)")
}

fn message(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let numbering = numbering(case);
    let message = match Message::decode(&bytes, numbering, &Profile::LENIENT) {
        Ok(message) => message,
        Err(error) => return Ok(refused(&error)),
    };
    if detect(&bytes, &Profile::LENIENT) == Detection::Only(numbering.other()) {
        return Ok(Outcome::Failed("it is taken for the other numbering alone".into()));
    }
    if case.facts.get("strict_violation").is_some_and(|name| name == "cose-missing") {
        // It is to be refused where a signed one is due.
        let keys = store(&[])?;
        let error = open(&bytes, &Protection::new(numbering, &keys), &context()).unwrap_err();
        return Ok(refused(&error));
    }
    let stated = Value::Object(case.facts.clone());
    let mut found = of_message(&message, &stated);
    let findings = findings(&message, &exchange(case)?);
    found.extend(violation(case, &findings)?);
    Ok(Outcome::Accepted(compared(case, found)))
}

pub(crate) fn signed(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let (context, numbering) = (context(), numbering(case));
    let mut keys = NamedKey::of_case(case)?;
    for (place, naming) in namings(&bytes) {
        let of_signer = case.fact("signers").and_then(|signers| signers.get(place));
        let of_signer = of_signer.and_then(|signer| signer.get("verifies_with"));
        let stated = names_in(of_signer.or(case.fact("verifies_with")));
        find_absent(&mut keys, &naming, &stated, NamedKey::is_of_peer)?;
    }
    let stated = Value::Object(case.facts.clone());
    let mut found = Object::new();
    if let Ok(cose) = Authenticated::decode_tagged(&bytes, &Profile::LENIENT) {
        found.extend(of_cose(&cose, &stated));
    }
    let is_a0 = found.get("body_protected_hex").is_some_and(|body| body == "a0");
    let signs_nothing = case.fact("signed_body_protected").is_some_and(|signed| signed == "");
    let as_received = is_a0 && !signs_nothing;
    let opened_by = |keys: &[&NamedKey], empty_protected| {
        let keys = store(keys.iter().copied())?;
        let protection = Protection {
            suites: Suite::ALL,
            signatures: Signatures::Every,
            empty_protected,
            ..Protection::new(numbering, &keys)
        };
        Ok::<_, Trouble>(open(&bytes, &protection, &context))
    };
    let empty = if as_received { EmptyProtected::AsReceived } else { EmptyProtected::ZeroLength };
    let peers: Vec<_> = keys.iter().filter(|key| key.is_of_peer()).collect();
    let opened = match opened_by(&peers, empty)? {
        Ok(opened) => opened,
        Err(error) => {
            let facts = compared(case, found);
            let rule = error.rule().map(|rule| rule.id);
            return Ok(Outcome::Refused { rule, error: error.to_string(), facts });
        }
    };
    if is_a0 && signs_nothing {
        opened_by(&peers, EmptyProtected::AsReceived)?.unwrap_err();
    }
    if as_received {
        // Only under the switch, and the result says so.
        opened_by(&peers, EmptyProtected::ZeroLength)?.unwrap_err();
        let notes = opened.signed_by().unwrap().notes();
        assert!(notes.contains(Notes::EMPTY_MAP_AS_RECEIVED), "{notes:?}");
    }
    let mut verifying = Vec::new();
    for key in &keys {
        let alone = opened_by(&[key], empty)?;
        verifying.extend(alone.is_ok().then(|| key.name.clone()));
    }
    if !keys.iter().any(NamedKey::is_stand_in) {
        found.insert("verifies_with".into(), verifying.into());
    }
    if let Ok(Authenticated::Sign(sign)) = Authenticated::decode_tagged(&bytes, &context.profile) {
        found.insert("signers".into(), signers(&sign, &keys, empty, &stated)?);
    }
    let payload_shape = stated.get("payload").cloned().unwrap_or_default();
    let message = opened.message().value();
    found.insert("payload".into(), of_message(message, &payload_shape).into());
    if let Some(report) = found["payload"].get("report").cloned() {
        found.insert("report".into(), report);
    }
    found.extend(violation(case, &findings_of_opened(case, &opened)?)?);
    if let Some(encrypted) = case.fact("encrypted") {
        let payload = message.options().attestation_payload().ok_or("no payload")?;
        decrypts(payload.bytes(), encrypted, &keys)?;
    }
    Ok(Outcome::Accepted(compared(case, found)))
}

/// An encrypted payload opens for the purpose that the case states, and for no other.
fn decrypts(payload: &[u8], stated: &Value, keys: &[NamedKey]) -> Result<(), Trouble> {
    let recipient = stated["recipient"].as_str().ok_or("no recipient")?;
    let key = keys.iter().find(|key| key.name == recipient).ok_or("no key of the recipient")?;
    let held = HeldSecret::new(key.agreement_key()?, Identity::new([0; 32]));
    let mut out = vec![0; payload.len()];
    for purpose in [Purpose::Eat, Purpose::SuitReport] {
        let is_stated =
            stated["supp_pub_other"].as_str().map(str::as_bytes) == Some(purpose.label());
        match decrypt(payload, purpose, &held, &context(), &mut out) {
            Ok(plaintext) if is_stated => {
                let sha256 = stated["plaintext_sha256"].as_str();
                if sha256.is_some_and(|sha256| sha256 != decoded::sha256(plaintext)) {
                    return Err("another plaintext".into());
                }
            }
            Err(error) if !is_stated && error.rule().is_some_and(|rule| rule.id == "TX9") => {}
            other => return Err(format!("{purpose:?}: {other:?}").into()),
        }
    }
    Ok(())
}

/// Each signature of a COSE_Sign: its headers, and whose it is.
fn signers(
    sign: &cose_ext::Sign<'_>,
    keys: &[NamedKey],
    empty_protected: EmptyProtected,
    stated: &Value,
) -> Result<Value, Trouble> {
    use cose_ext::{Input, sign::SignPolicy};
    let profile = Profile::LENIENT.with_empty_protected(empty_protected);
    let context = context().with_profile(profile);
    let mut signers = Vec::new();
    for (index, signature) in sign.signatures().iter().enumerate() {
        let shape = stated.get("signers").and_then(|list| list.get(index));
        let mut found = of_headers(signature.headers(), shape.unwrap_or(&Value::Null));
        let mut names = Vec::new();
        for key in keys {
            let mut is_good = false;
            let store = store([key])?;
            let mut report = |at: usize, result: &Result<_, _>| {
                is_good |= at == index && result.is_ok();
            };
            let policy = SignPolicy::AtLeast(2);
            let _ =
                sign.verify_reporting(&Input::embedded(), &policy, &store, &context, &mut report);
            names.extend(is_good.then(|| key.name.clone()));
        }
        if !keys.iter().any(NamedKey::is_stand_in) {
            found.insert("verifies_with".into(), names.into());
        }
        signers.push(Value::Object(found));
    }
    Ok(signers.into())
}

/// What the receiver of a case knows.
struct Receiver {
    request_token: Known<Option<Vec<u8>>>,
    request_challenge: Known<Option<Vec<u8>>>,
    update_token: Known<Option<Vec<u8>>>,
    offered: Option<Vec<Suite>>,
    items: Known<DataItems>,
    model: Known<Model>,
}

fn exchange(case: &Case) -> Result<Receiver, Trouble> {
    let context = case.fact("context");
    let bytes = |key: &str| match context.and_then(|context| context.get(key)) {
        None => Ok(Known::No),
        Some(Value::String(text)) => Ok(Known::Is(Some(hex::decode(text)?))),
        Some(_) => Ok::<_, Trouble>(Known::Is(None)),
    };
    let member = |key: &str| context.and_then(|context| context.get(key));
    let offered = member("offered_suites").and_then(Value::as_array).map(|suites| {
        let algorithm = |suite: &Value| suite[0][1].as_i64().map(cose_ext::crypto::Algorithm::new);
        suites.iter().filter_map(algorithm).filter_map(Suite::from_algorithm).collect()
    });
    let items = member("data_item_requested").and_then(Value::as_u64);
    let model = match member("model").and_then(Value::as_str) {
        Some("passport") => Known::Is(Model::Passport),
        Some("background-check") => Known::Is(Model::BackgroundCheck),
        _ => Known::No,
    };
    Ok(Receiver {
        request_token: bytes("request_token")?,
        request_challenge: bytes("request_challenge")?,
        update_token: bytes("update_token")?,
        offered,
        items: items.map_or(Known::No, |items| Known::Is(DataItems::from_bits(items))),
        model,
    })
}

impl Receiver {
    fn knows(&self) -> Exchange<'_> {
        fn of(known: &Known<Option<Vec<u8>>>) -> Known<Option<&[u8]>> {
            match known {
                Known::No => Known::No,
                Known::Is(bytes) => Known::Is(bytes.as_deref()),
            }
        }
        Exchange {
            request_token: of(&self.request_token),
            request_challenge: of(&self.request_challenge),
            update_token: of(&self.update_token),
            data_item_requested: self.items,
            model: self.model,
            offered_suites: self.offered.as_deref().map_or(Known::No, Known::Is),
            ..Exchange::UNKNOWN
        }
    }
}

fn findings(message: &Message<'_>, receiver: &Receiver) -> Vec<Finding> {
    let mut findings = Vec::new();
    message.validate(&receiver.knows(), &Profile::LENIENT, &mut |finding| findings.push(finding));
    findings
}

fn findings_of_opened(case: &Case, opened: &Opened<'_>) -> Result<Vec<Finding>, Trouble> {
    let receiver = exchange(case)?;
    let by = opened.signed_by().ok_or("nobody signed")?;
    let exchange = Exchange {
        algorithm: Known::Is(by.algorithm()),
        message_key: by.thumbprint().map_or(Known::No, Known::Is),
        ..receiver.knows()
    };
    let mut findings = Vec::new();
    let message = opened.message().value();
    message.validate(&exchange, &Profile::LENIENT, &mut |finding| findings.push(finding));
    if opened.has_bad_signature() {
        findings.push(Finding {
            rule: Rule::MessageForm,
            departure: Departure::Different,
            offset: 0,
        });
    }
    Ok(findings)
}

/// The vectors' names for broken rules.
fn names(finding: &Finding) -> &'static [&'static str] {
    use Departure::{Different, Missing, Unexpected};
    match (finding.rule, finding.departure) {
        (Rule::TokenIffNoAttestation, Unexpected) => &["token-with-attestation-bit"],
        (Rule::TokenIffNoAttestation, Missing) => {
            &["token-missing", "token-without-attestation-bit"]
        }
        (Rule::FreshnessIffAttestation, _) => {
            &["freshness-without-attestation-bit", "freshness-mechanisms-without-attestation-bit"]
        }
        (Rule::ChallengePlace, _) => {
            &["challenge-without-attestation-bit", "challenge-in-passport-model"]
        }
        (Rule::ChallengeCopied, _) => &["eat-nonce-mismatch", "challenge-mismatch"],
        (Rule::FormatPresent, _) => &["attestation-payload-format-missing"],
        (Rule::PayloadIsEat, _) => &["attestation-payload-not-an-eat"],
        (Rule::TokenCopied, Missing) => &["token-missing-in-response"],
        (Rule::TokenCopied | Rule::TokenOfUpdate, Different) => &["token-mismatch"],
        (Rule::TokenCopied, Unexpected) => &["token-unexpected", "token-not-requested"],
        (Rule::AttestationPresent, _) => &["attestation-payload-missing"],
        (Rule::TcListPresent, _) => &["tc-list-missing"],
        (Rule::ExtListPresent, _) => &["ext-list-missing"],
        (Rule::HaveBinaryNumbered, _) => &["have-binary-without-sequence-number"],
        (Rule::TokenOfUpdate, Missing) => &["token-missing", "update-token-missing"],
        (Rule::ReportNonceOfUpdate | Rule::ReportNonceOfRequest, Missing) => {
            &["suit-report-nonce-missing", "report-nonce-missing"]
        }
        (Rule::ReportNonceOfUpdate | Rule::ReportNonceOfRequest, _) => {
            &["suit-report-nonce-mismatch", "report-nonce-mismatch"]
        }
        (Rule::ReportKeyOfSuccess | Rule::ReportKeyOfResponse, _) => {
            &["suit-report-key", "suit-report-same-key"]
        }
        (Rule::ErrorSuites, _) => &["supported-teep-cipher-suites-missing"],
        (Rule::ErrorFreshness, _) => &["supported-freshness-mechanisms-missing"],
        (Rule::ErrorProfiles, _) => &["supported-suit-cose-profiles-missing"],
        (Rule::ErrorVersions, _) => &["versions-missing"],
        (Rule::SuiteUsed, _) => &["suite-not-offered"],
        (Rule::MessageForm, _) => &["cose-sign-signature-invalid"],
        (Rule::VersionBytes, _) => &["version (28) is an array"],
        _ => &[],
    }
}

/// Compares what `validate` found with what the case states. Of the cases that were made for the purpose it is
/// exactly that; published messages break more rules than their cases name, whose texts name the rule or start
/// with a name.
fn violation(case: &Case, findings: &[Finding]) -> Result<Object, Trouble> {
    let stated = case.fact("strict_violation").and_then(Value::as_str);
    let is_named = |finding: &Finding, stated: &str| {
        let number = &finding.rule.id()[1..];
        names(finding).iter().any(|name| stated.starts_with(name))
            || stated.starts_with(&format!("{number}:"))
    };
    let listed = || findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    match stated {
        Some("eat-encryption-context") => Ok(Object::new()),
        Some(stated) if is_made(case) => {
            let rule = case.fact("rule").and_then(Value::as_str).unwrap_or_default();
            match findings {
                [only] if is_named(only, stated) || only.rule.id()[1..] == *rule => {
                    Ok([("strict_violation".to_owned(), stated.into())].into_iter().collect())
                }
                _ => Err(format!("{stated} is stated, found: {}", listed()).into()),
            }
        }
        Some(stated) if findings.iter().any(|finding| is_named(finding, stated)) => {
            Ok([("strict_violation".to_owned(), stated.into())].into_iter().collect())
        }
        Some(stated) => Err(format!("{stated} is stated, found: {}", listed()).into()),
        None if is_made(case) && !findings.is_empty() => {
            Err(format!("nothing is stated, found: {}", listed()).into())
        }
        None => Ok(Object::new()),
    }
}

fn compared(case: &Case, found: Object) -> Facts {
    let mut facts = Facts::new();
    for (key, found) in found {
        if let Some(stated) = case.fact(&key) {
            facts.is(key, common_part(&found, stated));
        }
    }
    facts
}

fn refused(error: &Error) -> Outcome {
    Outcome::refused(error.rule().map(|rule| rule.id), error)
}
