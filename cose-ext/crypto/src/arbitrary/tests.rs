//! Values of every type keep what their constructors promise, and differ.

use std::{collections::BTreeSet, format, string::String};

use testkit::varieties::{Inputs, needs_no_input};

use super::*;

const INPUTS: Inputs = Inputs { count: 10_000, len: 512 };

fn varieties<T: for<'a> Arbitrary<'a>>(name: fn(&T) -> String) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(name)
}

#[test]
fn numbers_are_mostly_registered() {
    let name = |algorithm: &Algorithm| algorithm.name().map_or("private".into(), String::from);
    assert_eq!(varieties::<Algorithm>(name), Algorithm::NAMES.len() + 1);
    let name = |curve: &Curve| curve.name().map_or("private".into(), String::from);
    assert_eq!(varieties::<Curve>(name), Curve::NAMES.len() + 1);
    let name = |kind: &KeyType| kind.name().map_or("private".into(), String::from);
    assert_eq!(varieties::<KeyType>(name), KeyType::NAMES.len() + 1);
}

#[test]
fn enums_reach_every_variant() {
    assert_eq!(varieties::<KeyOperation>(|operation| format!("{operation:?}")), 10);
    assert!(varieties::<KeyOperations>(|operations| format!("{operations:?}")) > 900);
    assert_eq!(varieties::<Hkdf>(|hkdf| format!("{hkdf:?}")), 4);
    assert_eq!(varieties::<Sender>(|sender| format!("{sender:?}")), 2);
    let variant = |operation: &Operation| {
        let text = format!("{operation:?}");
        text.split('(').next().unwrap_or_default().into()
    };
    assert_eq!(varieties::<Operation>(variant), 8);
    assert!(varieties::<Binding>(|binding| format!("{binding:?}")) > 2000);
    assert!(varieties::<HashValue>(|hash| format!("{}", hash.as_ref().len())) > 60);
}

/// Makes one of the borrowing types of many inputs, and counts what `name` says of them.
macro_rules! borrowed {
    ($type:ident, $name:expr) => {{
        let mut seen = BTreeSet::new();
        let mut made = 0;
        for bytes in INPUTS.each() {
            match $type::arbitrary(&mut Unstructured::new(&bytes)) {
                Ok(value) => {
                    made += 1;
                    seen.insert($name(value));
                }
                Err(arbitrary::Error::NotEnoughData) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert!(made > 9000, "{made} of 10 000 inputs");
        seen.len()
    }};
}

#[test]
fn public_keys_pass_their_check() {
    let kinds = borrowed!(PublicKey, |key: PublicKey<'_>| {
        assert_eq!(key.check(), Ok(()));
        let is_akp = matches!(key.material, KeyMaterial::Akp { .. });
        assert!(!is_akp || key.algorithm.is_some(), "RFC 9964");
        let curve = key.profile().curve.map(|curve| curve.name().unwrap_or("private"));
        format!("{:?} {curve:?}", key.profile().key_type)
    });
    // Twelve curves, a private one in two types, RSA, AKP and HSS-LMS.
    assert_eq!(kinds, 17);
    let kinds = borrowed!(KeyMaterial, |key: KeyMaterial<'_>| key.check().is_ok());
    assert_eq!(kinds, 1);
    let forms = borrowed!(YCoordinate, |y: YCoordinate<'_>| matches!(y, YCoordinate::Sign(_)));
    assert_eq!(forms, 2);
}

/// Where the input ends within a number, what is left of it is small, and could name a curve of
/// another key type.
#[test]
fn a_short_input_makes_no_key_on_a_curve_of_another_type() {
    for (place, bytes) in INPUTS.each().enumerate() {
        let short = bytes.get(..place % 120).unwrap();
        match PublicKey::arbitrary(&mut Unstructured::new(short)) {
            Ok(key) => assert_eq!(key.check(), Ok(())),
            Err(error) => assert!(matches!(error, arbitrary::Error::NotEnoughData), "{error}"),
        }
    }
}

#[test]
fn secrets_are_as_long_as_their_algorithm_wants() {
    let kinds = borrowed!(PrivateKey, |key: PrivateKey<'_>| format!("{:?}", key.profile().curve));
    assert!(kinds > 12, "{kinds}");
    let lengths = borrowed!(SymmetricKey, |key: SymmetricKey<'_>| {
        if let Some(len) = key.algorithm.and_then(Algorithm::key_len) {
            assert_eq!(key.k.len(), len);
        }
        key.k.len()
    });
    assert!(lengths > 60, "{lengths}");
    let profiles = borrowed!(KeyProfile, |profile: KeyProfile| format!("{:?}", profile.key_type));
    assert_eq!(profiles, 6);
}
