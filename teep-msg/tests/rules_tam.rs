//! What a TAM does, rule by rule.

#[path = "support/parties.rs"]
mod parties;

use parties::*;
use teep_msg::{
    AgentEvent, DataItems, ErrorCode, ErrorContent, InstallPermit, Model, Numbering,
    QueryResponseContent, ResultFreshness, SuccessContent, Suite, TamConfig, TamEvent, TamOutput,
    TamSession, UpdateContent, WithoutStatus, handle_of,
};

fn answered(content: &QueryResponseContent<'_>) -> Vec<u8> {
    let mut out = [0; 1024];
    let key = AGENT.signing_key(Suite::Esp256);
    AGENT.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap())
}

fn success(token: Option<&[u8]>, reports: &[&[u8]]) -> Vec<u8> {
    let mut out = [0; 1024];
    let content = SuccessContent { token, msg: None, suit_reports: reports };
    let key = AGENT.signing_key(Suite::Esp256);
    AGENT.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap())
}

fn error(content: &ErrorContent<'_>) -> Vec<u8> {
    let mut out = [0; 1024];
    let key = AGENT.signing_key(Suite::Esp256);
    AGENT.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap())
}

fn token_of(message: &[u8]) -> Vec<u8> {
    read(&payload(message)).options().token().unwrap().to_vec()
}

/// A TAM that ordered an Update, and its token.
fn updating() -> (TamSide, Vec<u8>) {
    let (mut tam, _agent, permit) = attested();
    let manifests = [ENVELOPE];
    let update = tam.order(&UpdateContent::installing(&permit, &manifests));
    let token = token_of(&update);
    (tam, token)
}

#[test]
fn tm1_tokens_come_from_the_callers_source_of_randomness() {
    let mut session = TamSession::new(asking_for_components());
    session.connect().unwrap();
    let mut out = [0; 512];
    let output = session.poll(&mut out, NOW).unwrap();
    assert!(matches!(output, TamOutput::Random { len: 16 }));
    session.random(&[0; 15]).unwrap_err();
    session.random(&[9; 16]).unwrap();
    let TamOutput::Sign(draft) = session.poll(&mut out, NOW).unwrap() else { panic!() };
    assert_eq!(token_of(&TAM.sign(draft)), [9; 16]);
}

#[test]
fn tm2_a_token_that_was_drawn_before_is_refused() {
    let (mut tam, _) = updating();
    let known: Vec<Vec<u8>> = tam.session.handles().map(<[u8]>::to_vec).collect();
    tam.session.order(&[]).unwrap();
    let error = tam.session.random(&known[0]).unwrap_err();
    assert_eq!(rule_of(&error), "TM2");
}

#[test]
fn tm7_an_expired_token_is_not_answered() {
    let (mut tam, request) = TamSide::connected(asking_for_components());
    let token = token_of(&request);
    tam.now += 6 * 3600 + 1;
    let response = answered(&QueryResponseContent { token: Some(&token), ..Default::default() });
    assert_eq!(dropped(tam.receive(&response)), "TM8");
    let (mut tam, token) = updating();
    tam.now += 6 * 3600 + 1;
    assert_eq!(dropped(tam.receive(&success(Some(&token), &[]))), "TM24");
}

#[test]
fn tm8_a_token_is_answered_once() {
    let (mut tam, request) = TamSide::connected(asking_for_components());
    let token = token_of(&request);
    let response = answered(&QueryResponseContent { token: Some(&token), ..Default::default() });
    assert!(matches!(tam.receive(&response), TamEvent::Checked { .. }));
    assert_eq!(dropped(tam.receive(&response)), "TM8");
}

#[test]
fn tm33_connecting_makes_a_request_due() {
    let (_, request) = TamSide::connected(tam_config());
    assert_eq!(read(&payload(&request)).message_type().name(), "query-request");
    let mut session = TamSession::new(tam_config());
    session.connect().unwrap();
    session.connect().unwrap_err();
}

#[test]
fn tm34_what_is_not_valid_is_dropped_and_changes_nothing() {
    let (mut tam, request) = TamSide::connected(asking_for_components());
    let token = token_of(&request);
    let before = format!("{:?}", tam.session);
    let mut bad = answered(&QueryResponseContent { token: Some(&token), ..Default::default() });
    *bad.last_mut().unwrap() ^= 1;
    for message in [&b""[..], b"\x00", &bad] {
        assert!(matches!(tam.receive(message), TamEvent::Dropped(_)));
        assert_eq!(format!("{:?}", tam.session), before);
    }
}

#[test]
fn tm35_requests_end_and_their_number_is_bounded() {
    let (mut tam, first) = updating();
    let mut tokens = vec![first];
    for _ in 0..4 {
        let unneeded = [COMPONENT];
        let update = tam.order(&UpdateContent::unlinking(&unneeded));
        tokens.push(token_of(&update));
    }
    assert_eq!(tam.session.outstanding_updates(), 4);
    // The oldest went.
    assert_eq!(dropped(tam.receive(&success(Some(&tokens[0]), &[]))), "TM24");
    assert!(matches!(tam.receive(&success(Some(&tokens[4]), &[])), TamEvent::Installed { .. }));
    tam.session.expire(NOW + 6 * 3600 + 1);
    assert_eq!(tam.session.outstanding_updates(), 0);
    assert!(tam.session.is_done());
}

#[test]
fn tm36_a_response_that_lacks_what_was_asked_for_is_answered_with_an_error() {
    let (mut tam, _) = TamSide::connected(tam_config());
    let response = answered(&QueryResponseContent::default());
    let TamEvent::Refused { rule, code } = tam.receive(&response) else { panic!() };
    assert_eq!((rule.id(), code), ("TM16", ErrorCode::AttestationRequired));
    let update = tam.send(&UpdateContent::default(), None).message();
    let update = payload(&update);
    let update = read(&update);
    assert_eq!(update.error_code(), Some(ErrorCode::AttestationRequired));
    assert_eq!(update.options().manifest_list().map(|list| list.len()), None);
    assert_eq!(update.options().token(), None);
    // A report about another request.
    let (mut tam, request) = TamSide::connected(asking_for_components());
    let token = token_of(&request);
    let report = report(Some(&[9; 16]), [0; 32]);
    let content = QueryResponseContent {
        token: Some(&token),
        suit_reports: &[&report],
        ..Default::default()
    };
    let TamEvent::Refused { rule, .. } = tam.receive(&answered(&content)) else { panic!() };
    assert_eq!(rule.id(), "TM19");
}

/// What a TAM makes of a result about its Agent.
fn judged(config: TamConfig, result: impl FnOnce(&[u8]) -> Vec<u8>) -> &'static str {
    let (mut tam, request) = TamSide::connected(config);
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    match tam.result(&result(&challenge)) {
        TamEvent::Attested { .. } => "attested",
        TamEvent::Refused { rule, code } => {
            assert_eq!(code, ErrorCode::AttestationRequired);
            rule.id()
        }
        other => panic!("{other:?}"),
    }
}

fn says<'s>(nonce: &'s [u8], about: &'s Party, status: Option<i64>) -> Says<'s> {
    Says { nonce: Some(nonce), about, status, issued_at: NOW }
}

#[test]
fn tm37_a_result_is_by_a_trusted_verifier_and_about_this_agent() {
    let config = tam_config();
    assert_eq!(judged(config, |nonce| affirming(nonce, &AGENT)), "attested");
    assert_eq!(judged(config, |nonce| affirming(nonce, &OTHER_AGENT)), "TM37");
    assert_eq!(judged(config, |nonce| claims(says(nonce, &AGENT, Some(2)), &STRANGER)), "TM37");
    assert_eq!(judged(config, |_| affirming(&[0; 32], &AGENT)), "TM11");
    assert_eq!(judged(config, |_| b"\x00".to_vec()), "TM37");
}

#[test]
fn tm38_an_agent_that_is_not_attested_gets_attestation_required() {
    let (mut tam, request) = TamSide::connected(tam_config());
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    assert!(matches!(tam.session.no_attestation_result().unwrap(), TamEvent::Refused { .. }));
    let update = payload(&tam.send(&UpdateContent::default(), None).message());
    assert_eq!(read(&update).error_code(), Some(ErrorCode::AttestationRequired));
}

#[test]
fn tm39_a_result_is_passed_back_where_nothing_has_to_change() {
    let (mut tam, mut agent, _permit) = attested();
    let result = affirming(&[1; 8], &AGENT);
    let mut out = [0; 1024];
    let update = TAM.sign(tam.session.pass_back(&result, None, &mut out).unwrap());
    let AgentEvent::ResultPassedBack { payload } = agent.receive(&update) else { panic!() };
    assert_eq!(payload.bytes(), result);
    assert!(tam.session.is_done() && agent.send().is_none());
}

#[test]
fn tm40_a_report_about_another_update_is_dropped() {
    let (mut tam, token) = updating();
    for nonce in [None, Some(&[0; 16][..])] {
        let report = report(nonce, [0; 32]);
        assert_eq!(dropped(tam.receive(&success(Some(&token), &[&report]))), "TM40");
    }
    // It was not consumed.
    let report = report(Some(&token), [0; 32]);
    let success = success(Some(&token), &[&report]);
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    assert_eq!(dropped(tam.receive(&success)), "TM24");
}

#[test]
fn tm41_attestation_of_the_tam_is_another_request_with_a_payload() {
    let (mut tam, first) = TamSide::connected(tam_config());
    let content = ErrorContent {
        challenge: Some(&[5; 32]),
        ..ErrorContent::new(ErrorCode::AttestationRequired)
    };
    let message = error(&content);
    let TamEvent::AttestationDemanded { challenge } = tam.receive(&message) else { panic!() };
    assert_eq!(challenge, Some(&[5; 32][..]));
    let result = affirming(&[5; 32], &TAM);
    let second = tam.send(&UpdateContent::default(), Some(&result)).message();
    let (first, second) = (payload(&first), payload(&second));
    let (first, second) = (read(&first), read(&second));
    assert_eq!(second.options().attestation_payload().unwrap().bytes(), result);
    assert_ne!(first.options().challenge(), second.options().challenge());
    // An Agent that asks for ever is not served for ever.
    assert!(matches!(tam.receive(&message), TamEvent::AttestationDemanded { .. }));
    tam.send(&UpdateContent::default(), Some(&result)).message();
    let TamEvent::Dropped(error) = tam.receive(&message) else { panic!() };
    assert_eq!(error.to_string(), "the Agent asked for attestation too often");
}

#[test]
fn tx2_an_answer_without_the_token_of_the_update_is_dropped() {
    let (mut tam, _) = updating();
    assert_eq!(dropped(tam.receive(&success(None, &[]))), "TX2");
    let message = error(&ErrorContent::new(ErrorCode::PermanentError));
    assert_eq!(dropped(tam.receive(&message)), "TX2");
    assert_eq!(tam.session.outstanding_updates(), 1);
}

#[test]
fn tx3_another_agent_does_not_consume_a_token() {
    let (mut tam, token) = updating();
    let mut out = [0; 512];
    let content = SuccessContent { token: Some(&token), ..Default::default() };
    let key = OTHER_AGENT.signing_key(Suite::Esp256);
    let message = OTHER_AGENT.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap());
    assert_eq!(dropped(tam.receive(&message)), "TX3");
    assert!(matches!(tam.receive(&success(Some(&token), &[])), TamEvent::Installed { .. }));
}

#[test]
fn tx4_a_result_attests_only_if_it_affirms() {
    for (status, expected) in [
        (Some(2), "attested"),
        (Some(0), "TX4"),
        (Some(32), "TX4"),
        (Some(96), "TX4"),
        (None, "TX4"),
    ] {
        let result = |nonce: &[u8]| claims(says(nonce, &AGENT, status), &VERIFIER);
        assert_eq!(judged(tam_config(), result), expected, "{status:?}");
    }
    let without = |nonce: &[u8]| claims(says(nonce, &AGENT, None), &VERIFIER);
    let config = TamConfig { without_status: WithoutStatus::Affirms, ..tam_config() };
    assert_eq!(judged(config, without), "attested");
}

#[test]
fn tx5_evidence_is_never_a_result() {
    let by_attester = |nonce: &[u8]| claims(says(nonce, &AGENT, Some(2)), &ATTESTER);
    assert_eq!(judged(tam_config(), by_attester), "TM37");
    // Nor where it comes without format, as a result would.
    let (mut tam, request) = TamSide::connected(tam_config());
    let request = payload(&request);
    let challenge = read(&request).options().challenge().unwrap().to_vec();
    let evidence = claims(says(&challenge, &AGENT, Some(2)), &ATTESTER);
    let content =
        QueryResponseContent { attestation_payload: Some(&evidence), ..Default::default() };
    let TamEvent::Refused { rule, .. } = tam.receive(&answered(&content)) else { panic!() };
    assert_eq!(rule.id(), "TM37");
}

#[test]
fn a_passport_is_judged_by_its_time_of_issue() {
    let config = TamConfig {
        model: Model::Passport,
        freshness: ResultFreshness::IssuedWithin(300),
        ..tam_config()
    };
    for (issued_at, is_fresh) in
        [(NOW, true), (NOW - 300, true), (NOW - 301, false), (NOW + 61, false)]
    {
        let (mut tam, request) = TamSide::connected(config);
        let request = payload(&request);
        assert!(read(&request).options().challenge().is_none());
        assert!(read(&request).options().token().is_none());
        let result =
            claims(Says { nonce: None, about: &AGENT, status: Some(2), issued_at }, &VERIFIER);
        let content =
            QueryResponseContent { attestation_payload: Some(&result), ..Default::default() };
        let message = answered(&content);
        let event = tam.receive(&message);
        assert_eq!(matches!(event, TamEvent::Passport { .. }), is_fresh, "{issued_at}");
    }
}

#[test]
fn a_session_goes_on_from_its_bytes_at_every_stage() {
    let again = |tam: &mut TamSide, config| {
        let mut out = [0; 1024];
        let state = tam.session.write_state(&mut out).unwrap();
        tam.session = TamSession::read_state(config, state).unwrap();
        for len in 0..state.len() {
            TamSession::read_state(config, &state[..len]).unwrap_err();
        }
    };
    let config = tam_config();
    let mut tam = TamSide::new(config);
    again(&mut tam, config);
    tam.session.connect().unwrap();
    again(&mut tam, config);
    let request = tam.send(&UpdateContent::default(), None).message();
    again(&mut tam, config);
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    // The front end finds the session by what the message says.
    let handle = handle_of(&response, Numbering::Iana, &cose_ext::Profile::LENIENT).unwrap();
    assert_eq!(tam.session.handles().next(), Some(handle));
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    again(&mut tam, config);
    let result = affirming(&challenge, &AGENT);
    let TamEvent::Attested { permit, .. } = tam.result(&result) else { panic!() };
    again(&mut tam, config);
    tam.session.order(&[[1; 32]]).unwrap();
    again(&mut tam, config);
    let manifests = [ENVELOPE];
    let update = tam.send(&UpdateContent::installing(&permit, &manifests), None).message();
    again(&mut tam, config);
    let token = token_of(&update);
    let other = report(Some(&token), [2; 32]);
    assert_eq!(dropped(tam.receive(&success(Some(&token), &[&other]))), "TA6");
    let own = report(Some(&token), [1; 32]);
    let message = success(Some(&token), &[&own]);
    assert!(matches!(tam.receive(&message), TamEvent::Installed { .. }));
    again(&mut tam, config);
    assert!(tam.session.is_done());
}

#[test]
fn a_message_that_did_not_leave_is_sent_again_with_its_token() {
    let mut tam = TamSide::new(asking_for_components());
    tam.session.connect().unwrap();
    let first = tam.send(&UpdateContent::default(), None).message();
    tam.session.again();
    let second = tam.send(&UpdateContent::default(), None).message();
    assert_eq!(token_of(&first), token_of(&second));
}

#[test]
fn machines_are_values_of_their_own() {
    fn is_send<T: Send + 'static>() {}
    is_send::<TamSession>();
    is_send::<teep_msg::AgentSession>();
    assert!(size_of::<teep_msg::AgentSession>() <= 2048);
    let items = DataItems::ATTESTATION.and(DataItems::EXTENSIONS);
    assert!(items.contains(DataItems::EXTENSIONS) && !items.contains(DataItems::SUIT_REPORTS));
}

#[test]
fn a_payload_of_one_byte_attests_nobody_and_only_an_override_goes_on() {
    // What an Agent of an older draft was recorded to send, in its numbering and under its suite.
    let numbering = Numbering::Draft25;
    let key = TAM.signing_key(Suite::Es256);
    let config = TamConfig { numbering, ..TamConfig::new(&[key], WithoutStatus::Refused) };
    let (mut tam, _) = TamSide::connected(config);
    let key = AGENT.signing_key(Suite::Es256);
    let mut out = [0; 256];
    let content = QueryResponseContent { attestation_payload: Some(&[0]), ..Default::default() };
    let response = AGENT.sign(content.draft(numbering, &key, &mut out).unwrap());
    let TamEvent::Refused { rule, code } = tam.receive(&response) else { panic!() };
    assert_eq!((rule.id(), code), ("TM37", ErrorCode::AttestationRequired));
    let permit = InstallPermit::danger_override();
    let manifests = [ENVELOPE];
    let update = tam.order(&UpdateContent::installing(&permit, &manifests));
    let update = payload(&update);
    let profile = cose_ext::Profile::LENIENT;
    let token = teep_msg::Message::decode(&update, numbering, &profile).unwrap();
    let token = token.options().token().unwrap().to_vec();
    let mut out = [0; 256];
    let content = SuccessContent { token: Some(&token), ..Default::default() };
    let success = AGENT.sign(content.draft(numbering, &key, &mut out).unwrap());
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    assert_eq!(dropped(tam.receive(&success)), "TM24");
}
