//! S28: the work of one call is bounded, whoever appends receipts: signature checks by a number,
//! hashing by the checks and the input.

#[path = "../../merkle-proof/tests/support/metered.rs"]
mod metered;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Context, Input, MapBuilder, Profile,
    crypto::Algorithm,
    cwt::ClaimKey,
    header::Vds,
    key::{IssuerKeys, TrustedKey},
    rustcrypto::RustCrypto,
};
use merkle_proof::{
    UnauthenticatedPosition,
    cose::{Receipt, ReceiptBuilder, encode_inclusion},
};
use metered::Metered;
use scitt_core::{
    EntryEncoding, EntryPayload, EntryRule, Limits, ReceiptRules, Registration, Requirements,
    ServiceKey, ServiceLimits, StatementEntries, TransparentStatement, TrustedService, Verifier,
};
use world::*;

const SIZES: [usize; 2] = [64 * 1024, 1024 * 1024];
const CHECKS: usize = cose_ext::Limits::DEFAULT.signature_checks;

/// What one call did.
#[derive(Debug)]
struct Work {
    entry: &'static str,
    input: usize,
    checks: usize,
    hashed: usize,
}

impl Work {
    #[track_caller]
    fn is_bounded(&self) {
        assert!(self.checks <= CHECKS, "{self:?}");
        assert!(self.hashed <= (self.checks + 3) * self.input, "{self:?}");
    }
}

/// A receipt that names the usual service and is signed by somebody else.
fn appended(proofs: &[Vec<u8>]) -> Vec<u8> {
    let claims = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt");
    let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256).key_id(SERVICE_KID).cwt_claims(&claims);
    let receipt = proofs.iter().fold(receipt, |receipt, proof| receipt.inclusion(proof.clone()));
    receipt.sign(&[0; 32], &ed_signer(&STRANGER)).unwrap()
}

fn proof(leaf_index: u64, elements: usize) -> Vec<u8> {
    let tree_size = 1 << elements;
    encode_inclusion(UnauthenticatedPosition { tree_size, leaf_index }, &vec![[7; 32]; elements])
}

/// A statement of about `size` bytes, of which `payload` are payload and the rest copies of `receipt`.
fn attack(size: usize, payload: usize, receipt: &[u8]) -> Vec<u8> {
    let statement = builder().sign(&vec![0; payload], &ec_signer(&ISSUER)).unwrap();
    let copies = (size - payload) / (receipt.len() + 3);
    transparent(&statement, &vec![receipt; copies])
}

/// Every entry of this crate that takes a transparent statement, with `keys` of the service.
fn entries(bytes: &[u8], rules: &[EntryRule]) -> Vec<Work> {
    let issuer = issuer_key();
    let keys: Vec<_> = rules
        .iter()
        .map(|rule| {
            let key = ed_key(&SERVICE);
            ServiceKey::new(key, Algorithm::EDDSA).with_key_id(SERVICE_KID).with_entry_rule(*rule)
        })
        .collect();
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let verifier =
        Verifier::new(&issuer, &services).with_limits(Limits::DEFAULT.with_receipts(16_384));
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT).unwrap();
    let input = Input::embedded();
    let run = |entry, call: &dyn Fn(&Context<'_>)| {
        let metered = Metered::new();
        call(&Context::new(&metered));
        Work { entry, input: bytes.len(), checks: metered.checks(), hashed: metered.hashed() }
    };
    let (_, receipt) = transparent.receipts().iter().next().unwrap();
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
    vec![
        run("Verifier::verify", &|context| {
            assert!(verifier.verify(&transparent, &input, context).is_err());
        }),
        run("Verifier::verify_reporting", &|context| {
            let found = verifier.verify_reporting(&transparent, &input, context, &mut |report| {
                assert!(report.outcome.is_err());
            });
            assert!(found.is_err());
        }),
        run("Verifier::verify_inclusion_only", &|context| {
            assert!(verifier.verify_inclusion_only(&transparent, &input, context).is_err());
        }),
        run("TrustedService::verify_inclusion", &|context| {
            let mut entries = StatementEntries::new(transparent.statement(), &input).unwrap();
            let rules = ReceiptRules::DEFAULT;
            let found = services[0].verify_inclusion(&mut entries, &receipt, &rules, context);
            assert!(found.is_err());
        }),
        run("TransparencyService::register", &|context| {
            let limits = ServiceLimits::DEFAULT.with_statement_bytes(usize::MAX);
            let mut log = Log::usual(0).service.with_limits(limits);
            let registration =
                Registration { issuers: &issuer, requirements: Requirements::Rfc9943 };
            assert!(log.register(bytes, &input, LOGGED_AT, &registration, context).is_ok());
        }),
    ]
}

#[test]
fn s28_malformed_proofs_cost_no_hash_of_the_statement() {
    let receipt = appended(&[vec![0x80]]);
    for size in SIZES {
        for work in entries(&attack(size, size / 2, &receipt), &[EntryRule::DEFAULT]) {
            work.is_bounded();
            // The entry and what was signed are hashed when it is registered, and nothing else ever.
            let passes = usize::from(work.entry == "TransparencyService::register");
            assert!(work.hashed <= passes * (size + 4096) + 256, "{work:?}");
            assert!(work.checks <= 1, "{work:?}");
        }
    }
}

#[test]
fn s28_signature_checks_are_one_budget_for_a_statement() {
    // Of one root each, and of eight.
    let same = appended(&vec![proof(0, 0); 8]);
    let other = appended(&(0..8).map(|index| proof(index, 3)).collect::<Vec<_>>());
    for size in SIZES {
        for (receipt, each) in [(&same, 1), (&other, 8)] {
            for keys in [1, 3] {
                for work in entries(&attack(size, 300, receipt), &vec![EntryRule::DEFAULT; keys]) {
                    work.is_bounded();
                    let expected = match work.entry {
                        "TransparencyService::register" => 1,
                        "TrustedService::verify_inclusion" => each * keys,
                        _ => CHECKS,
                    };
                    assert_eq!(work.checks, expected, "{keys} keys: {work:?}");
                }
            }
        }
    }
}

#[test]
fn s28_the_entry_is_hashed_once_for_each_entry_rule() {
    let receipt = appended(&[proof(0, 0)]);
    let rule =
        |payload| EntryRule { encoding: EntryEncoding::Preferred(payload), ..EntryRule::DEFAULT };
    let rules = [
        rule(EntryPayload::Attached),
        rule(EntryPayload::Attached),
        rule(EntryPayload::AsSubmitted),
        EntryRule { encoding: EntryEncoding::AsReceived, ..EntryRule::DEFAULT },
    ];
    for size in SIZES {
        let payload = size - 8 * 1024;
        for (rules, digests) in [(&rules[..1], 1), (&rules[..2], 1), (&rules[..], 3)] {
            for work in entries(&attack(size, payload, &receipt), rules) {
                work.is_bounded();
                // Once for the digest of what was signed, once for the entry.
                let passes = if work.entry.ends_with("register") { 2 } else { digests };
                let rest = 16 * 1024;
                assert!(
                    (passes * payload..=passes * payload + rest).contains(&work.hashed),
                    "{work:?}"
                );
            }
        }
    }
}

#[test]
fn s28_an_entry_that_is_not_hashed_beforehand_is_paid_for_by_checks() {
    let bare = EntryRule { hash: None, ..EntryRule::DEFAULT };
    let receipt = appended(&[proof(0, 0)]);
    for size in SIZES {
        for work in entries(&attack(size, size / 2, &receipt), &[bare]) {
            work.is_bounded();
        }
    }
}

#[test]
fn s28_long_paths_are_paid_for_by_checks() {
    let receipt = appended(&(0..8).map(|index| proof(index, 60)).collect::<Vec<_>>());
    for size in SIZES {
        for keys in [1, 3] {
            for work in entries(&attack(size, 300, &receipt), &vec![EntryRule::DEFAULT; keys]) {
                work.is_bounded();
            }
        }
    }
}

/// Appending receipts costs a statement its verdict, and says so: nothing is called broken.
#[test]
fn s28_a_good_receipt_before_the_others_counts() {
    let statement = statement();
    let good = Log::usual(3).log(&statement);
    let bad = appended(&[proof(0, 0)]);
    let receipts = [vec![&good[..]], vec![&bad[..]; 200]].concat();
    let issuer = issuer_key();
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let verify = |receipts: &[&[u8]], required| {
        let bytes = transparent(&statement, receipts);
        let decoded = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let verifier = Verifier::new(&issuer, &services).requiring(required);
        verifier.verify(&decoded, &Input::embedded(), &context()).map(|found| found.services())
    };
    assert_eq!(verify(&receipts, 1), Ok(1));
    let undecided = verify(&receipts, 2).unwrap_err();
    assert_eq!(undecided.verdict(), scitt_core::Verdict::CannotEvaluate, "{undecided}");
    let receipts: Vec<_> = receipts.into_iter().rev().collect();
    let undecided = verify(&receipts, 1).unwrap_err();
    assert_eq!(undecided.verdict(), scitt_core::Verdict::CannotEvaluate, "{undecided}");
}

/// The meter of a caller bounds several calls together.
#[test]
fn s28_a_caller_s_meter_is_spent_from() {
    let bytes = usual_transparent(&statement());
    let issuer = issuer_key();
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let verifier = Verifier::new(&issuer, &services);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let limits = cose_ext::Limits::DEFAULT.with_signature_checks(5);
    let work = cose_ext::Work::new(&limits, 1 << 20);
    let context = Context::new(&RustCrypto).with_work(&work);
    let verify = || verifier.verify(&transparent, &Input::embedded(), &context).map(drop);
    assert_eq!((verify(), work.checks()), (Ok(()), 2));
    assert_eq!((verify(), work.checks()), (Ok(()), 4));
    assert!(verify().is_err_and(|error| error.verdict() == scitt_core::Verdict::CannotEvaluate));
    assert_eq!(work.checks(), 5);
}

/// A trust store, a verifier and a provider serve threads at once.
#[test]
fn verifiers_are_shared_by_threads() {
    let bytes = usual_transparent(&statement());
    let enrolled: TrustedKey<'_> = ec_key(&ISSUER).with_key_id(KID);
    let issuer = IssuerKeys::new(ISS, &enrolled);
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let verifier = Verifier::new(&issuer, &services);
    let context = context();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
                assert!(verifier.verify(&transparent, &Input::embedded(), &context).is_ok());
            });
        }
    });
}
