//! A transparent SUIT envelope verified: with one, two and four receipts of logs of 2^20 entries, beside the raw signatures
//! and hashes, and beside the same block without receipts.
#![allow(missing_docs)]

use std::hint::black_box;

use benches::{
    minima,
    transparent::{ROWS, Signatures, envelope, keys, verify, with_device},
};
use cose_ext::{
    Context, Profile, Sign1,
    crypto::{Algorithm, HashFunction, PublicKey},
    rustcrypto::{RustCrypto, Sha256},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use suit_manifest::Envelope;
use transparent_suit::Device;

/// How much may be around the cryptography, in percent.
const MOST: f64 = 5.0;

fn transparent(c: &mut Criterion) {
    let mut group = c.benchmark_group("transparent");
    for receipts in [0, 1, 2, 4] {
        let bytes = envelope(receipts);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        with_device(receipts, Signatures::Checked, |device| {
            assert_eq!(verify(&bytes, device), receipts);
            group.bench_function(format!("verify with {receipts} receipts"), |b| {
                b.iter(|| verify(black_box(&bytes), device));
            });
        });
    }
    group.finish();
    for receipts in [1, 2, 4] {
        with_device(receipts, Signatures::Accepted, |device| overhead(receipts, device));
    }
}

/// Null verifiers beside the raw cryptography, in turns: a signature for the block and one for each receipt, and the hashes
/// of manifest, entry, leaf and paths.
fn overhead(receipts: usize, device: &Device<'_>) {
    let bytes = envelope(receipts);
    let (author, services) = keys();
    let context = Context::new(&RustCrypto);
    let public = author.public_key();
    let publics: Vec<_> = services.iter().take(receipts).map(|key| key.public_key()).collect();
    let view = Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope");
    let block = view.authentication().blocks().next().expect("a block");
    let block = Sign1::decode(block.bytes(), &Profile::LENIENT).expect("a block");
    let manifest = view.manifest_item().bytes();
    // The signatures cost the same whether they are good or not; their structures are about as long as these.
    let message = block.headers().protected().as_received();
    let hashing = || {
        let digest = Sha256.hash(&[manifest]);
        let leaf = Sha256.hash(&[&[0], message, digest.as_ref(), block.signature()]);
        let mut hash = leaf;
        for _ in 0..receipts * usize::from(ROWS) {
            hash = Sha256.hash(&[&[1], hash.as_ref(), digest.as_ref()]);
        }
        _ = black_box(hash);
    };
    let check = |key: PublicKey<'_>| {
        let used = context.provider.with_verifier(&key, &mut |verifier| {
            let parts: [&[u8]; 2] = [message, &[0; 36]];
            _ = black_box(verifier.verify(Algorithm::ESP256, &parts, block.signature()));
        });
        used.expect("a key");
    };
    let signatures = || {
        check((&public).into());
        publics.iter().for_each(|key| check(key.into()));
    };
    let around = || _ = black_box(verify(black_box(&bytes), device));
    let [all, hashed] = minima(around, hashing, 1000);
    let [_, signed] = minima(around, signatures, 60);
    let extra = all.saturating_sub(hashed);
    let raw = signed + hashed;
    let share = 100.0 * extra.as_secs_f64() / raw.as_secs_f64();
    println!(
        "transparent envelope, {receipts} receipts of trees of 2^{ROWS}: around the cryptography {extra:?}, \
         {} signatures {signed:?}, hashes {hashed:?}: {share:.1} %",
        receipts + 1
    );
    assert!(share <= MOST, "{share:.1} % is more than {MOST} %");
}

criterion_group!(benches, transparent);
criterion_main!(benches);
