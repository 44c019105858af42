//! What relying parties and auditors read: stores, signed heads, proofs of forks, entries of logs. Every signature is good.
#![no_main]

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, Profile};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use merkle_proof::Rfc9162Tree;
use merkle_proof::cose::{CoseTree, Receipt, ReceiptReading};
use scitt_core::{
    AuditedEntry, Auditor, Bootstrap, DidX509, EntryRule, ForkProof, Governance, HeadForm,
    HeadVerifier, LogProfile, Monitor, RelyingPartyStore, Requirements, ServiceKey, StoredService,
    TrustedIssuers, TrustedService,
};

fuzz_target!(|bytes: &[u8]| {
    let context = Context::new(&AcceptAll);
    if let Ok(store) = RelyingPartyStore::from_bytes(bytes, &context) {
        assert_eq!(store.to_bytes().as_deref(), Ok(bytes), "there is one form");
    }
    resume(bytes, &context);
    let _ = StoredService::from_key_file("log", None, bytes, LogProfile::RFC9162, &context);
    if let Ok(text) = core::str::from_utf8(bytes)
        && let Ok(did) = DidX509::parse(text)
    {
        assert_eq!(did.to_string(), text);
    }
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &[0x81; 32] };
    let Ok(key) = TrustedKey::new(PublicKey { material, algorithm: None }, &context) else {
        return;
    };
    let keys = [ServiceKey::new(key, Algorithm::EDDSA)];
    let service = TrustedService { name: "service", issuer: None, keys: &keys };
    let verifier = HeadVerifier::new(service);
    for form in [HeadForm::Cose(bytes), HeadForm::Checkpoint(bytes)] {
        if let Ok(head) = verifier.verify(form, &context) {
            assert_eq!(head.form().bytes(), bytes);
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
});

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
            let grown = auditor.replay(&entry, &mut policy, context).is_ok();
            assert_eq!(auditor.size(), size + u64::from(grown));
            if let Ok(receipt) = Receipt::decode(bytes, &Profile::LENIENT) {
                let _ = auditor.check_receipt(&entry, &receipt, service, context);
                let reading = ReceiptReading::DEFAULT;
                let _ = auditor.check_consistency(&receipt, service, &reading, context);
            }
        }
    });
}
