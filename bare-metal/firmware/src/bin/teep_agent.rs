#![no_std]
#![no_main]
//! A TEEP Agent: answers a request, takes an Update and reports, with keys on P-256. Its own
//! signatures are made by a secure element, for which bytes stand here.

use core::hint::black_box;

use cose_ext::{
    Context,
    crypto::{
        Algorithm, Curve, HashFunction, InvalidKey, KeyMaterial, Provider, PublicKey,
        SignatureVerifier, YCoordinate,
    },
    key::{Identity, TrustStore, TrustedKey},
    rustcrypto::{P256VerifyingKey, Sha256},
};
use firmware as _;
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, InstalledTc,
    SigningKey, Suite, UpdateCache, UpdateOutcome, UpdateStep,
};

static REQUEST: &[u8] = include_bytes!("../../../canary/fixtures/teep/request.cose");
static UPDATE: &[u8] = include_bytes!("../../../canary/fixtures/teep/update.cose");
/// The coordinates of the TAM's key, burnt into the board.
static KEY: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/author-key.bin");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    match agent(black_box(REQUEST), black_box(UPDATE), black_box(KEY)) {
        Ok(1) => 0,
        Ok(_) => 1,
        Err(Failed) => 2,
    }
}

struct Failed;

impl From<teep_msg::Error> for Failed {
    fn from(_: teep_msg::Error) -> Self {
        Self
    }
}

/// Returns how many components the Update removed.
fn agent(request: &[u8], update: &[u8], key: &[u8; 64]) -> Result<usize, Failed> {
    let Ok(key) = tam(key) else { return Err(Failed) };
    let key = TrustedKey::parsed(&key, Identity::new([1; 32]));
    let nobody = TrustStore::new(&[]);
    let trust = AgentTrust { tams: &key, verifiers: &nobody };
    let context = Context::new(&Crypto);
    let config = AgentConfig::new(&[SigningKey { suite: Suite::Esp256, thumbprint: None }]);
    let mut session = AgentSession::new(config);
    let mut seen = UpdateCache::<8>::new();
    let mut out = [0; 256];
    let _query = session.receive(request, &trust, &mut seen, &context);
    let sent = send(&mut session, &mut out)?;
    let mut removed = 0;
    if let AgentEvent::Update(order) = session.receive(update, &trust, &mut seen, &context) {
        removed = order.steps().filter(|step| matches!(step, UpdateStep::Unlink(_))).count();
        session.finish(UpdateOutcome::Done)?;
    }
    let reported = send(&mut session, &mut out)?;
    if black_box(sent) == 0 || black_box(reported) == 0 { Err(Failed) } else { Ok(removed) }
}

#[inline(never)]
fn tam(key: &[u8; 64]) -> Result<P256VerifyingKey, InvalidKey> {
    let (x, y) = key.split_at_checked(32).ok_or(InvalidKey::Malformed)?;
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(y) };
    P256VerifyingKey::from_public_key(&PublicKey { material, algorithm: None })
}

/// All the cryptography that this board has: one key that is there already, and one hash function.
struct Crypto;

impl Provider for Crypto {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        match algorithm {
            Algorithm::SHA256 => Some(&Sha256),
            _ => None,
        }
    }
}

/// Returns the length of the message.
fn send(session: &mut AgentSession, out: &mut [u8]) -> Result<usize, Failed> {
    let installed = [InstalledTc { component_id: b"\x81\x43app", ..Default::default() }];
    let draft = match session.poll(out)? {
        AgentOutput::Respond(form) => {
            form.write(&AgentAnswer { tc_list: &installed, ..Default::default() })?
        }
        AgentOutput::Report(form) => form.write(&[], None)?,
        AgentOutput::Sign(draft) => draft,
        AgentOutput::Random { .. } | AgentOutput::Idle => return Ok(0),
    };
    Ok(draft.attach(&[&[0x5a; 64]])?.len())
}
