//! M116: the work of one receipt is bounded.

use cose_ext::header::Vds;
use cose_ext::key::{TrustStore, TrustedKey};
use cose_ext::{Context, Limits as CoseLimits, Notes, Profile, Work};
use merkle_proof::ccf::AnchorReading;
use merkle_proof::cose::{
    EmptyPath, Error, ErrorKind, Limits, Receipt, ReceiptBuilder, ReceiptReading, ReceiptVerifier,
    encode_inclusion, encode_mmr_inclusion, verify_inclusion_receipts,
};
use merkle_proof::{CcfLedger, Sha256Tree, TreeHead, TrustedRoot};

use crate::made::*;
use crate::metered::Metered;

const SIZES: [usize; 2] = [64 * 1024, 1024 * 1024];
const ANY: ReceiptReading<'static> = ReceiptReading::DEFAULT
    .with_ccf_ledger()
    .with_mmr()
    .with_limits(Limits::DEFAULT.with_proofs(10_000));

/// What the log's key makes of a receipt, its entry in one part; and how many signatures were
/// checked, and bytes hashed.
fn measured(receipt: &[u8], entry: &[u8], keys: usize) -> (Result<(), Error>, usize, usize) {
    let key = signer().public_key();
    let context = Context::new(&cose_ext::rustcrypto::RustCrypto);
    let key = TrustedKey::new(&key, &context).unwrap().with_key_id(b"log");
    let keys = vec![key; keys];
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
    let metered = Metered::new();
    let context = Context::new(&metered);
    let found = receipt.verify_inclusion(
        &[entry],
        &ReceiptVerifier::new(&TrustStore::new(&keys), &context).with_reading(&ANY),
    );
    (found.map(drop), metered.checks(), metered.hashed())
}

fn receipt_of(vds: Vds, proofs: &[Vec<u8>], root: &[u8; 32]) -> Vec<u8> {
    let receipt = ReceiptBuilder::new(vds).key_id(b"log");
    let receipt = proofs.iter().fold(receipt, |receipt, proof| receipt.inclusion(proof.clone()));
    receipt.sign(root, &signer()).unwrap()
}

/// A proof of this structure that anybody can make, over a path of so many elements.
fn made_up(vds: Vds, elements: usize, number: u8) -> Vec<u8> {
    let path = vec![[number; 32]; elements];
    match vds {
        Vds::CCF_LEDGER_SHA256 => {
            let path: Vec<_> = path.iter().map(|hash| element(true, *hash)).collect();
            merkle_proof::cose::encode_ccf_inclusion(&ledger_leaf(3), &path)
        }
        Vds::MMR_SHA256 => encode_mmr_inclusion(0, &path),
        _ => encode_inclusion(position(1 << elements, 0), &path),
    }
}

const ALL: [Vds; 3] = [Vds::RFC9162_SHA256, Vds::CCF_LEDGER_SHA256, Vds::MMR_SHA256];

#[test]
fn m116_sixty_four_equal_proofs_cost_one_check() {
    for vds in ALL {
        for elements in [0, 5] {
            let proofs = vec![made_up(vds, elements, 7); 64];
            let (found, checks, _) = measured(&receipt_of(vds, &proofs, &[0; 32]), &[3; 32], 1);
            assert_eq!((found.is_err(), checks), (true, 1), "{vds}");
        }
    }
    let log = log(5);
    let receipt = log_receipt(&vec![inclusion(&log, 3); 64], &root_of(&log));
    let (found, checks, _) = measured(&receipt, &[3], 1);
    assert_eq!((found, checks), (Ok(()), 1));
}

#[test]
fn m116_different_roots_are_bounded() {
    for vds in [Vds::RFC9162_SHA256, Vds::MMR_SHA256] {
        let proofs = |count| (0..count).map(|number| made_up(vds, 1, number)).collect::<Vec<_>>();
        let (found, checks, _) = measured(&receipt_of(vds, &proofs(16), &[0; 32]), &[3], 1);
        assert_eq!((found.is_err(), checks), (true, 16));
        let (found, checks, _) = measured(&receipt_of(vds, &proofs(17), &[0; 32]), &[3], 1);
        assert_eq!((found, checks), (Err(Error::from(ErrorKind::TooManyProofs)), 0));
        // Times keys of one kid: the budget of the call.
        let (found, checks, _) = measured(&receipt_of(vds, &proofs(16), &[0; 32]), &[3], 5);
        assert_eq!((found.is_err(), checks), (true, CoseLimits::DEFAULT.signature_checks));
    }
}

#[test]
fn m116_malformed_proofs_are_found_before_anything_is_hashed() {
    for vds in ALL {
        // A good one first, then one that is no proof, and one whose path has no hash at its end.
        let mut short = made_up(vds, 3, 7);
        short.pop();
        for bad in [vec![0x80], short] {
            let proofs = [made_up(vds, 3, 7), bad];
            let entry = vec![3; 1024];
            let (found, checks, hashed) = measured(&receipt_of(vds, &proofs, &[0; 32]), &entry, 1);
            assert_eq!((found.is_err(), checks, hashed), (true, 0, 0), "{vds}");
        }
    }
    // A path that is longer than its tree is high.
    let long = encode_inclusion(position(2, 0), &[[7; 32]; 2]);
    let receipt = receipt_of(Vds::RFC9162_SHA256, &[long], &[0; 32]);
    let (found, checks, hashed) = measured(&receipt, &[3], 1);
    assert_eq!((found.is_err(), checks, hashed), (true, 0, 0));
}

#[test]
fn m116_hashing_of_an_inclusion_is_bounded() {
    for size in SIZES {
        for vds in ALL {
            for (elements, entry) in [(5, size - 4096), (60, 32), (60, size / 2)] {
                let proof = made_up(vds, elements, 7);
                let count = (size - entry).div_ceil(proof.len() + 3);
                let receipt = receipt_of(vds, &vec![proof; count.min(900)], &[0; 32]);
                let (_, checks, hashed) = measured(&receipt, &vec![3; entry], 3);
                let input = receipt.len() + entry;
                assert!(checks <= CoseLimits::DEFAULT.signature_checks);
                assert!(hashed <= (checks + 3) * input, "{vds}: {hashed} of {input}");
            }
        }
    }
}

/// A path element of a consistency proof may be hashed for both trees, so twice the receipt counts.
#[test]
fn m116_hashing_of_a_consistency_is_bounded() {
    let (older, newer) = (log(127), log(128));
    let head = TreeHead::new(127, TrustedRoot::vouched_for(root_of(&older)));
    let old_ledger: TrustedRoot<CcfLedger, [u8; 32]> = TrustedRoot::vouched_for([9; 32]);
    for count in [1, 8, 900] {
        let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256).key_id(b"log");
        let proof = consistency(&newer, 127);
        let receipt = (0..count).fold(receipt, |receipt, _| receipt.consistency(proof.clone()));
        let receipt = receipt.sign(&root_of(&newer), &signer()).unwrap();
        let decoded = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
        let metered = Metered::new();
        with_key(|key, _| {
            let context = Context::new(&metered);
            assert!(
                decoded
                    .rfc9162()
                    .and_then(|receipt| receipt.verify_consistency(
                        &head,
                        &ReceiptVerifier::new(key, &context).with_reading(&ANY)
                    ))
                    .is_ok()
            );
            // Of another structure: nothing is hashed for it.
            let anchor = AnchorReading::Strict;
            let other = decoded.ccf_ledger().and_then(|receipt| {
                receipt.verify_consistency(
                    &old_ledger,
                    anchor,
                    &ReceiptVerifier::new(key, &context).with_reading(&ANY),
                )
            });
            assert!(other.is_err());
        });
        assert_eq!(metered.checks(), 1);
        assert!(metered.hashed() <= (metered.checks() + 3) * 2 * receipt.len());
    }
}

/// Each receipt of a batch has a meter of its own; one that the caller brings bounds them together.
#[test]
fn m116_a_batch_spends_from_the_meter_of_its_caller() {
    let logs: Vec<_> = (1..=20_u8).map(log).collect();
    let receipts: Vec<_> =
        logs.iter().map(|log| log_receipt(&[inclusion(log, 0)], &root_of(log))).collect();
    let decoded: Vec<_> =
        receipts.iter().map(|bytes| Receipt::decode(bytes, &Profile::LENIENT).unwrap()).collect();
    let entry: [&[u8]; 1] = [&[0]];
    let verified = |context: &Context<'_>, key: &TrustedKey<'_>| {
        let mut verified = 0;
        let batch = decoded.iter().map(|receipt| (*receipt, &entry[..]));
        let verifier = ReceiptVerifier::new(key, context).with_reading(&ANY);
        verify_inclusion_receipts(&Sha256Tree, batch, &verifier, |_, verdict| {
            verified += usize::from(verdict.is_ok());
        });
        verified
    };
    with_key(|key, context| {
        assert_eq!(verified(context, key), 20);
        let work = Work::new(&CoseLimits::DEFAULT.with_signature_checks(7), 1 << 20);
        assert_eq!(verified(&context.with_work(&work), key), 7);
        assert_eq!(work.checks(), 7);
    });
}

#[test]
fn m45_an_empty_path_is_noted() {
    for size in [1, 2] {
        let log = log(size);
        let receipt = log_receipt(&[inclusion(&log, 0)], &root_of(&log));
        let verified = verify(&receipt, &[0], &ReceiptReading::DEFAULT).unwrap();
        assert_eq!(verified.by().notes().contains(Notes::EMPTY_PATH), size == 1);
        let strict = ReceiptReading::DEFAULT.with_empty_path(EmptyPath::Refused);
        assert_eq!(verify(&receipt, &[0], &strict).is_err(), size == 1);
    }
}
