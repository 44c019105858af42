//! Cases of RSA key transport (RFC 8230 3).

use super::{
    BEFORE, OTHERS, Taken, is_written,
    known::{KNOWN_AGREED_KEYS, KNOWN_TRANSPORTED_KEYS, rsa},
};
use crate::{
    Algorithm, BufferTooShort, Curve, InvalidKey, KeyMaterial, KeyWrap, PrivateKey,
    PrivateKeyMaterial, SecretError, SecretProvider, VerifyError,
    conformance::{
        altered::{Altered, places},
        report::{Found, Run},
    },
};

/// The key that was transported, and any that is made.
const UNWRAPPED: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// Length of the modulus in bytes.
const MODULUS_LEN: usize = 256;

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    let Some(material) = rsa() else { return };
    let key = PrivateKey { material, public: None, algorithm: None };
    let mut is_there = false;
    for &(algorithm, wrapped) in KNOWN_TRANSPORTED_KEYS {
        let mut taken = Taken::NOT_YET;
        taken.given = provider.with_key_transport(&key, &mut |transport| {
            taken.called();
            let opened = transport.unwrap(algorithm, wrapped, &mut [0; MODULUS_LEN]);
            taken.does = opened != Err(VerifyError::Unsupported);
            if taken.does {
                run.profile_is(algorithm, transport.profile(), key.profile());
                one(run, transport, algorithm, wrapped);
            }
        });
        taken.check(run, algorithm, required);
        is_there |= taken.does;
        if taken.does {
            keys(run, provider, algorithm, wrapped);
        }
    }
    if is_there {
        foreign(run, provider);
    }
}

fn one(run: &mut Run<'_>, transport: &dyn KeyWrap, algorithm: Algorithm, wrapped: &[u8]) {
    let mut buffer = [BEFORE; 32];
    let opened = transport.unwrap(algorithm, wrapped, &mut buffer);
    let holds = opened == Ok(UNWRAPPED.len()) && is_written(&buffer, &UNWRAPPED);
    run.check(algorithm, "the known key", 0, holds, Found::Opened(opened));
    let opened = transport.unwrap(algorithm, wrapped, &mut [0; UNWRAPPED.len() - 1]);
    let holds = opened == Err(VerifyError::Unsupported);
    run.check(algorithm, "a buffer that is too short", 0, holds, Found::Opened(opened));
    let mut refused = |case, at, algorithm, wrapped: &[u8], expected| {
        let mut buffer = [BEFORE; MODULUS_LEN];
        let opened = transport.unwrap(algorithm, wrapped, &mut buffer);
        let holds = opened == Err(expected) && buffer.iter().all(|byte| *byte == BEFORE);
        run.check(algorithm, case, at, holds, Found::Opened(opened));
    };
    for at in places(wrapped.len()) {
        let altered = Altered::flipped(wrapped, at);
        let case = "a changed wrapped key";
        refused(case, at, algorithm, altered.bytes(), VerifyError::InvalidSignature);
    }
    for (at, altered) in Altered::lengths(wrapped).iter().enumerate() {
        let case = "a wrapped key of another length";
        refused(case, at, algorithm, altered.bytes(), VerifyError::InvalidSignature);
    }
    for byte in [0, 1, 0xff] {
        let altered = Altered::filled(wrapped, byte);
        let case = "a wrapped key of one byte over and over";
        let wrapped = altered.bytes().get(..wrapped.len()).unwrap_or_default();
        refused(case, usize::from(byte), algorithm, wrapped, VerifyError::InvalidSignature);
    }
    for other in OTHERS.into_iter().chain([Algorithm::A128KW]) {
        let case = "another algorithm with this key";
        refused(case, 0, other, wrapped, VerifyError::Unsupported);
    }
    let others = KNOWN_TRANSPORTED_KEYS.iter().map(|(other, _)| *other);
    for other in others.filter(|other| *other != algorithm) {
        let opened = transport.unwrap(other, wrapped, &mut [0; MODULUS_LEN]);
        let name = "another algorithm with this wrapped key";
        run.check(other, name, 0, opened.is_err(), Found::Opened(opened));
    }
    there_and_back(run, transport, algorithm);
}

/// Who holds a private key need not wrap with its public half; who does, unwraps what comes out.
fn there_and_back(run: &mut Run<'_>, transport: &dyn KeyWrap, algorithm: Algorithm) {
    let mut wrapped = [BEFORE; MODULUS_LEN];
    let made = transport.wrap(algorithm, &UNWRAPPED, &mut wrapped);
    if made == Err(SecretError::Unsupported) {
        return;
    }
    let name = "a key there and back";
    run.check(algorithm, name, 0, made == Ok(MODULUS_LEN), Found::Made(made));
    let mut buffer = [BEFORE; 32];
    let opened = transport.unwrap(algorithm, &wrapped, &mut buffer);
    let holds = opened == Ok(UNWRAPPED.len()) && is_written(&buffer, &UNWRAPPED);
    run.check(algorithm, name, 0, holds, Found::Opened(opened));
    let made = transport.wrap(algorithm, &UNWRAPPED, &mut [0; MODULUS_LEN - 1]);
    let holds = made == Err(SecretError::BufferTooShort(BufferTooShort { needed: MODULUS_LEN }));
    run.check(algorithm, "a buffer that is too short", MODULUS_LEN, holds, Found::Made(made));
    // Two hashes and two bytes are gone (RFC 8017 7.1.1).
    let made = transport.wrap(algorithm, &[0; MODULUS_LEN], &mut wrapped);
    let holds = made == Err(SecretError::Malformed);
    run.check(algorithm, "a key that cannot be wrapped", MODULUS_LEN, holds, Found::Made(made));
}

/// A key with one number changed is none, or another's.
fn keys(run: &mut Run<'_>, provider: &dyn SecretProvider, algorithm: Algorithm, wrapped: &[u8]) {
    let Some(PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi }) = rsa() else { return };
    let numbers = [n, e, d, p, q, dp, dq, qi];
    for (at, number) in numbers.iter().enumerate() {
        for altered in [Altered::flipped(number, 0), Altered::flipped(number, number.len() / 2)] {
            let mut numbers = numbers;
            if let Some(number) = numbers.get_mut(at) {
                *number = altered.bytes();
            }
            let [n, e, d, p, q, dp, dq, qi] = numbers;
            let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
            let key = PrivateKey { material, public: None, algorithm: None };
            let mut opened = Err(VerifyError::InvalidSignature);
            let given = provider.with_key_transport(&key, &mut |transport| {
                opened = transport.unwrap(algorithm, wrapped, &mut [0; MODULUS_LEN]);
            });
            let holds = given == Err(InvalidKey::Malformed) || opened.is_err();
            run.check(algorithm, "a changed key", at, holds, Found::Opened(opened));
        }
    }
    let mut is_none = |case, material, public| {
        let key = PrivateKey { material, public, algorithm: None };
        let given = provider.with_key_transport(&key, &mut |_| ());
        let holds = given == Err(InvalidKey::Malformed);
        run.check(algorithm, case, 0, holds, Found::Key(given));
    };
    let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
    let public = Some(KeyMaterial::Rsa { n, e: &[3] });
    is_none("a public key that is another's", material, public);
    let short = n.get(..MODULUS_LEN / 2).unwrap_or_default();
    let material = PrivateKeyMaterial::Rsa { n: short, e, d, p, q, dp, dq, qi };
    is_none("a modulus of 1024 bits", material, None);
    let material = PrivateKeyMaterial::Rsa { n, e, d, p: &[], q: &[], dp: &[], dq: &[], qi: &[] };
    is_none("a key without its primes", material, None);
}

/// Keys of other types are unsupported, not malformed.
fn foreign(run: &mut Run<'_>, provider: &dyn SecretProvider) {
    let Some(known) = KNOWN_AGREED_KEYS.first() else { return };
    for material in [
        PrivateKeyMaterial::Ec2 { curve: known.curve, d: known.d },
        PrivateKeyMaterial::Okp { curve: Curve::X25519, d: &[7; 32] },
    ] {
        let key = PrivateKey { material, public: None, algorithm: None };
        let given = provider.with_key_transport(&key, &mut |_| ());
        let holds = given == Err(InvalidKey::Unsupported);
        let name = "key transport to a key of another type";
        run.check(Algorithm::new(0), name, 0, holds, Found::Key(given));
    }
}
