//! The claims of an attestation token, checked and read by type in one pass, beside ciborium's decoding
//! to `Value`, which checks neither keys nor types.
#![allow(missing_docs)]

use benches::{cases, compare::compare, report};
use criterion::{Criterion, criterion_group, criterion_main};

fn claims(c: &mut Criterion) {
    compare(c, &cases::claims(), report!());
}

criterion_group!(benches, claims);
criterion_main!(benches);
