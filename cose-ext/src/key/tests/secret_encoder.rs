//! Private and symmetric COSE_Keys, written and read back.

use std::format;

use super::{X, Y, hex};
use crate::{
    Error, Profile, Rule,
    crypto::{
        Algorithm, BufferTooShort, Curve, KeyMaterial, KeyOperation, KeyOperations, PrivateKey,
        PrivateKeyMaterial, SymmetricKey, YCoordinate,
    },
    error::{ErrorKind, Misuse},
    key::{CoseKey, KeySet, SecretKeyEncoder, SecretKeySetEncoder},
};

const D: &[u8] = &[0xd0, 0xd1];
const NOT_A_KEY: Error = Error::new(ErrorKind::Misuse(Misuse::Builder(Rule::KeyForm)));

fn okp(public: Option<KeyMaterial<'_>>) -> PrivateKey<'_> {
    let material = PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: D };
    PrivateKey { material, public, algorithm: None }
}

#[test]
fn c24_private_keys_are_encoded_deterministically_and_read_back() {
    let (x, y) = (hex(X), hex(Y));
    let ec2 = |y| Some(KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y });
    let d = PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: D };
    let akp = PrivateKeyMaterial::Akp { seed: D };
    let ml_dsa = Some(Algorithm::ML_DSA_44);
    let es256 = Some(Algorithm::ES256);
    let key = |material, public, algorithm| PrivateKey { material, public, algorithm };
    let encoded = format!("a6010203262001215820{X}225820{Y}2342d0d1");
    let compressed = format!("a501022001215820{X}22f52342d0d1");
    let x_of_okp = Some(KeyMaterial::Okp { curve: Curve::ED25519, x: &[7; 32] });
    let whole_okp = format!("a401012006215820{}2342d0d1", "07".repeat(32));
    let public_akp = Some(KeyMaterial::Akp { public: &[9] });
    let cases = [
        (key(d, None, None), "a3010220012342d0d1"),
        (key(d, ec2(YCoordinate::Value(&y)), es256), &encoded),
        (key(d, ec2(YCoordinate::Sign(true)), None), &compressed),
        (okp(None), "a3010120062342d0d1"),
        (okp(x_of_okp), &whole_okp),
        (key(akp, public_akp, ml_dsa), "a4010703382f2041092142d0d1"),
    ];
    for (key, encoded) in cases {
        let encoder = SecretKeyEncoder::private(key).unwrap();
        let mut buffer = [0; 200];
        let written = encoder.encode(&mut buffer).unwrap();
        assert_eq!(::hex::encode(written), encoded);
        assert_eq!(written.len(), encoder.len());
        let read = CoseKey::decode(written, &Profile::DETERMINISTIC).unwrap();
        let read = read.private_key().unwrap();
        assert!(read.public == key.public && read.algorithm == key.algorithm);
        assert_eq!(read.profile(), key.profile());
        #[cfg(feature = "alloc")]
        assert_eq!(*encoder.to_vec(), written);
        let needed = encoder.len();
        let mut short = [0; 200];
        let refused = encoder.encode(&mut short[..needed - 1]).map(|_| ());
        assert_eq!((refused, short), (Err(BufferTooShort { needed }), [0; 200]));
    }
}

#[test]
fn c24_a_symmetric_key_with_all_that_it_may_say() {
    let key = SymmetricKey { k: &[1, 2, 3], algorithm: Some(Algorithm::HMAC_256) };
    let operations = KeyOperations::NONE.and(KeyOperation::MacVerify).and(KeyOperation::MacCreate);
    let encoder = SecretKeyEncoder::symmetric(key)
        .with_base_iv(&[0xb1])
        .with_operations(operations)
        .unwrap()
        .with_key_id(b"k");
    let mut buffer = [0; 40];
    let written = encoder.encode(&mut buffer).unwrap();
    assert_eq!(::hex::encode(written), "a6010402416b03050482090a0541b12043010203");
    let read = CoseKey::decode(written, &Profile::DETERMINISTIC).unwrap();
    let symmetric = read.symmetric_key().unwrap();
    assert!(symmetric.k == key.k && symmetric.algorithm == key.algorithm);
    assert_eq!(read.base_iv(), Ok(Some(&[0xb1][..])));
    assert_eq!(read.key_id(), Ok(Some(&b"k"[..])));
    assert_eq!(read.operations(), Ok(operations));
    // A key that is not restricted does not say so, and one that may do nothing has no encoding.
    let all = SecretKeyEncoder::symmetric(key).with_operations(KeyOperations::ALL).unwrap();
    assert_eq!(all.len(), SecretKeyEncoder::symmetric(key).len());
    let none = SecretKeyEncoder::symmetric(key).with_operations(KeyOperations::NONE);
    assert_eq!(none.map(|_| ()), Err(NOT_A_KEY));
}

#[test]
fn c24_the_public_part_is_of_the_same_kind() {
    let other_curve = KeyMaterial::Okp { curve: Curve::X25519, x: &[7] };
    let other_type = KeyMaterial::HssLms { public: &[7] };
    for public in [other_curve, other_type] {
        assert_eq!(SecretKeyEncoder::private(okp(Some(public))).map(|_| ()), Err(NOT_A_KEY));
    }
    // RFC 9964 3: alg and pub are required.
    let material = PrivateKeyMaterial::Akp { seed: D };
    let public = Some(KeyMaterial::Akp { public: &[9] });
    for (public, algorithm) in [(None, Some(Algorithm::ML_DSA_44)), (public, None)] {
        let key = PrivateKey { material, public, algorithm };
        assert_eq!(SecretKeyEncoder::private(key).map(|_| ()), Err(NOT_A_KEY));
    }
}

#[test]
fn c25_a_set_of_secret_keys() {
    let key = SecretKeyEncoder::symmetric(SymmetricKey { k: &[1], algorithm: None });
    let none = SecretKeySetEncoder::new(&[]).map(|_| ());
    assert_eq!(none, Err(Error::from(Misuse::Builder(Rule::KeySet))));
    let keys = [key, SecretKeyEncoder::private(okp(None)).unwrap()];
    let set = SecretKeySetEncoder::new(&keys).unwrap();
    let mut buffer = [0; 40];
    let written = set.encode(&mut buffer).unwrap();
    assert_eq!(::hex::encode(written), "82a20104204101a3010120062342d0d1");
    assert_eq!(written.len(), set.len());
    assert_eq!(
        KeySet::decode(written, &Profile::DETERMINISTIC).unwrap().iter().flatten().count(),
        2
    );
    assert_eq!(format!("{set:?}").matches("SecretKeyEncoder(").count(), 2);
    assert!(!format!("{set:?} {keys:?}").contains("20"), "the bytes of d, or their numbers");
}
