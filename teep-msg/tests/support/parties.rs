//! A TAM, an Agent, a Verifier and what travels between them.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Context,
    cbor::Writer,
    crypto::{Algorithm, Signer},
    key::{OwnedTrustStore, OwnedTrustedKey, Thumbprint},
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1,
};
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, DataItems, Draft,
    Error, InstallPermit, Numbering, SigningKey, Suite, TamConfig, TamEvent, TamOutput, TamSession,
    TamTrust, UpdateCache, UpdateContent, UpdateOutcome, WithoutStatus,
};

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

/// A P-256 key of one role.
pub(crate) struct Party {
    pub(crate) secret: [u8; 32],
}

impl Party {
    pub(crate) const fn new(number: u8) -> Self {
        Self { secret: [number; 32] }
    }

    pub(crate) fn signer(&self, algorithm: Algorithm) -> P256SigningKey {
        let key = P256SigningKey::from_bytes(&self.secret).unwrap();
        key.with_algorithm(algorithm).unwrap()
    }

    pub(crate) fn thumbprint(&self) -> [u8; 32] {
        let key = self.signer(Algorithm::ESP256).public_key();
        *Thumbprint::of(&(&key).into(), &RustCrypto).unwrap().as_bytes()
    }

    pub(crate) fn signing_key(&self, suite: Suite) -> SigningKey {
        SigningKey { suite, thumbprint: Some(self.thumbprint()) }
    }

    pub(crate) fn trusted(&self) -> OwnedTrustedKey {
        let key = self.signer(Algorithm::ESP256).public_key();
        OwnedTrustedKey::new(&key, &context()).unwrap()
    }

    pub(crate) fn store(&self) -> OwnedTrustStore {
        [self.trusted()].into_iter().collect()
    }

    /// Signs with every suite that a draft asks for.
    pub(crate) fn sign(&self, draft: Draft<'_>) -> Vec<u8> {
        let (new, old) = (self.signer(Algorithm::ESP256), self.signer(Algorithm::ES256));
        let signers: [&dyn Signer; 2] = [&new, &old];
        draft.sign(&signers).unwrap().to_vec()
    }
}

pub(crate) const TAM: Party = Party::new(1);
pub(crate) const AGENT: Party = Party::new(2);
pub(crate) const OTHER_AGENT: Party = Party::new(3);
pub(crate) const VERIFIER: Party = Party::new(4);
pub(crate) const ATTESTER: Party = Party::new(5);
pub(crate) const STRANGER: Party = Party::new(6);

/// Some SUIT envelope: for TEEP a map is enough.
pub(crate) const ENVELOPE: &[u8] = b"\xa1\x03\x41\xa0";
/// `[h'61']`.
pub(crate) const COMPONENT: &[u8] = b"\x81\x41a";

pub(crate) const NOW: u64 = 1_790_000_000;

pub(crate) fn tam_config() -> TamConfig {
    TamConfig::new(&[TAM.signing_key(Suite::Esp256)], WithoutStatus::Refused)
}

/// Asks for components alone: with a token.
pub(crate) fn asking_for_components() -> TamConfig {
    TamConfig { data_item_requested: DataItems::TRUSTED_COMPONENTS, ..tam_config() }
}

pub(crate) fn agent_config() -> AgentConfig {
    AgentConfig::new(&[AGENT.signing_key(Suite::Esp256)])
}

/// Draws a number that was not drawn before.
#[derive(Default)]
pub(crate) struct Random(u8);

impl Random {
    pub(crate) fn draw(&mut self, len: usize) -> Vec<u8> {
        self.0 += 1;
        vec![self.0; len]
    }

    /// Goes on with other numbers than other sessions drew.
    pub(crate) fn skip(&mut self, count: u8) {
        self.0 += count;
    }
}

/// The TAM's side with its stores.
pub(crate) struct TamSide {
    pub(crate) session: TamSession,
    pub(crate) agents: OwnedTrustStore,
    pub(crate) verifiers: OwnedTrustStore,
    pub(crate) random: Random,
    pub(crate) now: u64,
}

/// What a TAM sent.
#[derive(Debug)]
pub(crate) enum Sent {
    Nothing,
    Message(Vec<u8>),
}

impl Sent {
    pub(crate) fn message(self) -> Vec<u8> {
        match self {
            Self::Message(message) => message,
            Self::Nothing => panic!("nothing was sent"),
        }
    }
}

impl TamSide {
    pub(crate) fn new(config: TamConfig) -> Self {
        Self {
            session: TamSession::new(config),
            agents: [AGENT.trusted(), OTHER_AGENT.trusted()].into_iter().collect(),
            verifiers: VERIFIER.store(),
            random: Random::default(),
            now: NOW,
        }
    }

    /// Connects, and returns the request.
    pub(crate) fn connected(config: TamConfig) -> (Self, Vec<u8>) {
        let mut side = Self::new(config);
        side.session.connect().unwrap();
        let request = side.send(&UpdateContent::unlinking(&[]), None).message();
        (side, request)
    }

    /// Sends what is due; `update` and `payload` are what it may need.
    pub(crate) fn send(&mut self, update: &UpdateContent<'_>, payload: Option<&[u8]>) -> Sent {
        let mut out = [0; 2048];
        loop {
            let draft = match self.session.poll(&mut out, self.now).unwrap() {
                TamOutput::Random { len } => {
                    let drawn = self.random.draw(len);
                    self.session.random(&drawn).unwrap();
                    continue;
                }
                TamOutput::Sign(draft) => draft,
                TamOutput::Attest(form) => form.write(payload.unwrap(), None).unwrap(),
                TamOutput::Update(form) => form.write(update).unwrap(),
                TamOutput::Idle => return Sent::Nothing,
            };
            return Sent::Message(TAM.sign(draft));
        }
    }

    pub(crate) fn receive<'m>(&mut self, message: &'m [u8]) -> TamEvent<'m> {
        let trust = TamTrust { agents: &self.agents, verifiers: &self.verifiers };
        self.session.receive(message, self.now, &trust, &context())
    }

    pub(crate) fn result<'m>(&mut self, result: &'m [u8]) -> TamEvent<'m> {
        let trust = TamTrust { agents: &self.agents, verifiers: &self.verifiers };
        self.session.attestation_result(result, self.now, &trust, &context()).unwrap()
    }

    /// Orders `content` and returns the Update.
    pub(crate) fn order(&mut self, content: &UpdateContent<'_>) -> Vec<u8> {
        self.session.order(&[]).unwrap();
        self.send(content, None).message()
    }
}

/// The rule that a TAM dropped a message by.
pub(crate) fn dropped(event: TamEvent<'_>) -> &'static str {
    match event {
        TamEvent::Dropped(error) => rule_of(&error),
        other => panic!("not dropped: {other:?}"),
    }
}

pub(crate) fn rule_of(error: &Error) -> &'static str {
    error.rule().map_or("none", |rule| rule.id)
}

/// The Agent's side with its stores.
pub(crate) struct AgentSide {
    pub(crate) session: AgentSession,
    pub(crate) tams: OwnedTrustStore,
    pub(crate) verifiers: OwnedTrustStore,
    pub(crate) seen: UpdateCache<4>,
    pub(crate) random: Random,
}

impl AgentSide {
    pub(crate) fn new(config: AgentConfig) -> Self {
        Self {
            session: AgentSession::new(config),
            tams: TAM.store(),
            verifiers: VERIFIER.store(),
            seen: UpdateCache::new(),
            random: Random(100),
        }
    }

    pub(crate) fn receive<'m>(&mut self, message: &'m [u8]) -> AgentEvent<'m> {
        let trust = AgentTrust { tams: &self.tams, verifiers: &self.verifiers };
        self.session.receive(message, &trust, &mut self.seen, &context())
    }

    /// Sends what is due, with `answer` and `reports` as it needs them.
    pub(crate) fn send_with(
        &mut self,
        answer: &AgentAnswer<'_>,
        reports: &[&[u8]],
    ) -> Option<Vec<u8>> {
        let mut out = [0; 2048];
        loop {
            let draft = match self.session.poll(&mut out).unwrap() {
                AgentOutput::Random { len } => {
                    let drawn = self.random.draw(len);
                    self.session.random(&drawn).unwrap();
                    continue;
                }
                AgentOutput::Sign(draft) => draft,
                AgentOutput::Respond(form) => form.write(answer).unwrap(),
                AgentOutput::Report(form) => form.write(reports, None).unwrap(),
                AgentOutput::Idle => return None,
            };
            return Some(AGENT.sign(draft));
        }
    }

    /// Sends what is due, with Evidence of this device where it is asked for.
    pub(crate) fn send(&mut self) -> Option<Vec<u8>> {
        let evidence = evidence(self.session.challenge().unwrap_or_default(), &AGENT);
        let answer = AgentAnswer {
            attestation_payload: Some(&evidence),
            attestation_payload_format: Some(EVIDENCE_TYPE),
            ..AgentAnswer::default()
        };
        self.send_with(&answer, &[])
    }

    /// Acts upon an Update, whose steps all succeed.
    pub(crate) fn act(&mut self, update: &[u8]) -> usize {
        let AgentEvent::Update(order) = self.receive(update) else { return 0 };
        let steps = order.steps().count();
        self.session.finish(UpdateOutcome::Done).unwrap();
        steps
    }
}

pub(crate) fn refused(event: AgentEvent<'_>) -> &'static str {
    match event {
        AgentEvent::Refused(error) => rule_of(&error),
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) const EVIDENCE_TYPE: &str =
    "application/eat+cwt; eat_profile=\"tag:example.com,2026:evidence\"";

/// What claims say.
#[derive(Clone, Copy)]
pub(crate) struct Says<'s> {
    pub(crate) nonce: Option<&'s [u8]>,
    pub(crate) about: &'s Party,
    pub(crate) status: Option<i64>,
    pub(crate) issued_at: u64,
}

/// A signed claims set: Evidence or a result.
pub(crate) fn claims(says: Says<'_>, by: &Party) -> Vec<u8> {
    let mut out = [0; 512];
    let kid = says.about.thumbprint();
    let count = 2 + usize::from(says.nonce.is_some()) + usize::from(says.status.is_some());
    let write = |writer: &mut Writer<'_>| {
        writer.map(count).int(6).int(says.issued_at);
        writer.int(8).map(1).int(3).bytes(&kid);
        if let Some(nonce) = says.nonce {
            writer.int(10).bytes(nonce);
        }
        if let Some(status) = says.status {
            writer.int(1000).int(status);
        }
    };
    let draft = sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {}).payload(write).unwrap();
    draft.sign(&by.signer(Algorithm::ESP256)).unwrap().to_vec()
}

pub(crate) fn evidence(nonce: &[u8], about: &Party) -> Vec<u8> {
    let nonce = Some(nonce).filter(|nonce| !nonce.is_empty());
    claims(Says { nonce, about, status: None, issued_at: NOW }, &ATTESTER)
}

pub(crate) fn affirming(nonce: &[u8], about: &Party) -> Vec<u8> {
    claims(Says { nonce: Some(nonce), about, status: Some(2), issued_at: NOW }, &VERIFIER)
}

/// A report about a manifest, with a nonce.
pub(crate) fn report(nonce: Option<&[u8]>, digest: [u8; 32]) -> Vec<u8> {
    let mut out = [0; 256];
    let mut writer = Writer::new(&mut out);
    writer.map(3 + usize::from(nonce.is_some()));
    if let Some(nonce) = nonce {
        writer.int(2).bytes(nonce);
    }
    writer.int(3).array(0).int(4).bool(true);
    writer.int(99).array(2).text("https://tc.example/a").array(2).int(-16).bytes(&digest);
    writer.finish().unwrap().to_vec()
}

/// A session in which the Agent has answered and is attested; the permit of the TAM comes along.
pub(crate) fn attested() -> (TamSide, AgentSide, InstallPermit) {
    let (mut tam, request) = TamSide::connected(tam_config());
    let mut agent = AgentSide::new(agent_config());
    assert!(matches!(agent.receive(&request), AgentEvent::Query { .. }));
    let challenge = agent.session.challenge().unwrap().to_vec();
    let response = agent.send().unwrap();
    assert!(matches!(tam.receive(&response), TamEvent::Evidence { .. }));
    let result = affirming(&challenge, &AGENT);
    let TamEvent::Attested { permit, .. } = tam.result(&result) else { panic!("not attested") };
    (tam, agent, permit)
}

/// What a signed message says.
pub(crate) fn payload(message: &[u8]) -> Vec<u8> {
    let signed = cose_ext::Authenticated::decode_tagged(message, &cose_ext::Profile::LENIENT);
    signed.unwrap().danger_unverified_payload().unwrap().to_vec()
}

pub(crate) fn read(payload: &[u8]) -> teep_msg::Message<'_> {
    teep_msg::Message::decode(payload, Numbering::Iana, &cose_ext::Profile::LENIENT).unwrap()
}
