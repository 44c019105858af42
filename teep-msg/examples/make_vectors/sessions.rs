//! Whole exchanges between a TAM and an Agent, made by both machines from fixed randomness, as scripts that anybody can
//! walk.

use cose_ext::{
    Context,
    key::{OwnedTrustStore, OwnedTrustedKey},
    rustcrypto::RustCrypto,
};
use serde_json::{Value, json};
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, RequestedTc,
    TamConfig, TamEvent, TamOutput, TamSession, TamTrust, UpdateCache, UpdateContent,
    UpdateOutcome, WithoutStatus, suit::manifest_sha256,
};

use crate::{
    book::{Age, Book, Said},
    decoded::{Object, sha256},
    manifests::{envelope, report},
    messages::{APP, EVIDENCE_TYPE, NOW, sign},
    parties::{AGENT, ATTESTER, Party, SIGNER, Says, TAM, TAM_ED, VERIFIER, claims},
};

fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

fn store(keys: &[&Party]) -> OwnedTrustStore {
    let trusted = |key: &&Party| OwnedTrustedKey::new(&key.public(), &context()).unwrap();
    keys.iter().map(trusted).collect()
}

/// A script that grows.
struct Script {
    name: String,
    age: Age,
    steps: Vec<Value>,
    files: Vec<(String, Vec<u8>)>,
    drawn: Vec<Value>,
}

impl Script {
    fn new(what: &str, age: Age) -> Self {
        let name = format!("family-session-{what}-{}", age.tag);
        Self { name, age, steps: Vec::new(), files: Vec::new(), drawn: Vec::new() }
    }

    fn step(
        &mut self,
        (from, to, via): (&str, &str, &str),
        message: &str,
        file: Option<(&str, &[&Party])>,
        receiver: Value,
    ) {
        let number = self.steps.len() + 1;
        let names = file.map(|(_, keys)| keys.iter().map(|key| key.name).collect::<Vec<_>>());
        self.steps.push(json!({
            "n": number, "clock": NOW + number as u64, "from": from, "to": to, "via": via,
            "message": message, "file": file.map(|(file, _)| file),
            "signed_by": names.unwrap_or_default(), "receiver": receiver,
        }));
    }

    /// Keeps a message as a file, and returns its name.
    fn file(&mut self, bytes: &[u8]) -> String {
        let number = self.steps.len() + 1;
        let path = format!("sessions/{}-{number}.cbor", self.name);
        self.files.push((path.clone(), bytes.to_vec()));
        path
    }

    fn sent(
        &mut self,
        way: (&str, &str, &str),
        message: &str,
        bytes: &[u8],
        by: &[&Party],
        receiver: Value,
    ) {
        let file = self.file(bytes);
        self.step(way, message, Some((&file, by)), receiver);
    }

    fn draw(&mut self, what: &str, len: usize) -> Vec<u8> {
        let drawn = vec![0xd0 + self.drawn.len() as u8 + 8 * u8::from(self.age.is_older()); len];
        self.drawn.push(json!({"for": what, "hex": hex::encode(&drawn)}));
        drawn
    }

    fn finish(self, book: &mut Book, why: &str, rules: &[&str]) {
        let (suite, keys): (i64, Vec<&Party>) =
            if self.age.is_older() { (-7, vec![&TAM]) } else { (-9, vec![&TAM, &TAM_ED]) };
        let tam_keys: Vec<_> = keys.iter().map(|key| key.path()).collect();
        let numbering = crate::decoded::numbering_text(self.age.numbering);
        let script = json!({
            "numbering": if self.age.is_older() { "pre-26" } else { "iana-2026" },
            "eat_profile": teep_msg::EAT_PROFILE, "clock_unit": "seconds since 1970-01-01",
            "tam": {
                "signing_keys": tam_keys, "agent_keys": [AGENT.path()], "verifier_keys": [VERIFIER.path()],
                "model": "background-check", "token_lifetime_s": 21600, "sends_token_in_update": true,
            },
            "agent": {
                "signing_key": AGENT.path(), "tam_keys": tam_keys, "verifier_keys": [VERIFIER.path()],
                "tc_signer_keys": [SIGNER.path()], "suites": [[[18, suite]]],
                "requires_tam_attestation": false, "installed": [],
            },
            "randomness": {"tam": self.drawn, "agent": []},
            "steps": self.steps,
        });
        let text = serde_json::to_string_pretty(&script).unwrap() + "\n";
        let facts = json!({"rules": rules, "steps": self.steps.len(), "numbering": numbering});
        let said = Said::valid(self.name.clone(), why).with(facts);
        let mut all = vec![&AGENT, &ATTESTER, &SIGNER, &VERIFIER];
        all.extend(keys);
        book.add(self.age, "session", said, Object::new(), text.into_bytes(), &all);
        for (file, bytes) in self.files {
            assert_eq!(sha256(&bytes).len(), 64);
            book.files.insert(file, bytes);
        }
    }
}

/// Both sides.
struct Sides {
    tam: TamSession,
    agent: AgentSession,
    seen: UpdateCache<4>,
    agents: OwnedTrustStore,
    tams: OwnedTrustStore,
    verifiers: OwnedTrustStore,
}

const DIRECT: [(&str, &str, &str); 2] = [("tam", "agent", "direct"), ("agent", "tam", "direct")];

fn answer(message: &str) -> Value {
    json!({"action": "answer", "answer": message})
}

fn accept(reason: &str) -> Value {
    json!({"action": "accept", "reason": reason})
}

impl Sides {
    fn config(age: Age) -> TamConfig {
        let keys = if age.is_older() {
            vec![TAM.key(true)]
        } else {
            vec![TAM.key(false), TAM_ED.key(false)]
        };
        TamConfig { numbering: age.numbering, ..TamConfig::new(&keys, WithoutStatus::Refused) }
    }

    fn new(age: Age) -> Self {
        let key = AGENT.key(age.is_older());
        let agent = AgentConfig { numbering: age.numbering, ..AgentConfig::new(&[key]) };
        Self {
            tam: TamSession::new(Self::config(age)),
            agent: AgentSession::new(agent),
            seen: UpdateCache::new(),
            agents: store(&[&AGENT]),
            tams: store(&[&TAM]),
            verifiers: store(&[&VERIFIER]),
        }
    }

    fn tam_sends(
        &mut self,
        script: &mut Script,
        what: &str,
        content: &UpdateContent<'_>,
    ) -> Vec<u8> {
        let mut out = vec![0; 8192];
        loop {
            let draft = match self.tam.poll(&mut out, NOW).unwrap() {
                TamOutput::Random { len } => {
                    let drawn = script.draw(what, len);
                    self.tam.random(&drawn).unwrap();
                    continue;
                }
                TamOutput::Sign(draft) => draft,
                TamOutput::Update(form) => form.write(content).unwrap(),
                other => panic!("{other:?}"),
            };
            let keys: &[&Party] =
                if draft.algorithms().count() == 2 { &[&TAM, &TAM_ED] } else { &[&TAM] };
            return sign(draft, keys);
        }
    }

    fn agent_sends(&mut self, evidence: &[u8], reports: &[&[u8]]) -> Vec<u8> {
        let mut out = vec![0; 8192];
        let wanted = [RequestedTc { component_id: APP, ..Default::default() }];
        let draft = match self.agent.poll(&mut out).unwrap() {
            AgentOutput::Respond(form) => form.write(&AgentAnswer {
                attestation_payload: Some(evidence),
                attestation_payload_format: Some(EVIDENCE_TYPE),
                requested: &wanted,
                ..Default::default()
            }),
            AgentOutput::Report(form) => form.write(reports, None),
            other => panic!("{other:?}"),
        };
        sign(draft.unwrap(), &[&AGENT])
    }

    fn at_tam<'m>(&mut self, message: &'m [u8]) -> TamEvent<'m> {
        let trust = TamTrust { agents: &self.agents, verifiers: &self.verifiers };
        self.tam.receive(message, NOW, &trust, &context())
    }

    fn at_agent<'m>(&mut self, message: &'m [u8]) -> AgentEvent<'m> {
        let trust = AgentTrust { tams: &self.tams, verifiers: &self.verifiers };
        self.agent.receive(message, &trust, &mut self.seen, &context())
    }
}

/// What an exchange has shown so far.
struct Shown {
    sides: Sides,
    script: Script,
    response: Vec<u8>,
    update: Vec<u8>,
    success: Vec<u8>,
}

/// An installation from the connection to the Success; `number` is the one of its manifest.
fn installed(what: &str, age: Age, number: u64) -> Shown {
    let (mut sides, mut script) = (Sides::new(age), Script::new(what, age));
    let nothing = UpdateContent::default();
    script.step(("client", "tam", "direct"), "process-connect", None, answer("query-request"));
    sides.tam.connect().unwrap();
    let request = sides.tam_sends(&mut script, "challenge", &nothing);
    let by: &[&Party] = if age.is_older() { &[&TAM] } else { &[&TAM, &TAM_ED] };
    script.sent(DIRECT[0], "query-request", &request, by, answer("query-response"));
    assert!(matches!(sides.at_agent(&request), AgentEvent::Query { .. }));
    let challenge = sides.agent.challenge().unwrap().to_vec();
    let says = Says { nonce: Some(&challenge), status: None, issued_at: NOW };
    let evidence = claims(&says, &ATTESTER);
    let response = sides.agent_sends(&evidence, &[]);
    let receiver = accept("Evidence: to the Verifier");
    script.sent(DIRECT[1], "query-response", &response, &[&AGENT], receiver);
    assert!(matches!(sides.at_tam(&response), TamEvent::Evidence { .. }));
    let receiver = accept("opaque to the TAM");
    script.sent(("tam", "verifier", "direct"), "evidence", &evidence, &[&ATTESTER], receiver);
    let says = Says { nonce: Some(&challenge), status: Some(2), issued_at: NOW };
    let result = claims(&says, &VERIFIER);
    let way = ("verifier", "tam", "direct");
    script.sent(way, "attestation-result", &result, &[&VERIFIER], answer("update"));
    let trust = TamTrust { agents: &sides.agents, verifiers: &sides.verifiers };
    let event = sides.tam.attestation_result(&result, NOW, &trust, &context()).unwrap();
    let TamEvent::Attested { permit, .. } = event else { panic!("{event:?}") };
    let manifest = envelope(number);
    sides.tam.order(&[manifest_sha256(&manifest, &context()).unwrap()]).unwrap();
    let manifests = [manifest.as_slice()];
    let content = UpdateContent::installing(&permit, &manifests);
    let update = sides.tam_sends(&mut script, "update token", &content);
    let mut receiver = answer("success");
    receiver["state"] = "app1 installed".into();
    script.sent(DIRECT[0], "update", &update, &[&TAM, &SIGNER], receiver);
    let AgentEvent::Update(order) = sides.at_agent(&update) else { panic!() };
    let token = order.update().value().options().token().unwrap();
    let report = report(token, &manifest);
    sides.agent.finish(UpdateOutcome::Done).unwrap();
    let success = sides.agent_sends(&[], &[&report]);
    script.sent(
        DIRECT[1],
        "success",
        &success,
        &[&AGENT],
        accept("the token and the nonce are those of the Update"),
    );
    assert!(matches!(sides.at_tam(&success), TamEvent::Installed { .. }));
    Shown { sides, script, response, update, success }
}

pub(crate) fn make(book: &mut Book, age: Age) {
    let shown = installed("install", age, 3);
    shown.script.finish(
        book,
        "an installation on an attested device",
        &["M8", "M11", "M37", "M49"],
    );

    let Shown { mut sides, mut script, update, success, .. } = installed("replays", age, 4);
    let drop = json!({"action": "drop", "reason": "the token was consumed"});
    script.sent(("broker", "tam", "replayed"), "success", &success, &[&AGENT], drop);
    assert!(matches!(sides.at_tam(&success), TamEvent::Dropped(_)));
    let receiver = json!({
        "action": "answer", "answer": "error", "err_code": "any", "state": "unchanged",
        "alternatives": [{"action": "drop"}], "reason": "the Update was seen",
    });
    script.sent(("broker", "agent", "replayed"), "update", &update, &[&TAM, &SIGNER], receiver);
    assert!(matches!(sides.at_agent(&update), AgentEvent::Refused(_)));
    script.finish(book, "a broker repeats what it has seen", &["M8", "b", "g"]);

    let Shown { mut sides, mut script, response, .. } = installed("old-response", age, 5);
    script.step(("client", "tam", "direct"), "process-connect", None, answer("query-request"));
    sides.tam = TamSession::new(Sides::config(age));
    sides.tam.connect().unwrap();
    let request = sides.tam_sends(&mut script, "challenge", &UpdateContent::default());
    let by: &[&Party] = if age.is_older() { &[&TAM] } else { &[&TAM, &TAM_ED] };
    let withheld = ("tam", "agent", "withheld");
    script.sent(withheld, "query-request", &request, by, json!({"action": "accept"}));
    let receiver = json!({
        "action": "drop", "state": "nothing installed", "reason": "the nonce of another session",
        "alternatives": [{"action": "answer", "answer": "update", "err_code": 7}],
    });
    script.sent(("broker", "tam", "replayed"), "query-response", &response, &[&AGENT], receiver);
    assert!(matches!(sides.at_tam(&response), TamEvent::Refused { .. }));
    script.finish(book, "the response of one session comes in another", &["M36", "d"]);
}
