//! From the bytes of example 0 of the specification to a manifest whose digest is right, beside suit_validator, and what
//! hashing alone costs; verified, beside suit_validator with its own cryptography; and invoked. What each looks at stands in
//! `benches::cases`.
#![allow(missing_docs)]

use benches::{cases, compare::compare, report};
use criterion::{Criterion, criterion_group, criterion_main};

fn suit(c: &mut Criterion) {
    compare(c, &cases::suit(), report!());
}

criterion_group!(benches, suit);
criterion_main!(benches);
