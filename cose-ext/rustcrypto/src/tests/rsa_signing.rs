//! Signing with RSA: what is made verifies, and what is no key is refused.

use std::{format, vec, vec::Vec};

use super::{Counter, MESSAGE, broken_feed, feed};
use crate::{RsaSigningKey, RsaVerifyingKey};
use cose_crypto::{
    Algorithm, BufferTooShort, InvalidKey, KeyMaterial, PrivateKey, PrivateKeyMaterial, SignError,
    SignatureVerifier, Signer, StreamSigner, VerifyError,
};

const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
];

fn material(numbers: [&[u8]; 8]) -> PrivateKeyMaterial<'_> {
    let [n, e, d, p, q, dp, dq, qi] = numbers;
    PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi }
}

fn key() -> PrivateKey<'static> {
    PrivateKey { material: material(testkit::rsa::numbers()), public: None, algorithm: None }
}

fn signing(algorithm: Algorithm) -> RsaSigningKey {
    RsaSigningKey::from_private_key(&key()).unwrap().with_algorithm(algorithm).unwrap()
}

fn sign(signer: &dyn Signer) -> Vec<u8> {
    let mut signature = vec![0; signer.signature_len()];
    assert_eq!(signer.sign(MESSAGE, &mut signature), Ok(256));
    signature
}

#[test]
fn every_algorithm_signs_what_verifies_under_it_alone() {
    for algorithm in ALGORITHMS {
        let signer = signing(algorithm);
        assert_eq!((signer.algorithm(), signer.signature_len()), (algorithm, 256));
        let signature = sign(&signer);
        let verifying = signer.verifying_key();
        for other in ALGORITHMS {
            let expected =
                if other == algorithm { Ok(()) } else { Err(VerifyError::InvalidSignature) };
            assert_eq!(verifying.verify(other, MESSAGE, &signature), expected, "{other}");
        }
        // One message, one signature; another message, another.
        assert_eq!(sign(&signer), signature);
        let mut other = vec![0; 256];
        signer.sign(&[b"another message"], &mut other).unwrap();
        assert_ne!(other, signature);
    }
}

#[test]
fn a_stream_is_signed_as_the_whole_is() {
    for algorithm in ALGORITHMS {
        let signer = signing(algorithm);
        let mut signature = vec![0; 256];
        assert_eq!(signer.sign_stream(&mut feed, &mut signature), Ok(256));
        assert_eq!(signature, sign(&signer));
        let broken = signer.sign_stream(&mut broken_feed, &mut signature);
        assert_eq!(broken, Err(SignError::Interrupted));
    }
}

#[test]
fn fresh_randomness_makes_signatures_of_pss_differ() {
    let mut random = Counter(1);
    for algorithm in ALGORITHMS {
        let key = signing(algorithm);
        let is_pss = [Algorithm::PS256, Algorithm::PS384, Algorithm::PS512].contains(&algorithm);
        let verifying = key.verifying_key();
        let signer = key.randomized(&mut random);
        let mut streamed = vec![0; 256];
        signer.sign_stream(&mut feed, &mut streamed).unwrap();
        let signatures = [sign(&signer), sign(&signer), sign(&key), streamed];
        for (at, signature) in signatures.iter().enumerate() {
            assert_eq!(verifying.verify(algorithm, MESSAGE, signature), Ok(()));
            for other in &signatures[at + 1..] {
                assert_eq!(signature != other, is_pss, "{algorithm}");
            }
        }
    }
}

#[test]
fn the_algorithm_is_that_of_the_key_or_ps256() {
    assert_eq!(RsaSigningKey::from_private_key(&key()).unwrap().algorithm(), Algorithm::PS256);
    let stated = PrivateKey { algorithm: Some(Algorithm::PS384), ..key() };
    let signer = RsaSigningKey::from_private_key(&stated).unwrap();
    assert_eq!(signer.algorithm(), Algorithm::PS384);
    for other in [Algorithm::ES256, Algorithm::RSAES_OAEP_SHA_256] {
        let stated = PrivateKey { algorithm: Some(other), ..key() };
        assert_eq!(RsaSigningKey::from_private_key(&stated).err(), Some(InvalidKey::Unsupported));
        let renamed = signing(Algorithm::PS512).with_algorithm(other);
        assert_eq!(renamed.err(), Some(InvalidKey::Unsupported));
    }
    let material = PrivateKeyMaterial::Akp { seed: &[7; 32] };
    let other_type = PrivateKey { material, public: None, algorithm: None };
    assert_eq!(RsaSigningKey::from_private_key(&other_type).err(), Some(InvalidKey::Unsupported));
}

#[test]
fn c24_numbers_that_do_not_belong_together_are_no_key() {
    let own = testkit::rsa::numbers();
    for at in 0..own.len() {
        for altered in [
            own[at].iter().map(|byte| byte ^ 2).collect::<Vec<u8>>(),
            own[at][..own[at].len() - 1].to_vec(),
            Vec::new(),
            vec![0xff; 1025],
        ] {
            let mut numbers = own;
            numbers[at] = &altered;
            let key = PrivateKey { material: material(numbers), public: None, algorithm: None };
            let parsed = RsaSigningKey::from_private_key(&key);
            assert_eq!(parsed.err(), Some(InvalidKey::Malformed), "number {at}");
        }
    }
    // The primes change places, and their exponents do not.
    let [n, e, d, p, q, dp, dq, qi] = own;
    let key = PrivateKey { material: material([n, e, d, q, p, dp, dq, qi]), ..key() };
    assert_eq!(RsaSigningKey::from_private_key(&key).err(), Some(InvalidKey::Malformed));
}

#[test]
fn a_public_part_is_that_of_the_key() {
    let [n, e, ..] = testkit::rsa::numbers();
    let with = |public| PrivateKey { public: Some(public), ..key() };
    assert!(RsaSigningKey::from_private_key(&with(KeyMaterial::Rsa { n, e })).is_ok());
    for other in [KeyMaterial::Rsa { n, e: &[3] }, KeyMaterial::Akp { public: n }] {
        let parsed = RsaSigningKey::from_private_key(&with(other));
        assert_eq!(parsed.err(), Some(InvalidKey::Malformed));
    }
}

#[test]
fn what_is_stored_is_read_again() {
    let signer = signing(Algorithm::PS256);
    let mut calls = 0;
    signer.with_private_key(&mut |stored| {
        calls += 1;
        let PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi } = stored.material else {
            panic!("another key type")
        };
        assert_eq!([n, e, d, p, q, dp, dq, qi], testkit::rsa::numbers());
        let again = RsaSigningKey::from_private_key(stored).unwrap();
        assert_eq!(sign(&again), sign(&signer));
    });
    assert_eq!(calls, 1);
}

#[test]
fn a_generated_key_signs_and_has_the_length_asked_for() {
    let mut random = testkit::rng::seeded(7);
    let signer = RsaSigningKey::generate(2048, &mut random).unwrap();
    let signature = sign(&signer);
    assert_eq!(signer.verifying_key().verify(Algorithm::PS256, MESSAGE, &signature), Ok(()));
    for bits in [0, 1024, 2047, 8193] {
        let refused = RsaSigningKey::generate(bits, &mut random).err();
        assert_eq!(refused, Some(InvalidKey::Malformed));
    }
}

#[test]
fn a_buffer_that_is_too_short_stays_as_it_was() {
    let signer = signing(Algorithm::PS256);
    let mut short = [0xaa; 255];
    let expected = Err(SignError::BufferTooShort(BufferTooShort { needed: 256 }));
    assert_eq!(signer.sign(MESSAGE, &mut short), expected);
    assert_eq!(signer.sign_stream(&mut feed, &mut short), expected);
    assert_eq!(short, [0xaa; 255]);
}

#[test]
fn nothing_of_a_key_is_printed() {
    let signer = signing(Algorithm::PS256);
    assert_eq!(format!("{signer:?}"), "RsaSigningKey { .. }");
    let mut random = Counter(1);
    assert_eq!(format!("{:?}", signer.randomized(&mut random)), "RandomizedRsaSigner { .. }");
    let _: RsaVerifyingKey = signer.verifying_key();
}
