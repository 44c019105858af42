//! TEEP messages and machines.
//!
//! An input that begins with a byte below 3 drives a TAM and an Agent who talk to each other over a bad line, or what
//! stands before and around them; there a signature is good for what was signed alone. In every other one, which is a
//! message of anybody to both, every signature is good: what is left to refuse is its structure, and what the machines make
//! of it in any order. A machine's state always reads back, and a message that decodes is transcoded and decodes again.
#![no_main]

#[path = "provisioning/front.rs"]
mod front;
#[path = "provisioning/message.rs"]
mod message;
#[path = "provisioning/session.rs"]
mod session;
#[path = "provisioning/written.rs"]
mod written;

use cose_ext::{Context, Profile};
use fuzz::{Accept, Chosen, with_keys};
use libfuzzer_sys::fuzz_target;
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, Message,
    Numbering, SigningKey, Suite, TamConfig, TamEvent, TamOutput, TamSession, TamTrust,
    UpdateCache, UpdateContent, UpdateOutcome, WithoutStatus, detect, handle_of, transcode,
};

fuzz_target!(|bytes: &[u8]| {
    match bytes {
        [0, choices @ ..] => return session::check(&mut Chosen::by(choices)),
        [1, choices @ ..] => return front::check(&mut Chosen::by(choices)),
        [2, choices @ ..] => return written::check(&mut Chosen::by(choices)),
        _ => {}
    }
    let profile = Profile::LENIENT;
    let _ = detect(bytes, &profile);
    for numbering in Numbering::ALL {
        let _ = handle_of(bytes, numbering, &profile);
        message::open(bytes, numbering);
        let message = match Message::decode(bytes, numbering, &profile) {
            Ok(message) => message,
            Err(error) => {
                refused(&error);
                continue;
            }
        };
        message::look(&message);
        let mut out = vec![0; bytes.len() * 2 + 64];
        if let Ok(other) = transcode(&message, numbering.other(), &mut out) {
            let other = Message::decode(other, numbering.other(), &profile).unwrap();
            assert_eq!(other.message_type(), message.message_type());
            assert_eq!(other.error_code(), message.error_code());
        }
    }
    let key = SigningKey { suite: Suite::Esp256, thumbprint: None };
    machines(bytes, TamConfig::new(&[key], WithoutStatus::Affirms), AgentConfig::new(&[key]));
});

fn refused<E: std::error::Error>(error: &E) {
    assert!(!error.to_string().is_empty());
}

/// Both machines take the input, whole and in two halves, at every stage.
fn machines(bytes: &[u8], tam_config: TamConfig, agent_config: AgentConfig) {
    let context = Context::new(&Accept::ALL);
    let (first, second) = bytes.split_at(bytes.len() / 2);
    with_keys(|keys| {
        let mut tam = TamSession::new(tam_config);
        tam.connect().unwrap();
        let mut agent = AgentSession::new(agent_config);
        let mut seen = UpdateCache::<4>::new();
        for message in [bytes, first, second, bytes] {
            let trust = TamTrust { agents: keys, verifiers: keys };
            if let TamEvent::Evidence { .. } = tam.receive(message, 0, &trust, &context) {
                let _ = tam.attestation_result(second, 0, &trust, &context);
            }
            poll_tam(&mut tam);
            let mut out = [0; 1024];
            let state = tam.write_state(&mut out).unwrap();
            let again = TamSession::read_state(tam_config, state).unwrap();
            assert_eq!(format!("{again:?}"), format!("{tam:?}"));

            let trust = AgentTrust { tams: keys, verifiers: keys };
            match agent.receive(message, &trust, &mut seen, &context) {
                AgentEvent::Update(order) => {
                    let _ = order.steps().count();
                    agent.finish(UpdateOutcome::Done).unwrap();
                }
                AgentEvent::TamEvidence { .. } => {
                    let _ = agent.attestation_result(second, &trust, &context);
                }
                _ => {}
            }
            poll_agent(&mut agent);
            let state = agent.write_state(&mut out).unwrap();
            let again = AgentSession::read_state(agent_config, state).unwrap();
            assert_eq!(format!("{again:?}"), format!("{agent:?}"));
        }
    });
}

fn poll_tam(tam: &mut TamSession) {
    let mut out = [0; 512];
    match tam.poll(&mut out, 0) {
        Ok(TamOutput::Random { len }) => {
            let _ = tam.random(&[7; 64][..len]);
        }
        Ok(TamOutput::Sign(draft)) => attach(draft),
        Ok(TamOutput::Attest(form)) => drop(form.write(b"payload", None)),
        Ok(TamOutput::Update(form)) => drop(form.write(&UpdateContent::unlinking(&[b"\x80"]))),
        Ok(TamOutput::Idle) | Err(_) => {}
    }
}

fn poll_agent(agent: &mut AgentSession) {
    let mut out = [0; 512];
    match agent.poll(&mut out) {
        Ok(AgentOutput::Random { len }) => agent.random(&[8; 64][..len]).unwrap(),
        Ok(AgentOutput::Sign(draft)) => attach(draft),
        Ok(AgentOutput::Respond(form)) => {
            let answer = AgentAnswer { attestation_payload: Some(b"e"), ..Default::default() };
            drop(form.write(&answer));
        }
        Ok(AgentOutput::Report(form)) => drop(form.write(&[], None)),
        Ok(AgentOutput::Idle) | Err(_) => {}
    }
}

fn attach(draft: teep_msg::Draft<'_>) {
    let signatures = vec![&[0; 64][..]; draft.algorithms().count()];
    draft.attach(&signatures).unwrap();
}
