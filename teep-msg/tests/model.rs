//! Both machines as they are, under a broker that loses, repeats, reorders, replays and crosses sessions: every state
//! that two TAMs and two Agents can reach, with a session for each pair. The broker keeps every message that it ever carried, and
//! delivers any of them to anybody, at any time and as often as it likes, or never. Signatures are stand-ins that nobody
//! forges. The second Agent is the attacker: it answers what it sees, with its own Evidence or with that of the first.
//!
//! Each wall is then taken away, one at a time, and has to be missed: the walk finds the attack that it stops.

use std::time::Instant;

use cose_ext::{
    Context,
    cbor::Writer,
    crypto::{
        Algorithm, Curve, HashFunction, InvalidKey, KeyMaterial, KeyProfile, Provider, PublicKey,
        SignError, SignatureVerifier, Signer, VerifyError, YCoordinate,
    },
    key::{OwnedTrustStore, OwnedTrustedKey, Thumbprint},
    rustcrypto::Sha256,
    sign1,
};
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, Draft, Message,
    MessageType, Numbering, QueryResponseContent, SeenUpdates, SigningKey, SuccessContent, Suite,
    TamConfig, TamEvent, TamOutput, TamSession, TamTrust, UpdateContent, UpdateOutcome,
    WithoutStatus,
};
use testkit::explore::{Model, explore};

/// A key is one byte, and a signature names it and what was signed.
struct Stub;

struct Key {
    number: u8,
    point: [u8; 32],
}

impl Key {
    const fn new(number: u8) -> Self {
        Self { number, point: [number; 32] }
    }

    fn public(&self) -> PublicKey<'_> {
        let y = YCoordinate::Value(&self.point);
        PublicKey {
            material: KeyMaterial::Ec2 { curve: Curve::P256, x: &self.point, y },
            algorithm: None,
        }
    }

    fn thumbprint(&self) -> [u8; 32] {
        *Thumbprint::of(&self.public(), &Stub).unwrap().as_bytes()
    }

    fn trusted(&self) -> OwnedTrustedKey {
        OwnedTrustedKey::new(self.public(), &Context::new(&Stub)).unwrap()
    }

    fn signing_key(&self) -> SigningKey {
        SigningKey { suite: Suite::Esp256, thumbprint: Some(self.thumbprint()) }
    }

    fn sign(&self, draft: Draft<'_>) -> Vec<u8> {
        draft.sign(&[self]).unwrap().to_vec()
    }

    fn made(&self, message: &[&[u8]]) -> [u8; 64] {
        let mut signature = [self.number; 64];
        let hash = message
            .iter()
            .flat_map(|part| part.iter())
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
        signature[..8].copy_from_slice(&hash.to_be_bytes());
        signature
    }
}

impl Signer for Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ESP256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        signature.copy_from_slice(&self.made(message));
        Ok(64)
    }
}

impl SignatureVerifier for Key {
    fn profile(&self) -> KeyProfile {
        self.public().profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.public());
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], made: &[u8]) -> Result<(), VerifyError> {
        if made == self.made(message) { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }
}

impl Provider for Stub {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        let KeyMaterial::Ec2 { x, .. } = key.material else { return Err(InvalidKey::Malformed) };
        then(&Key::new(x[0]));
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        (algorithm == Algorithm::SHA256).then_some(&Sha256)
    }
}

const TAMS: [Key; 2] = [Key::new(1), Key::new(2)];
const AGENTS: [Key; 2] = [Key::new(11), Key::new(12)];
const VERIFIER: Key = Key::new(21);
const NOW: u64 = 1000;
const EVIDENCE_TYPE: &str = "application/evidence";
const COMPONENT: &[u8] = b"\x81\x41a";
/// The Agent that is the attacker's, and the other.
const TAKEN: usize = 1;
const HONEST: usize = 0;

/// Which wall is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Without {
    Nothing,
    /// A request and an Update stay open after they were answered.
    TokenConsumed,
    /// The Verifier passes any nonce for the one that was asked.
    Nonce,
    /// The Verifier's result names whoever sent the Evidence.
    KeyConfirmation,
    /// Agents do not remember Updates.
    UpdateCache,
}

struct World {
    without: Without,
    agents: OwnedTrustStore,
    tams: [OwnedTrustStore; 2],
    verifiers: OwnedTrustStore,
}

/// What each device remembers, and what it forgets where that wall is away.
#[derive(Clone, Default)]
struct Cache {
    digests: Vec<[u8; 32]>,
    forgets: bool,
}

impl SeenUpdates for Cache {
    fn has(&self, digest: &[u8; 32]) -> bool {
        self.digests.contains(digest)
    }

    fn insert(&mut self, digest: &[u8; 32]) {
        if !self.forgets {
            self.digests.push(*digest);
            self.digests.sort_unstable();
        }
    }
}

/// Sessions of both sides, and what the broker holds. `agents[tam]` is the first Agent's session with that TAM; the
/// second has no state, since it may do anything at any time.
#[derive(Clone)]
struct State {
    tams: [TamSession; 2],
    agents: [AgentSession; 2],
    cache: Cache,
    in_flight: Vec<Vec<u8>>,
    /// How often each Update was acted upon.
    applied: [u8; 2],
    /// How often each TAM took a response for an answer, and an Update for done.
    answered: [u8; 2],
    installed: [u8; 2],
}

#[derive(Clone, Debug)]
enum Action {
    Connect(usize),
    ToTam {
        message: usize,
        tam: usize,
    },
    ToAgent {
        message: usize,
        tam: usize,
    },
    /// The attacker answers a request with its own Evidence, an Update with a Success, and puts Evidence that it saw
    /// into a response of its own.
    Attack {
        message: usize,
    },
}

impl World {
    fn new(without: Without) -> Self {
        Self {
            without,
            agents: AGENTS.iter().map(Key::trusted).collect(),
            tams: TAMS.each_ref().map(|key| [key.trusted()].into_iter().collect()),
            verifiers: [VERIFIER.trusted()].into_iter().collect(),
        }
    }

    fn trust(&self) -> TamTrust<'_> {
        TamTrust { agents: &self.agents, verifiers: &self.verifiers }
    }

    /// Lets a TAM send what it owes.
    fn send_from_tam(&self, state: &mut State, tam: usize) {
        let mut out = [0; 512];
        let draft = loop {
            match state.tams[tam].poll(&mut out, NOW).unwrap() {
                TamOutput::Random { len } => {
                    // A number of its own for each message of each TAM.
                    let number = [b'C', b'U'][usize::from(len == 16)] + tam as u8;
                    state.tams[tam].random(&vec![number; len]).unwrap();
                }
                TamOutput::Sign(draft) => break draft,
                TamOutput::Update(form) => {
                    break form.write(&UpdateContent::unlinking(&[COMPONENT])).unwrap();
                }
                _ => return,
            }
        };
        let message = TAMS[tam].sign(draft);
        state.put(message);
    }

    fn at_tam(&self, state: &mut State, bytes: &[u8], tam: usize) -> Result<(), String> {
        let before = state.tams[tam].clone();
        let context = Context::new(&Stub);
        let event = state.tams[tam].receive(bytes, NOW, &self.trust(), &context);
        match event {
            TamEvent::Evidence { payload, .. } => {
                state.answered[tam] += 1;
                if state.answered[tam] > 1 {
                    return Err("one request was answered twice".into());
                }
                self.appraise(state, payload.bytes(), tam)?;
                if self.without == Without::TokenConsumed {
                    state.tams[tam] = before;
                }
            }
            TamEvent::Installed { .. } => {
                state.installed[tam] += 1;
                if state.installed[tam] > 1 {
                    return Err("one Update was done twice".into());
                }
                let agent = *state.tams[tam].agent().unwrap();
                let device = AGENTS.iter().position(|key| key.thumbprint() == agent).unwrap();
                // The attacker says what it likes of its own device.
                if device != TAKEN && state.applied[tam] == 0 {
                    return Err("an Update counts as done that its Agent never saw".into());
                }
                if self.without == Without::TokenConsumed {
                    state.tams[tam] = before;
                }
            }
            _ => {}
        }
        self.send_from_tam(state, tam);
        Ok(())
    }

    /// The Verifier says whose Evidence it is and over which nonce; then the TAM decides.
    fn appraise(&self, state: &mut State, evidence: &[u8], tam: usize) -> Result<(), String> {
        let (device, nonce) = (usize::from(evidence[0]), &evidence[1..]);
        let challenge = [b'C' + tam as u8; 32];
        let sender = *state.tams[tam].agent().unwrap();
        let about = match self.without {
            Without::KeyConfirmation => sender,
            _ => AGENTS[device].thumbprint(),
        };
        let stated = if self.without == Without::Nonce { &challenge[..] } else { nonce };
        let result = result(about, stated);
        let context = Context::new(&Stub);
        let event = state.tams[tam].attestation_result(&result, NOW, &self.trust(), &context);
        if let TamEvent::Attested { .. } = event.unwrap() {
            if nonce != challenge {
                return Err("Evidence of another session attested an Agent".into());
            }
            if AGENTS[device].thumbprint() != sender {
                return Err("Evidence of another device attested an Agent".into());
            }
            state.tams[tam].order(&[]).unwrap();
        }
        Ok(())
    }

    fn at_agent(&self, state: &mut State, bytes: &[u8], tam: usize) -> Result<(), String> {
        let trust = AgentTrust { tams: &self.tams[tam], verifiers: &self.verifiers };
        let context = Context::new(&Stub);
        let cache = &mut state.cache;
        let event = state.agents[tam].receive(bytes, &trust, cache, &context);
        if let AgentEvent::Update(_) = event {
            state.applied[tam] += 1;
            if state.applied[tam] > 1 {
                return Err("one Update was acted upon twice".into());
            }
            state.agents[tam].finish(UpdateOutcome::Done).unwrap();
        }
        let mut out = [0; 512];
        let session = &mut state.agents[tam];
        let evidence = evidence(HONEST, session.challenge().unwrap_or_default());
        let draft = match session.poll(&mut out).unwrap() {
            AgentOutput::Respond(form) => form
                .write(&AgentAnswer {
                    attestation_payload: Some(&evidence),
                    attestation_payload_format: Some(EVIDENCE_TYPE),
                    ..Default::default()
                })
                .unwrap(),
            AgentOutput::Report(form) => form.write(&[], None).unwrap(),
            // Errors say nothing that these properties are about.
            _ => return Ok(()),
        };
        let message = AGENTS[HONEST].sign(draft);
        state.put(message);
        Ok(())
    }
}

/// Which device, and the nonce: opaque to everybody but the Verifier.
fn evidence(device: usize, nonce: &[u8]) -> Vec<u8> {
    [&[device as u8], nonce].concat()
}

fn result(about: [u8; 32], nonce: &[u8]) -> Vec<u8> {
    let mut out = [0; 256];
    let write = |writer: &mut Writer<'_>| {
        writer.map(3).int(8).map(1).int(3).bytes(&about);
        writer.int(10).bytes(nonce).int(1000).int(2);
    };
    let draft = sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {}).payload(write);
    draft.unwrap().sign(&VERIFIER).unwrap().to_vec()
}

fn type_of(message: &[u8]) -> MessageType {
    let profile = cose_ext::Profile::LENIENT;
    let signed = cose_ext::Authenticated::decode_tagged(message, &profile).unwrap();
    let payload = signed.danger_unverified_payload().unwrap();
    Message::decode(payload, Numbering::Iana, &profile).unwrap().message_type()
}

/// What the attacker makes of a message.
fn attacked(message: &[u8]) -> Option<Vec<u8>> {
    let profile = cose_ext::Profile::LENIENT;
    let signed = cose_ext::Authenticated::decode_tagged(message, &profile).unwrap();
    let payload = signed.danger_unverified_payload().unwrap();
    let message = Message::decode(payload, Numbering::Iana, &profile).unwrap();
    let options = message.options();
    let key = AGENTS[TAKEN].signing_key();
    let mut out = [0; 512];
    let evidence = match message.message_type() {
        MessageType::QueryRequest => evidence(TAKEN, options.challenge()?),
        MessageType::QueryResponse => options.attestation_payload()?.bytes().to_vec(),
        MessageType::Update => {
            let content = SuccessContent { token: Some(options.token()?), ..Default::default() };
            let draft = content.draft(Numbering::Iana, &key, &mut out).unwrap();
            return Some(AGENTS[TAKEN].sign(draft));
        }
        _ => return None,
    };
    let content = QueryResponseContent {
        attestation_payload: Some(&evidence),
        attestation_payload_format: Some(EVIDENCE_TYPE),
        ..Default::default()
    };
    Some(AGENTS[TAKEN].sign(content.draft(Numbering::Iana, &key, &mut out).unwrap()))
}

impl State {
    fn put(&mut self, message: Vec<u8>) {
        if !self.in_flight.contains(&message) {
            self.in_flight.push(message);
            self.in_flight.sort_unstable();
        }
    }
}

impl Model for World {
    type State = State;
    type Key = Vec<u8>;
    type Action = Action;

    fn start(&self) -> State {
        let tam = |tam: usize| {
            TamSession::new(TamConfig {
                data_item_requested: teep_msg::DataItems::ATTESTATION,
                agent_suite: Some(Suite::Esp256),
                ..TamConfig::new(&[TAMS[tam].signing_key()], WithoutStatus::Refused)
            })
        };
        let agent = AgentSession::new(AgentConfig::new(&[AGENTS[HONEST].signing_key()]));
        let cache = Cache { digests: Vec::new(), forgets: self.without == Without::UpdateCache };
        State {
            tams: [tam(0), tam(1)],
            agents: [agent.clone(), agent],
            cache,
            in_flight: Vec::new(),
            applied: [0; 2],
            answered: [0; 2],
            installed: [0; 2],
        }
    }

    fn key(&self, state: &State) -> Vec<u8> {
        let mut key = Vec::new();
        let mut out = [0; 1024];
        for tam in &state.tams {
            key.extend_from_slice(tam.write_state(&mut out).unwrap());
        }
        for agent in &state.agents {
            key.extend_from_slice(agent.write_state(&mut out).unwrap());
        }
        key.extend(state.cache.digests.iter().flatten());
        for message in &state.in_flight {
            key.push(0xff);
            key.extend_from_slice(message);
        }
        key.extend(state.applied.iter().chain(&state.answered).chain(&state.installed));
        // Whole states would take the memory of the machine.
        Sha256.hash(&[&key]).as_ref().to_vec()
    }

    fn actions(&self, state: &State) -> Vec<Action> {
        let mut actions = Vec::new();
        for tam in 0..2 {
            if state.tams[tam].clone().connect().is_ok() {
                actions.push(Action::Connect(tam));
            }
        }
        for (message, bytes) in state.in_flight.iter().enumerate() {
            let of = type_of(bytes);
            for tam in 0..2 {
                if of.is_of_tam() {
                    actions.push(Action::ToAgent { message, tam });
                } else {
                    actions.push(Action::ToTam { message, tam });
                }
            }
            actions.push(Action::Attack { message });
        }
        actions
    }

    fn next(&self, state: &State, action: &Action) -> Result<State, String> {
        let mut next = state.clone();
        match *action {
            Action::Connect(tam) => {
                next.tams[tam].connect().unwrap();
                self.send_from_tam(&mut next, tam);
            }
            Action::ToTam { message, tam } => {
                let bytes = next.in_flight[message].clone();
                self.at_tam(&mut next, &bytes, tam)?;
            }
            Action::ToAgent { message, tam } => {
                let bytes = next.in_flight[message].clone();
                self.at_agent(&mut next, &bytes, tam)?;
            }
            Action::Attack { message } => {
                if let Some(message) = attacked(&next.in_flight[message]) {
                    next.put(message);
                }
            }
        }
        Ok(next)
    }
}

/// More than the model has: it is exhausted, or the walk fails.
const MOST: usize = 4_000_000;

fn attack(without: Without) -> String {
    let explored = explore(&World::new(without), MOST);
    let (way, broken) = explored.broken.expect("the wall is not missed");
    println!(
        "{without:?}: {broken}, after {} states in {} steps: {way:?}",
        explored.states,
        way.len()
    );
    broken
}

#[test]
fn ta8_a_hostile_broker_reaches_nothing_that_must_not_be() {
    let begun = Instant::now();
    let explored = explore(&World::new(Without::Nothing), MOST);
    println!("{} states, {} steps, {:?}", explored.states, explored.steps, begun.elapsed());
    assert!(explored.states > 1000);
    assert!(explored.broken.is_none(), "{:?}", explored.broken);
}

#[test]
fn a_token_that_is_not_consumed_is_missed() {
    assert!(attack(Without::TokenConsumed).ends_with("twice"));
}

#[test]
fn a_nonce_that_is_not_checked_is_missed() {
    assert_eq!(attack(Without::Nonce), "Evidence of another session attested an Agent");
}

#[test]
fn a_key_that_is_not_confirmed_is_missed() {
    assert_eq!(attack(Without::KeyConfirmation), "Evidence of another device attested an Agent");
}

#[test]
fn a_cache_that_forgets_is_missed() {
    assert_eq!(attack(Without::UpdateCache), "one Update was acted upon twice");
}
