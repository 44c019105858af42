//! A COSE_Sign1, viewed and verified.

use std::hint::black_box;

use cose_ext::{
    Context, Input, Profile, Sign1,
    crypto::{Provider, SignatureVerifier},
    key::{Identity, TrustedKey},
    rustcrypto::{Ed25519VerifyingKey, P256VerifyingKey, RustCrypto},
};
use coset::{CborSerializable as _, CoseSign1, TaggedCborSerializable as _};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};

use super::P256;
use crate::{
    curve::Way,
    eddsa_message_of_300_bytes, message, message_of_300_bytes,
    null::Null,
    work::{Work, kept},
};

/// Checks the message and its headers. Returns the length of what is signed.
///
/// # Panics
/// If it is no message.
pub fn view(bytes: &[u8]) -> usize {
    let message = Sign1::decode(bytes, &Profile::LENIENT).expect("a message");
    message.to_be_signed(&Input::embedded(), &Profile::LENIENT).expect("embedded").len()
}

/// Does that by coset.
///
/// # Panics
/// If it is no message.
pub fn view_by_coset(bytes: &[u8]) -> usize {
    let message = CoseSign1::from_tagged_slice(bytes).expect("a message");
    message.tbs_data(&[]).len()
}

fn verify(bytes: &[u8], key: &TrustedKey<'_>, provider: &dyn Provider) {
    let message = Sign1::decode(black_box(bytes), &Profile::LENIENT).expect("a message");
    let context = Context::new(provider);
    let verified = message.verify(&Input::embedded(), key, &context).expect("verified");
    black_box(verified.value().payload());
}

fn verify_by_coset(bytes: &[u8], mut check: impl FnMut(&[u8], &[u8])) {
    let message = CoseSign1::from_tagged_slice(black_box(bytes)).expect("a message");
    let verified = message.verify_signature(&[], |signature, signed| {
        check(signature, signed);
        Ok::<(), ()>(())
    });
    verified.expect("verified");
    black_box(&message.payload);
}

/// Returns the works of this benchmark.
pub fn sign1() -> Vec<Work> {
    let (bytes, key) = message_of_300_bytes();
    let bytes: &'static [u8] = bytes.leak();
    let large: &'static [u8] = message(100_000).0.leak();
    assert_eq!((bytes.len(), large.len()), (300, 100_000));
    assert_eq!(view(bytes), view_by_coset(bytes));
    assert!(CoseSign1::from_slice(bytes).is_err(), "tagged");
    let mut works = Vec::new();
    for (what, bytes) in [
        ("COSE_Sign1 of 300 bytes viewed, with what is signed", bytes),
        ("COSE_Sign1 of 100 000 bytes viewed, with what is signed", large),
    ] {
        works.push(Work::new(what, "cose-ext", move || view(black_box(bytes))));
        works.push(Work::new(what, "coset", move || view_by_coset(black_box(bytes))));
    }
    let public = kept(key.public_key());
    let identity = Identity::new([1; 32]);
    let null = kept(TrustedKey::parsed(kept(Null::new(public)), identity));
    let what = "COSE_Sign1 of 300 bytes verified, without the signature";
    works.push(Work::new(what, "cose-ext", move || verify(bytes, null, &RustCrypto)));
    let accept = |signature: &[u8], signed: &[u8]| _ = black_box((signature, signed));
    works.push(Work::new(what, "coset", move || verify_by_coset(bytes, accept)));
    works.extend(es256(bytes));
    works.extend(eddsa());
    works
}

fn enrolled(key: impl SignatureVerifier + 'static) -> &'static TrustedKey<'static> {
    kept(TrustedKey::parsed(kept(key), Identity::new([1; 32])))
}

/// What is signed of a message, and its signature.
pub(super) fn signed(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let message = CoseSign1::from_tagged_slice(bytes).expect("a message");
    (message.tbs_data(&[]), message.signature)
}

/// The key of the messages of 300 bytes, for p256.
fn raw_p256() -> VerifyingKey {
    *p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a scalar").verifying_key()
}

fn check_by_p256(key: &VerifyingKey, signature: &[u8], signed: &[u8]) {
    let signature = Signature::from_slice(signature).expect("a signature");
    key.verify(black_box(signed), &signature).expect("verified");
}

fn es256(bytes: &'static [u8]) -> Vec<Work> {
    let what = "COSE_Sign1 of 300 bytes verified, ES256";
    let public = message_of_300_bytes().1.public_key();
    let key = enrolled(P256VerifyingKey::from_public_key(&public.as_public_key()).expect("a key"));
    let (raw, (message, signature)) = (raw_p256(), signed(bytes));
    #[cfg_attr(not(feature = "aws-lc"), expect(unused_mut, reason = "one provider"))]
    let mut works = vec![
        Work::new(what, "cose-ext", move || verify(bytes, key, &RustCrypto)),
        Work::new(what, "coset and p256", move || {
            verify_by_coset(bytes, |signature, signed| check_by_p256(&raw, signature, signed));
        }),
        Work::new(what, P256, move || check_by_p256(&raw, &signature, &message)),
    ];
    #[cfg(feature = "aws-lc")]
    {
        use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
        use cose_ext::aws_lc::{AwsLc, P256VerifyingKey};

        let key =
            enrolled(P256VerifyingKey::from_public_key(&public.as_public_key()).expect("a key"));
        let raw = UnparsedPublicKey::new(
            &ECDSA_P256_SHA256_FIXED,
            raw_p256().to_sec1_point(false).as_bytes().to_vec(),
        );
        let raw = raw.parse().expect("a key");
        let (message, signature) = signed(bytes);
        works.push(Work::new(what, "cose-ext with AWS-LC", move || verify(bytes, key, &AwsLc)));
        works.push(Work::new(what, "aws-lc-rs alone", move || {
            raw.verify_sig(black_box(&message), &signature).expect("verified");
        }));
    }
    works
}

/// Returns three ways to verify a message of this key: ours, coset with p256, and p256 alone.
///
/// # Panics
/// If it is no message of the key of [`message`].
pub fn verify_es256(bytes: &'static [u8]) -> [Way<'static>; 3] {
    let (raw, (message, signature)) = (raw_p256(), signed(bytes));
    let key = enrolled(message_of_300_bytes().1.verifying_key());
    [
        ("cose-ext, verified", Box::new(move || verify(bytes, key, &RustCrypto))),
        (
            "coset and p256, verified",
            Box::new(move || {
                verify_by_coset(bytes, |signature, signed| check_by_p256(&raw, signature, signed));
            }),
        ),
        ("p256 alone", Box::new(move || check_by_p256(&raw, &signature, &message))),
    ]
}

fn eddsa() -> Vec<Work> {
    let what = "COSE_Sign1 of 300 bytes verified, EdDSA";
    let (bytes, key) = eddsa_message_of_300_bytes();
    let (bytes, public): (&'static [u8], _) = (bytes.leak(), key.public_key());
    let parsed = Ed25519VerifyingKey::from_public_key(&public.as_public_key()).expect("a key");
    let (message, signature) = signed(bytes);
    let raw = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
    let check = move |signature: &[u8], signed: &[u8]| {
        let signature = ed25519_dalek::Signature::from_slice(signature).expect("a signature");
        raw.verify(black_box(signed), &signature).expect("verified");
    };
    let key = enrolled(parsed);
    #[cfg_attr(not(feature = "aws-lc"), expect(unused_mut, reason = "one provider"))]
    let mut works = vec![
        Work::new(what, "cose-ext", move || verify(bytes, key, &RustCrypto)),
        Work::new(what, "coset and ed25519-dalek", move || verify_by_coset(bytes, check)),
        Work::new(what, "ed25519-dalek alone", move || check(&signature, &message)),
    ];
    #[cfg(feature = "aws-lc")]
    {
        use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
        use cose_ext::aws_lc::{AwsLc, Ed25519VerifyingKey};

        let key =
            enrolled(Ed25519VerifyingKey::from_public_key(&public.as_public_key()).expect("a key"));
        let raw = UnparsedPublicKey::new(&ED25519, raw.to_bytes()).parse().expect("a key");
        let (message, signature) = signed(bytes);
        works.push(Work::new(what, "cose-ext with AWS-LC", move || verify(bytes, key, &AwsLc)));
        works.push(Work::new(what, "aws-lc-rs alone", move || {
            raw.verify_sig(black_box(&message), &signature).expect("verified");
        }));
    }
    works
}
