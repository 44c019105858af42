//! The TAM: asks a device for Evidence, lets the verifier judge it, and orders what its policy wants.

use cose_ext::{
    key::{OwnedTrustStore, OwnedTrustedKey},
    rustcrypto::P256SigningKey,
};
use teep_msg::{
    DataItems, InstallPermit, SigningKey, Suite, TamConfig, TamEvent, TamOutput, TamSession,
    TamTrust, UpdateContent, WithoutStatus, http::ServerCall, suit::manifest_sha256,
};

use crate::{
    Trouble,
    cast::{NOW, Role, context, key},
    verifier::{Attested, Refusal, agent_key, result},
};

/// The diagnostics that pumps leave the factory with, as messages name components.
pub(crate) const DIAGNOSTICS: &[u8] = b"\x81\x4bdiagnostics";

/// What the TAM wants of an attested device.
pub(crate) enum Wish {
    /// Nothing: it may go on as it is.
    Nothing,
    /// A component goes.
    Unlink(&'static [u8]),
    /// An envelope is to be processed.
    Install(Vec<u8>),
}

/// What an exchange came to, on the side of the TAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    NothingToDo,
    Ordered,
    /// The device did it, and said so with so many reports.
    Installed {
        reports: usize,
    },
    Refused(Refusal),
    Dropped(Refusal),
}

/// Judges Evidence over a nonce.
pub(crate) type Judge<'j> = dyn Fn(&[u8], &[u8]) -> Result<Attested, Refusal> + 'j;
/// Says what is wanted of a device.
pub(crate) type Policy<'p> = dyn Fn(&Attested) -> Result<Wish, Trouble> + 'p;

pub(crate) struct Tam {
    session: TamSession,
    key: P256SigningKey,
    agents: OwnedTrustStore,
    verifiers: OwnedTrustStore,
    /// Random bytes: a counter, which is random enough for a story.
    drawn: u8,
    pub(crate) said: Vec<Said>,
    pub(crate) attested: Option<Attested>,
}

fn trusted(role: Role) -> Result<OwnedTrustedKey, Trouble> {
    Ok(OwnedTrustedKey::new(&key(role)?.public_key(), &context())?)
}

fn config() -> Result<TamConfig, Trouble> {
    let signing = SigningKey { suite: Suite::Esp256, thumbprint: Some(agent_key(Role::Tam)?) };
    Ok(TamConfig {
        data_item_requested: DataItems::ATTESTATION.and(DataItems::TRUSTED_COMPONENTS),
        ..TamConfig::new(&[signing], WithoutStatus::Refused)
    })
}

impl Tam {
    pub(crate) fn new() -> Result<Self, Trouble> {
        Ok(Self {
            session: TamSession::new(config()?),
            key: key(Role::Tam)?,
            agents: [trusted(Role::Agent17)?, trusted(Role::Agent18)?].into_iter().collect(),
            verifiers: [trusted(Role::Verifier)?].into_iter().collect(),
            drawn: 0,
            said: Vec::new(),
            attested: None,
        })
    }

    /// Answers a call; an empty answer ends the exchange.
    pub(crate) fn answer(
        &mut self,
        call: ServerCall<'_>,
        judge: &Judge<'_>,
        policy: &Policy<'_>,
    ) -> Result<Vec<u8>, Trouble> {
        match call {
            ServerCall::Connect => {
                self.session = TamSession::new(config()?);
                self.session.connect()?;
                self.send(None)
            }
            ServerCall::Message(message) => self.message(message, judge, policy),
        }
    }

    fn message(
        &mut self,
        message: &[u8],
        judge: &Judge<'_>,
        policy: &Policy<'_>,
    ) -> Result<Vec<u8>, Trouble> {
        let context = context();
        let now = u64::try_from(NOW)?;
        let nonce = self.session.handles().next().unwrap_or_default().to_vec();
        let trust = TamTrust { agents: &self.agents, verifiers: &self.verifiers };
        match self.session.receive(message, now, &trust, &context) {
            TamEvent::Evidence { payload, .. } => {
                let attested = match judge(payload.bytes(), &nonce) {
                    Ok(attested) => attested,
                    Err(refusal) => {
                        self.said.push(Said::Refused(refusal));
                        let _ = self.session.no_attestation_result()?;
                        return self.send(None);
                    }
                };
                let result = result(&attested, &nonce)?;
                let event = self.session.attestation_result(&result, now, &trust, &context)?;
                match event {
                    TamEvent::Attested { permit, .. } => {
                        let wish = policy(&attested)?;
                        self.attested = Some(attested);
                        return self.order(wish, permit);
                    }
                    TamEvent::Refused { rule, .. } => {
                        let text = format!("{} ({})", rule.broken(), rule.to_ref());
                        let refusal = Refusal::by(Some(rule.to_ref()), &text);
                        self.said.push(Said::Refused(refusal));
                    }
                    _ => {}
                }
            }
            TamEvent::Installed { success } => {
                let reports = success.value().options().suit_reports();
                let reports = reports.map_or(0, |reports| reports.items().count());
                self.said.push(Said::Installed { reports });
            }
            TamEvent::Dropped(error) => {
                let refusal = Refusal::by(error.rule(), &error.to_string());
                self.said.push(Said::Dropped(refusal));
            }
            other => return Err(format!("{other:?}").into()),
        }
        self.send(None)
    }

    fn order(&mut self, wish: Wish, permit: InstallPermit) -> Result<Vec<u8>, Trouble> {
        let digests = match &wish {
            Wish::Nothing => {
                self.session.nothing_to_do();
                self.said.push(Said::NothingToDo);
                return Ok(Vec::new());
            }
            Wish::Unlink(_) => Vec::new(),
            Wish::Install(envelope) => {
                vec![manifest_sha256(envelope, &context()).ok_or("no digest")?]
            }
        };
        self.session.order(&digests)?;
        self.said.push(Said::Ordered);
        self.send(Some((wish, permit)))
    }

    fn send(&mut self, order: Option<(Wish, InstallPermit)>) -> Result<Vec<u8>, Trouble> {
        let mut out = vec![0; 8192];
        let now = u64::try_from(NOW)?;
        loop {
            match self.session.poll(&mut out, now)? {
                TamOutput::Random { len } => {
                    self.drawn = self.drawn.wrapping_add(1);
                    self.session.random(&vec![self.drawn; len])?;
                }
                TamOutput::Sign(draft) => return Ok(draft.sign(&[&self.key])?.to_vec()),
                TamOutput::Update(form) => {
                    let (wish, permit) = order.as_ref().ok_or("no order")?;
                    let draft = match wish {
                        Wish::Install(envelope) => {
                            let manifests = [untagged(envelope)];
                            form.write(&UpdateContent::installing(permit, &manifests))?
                        }
                        Wish::Unlink(component) => {
                            form.write(&UpdateContent::unlinking(&[component]))?
                        }
                        Wish::Nothing => return Err("nothing was ordered".into()),
                    };
                    return Ok(draft.sign(&[&self.key])?.to_vec());
                }
                TamOutput::Attest(_) | TamOutput::Idle => return Ok(Vec::new()),
            }
        }
    }
}

/// The envelope without its tag, as TEEP carries it.
fn untagged(envelope: &[u8]) -> &[u8] {
    envelope.strip_prefix(b"\xd8\x6b").unwrap_or(envelope)
}
