//! The claims of a PSA token, read with all checks of their profile, beside ciborium's plain decoding to
//! `Value`; the token verified, beside coset, ciborium and p256; and what a verification costs beside its signature.
#![allow(missing_docs)]

use benches::{
    cases,
    compare::{Overhead, compare, find},
    report, say,
};
use criterion::{Criterion, criterion_group, criterion_main};

fn tokens(c: &mut Criterion) {
    let works = cases::tokens();
    compare(c, &works, report!());
    let null = find(&works, "PSA token verified and read, without the signature", "rats-eat");
    let raw = find(&works, "PSA token verified and read, ES256", "p256 alone");
    say!("PSA token: {}", Overhead::measure(null, None, raw));
}

criterion_group!(benches, tokens);
criterion_main!(benches);
