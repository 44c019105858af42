//! What coset does not hold, and why.

use cose_ext::cbor::MAX_DEPTH;
use cose_ext::coset::{FromCosetError, IntoCosetError, Registry, encode_key};
use cose_ext::cwt::Claims;
use cose_ext::key::CoseKey;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Encrypt, MapBuilder, Profile, Rule, Sign, Sign1};
use coset::cbor::Value;
use coset::{CborSerializable, CoseEncrypt, CoseSign, CoseSign1, Header, HeaderBuilder, Label};

use crate::messages::{bstr, h, sign1};

/// Offsets count from the head of the array: a protected bucket starts at 2, an unprotected one behind it.
fn message(protected: &str, unprotected: &str) -> IntoCosetError {
    let message = sign1(&h(protected), &h(unprotected), Some(b"x"), &[0; 64]);
    let view = Sign1::decode(&message, &Profile::LENIENT).unwrap();
    CoseSign1::try_from(&view).unwrap_err()
}

fn unregistered(registry: Registry, value: i64, offset: usize) -> IntoCosetError {
    IntoCosetError::Unregistered { registry, value, offset }
}

#[test]
fn integers_beyond_64_bits_signed() {
    let at = |offset| IntoCosetError::IntegerRange { offset };
    assert_eq!(message("a2 0126 1bffffffffffffffff 00", "a0"), at(14));
    assert_eq!(message("a1 01 3bffffffffffffffff", "a0"), at(4));
}

#[test]
fn numbers_that_its_registries_do_not_have() {
    assert_eq!(message("a1 01 3902e7", "a0"), unregistered(Registry::Algorithms, -744, 4));
    assert_eq!(
        message("a3 0126 02 81 19018a 19018a 8140", "a0"),
        unregistered(Registry::HeaderParameters, 394, 7)
    );
    assert_eq!(
        message("a2 0126 03 19fffe", "a0"),
        unregistered(Registry::ContentFormats, 0xfffe, 6)
    );
}

#[test]
fn empty_strings_that_would_vanish() {
    let at = |offset| IntoCosetError::EmptyMeansAbsent { offset };
    assert_eq!(message("a2 0126 04 40", "a0"), at(6));
    assert_eq!(message("a1 0126", "a1 04 40"), at(7));
    assert_eq!(message("a1 0126", "a1 05 40"), at(7));
    assert_eq!(message("a1 0126", "a1 06 40"), at(7));
    assert_eq!(message("a2 0126 02 80", "a0"), at(6));
}

#[test]
fn values_that_ciborium_does_not_have() {
    assert_eq!(message("a1 0126", "a1 182a f7"), IntoCosetError::SimpleValue { offset: 8 });
    assert_eq!(message("a1 0126", "a1 182a 81 f0"), IntoCosetError::SimpleValue { offset: 9 });
}

#[test]
fn a_list_of_one_countersignature() {
    let one = "83 43a10126 a0 4101";
    let several = format!("a1 07 82 {one} {one}");
    let held = |unprotected: &str| {
        let message = sign1(&h("a10126"), &h(unprotected), Some(b"x"), &[0; 64]);
        let view = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        CoseSign1::try_from(&view).map(|theirs| theirs.unprotected.counter_signatures.len())
    };
    assert_eq!(held(&format!("a1 07 {one}")), Ok(1));
    assert_eq!(held(&several), Ok(2));
    assert_eq!(held(&format!("a1 07 81 {one}")), Err(IntoCosetError::ListOfOne { offset: 7 }));
    let rule = |error: IntoCosetError| match error {
        IntoCosetError::Malformed(error) => (error.rule(), error.offset()),
        other => panic!("{other}"),
    };
    let error = held("a1 07 83 43a10126 a0 01").unwrap_err();
    assert_eq!(rule(error), (Some(Rule::CountersignatureForm.to_ref()), Some(13)));
}

/// In protected buckets, where each level is a byte string of its own and no bound on CBOR counts them.
#[test]
fn countersignatures_nested_without_end() {
    let nested = |levels: usize| {
        let protected = (0..levels).fold(h("a10126"), |inside, _| {
            [&h("a2 0126 07 83")[..], &bstr(&inside), &h("a0 40")].concat()
        });
        let message = sign1(&protected, &h("a0"), Some(b"x"), &[0; 64]);
        CoseSign1::try_from(&Sign1::decode(&message, &Profile::LENIENT).unwrap()).map(|_| ())
    };
    assert_eq!(nested(4), Ok(()));
    for levels in [5, 3000] {
        let refused = nested(levels).unwrap_err();
        assert!(matches!(refused, IntoCosetError::CountersignatureDepth { .. }), "{refused}");
    }
}

/// Offsets of what is inside of a message are offsets of the message.
#[test]
fn layers_inside() {
    let signed = h("84 40 a0 4101 82 83 43a10126 a0 40 83 45a201260440 a0 40");
    let sign = Sign::decode(&signed, &Profile::LENIENT).unwrap();
    assert_eq!(
        CoseSign::try_from(&sign).unwrap_err(),
        IntoCosetError::EmptyMeansAbsent { offset: signed.len() - 3 }
    );
    let sealed = h("84 43a10101 a0 4101 81 83 40 a20124 0440 4101");
    let encrypt = Encrypt::decode(&sealed, &Profile::LENIENT).unwrap();
    assert_eq!(
        CoseEncrypt::try_from(&encrypt).unwrap_err(),
        IntoCosetError::EmptyMeansAbsent { offset: sealed.len() - 3 }
    );
    let unregistered = unregistered(Registry::Algorithms, -744, 11);
    assert_eq!(message("a1 0126", "a1 07 83 45a1013902e7 a0 4101"), unregistered);
}

#[test]
fn parameters_of_another_type() {
    let rule = |protected, unprotected| match message(protected, unprotected) {
        IntoCosetError::Malformed(error) => error.rule(),
        other => panic!("{other}"),
    };
    assert_eq!(rule("a2 0126 04 01", "a0"), Some(Rule::KeyIdForm.to_ref()));
    assert_eq!(rule("a1 01 40", "a0"), Some(Rule::AlgorithmPresent.to_ref()));
    assert_eq!(rule("a2 0126 03 40", "a0"), Some(Rule::ContentTypeForm.to_ref()));
    assert_eq!(rule("a2 0126 03 1a00010000", "a0"), Some(Rule::ContentTypeForm.to_ref()));
    assert_eq!(rule("a2 0126 02 01", "a0"), Some(Rule::CritForm.to_ref()));
}

#[test]
fn claims() {
    let refused = |claims: &str| {
        let bytes = h(claims);
        let claims = Claims::decode(&bytes, &Profile::LENIENT).unwrap();
        coset::cwt::ClaimsSet::try_from(&claims).unwrap_err()
    };
    assert_eq!(refused("a1 06 c11a6553f100"), IntoCosetError::TaggedDate { offset: 2 });
    assert_eq!(refused("a1 190800 00"), unregistered(Registry::Claims, 0x800, 4));
    // RFC 8392 3.1.3: an audience may be a list. coset has room for one.
    assert!(matches!(refused("a1 03 81 6161"), IntoCosetError::Malformed(_)));
}

#[test]
fn keys() {
    let refused = |key: &str| {
        let bytes = h(key);
        coset::CoseKey::try_from(&CoseKey::decode(&bytes, &Profile::LENIENT).unwrap()).unwrap_err()
    };
    assert_eq!(refused("a1 01 00"), IntoCosetError::ReservedKeyType { offset: 2 });
    assert_eq!(refused("a1 01 1863"), unregistered(Registry::KeyTypes, 99, 2));
    assert_eq!(refused("a2 01 04 02 40"), IntoCosetError::EmptyMeansAbsent { offset: 4 });
    assert_eq!(refused("a2 01 04 04 80"), IntoCosetError::EmptyMeansAbsent { offset: 4 });
    assert_eq!(refused("a2 01 04 04 82 01 01"), IntoCosetError::RepeatedKeyOperation { offset: 4 });
    assert_eq!(refused("a2 01 04 04 81 1863"), unregistered(Registry::KeyOperations, 99, 5));
    assert!(matches!(refused("a1 20 4101"), IntoCosetError::Malformed(_)));
}

/// Each of these would be lost without a word in coset, or is refused by it: that is what the errors are for.
#[test]
fn coset_does_lose_them() {
    let lost = |hex: &str| {
        let bytes = h(hex);
        let header = Header::from_slice(&bytes).ok().and_then(|header| header.to_vec().ok());
        assert_ne!(header.as_deref(), Some(bytes.as_slice()), "{hex}");
    };
    for hex in [
        "a1 1bffffffffffffffff 00",
        "a1 01 3902e7",
        "a1 02 81 19018a",
        "a1 03 19fffe",
        "a1 04 40",
        "a1 05 40",
        "a1 06 40",
        "a1 182a f7",
        "a1 182a f0",
        "a1 07 81 83 43a10126 a0 4101",
    ] {
        lost(hex);
    }
}

fn rest(entries: &[(i64, i64)]) -> Header {
    let entries = entries.iter().map(|(label, value)| (Label::Int(*label), Value::from(*value)));
    Header { rest: entries.collect(), ..Header::default() }
}

#[test]
fn labels_that_stand_twice_in_a_coset_type() {
    let refused = |header: &Header| MapBuilder::try_from(header).unwrap_err();
    assert_eq!(refused(&rest(&[(300, 1), (300, 2)])), FromCosetError::RepeatedLabel);
    let mut twice = rest(&[(4, 1)]);
    twice.key_id = vec![1];
    assert_eq!(refused(&twice), FromCosetError::RepeatedLabel);
    let inside = Value::Map(vec![(1.into(), 1.into()), (1.into(), 2.into())]);
    let inside = HeaderBuilder::new().value(300, inside).build();
    assert_eq!(refused(&inside), FromCosetError::RepeatedLabel);

    let key = coset::CoseKeyBuilder::new_symmetric_key(vec![1]).param(-1, 2.into()).build();
    assert_eq!(encode_key(&key).unwrap_err(), FromCosetError::RepeatedLabel);
    let mut key = coset::CoseKeyBuilder::new_symmetric_key(vec![1]).build();
    key.params.push((Label::Int(1), 4.into()));
    assert_eq!(encode_key(&key).unwrap_err(), FromCosetError::RepeatedLabel);
}

#[test]
fn values_nested_too_deeply() {
    let nested = |levels| (0..levels).fold(Value::Null, |value, _| Value::Array(vec![value]));
    let header = |levels| HeaderBuilder::new().value(300, nested(levels)).build();
    assert!(MapBuilder::try_from(&header(MAX_DEPTH)).is_ok());
    assert_eq!(MapBuilder::try_from(&header(MAX_DEPTH + 1)).unwrap_err(), FromCosetError::TooDeep);
}

/// The builder refuses what a reader would refuse, wherever the headers came from.
#[test]
fn a_label_in_both_buckets() {
    let theirs = coset::CoseSign1Builder::new()
        .protected(HeaderBuilder::new().key_id(vec![1]).build())
        .unprotected(HeaderBuilder::new().key_id(vec![1]).build())
        .build();
    let ours = Sign1Builder::try_from(&theirs).unwrap();
    let refused = ours.sign(cose_ext::Content::Embedded(b"x"), &crate::messages::issuer());
    assert_eq!(refused.unwrap_err().rule(), Some(Rule::OneBucket.to_ref()));
}
