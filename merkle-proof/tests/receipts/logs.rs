//! M43 to M49 and M55: receipts of RFC 9162 trees.

use cose_ext::Content;
use cose_ext::cbor::Type;
use cose_ext::error::{ErrorKind as CoseErrorKind, Policy};
use cose_ext::header::{Vdp, Vds};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Label, MapBuilder, Profile, Value};
use merkle_proof::cose::{
    AttachedRoot, EmptyPath, Error, ErrorKind, Receipt, ReceiptBuilder, ReceiptReading,
    ReceiptVerifier, encode_consistency, encode_inclusion,
};
use merkle_proof::{LeafIndex, Malformed, Rule, TreeHead, TreeSize, TrustedRoot};
use testkit::alloc_count::allocations_during;

use crate::made::*;
use crate::{malformed, mistyped, proof};

const DEFAULT: ReceiptReading<'static> = ReceiptReading::DEFAULT;
const NOT_SIGNED: Error = Error::new(ErrorKind::Verification { rule: Rule::RootSigned });

fn bytes(hash: &[u8; 32]) -> Value<'_> {
    Value::Bytes(hash)
}

#[test]
fn every_entry_of_small_logs_has_a_receipt() {
    for size in 1..=9 {
        let log = log(size);
        for index in 0..size {
            let receipt = log_receipt(&[inclusion(&log, index.into())], &root_of(&log));
            let root = verify(&receipt, &[index], &DEFAULT).unwrap();
            assert_eq!(root.value().hash(), log.head().root.hash());
            assert_eq!(root.value().rfc9162(), Some(log.head().root));
            assert_eq!(root.value().ccf_ledger(), None);
            assert_eq!(root.value().vds(), Vds::RFC9162_SHA256);
            assert_eq!(root.value().protected().key_id(), Ok(Some(&b"log"[..])));
        }
    }
}

#[test]
fn m43_an_inclusion_proof_is_size_index_and_path() {
    let hash = [7; 32];
    let path = [bytes(&hash)];
    let path = Value::Array(&path);
    let refuse = |members: &[Value<'_>]| {
        let vdp = as_inclusion(Value::Array(members));
        let receipt = signed(by_hand(1, &vdp), Content::Detached(&hash));
        verify(&receipt, &[0], &DEFAULT).unwrap_err()
    };
    for members in [&[uint(2), uint(0)][..], &[uint(2), uint(0), path, path], &[]] {
        assert_eq!(malformed(refuse(members)), Rule::InclusionEncoding);
    }
    let expect = |members: &[Value<'_>]| mistyped(refuse(members));
    let rule = Rule::InclusionEncoding;
    assert_eq!(expect(&[Value::Text("2"), uint(0), path]).0, rule);
    assert_eq!(expect(&[uint(2), Value::Bytes(&[0]), path]).0, rule);
    assert_eq!(expect(&[uint(2), uint(0), bytes(&hash)]), (rule, Type::Array));
    assert_eq!(expect(&[uint(2), uint(0), Value::Array(&[uint(1)])]), (rule, Type::Bytes));
    // A number below zero is an integer of the wrong range.
    let negative = Value::Int(cose_ext::cbor::Int::new(-1));
    assert_eq!(refuse(&[uint(2), negative, path]).rule().unwrap().id, "M43");
    let no_array = signed(by_hand(1, &as_inclusion(uint(0))), Content::Detached(&hash));
    assert_eq!(mistyped(verify(&no_array, &[0], &DEFAULT).unwrap_err()), (rule, Type::Array));
}

#[test]
fn m44_a_consistency_proof_is_two_sizes_and_path() {
    let log = log(3);
    let (older, rule) = (log.head_at(2).unwrap(), Rule::ConsistencyEncoding);
    let refuse = |proof: Value<'_>| {
        let vdp = one_proof(Vdp::CONSISTENCY, proof);
        let receipt = signed(by_hand(1, &vdp), Content::Detached(&[0; 32]));
        verify_consistency(&receipt, &older).unwrap_err()
    };
    assert_eq!(malformed(refuse(Value::Array(&[uint(2), uint(3)]))), rule);
    assert_eq!(mistyped(refuse(Value::Array(&[uint(2), uint(3), uint(4)]))), (rule, Type::Array));
    let path = Value::Array(&[]);
    assert_eq!(mistyped(refuse(Value::Array(&[Value::Null, uint(3), path]))).0, rule);
    let path = Value::Array(&[Value::Text("hash")]);
    let refused = refuse(Value::Array(&[uint(2), uint(3), path]));
    assert_eq!(mistyped(refused), (rule, Type::Bytes));
}

#[test]
fn m45_an_empty_path_is_followed_or_refused() {
    let log = log(1);
    let receipt = log_receipt(&[inclusion(&log, 0)], &root_of(&log));
    assert!(verify(&receipt, &[0], &DEFAULT).is_ok());
    let strict = DEFAULT.with_empty_path(EmptyPath::Refused);
    let refused = Error::from(ErrorKind::Policy { rule: Rule::PathNotEmpty });
    assert_eq!(verify(&receipt, &[0], &strict).unwrap_err(), refused);
    let two = crate::made::log(2);
    let receipt = log_receipt(&[inclusion(&two, 0)], &root_of(&two));
    assert!(verify(&receipt, &[0], &strict).is_ok());
}

#[test]
fn m46_an_attached_root_is_refused_or_compared() {
    let log = log(3);
    let attached = |root: &[u8]| {
        let proof = inclusion(&log, 1);
        let vdp =
            cose_ext::MapBuilder::new().with(Vdp::INCLUSION, Value::Array(&[Value::Bytes(&proof)]));
        signed(by_hand(1, &vdp), Content::Embedded(root))
    };
    let lenient = DEFAULT.with_attached_root(AttachedRoot::AcceptedWhenEqual);
    let root = root_of(&log);
    let receipt = attached(&root);
    let refused = Error::from(ErrorKind::Policy { rule: Rule::RootDetached });
    assert_eq!(verify(&receipt, &[1], &DEFAULT).unwrap_err(), refused);
    assert_eq!(verify(&receipt, &[1], &lenient).unwrap().value().hash(), &root);
    let other = Error::from(ErrorKind::Verification { rule: Rule::RootDetached });
    assert_eq!(verify(&receipt, &[2], &lenient).unwrap_err(), other, "of another entry");
    for root in [&[][..], &root[..31], &[0; 32]] {
        assert_eq!(verify(&attached(root), &[1], &lenient).unwrap_err(), other);
    }
}

#[test]
fn m47_the_signature_is_over_the_root() {
    let log = log(5);
    let receipt = log_receipt(&[inclusion(&log, 3)], &root_of(&log));
    assert!(verify(&receipt, &[3], &DEFAULT).is_ok());
    assert_eq!(verify(&receipt, &[4], &DEFAULT).unwrap_err(), NOT_SIGNED, "another entry");
    let grafted = log_receipt(&[inclusion(&log, 3)], &[9; 32]);
    assert_eq!(verify(&grafted, &[3], &DEFAULT).unwrap_err(), NOT_SIGNED, "another root");
    let stranger = stranger().public_key();
    let context = Context::new(&RustCrypto);
    let stranger = TrustedKey::new(&stranger, &context).unwrap();
    let decoded = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
    let named = stranger.with_key_id(b"log");
    let verdict = decoded.verify_inclusion(&[&[3]], &ReceiptVerifier::new(&named, &context));
    assert_eq!(verdict.unwrap_err(), NOT_SIGNED, "another key of that kid");
    let verdict = decoded.verify_inclusion(&[&[3]], &ReceiptVerifier::new(&stranger, &context));
    let not_enrolled = CoseErrorKind::Policy(Policy::NotEnrolled { tried: 1 });
    assert_eq!(verdict.unwrap_err(), Error::from(ErrorKind::Cose(not_enrolled)), "nobody's key");
    let elsewhere = stranger.with_key_id(b"elsewhere");
    let verdict = decoded.verify_inclusion(&[&[3]], &ReceiptVerifier::new(&elsewhere, &context));
    let not_enrolled = CoseErrorKind::Policy(Policy::NotEnrolled { tried: 0 });
    assert_eq!(verdict.unwrap_err(), Error::from(ErrorKind::Cose(not_enrolled)), "of that kid");
}

#[test]
fn m47_an_entry_in_parts_is_the_whole_entry() {
    let mut log = log(2);
    log.append(&[b"in ", b"parts"]);
    let receipt = log_receipt(&[inclusion(&log, 2)], &root_of(&log));
    let receipt = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
    with_key(|key, context| {
        for entry in [&[&b"in parts"[..]][..], &[b"in", b"", b" parts"]] {
            assert!(receipt.verify_inclusion(entry, &ReceiptVerifier::new(key, context)).is_ok());
        }
        assert!(
            receipt
                .verify_inclusion(&[b"in parts", b"!"], &ReceiptVerifier::new(key, context))
                .is_err()
        );
    });
}

#[test]
fn m48_every_proof_is_sound() {
    let log = log(4);
    let (good, root) = (inclusion(&log, 1), root_of(&log));
    let tail = encode_inclusion::<[u8; 32]>(position(0, 0), &[]);
    for proofs in [[good.clone(), tail.clone()], [tail, good.clone()]] {
        let refused = verify(&log_receipt(&proofs, &root), &[1], &DEFAULT).unwrap_err();
        assert_eq!(refused, proof(Malformed::IndexNotBelowSize { index: 0, size: 0 }));
    }
    let short = encode_inclusion(position(4, 1), &[[0; 32]]);
    let refused = verify(&log_receipt(&[good, short], &root), &[1], &DEFAULT).unwrap_err();
    assert_eq!(refused, proof(Malformed::PathTooShort { rule: Rule::InclusionPathNotShorter }));
}

#[test]
fn m48_one_of_several_sound_proofs_leads_to_the_signed_root() {
    let (older, newer) = (log(4), log(7));
    let proofs = [inclusion(&older, 1), inclusion(&newer, 1)];
    for log in [&older, &newer] {
        let receipt = log_receipt(&proofs, &root_of(log));
        assert_eq!(verify(&receipt, &[1], &DEFAULT).unwrap().value().hash(), &root_of(log));
    }
    let neither = log_receipt(&proofs, &root_of(&log(5)));
    assert_eq!(verify(&neither, &[1], &DEFAULT).unwrap_err(), NOT_SIGNED);
}

#[test]
fn m49_a_rewritten_position_alters_no_verdict() {
    let log = log(8);
    let path = log.inclusion_path(LeafIndex(5), TreeSize(8)).unwrap();
    let original = log_receipt(&[inclusion(&log, 5)], &root_of(&log));
    let expected = verify(&original, &[5], &DEFAULT).unwrap();
    let original = Receipt::decode(&original, &Profile::LENIENT).unwrap();
    let largest = [(u64::MAX, 5), (u64::MAX, u64::MAX - 1), (1 << 63, 5), (300, 5)];
    let small = (0..=18).flat_map(|size| (0..=size).map(move |index| (size, index)));
    let mut same = Vec::new();
    for (size, index) in small.chain(largest) {
        // The signature stays: it does not cover the proof.
        let proof = encode_inclusion(position(size, index), &path);
        let vdp = MapBuilder::new().with(Vdp::INCLUSION, Value::Array(&[Value::Bytes(&proof)]));
        let vdp = MapBuilder::new().with(Label::VDP, &vdp);
        let receipt = original.message().with_unprotected(&vdp).unwrap();
        match verify(&receipt, &[5], &DEFAULT) {
            Ok(root) => {
                assert_eq!(root.value().hash(), expected.value().hash());
                assert_eq!(root.by(), expected.by());
                same.push((size, index));
            }
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Proof(_)) || error == NOT_SIGNED)
            }
        }
    }
    // Where the sides are left, right, left as for index 5 of 8.
    assert_eq!(same, [(7, 5), (8, 5), (11, 9), (12, 9)]);
}

#[test]
fn m55_a_consistency_receipt_begins_at_the_size_that_is_held() {
    let log = log(7);
    let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256).consistency(consistency(&log, 3));
    let receipt = receipt.sign(&root_of(&log), &signer()).unwrap();
    let verified = verify_consistency(&receipt, &log.head_at(3).unwrap()).unwrap();
    assert_eq!(verified.value().rfc9162(), Some(log.head().root));
    let refused = verify_consistency(&receipt, &log.head_at(4).unwrap()).unwrap_err();
    assert_eq!(refused, Error::from(ErrorKind::Verification { rule: Rule::OlderSizeHeld }));
    let forked = TreeHead::new(3, TrustedRoot::vouched_for([1; 32]));
    let refused = verify_consistency(&receipt, &forked).unwrap_err();
    assert_eq!(refused, Error::from(merkle_proof::Error::Verification { rule: Rule::OlderRoot }));
}

#[test]
fn a_rewritten_newer_size_of_a_consistency_receipt_alters_no_verdict() {
    let log = log(7);
    let path = log.consistency_path(TreeSize(4), TreeSize(7)).unwrap();
    for (claimed, holds) in [(7, true), (6, true), (8, true), (5, true), (4, false), (9, false)] {
        let proof = encode_consistency(TreeSize(4), TreeSize(claimed), &path);
        let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256).consistency(proof);
        let receipt = receipt.sign(&root_of(&log), &signer()).unwrap();
        let verdict = verify_consistency(&receipt, &log.head_at(4).unwrap());
        assert_eq!(verdict.is_ok(), holds, "claimed {claimed}");
        if let Ok(root) = verdict {
            assert_eq!(root.value().rfc9162(), Some(log.head().root));
        }
    }
}

#[test]
fn a_receipt_is_verified_without_heap() {
    let log = log(200);
    let receipt = log_receipt(&[inclusion(&log, 77), inclusion(&log, 77)], &root_of(&log));
    with_key(|key, context| {
        let (verified, allocations) = allocations_during(|| {
            let receipt = Receipt::decode(&receipt, &Profile::LENIENT)?;
            receipt.verify_inclusion(&[&[77]], &ReceiptVerifier::new(key, context)).map(|_| ())
        });
        assert_eq!(verified, Ok(()));
        assert_eq!(allocations.count, 0);
    });
}
