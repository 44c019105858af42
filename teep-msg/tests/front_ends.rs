//! Two front ends of one TAM over one store: what one began, the other ends, and a device has a bounded number of
//! sessions.

#[path = "support/parties.rs"]
mod parties;

use std::collections::HashMap;

use parties::*;
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSessions, Numbering, ResultFreshness,
    Suite, TamAttestation, TamConfig, TamEvent, TamOutput, TamSession, TamTrust, UpdateContent,
    WithoutStatus, handle_of,
};

/// Most sessions of one device.
const EACH: usize = 2;

/// What the front ends share: each value is one byte string.
#[derive(Default)]
struct Store {
    /// A session, under its token or challenge.
    sessions: HashMap<Vec<u8>, Vec<u8>>,
    /// The handles of a device's sessions, under the thumbprint of its key.
    devices: HashMap<[u8; 32], Vec<u8>>,
}

/// What is there for all front ends.
#[derive(Default)]
struct Tam {
    store: Store,
    random: Random,
}

impl Tam {
    /// A new front end, which knows what is in the store and nothing else.
    fn front_end(&mut self) -> FrontEnd<'_> {
        FrontEnd { config: tam_config(), store: &mut self.store, random: &mut self.random }
    }
}

/// A front end keeps nothing between two calls.
struct FrontEnd<'s> {
    config: TamConfig,
    store: &'s mut Store,
    random: &'s mut Random,
}

impl FrontEnd<'_> {
    fn connect(&mut self) -> Vec<u8> {
        let mut session = TamSession::new(self.config);
        session.connect().unwrap();
        self.send(session, &UpdateContent::default())
    }

    /// Answers a message of an Agent; `None` if no session waits for it.
    fn receive(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let handle = handle_of(message, Numbering::Iana, &cose_ext::Profile::LENIENT)?.to_vec();
        let state = self.store.sessions.remove(&handle)?;
        let mut session = TamSession::read_state(self.config, &state).unwrap();
        let (agents, verifiers) = (AGENT.store(), VERIFIER.store());
        let trust = TamTrust { agents: &agents, verifiers: &verifiers };
        let context = context();
        let event = session.receive(message, NOW, &trust, &context);
        let permit = match event {
            TamEvent::Evidence { .. } => {
                let result = affirming(&handle, &AGENT);
                let event = session.attestation_result(&result, NOW, &trust, &context).unwrap();
                let TamEvent::Attested { permit, .. } = event else { panic!("{event:?}") };
                permit
            }
            TamEvent::Installed { .. } => {
                self.forget(&session, &handle);
                return Some(Vec::new());
            }
            TamEvent::Dropped(_) => return None,
            other => panic!("{other:?}"),
        };
        session.order(&[]).unwrap();
        Some(self.send(session, &UpdateContent::installing(&permit, &[ENVELOPE])))
    }

    fn device(&self, agent: &[u8; 32]) -> AgentSessions<EACH> {
        let state = self.store.devices.get(agent);
        state.map_or(AgentSessions::new(), |state| AgentSessions::read_state(state).unwrap())
    }

    fn keep(&mut self, agent: &[u8; 32], device: &AgentSessions<EACH>) {
        let mut out = [0; 256];
        let state = device.write_state(&mut out).unwrap().to_vec();
        self.store.devices.insert(*agent, state);
    }

    fn forget(&mut self, session: &TamSession, handle: &[u8]) {
        let agent = *session.agent().unwrap();
        let mut device = self.device(&agent);
        device.remove(handle);
        self.keep(&agent, &device);
    }

    fn send(&mut self, mut session: TamSession, update: &UpdateContent<'_>) -> Vec<u8> {
        let mut out = [0; 2048];
        let message = loop {
            match session.poll(&mut out, NOW).unwrap() {
                TamOutput::Random { len } => session.random(&self.random.draw(len)).unwrap(),
                TamOutput::Sign(draft) => break TAM.sign(draft),
                TamOutput::Update(form) => break TAM.sign(form.write(update).unwrap()),
                other => panic!("{other:?}"),
            }
        };
        let mut state = [0; 1024];
        let state = session.write_state(&mut state).unwrap().to_vec();
        for handle in session.handles() {
            if let Some(agent) = session.agent() {
                let mut device = self.device(agent);
                if let Some(oldest) = device.insert(handle).unwrap() {
                    self.store.sessions.remove(oldest.as_bytes());
                }
                self.keep(agent, &device);
            }
            self.store.sessions.insert(handle.to_vec(), state.clone());
        }
        message
    }
}

/// An Agent that has answered the request of `front_end`, and its response.
fn answered(request: &[u8]) -> (AgentSide, Vec<u8>) {
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(request), AgentEvent::Query { .. }));
    let response = agent.send().unwrap();
    (agent, response)
}

#[test]
fn two_front_ends_over_one_store_finish_each_others_sessions() {
    let mut tam = Tam::default();
    // Each call is by a front end of its own.
    let request = tam.front_end().connect();
    let (mut agent, response) = answered(&request);
    let update = tam.front_end().receive(&response).unwrap();
    assert_eq!(agent.act(&update), 1);
    let success = agent.send_with(&AgentAnswer::default(), &[]).unwrap();
    assert_eq!(tam.front_end().receive(&success), Some(Vec::new()));
    // And what one has consumed, the other does not take.
    assert_eq!(tam.front_end().receive(&response), None);
    assert_eq!(tam.front_end().receive(&success), None);
    assert!(tam.store.sessions.is_empty());
}

#[test]
fn sessions_of_different_agents_do_not_meet_in_the_store() {
    let mut tam = Tam::default();
    let (first, second) = (tam.front_end().connect(), tam.front_end().connect());
    let (_, response_of_second) = answered(&second);
    let (_, response_of_first) = answered(&first);
    assert!(tam.front_end().receive(&response_of_second).is_some());
    assert!(tam.front_end().receive(&response_of_first).is_some());
    assert_eq!(tam.store.sessions.len(), 2, "two Updates wait");
}

/// M35: the oldest session of a device goes when there is one too many.
#[test]
fn a_device_has_a_bounded_number_of_sessions() {
    let mut tam = Tam::default();
    let mut waiting = Vec::new();
    for _ in 0..5 {
        let request = tam.front_end().connect();
        let (mut agent, response) = answered(&request);
        let update = tam.front_end().receive(&response).unwrap();
        assert_eq!(agent.act(&update), 1);
        waiting.push(agent.send_with(&AgentAnswer::default(), &[]).unwrap());
    }
    let mut is_taken = |success: &Vec<u8>| tam.front_end().receive(success).is_some();
    let taken: Vec<_> = waiting.iter().map(&mut is_taken).collect();
    assert_eq!(taken, [false, false, false, true, true]);
    assert!(tam.store.sessions.is_empty());
    assert_eq!(tam.store.devices.len(), 1);
}

#[test]
fn the_state_of_a_session_is_bounded() {
    // Four Updates with four manifests each, the longest tokens, and an outstanding request.
    let config = TamConfig { token_len: 64, challenge_len: 64, ..tam_config() };
    let (mut tam, mut agent) = (TamSide::new(config), AgentSide::new(agent_config()));
    tam.session.connect().unwrap();
    let request = tam.send(&UpdateContent::default(), None).message();
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    let result = affirming(&challenge, &AGENT);
    let TamEvent::Attested { permit, .. } = tam.result(&result) else { panic!() };
    for number in 0..6 {
        tam.session.order(&[[number; 32]; 4]).unwrap();
        let manifests = [ENVELOPE];
        tam.send(&UpdateContent::installing(&permit, &manifests), None).message();
    }
    tam.session.order(&[[9; 32]; 4]).unwrap();
    let mut out = [0; 1024];
    let state = tam.session.write_state(&mut out).unwrap();
    TamSession::read_state(config, state).unwrap();
    let mut out = [0; 768];
    agent.session.write_state(&mut out).unwrap();
}

/// The longest message of each machine without content of the caller fits what its `poll` says.
#[test]
fn messages_without_content_fit_the_buffers_that_the_docs_name() {
    let keys = [TAM.signing_key(Suite::Esp256), TAM.signing_key(Suite::Ed25519)];
    for freshness in [ResultFreshness::Nonce, ResultFreshness::IssuedWithin(300)] {
        let config = TamConfig {
            challenge_len: 64,
            token_len: 64,
            freshness,
            ..TamConfig::new(&keys, WithoutStatus::Refused)
        };
        let mut session = TamSession::new(config);
        session.connect().unwrap();
        let mut out = [0; 768];
        loop {
            match session.poll(&mut out, NOW).unwrap() {
                TamOutput::Random { len } => session.random(&vec![7; len]).unwrap(),
                TamOutput::Sign(draft) => {
                    assert_eq!(draft.algorithms().count(), 2);
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
    }
    // The longest Error: a challenge of the Agent's own, and what it supports.
    let required = TamAttestation::Required;
    let mut agent = AgentSide::new(AgentConfig { tam_attestation: required, ..agent_config() });
    let (_, request) = TamSide::connected(tam_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Refused(_)));
    agent.session.random(&[9; 32]).unwrap();
    let mut out = [0; 512];
    assert!(matches!(agent.session.poll(&mut out), Ok(AgentOutput::Sign(_))));
}
