//! M40 to M42: what a receipt is as a COSE_Sign1.

use cose_ext::Content;
use cose_ext::error::ErrorKind as CoseErrorKind;
use cose_ext::header::{Vdp, Vds};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Label, MapBuilder, Processed, Profile, Value};
use merkle_proof::Rule;
use merkle_proof::cose::{Error, ErrorKind, Receipt, ReceiptReading, ReceiptVerifier};

use crate::made::*;
use crate::{malformed, mistyped};

const DEFAULT: ReceiptReading<'static> = ReceiptReading::DEFAULT;

/// A receipt of the only entry of a log, with other headers.
fn receipt(change: impl FnOnce(Sign1Builder) -> Sign1Builder) -> Vec<u8> {
    let log = log(1);
    let proof = inclusion(&log, 0);
    let vdp = MapBuilder::new().with(Vdp::INCLUSION, Value::Array(&[Value::Bytes(&proof)]));
    let message = change(by_hand(1, &vdp));
    signed(message, Content::Detached(&root_of(&log)))
}

#[test]
fn m40_a_receipt_without_tag_is_refused() {
    let untagged = receipt(Sign1Builder::untagged);
    assert_eq!(malformed(verify(&untagged, &[0], &DEFAULT).unwrap_err()), Rule::ReceiptTagged);
    let mut other_tag = receipt(|message| message);
    assert!(verify(&other_tag, &[0], &DEFAULT).is_ok());
    other_tag[0] ^= 1;
    let refused = verify(&other_tag, &[0], &DEFAULT).unwrap_err();
    assert_eq!(refused.rule().unwrap().id, "C4");
}

#[test]
fn m41_the_structure_is_named_known_and_accepted() {
    for (vds, expected) in [
        (99, Error::from(ErrorKind::UnknownStructure(Vds::new(cose_ext::cbor::Int::new(99))))),
        (-1, Error::from(ErrorKind::UnknownStructure(Vds::new(cose_ext::cbor::Int::new(-1))))),
        (2, Error::from(ErrorKind::Policy { rule: Rule::ReceiptStructure })),
        (3, Error::from(ErrorKind::Policy { rule: Rule::ReceiptStructure })),
    ] {
        let receipt = receipt(|message| message.protected(Label::VDS, vds));
        assert_eq!(verify(&receipt, &[0], &DEFAULT).unwrap_err(), expected, "vds {vds}");
        assert_eq!(expected.rule().unwrap().id, "M41");
    }
    let vdp = as_inclusion(Value::Null);
    let unnamed = Sign1Builder::new().unprotected(Label::VDP, &vdp);
    let unnamed = signed(unnamed, Content::Detached(&[0; 32]));
    assert_eq!(malformed(verify(&unnamed, &[0], &DEFAULT).unwrap_err()), Rule::ReceiptStructure);
}

#[test]
fn m41_consistency_of_the_other_kind_of_tree_is_no_verdict() {
    let (log, ledger) = (log(3), ledger(3));
    let of_log = log_receipt(&[inclusion(&log, 0)], &root_of(&log));
    let refused = verify_ledger_consistency(&of_log, &ledger_root(&ledger, 2));
    assert_eq!(refused.unwrap_err(), Error::from(ErrorKind::UnknownStructure(Vds::RFC9162_SHA256)));
    let of_ledger = ledger_receipt(&[ledger_inclusion(&ledger, 0)], &[0; 32]);
    let of_ledger = Receipt::decode(&of_ledger, &Profile::LENIENT).unwrap();
    let refused = with_key(|key, context| {
        of_ledger
            .rfc9162()
            .and_then(|receipt| {
                receipt.verify_consistency(
                    &log.head(),
                    &ReceiptVerifier::new(key, context).with_reading(&LEDGER),
                )
            })
            .unwrap_err()
    });
    assert_eq!(refused, Error::from(ErrorKind::UnknownStructure(Vds::CCF_LEDGER_SHA256)));
}

#[test]
fn an_unprotected_structure_is_refused() {
    // The builder makes no such message: `vds` 1 moves into the other bucket by hand.
    let root = root_of(&log(1));
    let protected = [0x43, 0xa1, 0x01, 0x27];
    let unprotected = [&[0xa1, 0x19, 0x01, 0x8b, 0x01][..]].concat();
    let receipt = [&[0xd2, 0x84][..], &protected, &unprotected, &[0xf6, 0x40]].concat();
    let refused = verify(&receipt, &root, &DEFAULT).unwrap_err();
    assert_eq!(refused.rule().unwrap().id, "C33");
}

#[test]
fn m42_proofs_of_the_kind_that_is_asked_for() {
    let log = log(3);
    let none = Sign1Builder::new().protected(Label::VDS, 1);
    let none = signed(none, Content::Detached(&[0; 32]));
    assert_eq!(malformed(verify(&none, &[0], &DEFAULT).unwrap_err()), Rule::ReceiptProofs);

    let inclusion_only = log_receipt(&[inclusion(&log, 0)], &root_of(&log));
    let refused = verify_consistency(&inclusion_only, &log.head_at(2).unwrap()).unwrap_err();
    assert_eq!(malformed(refused), Rule::ReceiptProofs);

    let consistency = consistency(&log, 2);
    let vdp = MapBuilder::new().with(Vdp::CONSISTENCY, Value::Array(&[Value::Bytes(&consistency)]));
    let consistency_only = signed(by_hand(1, &vdp), Content::Detached(&root_of(&log)));
    assert!(verify_consistency(&consistency_only, &log.head_at(2).unwrap()).is_ok());
    let refused = verify(&consistency_only, &[0], &DEFAULT).unwrap_err();
    assert_eq!(malformed(refused), Rule::ReceiptProofs);
}

#[test]
fn m42_a_proof_that_is_no_byte_string_is_refused() {
    // What some services put there: the proof itself, not wrapped.
    let bare = MapBuilder::new().with(1, 0).with(2, Value::Array(&[]));
    let vdp = MapBuilder::new().with(Vdp::INCLUSION, Value::Array(&[Value::Map(&bare)]));
    let receipt = signed(by_hand(1, &vdp), Content::Detached(&[0; 32]));
    let (rule, _) = mistyped(verify(&receipt, &[0], &DEFAULT).unwrap_err());
    assert_eq!(rule, Rule::ReceiptProofs);
}

#[test]
fn a_proof_with_bytes_after_it_is_refused() {
    let log = log(1);
    let longer = [inclusion(&log, 0), vec![0]].concat();
    let refused = verify(&log_receipt(&[longer], &root_of(&log)), &[0], &DEFAULT).unwrap_err();
    assert_eq!(refused.rule().unwrap().id, "C1");
}

#[test]
fn ten_thousand_proofs_are_too_many() {
    let log = log(3);
    let receipt = log_receipt(&vec![inclusion(&log, 0); 10_000], &root_of(&log));
    assert_eq!(
        verify(&receipt, &[0], &DEFAULT).unwrap_err(),
        Error::from(ErrorKind::TooManyProofs)
    );
    let receipt = log_receipt(&vec![inclusion(&log, 0); 8], &root_of(&log));
    assert!(verify(&receipt, &[0], &DEFAULT).is_ok());
    let receipt = log_receipt(&vec![inclusion(&log, 0); 9], &root_of(&log));
    assert_eq!(
        verify(&receipt, &[0], &DEFAULT).unwrap_err(),
        Error::from(ErrorKind::TooManyProofs)
    );
}

#[test]
fn crit_names_what_is_processed() {
    const PRIVATE: Label<'static> = Label::int(-70_001);
    let vds_critical = receipt(|message| {
        message.protected(Label::CRIT, Value::Array(&[Value::Int(cose_ext::cbor::Int::new(395))]))
    });
    assert!(verify(&vds_critical, &[0], &DEFAULT).is_ok());
    let private = receipt(|message| {
        let crit = [Value::Int(cose_ext::cbor::Int::new(-70_001))];
        message.protected(PRIVATE, 1).protected(Label::CRIT, Value::Array(&crit))
    });
    let refused = verify(&private, &[0], &DEFAULT).unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Cose(CoseErrorKind::Policy(_))), "{refused:?}");
    assert_eq!(refused.rule().unwrap().id, "C15");
    assert!(verify(&private, &[0], &DEFAULT.with_processed(Processed::new(&[PRIVATE]))).is_ok());
}
