//! Receipts of every structure, and transparent statements, whose signatures are all good: what is left to refuse is the
//! structure, the proof, and what binds one to the other.
#![no_main]

use cose_ext::crypto::Algorithm;
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, Profile};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use merkle_proof::cose::{CoseTree, Receipt, ReceiptVerifier};
use merkle_proof::{Rfc9162Tree, TreeHash};
use scitt_core::{Requirements, ServiceKey, TransparentStatement, TrustedService, Verifier};
use testkit::naive_merkle as naive;

/// What a log is said to have logged.
const ENTRY: &[u8] = b"an entry";

fuzz_target!(|bytes: &[u8]| {
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        if let Ok(receipt) = Receipt::decode(bytes, &profile) {
            inclusion(&receipt);
        }
        if let Ok(statement) = TransparentStatement::decode(bytes, &profile) {
            transparent(&statement);
        }
    }
});

/// A root that verifies is the one that a proof of the receipt leads to from the entry, as RFC 9162 writes it.
fn inclusion(receipt: &Receipt<'_>) {
    let context = Context::new(&AcceptAll);
    let verdict = with_keys(|keys| {
        receipt
            .verify_inclusion(&[ENTRY], &ReceiptVerifier::new(keys, &context))
            .map(|root| root.into_value())
    });
    let (Ok(root), Some(tree)) = (verdict, CoseTree::<Rfc9162Tree>::new(&Sha256)) else { return };
    let leaf = tree.leaf(&[ENTRY]);
    let leads = receipt
        .rfc9162()
        .and_then(|receipt| receipt.inclusion_proofs())
        .into_iter()
        .flatten()
        .flatten()
        .any(|proof| {
            let position = proof.position();
            let path: Result<Vec<[u8; 32]>, _> =
                proof.path().map(|hash| hash.expect("read before").try_into()).collect();
            path.is_ok_and(|path| {
                let (index, size) = (position.leaf_index, position.tree_size);
                naive::verify_inclusion(leaf, index, size, &path, *root.hash())
            })
        });
    assert!(leads, "no proof leads to the root");
}

/// What holds with the issuer's signature holds without it, and what holds strictly holds leniently.
fn transparent(statement: &TransparentStatement<'_>) {
    let context = Context::new(&AcceptAll);
    let key = cose_ext::crypto::PublicKey {
        material: cose_ext::crypto::KeyMaterial::Okp {
            curve: cose_ext::crypto::Curve::ED25519,
            x: &[0x81; 32],
        },
        algorithm: None,
    };
    let Ok(key) = TrustedKey::new(key, &Context::new(&AcceptAll)) else { return };
    let keys = [ServiceKey::new(key, Algorithm::EDDSA)];
    let services = [TrustedService { name: "service", issuer: None, keys: &keys }];
    with_keys(|issuers| {
        let verifier = Verifier::new(issuers, &services);
        let [strict, lenient] =
            [Requirements::Rfc9943, Requirements::Lenient].map(|requirements| {
                let verifier = verifier.with_requirements(requirements);
                let verdict = verifier.verify(statement, &Input::embedded(), &context).is_ok();
                let included =
                    verifier.verify_inclusion_only(statement, &Input::embedded(), &context).is_ok();
                assert!(included || !verdict, "transparent and not included");
                verdict
            });
        assert!(lenient || !strict, "the strict requirements accept more");
    });
}
