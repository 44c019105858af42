//! The Agent in a device, and the broker that carries its messages over HTTP.

use cose_ext::{
    Context, Trust,
    cbor::Writer,
    crypto::{Algorithm, Signer},
    key::KeyResolver,
    rustcrypto::P256SigningKey,
    sign1,
};
use getrandom::SysRng;
use rand_core::{Rng, UnwrapErr};
use suit_manifest::{AuthenticationPolicy, Limits, Readings, Stored};
use teep_msg::{
    AgentAnswer, AgentCall, AgentConfig, AgentData, AgentEvent, AgentOutput, AgentSession,
    AgentTrust, Broker, BrokerStep, InstalledTc, RequestedTc, UpdateCache, UpdateOutcome,
    UpdateStep,
    http::{HttpFailure, MediaTypes},
    suit::{ManifestMemory, ManifestRules, Processed, process},
};

use super::{COMPONENT, NAME, Outcome, device::Device, wire::post};

/// What the Agent has, besides the device that it serves.
pub(crate) struct Agent<'a> {
    pub(crate) config: AgentConfig,
    pub(crate) session: AgentSession,
    pub(crate) seen: UpdateCache<16>,
    pub(crate) key: &'a dyn Signer,
    pub(crate) attester: &'a P256SigningKey,
    pub(crate) tams: &'a dyn KeyResolver,
    pub(crate) verifiers: &'a dyn KeyResolver,
    pub(crate) signers: &'a dyn KeyResolver,
    pub(crate) context: Context<'a>,
}

/// Asks for the component, or after what the TAM wants; carries messages until nobody has anything to say.
pub(crate) fn meet(agent: &mut Agent<'_>, device: &mut Device, uri: &str) -> Outcome<()> {
    agent.session = AgentSession::new(agent.config);
    let mut broker = Broker::<1>::new(MediaTypes::AlsoCose);
    let mut step = broker.start(&AgentData { tam_uri: Some(uri), message: None })?;
    let mut message;
    loop {
        let BrokerStep::Post(session, request) = step else { return Ok(()) };
        let uri = broker.uri(session).unwrap_or_default().to_owned();
        let Ok(response) = post(&uri, &request) else {
            broker.failed(session, HttpFailure::Transport);
            return Err(format!("nobody answers at {uri}").into());
        };
        let (status, content_type) = (response.status, response.content_type.as_deref());
        match broker.receive(session, status, content_type, &response.body) {
            None => return Ok(()),
            Some(AgentCall::ProcessError(failure)) => {
                agent.session.transport_failed();
                return Err(format!("{failure:?}").into());
            }
            Some(AgentCall::ProcessTeepMessage(received)) => {
                message = agent.process(received, device)?;
            }
        }
        step = broker.go_on(session, &AgentData { tam_uri: None, message: message.as_deref() })?;
    }
}

impl Agent<'_> {
    fn process(&mut self, message: &[u8], device: &mut Device) -> Outcome<Option<Vec<u8>>> {
        let trust = AgentTrust { tams: self.tams, verifiers: self.verifiers };
        let event = self.session.receive(message, &trust, &mut self.seen, &self.context);
        let mut reports = Vec::new();
        match event {
            AgentEvent::Update(order) => {
                let token = order.update().value().options().token();
                let mut outcome = UpdateOutcome::Done;
                for step in order.steps() {
                    match step {
                        UpdateStep::Unlink(_) => device.unlink(),
                        UpdateStep::Process(envelope) => {
                            let (ended, report) = self.install(envelope, token, device);
                            reports.extend(report);
                            outcome = ended;
                        }
                    }
                    if outcome != UpdateOutcome::Done {
                        break;
                    }
                }
                self.session.finish(outcome)?;
            }
            AgentEvent::Refused(error) => println!("  Agent: refused: {error}"),
            AgentEvent::TamFailed { code, .. } => println!("  Agent: the TAM says {code:?}"),
            _ => {}
        }
        self.send(device, &reports)
    }

    fn install(
        &self,
        envelope: &[u8],
        token: Option<&[u8]>,
        device: &mut Device,
    ) -> (UpdateOutcome, Option<Vec<u8>>) {
        let rules = ManifestRules {
            trust: Trust::keys(self.signers),
            policy: AuthenticationPolicy::ANY_BLOCK,
            components: 1,
            limits: Limits::DEFAULT,
            readings: Readings::default(),
        };
        let stored = device.sequence_number;
        let stored = stored.map(|sequence_number| Stored { sequence_number, manifest: None });
        let (mut log, mut report) = ([0; 512], [0; 1024]);
        let memory = ManifestMemory { arena: &mut [], log: &mut log, report: &mut report };
        let processed =
            process::<_, 1, 4>(envelope, token, stored, &rules, device, memory, &self.context);
        let Ok(Processed { outcome, report }) = processed;
        (outcome, report.map(<[u8]>::to_vec))
    }

    fn send(&mut self, device: &Device, reports: &[Vec<u8>]) -> Outcome<Option<Vec<u8>>> {
        let reports: Vec<_> = reports.iter().map(Vec::as_slice).collect();
        let evidence = self.evidence()?;
        let installed = [InstalledTc { component_id: COMPONENT, ..Default::default() }];
        let wanted = [RequestedTc { component_id: COMPONENT, ..Default::default() }];
        let has = device.has(&[NAME]);
        let mut out = vec![0; 8192];
        loop {
            let draft = match self.session.poll(&mut out)? {
                AgentOutput::Random { len } => {
                    let mut drawn = vec![0; len];
                    UnwrapErr(SysRng).fill_bytes(&mut drawn);
                    self.session.random(&drawn)?;
                    continue;
                }
                AgentOutput::Respond(form) => form.write(&AgentAnswer {
                    attestation_payload: Some(&evidence),
                    attestation_payload_format: Some(
                        "application/eat+cwt; eat_profile=\"tag:example.com,2026:story\"",
                    ),
                    tc_list: if has { &installed } else { &[] },
                    requested: if has { &[] } else { &wanted },
                    ..Default::default()
                })?,
                AgentOutput::Report(form) => form.write(&reports, None)?,
                AgentOutput::Sign(draft) => draft,
                AgentOutput::Idle => return Ok(None),
            };
            return Ok(Some(draft.sign(&[self.key])?.to_vec()));
        }
    }

    /// Evidence of this device over the challenge of the request.
    fn evidence(&self) -> Outcome<Vec<u8>> {
        let nonce = self.session.challenge().unwrap_or(&[0; 8]);
        let mut out = [0; 1024];
        let write = |writer: &mut Writer<'_>| {
            writer.map(2).int(10).bytes(nonce).int(256).bytes(b"\x01a device of a story");
        };
        let draft = sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {}).payload(write)?;
        Ok(draft.sign(self.attester)?.to_vec())
    }
}
