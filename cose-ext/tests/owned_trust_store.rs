//! A store that owns its keys, and readers.

use std::io::{self, Read};
use std::sync::Arc;

use cose_ext::crypto::Algorithm;
use cose_ext::error::{Error, ErrorKind, Policy, Verification};
use cose_ext::key::{CoseKeyEncoder, KeySet, OwnedTrustStore, OwnedTrustedKey};
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::{
    Content, Context, Digest, Input, IssuerBinding, MapBuilder, Profile, Sign1, Signed, Stream,
    Supplied, feed_from, sign1::Sign1Builder,
};

fn signer(seed: u8) -> P256SigningKey {
    P256SigningKey::from_bytes(&[seed; 32]).unwrap()
}

fn enrolled(seed: u8) -> OwnedTrustedKey {
    let public = signer(seed).public_key();
    OwnedTrustedKey::new(public.as_public_key(), &Context::new(&RustCrypto)).unwrap()
}

fn message(seed: u8, key_id: &[u8], issuer: &str) -> Vec<u8> {
    Sign1Builder::new()
        .key_id(key_id)
        .cwt_claims(&MapBuilder::new().with(1, issuer))
        .sign(Content::Embedded(b"payload"), &signer(seed))
        .unwrap()
}

fn verify(message: &[u8], store: &OwnedTrustStore) -> Result<IssuerBinding, Error> {
    let context = Context::new(&RustCrypto);
    let message = Sign1::decode(message, &Profile::LENIENT)?;
    Ok(message.verify(&Input::embedded(), store, &context)?.by().issuer())
}

#[test]
fn c93_a_store_answers_as_its_keys_do_and_is_shared_by_threads() {
    let mut store = OwnedTrustStore::new();
    store.add(enrolled(7).with_key_id(b"7").for_issuer("a"));
    store.extend([enrolled(8).with_key_id(b"8")]);
    let store = Arc::new(store);
    let judge = |seed: u8, key_id: &'static [u8], issuer: &'static str| {
        let store = Arc::clone(&store);
        let verdict = move || verify(&message(seed, key_id, issuer), &store);
        std::thread::spawn(verdict).join().unwrap()
    };
    assert_eq!(judge(7, b"7", "a"), Ok(IssuerBinding::Checked));
    assert_eq!(judge(8, b"8", "b"), Ok(IssuerBinding::NotBound));
    let not_enrolled = Err(ErrorKind::from(Policy::NotEnrolled { tried: 0 }));
    assert_eq!(judge(7, b"7", "b").map_err(|error| error.kind()), not_enrolled);
    assert_eq!(judge(7, b"9", "a").map_err(|error| error.kind()), not_enrolled);
    let invalid = Err(ErrorKind::from(Verification::InvalidSignature { tried: 1 }));
    assert_eq!(judge(8, b"7", "a").map_err(|error| error.kind()), invalid);
    assert_eq!(format!("{:?}", store.keys()).matches("TrustedKey").count(), 2);
}

#[test]
fn c25_keys_of_sets_keep_their_kids_and_bad_ones_are_left_out() {
    let context = Context::new(&RustCrypto);
    let (one, two) = (signer(7).public_key(), signer(8).public_key());
    let encoder = |key: &cose_ext::crypto::Ec2PublicKey<32>, key_id: &'static [u8]| {
        CoseKeyEncoder::new(key.as_public_key()).unwrap().with_key_id(key_id).to_vec()
    };
    let bad = b"\xa1\x01\x02".to_vec();
    let set = [b"\x83".to_vec(), encoder(&one, b"7"), bad, encoder(&two, b"8")].concat();
    let keys =
        OwnedTrustedKey::from_key_set(&KeySet::decode(&set, &Profile::LENIENT).unwrap(), &context);
    assert_eq!(keys.len(), 2);
    let issued = keys.into_iter().map(|key| key.for_issuer("a"));
    let store: OwnedTrustStore = issued.collect();
    assert_eq!(verify(&message(8, b"8", "a"), &store), Ok(IssuerBinding::Checked));
    assert!(verify(&message(8, b"7", "a"), &store).is_err());
}

#[cfg(feature = "pem")]
#[test]
fn c96_keys_come_from_pem() {
    let public = signer(7).public_key();
    let pem = cose_ext::key::Pem::encode_public(&public.as_public_key()).unwrap();
    let context = Context::new(&RustCrypto);
    let key = OwnedTrustedKey::from_pem(pem.as_bytes(), &context).unwrap();
    let store: OwnedTrustStore = [key].into_iter().collect();
    assert_eq!(verify(&message(7, b"7", "a"), &store), Ok(IssuerBinding::NotBound));
    assert!(OwnedTrustedKey::from_pem(b"no pem", &context).is_err());
}

#[cfg(feature = "jwk")]
#[test]
fn c97_keys_come_from_jwk_sets() {
    let json = br#"{"keys":[{"kty":"EC"},
        {"kty":"EC","crv":"P-256","kid":"11","x":"usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
         "y":"IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4"}]}"#;
    let set = cose_ext::key::JwkSet::decode(json).unwrap();
    let keys = OwnedTrustedKey::from_jwk_set(&set, &Context::new(&RustCrypto));
    let [key] = &keys[..] else { panic!("one key of two") };
    assert_eq!(key.as_trusted_key().key_id(), Some(&b"11"[..]));
}

/// Hands over a few bytes at a time, and then stops or breaks.
struct Drops<'d>(&'d [u8], bool);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() && self.1 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let (front, rest) = self.0.split_at(self.0.len().min(5).min(buffer.len()));
        buffer[..front.len()].copy_from_slice(front);
        self.0 = rest;
        Ok(front.len())
    }
}

#[test]
fn c41_a_signed_digest_vouches_for_a_reader() {
    use sha2::Digest as _;
    let context = Context::new(&RustCrypto);
    let preimage = vec![0x5a; 20_000];
    let digest = sha2::Sha256::digest(&preimage);
    let message = Sign1Builder::new().sign(Content::Embedded(&digest), &signer(7)).unwrap();
    let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
    let store: OwnedTrustStore = [enrolled(7)].into_iter().collect();
    let signed = message.verify(&Input::embedded(), &store, &context).unwrap();
    let read = |signed: Signed<'_, '_>| -> Result<_, Error> { Ok(signed.payload().len()) };
    assert_eq!(signed.try_map(read).map(|len| *len.value()), Ok(32));
    let digest = signed.try_map(|signed| Digest::new(Algorithm::SHA256, signed.payload())).unwrap();
    let vouched = digest.vouch_for_reader(&mut Drops(&preimage, false), &context).unwrap();
    assert_eq!(*vouched.value(), 20_000);
    let other = digest.vouch_for_reader(&mut Drops(&preimage[1..], false), &context).unwrap_err();
    let inner = other.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    assert_eq!(inner, Some(&Verification::DigestMismatch.into()));
    let broken = digest.vouch_for_reader(&mut Drops(&preimage, true), &context).unwrap_err();
    assert_eq!(broken.kind(), io::ErrorKind::ConnectionReset);
}

#[test]
fn c20_a_detached_payload_is_read() {
    let context = Context::new(&RustCrypto);
    let payload = vec![0x5a; 20_000];
    let message = Sign1Builder::new().sign(Content::Detached(&payload), &signer(7)).unwrap();
    let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
    let store: OwnedTrustStore = [enrolled(7)].into_iter().collect();
    let verify = |payload: &[u8], breaks: bool| {
        let (mut reader, mut fault) = (Drops(payload, breaks), None);
        let verdict = {
            let mut feed = feed_from(&mut reader, &mut fault);
            let mut stream = Stream::new(20_000, &mut feed);
            message.verify_stream(&mut stream, &Supplied::NOTHING, &store, &context).map(|_| ())
        };
        (verdict, fault.map(|fault| fault.kind()))
    };
    assert_eq!(verify(&payload, false), (Ok(()), None));
    let interrupted = Err(Verification::Interrupted.into());
    assert_eq!(verify(&payload[1..], false), (interrupted, None));
    assert_eq!(verify(&payload, true), (interrupted, Some(io::ErrorKind::ConnectionReset)));
}
