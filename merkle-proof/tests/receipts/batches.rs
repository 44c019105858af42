//! Many receipts at once: each verdict is that of the receipt alone.

use core::ops::ControlFlow;
use core::sync::atomic::{AtomicUsize, Ordering};

use cose_ext::key::{Candidate, KeyHint, KeyResolver, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Label, MapBuilder, Profile, Value};
use merkle_proof::cose::{
    CoseTree, EmptyPath, Receipt, ReceiptReading, ReceiptVerifier, encode_inclusion,
    verify_inclusion_receipts,
};
use merkle_proof::{LeafIndex, Rfc9162Tree, Sha256Tree, TreeHash, TreeSize};
use testkit::alloc_count::allocations_during;

use crate::made::*;

/// Counts how often a key is looked for, which is once for each signature that is checked.
struct Asked<'k>(&'k TrustedKey<'k>, AtomicUsize);

impl KeyResolver for Asked<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        found: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.candidates(hint, context, found);
    }
}

type Case = (Vec<u8>, u8);

/// Runs the cases in one batch, compares each verdict with that of the receipt alone, and returns
/// how many were right and how many signatures were checked.
fn compare<T>(tree: &T, cases: &[Case], reading: &ReceiptReading<'_>) -> (usize, usize)
where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>,
{
    let entries: Vec<[u8; 32]> = cases.iter().map(|(_, entry)| [*entry; 32]).collect();
    let parts: Vec<[&[u8]; 1]> = cases
        .iter()
        .zip(&entries)
        // An entry of the log is a byte, that of the ledger 32 of them.
        .map(|((bytes, _), entry)| [if is_ledger(bytes) { &entry[..] } else { &entry[..1] }])
        .collect();
    let receipts: Vec<_> =
        cases.iter().map(|(bytes, _)| Receipt::decode(bytes, &Profile::LENIENT).unwrap()).collect();
    with_key(|key, context| {
        let keys = Asked(key, AtomicUsize::new(0));
        let mut verdicts = vec![None; cases.len()];
        let batch = receipts.iter().copied().zip(parts.iter().map(|entry| &entry[..]));
        let verifier = ReceiptVerifier::new(&keys, context).with_reading(reading);
        verify_inclusion_receipts(tree, batch, &verifier, |place, verdict| {
            let told = verdict.map(|root| (*root.by(), *root.value().hash(), root.value().vds()));
            assert_eq!(verdicts[place].replace(told), None, "{place} had a verdict before");
        });
        let asked = keys.1.load(Ordering::Relaxed);
        for (place, verdict) in verdicts.iter().enumerate() {
            let alone = receipts[place].verify_inclusion(
                &parts[place],
                &ReceiptVerifier::new(key, context).with_reading(reading),
            );
            let alone = alone.map(|root| (*root.by(), *root.value().hash(), root.value().vds()));
            assert_eq!(*verdict, Some(alone), "{place}");
        }
        (verdicts.iter().flatten().filter(|verdict| verdict.is_ok()).count(), asked)
    })
}

fn is_ledger(bytes: &[u8]) -> bool {
    let receipt = Receipt::decode(bytes, &Profile::LENIENT).unwrap();
    receipt.vds() == cose_ext::header::Vds::CCF_LEDGER_SHA256
}

fn receipts_of(size: u8) -> Vec<Case> {
    let log = log(size);
    let root = root_of(&log);
    (0..size).map(|entry| (log_receipt(&[inclusion(&log, entry.into())], &root), entry)).collect()
}

#[test]
fn a_signature_that_many_share_is_verified_once() {
    let cases = receipts_of(60);
    assert_eq!(compare(&Sha256Tree, &cases, &ReceiptReading::DEFAULT), (60, 1));
    // Of several roots, mixed.
    let logs: Vec<_> = (20..28).map(receipts_of).collect();
    let mixed: Vec<Case> =
        (0..20).flat_map(|entry| logs.iter().map(move |log| log[entry].clone())).collect();
    assert_eq!(compare(&Sha256Tree, &mixed, &ReceiptReading::DEFAULT), (160, 8));
    // More than are remembered: nothing is lost but time.
    let logs: Vec<_> = (20..32).map(receipts_of).collect();
    let mixed: Vec<Case> =
        (0..20).flat_map(|entry| logs.iter().map(move |log| log[entry].clone())).collect();
    assert_eq!(compare(&Sha256Tree, &mixed, &ReceiptReading::DEFAULT).0, 240);
    assert_eq!(compare(&Sha256Tree, &[], &ReceiptReading::DEFAULT), (0, 0));
}

#[test]
fn on_a_hash_function_of_the_provider() {
    let context = Context::new(&RustCrypto);
    let sha256 = context.hash_function(cose_ext::crypto::Algorithm::SHA256).unwrap();
    let tree = CoseTree::<Rfc9162Tree>::new(sha256).unwrap();
    assert_eq!(compare(&tree, &receipts_of(33), &ReceiptReading::DEFAULT), (33, 1));
}

#[test]
fn each_receipt_is_refused_for_itself() {
    let log = log(30);
    let root = root_of(&log);
    let mut cases = receipts_of(30);
    let good = cases.clone();
    // Another entry; a signature, a path element and a length that were changed.
    cases[1].1 = 2;
    *cases[2].0.last_mut().unwrap() ^= 1;
    let mut path = log.inclusion_path(LeafIndex(3), TreeSize(30)).unwrap();
    path[0][7] ^= 1;
    cases[3].0 = log_receipt(&[encode_inclusion(position(30, 3), &path)], &root);
    path.pop();
    cases[4].0 = log_receipt(&[encode_inclusion(position(30, 4), &path)], &root);
    path.extend([[0; 32]; 9]);
    cases[5].0 = log_receipt(&[encode_inclusion(position(30, 5), &path)], &root);
    // A leaf outside the tree, an element of another length, no proofs that can be read.
    cases[6].0 = log_receipt(&[encode_inclusion(position(30, 30), &path)], &root);
    let short = Value::Array(&[uint(30), uint(7), Value::Array(&[Value::Bytes(&[1])])]).to_bytes();
    cases[7].0 = log_receipt(&[short], &root);
    cases[8].0 = log_receipt(&[uint(1).to_bytes()], &root);
    // Several proofs: the first or the second leads to the signed root, or none does.
    let (right, wrong) = (inclusion(&log, 9), inclusion(&log, 10));
    cases[9].0 = log_receipt(&[right.clone(), right.clone()], &root);
    cases.push((log_receipt(&[wrong.clone(), right], &root), 9));
    cases.push((log_receipt(&[wrong.clone(), wrong], &root), 9));
    // Another root under the same signature.
    let other = receipts_of(31);
    cases.push((other[30].0.clone(), 29));
    assert_eq!(compare(&Sha256Tree, &cases, &ReceiptReading::DEFAULT).0, 30 - 8 + 1);
    assert_eq!(compare(&Sha256Tree, &good, &ReceiptReading::DEFAULT).0, 30);
}

#[test]
fn readings_hold_in_a_batch_too() {
    let ledger = ledger(9);
    let root = ledger_root(&ledger, 9);
    let mut cases = receipts_of(1);
    for leaf in 0..9 {
        cases.push((ledger_receipt(&[ledger_inclusion(&ledger, leaf)], root.hash()), leaf));
        cases.extend(receipts_of(leaf + 2));
    }
    let all = cases.len();
    assert_eq!(compare(&Sha256Tree, &cases, &ReceiptReading::DEFAULT).0, all - 9);
    assert_eq!(compare(&Sha256Tree, &cases, &LEDGER).0, all);
    let strict = LEDGER.with_empty_path(EmptyPath::Refused);
    assert_eq!(compare(&Sha256Tree, &cases, &strict).0, all - 1);
}

/// What leads to a key need not be signed: it decides whether a key is found.
#[test]
fn an_unprotected_key_hint_is_part_of_what_is_remembered() {
    let log = log(4);
    let root = root_of(&log);
    let receipt = |kid: &[u8], index: u64| {
        let proof = inclusion(&log, index);
        let proofs = Value::Array(&[Value::Bytes(&proof)]).to_bytes();
        let vdp = MapBuilder::new().with(cose_ext::header::Vdp::INCLUSION, Value::Encoded(&proofs));
        let message = Sign1Builder::new().protected(Label::VDS, 1).unprotected(Label::VDP, &vdp);
        let message = message.unprotected(Label::KID, Value::Bytes(kid));
        signed(message, Content::Detached(&root))
    };
    let cases: Vec<Case> =
        (0..4).map(|index| (receipt(if index < 2 { b"log" } else { b"b" }, index), 0)).collect();
    let cases: Vec<Case> =
        cases.into_iter().zip(0..).map(|((receipt, _), entry)| (receipt, entry)).collect();
    // What was refused is not remembered.
    assert_eq!(compare(&Sha256Tree, &cases, &ReceiptReading::DEFAULT), (2, 3));
}

#[test]
fn a_batch_needs_no_heap() {
    let cases = receipts_of(100);
    let receipts: Vec<_> =
        cases.iter().map(|(bytes, _)| Receipt::decode(bytes, &Profile::LENIENT).unwrap()).collect();
    let entries: Vec<[u8; 1]> = cases.iter().map(|(_, entry)| [*entry]).collect();
    let entries: Vec<[&[u8]; 1]> = entries.iter().map(|entry| [&entry[..]]).collect();
    with_key(|key, context| {
        let batch = || receipts.iter().copied().zip(entries.iter().map(|entry| &entry[..]));
        let (verified, allocations) = allocations_during(|| {
            let (reading, mut verified) = (ReceiptReading::DEFAULT, 0);
            let verifier = ReceiptVerifier::new(key, context).with_reading(&reading);
            verify_inclusion_receipts(&Sha256Tree, batch(), &verifier, |_, root| {
                verified += usize::from(root.is_ok());
            });
            verified
        });
        assert_eq!((verified, allocations.count), (100, 0));
    });
}
