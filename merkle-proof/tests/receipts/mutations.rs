//! Receipts with something changed.

use cose_ext::crypto::{
    Algorithm, Curve, KeyProfile, KeyType, PublicKey, SignatureVerifier, VerifyError,
};
use cose_ext::header::Vds;
use cose_ext::key::{Identity, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Profile};
use merkle_proof::TreeSize;
use merkle_proof::ccf::AnchorReading;
use merkle_proof::cose::{Receipt, ReceiptBuilder, ReceiptReading, ReceiptVerifier};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

use crate::made::*;

const DEFAULT: ReceiptReading<'static> = ReceiptReading::DEFAULT;

/// Changes every byte in turn and returns the places where the receipt was accepted all the same.
fn survivors(receipt: &[u8], entry: &[u8]) -> Vec<usize> {
    let accepted = (0..receipt.len()).filter(|at| {
        let mut changed = receipt.to_vec();
        changed[*at] ^= 1 << (at % 8);
        verify(&changed, entry, &LEDGER).is_ok()
    });
    accepted.collect()
}

/// Where `part` stands in `whole`.
fn find(whole: &[u8], part: &[u8]) -> usize {
    whole.windows(part.len()).position(|window| window == part).unwrap()
}

#[test]
fn m47_every_changed_byte_but_the_position_is_refused() {
    let log = log(7);
    let proof = inclusion(&log, 5);
    let receipt = log_receipt(std::slice::from_ref(&proof), &root_of(&log));
    assert!(verify(&receipt, &[5], &DEFAULT).is_ok());
    // 83 07 05 83 ...: size and index are the second and third byte.
    let position = find(&receipt, &proof) + 1;
    let survivors = survivors(&receipt, &[5]);
    assert!(survivors.iter().all(|at| (position..position + 2).contains(at)), "{survivors:?}");
}

#[test]
fn m47_every_changed_byte_of_a_ledger_receipt_is_refused() {
    let ledger = ledger(7);
    let proofs = [ledger_inclusion(&ledger, 5)];
    let receipt = ledger_receipt(&proofs, ledger_root(&ledger, 7).hash());
    assert!(verify(&receipt, &[5; 32], &LEDGER).is_ok());
    assert_eq!(survivors(&receipt, &[5; 32]), [0_usize; 0]);
}

#[test]
fn every_beginning_of_a_receipt_is_refused() {
    let (log, ledger) = (log(7), ledger(7));
    let of_log = log_receipt(&[inclusion(&log, 5)], &root_of(&log));
    let proofs = [ledger_inclusion(&ledger, 5)];
    let of_ledger = ledger_receipt(&proofs, ledger_root(&ledger, 7).hash());
    for receipt in [of_log, of_ledger] {
        for length in 0..receipt.len() {
            assert!(Receipt::decode(&receipt[..length], &Profile::LENIENT).is_err());
        }
    }
}

/// A receipt with an inclusion and a consistency proof, of a log or of a ledger.
fn with_both_proofs(of_ledger: bool) -> Vec<u8> {
    let (log, ledger) = (log(5), ledger(5));
    if of_ledger {
        let consistency = ledger.ccf_consistency_proof(TreeSize(3), TreeSize(5)).unwrap();
        let receipt = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256);
        let receipt = receipt.inclusion(ledger_inclusion(&ledger, 2));
        let receipt = receipt.consistency(ledger_consistency(&consistency));
        receipt.sign(ledger_root(&ledger, 5).hash(), &signer()).unwrap()
    } else {
        let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256);
        let receipt = receipt.inclusion(inclusion(&log, 2)).consistency(consistency(&log, 3));
        receipt.sign(&root_of(&log), &signer()).unwrap()
    }
}

#[test]
fn any_input_gets_an_answer() {
    let (log, ledger) = (log(5), ledger(5));
    let receipts = [with_both_proofs(false), with_both_proofs(true)];
    let changes =
        (vec((any::<Index>(), any::<u8>()), 1..6), any::<Index>(), 0..4_u8, any::<bool>());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(2000));
    let outcome = runner.run(&changes, |(changes, end, cut, of_ledger)| {
        let mut receipt = receipts[usize::from(of_ledger)].clone();
        for (at, value) in changes {
            let at = at.index(receipt.len());
            receipt[at] = value;
        }
        if cut == 0 {
            receipt.truncate(end.index(receipt.len()));
        }
        let entry: &[u8] = if of_ledger { &[2; 32] } else { &[2] };
        // Under a key that takes every signature, so that nothing ends early.
        let key = TrustedKey::parsed(&AnySignature, Identity::new([0; 32]));
        let context = Context::new(&RustCrypto);
        if let Ok(receipt) = Receipt::decode(&receipt, &Profile::LENIENT) {
            let held = ledger_root(&ledger, 3);
            let _ = receipt.verify_inclusion(
                &[entry],
                &ReceiptVerifier::new(&key, &context).with_reading(&LEDGER),
            );
            let older = log.head_at(3).unwrap();
            let _ = receipt.rfc9162().and_then(|receipt| {
                receipt.verify_consistency(
                    &older,
                    &ReceiptVerifier::new(&key, &context).with_reading(&LEDGER),
                )
            });
            let anchor = AnchorReading::AnyThatLeadsToBothRoots;
            let _ = receipt.ccf_ledger().and_then(|receipt| {
                receipt.verify_consistency(
                    &held,
                    anchor,
                    &ReceiptVerifier::new(&key, &context).with_reading(&LEDGER),
                )
            });
        }
        Ok(())
    });
    outcome.unwrap();
}

struct AnySignature;

impl SignatureVerifier for AnySignature {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::OKP, curve: Some(Curve::ED25519), algorithm: None }
    }

    // There is no key behind it.
    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, _: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        Ok(())
    }
}
