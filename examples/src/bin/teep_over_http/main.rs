//! A TAM and an Agent over HTTP: `cargo run -p examples --features http --bin teep_over_http`.
//!
//! - without arguments: both on loopback. A device with no component ends with one, a second run changes nothing, a third
//!   removes it.
//! - `teep_over_http agent URL [--older]`: the Agent alone, against any TAM; `--older` speaks the numbering of drafts up to
//!   -25 with ES256.
//! - `teep_over_http tam ADDRESS [--older]`: the TAM alone.
//!
//! The keys are those of a story: whoever reads this has them.

mod client;
mod device;
mod server;
mod wire;

use std::error::Error;
use std::net::TcpListener;
use std::sync::{Arc, atomic::Ordering};

use client::{Agent, meet};
use cose_ext::{
    Context, Digest,
    crypto::Algorithm,
    key::{OwnedTrustStore, OwnedTrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use device::Device;
use server::{Front, age, thumbprint};
use suit_manifest::{
    Section,
    author::{ManifestBuilder, ParameterSet, RECORD_ALL, Sequence},
    label::{condition, directive},
};
use teep_msg::{AgentConfig, AgentSession, SigningKey, UpdateCache};
use wire::listen;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The component of this story, and its identifier as messages carry it.
const NAME: &[u8] = b"app";
const COMPONENT: &[u8] = b"\x81\x43app";
const IMAGE: &[u8] = b"a trusted component";

struct Keys {
    tam: P256SigningKey,
    agent: P256SigningKey,
    attester: P256SigningKey,
    verifier: P256SigningKey,
    signer: P256SigningKey,
}

impl Keys {
    fn new(is_older: bool) -> Outcome<Self> {
        let key = |number: u8| P256SigningKey::from_bytes(&[number; 32]);
        let suite = age(is_older).1.algorithm();
        Ok(Self {
            tam: key(1)?.with_algorithm(suite)?,
            agent: key(2)?.with_algorithm(suite)?,
            attester: key(3)?.with_algorithm(Algorithm::ESP256)?,
            verifier: key(4)?.with_algorithm(Algorithm::ESP256)?,
            signer: key(5)?.with_algorithm(Algorithm::ESP256)?,
        })
    }
}

fn store(key: &P256SigningKey) -> Outcome<OwnedTrustStore> {
    let key = OwnedTrustedKey::new(&key.public_key(), &Context::new(&RustCrypto))?;
    Ok([key].into_iter().collect())
}

fn signing_key(key: &P256SigningKey, is_older: bool) -> Outcome<SigningKey> {
    Ok(SigningKey { suite: age(is_older).1, thumbprint: Some(thumbprint(key)?) })
}

/// The manifest that installs the component; its image comes along.
fn manifest(signer: &P256SigningKey) -> Outcome<Vec<u8>> {
    let context = Context::new(&RustCrypto);
    let digest = context.hash(Algorithm::SHA256, &[IMAGE])?;
    let parameters = ParameterSet::new()
        .image_digest(&Digest::new(Algorithm::SHA256, digest.as_ref())?)
        .image_size(IMAGE.len() as u64)
        .uri("#app");
    let shared = Sequence::new().override_parameters(&parameters);
    let install = Sequence::new()
        .command(directive::FETCH, RECORD_ALL)
        .command(condition::IMAGE_MATCH, RECORD_ALL);
    let validate = Sequence::new().command(condition::IMAGE_MATCH, RECORD_ALL);
    let manifest = ManifestBuilder::new(1)
        .component(&[NAME])
        .shared(shared)
        .section(Section::Install, install)
        .section(Section::Validate, validate);
    let mut envelope = manifest.build(Algorithm::SHA256, &context)?.integrate("#app", IMAGE);
    envelope.sign(Sign1Builder::new(), signer, &context)?;
    Ok(envelope.to_untagged_bytes())
}

/// Meets a TAM with a device, once for each of `before`, which is called first.
fn agent(
    uri: &str,
    is_older: bool,
    device: &mut Device,
    before: &[(&str, bool)],
    wants: &dyn Fn(bool),
) -> Outcome<()> {
    let keys = Keys::new(is_older)?;
    let (tams, verifiers) = (store(&keys.tam)?, store(&keys.verifier)?);
    let signers = store(&keys.signer)?;
    let signing = signing_key(&keys.agent, is_older)?;
    let config = AgentConfig { numbering: age(is_older).0, ..AgentConfig::new(&[signing]) };
    let mut agent = Agent {
        config,
        session: AgentSession::new(config),
        seen: UpdateCache::new(),
        key: &keys.agent,
        attester: &keys.attester,
        tams: &tams,
        verifiers: &verifiers,
        signers: &signers,
        context: Context::new(&RustCrypto),
    };
    for (title, wanted) in before {
        println!("{title}");
        wants(*wanted);
        meet(&mut agent, device, uri)?;
        println!("  device: {}", if device.has(&[NAME]) { "app is installed" } else { "empty" });
    }
    Ok(())
}

fn both(is_older: bool) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let uri = format!("http://{}/teep", listener.local_addr()?);
    let front = Arc::new(Front::new(is_older)?);
    let shared = Arc::clone(&front);
    std::thread::spawn(move || {
        if let Err(error) = listen(listener, shared) {
            println!("  TAM: {error}");
        }
    });
    let is_wanted = |wanted| front.is_wanted.store(wanted, Ordering::Relaxed);
    let mut device = Device::default();
    agent(&uri, is_older, &mut device, &[("The TAM wants the component:", true)], &is_wanted)?;
    assert_eq!(device.image(), Some(IMAGE));
    agent(&uri, is_older, &mut device, &[("Once more, nothing changes:", true)], &is_wanted)?;
    assert_eq!(device.image(), Some(IMAGE));
    agent(&uri, is_older, &mut device, &[("It is not wanted any more:", false)], &is_wanted)?;
    assert_eq!(device.image(), None);
    Ok(())
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_older = arguments.iter().any(|argument| argument == "--older");
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|it| *it != "--older").collect();
    match words[..] {
        [] => both(is_older),
        ["tam", address] => listen(TcpListener::bind(address)?, Arc::new(Front::new(is_older)?)),
        ["agent", uri] => {
            let mut device = Device::default();
            agent(uri, is_older, &mut device, &[("Asking the TAM:", true)], &|_| {})
        }
        _ => Err("teep_over_http [agent URL | tam ADDRESS] [--older]".into()),
    }
}
