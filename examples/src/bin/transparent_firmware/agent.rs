//! The TEEP Agent of a pump, and the broker that carries its messages.

use cose_ext::{
    key::{OwnedTrustStore, OwnedTrustedKey},
    rustcrypto::P256SigningKey,
};
use teep_msg::{
    AgentAnswer, AgentCall, AgentConfig, AgentData, AgentEvent, AgentOutput, AgentSession,
    AgentTrust, Broker, BrokerStep, ErrorCode, InstalledTc, SigningKey, Suite, UpdateCache,
    UpdateOutcome, UpdateStep,
    http::{MediaTypes, ServerCall, ServerResponse, serve},
};

use crate::{
    Trouble,
    board::Pump,
    cast::{Role, context, key, on_device},
    evidence::{self, Attester, Measured},
    service::Service,
    tam::{DIAGNOSTICS, Judge, Policy, Tam},
    verifier::{Refusal, agent_key},
};

const PUMP: &[u8] = b"\x81\x44pump";
const TAM_URI: &str = "http://tam.example/teep";

/// The Agent, which lives as long as the pump.
pub(crate) struct Agent {
    pub(crate) attester: Attester,
    /// Whose Evidence it shows: its own, unless it is a thief.
    pub(crate) shows: Attester,
    pub(crate) measured: Measured,
    session: AgentSession,
    seen: UpdateCache<16>,
    key: P256SigningKey,
    tams: OwnedTrustStore,
    /// The messages and envelopes that were refused, and why.
    pub(crate) refusals: Vec<Refusal>,
}

impl Agent {
    pub(crate) fn new(attester: Attester) -> Result<Self, Trouble> {
        let tam = OwnedTrustedKey::new(&key(Role::Tam)?.public_key(), &context())?;
        Ok(Self {
            attester,
            shows: attester,
            measured: Measured::All,
            session: AgentSession::new(Self::config(attester.agent)?),
            seen: UpdateCache::new(),
            key: key(attester.agent)?,
            tams: [tam].into_iter().collect(),
            refusals: Vec::new(),
        })
    }

    fn config(role: Role) -> Result<AgentConfig, Trouble> {
        let thumbprint = Some(agent_key(role)?);
        Ok(AgentConfig::new(&[SigningKey { suite: Suite::Esp256, thumbprint }]))
    }

    /// Takes a message, does what it says, and answers.
    pub(crate) fn process(
        &mut self,
        message: &[u8],
        pump: &mut Pump,
        services: &[Service; 2],
    ) -> Result<Option<Vec<u8>>, Trouble> {
        // An Agent trusts no verifier: its TAMs need not attest.
        let nobody = OwnedTrustStore::default();
        let trust = AgentTrust { tams: &self.tams, verifiers: &nobody };
        let context = context();
        let event = self.session.receive(message, &trust, &mut self.seen, &context);
        let mut reports = Vec::new();
        match event {
            AgentEvent::Update(order) => {
                let token = order.update().value().options().token();
                let mut outcome = UpdateOutcome::Done;
                for step in order.steps() {
                    match step {
                        UpdateStep::Unlink(component) if component.bytes() == DIAGNOSTICS => {
                            pump.has_diagnostics = false;
                        }
                        UpdateStep::Unlink(_) => {}
                        UpdateStep::Process(envelope) => {
                            let taken = on_device(services, |device, _| {
                                pump.update(device, envelope, token)
                            })?;
                            match taken {
                                Ok(taken) => reports.push(taken.report),
                                Err(error) => {
                                    let refusal = Refusal::by(error.rule(), &error.to_string());
                                    self.refusals.push(refusal);
                                    let code = ErrorCode::ManifestProcessingFailed;
                                    outcome = UpdateOutcome::Failed(code);
                                    break;
                                }
                            }
                        }
                    }
                }
                self.session.finish(outcome)?;
            }
            AgentEvent::Refused(error) => {
                self.refusals.push(Refusal::by(error.rule(), &error.to_string()));
            }
            _ => {}
        }
        self.send(pump, &reports)
    }

    fn send(&mut self, pump: &Pump, reports: &[Vec<u8>]) -> Result<Option<Vec<u8>>, Trouble> {
        let reports: Vec<_> = reports.iter().map(Vec::as_slice).collect();
        let nonce = self.session.challenge().unwrap_or(&[0; 8]);
        let evidence = evidence::of(&self.shows, pump, nonce, self.measured)?;
        let installed = [InstalledTc { component_id: PUMP, ..Default::default() }];
        let mut out = vec![0; 8192];
        let draft = match self.session.poll(&mut out)? {
            AgentOutput::Respond(form) => form.write(&AgentAnswer {
                attestation_payload: Some(&evidence),
                attestation_payload_format: Some("application/eat+cwt"),
                tc_list: &installed,
                ..Default::default()
            })?,
            AgentOutput::Report(form) => form.write(&reports, None)?,
            AgentOutput::Sign(draft) => draft,
            AgentOutput::Random { .. } | AgentOutput::Idle => return Ok(None),
        };
        Ok(Some(draft.sign(&[&self.key])?.to_vec()))
    }

    /// Meets the TAM: a policy check, from the first empty request on until nobody has anything to say. Returns all
    /// messages that the broker carried, those of the TAM and those of the Agent.
    pub(crate) fn meet(
        &mut self,
        tam: &mut Tam,
        pump: &mut Pump,
        services: &[Service; 2],
        (judge, policy): (&Judge<'_>, &Policy<'_>),
    ) -> Result<Carried, Trouble> {
        self.session = AgentSession::new(Self::config(self.attester.agent)?);
        let mut broker = Broker::<1>::new(MediaTypes::Registered);
        let mut carried = Carried::default();
        let mut step = broker.start(&AgentData { tam_uri: Some(TAM_URI), message: None })?;
        let mut message;
        loop {
            let BrokerStep::Post(session, request) = step else { return Ok(carried) };
            carried.of_agent.extend((!request.body.is_empty()).then(|| request.body.to_vec()));
            let call: Result<ServerCall<'_>, ServerResponse<'_>> =
                serve(request.method, request.content_type, Some(request.accept), request.body);
            let call = call.map_err(|response| format!("status {}", response.status))?;
            let said = tam.answer(call, judge, policy)?;
            let response = ServerResponse::of(&said);
            carried.of_tam.extend((!said.is_empty()).then(|| said.clone()));
            let received =
                broker.receive(session, response.status, response.content_type, response.body);
            match received {
                None => return Ok(carried),
                Some(AgentCall::ProcessError(failure)) => return Err(format!("{failure:?}").into()),
                Some(AgentCall::ProcessTeepMessage(received)) => {
                    message = self.process(received, pump, services)?;
                }
            }
            step =
                broker.go_on(session, &AgentData { tam_uri: None, message: message.as_deref() })?;
        }
    }
}

/// What a broker has carried, and keeps.
#[derive(Default)]
pub(crate) struct Carried {
    pub(crate) of_tam: Vec<Vec<u8>>,
    pub(crate) of_agent: Vec<Vec<u8>>,
}
