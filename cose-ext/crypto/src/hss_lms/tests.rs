//! Known answers and refusals of HSS/LMS (RFC 8554, appendix F).

mod reference;
mod rfc8554;

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    vec,
    vec::Vec,
};

use super::HssLmsVerifyingKey;
use crate::{
    Algorithm, AlgorithmPolicy, Feed, HashFunction, HashValue, Interrupted, InvalidKey,
    KeyMaterial, PublicKey, SignatureVerifier, VerifyError,
};
use reference::{Signer, Tree};
use sha2::Digest;

/// SHA-256 for the seam.
struct Sha256;

impl HashFunction for Sha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        <[u8; 32]>::from(sha2::Sha256::digest(message.concat())).into()
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        let mut message = Vec::new();
        feed(&mut |piece| message.extend_from_slice(piece))?;
        Ok(self.hash(&[&message]))
    }
}

const INVALID: Result<(), VerifyError> = Err(VerifyError::InvalidSignature);

fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text).unwrap()
}

fn hss(public: &[u8]) -> PublicKey<'_> {
    PublicKey { material: KeyMaterial::HssLms { public }, algorithm: None }
}

fn verify(public: &[u8], message: &[&[u8]], signature: &[u8]) -> Result<(), VerifyError> {
    let key = HssLmsVerifyingKey::from_public_key(&hss(public), &Sha256).unwrap();
    key.verify(Algorithm::HSS_LMS, message, signature)
}

fn parse(public: &[u8]) -> Result<(), InvalidKey> {
    HssLmsVerifyingKey::from_public_key(&hss(public), &Sha256).map(|_| ())
}

#[test]
fn the_test_cases_of_rfc8554_verify() {
    for (key, message, signature) in [
        (rfc8554::KEY_1, rfc8554::MESSAGE_1, rfc8554::SIGNATURE_1),
        (rfc8554::KEY_2, rfc8554::MESSAGE_2, rfc8554::SIGNATURE_2),
    ] {
        let (public, message, signature) = (hex(key), hex(message), hex(signature));
        let (front, back) = message.split_at(50);
        assert_eq!(verify(&public, &[&message], &signature), Ok(()));
        assert_eq!(verify(&public, &[front, &[], back], &signature), Ok(()));
        let key = HssLmsVerifyingKey::from_public_key(&hss(&public), &Sha256).unwrap();
        assert!(AlgorithmPolicy::STANDARD.permits(Algorithm::HSS_LMS, &key.profile()));
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            message.chunks(7).for_each(sink);
            Ok(())
        };
        assert_eq!(key.verify_stream(Algorithm::HSS_LMS, &mut feed, &signature), Ok(()));
        let prehash = key.verify_prehash(Algorithm::HSS_LMS, &[0; 32], &signature);
        assert_eq!(prehash, Err(VerifyError::Unsupported));
        assert_eq!(verify(&public, &[front], &signature), INVALID);
        for other in [Algorithm::ES256, Algorithm::ML_DSA_44] {
            let verdict = key.verify(other, &[&message], &signature);
            assert_eq!(verdict, Err(VerifyError::Unsupported));
        }
    }
}

#[test]
fn a_message_that_breaks_off_is_interrupted() {
    let (public, signature) = (hex(rfc8554::KEY_1), hex(rfc8554::SIGNATURE_1));
    let key = HssLmsVerifyingKey::from_public_key(&hss(&public), &Sha256).unwrap();
    let mut broken = |sink: &mut dyn FnMut(&[u8])| {
        sink(b"The powers");
        Err(Interrupted)
    };
    let verdict = key.verify_stream(Algorithm::HSS_LMS, &mut broken, &signature);
    assert_eq!(verdict, Err(VerifyError::Interrupted));
}

/// Every part counts: I, q, C, chains, paths, type codes and counts of both levels.
#[test]
fn any_changed_byte_is_refused() {
    let public = hex(rfc8554::KEY_1);
    let message = hex(rfc8554::MESSAGE_1);
    let mut signature = hex(rfc8554::SIGNATURE_1);
    // All of the heads; of each hash value some byte.
    for at in (0..80).chain((80..signature.len()).step_by(29)) {
        signature[at] ^= 0x10;
        assert_eq!(verify(&public, &[&message], &signature), INVALID, "byte {at}");
        signature[at] ^= 0x10;
    }
    // The type codes and the number of levels have tests of their own.
    for at in 12..public.len() {
        let mut changed = public.clone();
        changed[at] ^= 1;
        assert_eq!(verify(&changed, &[&message], &signature), INVALID, "byte {at} of the key");
    }
}

#[test]
fn c65_a_signature_is_exactly_as_long_as_its_codes_say() {
    let (public, message) = (hex(rfc8554::KEY_2), hex(rfc8554::MESSAGE_2));
    let signature = hex(rfc8554::SIGNATURE_2);
    for len in 0..signature.len() {
        assert_eq!(verify(&public, &[&message], &signature[..len]), INVALID, "{len} bytes");
    }
    let longer = [&signature[..], &[0]].concat();
    assert_eq!(verify(&public, &[&message], &longer), INVALID);
    // One level more or less than the key says; type codes of other sets, and of none.
    for levels in [0_u32, 2, 7, u32::MAX] {
        let other = [&levels.to_be_bytes(), &signature[4..]].concat();
        assert_eq!(verify(&public, &[&message], &other), INVALID);
    }
    let path_code = 4 + 4 + 4 + 32 + 67 * 32;
    assert_eq!(signature[path_code..path_code + 4], [0, 0, 0, 6]);
    for at in [8, path_code] {
        for code in [0_u8, 1, 2, 4, 5, 7, 8, 9, 10, 0xff] {
            let mut other = signature.clone();
            if other[at + 3] != code {
                other[at + 3] = code;
                assert_eq!(verify(&public, &[&message], &other), INVALID);
            }
        }
    }
}

#[test]
fn c65_a_key_has_one_to_eight_levels_and_known_sets() {
    struct Other;
    impl HashFunction for Other {
        fn algorithm(&self) -> Algorithm {
            Algorithm::SHAKE128
        }
        fn hash(&self, message: &[&[u8]]) -> HashValue {
            Sha256.hash(message)
        }
        fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
            Sha256.hash_stream(feed)
        }
    }
    let public = hex(rfc8554::KEY_1);
    let with = |at: usize, value: u32| {
        let mut key = public.clone();
        key[at..at + 4].copy_from_slice(&value.to_be_bytes());
        parse(&key)
    };
    for levels in [0, 9, 0x0100_0002, u32::MAX] {
        assert_eq!(with(0, levels), Err(InvalidKey::Malformed));
    }
    assert!((1..=8).all(|levels| with(0, levels) == Ok(())));
    // RFC 9858 has 10 to 24 and 5 to 16.
    for lms in [0, 4, 10, 15, 24, u32::MAX] {
        assert_eq!(with(4, lms), Err(InvalidKey::Unsupported));
    }
    assert!((5..=9).all(|lms| with(4, lms) == Ok(())));
    for ots in [0, 5, 8, 16, u32::MAX] {
        assert_eq!(with(8, ots), Err(InvalidKey::Unsupported));
    }
    assert!((1..=4).all(|ots| with(8, ots) == Ok(())));
    for len in 0..60 {
        assert_eq!(parse(&public[..len]), Err(InvalidKey::Malformed), "{len} bytes");
    }
    assert_eq!(parse(&[&public[..], &[0]].concat()), Err(InvalidKey::Malformed));
    let okp = KeyMaterial::Akp { public: &public };
    let other = PublicKey { material: okp, algorithm: Some(Algorithm::HSS_LMS) };
    let refused = HssLmsVerifyingKey::from_public_key(&other, &Sha256).map(|_| ());
    assert_eq!(refused, Err(InvalidKey::Unsupported));
    let refused = HssLmsVerifyingKey::from_public_key(&hss(&public), &Other).map(|_| ());
    assert_eq!(refused, Err(InvalidKey::Unsupported));
}

/// Widths that the RFC has no test case for, and depths. The digests are of signatures that
/// pyhsslms made from the same seeds.
#[test]
fn every_width_and_depth_verifies() {
    let digests = [
        "ec1d1e597e4c7d26ec94d5578d9facd1e9b929247f61fccae1c85c43c7e04739",
        "b425b7405420f54e9c857fdb13a95d719c577ff94e04009425026184daaedae6",
        "a7af22f4107ad7d92f7b1928ff0d38b830602b978753bc6d44474505f63db94b",
        "c9b4ac749cbe9c36924111fc6aec8451cb1574fdb7f38bf06d44af8739dd85b3",
    ];
    for (width, digest) in (1..).zip(digests) {
        let signer = Signer::new(vec![Tree::new(5, width, 1)]);
        let signature = signer.sign(&[3], b"width");
        assert_eq!(::hex::encode(Sha256.hash(&[&signature])), digest);
        assert_eq!(verify(&signer.public(), &[b"wi", b"dth"], &signature), Ok(()), "{width}");
        assert_eq!(verify(&signer.public(), &[b"Width"], &signature), INVALID);
        for at in (0..signature.len()).step_by(211) {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert_eq!(verify(&signer.public(), &[b"width"], &changed), INVALID, "{width}: {at}");
        }
    }
    let signer = Signer::new(vec![Tree::new(5, 3, 9)]);
    for leaf in 0..32 {
        assert_eq!(verify(&signer.public(), &[b"leaf"], &signer.sign(&[leaf], b"leaf")), Ok(()));
    }
    let deepest = Signer::new((1..=8).map(|seed| Tree::new(5, 3, seed)).collect());
    let signature = deepest.sign(&[0, 31, 1, 30, 2, 29, 3, 28], b"deep");
    assert_eq!(verify(&deepest.public(), &[b"deep"], &signature), Ok(()));
    assert_eq!(verify(&deepest.public(), &[b"deeper"], &signature), INVALID);
    let taller = Signer::new(vec![Tree::new(6, 3, 5), Tree::new(5, 4, 6)]);
    let signature = taller.sign(&[1023, 0], b"tall");
    assert_eq!(verify(&taller.public(), &[b"tall"], &signature), Ok(()));
}

/// A leaf beyond the tree is none, though its number would lead to some node.
#[test]
fn a_leaf_is_one_of_the_tree() {
    let signer = Signer::new(vec![Tree::new(5, 4, 1)]);
    let mut signature = signer.sign(&[0], b"leaf");
    for leaf in [32_u32, 64, 1 << 31, u32::MAX] {
        signature[4..8].copy_from_slice(&leaf.to_be_bytes());
        assert_eq!(verify(&signer.public(), &[b"leaf"], &signature), INVALID);
    }
}

/// A signed key of a set that is not done here leaves the verdict open.
#[test]
fn a_lower_key_of_another_set_is_unsupported_once_it_is_signed() {
    let signer = Signer::new(vec![Tree::new(5, 4, 1), Tree::new(5, 4, 2)]);
    let mut below = signer.lower_key(1);
    below[3] = 15; // LMS_SHAKE_M32_H5, as long
    let signature = signer.sign_with_lower_key(&[0, 0], b"x", &below);
    let verdict = verify(&signer.public(), &[b"x"], &signature);
    assert_eq!(verdict, Err(VerifyError::Unsupported));
    below[3] = 16; // not what was signed
    let mut changed = signature;
    let at = 4 + 4 + 4 + 32 + 34 * 32 + 4 + 5 * 32;
    changed[at..at + 56].copy_from_slice(&below);
    assert_eq!(verify(&signer.public(), &[b"x"], &changed), INVALID);
}

/// One digest at a time, as of a device with one engine; and how many there are.
struct Engine {
    busy: AtomicBool,
    digests: AtomicUsize,
}

impl HashFunction for Engine {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        assert!(!self.busy.load(Relaxed), "two digests at once");
        self.digests.fetch_add(1, Relaxed);
        Sha256.hash(message)
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        assert!(!self.busy.swap(true, Relaxed), "two digests at once");
        self.digests.fetch_add(1, Relaxed);
        let digest = Sha256.hash_stream(feed);
        self.busy.store(false, Relaxed);
        digest
    }
}

#[test]
fn a_device_with_one_engine_will_do_and_its_work_is_bounded() {
    let engine = Engine { busy: AtomicBool::new(false), digests: AtomicUsize::new(0) };
    let signer = Signer::new(vec![Tree::new(5, 4, 1), Tree::new(5, 4, 2)]);
    let (public, signature) = (signer.public(), signer.sign(&[7, 8], b"x"));
    let key = HssLmsVerifyingKey::from_public_key(&hss(&public), &engine).unwrap();
    assert_eq!(key.verify(Algorithm::HSS_LMS, &[b"x"], &signature), Ok(()));
    let most = 2 * (1 + 34 * 255 + 1 + 1 + 5);
    let digests = engine.digests.load(Relaxed);
    assert!((40..=most).contains(&digests), "{digests}");
}

/// A function that does not keep to its length proves nothing, and breaks nothing.
#[test]
fn a_digest_of_another_length_verifies_nothing() {
    struct Short;
    impl HashFunction for Short {
        fn algorithm(&self) -> Algorithm {
            Algorithm::SHA256
        }
        fn hash(&self, _: &[&[u8]]) -> HashValue {
            HashValue::from([0; 20])
        }
        fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
            feed(&mut |_| ())?;
            Ok(HashValue::from([0; 20]))
        }
    }
    let public = hex(rfc8554::KEY_1);
    let key = HssLmsVerifyingKey::from_public_key(&hss(&public), &Short).unwrap();
    let verdict = key.verify(Algorithm::HSS_LMS, &[], &hex(rfc8554::SIGNATURE_1));
    assert_eq!(verdict, INVALID);
}

proptest::proptest! {
    /// Whatever the bytes, there is an answer, and it is no.
    #[test]
    fn bytes_that_nobody_made_verify_nothing(
        key in proptest::collection::vec(0_u8..12, 0..64),
        signature in proptest::collection::vec(proptest::num::u8::ANY, 0..9000),
        levels in 0_u8..10,
        codes in (4_u8..11, 0_u8..6),
    ) {
        let mut public = hex(rfc8554::KEY_1);
        (public[3], public[7], public[11]) = (levels, codes.0, codes.1);
        for public in [public, key] {
            if let Ok(key) = HssLmsVerifyingKey::from_public_key(&hss(&public), &Sha256) {
                // With the head that such a key asks for, so that more than the head is read.
                let head = [0, 0, 0, public[3] - 1, 0, 0, 0, 0, 0, 0, 0, public[11]];
                let signed = [&head[..], &signature].concat();
                proptest::prop_assert!(key.verify(Algorithm::HSS_LMS, &[b"x"], &signed).is_err());
            }
        }
    }
}
