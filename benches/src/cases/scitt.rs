//! A transparent statement with one receipt in a tree of 2^20, verified. coset is what people take for such messages; it
//! reads fields and checks neither receipt nor binding.

use std::hint::black_box;

use coset::{CborSerializable as _, CoseSign1, TaggedCborSerializable as _};

use crate::{
    statement::{Cryptography, RelyingParty, Signatures},
    work::{Work, kept},
};

/// Returns the works of this benchmark.
pub fn scitt() -> Vec<Work> {
    let null = kept(RelyingParty::of(1, Signatures::Accepted));
    let checked = kept(RelyingParty::of(1, Signatures::Checked));
    let cryptography = kept(Cryptography::of(1));
    let without = "transparent statement, one receipt, without the signatures";
    let with = "transparent statement, one receipt, ES256";
    let fields = move || {
        let message = CoseSign1::from_tagged_slice(black_box(null.bytes())).expect("a message");
        message.protected.header.to_vec().expect("a header")
    };
    vec![
        Work::new(without, "scitt-core", move || null.verify()),
        Work::new(without, "coset, fields read, nothing verified", fields),
        Work::new(without, "the 22 hashes alone", move || cryptography.hashes()),
        Work::new(with, "scitt-core", move || checked.verify()),
        Work::new(with, "the two signatures and 22 hashes alone", move || {
            cryptography.hashes();
            cryptography.signatures();
        }),
    ]
}
