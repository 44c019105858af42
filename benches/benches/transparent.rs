//! A transparent SUIT envelope verified: with one, two and four receipts of logs of 2^20 entries, beside the raw signatures
//! and hashes, and beside the same block without receipts.
#![allow(missing_docs)]

use benches::{
    cases,
    compare::{Overhead, compare, find},
    report, say,
    statement::Cryptography,
    work::{Work, kept},
};
use criterion::{Criterion, criterion_group, criterion_main};

/// How much may be around the cryptography, in percent.
const MOST: f64 = 5.0;

fn transparent(c: &mut Criterion) {
    let works = cases::transparent();
    compare(c, &works, report!());
    for (receipts, what) in [
        (1, "transparent envelope, 1 receipt, without the signatures"),
        (2, "transparent envelope, 2 receipts, without the signatures"),
        (4, "transparent envelope, 4 receipts, without the signatures"),
    ] {
        let raw = kept(Cryptography::of(receipts));
        let hashes = Work::new("hashes", "", || raw.hashes());
        let all = Work::new("signatures and hashes", "", || {
            raw.hashes();
            raw.signatures();
        });
        let null = find(&works, what, "transparent-suit");
        let overhead = Overhead::measure(null, Some(&hashes), &all);
        say!("envelope with {receipts} receipts: {overhead}");
        assert!(overhead.percent() <= MOST, "more than {MOST} %");
    }
}

criterion_group!(benches, transparent);
criterion_main!(benches);
