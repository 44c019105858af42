//! The claims of an attestation token, checked and read by type in one pass, beside ciborium's decoding
//! to `Value`, which checks neither keys nor types.
#![allow(missing_docs)]

use std::{hint::black_box, path::Path};

use benches::{
    evidence::{LEN, claims, read},
    minima,
};
use ciborium::Value;
use cose_ext::{
    Profile,
    cbor::{Limits, Map, Reader, Strictness, check},
};
use criterion::{Criterion, criterion_group, criterion_main};

fn theirs(bytes: &[u8]) -> Value {
    ciborium::from_reader(bytes).expect("a value")
}

/// The keys of the claims set.
const KEYS: [i64; 10] = [268, 2396, 2399, 2395, 10, 2400, 2394, 256, 265, 2398];

fn compare(name: &str, bytes: &[u8]) {
    let one_pass = || _ = black_box(read(black_box(bytes)).expect("claims"));
    let ciborium = || _ = black_box(theirs(black_box(bytes)));
    let [us, them] = minima(one_pass, ciborium, 4000);
    let times = them.as_secs_f64() / us.as_secs_f64();
    println!("{name}: cose-ext {us:?}, ciborium {them:?}: {times:.2} times faster");

    let checked = || {
        let mut reader = Reader::new(black_box(bytes), Strictness::LENIENT);
        black_box(check(&mut reader, &Limits::DEFAULT)).expect("well-formed");
    };
    let found = || {
        let item = Profile::LENIENT.item(black_box(bytes), 0).expect("an item");
        black_box(Map::new(&item).expect("a map").find_all(KEYS));
    };
    let [check, find_all] = minima(checked, found, 4000);
    println!(
        "{name}: the check alone {check:?}, check and find_all of {} {find_all:?}",
        KEYS.len()
    );
}

fn evidence(c: &mut Criterion) {
    let bytes = claims();
    assert_eq!(bytes.len(), LEN);
    assert_eq!(theirs(&bytes).as_map().map(Vec::len), Some(10));
    let typed = read(&bytes).expect("claims");
    assert_eq!((typed.client_id, typed.lifecycle), (Some(-1), Some(0x3000)));
    assert_eq!(typed.components[3].name, Some("App"));

    let mut group = c.benchmark_group("claims_566_bytes");
    group.bench_function("cose-ext", |b| b.iter(|| read(black_box(&bytes)).map(|_| ())));
    group.bench_function("ciborium", |b| b.iter(|| theirs(black_box(&bytes))));
    group.finish();

    compare("claims of 566 bytes", &bytes);
    // A published set of claims, where there is one.
    let folder = std::env::var_os("CONFORMANCE_VECTORS").unwrap_or_default();
    let published = Path::new(&folder).join("rats/psa-claims-full.cbor");
    if let Ok(bytes) = std::fs::read(&published) {
        compare("psa-claims-full.cbor", &bytes);
    }
}

criterion_group!(benches, evidence);
criterion_main!(benches);
