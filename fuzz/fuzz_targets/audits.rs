//! What relying parties and auditors read and do: stores, signed heads, proofs of forks, entries of logs.
//!
//! An input that begins with a byte below 4 chooses a store, a log with its auditor, a log with its monitor, or a chain of
//! certificates. In every other one, which is read as whatever it may be, all signatures are good.
#![no_main]

#[allow(dead_code, unreachable_pub)]
#[path = "../../cose-ext/tests/support/certificates.rs"]
mod certificates;
#[path = "audits/chain.rs"]
mod chain;
#[path = "audits/log.rs"]
mod log;
#[path = "audits/monitor.rs"]
mod monitor;
#[path = "audits/store.rs"]
mod store;

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::key::{TrustStore, TrustedKey};
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, Chosen, Nobody, with_keys};
use libfuzzer_sys::fuzz_target;
use merkle_proof::Rfc9162Tree;
use merkle_proof::cose::{CoseTree, Receipt, ReceiptReading};
use scitt_core::{
    AuditedEntry, Auditor, Bootstrap, DidX509, EntryRule, ForkProof, Governance, HeadForm,
    HeadVerifier, LogProfile, Monitor, Requirements, ServiceKey, StoredService, TrustedIssuers,
    TrustedService,
};

/// What certificates are written with.
mod messages {
    pub fn h(hex: &str) -> Vec<u8> {
        hex::decode(hex.replace(' ', "")).expect("hex")
    }
}

const SIGNER: Nobody = Nobody(Algorithm::ES256);
const ISSUER: &str = "https://maker.example";
const SERVICE: &str = "https://log.example";

/// Keys that differ, and are points of no curve.
static NUMBERS: [[u8; 32]; 6] =
    [[0x81; 32], [0x82; 32], [0x83; 32], [0x84; 32], [0x85; 32], [0x86; 32]];

fn public_key(number: usize) -> PublicKey<'static> {
    let x = &NUMBERS[number % NUMBERS.len()];
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(x) };
    PublicKey { material, algorithm: None }
}

fn trusted_key(number: usize) -> TrustedKey<'static> {
    TrustedKey::new(public_key(number), &Context::new(&Accept::ALL)).expect("of the right shape")
}

/// Calls `then` with one key of the issuer.
fn with_issuer<R>(then: impl FnOnce(&TrustStore<'_>) -> R) -> R {
    then(&TrustStore::new(&[trusted_key(0).for_issuer(ISSUER)]))
}

fn refused<E: std::error::Error>(error: &E) {
    assert!(!error.to_string().is_empty());
}

fuzz_target!(|bytes: &[u8]| {
    let (machine, mut chosen) = match bytes {
        [machine @ ..4, choices @ ..] => (*machine, Chosen::by(choices)),
        bytes => return read(bytes),
    };
    match machine {
        0 => store::check(&mut chosen),
        1 => log::check(&mut chosen),
        2 => monitor::check(&mut chosen),
        _ => chain::check(&mut chosen),
    }
});

fn read(bytes: &[u8]) {
    let context = Context::new(&Accept::ALL);
    store::read(bytes, &context);
    resume(bytes, &context);
    match StoredService::from_key_file("log", Some(SERVICE), bytes, LogProfile::RFC9162, &context) {
        Ok(loaded) => assert!(!loaded.service.keys().is_empty()),
        Err(error) => refused(&error),
    }
    if let Ok(text) = core::str::from_utf8(bytes)
        && let Ok(did) = DidX509::parse(text)
    {
        assert_eq!((did.to_string(), format!("{did:?}")), (text.into(), text.into()));
    }
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &[0x81; 32] };
    let Ok(key) = TrustedKey::new(PublicKey { material, algorithm: None }, &context) else {
        return;
    };
    let keys = [ServiceKey::new(key, Algorithm::EDDSA)];
    let service = TrustedService { name: "service", issuer: None, keys: &keys };
    let verifier = HeadVerifier::new(service);
    for form in [HeadForm::Cose(bytes), HeadForm::Checkpoint(bytes)] {
        match verifier.verify(form, &context) {
            Ok(head) => assert_eq!(head.form().bytes(), bytes),
            Err(error) => refused(&error),
        }
    }
    if let Ok(proof) = ForkProof::from_bytes(bytes, &verifier, &context) {
        assert!(proof.older().size() <= proof.newer().size());
        assert_ne!(
            (proof.older().size(), proof.older().root()),
            (proof.newer().size(), proof.newer().root())
        );
        let again = proof.to_bytes();
        assert_eq!(ForkProof::from_bytes(&again, &verifier, &context).as_ref(), Ok(&proof));
    }
    replay(bytes, &service, &context);
    chain::read(bytes, &context);
}

/// What outlived a process has one form.
fn resume(bytes: &[u8], context: &Context<'_>) {
    if let Some(tree) = CoseTree::<Rfc9162Tree>::new(&Sha256)
        && let Ok(auditor) = Auditor::resume(tree, bytes)
    {
        assert_eq!(auditor.checkpoint(), bytes);
    }
    if let Ok(monitor) = Monitor::resume(bytes) {
        assert_eq!(monitor.checkpoint(), bytes);
    }
    let bootstrap = Bootstrap::FirstStatement;
    if let Ok(governance) = Governance::resume("https://log.example", bootstrap, bytes, context) {
        assert_eq!(governance.checkpoint(), bytes);
    }
}

/// An entry that cannot be computed changes nothing, and one that can grows the log.
fn replay(bytes: &[u8], service: &TrustedService<'_>, context: &Context<'_>) {
    let Some(tree) = CoseTree::<Rfc9162Tree>::new(&Sha256) else { return };
    with_keys(|issuers| {
        let mut policy = TrustedIssuers { issuers, requirements: Requirements::Lenient };
        let mut auditor = Auditor::new(tree, EntryRule::SCITT_COSE);
        for entry in [
            AuditedEntry::statement(bytes, Input::embedded()),
            AuditedEntry::statement(bytes, Input::detached(b"payload")),
            AuditedEntry::withheld(bytes),
        ] {
            let size = auditor.size();
            let grown = auditor.replay(&entry, &mut policy, context);
            assert_eq!(auditor.size(), size + u64::from(grown.is_ok()));
            grown.err().iter().for_each(refused);
            if let Ok(receipt) = Receipt::decode(bytes, &Profile::LENIENT) {
                let _ = auditor.check_receipt(&entry, &receipt, service, context);
                let reading = ReceiptReading::DEFAULT;
                let _ = auditor.check_consistency(&receipt, service, &reading, context);
            }
        }
    });
}
