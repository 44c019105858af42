//! Keys that certificates vouch for: a path to an anchor at a time, and the errors 6 and 9 where there is none.

#[path = "../../cose-ext/tests/support/certificates.rs"]
#[allow(dead_code, unreachable_pub)]
mod certificates;
#[path = "support/parties.rs"]
mod parties;

/// What the templates of certificates need of the tests that they come from.
mod messages {
    pub(crate) fn h(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }
}

use certificates::{Template, authority, key_usage};
use cose_ext::{
    cwt::Time,
    x509::{CertificationPaths, TrustAnchor, WebPki},
};
use p256::elliptic_curve::sec1::ToSec1Point;
use parties::*;
use teep_msg::{
    AgentConfig, AgentEvent, AgentTrust, DataItems, ErrorCode, Numbering, Suite, TamConfig,
    TamEvent, TamTrust, with_certificates,
};
use testkit::fixed_keys::EcKey;

/// 2026-06-01; the certificates are valid in 2025 and 2026.
const VALID: i64 = 1_780_272_000;
/// 2027-06-01.
const LATE: i64 = 1_811_808_000;

fn key(party: &Party) -> EcKey<32> {
    let secret = p256::SecretKey::from_slice(&party.secret).unwrap();
    let point = secret.public_key().to_sec1_point(false);
    EcKey {
        private: party.secret,
        x: point.as_bytes()[1..33].try_into().unwrap(),
        y: point.as_bytes()[33..].try_into().unwrap(),
    }
}

const ROOT: Party = Party::new(20);
const MIDDLE: Party = Party::new(21);

fn root() -> Vec<u8> {
    Template::new("root", "root", &key(&ROOT)).with(authority(None)).sign(&key(&ROOT))
}

fn middle() -> Vec<u8> {
    let template = Template::new("root", "middle", &key(&MIDDLE));
    template.with(authority(None)).with(key_usage(0x04)).sign(&key(&ROOT))
}

/// The certificate of `party`, by `issuer`.
fn leaf(party: &Party, issuer: &Party) -> Vec<u8> {
    Template::new("middle", "a party", &key(party)).with(key_usage(0x80)).sign(&key(issuer))
}

/// What an Agent that trusts the root makes of `request` at a time, and what it sends.
fn agent_at(time: i64, request: &[u8]) -> (Option<ErrorCode>, Vec<u8>, String) {
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let tams = CertificationPaths::new(&validator, &anchors, Some(Time::Seconds(time)));
    let mut agent = AgentSide::new(agent_config());
    let verifiers = VERIFIER.store();
    let trust = AgentTrust { tams: &tams, verifiers: &verifiers };
    let event = agent.session.receive(request, &trust, &mut agent.seen, &context());
    let event = match event {
        AgentEvent::Query { .. } => String::from("query"),
        AgentEvent::Refused(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let answer = agent.send().unwrap();
    let code = read(&payload(&answer)).error_code();
    (code, answer, event)
}

fn request_with(chain: &[&[u8]]) -> (TamSide, Vec<u8>) {
    let (tam, request) = TamSide::connected(tam_config());
    (tam, with_certificates(&request, Suite::Esp256, chain).unwrap())
}

/// Both forms of a first request: one signature for each suite, and one for the suite that is known.
fn requests(chain: &[&[u8]]) -> [Vec<u8>; 2] {
    let known = TamConfig { agent_suite: Some(Suite::Esp256), ..tam_config() };
    let (_, request) = TamSide::connected(known);
    let one = with_certificates(&request, Suite::Esp256, chain).unwrap();
    [request_with(chain).1, one]
}

#[test]
fn a_tam_with_a_path_to_an_anchor_is_answered() {
    let (leaf, middle) = (leaf(&TAM, &MIDDLE), middle());
    for request in requests(&[&leaf, &middle]) {
        let (code, _, event) = agent_at(VALID, &request);
        assert_eq!((code, &*event), (None, "query"));
    }
}

#[test]
fn an_expired_certificate_is_answered_with_error_9() {
    let (leaf, middle) = (leaf(&TAM, &MIDDLE), middle());
    for request in requests(&[&leaf, &middle]) {
        let (code, _, event) = agent_at(LATE, &request);
        assert_eq!(code, Some(ErrorCode::CertificateExpired), "{event}");
        assert_eq!(ErrorCode::CertificateExpired.to_wire(Numbering::Iana), 9);
    }
}

#[test]
fn a_certificate_without_a_path_is_answered_with_error_6() {
    assert_eq!(ErrorCode::BadCertificate.to_wire(Numbering::Iana), 6);
    let (good, middle) = (leaf(&TAM, &MIDDLE), middle());
    let by_a_stranger = leaf(&TAM, &STRANGER);
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    let cases: [(&str, Vec<&[u8]>); 3] = [
        ("signed by somebody else", vec![&by_a_stranger, &middle]),
        ("a changed signature", vec![&changed, &middle]),
        ("without the one between", vec![&good]),
    ];
    for (what, chain) in cases {
        for request in requests(&chain) {
            let (code, answer, event) = agent_at(VALID, &request);
            assert_eq!(code, Some(ErrorCode::BadCertificate), "{what}: {event}");
            // Nobody is authenticated: a code, and nothing that a stranger could use.
            assert_eq!(read(&payload(&answer)).options().map().len(), 0, "{what}");
        }
    }
}

#[test]
fn a_good_certificate_of_another_key_does_not_vouch_for_this_one() {
    let (others, middle) = (leaf(&STRANGER, &MIDDLE), middle());
    for request in requests(&[&others, &middle]) {
        let (code, _, event) = agent_at(VALID, &request);
        assert_eq!(code, Some(ErrorCode::PermanentError), "{event}");
    }
}

#[test]
fn a_tam_handles_errors_6_and_9() {
    let (leaf, middle) = (leaf(&TAM, &MIDDLE), middle());
    for (time, chain, expected) in [
        (LATE, vec![&leaf[..], &middle[..]], ErrorCode::CertificateExpired),
        (VALID, vec![&leaf[..]], ErrorCode::BadCertificate),
    ] {
        let (mut tam, request) = request_with(&chain);
        let (_, error, _) = agent_at(time, &request);
        let TamEvent::Failed { code, .. } = tam.receive(&error) else { panic!() };
        assert_eq!(code, expected);
        assert!(tam.session.is_done(), "nothing more is to be sent under this certificate");
        assert!(matches!(tam.receive(&error), TamEvent::Dropped(_)));
    }
}

/// A TAM checks its Agents by certificates, too. It sends no errors: what is not valid is dropped (M34).
#[test]
fn a_tam_drops_what_an_expired_certificate_signed() {
    let root = root();
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    let (leaf, middle) = (leaf(&AGENT, &MIDDLE), middle());
    let verifiers = VERIFIER.store();
    let config = TamConfig { data_item_requested: DataItems::TRUSTED_COMPONENTS, ..tam_config() };
    for (time, is_taken) in [(VALID, true), (LATE, false)] {
        let (mut tam, request) = TamSide::connected(config);
        let mut agent = AgentSide::new(AgentConfig { ..agent_config() });
        assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
        let response = agent.send().unwrap();
        let response = with_certificates(&response, Suite::Esp256, &[&leaf, &middle]).unwrap();
        let agents = CertificationPaths::new(&validator, &anchors, Some(Time::Seconds(time)));
        let trust = TamTrust { agents: &agents, verifiers: &verifiers };
        let event = tam.session.receive(&response, NOW, &trust, &context());
        assert_eq!(matches!(event, TamEvent::Checked { .. }), is_taken, "{event:?}");
        assert_eq!(matches!(event, TamEvent::Dropped(_)), !is_taken);
        assert_eq!(tam.session.agent().is_some(), is_taken);
    }
}

#[test]
fn certificates_stand_beside_the_signature_of_their_suite() {
    let (leaf, middle) = (leaf(&TAM, &MIDDLE), middle());
    let (_, request) = TamSide::connected(tam_config());
    with_certificates(&request, Suite::Ed25519, &[&leaf]).unwrap_err();
    with_certificates(&request, Suite::Esp256, &[]).unwrap_err();
    with_certificates(b"\x83\x01\x02\x03", Suite::Esp256, &[&leaf]).unwrap_err();
    let message = with_certificates(&request, Suite::Esp256, &[&leaf, &middle]).unwrap();
    let message = cose_ext::Sign::decode(&message, &cose_ext::Profile::LENIENT).unwrap();
    let signature = message.signatures().iter().next().unwrap();
    let chain = signature.headers().unprotected().x5chain().unwrap().unwrap();
    assert_eq!(chain.iter().collect::<Vec<_>>(), [&leaf[..], &middle[..]]);
    let kid = signature.headers().unprotected().key_id().unwrap();
    assert_eq!(kid, Some(&TAM.thumbprint()[..]));
}
