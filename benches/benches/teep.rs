//! An Update of 64 KiB, read with all checks, beside a tree of `ciborium` and a hand-written reader over `minicbor` that checks
//! nothing; and an exchange of four signed messages, beside its signatures alone. `cargo test -p benches` counts
//! what each takes from the heap.
#![allow(missing_docs)]

use std::hint::black_box;

use benches::{
    exchange::{Parties, exchange, read, read_with_ciborium, read_with_minicbor, update_of_64_kib},
    minima,
};
use cose_ext::{
    Context,
    crypto::{Algorithm, KeyProfile, PublicKey, SignError, SignatureVerifier, Signer, VerifyError},
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
};
use criterion::{Criterion, criterion_group, criterion_main};

/// Takes any signature of a key, and makes one of zeros: what is left is all around the signatures.
struct Null<'k>(PublicKey<'k>);

impl SignatureVerifier for Null<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.0);
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        black_box(message);
        Ok(())
    }
}

impl Signer for Null<'_> {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ESP256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        black_box(message);
        signature.get_mut(..64).ok_or(SignError::Device)?.fill(0);
        Ok(64)
    }
}

fn key(number: u8) -> P256SigningKey {
    let key = P256SigningKey::from_bytes(&[number; 32]).expect("a scalar");
    key.with_algorithm(Algorithm::ESP256).expect("an algorithm of the curve")
}

fn updates(c: &mut Criterion) {
    let update = update_of_64_kib();
    assert_eq!(update.len(), 65_536);
    assert_eq!(read(&update), read_with_minicbor(&update));
    assert_eq!(read_with_ciborium(&update).as_array().map(Vec::len), Some(2));
    let mut group = c.benchmark_group("update_of_64_kib");
    group.bench_function("teep-msg", |b| b.iter(|| read(black_box(&update))));
    group.bench_function("minicbor", |b| b.iter(|| read_with_minicbor(black_box(&update))));
    group.bench_function("ciborium", |b| b.iter(|| read_with_ciborium(black_box(&update))));
    group.finish();
    let ours = || _ = black_box(read(black_box(&update)));
    let [us, tree] = minima(ours, || _ = black_box(read_with_ciborium(black_box(&update))), 2000);
    let [_, plain] = minima(ours, || _ = black_box(read_with_minicbor(black_box(&update))), 2000);
    println!(
        "Update of 64 KiB: teep-msg with all checks {us:?}, a tree of ciborium {tree:?}, minicbor without checks {plain:?}"
    );
}

fn exchanges(c: &mut Criterion) {
    let (tam, agent) = (key(1), key(2));
    let (tam_public, agent_public) = (tam.public_key(), agent.public_key());
    let context = Context::new(&RustCrypto);
    let tams = TrustedKey::new(&tam_public, &context).expect("a key");
    let agents = TrustedKey::new(&agent_public, &context).expect("a key");
    let real = Parties { tam: &tam, agent: &agent, tams: &tams, agents: &agents };
    let (null_tam, null_agent) =
        (Null(PublicKey::from(&tam_public)), Null(PublicKey::from(&agent_public)));
    let null_tams = TrustedKey::parsed(&null_tam, Identity::new([1; 32]));
    let null_agents = TrustedKey::parsed(&null_agent, Identity::new([2; 32]));
    let null =
        Parties { tam: &null_tam, agent: &null_agent, tams: &null_tams, agents: &null_agents };
    let len = exchange(&real, &context);
    let mut group = c.benchmark_group("teep_exchange");
    group.bench_function("four_messages", |b| b.iter(|| exchange(black_box(&real), &context)));
    group.bench_function("without_signatures", |b| b.iter(|| exchange(black_box(&null), &context)));
    group.finish();
    // The signatures alone: four are made, four are checked.
    let verifiers = [tam.verifying_key(), agent.verifying_key()];
    let message = [0x5a; 200];
    let signatures = || {
        for (signer, verifier) in [&tam, &agent].into_iter().zip(&verifiers) {
            for _ in 0..2 {
                let mut signature = [0; 64];
                signer.sign(&[&message], &mut signature).expect("a signature");
                let checked = verifier.verify(Algorithm::ESP256, &[&message], &signature);
                black_box(checked).expect("a good signature");
            }
        }
    };
    let [around, primitives] = minima(|| _ = black_box(exchange(&null, &context)), signatures, 100);
    let share = 100.0 * around.as_secs_f64() / primitives.as_secs_f64();
    println!(
        "TEEP exchange of four messages, {len} bytes: around the signatures {around:?}, eight signature operations {primitives:?}: {share:.2} %"
    );
}

criterion_group!(benches, updates, exchanges);
criterion_main!(benches);
