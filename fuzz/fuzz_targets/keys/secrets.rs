//! Private and symmetric keys. What is written is read again as that key, and nothing that prints shows it.

use cose_ext::crypto::Algorithm;
use cose_ext::crypto::{KeyOperation, KeyOperations, PrivateKey, Secret, SymmetricKey};
use cose_ext::key::{
    CoseKey, HeldSecret, Identity, Jwk, JwkEncoder, KeySet, Pem, SecretKeyEncoder,
    SecretKeySetEncoder, SecretStore, pkcs8,
};
use cose_ext::mac0::Mac0Builder;
use cose_ext::{Content, Context, Input, Mac0, Profile};
use fuzz::Accept;

/// A private key in each format that has it.
pub fn private(key: &PrivateKey<'_>) {
    let one = SecretKeyEncoder::private(*key);
    if let Ok(encoder) = one {
        let bytes = encoder.to_vec();
        assert_eq!(encoder.len(), bytes.len());
        let mut out = vec![0; bytes.len()];
        assert_eq!(encoder.encode(&mut out).ok().as_deref(), Some(&bytes[..]));
        assert!(encoder.encode(&mut out[1..]).is_err());
        let again = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).expect("what was written");
        let again = again.private_key().expect("what was written");
        same(&again, &encoder);
        secrecy(&format!("{encoder:?}{key:?}{again:?}"));
        set(encoder);
    }
    if let Ok(encoder) = JwkEncoder::private(*key) {
        let text = encoder.with_key_id("k").encode();
        let again = Jwk::decode(text.as_bytes()).expect("what was written");
        assert_eq!(again.key_id(), Some("k"));
        let again = again.private_key().expect("what was written");
        assert!(one.is_err() || one.is_ok_and(|one| written(&again) == *one.to_vec()));
        secrecy(&format!("{encoder:?}"));
    }
    if let Ok(encoder) = pkcs8::Pkcs8Encoder::new(*key) {
        let mut out = vec![0; encoder.len()];
        assert_eq!(encoder.encode(&mut out).ok().as_deref(), Some(&encoder.to_vec()[..]));
        for with_public_part in [false, true] {
            let part = |encoder: pkcs8::Pkcs8Encoder<'_>| match with_public_part {
                true => encoder.with_public_part().to_vec(),
                false => encoder.to_vec(),
            };
            let bytes = part(encoder);
            let again = pkcs8::decode(&bytes).expect("what was written");
            let again = pkcs8::Pkcs8Encoder::new(again).expect("what was read");
            assert_eq!(*part(again), *bytes);
            secrecy(&format!("{encoder:?}"));
        }
        let text = Pem::encode_private(key).expect("it was written before");
        let pem = Pem::decode(text.as_bytes()).expect("what was written");
        assert!(pem.private_key().is_ok());
        secrecy(&format!("{pem:?}"));
    }
}

fn written(key: &PrivateKey<'_>) -> Vec<u8> {
    SecretKeyEncoder::private(*key).map(|encoder| encoder.to_vec().to_vec()).unwrap_or_default()
}

fn same(key: &PrivateKey<'_>, as_written: &SecretKeyEncoder<'_>) {
    assert_eq!(written(key), *as_written.to_vec());
}

/// No output has bytes of a key: those that print name types, curves and algorithms.
fn secrecy(text: &str) {
    assert!(text.len() < 2000, "{text}");
}

/// The key in a set, for all operations and for one.
fn set(encoder: SecretKeyEncoder<'_>) {
    let signing = KeyOperations::NONE.and(KeyOperation::Sign).and(KeyOperation::DeriveKey);
    let named = encoder.with_key_id(b"one").with_base_iv(&[1, 2]);
    let Ok(second) = named.with_operations(signing) else { return };
    let keys = [encoder, second];
    let Ok(encoder) = SecretKeySetEncoder::new(&keys) else { return };
    let bytes = encoder.to_vec();
    assert_eq!(encoder.len(), bytes.len());
    let mut out = vec![0; bytes.len()];
    assert_eq!(encoder.encode(&mut out).ok().as_deref(), Some(&bytes[..]));
    let set = KeySet::decode(&bytes, &Profile::DETERMINISTIC).expect("what was written");
    assert_eq!(set.iter().flatten().count(), 2);
    let last = set.iter().flatten().last().expect("two keys");
    assert_eq!(last.key_id(), Ok(Some(&b"one"[..])));
    assert_eq!(last.base_iv(), Ok(Some(&[1, 2][..])));
    held(&set);
}

/// A symmetric key in each format, and a message that it authenticates.
pub fn symmetric(key: SymmetricKey<'_>) {
    let encoder = SecretKeyEncoder::symmetric(key);
    let bytes = encoder.to_vec();
    let again = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).expect("what was written");
    assert!(again.symmetric_key().is_ok_and(|again| again.k == key.k));
    set(encoder);
    if let Ok(encoder) = JwkEncoder::symmetric(key) {
        let operations = KeyOperations::NONE.and(KeyOperation::MacVerify);
        let text = encoder.with_operations(operations).encode();
        let again = Jwk::decode(text.as_bytes()).expect("what was written");
        assert!(again.symmetric_key().is_ok_and(|again| again.k == key.k));
        assert!(again.operations().permit(KeyOperation::MacVerify));
        assert!(!again.operations().permit(KeyOperation::Encrypt));
    }
}

/// What a set of keys opens, by its key identifiers and by the caller's choice.
pub fn held(set: &KeySet<'_>) {
    let bytes = message();
    let message = Mac0::decode(&bytes, &Profile::LENIENT).expect("made here");
    let context = Context::new(&Accept::ALL);
    let by_caller = |_: &CoseKey<'_>| Some(Identity::new([5; 32]));
    let store = set.held_with(&Accept::ALL);
    assert!(!format!("{store:?}").is_empty());
    let by_key_id = message.verify(&Input::embedded(), &store, &context).is_ok();
    let store = store.identified_by(&by_caller);
    let by_caller = message.verify(&Input::embedded(), &store, &context);
    assert!(by_caller.is_ok() || !by_key_id, "a name is needed, and nothing else");
    if let Ok(verified) = by_caller {
        assert_eq!(verified.by().identity(), Identity::new([5; 32]));
    }
    for key in set.iter().flatten().take(4) {
        let Ok(secret) = key.secret_key(&Accept::ALL) else { continue };
        let operations = secret.operations();
        let held = HeldSecret::new(secret, Identity::new([6; 32]));
        let device = HeldSecret::device(&secret, Identity::new([7; 32])).for_issuer("i");
        secrecy(&format!("{held:?}{secret:?}"));
        let both = [device.with_key_id(b"other"), held.with_key_id(b"one")];
        let store = SecretStore::new(&both);
        let verified = message.verify(&Input::embedded(), &store, &context);
        assert!(verified.is_err() || operations.permit(KeyOperation::MacVerify), "not its use");
        assert!(
            verified.is_err() || verified.is_ok_and(|it| it.by().identity() == held.identity())
        );
    }
}

fn message() -> Vec<u8> {
    let key = fuzz::symmetric(32);
    let builder = Mac0Builder::new().key_id(b"one");
    let made = builder.authenticate(Algorithm::HMAC_256, Content::Embedded(b"payload"), &key);
    made.expect("every key is good")
}
