//! A signer that lives elsewhere and answers later: an HSM, a KMS, a person with a smart card. Here it is a thread behind
//! a channel, which sees what is to be signed and nothing else, and never gives its key away.
//!
//! Two steps: `prepare` fixes the message up to its signature, `attach` puts the answer in. In between, any time may pass.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use cose_ext::crypto::{Algorithm, Signer};
use cose_ext::key::{TrustStore, TrustedKey};
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::sign::{SignBuilder, SignPolicy, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Input, Profile, Sign, Sign1};

/// One job: the bytes to be signed, and where the answer goes.
struct Job {
    to_be_signed: Vec<u8>,
    answer: Sender<Vec<u8>>,
}

/// What the signer does on its side of the wire.
fn remote_signer(key: &P256SigningKey, jobs: &Receiver<Job>) {
    for job in jobs {
        let mut signature = vec![0; key.signature_len()];
        if let Ok(len) = key.sign(&[&job.to_be_signed], &mut signature) {
            signature.truncate(len);
            // Whoever asked may have given up.
            let _ = job.answer.send(signature);
        }
    }
}

/// Asks the signer, and waits.
fn signed_by(signer: &Sender<Job>, parts: &[&[u8]]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let (answer, signature) = mpsc::channel();
    signer.send(Job { to_be_signed: parts.concat(), answer })?;
    Ok(signature.recv()?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    let key = P256SigningKey::from_bytes(&secret)?;
    let public = key.public_key();
    let (signer, jobs) = mpsc::channel();
    let device = thread::spawn(move || remote_signer(&key, &jobs));

    // A COSE_Sign1.
    let prepared = Sign1Builder::new()
        .key_id(b"hsm-1")
        .prepare(Algorithm::ES256, Content::Embedded(b"release 1.2.3"))?;
    let signature = signed_by(&signer, &prepared.structure().parts())?;
    let bytes = prepared.attach(&signature);

    // A COSE_Sign, to which others may still add theirs.
    let mut signing = SignBuilder::new().prepare(Content::Embedded(b"release 1.2.3"))?;
    let pending = signing.pending(SignatureBuilder::new().key_id(b"hsm-1"), Algorithm::ES256)?;
    let signature = signed_by(&signer, &signing.to_be_signed(&pending).parts())?;
    signing.attach(&pending, &signature);
    let by_many = signing.finish()?;

    drop(signer);
    device.join().map_err(|_| "the signer failed")?;

    let trusted =
        [TrustedKey::new(public.as_public_key(), &Context::new(&RustCrypto))?
            .with_key_id(b"hsm-1")];
    let (keys, context) = (TrustStore::new(&trusted), Context::new(&RustCrypto));
    let message = Sign1::decode(&bytes, &Profile::LENIENT)?;
    let verified = message.verify(&Input::embedded(), &keys, &context)?;
    println!("{message}\nsigned by {}", verified.by().identity());
    let message = Sign::decode(&by_many, &Profile::LENIENT)?;
    let verified = message.verify(&Input::embedded(), &SignPolicy::All, &keys, &context)?;
    println!(
        "{message}\nsigned by {} of {}",
        verified.by().signatures(),
        message.signatures().len()
    );
    Ok(())
}
