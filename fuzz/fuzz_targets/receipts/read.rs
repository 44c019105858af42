//! Receipts and transparent statements as others wrote them, whose signatures are all good.

use cose_ext::crypto::Algorithm;
use cose_ext::header::Vds;
use cose_ext::key::KeyResolver;
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, with_keys};
use merkle_proof::ccf::AnchorReading;
use merkle_proof::cose::{
    AttachedRoot, CcfReceipt, CoseTree, MmrReceipt, Receipt, ReceiptVerifier, Rfc9162Receipt,
    Structure,
};
use merkle_proof::mmr::Accumulator;
use merkle_proof::{CcfLedger, MountainRange, Rfc9162Tree, TreeHash, TreeHead, TrustedRoot};
use scitt_core::{
    EntryRule, Judged, Requirements, ServiceKey, StatementSignature, TransparentStatement,
    TrustedService, Verifier,
};

use testkit::naive_merkle as naive;

use crate::{reading, refused};

/// What a log is said to have logged.
const ENTRY: &[u8] = b"an entry";

pub fn check(bytes: &[u8]) {
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        match Receipt::decode(bytes, &profile) {
            Ok(receipt) => structure(&receipt),
            Err(error) => refused(&error),
        }
        match TransparentStatement::decode(bytes, &profile) {
            Ok(statement) => transparent(&statement),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

fn structure(receipt: &Receipt<'_>) {
    assert!(!format!("{receipt:?}").is_empty());
    let reading = reading().with_attached_root(AttachedRoot::AcceptedWhenEqual);
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let verifier = ReceiptVerifier::new(keys, &context).with_reading(&reading);
        match receipt.structure() {
            Ok(Structure::Rfc9162(of_tree)) => tree(receipt, &of_tree, &verifier),
            Ok(Structure::CcfLedger(of_ledger)) => ledger(receipt, &of_ledger, &verifier),
            Ok(Structure::Mmr(of_range)) => range(receipt, &of_range, &verifier),
            Ok(_) => {}
            Err(error) => {
                refused(&error);
                refused(&receipt.verify_inclusion(&[ENTRY], &verifier).expect_err("unknown"));
            }
        }
    });
}

/// A root that verifies is one that a proof of the receipt leads to from the entry, as RFC 9162 writes it.
fn tree(receipt: &Receipt<'_>, of_tree: &Rfc9162Receipt<'_>, verifier: &ReceiptVerifier<'_>) {
    let tree = CoseTree::<Rfc9162Tree>::new(&Sha256).expect("SHA-256");
    let leaf = tree.leaf(&[ENTRY]);
    match receipt.verify_inclusion(&[ENTRY], verifier) {
        Ok(root) => {
            let mut proofs = of_tree.inclusion_proofs().into_iter().flatten().flatten();
            let root = root.value().hash();
            let leads = |proof: merkle_proof::cose::InclusionProof<'_>| {
                let position = proof.position();
                let (index, size) = (position.leaf_index, position.tree_size);
                let path: Result<Vec<[u8; 32]>, _> =
                    proof.path().map(|hash| hash.expect("read before").try_into()).collect();
                path.is_ok_and(|path| naive::verify_inclusion(leaf, index, size, &path, *root))
            };
            assert!(proofs.any(leads), "no proof leads to the root");
        }
        Err(error) => refused(&error),
    }
    for proof in of_tree.consistency_proofs().into_iter().flatten().flatten() {
        let size = proof.danger_unauthenticated_older_size();
        let held = TreeHead::new(size, TrustedRoot::vouched_for([7; 32]));
        let led = proof.root(&tree, &held);
        match of_tree.verify_consistency(&held, verifier) {
            Ok(root) => assert!(led.is_ok() && root.value().rfc9162().is_some()),
            Err(error) => refused(&error),
        }
    }
}

/// As the proofs of a ledger say what the entry is, it is that entry alone.
fn ledger(receipt: &Receipt<'_>, of_ledger: &CcfReceipt<'_>, verifier: &ReceiptVerifier<'_>) {
    let tree = CoseTree::<CcfLedger>::new(&Sha256).expect("SHA-256");
    for proof in of_ledger.inclusion_proofs().into_iter().flatten().flatten() {
        let data = *proof.leaf().data_hash();
        match receipt.verify_inclusion(&[&data], verifier) {
            Ok(root) => {
                let found = proof.root(&tree).expect("it was followed");
                assert_eq!(found.unconfirmed(), root.value().hash());
                refused(&receipt.verify_inclusion(&[ENTRY], verifier).expect_err("another"));
            }
            Err(error) => refused(&error),
        }
    }
    let held = TrustedRoot::vouched_for([7; 32]);
    for anchor in [AnchorReading::Strict, AnchorReading::AnyThatLeadsToBothRoots] {
        if let Err(error) = of_ledger.verify_consistency(&held, anchor, verifier) {
            refused(&error);
        }
    }
}

fn range(receipt: &Receipt<'_>, of_range: &MmrReceipt<'_>, verifier: &ReceiptVerifier<'_>) {
    use merkle_proof::mmr::MmrHash;
    let hash = CoseTree::<MountainRange>::new(&Sha256).expect("SHA-256");
    let leaf = hash.leaf(&[ENTRY]);
    match receipt.verify_inclusion(&[ENTRY], verifier) {
        Ok(root) => {
            let mut proofs = of_range.inclusion_proofs().into_iter().flatten().flatten();
            let root = root.value().hash();
            let leads = |proof: merkle_proof::cose::MmrInclusionProof<'_>| {
                proof.root(&hash, &leaf).is_ok_and(|found| found.unconfirmed() == root)
            };
            assert!(proofs.any(leads), "no proof leads to the peak");
        }
        Err(error) => refused(&error),
    }
    for proof in of_range.consistency_proofs().into_iter().flatten().flatten() {
        let size = proof.danger_unauthenticated_older_size();
        let peaks = merkle_proof::mmr::peaks(size).map(|peaks| peaks.map(|_| [7; 32]));
        let Ok(held) = peaks.and_then(|peaks| Accumulator::from_peaks(size, peaks)) else {
            continue;
        };
        match of_range.verify_consistency(&held, verifier) {
            Ok(signed) => assert!(signed.value().accumulator().size() >= size),
            Err(error) => refused(&error),
        }
    }
}

/// What holds with the issuer's signature holds without it, and what holds strictly holds leniently.
fn transparent(statement: &TransparentStatement<'_>) {
    let context = Context::new(&Accept::ALL);
    assert!(!format!("{statement:?}").is_empty());
    with_keys(|issuers| {
        let keys: Vec<_> = issuers
            .keys()
            .iter()
            .flat_map(|key| {
                [Algorithm::ES256, Algorithm::EDDSA].map(|it| ServiceKey::new(*key, it))
            })
            .flat_map(|key| {
                let vds = [Vds::RFC9162_SHA256, Vds::CCF_LEDGER_SHA256, Vds::MMR_SHA256];
                vds.map(|vds| key.with_vds(vds).with_entry_rule(EntryRule::CCF))
            })
            .collect();
        let services = [TrustedService { name: "service", issuer: None, keys: &keys }];
        judge(statement, &Verifier::new(issuers, &services), &context);
        let path: &dyn KeyResolver = issuers;
        let certified = [ServiceKey::certified(path, Algorithm::ES384)];
        let services = [TrustedService { name: "service", issuer: None, keys: &certified }];
        judge(statement, &Verifier::new(issuers, &services), &context);
    });
}

fn judge(statement: &TransparentStatement<'_>, verifier: &Verifier<'_>, context: &Context<'_>) {
    let [strict, lenient] = [Requirements::Rfc9943, Requirements::Lenient].map(|requirements| {
        let verifier = verifier.with_requirements(requirements);
        let verdict = verifier.verify(statement, &Input::embedded(), context);
        if let Ok(transparent) = &verdict {
            for open in transparent.not_checked() {
                assert!(!open.to_string().is_empty() && open.clause() != Some(""));
            }
        }
        let verdict = verdict.map(|transparent| transparent.services());
        let mut shown = None;
        let then = verifier.verify_then(statement, &Input::embedded(), context, &mut |it| {
            shown = Some(it.services());
        });
        assert_eq!((then.is_ok(), shown), (verdict.is_ok(), verdict.ok()));
        let included = verifier.verify_inclusion_only(statement, &Input::embedded(), context);
        assert!(included.is_ok() || verdict.is_err(), "transparent and not included");
        for signature in [StatementSignature::WhereEnrolled, StatementSignature::LeftToService] {
            let judged = verifier.with_signature(signature);
            match judged.judge(statement, &Input::embedded(), context) {
                Ok(Judged::Transparent(_)) => assert!(verdict.is_ok()),
                Ok(Judged::Included(_)) => assert!(included.is_ok()),
                Err(error) => assert!(!error.to_string().is_empty() && verdict.is_err()),
            }
        }
        verdict.is_ok()
    });
    assert!(lenient || !strict, "the strict requirements accept more");
}
