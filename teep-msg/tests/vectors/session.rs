//! Scripts of sessions, walked by both machines. The script's files are what travels; what a machine would have
//! sent in place of the next file is compared with it: type, token, nonces, items and form.

use std::collections::VecDeque;

use cose_ext::{Authenticated, Profile};
use serde_json::Value;
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, ErrorCode,
    InstallPermit, Message, Model, Numbering, RequestedTc, ResultFreshness, Suite, TamAttestation,
    TamConfig, TamEvent, TamOutput, TamSession, TamTrust, UpdateCache, UpdateContent,
    UpdateOutcome, UpdateStep, WithoutStatus, handle_of,
};
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::{
    context,
    keys::{NamedKey, find_absent, names_in, namings, store},
    reaction::Reaction,
    script::{again, finished, manifest_of, manifests_of, signing_key, suite},
    stand_in::Keys,
};

pub(crate) fn session(case: &Case) -> Result<Outcome, Trouble> {
    let script = case.json()?;
    let mut walk = Walk::new(case, &script)?;
    for (index, step) in walk.steps.clone().iter().enumerate() {
        let number = &step["n"];
        walk.step(index).map_err(|trouble| format!("step {number}: {}", trouble.message()))?;
    }
    Ok(Outcome::Accepted(Facts::new()))
}

/// The keys of a script. Where no file holds the key that messages name, the role of the message and `signed_by`
/// say whose it is.
fn keys_of(case: &Case, script: &Value) -> Result<Vec<NamedKey>, Trouble> {
    let mut paths = case.keys.clone();
    for (side, list) in [
        ("tam", "signing_keys"),
        ("tam", "agent_keys"),
        ("tam", "verifier_keys"),
        ("agent", "tam_keys"),
        ("agent", "verifier_keys"),
    ] {
        let named = names_in(script[side].get(list)).into_iter().map(str::to_owned);
        paths.extend(named);
    }
    paths.sort();
    paths.dedup();
    let mut keys =
        paths.iter().map(|path| NamedKey::read(case, path)).collect::<Result<Vec<_>, _>>()?;
    for step in script["steps"].as_array().into_iter().flatten() {
        let Some(file) = step["file"].as_str() else { continue };
        let bytes = case.sibling(file)?;
        let signed_by = names_in(step.get("signed_by"));
        let role = match step["message"].as_str().unwrap_or_default() {
            "query-request" | "update" => "tam",
            "attestation-result" => "verifier",
            "evidence" => "attester",
            _ => "agent",
        };
        let mut name = |bytes: &[u8], role: &str| {
            let may = |key: &NamedKey| {
                key.name.starts_with(role) && signed_by.contains(&key.name.as_str())
            };
            for (_, naming) in namings(bytes) {
                find_absent(&mut keys, &naming, &signed_by, may)?;
            }
            Ok::<_, Trouble>(())
        };
        name(&bytes, role)?;
        // A passport, or the result about the TAM.
        let signed = Authenticated::decode_tagged(&bytes, &Profile::LENIENT);
        let payload = signed.as_ref().ok().and_then(|signed| signed.danger_unverified_payload());
        for numbering in [Numbering::Iana, Numbering::Draft25] {
            let message = payload.map(|it| Message::decode(it, numbering, &Profile::LENIENT));
            if let Some(Ok(message)) = message
                && let Some(payload) = message.options().attestation_payload()
            {
                name(payload.bytes(), "verifier")?;
            }
        }
    }
    Ok(keys)
}

struct Walk<'c> {
    case: &'c Case,
    script: &'c Value,
    steps: Vec<Value>,
    numbering: Numbering,
    agents: Keys,
    tams: Keys,
    tam_verifiers: Keys,
    agent_verifiers: Keys,
    sessions: Vec<TamSession>,
    agent: AgentSession,
    seen: UpdateCache<8>,
    tam_random: VecDeque<Vec<u8>>,
    agent_random: VecDeque<Vec<u8>>,
    /// What each side has sent and no step has shown yet.
    sent_by_tam: VecDeque<Vec<u8>>,
    sent_by_agent: VecDeque<Vec<u8>>,
    evidence: Option<Vec<u8>>,
    challenge_for_tam: Option<Vec<u8>>,
    permit: Option<InstallPermit>,
    installed: Vec<(Vec<u8>, u64)>,
}

impl<'c> Walk<'c> {
    fn new(case: &'c Case, script: &'c Value) -> Result<Self, Trouble> {
        let all = keys_of(case, script)?;
        let keys = |side: &str, role: &str| -> Result<_, Trouble> {
            let paths = names_in(script[side].get(role));
            let is_listed = |key: &&NamedKey| {
                let file = format!("{}.jwk.json", key.name);
                paths.iter().any(|path| path.rsplit('/').next() == Some(&file))
            };
            store(all.iter().filter(is_listed))
        };
        let random = |side: &str| -> Result<VecDeque<Vec<u8>>, Trouble> {
            let values = script["randomness"][side].as_array().into_iter().flatten();
            Ok(values
                .map(|value| hex::decode(value["hex"].as_str().unwrap_or_default()))
                .collect::<Result<_, _>>()?)
        };
        let numbering = match script["numbering"].as_str() {
            Some(text) if text.starts_with("iana") => Numbering::Iana,
            _ => Numbering::Draft25,
        };
        let suites = script["agent"]["suites"].as_array().cloned().unwrap_or_default();
        let own: Vec<_> = suites.iter().filter_map(suite).map(signing_key).collect();
        let needs = script["agent"]["requires_tam_attestation"] == true;
        let agent = AgentConfig {
            numbering,
            tam_attestation: if needs {
                TamAttestation::Required
            } else {
                TamAttestation::NotNeeded
            },
            has_clock: true,
            ..AgentConfig::new(&own)
        };
        Ok(Self {
            case,
            script,
            steps: script["steps"].as_array().cloned().unwrap_or_default(),
            numbering,
            agents: keys("tam", "agent_keys")?,
            tams: keys("agent", "tam_keys")?,
            tam_verifiers: keys("tam", "verifier_keys")?,
            agent_verifiers: keys("agent", "verifier_keys")?,
            sessions: Vec::new(),
            agent: AgentSession::new(agent),
            seen: UpdateCache::new(),
            tam_random: random("tam")?,
            agent_random: random("agent")?,
            sent_by_tam: VecDeque::new(),
            sent_by_agent: VecDeque::new(),
            evidence: None,
            challenge_for_tam: None,
            permit: None,
            installed: Vec::new(),
        })
    }

    fn step(&mut self, index: usize) -> Result<(), Trouble> {
        let step = self.steps[index].clone();
        let now = step["clock"].as_u64().unwrap_or_default();
        let text = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
        let bytes = match step["file"].as_str() {
            Some(file) => Some(self.case.sibling(file)?),
            None => None,
        };
        let is_own = matches!(&*text("via"), "direct" | "withheld");
        if let (true, Some(bytes)) = (is_own, &bytes) {
            self.compare_with_sent(&text("from"), &text("message"), bytes, index, now)?;
        }
        if text("via") == "withheld" {
            return Ok(());
        }
        let before = self.installed.len();
        let reaction = match (&*text("to"), &bytes) {
            ("tam", None) => self.connect(index, now)?,
            ("tam", Some(bytes)) if text("message") == "attestation-result" => {
                self.result(bytes, index, now)?
            }
            ("tam", Some(bytes)) => self.at_tam(bytes, index, now)?,
            ("agent", Some(bytes)) => self.at_agent(bytes, index)?,
            // A Verifier, a broker, and what happens on the device by itself.
            _ => return Ok(()),
        };
        let receiver = &step["receiver"];
        let mut allowed = vec![receiver.clone()];
        allowed.extend(receiver["alternatives"].as_array().cloned().unwrap_or_default());
        if !allowed.iter().any(|allowed| reaction.is(allowed)) {
            return Err(format!("{reaction:?}, where {receiver} is due").into());
        }
        let state = receiver["state"].as_str().unwrap_or_default();
        let must_stay = ["nothing installed", "unchanged", "nothing is installed"];
        if must_stay.iter().any(|words| state.contains(words)) && self.installed.len() != before {
            return Err(format!("installed, where it says: {state}").into());
        }
        if state.starts_with("app1 installed") && self.installed.len() == before {
            return Err(format!("not installed, where it says: {state}").into());
        }
        Ok(())
    }

    /// Compares what a side has sent with the file of the step that shows it.
    fn compare_with_sent(
        &mut self,
        from: &str,
        message: &str,
        file: &[u8],
        index: usize,
        now: u64,
    ) -> Result<(), Trouble> {
        let sent = match (from, message) {
            ("tam", "evidence") => {
                let evidence = self.evidence.take().ok_or("the TAM has no Evidence to relay")?;
                return if evidence == file { Ok(()) } else { Err("other Evidence".into()) };
            }
            ("tam", _) => {
                // A TAM may order more than what it owes as an answer.
                if self.sent_by_tam.is_empty() && message == "update" {
                    let at = self.sessions.len().checked_sub(1).ok_or("no session")?;
                    self.order(at, index, now)?;
                }
                self.sent_by_tam.pop_front()
            }
            // What a TAM has to drop, an Agent that keeps the rules does not send.
            ("agent", _)
                if self.sent_by_agent.is_empty()
                    && self.steps[index]["receiver"]["action"] == "drop" =>
            {
                return Ok(());
            }
            ("agent", _) => self.sent_by_agent.pop_front(),
            _ => return Ok(()),
        };
        let sent = sent.ok_or_else(|| format!("the {from} has sent nothing"))?;
        let (sent_form, sent) = self.shown(&sent)?;
        let (file_form, file) = self.shown(file)?;
        if sent != file || sent_form != file_form {
            return Err(
                format!("{from} sent {sent_form} {sent}, the file is {file_form} {file}").into()
            );
        }
        Ok(())
    }

    /// What two messages have to agree in.
    fn shown(&self, bytes: &[u8]) -> Result<(&'static str, Value), Trouble> {
        let signed = Authenticated::decode_tagged(bytes, &Profile::LENIENT)?;
        let form = match &signed {
            Authenticated::Sign(_) => "COSE_Sign",
            _ => "COSE_Sign1",
        };
        let payload = signed.danger_unverified_payload().ok_or("no payload")?;
        let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
        let mut facts = crate::decoded::of_message(&message, &Value::Null);
        for key in ["payload_sha256", "sha256", "rest", "report", "roundtrip_deterministic"] {
            facts.remove(key);
        }
        let options = facts["options"].as_object_mut().ok_or("no options")?;
        options.remove("err-msg");
        options.remove("err-lang");
        options.remove("versions");
        if options.get("supported-freshness-mechanisms") == Some(&serde_json::json!([0])) {
            // What an absent list means.
            options.remove("supported-freshness-mechanisms");
        }
        Ok((form, facts.into()))
    }

    /// The next file of a kind of message from one side.
    fn next_file(
        &self,
        from: &str,
        message: &str,
        index: usize,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        let later = self.steps.iter().skip(index);
        let mut found = later.filter(|step| {
            step["message"] == message
                && (step["from"] == from
                    || step["via"] == "tampered"
                    || step["via"] == "wrong-suite")
        });
        let file = found.find(|step| step["from"] == from).and_then(|step| step["file"].as_str());
        file.map(|file| self.case.sibling(file)).transpose()
    }

    fn connect(&mut self, index: usize, now: u64) -> Result<Reaction, Trouble> {
        let file = self.next_file("tam", "query-request", index)?;
        let config = self.tam_config(file.as_deref())?;
        let mut session = TamSession::new(config);
        session.connect()?;
        self.sessions.push(session);
        self.send_from_tam(self.sessions.len() - 1, index, now)
    }

    fn tam_config(&self, request: Option<&[u8]>) -> Result<TamConfig, Trouble> {
        let tam = &self.script["tam"];
        let mut config = TamConfig::new(&[], WithoutStatus::Refused);
        let mut suites = vec![Suite::Esp256, Suite::Ed25519];
        if let Some(bytes) = request {
            let signed = Authenticated::decode_tagged(bytes, &Profile::LENIENT)?;
            let payload = signed.danger_unverified_payload().ok_or("no payload")?;
            let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
            let request = message.query_request().ok_or("no request")?;
            config.data_item_requested = request.data_item_requested;
            suites = request
                .supported_teep_cipher_suites
                .iter()
                .filter_map(|suite| suite.known())
                .collect();
            if matches!(signed, Authenticated::Sign1(_)) {
                let algorithm = signed.headers().algorithm()?;
                config.agent_suite = Suite::from_algorithm(algorithm);
            }
        }
        let keys: Vec<_> = suites.into_iter().map(signing_key).collect();
        let lengths = |kind: &str| {
            let values = self.script["randomness"]["tam"].as_array().into_iter().flatten();
            let mut values =
                values.filter(|value| value["for"].as_str().is_some_and(|it| it.contains(kind)));
            values.next().and_then(|value| Some(value["hex"].as_str()?.len() / 2))
        };
        config.keys = TamConfig::new(&keys, WithoutStatus::Refused).keys;
        config.numbering = self.numbering;
        config.challenge_len = lengths("challenge").unwrap_or(32) as u8;
        config.token_len = lengths("token").unwrap_or(16) as u8;
        config.lifetime = tam["token_lifetime_s"].as_u64().unwrap_or(21600);
        if tam["model"] == "passport" {
            config.model = Model::Passport;
        }
        if tam["freshness"] == "timestamp" {
            let most = tam["result_max_age_s"].as_u64().unwrap_or(300) as u32;
            config.freshness = ResultFreshness::IssuedWithin(most);
        }
        Ok(config)
    }

    /// Lets a session send what it owes; says what that was.
    fn send_from_tam(&mut self, at: usize, index: usize, now: u64) -> Result<Reaction, Trouble> {
        let mut buffer = vec![0; 70_000];
        loop {
            let output = self.sessions[at].poll(&mut buffer, now)?;
            let draft = match output {
                TamOutput::Random { .. } => {
                    let drawn =
                        self.tam_random.pop_front().ok_or("the TAM has no randomness left")?;
                    self.sessions[at].random(&drawn)?;
                    continue;
                }
                TamOutput::Sign(draft) => draft,
                TamOutput::Attest(form) => {
                    let file = self.next_file("tam", "query-request", index + 1)?;
                    let file = file.ok_or("no attestation payload for the TAM")?;
                    let signed = Authenticated::decode_tagged(&file, &Profile::LENIENT)?;
                    let payload = signed.danger_unverified_payload().ok_or("no payload")?;
                    let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
                    let payload = message.options().attestation_payload().ok_or("none")?;
                    form.write(payload.bytes(), payload.format())?
                }
                TamOutput::Update(form) => {
                    let file = self.next_file("tam", "update", index)?.ok_or("no Update")?;
                    let signed = Authenticated::decode_tagged(&file, &Profile::LENIENT)?;
                    let payload = signed.danger_unverified_payload().ok_or("no payload")?;
                    let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
                    let manifests = message.options().manifest_list();
                    let manifests: Vec<_> = manifests.iter().flat_map(|list| list.iter()).collect();
                    let unneeded = message.options().unneeded_manifest_list();
                    let unneeded: Vec<_> = unneeded
                        .iter()
                        .flat_map(|list| list.iter())
                        .map(|raw| raw.bytes())
                        .collect();
                    let permit = self.permit.take();
                    let permit = permit.or_else(|| again(&self.sessions[at])).ok_or("no permit")?;
                    let content = UpdateContent::installing(&permit, &manifests);
                    form.write(&content.and_unlinking(&unneeded))?
                }
                TamOutput::Idle => return Ok(Reaction::Accept),
            };
            let message = finished(draft)?;
            let reaction = self.answer(&message)?;
            self.sent_by_tam.push_back(message);
            return Ok(reaction);
        }
    }

    fn answer(&self, bytes: &[u8]) -> Result<Reaction, Trouble> {
        let signed = Authenticated::decode_tagged(bytes, &Profile::LENIENT)?;
        let payload = signed.danger_unverified_payload().ok_or("no payload")?;
        let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
        Ok(Reaction::Answer {
            message: message.message_type().name().to_owned(),
            code: message.error_code().map(|code| code.to_wire(self.numbering)),
        })
    }

    fn order(&mut self, at: usize, index: usize, now: u64) -> Result<Reaction, Trouble> {
        let file = self.next_file("tam", "update", index)?;
        let digests = match &file {
            Some(file) => manifests_of(file, self.numbering)?,
            None => Vec::new(),
        };
        let digests: Vec<[u8; 32]> = digests.iter().map(|(digest, _)| *digest).collect();
        self.sessions[at].order(&digests)?;
        self.send_from_tam(at, index, now)
    }

    fn result(&mut self, bytes: &[u8], index: usize, now: u64) -> Result<Reaction, Trouble> {
        let at = self.sessions.len() - 1;
        let trust = TamTrust { agents: &self.agents, verifiers: &self.tam_verifiers };
        let event = self.sessions[at].attestation_result(bytes, now, &trust, &context())?;
        match event {
            TamEvent::Attested { permit, .. } => {
                self.permit = Some(permit);
                self.order(at, index, now)
            }
            _ => self.send_from_tam(at, index, now),
        }
    }

    fn at_tam(&mut self, bytes: &[u8], index: usize, now: u64) -> Result<Reaction, Trouble> {
        let handle = handle_of(bytes, self.numbering, &Profile::LENIENT);
        let has =
            |session: &TamSession| handle.is_some_and(|it| session.handles().any(|own| own == it));
        let at = self.sessions.iter().position(has);
        let at = at.unwrap_or(self.sessions.len().checked_sub(1).ok_or("nobody connected")?);
        // Another front end goes on with what is stored.
        let mut stored = [0; 1024];
        let config = self.tam_config(None)?;
        let state = self.sessions[at].write_state(&mut stored)?;
        let _ = TamSession::read_state(config, state)?;
        let trust = TamTrust { agents: &self.agents, verifiers: &self.tam_verifiers };
        let expects_answer = self.steps[index]["receiver"]["answer"] == "update";
        let event = self.sessions[at].receive(bytes, now, &trust, &context());
        match event {
            TamEvent::Dropped(_) => Ok(Reaction::Drop),
            TamEvent::Evidence { payload, .. } => {
                self.evidence = Some(payload.bytes().to_vec());
                Ok(Reaction::Accept)
            }
            TamEvent::Checked { permit, .. } | TamEvent::Passport { permit, .. } => {
                self.permit = Some(permit);
                if expects_answer { self.order(at, index, now) } else { Ok(Reaction::Accept) }
            }
            TamEvent::AttestationDemanded { challenge } => {
                self.challenge_for_tam = challenge.map(<[u8]>::to_vec);
                self.send_from_tam(at, index, now)
            }
            TamEvent::Refused { .. } => self.send_from_tam(at, index, now),
            _ => Ok(Reaction::Accept),
        }
    }

    fn at_agent(&mut self, bytes: &[u8], index: usize) -> Result<Reaction, Trouble> {
        let trust = AgentTrust { tams: &self.tams, verifiers: &self.agent_verifiers };
        let event = self.agent.receive(bytes, &trust, &mut self.seen, &context());
        if let AgentEvent::Update(order) = event {
            let mut outcome = UpdateOutcome::Done;
            for step in order.steps() {
                let UpdateStep::Process(envelope) = step else { continue };
                let (digest, number) = manifest_of(envelope)?;
                if self.installed.iter().any(|(_, stored)| *stored > number) {
                    outcome = UpdateOutcome::Failed(ErrorCode::ManifestProcessingFailed);
                    break;
                }
                if !self.installed.iter().any(|(known, _)| known[..] == digest) {
                    self.installed.push((digest.to_vec(), number));
                }
            }
            self.agent.finish(outcome)?;
        }
        self.send_from_agent(index)
    }

    fn send_from_agent(&mut self, index: usize) -> Result<Reaction, Trouble> {
        let mut buffer = vec![0; 4096];
        loop {
            let challenge = self.agent.challenge().map(<[u8]>::to_vec);
            let draft = match self.agent.poll(&mut buffer)? {
                AgentOutput::Random { .. } => {
                    let drawn = self.agent_random.pop_front();
                    let drawn = drawn.unwrap_or_else(|| vec![index as u8; 32]);
                    self.agent.random(&drawn)?;
                    continue;
                }
                AgentOutput::Sign(draft) => draft,
                AgentOutput::Respond(form) => {
                    let file = self.next_file("agent", "query-response", index)?;
                    let file = file.ok_or("no QueryResponse in the script")?;
                    let signed = Authenticated::decode_tagged(&file, &Profile::LENIENT)?;
                    let payload = signed.danger_unverified_payload().ok_or("no payload")?;
                    let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
                    let options = message.options();
                    let payload = options.attestation_payload();
                    if let (Some(payload), Some(challenge)) = (payload, challenge)
                        && let teep_msg::PayloadKind::Eat { nonce: Some(nonce), .. } =
                            payload.kind(&Profile::LENIENT)
                        && nonce != challenge
                    {
                        return Err("the Evidence of the script has another nonce".into());
                    }
                    let requested = options.requested_tc_list();
                    let requested: Vec<_> = requested
                        .iter()
                        .flat_map(|list| list.iter())
                        .map(|one| RequestedTc {
                            component_id: one.component_id().bytes(),
                            sequence_number: one.sequence_number(),
                            have_binary: one.have_binary(),
                        })
                        .collect();
                    let unneeded = options.unneeded_manifest_list();
                    let unneeded: Vec<_> = unneeded
                        .iter()
                        .flat_map(|list| list.iter())
                        .map(|raw| raw.bytes())
                        .collect();
                    let installed = options.tc_list();
                    let installed: Vec<_> = installed
                        .iter()
                        .flat_map(|list| list.iter())
                        .map(|one| teep_msg::InstalledTc {
                            component_id: one.component_id().unwrap().bytes(),
                            image_digest: one.image_digest(),
                            image_size: one.image_size(),
                            version: None,
                        })
                        .collect();
                    let extensions: Vec<_> = options
                        .ext_list()
                        .iter()
                        .flat_map(|list| list.iter())
                        .map(|it| it as u32)
                        .collect();
                    form.write(&AgentAnswer {
                        attestation_payload: payload.map(|payload| payload.bytes()),
                        attestation_payload_format: payload.and_then(|payload| payload.format()),
                        tc_list: &installed,
                        ext_list: &extensions,
                        requested: &requested,
                        unneeded: &unneeded,
                        suit_reports: &[],
                    })?
                }
                AgentOutput::Report(form) => {
                    let file = self.next_file("agent", "success", index)?;
                    let file = file.or(self.next_file("agent", "error", index)?);
                    let mut reports = Vec::new();
                    if let Some(file) = &file {
                        let signed = Authenticated::decode_tagged(file, &Profile::LENIENT)?;
                        let payload = signed.danger_unverified_payload().ok_or("no payload")?;
                        let message = Message::decode(payload, self.numbering, &Profile::LENIENT)?;
                        let list = message.options().suit_reports();
                        reports
                            .extend(list.iter().flat_map(|list| list.iter()).map(<[u8]>::to_vec));
                    }
                    let reports: Vec<_> = reports.iter().map(Vec::as_slice).collect();
                    form.write(&reports, None)?
                }
                AgentOutput::Idle => return Ok(Reaction::Drop),
            };
            let message = finished(draft)?;
            let reaction = self.answer(&message)?;
            // An Error to what a stranger sent is not what the script goes on with.
            if self.steps[index]["via"] == "direct" {
                self.sent_by_agent.push_back(message);
            }
            return Ok(reaction);
        }
    }
}
