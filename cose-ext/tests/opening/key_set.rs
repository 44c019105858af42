//! Key sets whose secrets are held: which key opens, and who that is.

use cose_ext::crypto::{Algorithm, Curve, KeyOperation, KeyOperations, PrivateKey, SymmetricKey};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::error::{Error, ErrorKind, Policy};
use cose_ext::key::{
    CoseKey, CoseKeyEncoder, Identity, KeySet, SecretKeyEncoder, SecretKeySetEncoder,
    SecretResolver, Thumbprint,
};
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::RecipientBuilder;
use cose_ext::recipient::Sealer;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Content, Encrypt, Input, Mac0, Profile, Rule};
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::{KEY_32, SHARED, context, h, private, public, symmetric};

const PAYLOAD: &[u8] = b"shared";

fn message(key_id: Option<&[u8]>) -> Vec<u8> {
    let builder = Mac0Builder::new();
    let builder = match key_id {
        Some(key_id) => builder.key_id(key_id),
        None => builder,
    };
    let content = Content::Embedded(PAYLOAD);
    builder.authenticate(Algorithm::HMAC_256, content, &symmetric(&KEY_32)).unwrap()
}

fn key(k: &'static [u8]) -> SecretKeyEncoder<'static> {
    SecretKeyEncoder::symmetric(SymmetricKey { k, algorithm: None })
}

fn set(keys: &[SecretKeyEncoder<'_>]) -> Vec<u8> {
    SecretKeySetEncoder::new(keys).unwrap().to_vec().to_vec()
}

fn verify(message: &[u8], keys: &dyn SecretResolver) -> Result<Identity, Error> {
    let message = Mac0::decode_tagged(message, &Profile::LENIENT)?;
    let verified = message.verify(&Input::embedded(), keys, &context())?;
    assert_eq!(verified.value().payload(), PAYLOAD);
    Ok(verified.by().identity())
}

fn by_key_id(message: &[u8], set: &[u8]) -> Result<Identity, Error> {
    let set = KeySet::decode(set, &Profile::LENIENT)?;
    verify(message, &set.held_with(&RustCrypto))
}

const NOBODY: Result<Identity, Error> =
    Err(Error::new(ErrorKind::Policy(Policy::NotEnrolled { tried: 0 })));

#[test]
fn c25_a_secret_of_a_set_is_known_by_its_kid() {
    let (alice, bob) = (key(&KEY_32).with_key_id(b"alice"), key(&[7; 32]).with_key_id(b"bob"));
    let identity = Identity::of_key_id(b"alice", &RustCrypto).unwrap();
    for keys in [[alice, bob], [bob, alice]] {
        for key_id in [Some(&b"alice"[..]), None] {
            assert_eq!(by_key_id(&message(key_id), &set(&keys)), Ok(identity));
        }
        breaks(Rule::MacTag, by_key_id(&message(Some(b"bob")), &set(&keys)));
        assert_eq!(by_key_id(&message(Some(b"carol")), &set(&keys)), NOBODY);
    }
    // Not by the secret: another key under the same kid is the same one.
    let rotated = set(&[key(&KEY_32).with_key_id(b"alice")]);
    assert_eq!(by_key_id(&message(None), &rotated), Ok(identity));
}

#[test]
fn c25_a_kid_that_is_missing_or_shared_names_nobody() {
    let nameless = set(&[key(&KEY_32)]);
    assert_eq!(by_key_id(&message(None), &nameless), NOBODY);
    assert_eq!(by_key_id(&message(Some(b"alice")), &nameless), NOBODY);
    let two = set(&[key(&KEY_32).with_key_id(b"1"), key(&[7; 32]).with_key_id(b"1")]);
    for key_id in [Some(&b"1"[..]), None] {
        assert_eq!(by_key_id(&message(key_id), &two), NOBODY);
    }
    // Whoever knows better says so.
    for bytes in [nameless, two] {
        let set = KeySet::decode(&bytes, &Profile::LENIENT).unwrap();
        let shared = |_: &CoseKey<'_>| Some(SHARED);
        let store = set.held_with(&RustCrypto).identified_by(&shared);
        assert_eq!(verify(&message(None), &store), Ok(SHARED));
        let nobody = |_: &CoseKey<'_>| None;
        let store = set.held_with(&RustCrypto).identified_by(&nobody);
        assert_eq!(verify(&message(None), &store), NOBODY);
    }
}

#[test]
fn c25_no_kid_makes_the_identity_of_a_public_key() {
    let private = private(Curve::P256, 5);
    let public = public(&private);
    let thumbprint = Thumbprint::of(&public.as_public_key(), &RustCrypto).unwrap();
    let mut input = Vec::new();
    let of = &public.as_public_key();
    cose_ext::key::with_thumbprint_input(of, &mut |parts| input = parts.concat()).unwrap();
    let identity = Identity::of_key_id(&input, &RustCrypto).unwrap();
    assert_ne!(identity, Identity::from(thumbprint));
    // SHA-256 over 82 63 "kid" 43 "abc", by another implementation.
    let known = "06729036e30a6ca32b70b58a5ce5a08aeb5e03b4413b2850ecf1c5b6b9fdef08";
    assert_eq!(Identity::of_key_id(b"abc", &RustCrypto).unwrap().to_string(), known);
}

#[test]
fn c25_bad_and_other_keys_do_not_spoil_the_secrets() {
    let good = key(&KEY_32).with_key_id(b"k").to_vec();
    let identity = Identity::of_key_id(b"k", &RustCrypto).unwrap();
    for bad in [
        "00",
        "a0",
        "a1 01 1903e7",
        "a2 01 63666f6f 02 416b",
        "a1 01 04",
        "a2 01 04 20 63616263",
        "a3 01 01 20 06 21 4101",
        "a2 01 05 20 4101",
        "a3 01 04 02 63616263 20 4101",
        "a2 02 6161 01 04",
        "a3 01 04 02 416c 20 4107",
        "a2 01 1903e7 02 416b",
    ] {
        let bad = h(bad);
        for keys in [[&bad[..], &good], [&good, &bad]] {
            let set = [&[0x82], &keys.concat()[..]].concat();
            let verdict = by_key_id(&message(Some(b"k")), &set);
            assert_eq!(verdict, Ok(identity), "{}", hex::encode(&bad));
        }
    }
}

#[test]
fn c23_a_secret_of_a_set_does_what_it_states() {
    let operations = KeyOperations::NONE.and(KeyOperation::MacCreate);
    let creates = key(&KEY_32).with_key_id(b"k").with_operations(operations).unwrap();
    let refused = by_key_id(&message(Some(b"k")), &set(&[creates]));
    assert_eq!(refused, Err(Error::from(Policy::KeyOperations)));
    let both = creates.with_operations(operations.and(KeyOperation::MacVerify)).unwrap();
    assert!(by_key_id(&message(Some(b"k")), &set(&[both])).is_ok());
    let other = SymmetricKey { k: &KEY_32, algorithm: Some(Algorithm::A256GCM) };
    let other = SecretKeyEncoder::symmetric(other).with_key_id(b"k");
    breaks(Rule::KeyAlgorithm, by_key_id(&message(Some(b"k")), &set(&[other])));
}

#[test]
fn c25_a_private_key_of_a_set_agrees_on_secrets() {
    for curve in [Curve::P256, Curve::X25519] {
        let own = private(curve, 5);
        let public = public(&own);
        let material = public.as_public_key();
        let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, material);
        let bytes = EncryptBuilder::new().iv(&[5; 12]).encrypt(
            Algorithm::A128GCM,
            PAYLOAD,
            &[recipient.key_id(b"own")],
            &mut Sealer::new(&RustCrypto, &mut seeded(1)),
        );
        let bytes = bytes.unwrap();
        let key = PrivateKey { public: Some(material.material), ..own };
        let key = SecretKeyEncoder::private(key).unwrap().with_key_id(b"own");
        // The public key of the pair, beside it and under its kid, is no secret.
        let beside = CoseKeyEncoder::new(material).unwrap().with_key_id(b"own");
        let encoded = [&[0x82], &beside.to_vec()[..], &key.to_vec()].concat();
        let set = KeySet::decode(&encoded, &Profile::LENIENT).unwrap();
        let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
        let mut buffer = [0; 64];
        let store = set.held_with(&RustCrypto);
        let opened = message.decrypt(Input::embedded(), &store, &context(), &mut buffer).unwrap();
        assert_eq!(opened.danger_unattributed().payload(), PAYLOAD);
        assert_eq!(opened.key(), Identity::of_key_id(b"own", &RustCrypto).unwrap());
    }
}
