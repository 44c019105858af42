//! View of a COSE_Sign1 (parse, header checks, parts to be signed) beside coset's decode and TBS, and
//! what this crate adds to a verification by each provider: `aws-lc` with the feature of that name.
#![allow(missing_docs)]

use std::hint::black_box;

use benches::{eddsa_message_of_300_bytes, message, message_of_300_bytes, minima};
use cose_ext::{
    Context, Input, Profile, Sign1,
    crypto::{Algorithm, KeyProfile, Provider, PublicKey, SignatureVerifier, VerifyError},
    key::{Identity, TrustedKey},
    rustcrypto::{Ed25519VerifyingKey, P256VerifyingKey, RustCrypto},
};
use coset::{CborSerializable, TaggedCborSerializable};
use criterion::{Criterion, criterion_group, criterion_main};

/// Accepts everything: what is left is the time of everything but the signature.
struct Null(KeyProfile);

impl SignatureVerifier for Null {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    // There is no key behind it.
    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, message: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        black_box(message);
        Ok(())
    }
}

fn ours(bytes: &[u8]) -> usize {
    let message = Sign1::decode(bytes, &Profile::LENIENT).expect("a message");
    message.to_be_signed(&Input::embedded(), &Profile::LENIENT).expect("embedded").len()
}

fn coset(bytes: &[u8]) -> usize {
    let message = coset::CoseSign1::from_tagged_slice(bytes).expect("a message");
    message.tbs_data(&[]).len()
}

fn view(c: &mut Criterion) {
    let (bytes, _) = message_of_300_bytes();
    assert_eq!(bytes.len(), 300);
    assert_eq!(ours(&bytes), coset(&bytes));
    assert!(coset::CoseSign1::from_slice(&bytes).is_err(), "tagged");

    let mut group = c.benchmark_group("sign1_view_300_bytes");
    group.bench_function("cose-ext", |b| b.iter(|| ours(black_box(&bytes))));
    group.bench_function("coset", |b| b.iter(|| coset(black_box(&bytes))));
    group.finish();

    let ratio = |len: usize| {
        let (bytes, _) = message(len);
        let [us, them] =
            minima(|| _ = black_box(ours(&bytes)), || _ = black_box(coset(&bytes)), 4000);
        let times = them.as_secs_f64() / us.as_secs_f64();
        println!("view of {len} bytes: cose-ext {us:?}, coset {them:?}: {times:.1} times faster");
    };
    ratio(300);
    ratio(100_000);
}

/// What is printed is the time of everything but the signature, beside that of the signature alone.
fn verify_with(c: &mut Criterion, name: &str, bytes: &[u8], case: &Case<'_>) {
    let Case { algorithm, provider, parsed } = *case;
    let identity = Identity::new([1; 32]);
    let trusted = TrustedKey::parsed(parsed, identity);
    let null = Null(parsed.profile());
    let null = TrustedKey::parsed(&null, identity);
    let context = Context::new(provider);
    let verify = |key: &TrustedKey<'_>| {
        let message = Sign1::decode(bytes, &Profile::LENIENT).expect("a message");
        let verified = message.verify(&Input::embedded(), key, &context).expect("verified");
        black_box(verified.value().payload());
    };
    c.bench_function(&format!("verify_{name}_300_bytes"), |b| {
        b.iter(|| verify(black_box(&trusted)))
    });

    let message = Sign1::decode(bytes, &Profile::LENIENT).expect("a message");
    let structure = message.to_be_signed(&Input::embedded(), &Profile::LENIENT).expect("embedded");
    let primitive = || {
        let verified = parsed.verify(algorithm, &structure.parts(), black_box(message.signature()));
        black_box(verified).expect("verified");
    };
    let [overhead, raw] = minima(|| verify(&null), primitive, 400);
    let share = 100.0 * overhead.as_secs_f64() / raw.as_secs_f64();
    println!("{name}: over the raw verification ({raw:?}): {overhead:?}, {share:.2} %");
}

/// A parsed key, with the provider that it is of.
struct Case<'c> {
    algorithm: Algorithm,
    provider: &'c dyn Provider,
    parsed: &'c dyn SignatureVerifier,
}

fn verification(c: &mut Criterion) {
    let (es256, key) = message_of_300_bytes();
    let p256 = key.public_key();
    let (eddsa, key) = eddsa_message_of_300_bytes();
    let ed25519 = key.public_key();
    let (es256_key, eddsa_key) = (p256.as_public_key(), ed25519.as_public_key());

    let parsed = P256VerifyingKey::from_public_key(&es256_key).expect("a key");
    let case = Case { algorithm: Algorithm::ES256, provider: &RustCrypto, parsed: &parsed };
    verify_with(c, "es256", &es256, &case);
    let parsed = Ed25519VerifyingKey::from_public_key(&eddsa_key).expect("a key");
    let case = Case { algorithm: Algorithm::EDDSA, provider: &RustCrypto, parsed: &parsed };
    verify_with(c, "eddsa", &eddsa, &case);

    #[cfg(feature = "aws-lc")]
    {
        use cose_ext::aws_lc::{self, AwsLc};

        let parsed = aws_lc::P256VerifyingKey::from_public_key(&es256_key).expect("a key");
        let case = Case { algorithm: Algorithm::ES256, provider: &AwsLc, parsed: &parsed };
        verify_with(c, "aws_lc_es256", &es256, &case);
        let parsed = aws_lc::Ed25519VerifyingKey::from_public_key(&eddsa_key).expect("a key");
        let case = Case { algorithm: Algorithm::EDDSA, provider: &AwsLc, parsed: &parsed };
        verify_with(c, "aws_lc_eddsa", &eddsa, &case);
    }
}

criterion_group!(benches, view, verification);
criterion_main!(benches);
