//! The attacks that the formal analyses name, (a) to (l), replayed on both machines.

#[path = "support/parties.rs"]
mod parties;

use parties::*;
use teep_msg::{
    AgentEvent, InstallPermit, Numbering, SuccessContent, Suite, TamConfig, TamEvent, TamSession,
    UpdateCache, UpdateContent, UpdateOutcome,
};

/// An exchange up to the Update, which installs one manifest.
fn up_to_update() -> (TamSide, AgentSide, Vec<u8>) {
    let (mut tam, agent, permit) = attested();
    let manifests = [ENVELOPE];
    let update = tam.order(&UpdateContent::installing(&permit, &manifests));
    (tam, agent, update)
}

#[test]
fn ta1_a_replayed_request_gets_the_nonce_that_it_has_and_does_no_damage() {
    let (_, request) = TamSide::connected(tam_config());
    let mut agent = AgentSide::new(agent_config());
    let mut nonces = Vec::new();
    for _ in 0..3 {
        assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
        nonces.push(agent.session.challenge().unwrap().to_vec());
        agent.send().unwrap();
    }
    assert!(nonces.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn ta2_a_replayed_update_does_nothing() {
    let (_, mut agent, update) = up_to_update();
    assert_eq!(agent.act(&update), 1);
    agent.send().unwrap();
    assert_eq!(refused(agent.receive(&update)), "TA2");
    // Nor after another exchange, nor after a restart of the device.
    let (_, request) = TamSide::connected(TamConfig { challenge_len: 16, ..tam_config() });
    let stored: Vec<[u8; 32]> = agent.seen.digests().copied().collect();
    let mut agent = AgentSide::new(agent_config());
    agent.seen = UpdateCache::restore(&stored).unwrap();
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    agent.send().unwrap();
    assert_eq!(refused(agent.receive(&update)), "TA2");
}

#[test]
fn ta3_an_older_update_after_a_newer_one_does_nothing() {
    // The broker keeps the first, and the Agent asks again.
    let (_, mut agent, older) = up_to_update();
    let (mut tam, request) = TamSide::connected(TamConfig { challenge_len: 16, ..tam_config() });
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    let result = affirming(&challenge, &AGENT);
    let TamEvent::Attested { permit, .. } = tam.result(&result) else { panic!() };
    let manifests = [b"\xa1\x03\x42\xa1\x00".as_slice()];
    tam.random = Random::default();
    for _ in 0..40 {
        tam.random.draw(1);
    }
    let newer = tam.order(&UpdateContent::installing(&permit, &manifests));
    assert_eq!(agent.act(&newer), 1);
    agent.send().unwrap();
    assert_eq!(refused(agent.receive(&older)), "TX6");
}

#[test]
fn ta4_a_response_of_another_session_is_no_answer() {
    let (mut tam, mut agent, _) = up_to_update();
    let (_, request) = TamSide::connected(TamConfig { challenge_len: 24, ..tam_config() });
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let of_second = agent.send().unwrap();
    // In a session that was answered, and in a new one that waits.
    assert_eq!(dropped(tam.receive(&of_second)), "TM8");
    let (mut third, _) = TamSide::connected(tam_config());
    let TamEvent::Refused { rule, .. } = third.receive(&of_second) else { panic!() };
    assert_eq!(rule.id(), "TM11");
    third.send(&UpdateContent::default(), None).message();
    // Said once; and whoever replays does not close the request.
    assert_eq!(dropped(third.receive(&of_second)), "TA4");
    assert_eq!(third.session.handles().count(), 1);
    // With a token it is the token that differs.
    let (mut tam, _) = TamSide::connected(asking_for_components());
    assert_eq!(dropped(tam.receive(&of_second)), "TM15");
}

#[test]
fn ta5_evidence_of_another_device_does_not_attest_the_sender() {
    let (mut tam, request) = TamSide::connected(tam_config());
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    let result = affirming(&challenge, &OTHER_AGENT);
    let TamEvent::Refused { rule, .. } = tam.result(&result) else { panic!() };
    assert_eq!(rule.id(), "TM37");
    assert!(matches!(tam.send(&UpdateContent::default(), None), Sent::Message(_)));
}

#[test]
fn ta6_the_success_of_one_update_is_not_that_of_another() {
    let (mut tam, mut agent, first) = up_to_update();
    assert_eq!(agent.act(&first), 1);
    let success = agent.send().unwrap();
    let permit = InstallPermit::danger_override();
    let manifests = [ENVELOPE];
    tam.order(&UpdateContent::installing(&permit, &manifests));
    assert_eq!(tam.session.outstanding_updates(), 2);
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    assert_eq!(tam.session.outstanding_updates(), 1);
    assert_eq!(dropped(tam.receive(&success)), "TM24");
}

#[test]
fn ta7_the_second_of_two_equal_responses_is_dropped() {
    let (mut tam, request) = TamSide::connected(tam_config());
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    assert_eq!(dropped(tam.receive(&response)), "TM8");
}

#[test]
fn ta8_loss_and_repetition_at_every_step_install_nothing_that_was_not_ordered() {
    // The exhaustive walk stands in testkit; here each message is lost once, and repeated once.
    for lost in 0..4 {
        let (mut tam, request) = TamSide::connected(tam_config());
        let mut agent = AgentSide::new(agent_config());
        let mut installed = 0;
        if lost == 0 {
            assert!(agent.send().is_none());
            continue;
        }
        for _ in 0..2 {
            assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
        }
        let challenge = agent.session.challenge().unwrap().to_vec();
        let response = agent.send().unwrap();
        if lost == 1 {
            continue;
        }
        for _ in 0..2 {
            let _event = tam.receive(&response);
        }
        let result = affirming(&challenge, &AGENT);
        let TamEvent::Attested { permit, .. } = tam.result(&result) else { panic!() };
        let manifests = [ENVELOPE];
        let update = tam.order(&UpdateContent::installing(&permit, &manifests));
        if lost == 2 {
            assert_eq!(tam.session.outstanding_updates(), 1);
            continue;
        }
        for _ in 0..2 {
            installed += agent.act(&update);
        }
        assert_eq!(installed, 1);
    }
}

#[test]
fn ta9_a_key_of_another_role_is_refused() {
    let (mut tam, _, update) = up_to_update();
    let update = payload(&update);
    let token = read(&update).options().token().unwrap().to_vec();
    for by in [&TAM, &VERIFIER, &ATTESTER] {
        let mut out = [0; 512];
        let content = SuccessContent { token: Some(&token), ..Default::default() };
        let key = by.signing_key(Suite::Esp256);
        let message = by.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap());
        assert!(matches!(tam.receive(&message), TamEvent::Dropped(_)));
    }
    // A TAM's key says nothing to a TAM even where it is enrolled by mistake, and an Agent's nothing to an Agent.
    let mut out = [0; 512];
    let unneeded = [COMPONENT];
    let content = UpdateContent::unlinking(&unneeded).with_token(&token);
    let key = AGENT.signing_key(Suite::Esp256);
    let message = AGENT.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap());
    assert_eq!(dropped(tam.receive(&message)), "TA9");
    assert_eq!(tam.session.outstanding_updates(), 1);
}

#[test]
fn ta10_one_key_under_another_algorithm_is_refused() {
    let (mut tam, _, update) = up_to_update();
    let update = payload(&update);
    let token = read(&update).options().token().unwrap().to_vec();
    let mut out = [0; 512];
    let content = SuccessContent { token: Some(&token), ..Default::default() };
    let key = AGENT.signing_key(Suite::Es256);
    let message = AGENT.sign(content.draft(Numbering::Iana, &key, &mut out).unwrap());
    assert!(matches!(tam.receive(&message), TamEvent::Dropped(_)));
    // A signature that is taken away leaves one of another suite.
    let keys = [TAM.signing_key(Suite::Es256), TAM.signing_key(Suite::Esp256)];
    let config = TamConfig {
        keys: TamConfig::new(&keys, teep_msg::WithoutStatus::Refused).keys,
        ..tam_config()
    };
    let (_, request) = TamSide::connected(config);
    let mut stripped = request.clone();
    let at = stripped.windows(2).position(|two| two == b"\x82\x83").unwrap();
    let one = (stripped.len() - at - 1) / 2;
    stripped.truncate(at + 1 + one);
    stripped[at] = 0x81;
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&stripped), AgentEvent::Refused(_)));
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
}

#[test]
fn ta11_a_shortened_list_of_suites_does_not_verify() {
    let keys = [TAM.signing_key(Suite::Es256), TAM.signing_key(Suite::Esp256)];
    let config = TamConfig {
        keys: TamConfig::new(&keys, teep_msg::WithoutStatus::Refused).keys,
        ..tam_config()
    };
    let (_, request) = TamSide::connected(config);
    let list = b"\x82\x81\x82\x12\x26\x81\x82\x12\x28";
    let at = request.windows(list.len()).position(|window| window == list).unwrap();
    let mut cut = request.clone();
    cut[at + 4] = 0x28;
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&cut), AgentEvent::Refused(_)));
    assert!(agent.session.challenge().is_none());
    // An unknown critical header: {1: -9, 2: [4242], 4242: 1}.
    let critical =
        b"\xd2\x84\x4d\xa3\x01\x28\x02\x81\x19\x10\x92\x19\x10\x92\x01\xa0\x43\x82\x01\xa0\x41\x00";
    assert!(matches!(agent.receive(critical), AgentEvent::Refused(_)));
}

#[test]
fn ta12_a_replayed_update_that_only_unlinks_removes_nothing() {
    let (mut tam, mut agent, _permit) = attested();
    let unneeded = [COMPONENT];
    let update = tam.order(&UpdateContent::unlinking(&unneeded));
    assert_eq!(agent.act(&update), 1);
    agent.send().unwrap();
    // In another session, with a response of the Agent's own before it.
    let (_, request) = TamSide::connected(TamConfig { challenge_len: 16, ..tam_config() });
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    agent.send().unwrap();
    assert_eq!(refused(agent.receive(&update)), "TA2");
    let AgentEvent::Refused(_) = agent.receive(&update) else { panic!() };
    agent.session.finish(UpdateOutcome::Done).unwrap_err();
    let _: TamSession = tam.session;
}
