//! A QueryRequest and an Update of 64 KiB, read with all checks, beside a tree of `ciborium` and a hand-written reader over
//! `minicbor` that checks nothing; and an exchange of four signed messages, beside its signatures alone.
#![allow(missing_docs)]

use benches::{
    cases,
    compare::{Overhead, compare, find},
    report, say,
};
use criterion::{Criterion, criterion_group, criterion_main};

fn teep(c: &mut Criterion) {
    let works = cases::teep();
    compare(c, &works, report!());
    let null = find(&works, "exchange of four messages, without the signatures", "teep-msg");
    let raw = "the eight signature operations alone";
    let raw = find(&works, "exchange of four messages, ES256", raw);
    say!("exchange of four messages: {}", Overhead::measure(null, None, raw));
}

criterion_group!(benches, teep);
criterion_main!(benches);
