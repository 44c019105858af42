//! COSE_Keys, and what they are refused for.

use std::format;

use super::{X, Y, hex};
use crate::{
    Error, Profile, Rule,
    crypto::{Algorithm, Curve, KeyMaterial, PrivateKeyMaterial, PublicKey, YCoordinate},
    error::{ErrorKind, Policy, Unsupported},
    key::CoseKey,
};

fn with_public<T>(key: &str, then: impl FnOnce(Result<PublicKey<'_>, Error>) -> T) -> T {
    let bytes = hex(key);
    then(CoseKey::decode(&bytes, &Profile::LENIENT).and_then(|key| key.public_key()))
}

fn refused(key: &str) -> Error {
    with_public(key, |key| key.unwrap_err())
}

#[test]
fn c24_a_key_has_what_its_kty_requires() {
    let malformed = |key: &str| {
        let error = refused(key);
        assert!(
            matches!(error.kind(), ErrorKind::Malformed { rule: Rule::KeyForm, .. }),
            "{key}: {error}"
        );
        error.offset().unwrap()
    };
    malformed("a0");
    malformed("a10101");
    malformed("a201012006");
    malformed(&format!("a301022001215820{X}"));
    malformed("a40102200121412a22f6");
    malformed("a20103204101");
    // An AKP key without alg.
    malformed("a20107204101");
    // kty is a byte string; the offset is where it stands.
    assert_eq!(malformed("a1014101"), 2);
    // x is an integer.
    assert_eq!(malformed("a3010120062105"), 6);
    // A label is a byte string; alg is one; key_ops is not an array.
    assert_eq!(malformed("a24100010101"), 1);
    malformed("a4010120062141010341ff");
    malformed("a4010120062141010402");
    assert_eq!(refused("8101").rule(), Some(Rule::KeyForm.to_ref()));
}

#[test]
fn c24_unknown_types_are_unsupported_not_malformed() {
    for key in ["a10118ff", "a1016161", "a20101206161"] {
        assert_eq!(refused(key), Error::from(Unsupported::KeyFormat), "{key}");
    }
}

#[test]
fn keys_are_read_as_they_are() {
    let (x, y) = (hex(X), hex(Y));
    let ec2 = |y| KeyMaterial::Ec2 { curve: Curve::P256, x: &x, y };
    let head = format!("01022001215820{X}");
    with_public(&format!("a4{head}225820{Y}"), |key| {
        let key = key.unwrap();
        assert!(key.material == ec2(YCoordinate::Value(&y)));
        assert_eq!(key.algorithm, None);
    });
    with_public(&format!("a5{head}22f50326"), |key| {
        let key = key.unwrap();
        assert!(key.material == ec2(YCoordinate::Sign(true)));
        assert_eq!(key.algorithm, Some(Algorithm::ES256));
    });
    with_public("a301032041052143010001", |key| {
        assert!(key.unwrap().material == KeyMaterial::Rsa { n: &[5], e: &[1, 0, 1] });
    });
    with_public("a3010703382f204109", |key| {
        let key = key.unwrap();
        assert!(key.material == KeyMaterial::Akp { public: &[9] });
        assert_eq!(key.algorithm, Some(Algorithm::ML_DSA_44));
    });
}

#[test]
fn c23_key_ops_without_verify_verifies_nothing() {
    let okp = "010120062158200101010101010101010101010101010101010101010101010101010101010101";
    let operations = Error::from(Policy::KeyOperations);
    // sign; MAC verify; none at all; text of another meaning; a number beyond 64 bits.
    for key_ops in ["8101", "810a", "80", "81647369676e", "811bffffffffffffffff"] {
        let key = format!("a4{okp}04{}", key_ops);
        assert_eq!(refused(&key), operations, "{key_ops}");
    }
    for key_ops in ["8102", "820102", "8166766572696679", "9f0102ff"] {
        with_public(&format!("a4{okp}04{key_ops}"), |key| assert!(key.is_ok(), "{key_ops}"));
    }
}

#[test]
fn c26_a_symmetric_key_is_no_public_key() {
    assert_eq!(refused("a201042041ff"), Error::from(Policy::NotAPublicKey));
    assert_eq!(refused("a301042041ff048102"), Error::from(Policy::NotAPublicKey));
}

#[test]
fn private_keys_are_read_and_never_printed() {
    let d = "57c92077664146e876760c9520d054aa93c3afb04e306705db6090308507b4d3";
    let bytes = hex(&format!("a601022001215820{X}225820{Y}235820{d}0326"));
    let key = CoseKey::decode(&bytes, &Profile::LENIENT).unwrap();
    let private = key.private_key().unwrap();
    let PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: secret } = private.material else {
        panic!("{private:?}")
    };
    assert_eq!(::hex::encode(secret), d);
    assert!(private.public == Some(key.public_key().unwrap().material));
    assert_eq!(private.algorithm, Some(Algorithm::ES256));
    assert_eq!(format!("{private:?}"), "PrivateKey(EC2 P-256)");
    let shown = format!("{key:?}");
    assert!(shown.contains("-4 / d /: ... / secret /") && !shown.contains(&d[..8]), "{shown}");
}

#[test]
fn c23_key_ops_without_sign_signs_nothing() {
    let okp = "01012006234101";
    let private = |key: &str| {
        let bytes = hex(key);
        let key = CoseKey::decode(&bytes, &Profile::LENIENT).unwrap();
        key.private_key().map(|_| ())
    };
    assert_eq!(private(&format!("a3{okp}")), Ok(()));
    assert_eq!(private(&format!("a4{okp}048101")), Ok(()));
    let operations = Err(Error::from(Policy::KeyOperations));
    assert_eq!(private(&format!("a4{okp}048102")), operations);
    let no_secret = private("a301012006214101");
    assert!(matches!(
        no_secret.map_err(|error| error.kind()),
        Err(ErrorKind::Malformed { rule: Rule::KeyForm, .. })
    ));
    assert_eq!(private("a201042041ff"), Err(Error::from(Unsupported::KeyFormat)));
    let public_rsa = private("a301032041052143010001");
    assert!(matches!(
        public_rsa.map_err(|error| error.kind()),
        Err(ErrorKind::Malformed { rule: Rule::KeyForm, .. })
    ));
}

#[cfg(feature = "p256")]
#[test]
fn a_signer_refuses_a_public_key_that_is_anothers() {
    use crate::{
        crypto::{InvalidKey, PrivateKey, Signer},
        rustcrypto::P256SigningKey,
    };
    let own = P256SigningKey::from_bytes(&[1; 32]).unwrap();
    let other = P256SigningKey::from_bytes(&[2; 32]).unwrap();
    let key = |public, algorithm| PrivateKey {
        material: PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &[1; 32] },
        public,
        algorithm,
    };
    let (own_key, other_key) = (own.public_key(), other.public_key());
    let own_public = Some(own_key.as_public_key().material);
    let signer = P256SigningKey::from_private_key(&key(own_public, Some(Algorithm::ESP256)));
    assert_eq!(signer.unwrap().algorithm(), Algorithm::ESP256);
    let signer = P256SigningKey::from_private_key(&key(None, None));
    assert_eq!(signer.unwrap().public_key(), own_key);
    let signer =
        P256SigningKey::from_private_key(&key(Some(other_key.as_public_key().material), None));
    assert_eq!(signer.err(), Some(InvalidKey::Malformed));
    let signer = P256SigningKey::from_private_key(&key(own_public, Some(Algorithm::ES384)));
    assert_eq!(signer.err(), Some(InvalidKey::Unsupported));
}
