//! Public keys that a provider has to refuse.

use super::{
    altered::{Altered, places},
    bytes,
    hex::hex,
    known_answers::{KnownAnswer, ec2, open},
    report::{Found, Run},
};
use crate::{
    Algorithm, Curve, InvalidKey, KeyMaterial, Provider, PublicKey, VerifyError, YCoordinate,
};

/// Keys that are none, by the algorithm whose provider must say so.
const NO_KEYS: &[(Algorithm, &str, PublicKey<'static>)] = &[
    (Algorithm::ES256, "not on P-256", ec2(Curve::P256, &bytes::P256_X, &bytes::P256_X)),
    (Algorithm::ES384, "not on P-384", ec2(Curve::P384, &bytes::P384_X, &bytes::P384_X)),
    (Algorithm::ES512, "not on P-521", ec2(Curve::P521, &bytes::P521_X, &bytes::P521_X)),
    (Algorithm::ES256, "the point at infinity", ec2(Curve::P256, &[0; 32], &[0; 32])),
    (
        Algorithm::ES256,
        "compressed, x beyond the field",
        open(KeyMaterial::Ec2 { curve: Curve::P256, x: &[0xff; 32], y: YCoordinate::Sign(true) }),
    ),
    (Algorithm::EDDSA, "Ed25519 of order 1", ed25519(&ONE)),
    (Algorithm::EDDSA, "Ed25519 of order 1, negative zero", ed25519(&NEGATIVE_ZERO)),
    (Algorithm::EDDSA, "Ed25519 of order 4", ed25519(&[0; 32])),
    (Algorithm::EDDSA, "Ed25519 of order 8", ed25519(&ORDER_8)),
    (Algorithm::EDDSA, "Ed25519 in a second encoding", ed25519(&BEYOND)),
    (Algorithm::ED448, "Ed448 of order 1", ed448(&ED448_ONE)),
    (Algorithm::ED448, "Ed448 in a second encoding", ed448(&ED448_BEYOND)),
    (Algorithm::PS256, "RSA of 1024 bits", rsa(&RSA_1024, &[1, 0, 1])),
    (Algorithm::PS256, "RSA of more than 8192 bits", rsa(&[0xff; 1025], &[1, 0, 1])),
    (Algorithm::PS256, "RSA with an even modulus", rsa(&RSA_EVEN, &[1, 0, 1])),
    (Algorithm::PS256, "RSA with exponent 1", rsa(&bytes::RSA_N, &[1])),
    (Algorithm::PS256, "RSA with exponent 2", rsa(&bytes::RSA_N, &[2])),
    (Algorithm::PS256, "RSA with a long exponent", rsa(&bytes::RSA_N, &[1, 0, 0, 0, 0, 1])),
    (
        Algorithm::ML_DSA_44,
        "AKP without its algorithm",
        open(KeyMaterial::Akp { public: bytes::ML_DSA_44_KEY }),
    ),
    (Algorithm::HSS_LMS, "HSS-LMS without levels", hss_lms(&[0; 60])),
    (Algorithm::HSS_LMS, "HSS-LMS with too many levels", hss_lms(&[1; 60])),
];

/// Keys that the suite knows nobody to do.
const FOREIGN_KEYS: &[(&str, PublicKey<'static>)] = &[
    ("a key for X25519", open(KeyMaterial::Okp { curve: Curve::X25519, x: &[9; 32] })),
    ("a key on an unknown curve", ec2(Curve::new(i64::MAX), &[1; 32], &[2; 32])),
    ("P-256 as an octet key pair", open(KeyMaterial::Okp { curve: Curve::P256, x: &[1; 32] })),
    (
        "AKP for ES256",
        PublicKey {
            material: KeyMaterial::Akp { public: bytes::ML_DSA_44_KEY },
            algorithm: Some(Algorithm::ES256),
        },
    ),
];

const ED448_ONE: [u8; 57] = {
    let mut one = [0; 57];
    one[0] = 1;
    one
};
/// A bit that the encoding has no use for (RFC 8032 5.2.2).
const ED448_BEYOND: [u8; 57] = {
    let mut x = bytes::ED448_X;
    x[56] ^= 1;
    x
};

const fn ed448(x: &[u8]) -> PublicKey<'_> {
    open(KeyMaterial::Okp { curve: Curve::ED448, x })
}

const ONE: [u8; 32] = hex("0100000000000000000000000000000000000000000000000000000000000000");
const NEGATIVE_ZERO: [u8; 32] =
    hex("0100000000000000000000000000000000000000000000000000000000000080");
const ORDER_8: [u8; 32] = hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
/// y = p + 3.
const BEYOND: [u8; 32] = hex("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
const RSA_1024: [u8; 128] = [0xc7; 128];
/// The last bit is cleared.
const RSA_EVEN: [u8; 256] = {
    let mut even = bytes::RSA_N;
    if let Some(last) = even.last_mut() {
        *last &= 0xfe;
    }
    even
};

const fn ed25519(x: &[u8]) -> PublicKey<'_> {
    open(KeyMaterial::Okp { curve: Curve::ED25519, x })
}

const fn rsa<'a>(n: &'a [u8], e: &'a [u8]) -> PublicKey<'a> {
    open(KeyMaterial::Rsa { n, e })
}

const fn hss_lms(public: &[u8]) -> PublicKey<'_> {
    open(KeyMaterial::HssLms { public })
}

/// Malformed keys of the algorithm of `answer`, which `provider` does.
pub(super) fn malformed(run: &mut Run<'_>, provider: &dyn Provider, answer: &KnownAnswer) {
    let algorithm = answer.algorithm;
    for part in 0..2 {
        for (at, altered) in Altered::lengths(part_of(&answer.key, part)).iter().enumerate() {
            if let Some(key) = with_part(&answer.key, part, altered.bytes()) {
                let name = "a key of another length is malformed";
                run.key_is(algorithm, name, at, provider, &key, InvalidKey::Malformed);
            }
        }
    }
    for (_, name, key) in NO_KEYS.iter().filter(|(of, ..)| *of == algorithm) {
        run.key_is(algorithm, name, 0, provider, key, InvalidKey::Malformed);
    }
}

/// Keys that no provider does are unsupported, not malformed.
pub(super) fn foreign(run: &mut Run<'_>, provider: &dyn Provider) {
    for (name, key) in FOREIGN_KEYS {
        run.key_is(Algorithm::new(0), name, 0, provider, key, InvalidKey::Unsupported);
    }
}

/// A key with one bit changed is none, or another's: the signature is not one under it.
pub(super) fn changed(run: &mut Run<'_>, provider: &dyn Provider, answer: &KnownAnswer) {
    let KnownAnswer { algorithm, message, signature, .. } = *answer;
    for part in 0..2 {
        for at in places(part_of(&answer.key, part).len()) {
            let altered = Altered::flipped(part_of(&answer.key, part), at);
            let Some(key) = with_part(&answer.key, part, altered.bytes()) else { continue };
            let mut verdict = Err(VerifyError::InvalidSignature);
            let parsed = provider.with_verifier(&key, &mut |verifier| {
                verdict = verifier.verify(algorithm, &[message], signature);
            });
            let refused = parsed.is_err() || verdict.is_err();
            let name = "a changed key is refused";
            run.check(algorithm, name, at, refused, Found::Verdict(verdict));
        }
    }
}

/// The first or second byte string of a key.
fn part_of<'k>(key: &PublicKey<'k>, part: usize) -> &'k [u8] {
    match (key.material, part) {
        (KeyMaterial::Okp { x, .. } | KeyMaterial::Ec2 { x, .. }, 0) => x,
        (KeyMaterial::Ec2 { y: YCoordinate::Value(y), .. }, 1) => y,
        (KeyMaterial::Rsa { n, .. }, 0) => n,
        (KeyMaterial::Rsa { e, .. }, 1) => e,
        (KeyMaterial::Akp { public } | KeyMaterial::HssLms { public }, 0) => public,
        _ => &[],
    }
}

/// The key with other bytes there; `None` where it has no such part.
fn with_part<'k>(key: &PublicKey<'k>, part: usize, bytes: &'k [u8]) -> Option<PublicKey<'k>> {
    let material = match (key.material, part) {
        (KeyMaterial::Okp { curve, .. }, 0) => KeyMaterial::Okp { curve, x: bytes },
        (KeyMaterial::Ec2 { curve, y, .. }, 0) => KeyMaterial::Ec2 { curve, x: bytes, y },
        (KeyMaterial::Ec2 { curve, x, .. }, 1) => {
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(bytes) }
        }
        (KeyMaterial::Rsa { e, .. }, 0) => KeyMaterial::Rsa { n: bytes, e },
        (KeyMaterial::Rsa { n, .. }, 1) => KeyMaterial::Rsa { n, e: bytes },
        (KeyMaterial::Akp { .. }, 0) => KeyMaterial::Akp { public: bytes },
        (KeyMaterial::HssLms { .. }, 0) => KeyMaterial::HssLms { public: bytes },
        _ => return None,
    };
    Some(PublicKey { material, algorithm: key.algorithm })
}
