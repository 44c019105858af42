//! From the bytes of example 0 of the specification to a manifest whose digest is right, beside suit_validator, and what
//! hashing alone costs. Both hash the manifest and read its members; the authentication block is not looked into. Ours also
//! checks every item of manifest and shared sequence for encoding, form and known members; theirs looks into most members
//! when they are asked for. Two more rows add, with signatures that cost nothing, what suit_validator leaves to its caller:
//! reading the block and its headers and finding the key; and running the invoke procedure.
#![allow(missing_docs)]

use std::{hint::black_box, time::Duration};

use benches::shortest;
use cose_ext::{
    Context, Digest, Profile, Trust,
    crypto::{Algorithm, KeyProfile, PublicKey, SignatureVerifier, VerifyError},
    key::{Identity, TrustStore, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use criterion::{Criterion, criterion_group, criterion_main};
use suit_manifest::{
    Answer, AuthenticationPolicy, Envelope, Limits, Procedure, Processor, Readings, Step, Target,
    author::{Image, ManifestBuilder, images},
};
use suit_validator::{
    SuitError, crypto::SuitCrypto, handler::SuitStartHandler, suit_decode, suit_manifest as theirs,
};

/// Accepts everything, for ours and for theirs.
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

impl SuitCrypto for Null {
    fn verify_cose(&self, block: &[u8], digest: &[u8]) -> Result<(), SuitError> {
        black_box((block, digest));
        Ok(())
    }
}

/// Keeps the sequence number.
struct Number(Option<u64>);

impl SuitStartHandler for Number {
    fn on_envelope<'a>(&mut self, envelope: theirs::SuitEnvelope<'a>) -> Result<(), SuitError> {
        self.0 = Some(envelope.manifest.get()?.sequence_number);
        Ok(())
    }

    fn on_manifest<'a>(&mut self, _: theirs::SuitManifest<'a>) -> Result<(), SuitError> {
        Ok(())
    }
}

/// The digest that example 0 states of its image.
const IMAGE: [u8; 32] = *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\
    \x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";

fn example_0(key: &P256SigningKey) -> Vec<u8> {
    let image = Image {
        component: vec![vec![0]],
        vendor_and_class: Some((
            0xfa6b_4a53_d5ad_5fdf_be9d_e663_e4d4_1ffe_u128.to_be_bytes(),
            0x1492_af14_2569_5e48_bf42_9b2d_51f2_ab45_u128.to_be_bytes(),
        )),
        digest: Digest::new(Algorithm::SHA256, &IMAGE).expect("a digest"),
        size: 34768,
        uri: None,
        download: None,
        load: None,
        is_bootable: true,
    };
    let context = Context::new(&RustCrypto);
    let builder = images(ManifestBuilder::new(0), &[image]);
    let mut envelope = builder.build(Algorithm::SHA256, &context).expect("a manifest");
    envelope.sign(Sign1Builder::new(), key, &context).expect("a signature");
    envelope.to_bytes()
}

/// Checks the digest and reads the manifest, which nobody vouches for then.
fn intact(bytes: &[u8]) -> u64 {
    let context = Context::new(&RustCrypto);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
    let manifest = envelope.danger_unauthenticated_manifest(&context).expect("a manifest");
    manifest.sequence_number()
}

/// Verifies with signatures that cost nothing.
fn ours(bytes: &[u8], keys: &TrustStore<'_>) -> u64 {
    let context = Context::new(&RustCrypto);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(keys), &policy, &context).expect("a manifest");
    manifest.value().sequence_number()
}

/// Verifies with signatures that cost nothing, and runs the invoke procedure on a device that has everything right.
fn processed(bytes: &[u8], keys: &TrustStore<'_>) -> usize {
    let context = Context::new(&RustCrypto);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(keys), &policy, &context).expect("a manifest");
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let mut processor =
        Processor::<4, 4>::new(&envelope, &manifest, Procedure::Invoke, &target, &mut [], &context)
            .expect("a procedure");
    let mut steps = 0;
    loop {
        let answer = match processor.step(&context).expect("a step") {
            Step::Ended(ended) => {
                ended.expect("success");
                return steps;
            }
            Step::DigestImage { .. } => Answer::Image { digest: &IMAGE, size: 34768 },
            Step::Invoke { .. } => Answer::Done,
            _ => Answer::Held(true),
        };
        processor.answer(answer).expect("an answer");
        steps += 1;
    }
}

fn their_number(bytes: &[u8], null: &mut Null) -> u64 {
    let mut number = Number(None);
    suit_decode(bytes, &mut number, null).expect("an envelope");
    number.0.expect("a manifest")
}

fn envelope(c: &mut Criterion) {
    let key = P256SigningKey::from_bytes(&[7; 32]).expect("a scalar");
    let bytes = example_0(&key);
    assert_eq!(bytes.len(), 237);
    let mut null = Null(key.public_key().as_public_key().profile());
    let parsed = Null(null.0);
    let trusted = [TrustedKey::parsed(&parsed, Identity::new([1; 32]))];
    let keys = TrustStore::new(&trusted);
    assert_eq!(ours(&bytes, &keys), their_number(&bytes, &mut null));
    assert_eq!(intact(&bytes), their_number(&bytes, &mut null));

    let mut group = c.benchmark_group("suit_example_0_without_signature");
    group.bench_function("suit-manifest, digest alone", |b| b.iter(|| intact(black_box(&bytes))));
    group.bench_function("suit-manifest", |b| b.iter(|| ours(black_box(&bytes), &keys)));
    group.bench_function("suit-manifest, and its invocation", |b| {
        b.iter(|| processed(black_box(&bytes), &keys));
    });
    group.bench_function("suit_validator", |b| {
        b.iter(|| their_number(black_box(&bytes), &mut null));
    });
    group.finish();

    let manifest =
        Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope").manifest_item();
    let context = Context::new(&RustCrypto);
    let hash = || _ = black_box(context.hash(Algorithm::SHA256, &[black_box(manifest.bytes())]));
    let [digest, verify, process, them, hash] = shortest(
        [
            &mut || (0..16).for_each(|_| _ = black_box(intact(black_box(&bytes)))),
            &mut || (0..16).for_each(|_| _ = black_box(ours(black_box(&bytes), &keys))),
            &mut || (0..16).for_each(|_| _ = black_box(processed(black_box(&bytes), &keys))),
            &mut || {
                (0..16).for_each(|_| _ = black_box(their_number(black_box(&bytes), &mut null)));
            },
            &mut || (0..16).for_each(|_| hash()),
        ],
        4000,
    )
    .map(|time| time / 16);
    let print = |what: &str, time: Duration| {
        let (times, hashes) = (ratio(time, them), ratio(time, hash));
        println!(
            "example 0 {what}: {time:?}, {times:.2} of suit_validator's {them:?}, {hashes:.1} of hashing its manifest {hash:?}"
        );
    };
    print("parsed, its digest checked", digest);
    print("verified without signature", verify);
    print("verified and invoked without signature", process);
}

fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64()
}

criterion_group!(benches, envelope);
criterion_main!(benches);
