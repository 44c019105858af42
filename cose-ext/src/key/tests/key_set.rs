//! Key sets as trust stores.

use std::vec::Vec;

use crate::{
    Context, Error, Input, Profile, Rule, SigStructure, Sign1,
    cbor::Head,
    crypto::{Algorithm, Ec2PublicKey, Signer},
    error::{Policy, Verification},
    key::{CoseKeyEncoder, KeySet, Thumbprint},
    rustcrypto::{P256SigningKey, RustCrypto, Sha256},
};

/// `{1: -7}`.
const PROTECTED: &[u8] = b"\xa1\x01\x26";
const PAYLOAD: &[u8] = b"payload";

fn signer(seed: u8) -> P256SigningKey {
    P256SigningKey::from_bytes(&[seed; 32]).unwrap()
}

/// A COSE_Sign1 whose unprotected bucket has `key_id`.
fn message(signer: &P256SigningKey, key_id: &[u8]) -> Vec<u8> {
    let mut signature = [0; 64];
    let structure = SigStructure::signature1(PROTECTED, &[], PAYLOAD);
    signer.sign(&structure.parts(), &mut signature).unwrap();
    [
        &[0xd2, 0x84],
        Head::bytes(PROTECTED.len()).as_bytes(),
        PROTECTED,
        &[0xa1, 0x04],
        Head::bytes(key_id.len()).as_bytes(),
        key_id,
        Head::bytes(PAYLOAD.len()).as_bytes(),
        PAYLOAD,
        Head::bytes(signature.len()).as_bytes(),
        &signature,
    ]
    .concat()
}

fn encode(key: &Ec2PublicKey<32>, key_id: &[u8]) -> Vec<u8> {
    let mut buffer = [0; 200];
    let encoder = CoseKeyEncoder::new(key.as_public_key()).unwrap().with_key_id(key_id);
    encoder.encode(&mut buffer).unwrap().to_vec()
}

/// The key with one more parameter, given in hex, and a larger map.
fn with_parameter(mut key: Vec<u8>, parameter: &str) -> Vec<u8> {
    key[0] += 1;
    key.extend(super::hex(parameter));
    key
}

/// A symmetric key whose bytes are those of the encoded public key.
fn symmetric(key: &Ec2PublicKey<32>, key_id: &[u8]) -> Vec<u8> {
    let k = [&[0x04], &key.x[..], &key.y].concat();
    let (id_head, k_head) = (Head::bytes(key_id.len()), Head::bytes(k.len()));
    [b"\xa3\x01\x04\x02", id_head.as_bytes(), key_id, b"\x20", k_head.as_bytes(), &k].concat()
}

fn verify(message: &[u8], keys: &[Vec<u8>]) -> Result<[u8; 32], Error> {
    let set = [Head::array(keys.len()).as_bytes(), &keys.concat()].concat();
    let store = KeySet::decode(&set, &Profile::LENIENT)?.trusted();
    let context = Context::new(&RustCrypto);
    let sign1 = Sign1::decode(message, &Profile::LENIENT)?;
    let verified = sign1.verify(&Input::embedded(), &store, &context)?;
    assert_eq!(verified.value().payload(), PAYLOAD);
    assert_eq!(verified.by().algorithm(), Algorithm::ES256);
    Ok(*verified.by().identity().as_bytes())
}

fn identity(key: &Ec2PublicKey<32>) -> [u8; 32] {
    *Thumbprint::new(&key.as_public_key(), &Sha256).unwrap().as_bytes()
}

#[test]
fn c26_symmetric_key_verifies_nothing() {
    let own = signer(1);
    let message = message(&own, b"kid");
    let key = own.public_key();
    assert_eq!(verify(&message, &[encode(&key, b"kid")]), Ok(identity(&key)));
    let refused = verify(&message, &[symmetric(&key, b"kid")]);
    assert_eq!(refused, Err(Error::from(Policy::NotAPublicKey)));
    assert_eq!(refused.unwrap_err().rule(), Some(Rule::PublicKeyOnly.to_ref()));
    // Nor does it stand in the way of the key that verifies.
    let both = [symmetric(&key, b"kid"), encode(&key, b"kid")];
    assert_eq!(verify(&message, &both), Ok(identity(&key)));
}

#[test]
fn c23_key_ops_without_verify_verifies_nothing() {
    let own = signer(1);
    let message = message(&own, b"kid");
    let key = encode(&own.public_key(), b"kid");
    let refused = verify(&message, &[with_parameter(key.clone(), "048101")]);
    assert_eq!(refused, Err(Error::from(Policy::KeyOperations)));
    let permitted = verify(&message, &[with_parameter(key, "04820102")]);
    assert_eq!(permitted, Ok(identity(&own.public_key())));
}

#[test]
fn c22_a_key_is_used_with_its_own_algorithm_and_its_kin() {
    let own = signer(1);
    let message = message(&own, b"kid");
    let key = encode(&own.public_key(), b"kid");
    let verified = Ok(identity(&own.public_key()));
    assert_eq!(verify(&message, &[with_parameter(key.clone(), "0326")]), verified);
    assert_eq!(verify(&message, &[with_parameter(key.clone(), "0328")]), verified);
    let refused = verify(&message, &[with_parameter(key, "033822")]);
    assert_eq!(refused.unwrap_err().rule(), Some(Rule::KeyAlgorithm.to_ref()));
}

#[test]
fn c25_one_bad_key_does_not_spoil_the_others() {
    let own = signer(1);
    let message = message(&own, b"kid");
    let (key, verified) = (encode(&own.public_key(), b"kid"), Ok(identity(&own.public_key())));
    let mut off_curve = key.clone();
    *off_curve.last_mut().unwrap() ^= 1;
    for bad in ["a0", "01", "a10118ff", "a201022001", "a201042041ff", "60"] {
        let keys = [super::hex(bad), off_curve.clone(), key.clone()];
        assert_eq!(verify(&message, &keys), verified, "{bad}");
    }
    for set in ["80", "a0", "01", "40"] {
        let set = KeySet::decode(&super::hex(set), &Profile::LENIENT).map(|_| ());
        assert_eq!(set.unwrap_err().rule(), Some(Rule::KeySet.to_ref()));
    }
}

#[test]
fn c44_the_identity_is_of_the_key_that_verified() {
    let (own, other) = (signer(1), signer(2));
    let message = message(&own, b"kid");
    let keys = [encode(&own.public_key(), b"kid"), encode(&other.public_key(), b"kid")];
    let verified = Ok(identity(&own.public_key()));
    assert_eq!(verify(&message, &keys), verified);
    let [first, second] = keys;
    assert_eq!(verify(&message, &[second.clone(), first]), verified);
    let refused = verify(&message, &[second]);
    let invalid = Verification::InvalidSignature { tried: 1 };
    assert_eq!(refused, Err(Error::from(invalid)));
    let elsewhere = verify(&message, &[encode(&own.public_key(), b"other")]);
    assert_eq!(elsewhere, Err(Error::from(Policy::NotEnrolled { tried: 0 })));
}
