//! Public COSE_Keys, written and read back.

use std::format;

use super::{X, Y, hex};
use crate::{
    Error, Profile, Rule,
    crypto::{Algorithm, BufferTooShort, Curve, KeyMaterial, PublicKey, YCoordinate},
    error::Misuse,
    key::{CoseKey, CoseKeyEncoder, KeySet, KeySetEncoder},
};

#[test]
fn c24_what_is_encoded_reads_back_deterministically() {
    let (x, y) = (hex(X), hex(Y));
    let ec2 = |y| KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y };
    let es256 = Some(Algorithm::ES256);
    let cases = [
        (ec2(YCoordinate::Value(&y)), None, format!("a401022001215820{X}225820{Y}")),
        (ec2(YCoordinate::Sign(true)), es256, format!("a5010203262001215820{X}22f5")),
        (ec2(YCoordinate::Sign(false)), None, format!("a401022001215820{X}22f4")),
        (KeyMaterial::Okp { curve: Curve::ED25519, x: &x }, None, format!("a301012006215820{X}")),
        (KeyMaterial::Rsa { n: &[5], e: &[1, 0, 1] }, None, "a301032041052143010001".into()),
        (
            KeyMaterial::Akp { public: &[9] },
            Some(Algorithm::ML_DSA_44),
            "a3010703382f204109".into(),
        ),
        (KeyMaterial::HssLms { public: &[9] }, None, "a20105204109".into()),
    ];
    for (material, algorithm, encoded) in cases {
        let key = PublicKey { material, algorithm };
        let encoder = CoseKeyEncoder::new(key).unwrap();
        let mut buffer = [0; 200];
        let written = encoder.encode(&mut buffer).unwrap();
        assert_eq!(::hex::encode(written), encoded);
        assert_eq!(written.len(), encoder.len());
        let read = CoseKey::decode(written, &Profile::DETERMINISTIC).unwrap();
        assert!(read.public_key() == Ok(key));
        assert_eq!(read.key_id(), Ok(None));
        let needed = encoder.len();
        let short = encoder.encode(&mut buffer[..needed - 1]);
        assert_eq!(short, Err(BufferTooShort { needed }));

        let written = encoder.with_key_id(b"").encode(&mut buffer).unwrap();
        let read = CoseKey::decode(written, &Profile::DETERMINISTIC).unwrap();
        assert_eq!(read.key_id(), Ok(Some(&b""[..])));
        assert!(read.public_key() == Ok(key));
    }
}

#[test]
fn c24_an_akp_key_states_its_algorithm() {
    let key = PublicKey { material: KeyMaterial::Akp { public: &[9] }, algorithm: None };
    let encoder = CoseKeyEncoder::new(key).map(|_| ());
    assert_eq!(encoder, Err(Error::from(Misuse::Builder(Rule::KeyForm))));
}

#[test]
fn c25_a_key_set_has_at_least_one_key() {
    let key = PublicKey {
        material: KeyMaterial::Okp { curve: Curve::ED25519, x: &[1; 32] },
        algorithm: None,
    };
    let encoder = CoseKeyEncoder::new(key).unwrap();
    let none = KeySetEncoder::new(&[]).map(|_| ());
    assert_eq!(none, Err(Error::from(Misuse::Builder(Rule::KeySet))));
    let keys = [encoder, encoder.with_key_id(b"two")];
    let set = KeySetEncoder::new(&keys).unwrap();
    let mut buffer = [0; 100];
    let written = set.encode(&mut buffer).unwrap();
    assert_eq!(written.len(), set.len());
    let x = "01".repeat(32);
    let expected = format!("82a301012006215820{x}a40101024374776f2006215820{x}");
    assert_eq!(::hex::encode(written), expected);
    let read = KeySet::decode(written, &Profile::DETERMINISTIC).unwrap();
    assert_eq!(read.iter().filter(|read| read.unwrap().public_key() == Ok(key)).count(), 2);
    #[cfg(feature = "alloc")]
    assert_eq!(set.to_vec(), written);
}

#[cfg(feature = "alloc")]
#[test]
fn owned_keys_are_the_keys_that_were_borrowed() {
    use crate::key::OwnedPublicKey;
    let (x, y) = (hex(X), YCoordinate::Sign(true));
    let materials = [
        KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y },
        KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y: YCoordinate::Value(&x) },
        KeyMaterial::Okp { curve: Curve::ED25519, x: &x },
        KeyMaterial::Rsa { n: &x, e: &[3] },
        KeyMaterial::Akp { public: &x },
        KeyMaterial::HssLms { public: &x },
    ];
    for material in materials {
        let key = PublicKey { material, algorithm: Some(Algorithm::ES256) };
        let owned = OwnedPublicKey::from(&key);
        assert!(owned.as_public_key() == key);
        assert_eq!(format!("{owned:?}"), format!("{key:?}"));
    }
}
