//! A governed service, driven by whatever comes in any order.
//!
//! The input is a row of steps: one byte that says what, two of a length, and so many bytes. Signatures are all good, so
//! what is refused is refused by headers and policy.
#![no_main]

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, SignError, Signer, YCoordinate};
use cose_ext::header::ContentType;
use cose_ext::{Context, Input, Profile};
use fuzz::AcceptAll;
use libfuzzer_sys::fuzz_target;
use merkle_proof::cose::Receipt;
use merkle_proof::{MemoryTree, Sha256Tree};
use scitt_core::{
    Bootstrap, Governance, GovernedService, Log as _, LogTree as _, MemoryLog, Policy,
    PolicyIssuer, PolicyRule, ReceiptKey, Registrar, RegistrationState, StatementBuilder,
    Submitted, TransparencyService,
};

const ISSUER: &str = "https://maker.example";
const SERVICE: &str = "https://log.example";
/// No point of the curve, which nothing here would notice.
static NUMBERS: [u8; 32] = [0x81; 32];

/// Signs with nothing.
struct Nobody;

impl Signer for Nobody {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, _: &[&[u8]], out: &mut [u8]) -> Result<usize, SignError> {
        out.fill(7);
        Ok(out.len())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let context = Context::new(&AcceptAll);
    let issuer = PolicyIssuer::new(ISSUER)
        .with_key(key(), b"1", &context)
        .expect("a key of the right shape");
    let policy = Policy::new()
        .administered_by(issuer.clone())
        .rooted_in(issuer.clone())
        .registering(issuer.clone());
    let (bootstrap, steps) = match bytes {
        [0, steps @ ..] => (Bootstrap::FirstStatement, steps),
        [1, steps @ ..] => (Bootstrap::Administrators(vec![issuer]), steps),
        [_, steps @ ..] => (Bootstrap::Preconfigured(policy.clone()), steps),
        [] => return,
    };
    let over = |log| {
        let receipt_key = ReceiptKey::new(b"log", Algorithm::ES256).with_public_key(key());
        TransparencyService::over(log, SERVICE, receipt_key)
    };
    let open = |log| GovernedService::open(over(log), bootstrap.clone(), &context);
    let mut service = open(MemoryLog::new(Sha256Tree)).expect("an empty log");
    let mut expected = Vec::new();
    run(&mut service, steps, &policy, &mut expected, &context);
    service.commit().expect("memory does not fail");
    check(&service, &bootstrap, &expected, &context);
    let again = open(service.service().log().clone()).expect("what was governed");
    assert_eq!(again.governance().in_force(), service.governance().in_force());
    assert_eq!(again.receipt_key(), service.receipt_key());
});

fn key() -> PublicKey<'static> {
    let y = YCoordinate::Value(&NUMBERS);
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &NUMBERS, y };
    PublicKey { material, algorithm: None }
}

fn run(
    service: &mut GovernedService<MemoryLog<Sha256Tree>>,
    mut steps: &[u8],
    policy: &Policy,
    expected: &mut Vec<Vec<u8>>,
    context: &Context<'_>,
) {
    while let [step, high, low, rest @ ..] = steps {
        let len = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (data, rest) = rest.split_at(len);
        steps = rest;
        let text = String::from_utf8_lossy(data);
        let builder = |subject: &str| StatementBuilder::new(ISSUER, subject).key_id(b"1");
        let made = match step {
            0 => Some(data.to_vec()),
            1 => builder(&text).sign(b"payload", &Nobody).ok(),
            2 => builder("thing").sign(data, &Nobody).ok(),
            3 => {
                let policy = policy.clone().with_rule(PolicyRule::new().subject(&text));
                let typ = ContentType::MediaType(Policy::TYP);
                builder(SERVICE).typ(typ).sign(&policy.encode(), &Nobody).ok()
            }
            4 => {
                let typ = ContentType::MediaType(Policy::TYP);
                builder(SERVICE).typ(typ).sign(data, &Nobody).ok()
            }
            5 => {
                let endorsed = ReceiptKey::new(data, Algorithm::ES256).with_public_key(key());
                let payload = endorsed.to_cose_key().unwrap_or_default();
                let typ = ContentType::MediaType(ReceiptKey::TYP);
                builder(SERVICE).typ(typ).sign(&payload, &Nobody).ok()
            }
            6 => {
                service.commit().expect("memory does not fail");
                service.service_mut().sign_head(7, &Nobody, context).expect("signed");
                None
            }
            _ => {
                service.commit().expect("memory does not fail");
                None
            }
        };
        let Some(made) = made else { continue };
        match service.submit(&made, &Input::embedded(), i64::from(*low), context) {
            Ok(Submitted::Queued(entry)) => {
                // It is queued once, at the end.
                let is_new = entry.index() == expected.len() as u64;
                assert!(is_new || entry.index() < expected.len() as u64);
                if is_new {
                    assert!(!expected.contains(&made), "queued before");
                    expected.push(made);
                }
            }
            Ok(Submitted::Known(entry)) => assert!(entry.index() < service.service().size()),
            Err(error) => assert!(error.refusal().is_some(), "memory does not fail"),
        }
    }
}

/// The log has what was queued, in that order, and an auditor makes the same decisions and the same root.
fn check(
    service: &GovernedService<MemoryLog<Sha256Tree>>,
    bootstrap: &Bootstrap,
    expected: &[Vec<u8>],
    context: &Context<'_>,
) {
    let log = service.service().log();
    assert_eq!(log.size(), expected.len() as u64);
    let mut governance = Governance::new(SERVICE, bootstrap.clone());
    let registrar = Registrar::new(log.structure(), 0);
    let mut tree = MemoryTree::new(Sha256Tree);
    for (index, submitted) in (0..).zip(expected) {
        let evidence = log.evidence(index).expect("memory").expect("not erased");
        let kept = scitt_core::Evidence::decode(&evidence, &Profile::LENIENT).expect("evidence");
        assert_eq!(kept.submitted, submitted);
        let checked = governance.replay(index, &evidence, &registrar, context);
        let checked = checked.expect("the decision is the same");
        tree.append(&[&registrar.leaf(&checked, index, context).expect("a leaf")]);
        let entry = service.service().entry(index).expect("an entry");
        let receipt = service.service().receipt(entry, context).expect("memory");
        let is_ready = service.service().state(entry) == Some(RegistrationState::ReceiptReady);
        assert_eq!(receipt.is_some(), is_ready);
        if let Some(receipt) = receipt {
            assert!(Receipt::decode(&receipt, &Profile::LENIENT).is_ok());
        }
    }
    assert_eq!(tree.head(), service.service().head());
    assert_eq!(governance.in_force(), service.governance().in_force());
}
