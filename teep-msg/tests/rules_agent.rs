//! What an Agent does, rule by rule.

#[path = "support/parties.rs"]
mod parties;

use parties::*;
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, DataItems, ErrorCode,
    FreshnessMechanism, InstallPermit, Numbering, QueryRequestContent, SigningKey, SuitProfile,
    Suite, TamAttestation, TamConfig, TamEvent, UpdateContent, UpdateOutcome, UpdateStep,
};

fn request<'a>() -> QueryRequestContent<'a> {
    QueryRequestContent {
        data_item_requested: DataItems::ATTESTATION,
        suites: Suite::MANDATORY,
        profiles: SuitProfile::MANDATORY,
        token: None,
        challenge: Some(&[1; 8]),
        versions: &[],
        freshness: &[],
        attestation_payload: None,
        attestation_payload_format: None,
        suit_reports: &[],
    }
}

fn asked(content: &QueryRequestContent<'_>) -> Vec<u8> {
    let mut out = [0; 1024];
    let key = TAM.signing_key(Suite::Esp256);
    TAM.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap())
}

fn update(content: UpdateContent<'_>, number: u8) -> Vec<u8> {
    let mut out = [0; 1024];
    let token = [number; 16];
    let key = TAM.signing_key(Suite::Esp256);
    TAM.sign(content.with_token(&token).draft(Numbering::Iana, &key, &mut out).unwrap())
}

fn installing(number: u8) -> Vec<u8> {
    let permit = InstallPermit::danger_override();
    update(UpdateContent::installing(&permit, &[ENVELOPE]), number)
}

fn code_of(message: &[u8]) -> Option<ErrorCode> {
    read(&payload(message)).error_code()
}

/// The Error that an Agent answers a request with.
fn answer(config: AgentConfig, content: &QueryRequestContent<'_>) -> (&'static str, Vec<u8>) {
    let mut agent = AgentSide::new(config);
    let message = asked(content);
    let rule = refused(agent.receive(&message));
    (rule, agent.send().unwrap())
}

/// An Agent that has answered a request.
fn waiting() -> AgentSide {
    let mut agent = AgentSide::new(agent_config());
    let message = asked(&request());
    assert!(matches!(agent.receive(&message), AgentEvent::Query { .. }));
    agent.send().unwrap();
    assert!(agent.session.is_waiting());
    agent
}

#[test]
fn tm31_the_result_about_a_tam_repeats_the_challenge_of_the_error() {
    let config = AgentConfig { tam_attestation: TamAttestation::Required, ..agent_config() };
    for own in [true, false] {
        let mut agent = AgentSide::new(config);
        let message = asked(&request());
        assert_eq!(refused(agent.receive(&message)), "TM46");
        let error = payload(&agent.send().unwrap());
        let challenge = read(&error).options().challenge().unwrap().to_vec();
        let nonce = if own { challenge } else { vec![9; 32] };
        let result = affirming(&nonce, &TAM);
        let message =
            asked(&QueryRequestContent { attestation_payload: Some(&result), ..request() });
        match agent.receive(&message) {
            AgentEvent::Query { .. } => assert!(own),
            event => assert_eq!((refused(event), own), ("TM11", false)),
        }
    }
}

#[test]
fn tm45_what_is_not_valid_is_answered_with_an_error() {
    let mut agent = AgentSide::new(agent_config());
    for message in [&b""[..], b"\x00", &[0xff; 40]] {
        assert!(matches!(agent.receive(message), AgentEvent::Refused(_)));
        let error = agent.send().unwrap();
        assert_eq!(code_of(&error), Some(ErrorCode::PermanentError));
        // Nothing but the code.
        assert_eq!(payload(&error), b"\x83\x05\xa0\x01");
    }
}

#[test]
fn tm46_an_agent_that_needs_the_tam_attested_asks_for_it() {
    let config = AgentConfig { tam_attestation: TamAttestation::Required, ..agent_config() };
    let (rule, error) = answer(config, &request());
    assert_eq!((rule, code_of(&error)), ("TM46", Some(ErrorCode::AttestationRequired)));
    let error = payload(&error);
    let options = *read(&error).options();
    assert_eq!(options.challenge().unwrap().len(), 32);
    assert!(options.supported_freshness_mechanisms().unwrap().contains(0));
}

#[test]
fn tm47_a_report_under_an_unknown_profile_is_answered_with_the_known_ones() {
    // 18([<<{1: -35}>>, {}, <<{}>>, h'00']): ES384 is in no profile.
    let report = b"\xd2\x84\x44\xa1\x01\x38\x22\xa0\x41\xa0\x41\x00";
    let content = QueryRequestContent { suit_reports: &[report], ..request() };
    let (rule, error) = answer(agent_config(), &content);
    assert_eq!((rule, code_of(&error)), ("TM47", Some(ErrorCode::UnsupportedSuitReport)));
    let error = payload(&error);
    let profiles = read(&error).options().supported_suit_cose_profiles().unwrap();
    assert_eq!(profiles.iter().count(), 4);
}

#[test]
fn tm48_a_good_request_is_answered_and_any_other_refused_with_its_code() {
    let mut agent = waiting();
    assert!(agent.send().is_none());
    let versions = QueryRequestContent { versions: &[1, 2], ..request() };
    let (rule, error) = answer(agent_config(), &versions);
    assert_eq!((rule, code_of(&error)), ("TM30", Some(ErrorCode::UnsupportedMsgVersion)));
    assert!(read(&payload(&error)).options().versions().unwrap().contains(0));
    let freshness = &[FreshnessMechanism::TIMESTAMP];
    let (rule, error) = answer(agent_config(), &QueryRequestContent { freshness, ..request() });
    assert_eq!((rule, code_of(&error)), ("TM28", Some(ErrorCode::UnsupportedFreshnessMechanisms)));
    let with_clock = AgentConfig { has_clock: true, ..agent_config() };
    let mut agent = AgentSide::new(with_clock);
    let message = asked(&QueryRequestContent { freshness, ..request() });
    assert!(matches!(agent.receive(&message), AgentEvent::Query { .. }));
}

#[test]
fn tm49_first_what_is_not_needed_goes_and_the_end_is_told() {
    for (outcome, name, code) in [
        (UpdateOutcome::Done, "success", None),
        (
            UpdateOutcome::Failed(ErrorCode::ManifestProcessingFailed),
            "error",
            Some(ErrorCode::ManifestProcessingFailed),
        ),
    ] {
        let mut agent = waiting();
        let permit = InstallPermit::danger_override();
        let content = UpdateContent::installing(&permit, &[ENVELOPE]).and_unlinking(&[COMPONENT]);
        let message = update(content, 1);
        let AgentEvent::Update(order) = agent.receive(&message) else { panic!() };
        let steps: Vec<_> = order.steps().collect();
        assert!(matches!(steps[0], UpdateStep::Unlink(id) if id.bytes() == COMPONENT));
        assert!(matches!(steps[1], UpdateStep::Process(envelope) if envelope == ENVELOPE));
        assert_eq!(steps.len(), 2);
        // Nothing is said before the end is.
        assert!(agent.send().is_none());
        agent.session.finish(outcome).unwrap();
        let message = payload(&agent.send().unwrap());
        let message = read(&message);
        assert_eq!((message.message_type().name(), message.error_code()), (name, code));
        assert_eq!(message.options().token(), Some(&[1; 16][..]));
        agent.session.finish(outcome).unwrap_err();
    }
}

#[test]
fn tm50_nobody_but_an_authenticated_tam_gets_a_form_for_evidence() {
    for by in [&STRANGER, &AGENT, &VERIFIER] {
        let mut agent = AgentSide::new(agent_config());
        let mut out = [0; 1024];
        let key = by.signing_key(Suite::Esp256);
        let message = by.sign(request().draft(Numbering::Iana, &key, &mut out).unwrap());
        assert!(matches!(agent.receive(&message), AgentEvent::Refused(_)));
        assert!(agent.session.challenge().is_none());
        let mut out = [0; 1024];
        let output = agent.session.poll(&mut out).unwrap();
        assert!(matches!(output, AgentOutput::Sign(_)));
    }
}

fn both_suites() -> [SigningKey; 2] {
    [AGENT.signing_key(Suite::Esp256), AGENT.signing_key(Suite::Es256)]
}

#[test]
fn tm51_the_suite_of_the_session_serves_both_directions() {
    // The TAM offers both, the Agent takes the older one, and stays with it.
    let keys = [TAM.signing_key(Suite::Esp256), TAM.signing_key(Suite::Es256)];
    let config = TamConfig {
        keys: TamConfig::new(&keys, teep_msg::WithoutStatus::Refused).keys,
        ..asking_for_components()
    };
    let (mut tam, request) = TamSide::connected(config);
    let mut agent = AgentSide::new(AgentConfig::new(&[AGENT.signing_key(Suite::Es256)]));
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Checked { .. }));
    assert_eq!(
        (tam.session.suite(), agent.session.suite()),
        (Some(Suite::Es256), Some(Suite::Es256))
    );
    let unneeded = [COMPONENT];
    let update = tam.order(&UpdateContent::unlinking(&unneeded));
    assert_eq!(agent.act(&update), 1);
    // A request whose own suite is not on its list.
    let content = QueryRequestContent { suites: &[Suite::Ed25519], ..self::request() };
    let (rule, error) = answer(AgentConfig::new(&both_suites()), &content);
    assert_eq!((rule, code_of(&error)), ("TM51", Some(ErrorCode::UnsupportedCipherSuites)));
}

#[test]
fn tm52_unsupported_suites_are_said_under_a_mandatory_suite() {
    let config =
        AgentConfig::new(&[AGENT.signing_key(Suite::Es256), AGENT.signing_key(Suite::Esp256)]);
    let mut agent = AgentSide::new(config);
    // Signed under ES384 by whomever.
    let message = b"\xd2\x84\x44\xa1\x01\x38\x22\xa0\x43\x82\x01\xa0\x41\x00";
    assert!(matches!(agent.receive(message), AgentEvent::Refused(_)));
    let error = agent.send().unwrap();
    assert_eq!(code_of(&error), Some(ErrorCode::UnsupportedCipherSuites));
    let signed = cose_ext::Sign1::decode(&error, &cose_ext::Profile::LENIENT).unwrap();
    assert_eq!(signed.algorithm().unwrap(), Suite::Esp256.algorithm());
    let error = payload(&error);
    assert!(read(&error).options().supported_teep_cipher_suites().unwrap().offers(Suite::Esp256));
}

#[test]
fn tm53_the_nonce_of_a_request_is_there_for_evidence() {
    let mut agent = AgentSide::new(agent_config());
    let challenge = [3; 512];
    let message = asked(&QueryRequestContent { challenge: Some(&challenge), ..request() });
    assert!(matches!(agent.receive(&message), AgentEvent::Query { .. }));
    assert_eq!(agent.session.challenge(), Some(&challenge[..]));
}

#[test]
fn tm54_debug_shows_no_evidence_no_token_and_no_challenge() {
    let (mut tam, request) = TamSide::connected(tam_config());
    let mut agent = AgentSide::new(agent_config());
    let event = format!("{:?}", agent.receive(&request));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    let taken = format!("{:?}", tam.receive(&response));
    let shown = format!("{event}{taken}{:?}{:?}", tam.session, agent.session);
    let numbers = format!("{challenge:?}");
    let numbers = numbers.trim_matches(['[', ']']);
    assert!(!shown.contains(numbers), "{shown}");
}

#[test]
fn tm43_an_unsolicited_response_needs_a_request_without_token_and_challenge() {
    let passport = QueryRequestContent { challenge: None, ..request() };
    for (content, may) in [(request(), false), (passport, true)] {
        let mut agent = AgentSide::new(agent_config());
        agent.session.respond_unsolicited().unwrap_err();
        let message = asked(&content);
        assert!(matches!(agent.receive(&message), AgentEvent::Query { .. }));
        agent.send().unwrap();
        assert_eq!(agent.session.respond_unsolicited().is_ok(), may);
        if may {
            let response = agent.send().unwrap();
            assert_eq!(read(&payload(&response)).message_type().name(), "query-response");
        }
        agent.session.transport_failed();
        assert_eq!(rule_of(&agent.session.respond_unsolicited().unwrap_err()), "TM43");
    }
}

#[test]
fn tx1_a_message_of_the_other_numbering_is_refused() {
    let mut agent = waiting();
    let permit = InstallPermit::danger_override();
    let mut out = [0; 512];
    let content = UpdateContent::installing(&permit, &[ENVELOPE]).with_token(&[1; 16]);
    let key = TAM.signing_key(Suite::Esp256);
    let message = TAM.sign(content.draft(Numbering::Draft25, &key, &mut out).unwrap());
    assert!(matches!(agent.receive(&message), AgentEvent::Refused(_)));
    assert_eq!(code_of(&agent.send().unwrap()), Some(ErrorCode::PermanentError));
}

#[test]
fn tx6_one_update_for_each_response() {
    let mut agent = AgentSide::new(agent_config());
    let (first, second) = (installing(1), installing(2));
    assert_eq!(refused(agent.receive(&first)), "TX6");
    let mut agent = waiting();
    assert_eq!(agent.act(&first), 1);
    agent.send().unwrap();
    assert_eq!(refused(agent.receive(&second)), "TX6");
}

#[test]
fn tx7_strangers_are_answered_once_in_an_exchange() {
    let mut agent = waiting();
    assert!(matches!(agent.receive(b"\x00"), AgentEvent::Refused(_)));
    assert!(agent.send().is_some());
    // The exchange is over with that; while one is open the second stranger hears nothing.
    let mut agent = waiting();
    assert!(matches!(agent.receive(b"\x00"), AgentEvent::Refused(_)));
    assert!(matches!(agent.receive(b"\x00"), AgentEvent::Refused(_)));
    assert!(agent.send().is_some());
    assert!(agent.send().is_none());
}

#[test]
fn a_report_form_refuses_a_report_about_something_else() {
    let mut agent = waiting();
    assert_eq!(agent.act(&installing(1)), 1);
    let mut out = [0; 512];
    let AgentOutput::Report(form) = agent.session.poll(&mut out).unwrap() else { panic!() };
    assert_eq!(form.report_nonce(), Some(&[1; 16][..]));
    let other = report(Some(&[2; 16]), [0; 32]);
    assert_eq!(rule_of(&form.write(&[&other], None).unwrap_err()), "TM25");
}

#[test]
fn a_response_form_wants_what_was_asked_for() {
    let mut agent = AgentSide::new(agent_config());
    let message = asked(&request());
    assert!(matches!(agent.receive(&message), AgentEvent::Query { .. }));
    let mut out = [0; 512];
    let AgentOutput::Respond(form) = agent.session.poll(&mut out).unwrap() else { panic!() };
    assert_eq!(form.items(), DataItems::ATTESTATION);
    form.write(&AgentAnswer::default()).unwrap_err();
    let mut session = AgentSession::new(AgentConfig::new(&[]));
    assert!(matches!(session.poll(&mut out).unwrap(), AgentOutput::Idle));
}
