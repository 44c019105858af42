//! A service shows two histories. An auditor replays both, two heads that the service signed convict it, and whoever has
//! the service's key checks the proof alone. Receipts could not: nobody signs the size of a tree in them.
//!
//! `cargo run -p examples --bin two_histories`

use std::error::Error;

use cose_ext::crypto::Algorithm;
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto};
use cose_ext::{Context, Input};
use merkle_proof::Sha256Tree;
use scitt_core::{
    AuditedEntry, Auditor, EntryRule, ForkProof, HeadAudit, HeadForm, HeadVerifier, Requirements,
    ServiceKey, SignedHeadBuilder, StatementBuilder, TrustedIssuers, TrustedService,
};

const VENDOR: &str = "https://vendor.example";
const LOG: &str = "https://log.example";

/// Replays a history and returns the auditor, and the head that the service signs of it.
fn replayed(
    history: &[Vec<u8>],
    issuer: &TrustedKey<'_>,
    log_key: &Ed25519SigningKey,
    context: &Context<'_>,
) -> Result<(Auditor<Sha256Tree>, Vec<u8>), Box<dyn Error>> {
    let mut auditor = Auditor::new(Sha256Tree, EntryRule::DEFAULT);
    let mut policy = TrustedIssuers { issuers: issuer, requirements: Requirements::Rfc9943 };
    for statement in history {
        let entry = AuditedEntry::statement(statement, Input::embedded());
        auditor.replay(&entry, &mut policy, context)?;
    }
    println!("  {}", auditor.report());
    let head = SignedHeadBuilder::new(LOG, b"1", &auditor.head(), 1_800_000_000).sign(log_key)?;
    Ok((auditor, head))
}

fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::new(&RustCrypto);
    let vendor_key = P256SigningKey::from_bytes(&[1; 32])?;
    let log_key = Ed25519SigningKey::from_bytes(&[2; 32])?;
    let (vendor_public, log_public) = (vendor_key.public_key(), log_key.public_key());
    let issuer = TrustedKey::new(&vendor_public, &context)?.for_issuer(VENDOR);

    let statement = |text: &str| {
        let statement = StatementBuilder::new(VENDOR, "pkg:generic/pump@1").key_id(b"2026");
        statement.sign(text.as_bytes(), &vendor_key)
    };
    let shown = ["first", "second", "third", "fourth"].map(statement);
    let shown = shown.into_iter().collect::<Result<Vec<_>, _>>()?;
    // Others were shown a log without the second statement.
    let hidden = [&shown[..1], &shown[2..]].concat();

    println!("one half of the world replays, and the other:");
    let (auditor, one) = replayed(&shown, &issuer, &log_key, &context)?;
    let (_, other) = replayed(&hidden, &issuer, &log_key, &context)?;

    let keys = [ServiceKey::new(TrustedKey::new(&log_public, &context)?, Algorithm::EDDSA)
        .with_key_id(b"1")];
    let service = TrustedService { name: "log", issuer: Some(LOG), keys: &keys };
    let verifier = HeadVerifier::new(service);
    let one = verifier.verify(HeadForm::Cose(&one), &context)?;
    let other = verifier.verify(HeadForm::Cose(&other), &context)?;
    println!("the service signed\n  {one:?}\n  {other:?}");
    assert_eq!(auditor.check_head(&one), HeadAudit::Agrees);
    assert!(matches!(auditor.check_head(&other), HeadAudit::Contradicts { .. }));

    let proof = auditor.prove_fork(&one, &other, &context)?.to_bytes();
    println!(
        "a proof of {} bytes, which anybody checks who trusts the service's key:",
        proof.len()
    );
    let checked = ForkProof::from_bytes(&proof, &verifier, &context)?;
    println!(
        "  {} signed a log of {} entries that does not begin with its log of {}",
        checked.service(),
        checked.newer().size(),
        checked.older().size()
    );
    Ok(())
}
