//! A transparent statement with one receipt in a tree of 2^20, verified: all of it, and what there is
//! around the two signatures and the hashes; what a service takes to register; and the fields read by
//! `coset`, which is what people take for such messages, and which checks neither receipt nor binding.
#![allow(missing_docs)]

use benches::{
    cases,
    compare::{Overhead, compare, find},
    report, say,
    statement::{ISSUER, issuer, service, statement},
};
use cose_ext::{Context, Input, crypto::Algorithm, key::TrustedKey, rustcrypto::RustCrypto};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use merkle_proof::Sha256Tree;
use scitt_core::{ReceiptKey, Registration, Requirements, TransparencyService};

const SERVICE: &str = "https://log.example";
const NOW: i64 = 1_800_000_000;
/// How much may be around the cryptography, in percent.
const MOST: f64 = 5.0;

fn verifying(c: &mut Criterion) {
    let works = cases::scitt();
    compare(c, &works, report!());
    let without = "transparent statement, one receipt, without the signatures";
    let with = "transparent statement, one receipt, ES256";
    let overhead = Overhead::measure(
        find(&works, without, "scitt-core"),
        Some(find(&works, without, "the 22 hashes alone")),
        find(&works, with, "the two signatures and 22 hashes alone"),
    );
    say!("transparent statement, tree of 2^20: {overhead}");
    assert!(overhead.percent() <= MOST, "more than {MOST} %");
}

fn registering(c: &mut Criterion) {
    let context = Context::new(&RustCrypto);
    let issuer_public = issuer().public_key();
    let issuer_key = TrustedKey::new(&issuer_public, &context).expect("a key").for_issuer(ISSUER);
    let mut group = c.benchmark_group("scitt");
    group.throughput(Throughput::Elements(1));
    let policy = Registration { issuers: &issuer_key, requirements: Requirements::Rfc9943 };
    let mut log = TransparencyService::in_memory(
        Sha256Tree,
        SERVICE,
        ReceiptKey::new(b"log", Algorithm::ES256),
    );
    let mut number = 0;
    group.bench_function("register in memory", |b| {
        b.iter_batched(
            || {
                number += 1;
                statement(number)
            },
            |statement| {
                let input = Input::embedded();
                log.register(&statement, &input, NOW, &policy, &context).expect("registered")
            },
            BatchSize::SmallInput,
        );
    });
    log.sign_head(NOW, &service(0), &context).expect("signed");
    let mut index = 0;
    group.bench_function("receipt under a signed root", |b| {
        b.iter(|| {
            index = (index + 1) % log.size();
            let entry = log.entry(index).expect("an entry");
            log.receipt(entry, &context).expect("a receipt")
        });
    });
    group.finish();
}

criterion_group!(benches, verifying, registering);
criterion_main!(benches);
