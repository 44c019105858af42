//! View of a COSE_Sign1 (parse, header checks, parts to be signed) beside coset's decode and TBS; verification beside coset with
//! p256, and beside p256 and ed25519-dalek alone; what this crate adds to a verification. With the feature `aws-lc` also through
//! AWS-LC, and aws-lc-rs alone.
#![allow(missing_docs)]

use benches::{
    cases,
    compare::{Overhead, compare, find},
    report,
};
use criterion::{Criterion, criterion_group, criterion_main};

fn sign1(c: &mut Criterion) {
    let works = cases::sign1();
    compare(c, &works, report!());
    let null = find(&works, "COSE_Sign1 of 300 bytes verified, without the signature", "cose-ext");
    for (name, what, by) in [
        ("ES256", "COSE_Sign1 of 300 bytes verified, ES256", "p256 alone"),
        ("EdDSA", "COSE_Sign1 of 300 bytes verified, EdDSA", "ed25519-dalek alone"),
    ] {
        let overhead = Overhead::measure(null, None, find(&works, what, by));
        benches::say!("{name} of 300 bytes: {overhead}");
    }
}

criterion_group!(benches, sign1);
criterion_main!(benches);
