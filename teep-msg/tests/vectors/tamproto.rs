//! A recorded exchange over HTTP, `<name>-session.json`: every message of it is authentic, and both machines walk it.
//!
//! This Agent answers what the recorded one answered, and its Success has equal bytes. This TAM does not go on where the
//! recorded one did: a payload that attests nobody gets ATTESTATION_REQUIRED, and only an override that says so in
//! the code sends the Update.

use cose_ext::{Authenticated, Profile};
use serde_json::{Map, Value};
use teep_msg::{
    AgentAnswer, AgentCall, AgentConfig, AgentData, AgentEvent, AgentOutput, AgentSession,
    AgentTrust, Broker, BrokerStep, DataItems, ErrorCode, InstallPermit, InstalledTc, Message,
    MessageType, Numbering, Suite, TamConfig, TamEvent, TamOutput, TamSession, TamTrust,
    UpdateCache, UpdateContent, UpdateOutcome, UpdateStep, WithoutStatus, http::MediaTypes,
};
use testkit::vectors::{Case, Outcome, Trouble};

use crate::{
    context,
    decoded::of_message,
    keys::{NamedKey, store},
    script::{finished, manifests_of, signing_key},
    signed,
    stand_in::Keys,
};

/// Nobody looks at the time here.
const NOW: u64 = 1_700_000_000;
const URI: &str = "https://tam.example/teep";

/// A message of an exchange: on its own, and with the exchange in which it was sent.
pub(crate) fn message(case: &Case) -> Result<Outcome, Trouble> {
    let outcome = signed(case)?;
    let exchange = case.name.split('-').next().unwrap_or_default();
    if let Ok(recorded) = case.sibling_json(&format!("{exchange}-session.json")) {
        let exchange = Exchange::read(case, &recorded)?;
        exchange.at_the_agent().map_err(|it| format!("Agent: {}", it.message()))?;
        exchange.at_the_tam().map_err(|it| format!("TAM: {}", it.message()))?;
    }
    Ok(outcome)
}

/// One HTTP request with its response.
struct Step {
    request: Option<Vec<u8>>,
    response: Option<Vec<u8>>,
    status: u16,
    content_type: Option<String>,
}

struct Exchange {
    steps: Vec<Step>,
    numbering: Numbering,
    suite: Suite,
    agents: Keys,
    tams: Keys,
}

fn expect(holds: bool, what: &str) -> Result<(), Trouble> {
    if holds { Ok(()) } else { Err(what.into()) }
}

impl Exchange {
    fn read(case: &Case, recorded: &Value) -> Result<Self, Trouble> {
        let file = |it: &Value| it["file"].as_str().map(|file| case.sibling(file)).transpose();
        let step = |step: &Value| {
            let response = &step["response"];
            Ok::<_, Trouble>(Step {
                request: file(&step["request"])?,
                response: file(response)?,
                status: response["status"].as_u64().unwrap_or_default() as u16,
                content_type: response["content_type"].as_str().map(str::to_owned),
            })
        };
        let steps = recorded["steps"].as_array().into_iter().flatten().map(step);
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let first = steps.iter().find_map(|step| step.response.as_ref()).ok_or("no message")?;
        let algorithm = Authenticated::decode_tagged(first, &Profile::LENIENT)?;
        let algorithm = algorithm.headers().algorithm()?;
        // The keys of all cases of the exchange, by role.
        let index = case.sibling_json("cases.json")?;
        let exchange = case.name.split('-').next().unwrap_or_default();
        let cases = index["cases"].as_array().into_iter().flatten();
        let cases = cases.filter(|it| it["kind"] == "session-message");
        let cases =
            cases.filter(|it| it["name"].as_str().is_some_and(|it| it.starts_with(exchange)));
        let mut paths: Vec<&str> =
            cases.flat_map(|it| crate::keys::names_in(it.get("keys"))).collect();
        paths.sort_unstable();
        paths.dedup();
        let keys = paths.iter().map(|path| NamedKey::read(case, path));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let of = |role: &str| store(keys.iter().filter(|key| key.name.starts_with(role)));
        Ok(Self {
            steps,
            numbering: Numbering::Draft25,
            suite: Suite::from_algorithm(algorithm).ok_or("a suite that is not known")?,
            agents: of("agent")?,
            tams: of("tam-p256")?,
        })
    }

    fn payload<'m>(&self, message: &'m [u8]) -> Result<Message<'m>, Trouble> {
        let signed = Authenticated::decode_tagged(message, &Profile::LENIENT)?;
        let payload = signed.danger_unverified_payload().ok_or("no payload")?;
        Ok(Message::decode(payload, self.numbering, &Profile::LENIENT)?)
    }

    /// Type and options; the version 0 is what an absent one means.
    fn shown(&self, message: &[u8]) -> Result<Map<String, Value>, Trouble> {
        let mut facts = of_message(&self.payload(message)?, &Value::Null);
        facts.retain(|key, _| matches!(&**key, "message" | "options" | "err-code"));
        let options = facts["options"].as_object_mut().ok_or("no options")?;
        if options.get("selected-version") == Some(&0.into()) {
            options.remove("selected-version");
        }
        Ok(facts)
    }

    /// The recorded TAM's messages come to this Agent, through a broker.
    fn at_the_agent(&self) -> Result<(), Trouble> {
        let config = AgentConfig {
            numbering: self.numbering,
            ..AgentConfig::new(&[signing_key(self.suite)])
        };
        let mut agent = AgentSession::new(config);
        let verifiers = Keys::default();
        let trust = AgentTrust { tams: &self.tams, verifiers: &verifiers };
        let mut seen = UpdateCache::<4>::new();
        // The server sends another media type than the registered one: named, or the session is over.
        let mut strict = Broker::<1>::new(MediaTypes::Registered);
        let mut broker = Broker::<1>::new(MediaTypes::AlsoCose);
        let mut message: Option<Vec<u8>> = None;
        for (number, step) in self.steps.iter().enumerate() {
            let start = AgentData { tam_uri: Some(URI), message: None };
            let next = match &message {
                None => broker.start(&start)?,
                Some(_) => {
                    let BrokerStep::Post(session, _) = broker.start(&start)? else {
                        return Err("no session".into());
                    };
                    broker
                        .go_on(session, &AgentData { tam_uri: None, message: message.as_deref() })?
                }
            };
            let BrokerStep::Post(session, request) = next else {
                return Err("nothing to send".into());
            };
            match &step.request {
                None => expect(request.body.is_empty(), "the first request is not empty")?,
                Some(recorded) => {
                    let (ours, theirs) = (self.shown(request.body)?, self.shown(recorded)?);
                    expect(ours == theirs, &format!("{number}: {ours:?}, recorded {theirs:?}"))?;
                    if self.payload(recorded)?.message_type() == MessageType::Success {
                        let (ours, theirs) = (self.payload(request.body)?, self.payload(recorded)?);
                        expect(ours.bytes() == theirs.bytes(), "the Success has other bytes")?;
                    }
                }
            }
            let content_type = step.content_type.as_deref();
            let body = step.response.as_deref().unwrap_or_default();
            if content_type.is_some_and(|it| it.ends_with("cose")) {
                let BrokerStep::Post(session, _) = strict.start(&start)? else {
                    return Err("no session".into());
                };
                let call = strict.receive(session, step.status, content_type, body);
                expect(matches!(call, Some(AgentCall::ProcessError(_))), "taken without a name")?;
            }
            match broker.receive(session, step.status, content_type, body) {
                None => {
                    return expect(number + 1 == self.steps.len(), "the exchange ends too early");
                }
                Some(AgentCall::ProcessTeepMessage(received)) => {
                    let event = agent.receive(received, &trust, &mut seen, &context());
                    let recorded =
                        self.steps.get(number + 1).and_then(|step| step.request.as_deref());
                    message = Some(self.answer(&mut agent, &event, recorded)?);
                    if matches!(event, AgentEvent::Update(_)) {
                        let again = agent.receive(received, &trust, &mut seen, &context());
                        expect(matches!(again, AgentEvent::Refused(_)), "acted upon twice")?;
                    }
                }
                Some(AgentCall::ProcessError(failure)) => return Err(format!("{failure:?}").into()),
            }
        }
        Err("the exchange has no end".into())
    }

    /// What this Agent answers, with what only its device knows taken from the recorded answer.
    fn answer(
        &self,
        agent: &mut AgentSession,
        event: &AgentEvent<'_>,
        recorded: Option<&[u8]>,
    ) -> Result<Vec<u8>, Trouble> {
        let recorded = self.payload(recorded.ok_or("nothing was answered")?)?;
        let options = recorded.options();
        match event {
            AgentEvent::Query { items, .. } => {
                expect(items.contains(DataItems::ATTESTATION), "attestation is not asked for")?;
                expect(agent.challenge().is_some(), "no challenge")?;
            }
            AgentEvent::Update(order) => {
                let manifests = order.steps().filter(|it| matches!(it, UpdateStep::Process(_)));
                expect(manifests.count() > 0, "no manifest")?;
                agent.finish(UpdateOutcome::Done)?;
            }
            other => return Err(format!("{other:?}").into()),
        }
        let mut out = [0; 1024];
        let draft = match agent.poll(&mut out)? {
            AgentOutput::Respond(form) => {
                let list = options.tc_list();
                let installed: Vec<_> = list
                    .iter()
                    .flat_map(|list| list.iter())
                    .filter_map(|one| one.component_id())
                    .map(|id| InstalledTc { component_id: id.bytes(), ..Default::default() })
                    .collect();
                let payload = options.attestation_payload().ok_or("no payload")?;
                form.write(&AgentAnswer {
                    attestation_payload: Some(payload.bytes()),
                    attestation_payload_format: payload.format(),
                    tc_list: &installed,
                    ..AgentAnswer::default()
                })?
            }
            AgentOutput::Report(form) => form.write(&[], None)?,
            other => return Err(format!("{other:?}").into()),
        };
        finished(draft)
    }

    /// The recorded Agent's messages come to this TAM.
    fn at_the_tam(&self) -> Result<(), Trouble> {
        let message_of = |kind| {
            let all = self.steps.iter().flat_map(|step| [&step.request, &step.response]).flatten();
            let mut all =
                all.filter(|it| self.payload(it).is_ok_and(|it| it.message_type() == kind));
            all.next().map(Vec::as_slice).ok_or(Trouble::from("a message is missing"))
        };
        let request = message_of(MessageType::QueryRequest)?;
        let response = message_of(MessageType::QueryResponse)?;
        let update = message_of(MessageType::Update)?;
        let success = message_of(MessageType::Success)?;
        let recorded = self.payload(request)?;
        let challenge = recorded.options().challenge().ok_or("no challenge")?;
        let config = TamConfig {
            numbering: self.numbering,
            agent_suite: Some(self.suite),
            challenge_len: challenge.len() as u8,
            token_len: self.payload(update)?.options().token().map_or(16, <[u8]>::len) as u8,
            data_item_requested: recorded.query_request().ok_or("no request")?.data_item_requested,
            ..TamConfig::new(&[signing_key(self.suite)], WithoutStatus::Refused)
        };
        let verifiers = Keys::default();
        let trust = TamTrust { agents: &self.agents, verifiers: &verifiers };
        let permit = InstallPermit::danger_override();
        let mut tam = TamSession::new(config);
        tam.connect()?;
        let sent = self.send(&mut tam, challenge, None)?;
        let asked = self.payload(&sent)?;
        expect(asked.options().challenge() == Some(challenge), "another challenge")?;
        let event = tam.receive(response, NOW, &trust, &context());
        let refused =
            matches!(event, TamEvent::Refused { code: ErrorCode::AttestationRequired, .. });
        expect(refused, "a payload that attests nobody is taken")?;
        // Without an override it says so, and no Success is waited for.
        let mut refusing = tam.clone();
        let refusal = self.send(&mut refusing, challenge, None)?;
        let refusal = self.payload(&refusal)?;
        let code = refusal.error_code();
        expect(code == Some(ErrorCode::AttestationRequired), "another code")?;
        expect(refusal.options().manifest_list().is_none(), "it installs")?;
        let event = refusing.receive(success, NOW, &trust, &context());
        expect(matches!(event, TamEvent::Dropped(_)), "a Success that nobody waits for")?;
        // With it, the recorded Update goes out, and its Success counts once.
        let digests = manifests_of(update, self.numbering)?;
        let digests: Vec<_> = digests.iter().map(|(digest, _)| *digest).collect();
        tam.order(&digests)?;
        let recorded = self.payload(update)?;
        let token = recorded.options().token().ok_or("no token")?;
        let list = recorded.options().manifest_list().ok_or("no manifests")?;
        let manifests: Vec<_> = list.iter().collect();
        let sent =
            self.send(&mut tam, token, Some(UpdateContent::installing(&permit, &manifests)))?;
        expect(self.shown(&sent)? == self.shown(update)?, "another Update")?;
        let event = tam.receive(success, NOW, &trust, &context());
        expect(matches!(event, TamEvent::Installed { .. }), "the Success is not taken")?;
        let event = tam.receive(success, NOW, &trust, &context());
        expect(matches!(event, TamEvent::Dropped(_)), "the Success is taken twice")
    }

    fn send(
        &self,
        tam: &mut TamSession,
        drawn: &[u8],
        update: Option<UpdateContent<'_>>,
    ) -> Result<Vec<u8>, Trouble> {
        let mut out = vec![0; 70_000];
        loop {
            return match tam.poll(&mut out, NOW)? {
                TamOutput::Random { .. } => {
                    tam.random(drawn)?;
                    continue;
                }
                TamOutput::Sign(draft) => finished(draft),
                TamOutput::Update(form) => {
                    finished(form.write(&update.ok_or("no Update is due")?)?)
                }
                other => Err(format!("{other:?}").into()),
            };
        }
    }
}
