//! Known answers of Ed25519 (RFC 8032), and refusals.

use std::format;

use super::{Counter, MESSAGE, broken_feed, feed, hex, parse};
use crate::Ed25519SigningKey;
use cose_crypto::{
    Algorithm, BufferTooShort, Curve, InvalidKey, KeyMaterial, PublicKey, SignError,
    SignatureVerifier, Signer, VerifyError,
};

fn okp(curve: Curve, x: &[u8]) -> PublicKey<'_> {
    PublicKey { material: KeyMaterial::Okp { curve, x }, algorithm: None }
}

#[test]
fn signatures_are_those_of_rfc8032() {
    let key = Ed25519SigningKey::from_bytes(&hex(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    ));
    let key = key.unwrap();
    let public = hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    assert_eq!(key.public_key().x[..], public);
    let mut signature = [0; 64];
    assert_eq!(key.sign(&[&[0xaf], &[], &[0x82]], &mut signature), Ok(64));
    assert_eq!(
        signature[..],
        hex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
    );
    assert_eq!(
        key.sign(&[], &mut [0; 63]),
        Err(SignError::BufferTooShort(BufferTooShort { needed: 64 }))
    );
}

#[test]
fn own_signatures_verify_in_every_form_that_exists() {
    let signer = Ed25519SigningKey::generate(&mut Counter(3));
    let key = signer.verifying_key();
    let mut signature = [0; 64];
    signer.sign(MESSAGE, &mut signature).unwrap();
    for algorithm in [Algorithm::EDDSA, Algorithm::ED25519] {
        assert_eq!(key.verify(algorithm, MESSAGE, &signature), Ok(()));
        assert_eq!(key.verify_stream(algorithm, &mut feed, &signature), Ok(()));
        // Ed25519ph is another algorithm: there is no prehashed form of this one.
        let prehash = key.verify_prehash(algorithm, &[0; 64], &signature);
        assert_eq!(prehash, Err(VerifyError::Unsupported));
    }
    let interrupted = key.verify_stream(Algorithm::EDDSA, &mut broken_feed, &signature);
    assert_eq!(interrupted, Err(VerifyError::Interrupted));
    let other = key.verify(Algorithm::ED448, MESSAGE, &signature);
    assert_eq!(other, Err(VerifyError::Unsupported));
    signature[40] ^= 1;
    let invalid = Err(VerifyError::InvalidSignature);
    assert_eq!(key.verify(Algorithm::EDDSA, MESSAGE, &signature), invalid);
    assert_eq!(key.verify_stream(Algorithm::EDDSA, &mut feed, &signature), invalid);
    assert_eq!(key.verify(Algorithm::EDDSA, MESSAGE, &signature[..63]), invalid);
    assert_eq!(key.verify(Algorithm::EDDSA, MESSAGE, &[]), invalid);
}

#[test]
fn a_signature_has_one_encoding() {
    let signer = Ed25519SigningKey::generate(&mut Counter(3));
    let mut signature = [0; 64];
    signer.sign(MESSAGE, &mut signature).unwrap();
    // S + L is S to a careless verifier.
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(super::super::ed25519::ORDER) {
        carry += u16::from(*byte) + u16::from(order);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    let key = signer.verifying_key();
    let invalid = Err(VerifyError::InvalidSignature);
    assert_eq!(key.verify(Algorithm::EDDSA, MESSAGE, &signature), invalid);
    assert_eq!(key.verify_stream(Algorithm::EDDSA, &mut feed, &signature), invalid);
}

#[test]
fn keys_of_small_order_and_second_encodings_are_no_keys() {
    let small_order = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    // y = p + 3 and more, and minus zero.
    let second_encodings = [
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for x in small_order.into_iter().chain(second_encodings) {
        assert_eq!(parse(&okp(Curve::ED25519, &hex(x))), Err(InvalidKey::Malformed), "{x}");
    }
}

#[test]
fn other_lengths_and_curves_are_refused() {
    let own = Ed25519SigningKey::from_bytes(&[7; 32]).unwrap().public_key();
    assert_eq!(parse(&own.as_public_key()), Ok(()));
    assert_eq!(parse(&okp(Curve::ED25519, &own.x[..31])), Err(InvalidKey::Malformed));
    for curve in [Curve::X25519, Curve::X448, Curve::P256, Curve::new(99)] {
        assert_eq!(parse(&okp(curve, &own.x)), Err(InvalidKey::Unsupported));
    }
    for len in [0, 31, 33, 64] {
        let seed = Ed25519SigningKey::from_bytes(&[7; 64][..len]);
        assert_eq!(seed.err(), Some(InvalidKey::Malformed));
    }
}

#[test]
fn debug_shows_no_secret() {
    let key = Ed25519SigningKey::from_bytes(&[7; 32]).unwrap();
    assert_eq!(*key.secret_bytes(), [7; 32]);
    assert_eq!(format!("{key:?}"), "Ed25519SigningKey { .. }");
    assert_eq!(format!("{:?}", key.verifying_key()), "Ed25519VerifyingKey(OKP Ed25519)");
    let refused = key.with_algorithm(Algorithm::ES256).err();
    assert_eq!(refused, Some(InvalidKey::Unsupported));
}
