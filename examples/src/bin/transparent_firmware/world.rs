//! Everything that there is: services, pumps and their Agents, the TAM, releases and what is said of them.

use cose_ext::Profile;
use suit_manifest::Envelope;

use crate::{
    Trouble,
    agent::{Agent, Carried},
    board::Pump,
    cast::{block, context, manifest, on_device, sealed},
    evidence::{PUMP_17, PUMP_18},
    rating::{self, Rating},
    service::Service,
    tam::{DIAGNOSTICS, Said, Tam, Wish},
    verifier::{Attested, Known, Refusal, appraise, known},
};

pub(crate) const NONCE: [u8; 16] = *b"fresh and random";

/// A release that its maker offers.
pub(crate) struct Offer {
    pub(crate) number: u64,
    pub(crate) image: &'static [u8],
    pub(crate) envelope: Vec<u8>,
}

/// Everything that there is.
pub(crate) struct World {
    pub(crate) services: [Service; 2],
    /// Whether log B has shown what it runs in.
    pub(crate) is_log_b_attested: bool,
    pub(crate) pump: Pump,
    pub(crate) agent: Agent,
    pub(crate) other_pump: Pump,
    pub(crate) other_agent: Agent,
    pub(crate) tam: Tam,
    pub(crate) offers: Vec<Offer>,
    pub(crate) known: Vec<Known>,
    /// Statements about releases, as they are found at the services.
    pub(crate) about: Vec<Vec<u8>>,
    /// The devices as they were last attested.
    pub(crate) fleet: Vec<Attested>,
    /// What the broker has carried to the first pump and back.
    pub(crate) carried: Vec<Carried>,
}

impl World {
    pub(crate) fn new() -> Result<Self, Trouble> {
        Ok(Self {
            services: [Service::open(0)?, Service::open(1)?],
            is_log_b_attested: false,
            pump: Pump::default(),
            agent: Agent::new(PUMP_17)?,
            other_pump: Pump::default(),
            other_agent: Agent::new(PUMP_18)?,
            tam: Tam::new()?,
            offers: Vec::new(),
            known: Vec::new(),
            about: Vec::new(),
            fleet: Vec::new(),
            carried: Vec::new(),
        })
    }

    /// Signs a release, registers it at both services, and offers it.
    pub(crate) fn release(&mut self, number: u64, image: &'static [u8]) -> Result<(), Trouble> {
        let envelope = manifest(number, image)?;
        let signed = block(&envelope)?;
        let receipts = self.services.iter_mut().map(|service| service.register(&signed));
        let receipts = receipts.collect::<Result<Vec<_>, _>>()?;
        let envelope = sealed(envelope, &signed, &receipts)?;
        self.known.push(known(number, image, &envelope)?);
        self.offers.push(Offer { number, image, envelope });
        Ok(())
    }

    pub(crate) fn envelope(&self, number: u64) -> Result<Vec<u8>, Trouble> {
        let offer = self.offers.iter().find(|offer| offer.number == number);
        Ok(offer.ok_or("no such release")?.envelope.clone())
    }

    /// What the first pump says of an envelope, which it keeps if it takes it.
    pub(crate) fn offered(
        &mut self,
        envelope: &[u8],
    ) -> Result<Result<usize, transparent_suit::Error>, Trouble> {
        let Self { services, pump, .. } = self;
        on_device(services, |device, _| {
            Ok(pump.update(device, envelope, None)?.map(|taken| taken.services))
        })
    }

    pub(crate) fn rating(&self, number: u64) -> Result<Rating, Trouble> {
        rate(&self.services, &self.offers, &self.about, number)
    }

    /// Lets a pump meet the TAM, which wants the newest release that is rated well enough.
    pub(crate) fn meet(&mut self, which: Which) -> Result<Said, Trouble> {
        let Self { services, tam, known, offers, about, is_log_b_attested, .. } = self;
        let (agent, pump) = match which {
            Which::First => (&mut self.agent, &mut self.pump),
            Which::Other => (&mut self.other_agent, &mut self.other_pump),
        };
        let (services, attested) = (&*services, *is_log_b_attested);
        let judge = |evidence: &[u8], nonce: &[u8]| appraise(evidence, nonce, known, services);
        let has_diagnostics = pump.has_diagnostics;
        let policy = |device: &Attested| {
            if has_diagnostics {
                return Ok(Wish::Unlink(DIAGNOSTICS));
            }
            for offer in offers.iter().rev().filter(|offer| offer.number > device.number) {
                let is_rated = rate(services, offers, about, offer.number)?.suffices();
                if is_rated && is_logged(services, attested, &offer.envelope)? {
                    return Ok(Wish::Install(offer.envelope.clone()));
                }
            }
            Ok(Wish::Nothing)
        };
        let carried = agent.meet(tam, pump, services, (&judge, &policy))?;
        if which == Which::First {
            self.carried.push(carried);
        }
        if let Some(device) = self.tam.attested.take() {
            let installed = self.pump_of(which).number.unwrap_or(device.number);
            self.fleet.retain(|known| known.ueid != device.ueid);
            self.fleet.push(Attested { number: installed, ..device });
        }
        Ok(self.tam.said.last().cloned().ok_or("the TAM said nothing")?)
    }

    fn pump_of(&self, which: Which) -> &Pump {
        match which {
            Which::First => &self.pump,
            Which::Other => &self.other_pump,
        }
    }

    pub(crate) fn appraised(&self, evidence: &[u8]) -> Result<Attested, Refusal> {
        appraise(evidence, &NONCE, &self.known, &self.services)
    }
}

/// Which pump.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    First,
    Other,
}

fn rate(
    services: &[Service; 2],
    offers: &[Offer],
    about: &[Vec<u8>],
    number: u64,
) -> Result<Rating, Trouble> {
    let offer = offers.iter().find(|offer| offer.number == number).ok_or("no such release")?;
    on_device(services, |_, trusted| rating::rate(about, number, offer.image, trusted))
}

/// Whether both services logged the envelope, as the TAM sees it: receipts of log B count once it is attested.
pub(crate) fn is_logged(
    services: &[Service; 2],
    is_log_b_attested: bool,
    envelope: &[u8],
) -> Result<bool, Trouble> {
    on_device(services, |device, trusted| {
        let counting = if is_log_b_attested { trusted } else { &trusted[..1] };
        let device = transparent_suit::Device { services: counting, ..*device };
        let envelope = Envelope::decode(envelope, &Profile::LENIENT)?;
        Ok(device.verify(&envelope, &context()).is_ok())
    })
}

pub(crate) fn scitt_rule(error: &scitt_core::Error) -> String {
    error.rule().map_or("none".into(), |rule| rule.id.to_owned())
}

/// The rule by which a service refuses: of the profile, or of its policy.
pub(crate) fn service_rule<E>(error: &transparent_suit::RegisterError<E>) -> String {
    use scitt_core::ServiceError;
    use transparent_suit::RegisterError;
    match error {
        RegisterError::Refused(error) => {
            error.rule().map_or("none".into(), |rule| rule.id.to_owned())
        }
        RegisterError::Service(ServiceError::Refused(error)) => scitt_rule(error),
        _ => "none".into(),
    }
}
