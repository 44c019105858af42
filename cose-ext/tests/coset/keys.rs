//! COSE_Keys.

use cose_ext::Profile;
use cose_ext::coset::{IntoCosetError, encode_key};
use cose_ext::key::{CoseKey, CoseKeyEncoder, KeySet, OwnedPublicKey};
use coset::{CborSerializable, iana};

use super::{canonical, decoded};
use crate::corpus::published;
use crate::messages::{ISSUER, h, p256_key};

fn theirs(bytes: &[u8]) -> Result<coset::CoseKey, IntoCosetError> {
    coset::CoseKey::try_from(&CoseKey::decode(bytes, &Profile::LENIENT).unwrap())
}

#[test]
fn published_keys_are_the_same() {
    let mut compared = 0;
    for bytes in published() {
        let Ok(key) = CoseKey::decode(&bytes, &Profile::LENIENT) else { continue };
        // Claims sets and other maps are no keys, to both.
        let Ok(read) = coset::CoseKey::from_slice(&bytes) else { continue };
        let theirs = coset::CoseKey::try_from(&key).unwrap();
        assert_eq!(theirs, read);
        let again = encode_key(&theirs).unwrap();
        assert_eq!(canonical(decoded(&again)), canonical(decoded(&bytes)));
        if let Ok(public) = key.public_key() {
            let owned = OwnedPublicKey::try_from(&theirs).unwrap();
            assert_eq!(owned.as_public_key(), public);
        }
        compared += 1;
    }
    println!("{compared} keys");
    assert!(compared >= 2 || published().is_empty(), "{compared}");
}

#[test]
fn a_key_goes_both_ways() {
    let encoded = CoseKeyEncoder::new(p256_key(&ISSUER)).unwrap().with_key_id(b"7").to_vec();
    let key = theirs(&encoded).unwrap();
    let built = coset::CoseKeyBuilder::new_ec2_pub_key(
        iana::EllipticCurve::P_256,
        ISSUER.x.to_vec(),
        ISSUER.y.to_vec(),
    );
    assert_eq!(key, built.key_id(b"7".to_vec()).build());
    assert_eq!(encode_key(&key).unwrap().as_slice(), encoded);
    assert_eq!(OwnedPublicKey::try_from(&key).unwrap().as_public_key(), p256_key(&ISSUER));
}

#[test]
fn a_key_set_is_taken_whole_or_not() {
    let (good, bad) = ("a2 01 04 20 4101", "a3 01 04 02 40 20 4101");
    let set = |second: &str| {
        let bytes = h(&format!("82 {good} {second}"));
        coset::CoseKeySet::try_from(&KeySet::decode(&bytes, &Profile::LENIENT).unwrap())
    };
    assert_eq!(set(good).unwrap().0.len(), 2);
    assert_eq!(set(bad).unwrap_err(), IntoCosetError::EmptyMeansAbsent { offset: 4 });
}

#[test]
fn a_key_that_may_not_verify_gives_no_public_key() {
    let mut key = theirs(&CoseKeyEncoder::new(p256_key(&ISSUER)).unwrap().to_vec()).unwrap();
    key.key_ops.insert(iana::KeyOperation::DeriveKey.into());
    assert!(OwnedPublicKey::try_from(&key).is_err());
    key.key_ops.insert(iana::KeyOperation::Verify.into());
    assert!(OwnedPublicKey::try_from(&key).is_ok());
}
