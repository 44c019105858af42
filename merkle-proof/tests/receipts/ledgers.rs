//! M50 to M54: receipts of CCF ledgers.

use cose_ext::Content;
use cose_ext::cbor::Type;
use cose_ext::header::{Vdp, Vds};
use cose_ext::{MapBuilder, Profile, Value};
use merkle_proof::ccf::CcfSha256Tree;
use merkle_proof::cose::{
    EmptyPath, Error, ErrorKind, Receipt, ReceiptBuilder, ReceiptVerifier, encode_ccf_inclusion,
};
use merkle_proof::{Malformed, Rule, TreeSize};
use testkit::alloc_count::allocations_during;

use crate::made::*;
use crate::{malformed, mistyped, proof};

#[test]
fn every_entry_of_small_ledgers_has_a_receipt() {
    for size in 1..=9 {
        let ledger = ledger(size);
        let root = ledger_root(&ledger, size.into());
        for index in 0..size {
            let receipt = ledger_receipt(&[ledger_inclusion(&ledger, index)], root.hash());
            let verified = verify(&receipt, &[index; 32], &LEDGER).unwrap();
            assert_eq!(verified.value().ccf_ledger(), Some(root));
            assert_eq!(verified.value().rfc9162(), None);
        }
        for older in 1..size {
            let consistency = ledger
                .ccf_consistency_proof(TreeSize(older.into()), TreeSize(size.into()))
                .unwrap();
            let receipt = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256);
            let receipt = receipt.consistency(ledger_consistency(&consistency));
            let receipt = receipt.sign(root.hash(), &signer()).unwrap();
            let held = ledger_root(&ledger, older.into());
            let verified = verify_ledger_consistency(&receipt, &held).unwrap();
            assert_eq!(verified.value().ccf_ledger(), Some(root));
            assert!(verify_ledger_consistency(&receipt, &root).is_err(), "another older root");
        }
    }
}

/// The refusal of a receipt whose only proof is `proof`.
fn refuse(kind: cose_ext::IntOrText<'static>, proof: Value<'_>) -> Error {
    let vdp = one_proof(kind, proof);
    let receipt = signed(by_hand(2, &vdp), Content::Detached(&[0; 32]));
    if kind == Vdp::INCLUSION {
        verify(&receipt, &[0; 32], &LEDGER).unwrap_err()
    } else {
        verify_ledger_consistency(&receipt, &ledger_root(&ledger(2), 1)).unwrap_err()
    }
}

#[test]
fn m50_an_inclusion_proof_is_a_closed_map_of_leaf_and_path() {
    let rule = Rule::CcfInclusionEncoding;
    let hash = [0; 32];
    let leaf = [Value::Bytes(&hash), Value::Text("ce"), Value::Bytes(&hash)];
    let (leaf, path) = (Value::Array(&leaf), Value::Array(&[]));
    let both = || MapBuilder::new().with(1, leaf).with(2, path);
    let refuse = |map: MapBuilder| refuse(Vdp::INCLUSION, Value::Map(&map));
    for map in [
        both().with(3, 0),
        both().with("1", leaf),
        both().with(-1, 0),
        MapBuilder::new().with(1, leaf),
        MapBuilder::new().with(2, path),
        MapBuilder::new(),
    ] {
        assert_eq!(malformed(refuse(map)), rule);
    }
    let components = [Value::Bytes(&hash), Value::Text("ce"), Value::Bytes(&hash), Value::Null];
    for leaf in [&components[..2], &components] {
        assert_eq!(malformed(refuse(both().with(1, Value::Array(leaf)))), rule);
    }
    let evidence = [Value::Bytes(&hash), Value::Bytes(b"ce"), Value::Bytes(&hash)];
    assert_eq!(mistyped(refuse(both().with(1, Value::Array(&evidence)))), (rule, Type::Text));
    let long = [Value::Bytes(&hash), Value::Text("ce"), Value::Bytes(&[0; 33])];
    let length = Malformed::HashLength { rule: Rule::CcfHashLength, length: 33 };
    assert_eq!(refuse(both().with(1, Value::Array(&long))), proof(length));
    assert_eq!(mistyped(refuse(both().with(2, 0))), (rule, Type::Array));
    assert_eq!(
        mistyped(super::ledgers::refuse(Vdp::INCLUSION, Value::Array(&[leaf, path]))),
        (rule, Type::Map)
    );
}

#[test]
fn m50_a_path_element_is_a_side_and_a_hash() {
    let rule = Rule::CcfInclusionEncoding;
    let hash = [0; 32];
    let leaf = [Value::Bytes(&hash), Value::Text("ce"), Value::Bytes(&hash)];
    let refuse = |element: &[Value<'_>]| {
        let path = [Value::Array(element)];
        let map = MapBuilder::new().with(1, Value::Array(&leaf)).with(2, Value::Array(&path));
        refuse(Vdp::INCLUSION, Value::Map(&map))
    };
    let (left, hash) = (Value::Bool(true), Value::Bytes(&hash));
    assert_eq!(malformed(refuse(&[left])), rule);
    assert_eq!(malformed(refuse(&[left, hash, hash])), rule);
    assert_eq!(mistyped(refuse(&[uint(1), hash])), (rule, Type::Bool));
    assert_eq!(mistyped(refuse(&[left, Value::Text("hash")])), (rule, Type::Bytes));
    let length = Malformed::HashLength { rule: Rule::CcfHashLength, length: 31 };
    assert_eq!(refuse(&[left, Value::Bytes(&[0; 31])]), proof(length));
}

#[test]
fn m51_a_consistency_proof_is_a_closed_map_of_anchor_and_path() {
    let rule = Rule::CcfConsistencyEncoding;
    let (anchor, path) = (Value::Bytes(&[0; 32]), Value::Array(&[]));
    let both = || MapBuilder::new().with(1, anchor).with(2, path);
    let refuse = |map: MapBuilder| refuse(Vdp::CONSISTENCY, Value::Map(&map));
    for map in [both().with(3, 0), both().with("anchor", 0), MapBuilder::new().with(1, anchor)] {
        assert_eq!(malformed(refuse(map)), rule);
    }
    assert_eq!(mistyped(refuse(both().with(1, 0))), (rule, Type::Bytes));
    assert_eq!(mistyped(refuse(both().with(2, 0))), (rule, Type::Array));
    let empty = Malformed::PathTooShort { rule: Rule::CcfConsistencyPathNotEmpty };
    assert_eq!(refuse(both()), proof(empty));
}

#[test]
fn m52_the_data_hash_is_that_of_the_entry() {
    let ledger = ledger(3);
    let root = *ledger_root(&ledger, 3).hash();
    let refused = Error::from(ErrorKind::Verification { rule: Rule::CcfDataHash });
    let receipt = ledger_receipt(&[ledger_inclusion(&ledger, 1)], &root);
    assert!(verify(&receipt, &[1; 32], &LEDGER).is_ok());
    for entry in [&[2; 32][..], &[1; 31], &[1; 33], &[]] {
        assert_eq!(verify(&receipt, entry, &LEDGER).unwrap_err(), refused);
    }
    // Also when it is the second proof that is of another entry.
    let both = [ledger_inclusion(&ledger, 1), ledger_inclusion(&ledger, 2)];
    assert_eq!(verify(&ledger_receipt(&both, &root), &[1; 32], &LEDGER).unwrap_err(), refused);
}

#[test]
fn m53_all_proofs_lead_to_one_root() {
    let (older, newer) = (ledger(3), ledger(4));
    let root = *ledger_root(&newer, 4).hash();
    let refused = Error::from(ErrorKind::Verification { rule: Rule::CcfOneRoot });
    let twice = vec![ledger_inclusion(&newer, 1); 2];
    assert!(verify(&ledger_receipt(&twice, &root), &[1; 32], &LEDGER).is_ok());
    let two = [ledger_inclusion(&newer, 1), ledger_inclusion(&older, 1)];
    assert_eq!(verify(&ledger_receipt(&two, &root), &[1; 32], &LEDGER).unwrap_err(), refused);

    let receipt = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256)
        .consistency(ledger_consistency(
            &newer.ccf_consistency_proof(TreeSize(2), TreeSize(4)).unwrap(),
        ))
        .consistency(ledger_consistency(
            &older.ccf_consistency_proof(TreeSize(2), TreeSize(3)).unwrap(),
        ));
    let receipt = receipt.sign(&root, &signer()).unwrap();
    let held = ledger_root(&newer, 2);
    assert_eq!(verify_ledger_consistency(&receipt, &held).unwrap_err(), refused);
}

#[test]
fn m54_the_payload_is_nil() {
    let ledger = ledger(3);
    let root = *ledger_root(&ledger, 3).hash();
    let proof = ledger_inclusion(&ledger, 1);
    let vdp = MapBuilder::new().with(Vdp::INCLUSION, Value::Array(&[Value::Bytes(&proof)]));
    let receipt = signed(by_hand(2, &vdp), Content::Embedded(&root));
    let lenient = LEDGER.with_attached_root(merkle_proof::cose::AttachedRoot::AcceptedWhenEqual);
    for reading in [LEDGER, lenient] {
        let refused = verify(&receipt, &[1; 32], &reading).unwrap_err();
        assert_eq!(malformed(refused), Rule::CcfRootDetached);
    }
}

#[test]
fn m45_an_empty_path_of_a_ledger_is_followed_or_refused() {
    let ledger = ledger(1);
    let receipt = ledger_receipt(&[ledger_inclusion(&ledger, 0)], ledger_root(&ledger, 1).hash());
    assert!(verify(&receipt, &[0; 32], &LEDGER).is_ok());
    let strict = LEDGER.with_empty_path(EmptyPath::Refused);
    let refused = Error::from(ErrorKind::Policy { rule: Rule::PathNotEmpty });
    assert_eq!(verify(&receipt, &[0; 32], &strict).unwrap_err(), refused);
}

#[test]
fn m35_a_consistency_receipt_from_a_deeper_anchor_is_refused() {
    let ledger = ledger(4);
    let consistency = LedgerProof {
        anchor: ledger_leaf(1).hash(&CcfSha256Tree),
        path: vec![
            element(true, ledger_leaf(0).hash(&CcfSha256Tree)),
            ledger.ccf_consistency_proof(TreeSize(2), TreeSize(4)).unwrap().path[0],
        ],
    };
    let receipt = ReceiptBuilder::new(Vds::CCF_LEDGER_SHA256);
    let receipt = receipt.consistency(ledger_consistency(&consistency));
    let receipt = receipt.sign(ledger_root(&ledger, 4).hash(), &signer()).unwrap();
    let refused = verify_ledger_consistency(&receipt, &ledger_root(&ledger, 2)).unwrap_err();
    assert_eq!(refused, Error::from(merkle_proof::Error::Policy { rule: Rule::CcfAnchor }));
}

#[test]
fn a_path_of_65_elements_is_over_the_limit() {
    let path = [element(true, [3; 32]); 65];
    let refuse = |elements: usize| {
        let proof = encode_ccf_inclusion(&ledger_leaf(1), &path[..elements]);
        verify(&ledger_receipt(&[proof], &[0; 32]), &[1; 32], &LEDGER).unwrap_err()
    };
    let limit = merkle_proof::Error::Limit(merkle_proof::Limit::PathLength);
    assert_eq!(refuse(65), Error::from(limit));
    assert_eq!(refuse(64), Error::from(ErrorKind::Verification { rule: Rule::RootSigned }));
}

#[test]
fn a_receipt_is_verified_without_heap() {
    let ledger = ledger(200);
    let receipt =
        ledger_receipt(&[ledger_inclusion(&ledger, 77)], ledger_root(&ledger, 200).hash());
    with_key(|key, context| {
        let (verified, allocations) = allocations_during(|| {
            let receipt = Receipt::decode(&receipt, &Profile::LENIENT)?;
            receipt
                .verify_inclusion(
                    &[&[77; 32]],
                    &ReceiptVerifier::new(key, context).with_reading(&LEDGER),
                )
                .map(|_| ())
        });
        assert_eq!(verified, Ok(()));
        assert_eq!(allocations.count, 0);
    });
}
