//! Whole exchanges with a subscriber that keeps all that is logged at any level: what is secret, or evidence of somebody,
//! is nowhere in it, neither raw nor in hexadecimal, base64 or the `Debug` form of bytes (M54).

#[path = "support/parties.rs"]
mod parties;

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use parties::*;
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, ErrorCode, TamAttestation, TamEvent, UpdateContent,
    UpdateOutcome,
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Keeps the target, and the name and value of each field of each event, one line for each.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<String>>);

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Kept {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut log = self.0.lock().unwrap();
        write!(log, "{} {}", event.metadata().level(), event.metadata().target()).unwrap();
        event.record(&mut Line(&mut log));
        log.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn logged(run: impl FnOnce()) -> String {
    let kept = Kept::default();
    tracing::subscriber::with_default(kept.clone(), run);
    let log = kept.0.lock().unwrap();
    log.clone()
}

fn base64(bytes: &[u8], letters: &[u8; 64]) -> String {
    let groups = bytes.chunks_exact(3).flat_map(|group| {
        let number = group.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(letters[number >> shift & 63]))
    });
    groups.collect()
}

/// In which form six bytes in a row of `secret` stand in `log`.
fn leak(log: &str, secret: &[u8]) -> Option<&'static str> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let lower = log.to_lowercase();
    secret.windows(6).find_map(|six| {
        let decimal: Vec<_> = six.iter().map(u8::to_string).collect();
        let spaced: Vec<_> = six.iter().map(|byte| format!("{byte:02x}")).collect();
        [
            ("raw", log.as_bytes().windows(6).any(|window| window == six)),
            ("hexadecimal", lower.contains(&hex::encode(six))),
            ("hexadecimal with gaps", lower.contains(&spaced.join(" "))),
            ("hexadecimal with commas", lower.contains(&spaced.join(", "))),
            ("base64", log.contains(&base64(six, LETTERS))),
            ("base64url", log.contains(&base64(six, URL))),
            ("decimal", log.contains(&decimal.join(", "))),
        ]
        .into_iter()
        .find_map(|(form, is_there)| is_there.then_some(form))
    })
}

/// Keys of all parties, public and secret, and their thumbprints.
fn keys() -> Vec<Vec<u8>> {
    let parties = [TAM, AGENT, OTHER_AGENT, VERIFIER, ATTESTER, STRANGER];
    let of = |party: &Party| {
        let public = party.signer(cose_ext::crypto::Algorithm::ESP256).public_key();
        [party.secret.to_vec(), party.thumbprint().to_vec(), format!("{public:?}").into_bytes()]
    };
    parties.iter().flat_map(of).collect()
}

fn assert_silent(log: &str, secrets: &[Vec<u8>]) {
    for secret in secrets {
        assert!(secret.len() >= 6);
        assert_eq!(leak(log, secret), None, "{} in:\n{log}", hex::encode(secret));
    }
}

/// M54
#[test]
fn the_logs_of_an_attested_installation_hold_no_evidence_token_or_key() {
    let mut secrets = keys();
    let log = logged(|| {
        let (mut tam, request) = TamSide::connected(tam_config());
        let mut agent = AgentSide::new(agent_config());
        assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
        let challenge = agent.session.challenge().unwrap().to_vec();
        let evidence = evidence(&challenge, &AGENT);
        let answer = AgentAnswer {
            attestation_payload: Some(&evidence),
            // Nothing that a log may say.
            attestation_payload_format: Some("a/b"),
            ..AgentAnswer::default()
        };
        let response = agent.send_with(&answer, &[]).unwrap();
        assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
        let result = affirming(&challenge, &AGENT);
        let TamEvent::Attested { permit, .. } = tam.result(&result) else { panic!() };
        let update = tam.order(&UpdateContent::installing(&permit, &[ENVELOPE]));
        let token = tam.session.handles().next().unwrap().to_vec();
        assert_eq!(agent.act(&update), 1);
        let report = report(Some(&token), [0x77; 32]);
        let success = agent.send_with(&AgentAnswer::default(), &[&report]).unwrap();
        assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
        assert!(matches!(tam.receive(&success), TamEvent::Dropped(_)));
        assert!(matches!(agent.receive(&update), AgentEvent::Refused(_)));
        let all = [request, challenge, response, result, update, token, report, success, evidence];
        secrets.extend(all);
        secrets.push(ENVELOPE.repeat(2));
    });
    assert_silent(&log, &secrets);
    for what in [
        "teep_msg::tam what=\"random bytes due\" len=32",
        "teep_msg::agent what=\"query-request\"",
        "teep_msg::agent what=\"query-response due\"",
        "teep_msg::tam what=\"evidence\"",
        "INFO teep_msg::tam what=\"result affirms\"",
        "INFO teep_msg::agent what=\"update\"",
        "INFO teep_msg::agent what=\"update done\"",
        "INFO teep_msg::tam what=\"success\"",
        "WARN teep_msg::tam what=\"dropped\"",
        "WARN teep_msg::agent what=\"refused\"",
    ] {
        assert!(log.contains(what), "{what} is missing in:\n{log}");
    }
}

/// M54
#[test]
fn the_logs_of_refusals_hold_no_evidence_token_or_key() {
    let mut secrets = keys();
    let log = logged(|| {
        let (mut tam, request) = TamSide::connected(tam_config());
        let required = AgentConfig { tam_attestation: TamAttestation::Required, ..agent_config() };
        let mut agent = AgentSide::new(required);
        // The Agent wants the TAM attested; the result is about another key.
        assert!(matches!(agent.receive(&request), AgentEvent::Refused(_)));
        let error = agent.send().unwrap();
        let asked = match tam.receive(&error) {
            TamEvent::AttestationDemanded { challenge } => challenge.unwrap().to_vec(),
            other => panic!("{other:?}"),
        };
        let wrong = affirming(&asked, &STRANGER);
        let second = tam.send(&UpdateContent::unlinking(&[]), Some(&wrong)).message();
        assert!(matches!(agent.receive(&second), AgentEvent::Refused(_)));
        agent.session.transport_failed();
        // A broken signature, bytes that are nothing, and what a stranger signed.
        let mut broken = request.clone();
        *broken.last_mut().unwrap() ^= 1;
        let noise = b"\x5anothing that anybody signed".to_vec();
        for bytes in [&broken, &noise] {
            assert!(matches!(agent.receive(bytes), AgentEvent::Refused(_)));
            assert!(matches!(tam.receive(bytes), TamEvent::Dropped(_)));
        }
        // An Update that fails, and a request that nobody answers.
        let (mut tam, mut agent, permit) = attested();
        let update = tam.order(&UpdateContent::installing(&permit, &[ENVELOPE]));
        let token = tam.session.handles().next().unwrap().to_vec();
        assert!(matches!(agent.receive(&update), AgentEvent::Update(_)));
        let failed = UpdateOutcome::Failed(ErrorCode::ManifestProcessingFailed);
        agent.session.finish(failed).unwrap();
        let failure = agent.send_with(&AgentAnswer::default(), &[]).unwrap();
        assert!(matches!(tam.receive(&failure), TamEvent::Failed { .. }));
        let (mut late, lost) = TamSide::connected(asking_for_components());
        late.session.expire(NOW + 1_000_000);
        secrets.extend([error, asked, wrong, second, broken, noise, update, token, failure, lost]);
    });
    assert_silent(&log, &secrets);
    for what in [
        "WARN teep_msg::agent what=\"refused\"",
        "teep_msg::agent what=\"error due\"",
        "teep_msg::tam what=\"the Agent asks for attestation\"",
        "WARN teep_msg::agent what=\"transport failed\"",
        "WARN teep_msg::agent what=\"update failed\" code=11",
        "WARN teep_msg::tam what=\"the Agent fails\"",
        "INFO teep_msg::tam what=\"requests expired\" count=1",
    ] {
        assert!(log.contains(what), "{what} is missing in:\n{log}");
    }
}

/// What looks for leaks finds them, in every form.
#[test]
fn a_token_in_a_log_would_be_found() {
    let token = hex::decode("c40122367d5aa1be659f3057779a4eb1").unwrap();
    for log in [
        logged(|| tracing::info!(token = ?token)),
        logged(|| tracing::info!(token = hex::encode(&token))),
        logged(|| tracing::info!(token = hex::encode_upper(&token[3..]))),
        logged(|| tracing::info!(token = format!("{token:02x?}"))),
        logged(|| tracing::info!(token = "xAEiNn1aob5lnzBXd5pOsQ==")),
    ] {
        assert!(leak(&log, &token).is_some(), "{log}");
    }
    assert_eq!(leak(&logged(|| tracing::info!(len = token.len())), &token), None);
}
