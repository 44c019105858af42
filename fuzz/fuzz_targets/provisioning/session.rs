//! A TAM and an Agent over a bad line, up to the end: what the Agent acts upon the TAM ordered, once, and what the TAM takes
//! for done the Agent did.

use cose_ext::cbor::Writer;
use cose_ext::crypto::Algorithm;
use cose_ext::key::{Thumbprint, TrustStore};
use cose_ext::{Context, sign1};
use fuzz::{Accept, Chosen, Nobody, with_keys};
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, DataItems, Draft,
    ErrorCode, InstallPermit, Message, Model, Numbering, ResultFreshness, SigningKey, Suite,
    TamAttestation, TamConfig, TamEvent, TamOutput, TamSession, TamTrust, UpdateCache,
    UpdateContent, UpdateOutcome, UpdateStep, WithoutStatus,
};

use crate::refused;

/// Some SUIT envelope, of which a map is enough, and an identifier of a component.
const ENVELOPE: &[u8] = b"\xa1\x03\x41\xa0";
const COMPONENT: &[u8] = b"\x81\x41a";
const EVIDENCE: &str = "application/eat+cwt; eat_profile=\"tag:example.com,2026:evidence\"";
const NOW: u64 = 1_790_000_000;
const DIGEST: [u8; 32] = [3; 32];

fn context() -> Context<'static> {
    Context::new(&Accept::NOBODY)
}

/// What travels, and what was done.
struct Line<'k> {
    keys: &'k TrustStore<'k>,
    numbering: Numbering,
    tam_config: TamConfig,
    agent_config: AgentConfig,
    tam: TamSession,
    agent: AgentSession,
    seen: UpdateCache<4>,
    random: u8,
    now: u64,
    /// The Updates that were sent, those that were acted upon, and how many of these were finished well.
    ordered: Vec<Vec<u8>>,
    acted: Vec<Vec<u8>>,
    done: usize,
    installed: usize,
    /// What the Agent asked to be attested with last, and all that it drew for that: a message that
    /// was late brings an older one.
    asked: Option<Vec<u8>>,
    drawn: Vec<Vec<u8>>,
    permit: Option<InstallPermit>,
    old: Vec<Vec<u8>>,
}

pub fn check(chosen: &mut Chosen<'_>) {
    let numbering = chosen.one_of(Numbering::ALL);
    let keys = [Suite::Esp256, Suite::Ed25519, Suite::Es256, Suite::EdDsa];
    let first = usize::from(chosen.byte() % 4);
    let count = 1 + usize::from(chosen.byte()) % (4 - first);
    let keys: Vec<_> = keys[first..first + count]
        .iter()
        .map(|suite| SigningKey { suite: *suite, thumbprint: None })
        .collect();
    let attestation = DataItems::ATTESTATION;
    let components = DataItems::TRUSTED_COMPONENTS;
    let without_status = chosen.one_of([WithoutStatus::Affirms, WithoutStatus::Refused]);
    let tam_config = TamConfig {
        numbering,
        data_item_requested: chosen.one_of([
            attestation.and(components),
            attestation,
            components,
            components.and(DataItems::EXTENSIONS).and(DataItems::SUIT_REPORTS),
        ]),
        model: chosen.one_of([Model::BackgroundCheck, Model::Passport]),
        freshness: chosen.one_of([ResultFreshness::Nonce, ResultFreshness::IssuedWithin(60)]),
        agent_suite: chosen.one_of([None, None, Some(keys[0].suite)]),
        lifetime: 100,
        ..TamConfig::new(&keys, without_status)
    };
    let agent_keys = if chosen.byte() % 8 == 0 { &keys[..1] } else { &keys };
    let agent_config = AgentConfig {
        numbering: if chosen.byte() % 16 == 15 { numbering.other() } else { numbering },
        tam_attestation: chosen.one_of([TamAttestation::NotNeeded, TamAttestation::Required]),
        without_status,
        has_clock: chosen.byte() % 2 == 0,
        ..AgentConfig::new(agent_keys)
    };
    with_keys(|keys| {
        let mut line = Line {
            keys,
            numbering,
            tam_config,
            agent_config,
            tam: TamSession::new(tam_config),
            agent: AgentSession::new(agent_config),
            seen: UpdateCache::new(),
            random: 0,
            now: NOW,
            ordered: Vec::new(),
            acted: Vec::new(),
            done: 0,
            installed: 0,
            asked: None,
            drawn: Vec::new(),
            permit: None,
            old: Vec::new(),
        };
        assert!(format!("{:?} {:?}", line.tam_trust(), line.agent_trust()).contains("Trust"));
        if chosen.byte() % 8 == 0 {
            let expected = line.tam.expect_unsolicited(line.now);
            let has_handle = tam_config.model == Model::BackgroundCheck
                || !tam_config.data_item_requested.contains(attestation);
            assert!(
                expected.is_ok() || has_handle || tam_config.freshness == ResultFreshness::Nonce
            );
        }
        if let Err(error) = line.tam.connect() {
            refused(&error);
        }
        for _ in 0..16 {
            line.round(chosen);
        }
    });
}

impl<'k> Line<'k> {
    fn tam_trust(&self) -> TamTrust<'k> {
        TamTrust { agents: self.keys, verifiers: self.keys }
    }

    fn agent_trust(&self) -> AgentTrust<'k> {
        AgentTrust { tams: self.keys, verifiers: self.keys }
    }

    fn draw(&mut self, len: usize) -> Vec<u8> {
        self.random = self.random.wrapping_add(1);
        vec![self.random; len]
    }

    /// What the TAM has to say goes to the Agent, and what that has to say to the TAM.
    fn round(&mut self, chosen: &mut Chosen<'_>) {
        self.decide(chosen);
        if let Some(message) = self.tam_says(chosen) {
            for message in self.travels(message, chosen) {
                self.agent_hears(&message, chosen);
            }
        }
        if let Some(message) = self.agent_says(chosen) {
            for message in self.travels(message, chosen) {
                self.tam_hears(&message, chosen);
            }
        }
        assert!(self.installed <= self.done);
        self.resume();
    }

    /// A message may be lost, come twice, or come late; it may be another one.
    fn travels(&mut self, message: Vec<u8>, chosen: &mut Chosen<'_>) -> Vec<Vec<u8>> {
        let how = chosen.byte();
        let late = self.old.get(usize::from(how) % 8).cloned();
        self.old.push(message.clone());
        match how % 16 {
            0 => vec![],
            1 => vec![message.clone(), message],
            2 => late.into_iter().chain([message]).collect(),
            3 => {
                let mut other = message.clone();
                let place = chosen.below(other.len());
                other[place] ^= chosen.byte() | 1;
                vec![other, message]
            }
            _ => vec![message],
        }
    }

    /// What the TAM decides, where it may.
    fn decide(&mut self, chosen: &mut Chosen<'_>) {
        match chosen.byte() % 24 {
            0 => self.tam.again(),
            1 => {
                self.now += 101;
                self.tam.expire(self.now);
                assert_eq!(self.tam.outstanding_updates(), 0);
            }
            2 => self.tam.nothing_to_do(),
            3 => {
                let mut out = [0; 512];
                match self.tam.pass_back(b"result", None, &mut out) {
                    Ok(draft) => {
                        let message = sign(draft);
                        self.agent_hears(&message, chosen);
                    }
                    Err(error) => refused(&error),
                }
            }
            4 => match self.agent.respond_unsolicited() {
                Ok(()) => {}
                Err(error) => refused(&error),
            },
            5 => self.agent.transport_failed(),
            _ if self.permit.is_some() || self.tam.agent().is_some() => {
                if let Err(error) = self.tam.order(&[DIGEST]) {
                    refused(&error);
                }
            }
            _ => {}
        }
    }

    fn tam_says(&mut self, chosen: &mut Chosen<'_>) -> Option<Vec<u8>> {
        let mut out = [0; 1024];
        for _ in 0..3 {
            let agent = self.tam.clone();
            let claims = self.result(self.asked.clone().as_deref(), &self.tam_key(), chosen);
            let drawn = chosen.byte();
            let (small, kind) = (chosen.byte() == 255, chosen.byte());
            let room = if small { &mut out[..40] } else { &mut out[..] };
            let output = match self.tam.poll(room, self.now) {
                Ok(output) => output,
                Err(error) => {
                    refused(&error);
                    return None;
                }
            };
            assert!(!format!("{output:?}").is_empty());
            let draft = match output {
                TamOutput::Random { len } => {
                    let bytes = if drawn == 255 { vec![1; len] } else { self.draw(len) };
                    self.tam.random(&bytes).err().iter().for_each(refused);
                    self.tam.random(&[]).err().iter().for_each(refused);
                    continue;
                }
                TamOutput::Idle => return None,
                TamOutput::Sign(draft) => Ok(draft),
                TamOutput::Attest(form) if kind % 4 == 0 => form.write(b"evidence", Some(EVIDENCE)),
                TamOutput::Attest(form) => form.write(&claims, None),
                TamOutput::Update(form) => {
                    let permit = self.permit.take();
                    let manifests = [ENVELOPE];
                    let content = match permit {
                        Some(permit) if kind % 4 > 0 => {
                            UpdateContent::installing(&permit, &manifests)
                                .and_unlinking(&[COMPONENT])
                        }
                        _ if kind % 4 == 3 => UpdateContent::failing(ErrorCode::PermanentError),
                        _ => UpdateContent::unlinking(&[COMPONENT]),
                    };
                    form.write(&content)
                }
            };
            let message = match draft {
                Ok(draft) => sign(draft),
                Err(error) => {
                    refused(&error);
                    return None;
                }
            };
            assert!(agent.agent() == self.tam.agent());
            if let Some(update) = inner(&message, self.numbering) {
                self.ordered.push(update);
            }
            return Some(message);
        }
        None
    }

    fn agent_hears(&mut self, message: &[u8], chosen: &mut Chosen<'_>) {
        let trust = self.agent_trust();
        let event = self.agent.receive(message, &trust, &mut self.seen, &context());
        assert!(!format!("{event:?}").is_empty());
        match event {
            AgentEvent::Refused(error) => refused(&error),
            AgentEvent::Query { request, items } => {
                assert!(
                    request
                        .value()
                        .query_request()
                        .is_some_and(|it| it.data_item_requested == items)
                );
                assert!(self.agent.suite().is_some());
            }
            AgentEvent::TamEvidence { payload } => {
                assert_eq!(payload.bytes(), b"evidence");
                let asked = self.asked.clone();
                let result = self.result(asked.as_deref(), &self.tam_key(), chosen);
                match self.agent.attestation_result(&result, &trust, &context()) {
                    Ok(event) => assert!(matches!(event, AgentEvent::TamAttested { .. })),
                    Err(error) => refused(&error),
                }
            }
            AgentEvent::Update(order) => {
                assert!(self.agent.is_waiting());
                let update = order.update().value().bytes().to_vec();
                // Where numbers that should be random come twice, so may an order.
                let times = |all: &[Vec<u8>]| all.iter().filter(|one| **one == update).count();
                assert!(
                    times(&self.acted) < times(&self.ordered),
                    "nobody ordered it, or not again"
                );
                self.acted.push(update);
                for step in order.steps() {
                    match step {
                        UpdateStep::Unlink(component) => assert_eq!(component.bytes(), COMPONENT),
                        UpdateStep::Process(envelope) => assert_eq!(envelope, ENVELOPE),
                    }
                }
                let outcome = match chosen.byte() % 4 {
                    0 => UpdateOutcome::Failed(
                        chosen.one_of([ErrorCode::TemporaryError, ErrorCode::Other(99)]),
                    ),
                    _ => UpdateOutcome::Done,
                };
                self.done += usize::from(outcome == UpdateOutcome::Done);
                self.agent.finish(outcome).expect("it was asked to");
            }
            AgentEvent::TamFailed { update, .. } => assert!(update.value().error_code().is_some()),
            AgentEvent::ResultPassedBack { payload } => assert_eq!(payload.bytes(), b"result"),
            AgentEvent::TamAttested { .. } | AgentEvent::Nothing => {}
        }
    }

    fn agent_says(&mut self, chosen: &mut Chosen<'_>) -> Option<Vec<u8>> {
        let mut out = [0; 1024];
        for _ in 0..3 {
            let challenge = self.agent.challenge().map(<[u8]>::to_vec);
            let drawn = chosen.byte();
            let result = self.result(challenge.as_deref(), &self.agent_key(), chosen);
            let (payload, report) = (chosen.byte() % 4, chosen.byte() % 4);
            let mut claims = [0; 256];
            let output = match self.agent.poll(&mut out) {
                Ok(output) => output,
                Err(error) => {
                    refused(&error);
                    return None;
                }
            };
            assert!(!format!("{output:?}").is_empty());
            let draft = match output {
                AgentOutput::Random { len } => {
                    let bytes = if drawn == 255 { vec![7] } else { self.draw(len) };
                    match self.agent.random(&bytes) {
                        Ok(()) => {
                            self.drawn.push(bytes.clone());
                            self.asked = Some(bytes);
                        }
                        Err(error) => refused(&error),
                    }
                    continue;
                }
                AgentOutput::Idle => return None,
                AgentOutput::Sign(draft) => Ok(draft),
                AgentOutput::Respond(form) => {
                    let nonce = form.report_nonce().map(<[u8]>::to_vec);
                    let reports = [self::report(nonce.as_deref(), report, &mut claims)];
                    let is_passport = self.tam_config.model == Model::Passport;
                    let answer = AgentAnswer {
                        attestation_payload: (payload != 3).then_some(&result),
                        attestation_payload_format: match payload {
                            0 if !is_passport => Some(EVIDENCE),
                            _ => None,
                        },
                        ext_list: &[1],
                        unneeded: &[COMPONENT],
                        suit_reports: if report == 3 { &[] } else { &reports },
                        ..AgentAnswer::default()
                    };
                    assert!(
                        form.items() == self.tam_config.data_item_requested
                            && !format!("{answer:?}").is_empty()
                    );
                    form.write(&answer)
                }
                AgentOutput::Report(form) => {
                    let nonce = form.report_nonce().map(<[u8]>::to_vec);
                    let reports = [self::report(nonce.as_deref(), report, &mut claims)];
                    form.write(if report == 3 { &[] } else { &reports }, Some("text"))
                }
            };
            return match draft {
                Ok(draft) => Some(sign(draft)),
                Err(error) => {
                    refused(&error);
                    None
                }
            };
        }
        None
    }

    fn tam_hears(&mut self, message: &[u8], chosen: &mut Chosen<'_>) {
        let trust = self.tam_trust();
        let challenge = self.tam.handles().last().map(<[u8]>::to_vec);
        let outstanding = self.tam.outstanding_updates();
        let event = self.tam.receive(message, self.now, &trust, &context());
        assert!(!format!("{event:?}").is_empty());
        let event = match event {
            TamEvent::Evidence { payload, .. } => {
                assert_eq!(payload.format(), Some(EVIDENCE));
                assert!(self.tam.agent().is_some() && self.tam.suite().is_some());
                if chosen.byte() % 8 == 0 {
                    self.tam.no_attestation_result().expect("it was asked for")
                } else {
                    let result = self.result(challenge.as_deref(), &self.agent_key(), chosen);
                    match self.tam.attestation_result(&result, self.now, &trust, &context()) {
                        Ok(TamEvent::Attested { permit, result }) => {
                            let affirms = result.value().affirms(self.tam_config.without_status);
                            assert!(affirms && result.value().claims().confirmation().is_ok());
                            assert!(!format!("{result:?}").is_empty());
                            return self.permit = Some(permit);
                        }
                        Ok(TamEvent::Refused { .. }) => return,
                        other => panic!("{other:?}"),
                    }
                }
            }
            event => event,
        };
        match event {
            TamEvent::Dropped(error) => refused(&error),
            TamEvent::Checked { permit, response } => {
                assert!(response.value().error_code().is_none());
                self.permit = Some(permit);
            }
            TamEvent::Passport { permit, result, .. } => {
                assert!(result.value().affirms(self.tam_config.without_status));
                self.permit = Some(permit);
            }
            TamEvent::AttestationDemanded { challenge } => {
                assert!(challenge.is_none_or(|it| self.drawn.iter().any(|drawn| drawn == it)));
            }
            TamEvent::Installed { success } => {
                assert!(success.value().options().token().is_some());
                assert_eq!(self.tam.outstanding_updates() + 1, outstanding);
                self.installed += 1;
            }
            TamEvent::Failed { error, .. } => assert!(error.value().error_code().is_some()),
            TamEvent::Refused { rule, .. } => assert!(!rule.broken().is_empty()),
            TamEvent::Evidence { .. } | TamEvent::Attested { .. } => unreachable!("handled above"),
        }
        if self.tam.is_done() {
            assert_eq!(self.tam.outstanding_updates(), 0);
        }
    }

    /// Both go on in another process.
    fn resume(&mut self) {
        let mut out = [0; 1024];
        let state = self.tam.write_state(&mut out).expect("short enough");
        let tam = TamSession::read_state(self.tam_config, state).expect("as it was written");
        assert_eq!(format!("{tam:?}"), format!("{:?}", self.tam));
        refused(
            &TamSession::read_state(self.tam_config, &state[..state.len() - 1]).expect_err("cut"),
        );
        self.tam = tam;
        let state = self.agent.write_state(&mut out).expect("short enough");
        let agent = AgentSession::read_state(self.agent_config, state).expect("as it was written");
        assert_eq!(format!("{agent:?}"), format!("{:?}", self.agent));
        refused(&AgentSession::read_state(self.agent_config, &state[..4]).expect_err("cut"));
        self.agent = agent;
    }

    /// The key that the TAM knows the Agent by, and the other way around: as long as there is none, any.
    fn agent_key(&self) -> Thumbprint {
        self.tam.agent().map_or_else(|| self.tam_key(), |key| Thumbprint::from_bytes(*key))
    }

    fn tam_key(&self) -> Thumbprint {
        let suite = self.agent.suite().unwrap_or(Suite::Esp256);
        let is_ec = matches!(suite, Suite::Esp256 | Suite::Es256);
        let key = self.keys.keys()[if is_ec { 0 } else { 3 }];
        Thumbprint::from_bytes(*key.identity().as_bytes())
    }

    /// A result of a Verifier about a key, that may lack something.
    fn result(&self, nonce: Option<&[u8]>, about: &Thumbprint, chosen: &mut Chosen<'_>) -> Vec<u8> {
        let wrong = chosen.byte() % 16;
        let nonce = match wrong {
            0 => Some(&b"another nonce"[..]),
            1 => None,
            _ => nonce,
        };
        let status = chosen.one_of([Some(2), Some(2), Some(2), None, Some(32), Some(96), Some(0)]);
        let issued_at = if wrong == 2 { self.now - 1000 } else { self.now };
        let kid = if wrong == 3 { &[9; 32] } else { about.as_bytes() };
        let count = 1
            + usize::from(wrong != 4)
            + usize::from(nonce.is_some())
            + usize::from(status.is_some());
        let write = |writer: &mut Writer<'_>| {
            writer.map(count).int(6).int(issued_at);
            if wrong != 4 {
                // By a thumbprint, or as a key ID.
                writer.int(8).map(1).int(if wrong == 5 { 5 } else { 3 }).bytes(kid);
            }
            if let Some(nonce) = nonce {
                writer.int(10).bytes(nonce);
            }
            if let Some(status) = status {
                writer.int(1000).int(status);
            }
        };
        let mut out = [0; 512];
        let draft = sign1::Draft::write(&mut out, Algorithm::ES256, 0, |_| {}).payload(write);
        let signed = draft.expect("there is room").sign(&Nobody(Algorithm::ES256));
        signed.expect("there is room").to_vec()
    }
}

/// A report with the nonce, another one, or none that can be read.
fn report<'o>(nonce: Option<&[u8]>, kind: u8, out: &'o mut [u8; 256]) -> &'o [u8] {
    let mut writer = Writer::new(out);
    let nonce = if kind == 0 { Some(&b"another"[..]) } else { nonce };
    writer.map(3 + usize::from(nonce.is_some()));
    if let Some(nonce) = nonce {
        writer.int(2).bytes(nonce);
    }
    let digest = if kind == 1 { [9; 32] } else { DIGEST };
    writer.int(3).array(0).int(4).bool(true);
    writer.int(99).array(2).text("https://tc.example/a").array(2).int(-16).bytes(&digest);
    writer.finish().expect("there is room")
}

/// The Update within an envelope.
fn inner(message: &[u8], numbering: Numbering) -> Option<Vec<u8>> {
    let context = context();
    with_keys(|keys| {
        let protection = teep_msg::Protection {
            suites: Suite::ALL,
            ..teep_msg::Protection::new(numbering, keys)
        };
        let opened = teep_msg::open(message, &protection, &context).ok()?;
        let message: &Message<'_> = opened.message().value();
        let is_order = message.options().manifest_list().is_some()
            || message.options().unneeded_manifest_list().is_some();
        is_order.then(|| message.bytes().to_vec())
    })
}

fn sign(draft: Draft<'_>) -> Vec<u8> {
    let all =
        [Algorithm::ESP256, Algorithm::ED25519, Algorithm::ES256, Algorithm::EDDSA].map(Nobody);
    let [one, two, three, four] = &all;
    draft.sign(&[one, two, three, four]).expect("there is room").to_vec()
}
