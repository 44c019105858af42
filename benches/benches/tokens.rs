//! The claims of a PSA token, read with all checks of their profile, beside ciborium's plain decoding to
//! `Value`; and what a verification of the token costs beside its signature.
#![allow(missing_docs)]

use std::hint::black_box;

use benches::{evidence, minima};
use ciborium::Value;
use cose_ext::{
    Context, Profile, Trust,
    crypto::{
        Algorithm, InvalidKey, KeyProfile, Provider, PublicKey, SignatureVerifier, VerifyError,
    },
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1::Draft,
};
use criterion::{Criterion, criterion_group, criterion_main};
use rats_eat::{Claims, Requirements, Token, psa::PsaClaims};

fn read(bytes: &[u8]) -> PsaClaims<'_> {
    let claims = Claims::decode(bytes, &Profile::LENIENT).expect("claims");
    PsaClaims::read(claims).expect("a PSA token")
}

/// Takes any signature: what is left is the verification around it.
struct Anything(KeyProfile);

impl SignatureVerifier for Anything {
    fn profile(&self) -> KeyProfile {
        self.0
    }

    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, message: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        black_box(message);
        Ok(())
    }
}

fn tokens(c: &mut Criterion) {
    let bytes = evidence::psa_claims();
    assert_eq!(bytes.len(), 256);
    let theirs = |bytes: &[u8]| ciborium::from_reader::<Value, _>(bytes).expect("a value");
    assert_eq!(theirs(&bytes).as_map().map(Vec::len), Some(8));
    assert_eq!(read(&bytes).components().count(), 1);

    let mut group = c.benchmark_group("psa_claims_256_bytes");
    group.bench_function("rats-eat", |b| b.iter(|| _ = black_box(read(black_box(&bytes)))));
    group.bench_function("ciborium", |b| b.iter(|| theirs(black_box(&bytes))));
    group.finish();
    let ours = || _ = black_box(read(black_box(&bytes)));
    let [us, them] = minima(ours, || _ = black_box(theirs(black_box(&bytes))), 4000);
    let times = them.as_secs_f64() / us.as_secs_f64();
    println!(
        "PSA claims of 256 bytes: rats-eat {us:?}, ciborium {them:?}: {times:.2} times faster"
    );

    let signer = P256SigningKey::from_bytes(&[1; 32]).expect("a key");
    let public = signer.public_key();
    let mut buffer = [0; 512];
    let header = Draft::write(&mut buffer, Algorithm::ES256, 0, |_| {}).room_for(64);
    let draft = header.payload(|payload| _ = payload.encoded(&bytes)).expect("room");
    let token = draft.sign(&signer).expect("a token");
    let context = Context::new(&RustCrypto);
    let verify = |key: &TrustedKey<'_>| {
        let token = Token::decode(black_box(token), &Profile::LENIENT).expect("a token");
        let verified = token.verify(&Trust::keys(key), &Requirements::DEFAULT, &context);
        let read = verified.expect("verified").try_map(PsaClaims::read).expect("a PSA token");
        _ = black_box(read);
    };
    let null = Anything(PublicKey::from(&public).profile());
    let anything = TrustedKey::parsed(&null, Identity::new([1; 32]));
    let parts = {
        let token = Token::decode(token, &Profile::LENIENT).expect("a token");
        token.bytes().to_vec()
    };
    let raw = || {
        let mut check = |verifier: &dyn SignatureVerifier| {
            // The length of what is signed is what counts, and that it is refused costs as much.
            _ = black_box(verifier.verify(
                Algorithm::ES256,
                &[&parts[..300]],
                &parts[parts.len() - 64..],
            ));
        };
        let key = PublicKey::from(&public);
        let used: Result<(), InvalidKey> = RustCrypto.with_verifier(&key, &mut check);
        used.expect("a key");
    };
    let [around, primitive] = minima(|| verify(&anything), raw, 2000);
    let share = 100.0 * around.as_secs_f64() / primitive.as_secs_f64();
    println!(
        "PSA token: around the signature {around:?}, the signature {primitive:?}: {share:.1} %"
    );
}

criterion_group!(benches, tokens);
criterion_main!(benches);
