//! A governed service, driven by whatever comes in any order, over a log that is a tree or a ledger.
//!
//! The input is a byte that says how it begins, and a row of steps: one byte that says what, two of a length, and so many
//! bytes. Signatures are all good, so what is refused is refused by headers and policy.
#![no_main]

#[path = "transparency_service/plain.rs"]
mod plain;

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::header::ContentType;
use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, Nobody};
use libfuzzer_sys::fuzz_target;
use merkle_proof::ccf::CcfSha256Tree;
use merkle_proof::cose::Receipt;
use merkle_proof::{MemoryTree, Sha256Tree};
use scitt_core::{
    AuditedEntry, Auditor, Bootstrap, EntryOutcome, Evidence, Governance, GovernedService,
    Log as _, LogHash, LogTree as _, MemoryLog, Policy, PolicyIssuer, PolicyRule, ReceiptKey,
    Registrar, RegistrationState, Rule, StatementBuilder, Submitted, TransparencyService,
};

const ISSUER: &str = "https://maker.example";
const SERVICE: &str = "https://log.example";
const SIGNER: Nobody = Nobody(Algorithm::ES256);
/// The most steps of one service, which are enough for each to meet each other.
const STEPS: usize = 128;
/// No point of the curve, which nothing here would notice.
static NUMBERS: [u8; 32] = [0x81; 32];

fn refused<E: std::error::Error>(error: &E) {
    assert!(!error.to_string().is_empty());
}

fuzz_target!(|bytes: &[u8]| {
    let [first, steps @ ..] = bytes else { return };
    match first >> 6 {
        0 | 1 => governed(*first, steps, Sha256Tree),
        2 => governed(*first, steps, CcfSha256Tree),
        _ => plain::check(*first, steps),
    }
});

fn governed<T: LogHash + Copy>(first: u8, steps: &[u8], tree: T) {
    let context = Context::new(&Accept::ALL);
    let issuer = PolicyIssuer::new(ISSUER)
        .with_key(key(), b"1", &context)
        .expect("a key of the right shape");
    let policy = Policy::new()
        .administered_by(issuer.clone())
        .rooted_in(issuer.clone())
        .registering(issuer.clone());
    let bootstrap = match first & 0x3f {
        0 => Bootstrap::FirstStatement,
        1 => Bootstrap::Administrators(vec![issuer]),
        _ => Bootstrap::Preconfigured(policy.clone()),
    };
    let over = |log| {
        let receipt_key = ReceiptKey::new(b"log", Algorithm::ES256).with_public_key(key());
        TransparencyService::over(log, SERVICE, receipt_key)
    };
    let open = |log| GovernedService::open(over(log), bootstrap.clone(), &context);
    let mut run = Run {
        service: open(MemoryLog::new(tree)).expect("an empty log"),
        policy,
        expected: Vec::new(),
        erased: Vec::new(),
    };
    run.steps(steps, &context);
    run.service.commit().expect("memory does not fail");
    run.check(tree, &bootstrap, &context);
    let again = open(run.service.service().log().clone()).expect("what was governed");
    assert_eq!(again.governance().in_force(), run.service.governance().in_force());
    assert_eq!(again.receipt_key(), run.service.receipt_key());
    // What is kept of it apart is it.
    let kept = run.service.governance().checkpoint();
    let resumed = Governance::resume(SERVICE, bootstrap.clone(), &kept, &context);
    let resumed = resumed.expect("as it was written");
    assert_eq!(
        (resumed.in_force(), resumed.checkpoint()),
        (run.service.governance().in_force(), kept.clone())
    );
    refused(
        &Governance::resume(ISSUER, bootstrap.clone(), &kept, &context).expect_err("of another"),
    );
    let cut = Governance::resume(SERVICE, bootstrap, &kept[..kept.len() - 1], &context);
    refused(&cut.expect_err("it is cut"));
}

fn key() -> PublicKey<'static> {
    let y = YCoordinate::Value(&NUMBERS);
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &NUMBERS, y };
    PublicKey { material, algorithm: None }
}

struct Run<T: LogHash> {
    service: GovernedService<MemoryLog<T>>,
    policy: Policy,
    /// What was queued, and the entries whose evidence was erased.
    expected: Vec<Vec<u8>>,
    erased: Vec<u64>,
}

impl<T: LogHash> Run<T> {
    fn steps(&mut self, mut steps: &[u8], context: &Context<'_>) {
        for _ in 0..STEPS {
            let [step, high, low, rest @ ..] = steps else { return };
            let len = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
            let (data, rest) = rest.split_at(len);
            steps = rest;
            if let Some(made) = self.step(*step, *low, data, context) {
                self.submit(&made, *low, context);
            }
        }
    }

    /// Takes a step, or makes a statement.
    fn step(&mut self, step: u8, low: u8, data: &[u8], context: &Context<'_>) -> Option<Vec<u8>> {
        let text = String::from_utf8_lossy(data);
        let builder = |subject: &str| StatementBuilder::new(ISSUER, subject).key_id(b"1");
        let typed = |typ| builder(SERVICE).typ(ContentType::MediaType(typ));
        match step {
            0 => return Some(data.to_vec()),
            1 => return builder(&text).sign(b"payload", &SIGNER).ok(),
            2 => return builder("thing").sign(data, &SIGNER).ok(),
            3 => {
                let policy = self.policy.clone().with_rule(PolicyRule::new().subject(&text));
                return typed(Policy::TYP).sign(&policy.encode(), &SIGNER).ok();
            }
            4 => return typed(Policy::TYP).sign(data, &SIGNER).ok(),
            5 => {
                let endorsed = ReceiptKey::new(data, Algorithm::ES256).with_public_key(key());
                let payload = endorsed.to_cose_key().unwrap_or_default();
                return typed(ReceiptKey::TYP).sign(&payload, &SIGNER).ok();
            }
            6 => {
                self.service.commit().expect("memory does not fail");
                self.service.service_mut().sign_head(7, &SIGNER, context).expect("signed");
            }
            8 => self.erase(u64::from(low), context),
            9 => self.receipts(u64::from(low), context),
            10 => {
                // Under another issuer's name, and about another subject.
                let endorsed = ReceiptKey::new(b"other", Algorithm::ES256).with_public_key(key());
                let payload = endorsed.to_cose_key().unwrap_or_default();
                let typ = ContentType::MediaType(ReceiptKey::TYP);
                return builder("thing").typ(typ).sign(&payload, &SIGNER).ok();
            }
            11 => {
                let made = builder("thing").sign(data, &SIGNER).ok()?;
                match self.service.register(&made, &Input::embedded(), 7, context) {
                    Ok(entry) => {
                        let is_new = entry.index() == self.expected.len() as u64;
                        if is_new {
                            self.expected.push(made);
                        }
                        assert!(self.service.service().entry(entry.index()).is_some());
                    }
                    Err(error) => refused(&error),
                }
            }
            _ => _ = self.service.commit().expect("memory does not fail"),
        }
        None
    }

    fn submit(&mut self, made: &[u8], at: u8, context: &Context<'_>) {
        match self.service.submit(made, &Input::embedded(), i64::from(at), context) {
            Ok(Submitted::Queued(entry)) => {
                // It is queued once, at the end.
                let is_new = entry.index() == self.expected.len() as u64;
                assert!(is_new || entry.index() < self.expected.len() as u64);
                if is_new {
                    assert!(!self.expected.iter().any(|known| known == made), "queued before");
                    self.expected.push(made.to_vec());
                }
            }
            Ok(Submitted::Known(entry)) => assert!(entry.index() < self.service.service().size()),
            Err(error) => {
                assert!(error.refusal().is_some(), "memory does not fail");
                refused(&error);
            }
        }
    }

    /// What governs stays; everything else may go, and its leaf stays.
    fn erase(&mut self, index: u64, context: &Context<'_>) {
        let Some(entry) = self.service.service().entry(index) else { return };
        match self.service.erase(entry, context) {
            Ok(was_there) => {
                assert_eq!(was_there, !self.erased.contains(&index));
                self.erased.push(index);
            }
            Err(error) => refused(&error),
        }
        let statement = self.service.service().statement(entry, context).expect("memory");
        assert_eq!(statement.is_none(), self.erased.contains(&index));
    }

    /// Receipts that are signed now, and what a signature of others does.
    fn receipts(&mut self, index: u64, context: &Context<'_>) {
        let strict = Context::new(&Accept::NOBODY);
        let service = self.service.service_mut();
        let size = service.size();
        let root = service.root(size, context).expect("memory");
        let pending = service.prepare_head(7, context).expect("it has a key");
        assert_eq!((pending.root(), pending.size()), (&root, size));
        assert_eq!(pending.key().algorithm(), Algorithm::ES256);
        let wrong = service.head_signed(pending.clone(), &[7; 64], &strict);
        let wrong = wrong.expect_err("nobody's signature");
        assert_eq!(
            wrong.refusal().and_then(|error| error.rule()),
            Some(Rule::ReceiptVerified.to_ref())
        );
        let signature = pending.signature(&SIGNER).expect("a signature");
        service.head_signed(pending, &signature, &strict).expect("the signer's");
        assert!(
            service.signed_head().is_some_and(|head| *head.root() == root && head.size() == size)
        );
        if let Some(entry) = service.entry(index) {
            let receipt = service.prepare_receipt(entry, 7, context).expect("in the log");
            let receipt = receipt.sign(&SIGNER).expect("a receipt");
            let receipt = Receipt::decode(&receipt, &Profile::LENIENT).expect("it was made");
            assert_eq!(receipt.vds(), service.log().structure());
            let parts = service.ledger_parts(entry).expect("memory");
            assert_eq!(parts.is_some(), receipt.ccf_ledger().is_ok());
        }
        match service.prepare_consistency(index, 7, context) {
            Ok(pending) => {
                assert!(0 < index && index <= size);
                let receipt = pending.sign(&SIGNER).expect("a receipt");
                assert!(Receipt::decode(&receipt, &Profile::LENIENT).is_ok());
            }
            Err(error) => {
                assert!(index == 0 || index > size);
                refused(&error);
            }
        }
        assert!(service.root(size + 1, context).is_err_and(|error| !error.to_string().is_empty()));
    }

    /// The log has what was queued, in that order, and an auditor makes the same decisions and the same root.
    fn check(&self, structure: T, bootstrap: &Bootstrap, context: &Context<'_>) {
        let (service, log) = (self.service.service(), self.service.service().log());
        assert_eq!((log.size(), service.issuer()), (self.expected.len() as u64, SERVICE));
        let mut governance = Governance::new(SERVICE, bootstrap.clone());
        let mut replayed = Governance::new(SERVICE, bootstrap.clone());
        let registrar = Registrar::new(log.structure(), 0);
        let mut auditor = Auditor::new(&structure, registrar.entry_rule());
        let mut tree = MemoryTree::new(&structure);
        for (index, submitted) in (0..).zip(&self.expected) {
            let entry = service.entry(index).expect("an entry");
            let leaf = log.leaf(index).expect("memory").expect("never erased");
            if let Some(evidence) = log.evidence(index).expect("memory") {
                let kept = Evidence::decode(&evidence, &Profile::LENIENT).expect("evidence");
                assert_eq!(kept.submitted, submitted);
                let checked = governance.replay(index, &evidence, &registrar, context);
                let checked = checked.expect("the decision is the same");
                assert_eq!(registrar.leaf(&checked, index, context).as_ref(), Ok(&leaf));
                let mut audited = AuditedEntry::from(&kept);
                if let Some(parts) = service.ledger_parts(entry).expect("memory") {
                    audited = audited.in_ledger(parts);
                }
                let audit = auditor.replay(&audited, &mut replayed, context).expect("small");
                assert_eq!(audit.outcome, EntryOutcome::Checked);
            } else {
                assert!(self.erased.contains(&index));
                let mut audited = AuditedEntry::withheld(&leaf[leaf.len() - 32..]);
                if let Some(parts) = service.ledger_parts(entry).expect("memory") {
                    audited = audited.in_ledger(parts);
                }
                let _ = auditor.replay(&audited, &mut replayed, context).expect("small");
            }
            tree.append(&[&leaf]);
            let receipt = service.receipt(entry, context).expect("memory");
            let is_ready = service.state(entry) == Some(RegistrationState::ReceiptReady);
            assert_eq!(receipt.is_some(), is_ready);
            if let Some(receipt) = receipt {
                assert!(Receipt::decode(&receipt, &Profile::LENIENT).is_ok());
            }
        }
        assert_eq!(tree.head().root, service.head().root);
        assert_eq!(auditor.head().root, service.head().root);
        assert_eq!(governance.in_force(), self.service.governance().in_force());
        assert_eq!(replayed.in_force(), self.service.governance().in_force());
        assert_eq!(replayed.endorsed_keys(), self.service.governance().endorsed_keys());
    }
}
