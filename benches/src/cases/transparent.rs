//! A transparent SUIT envelope verified, with receipts of logs of 2^20 entries.

use std::hint::black_box;

use crate::{
    statement::Cryptography,
    transparent::{Signatures, device, envelope, verify},
    work::{Work, kept},
};

/// Returns the works of this benchmark. Its hashes and signatures alone are those of a transparent statement with as many
/// receipts, which differ in one hash, that of the manifest.
pub fn transparent() -> Vec<Work> {
    let mut works = Vec::new();
    for (receipts, what) in [
        (0, "transparent envelope, no receipt asked for, without the signatures"),
        (1, "transparent envelope, 1 receipt, without the signatures"),
        (2, "transparent envelope, 2 receipts, without the signatures"),
        (4, "transparent envelope, 4 receipts, without the signatures"),
    ] {
        let bytes: &'static [u8] = envelope(receipts).leak();
        let device = kept(device(receipts, Signatures::Accepted));
        assert_eq!(verify(bytes, device), receipts);
        works.push(Work::new(what, "transparent-suit", move || verify(black_box(bytes), device)));
    }
    let what = "transparent envelope, 1 receipt, ESP256";
    let bytes: &'static [u8] = envelope(1).leak();
    let device = kept(device(1, Signatures::Checked));
    let cryptography = kept(Cryptography::of(1));
    works.push(Work::new(what, "transparent-suit", move || verify(black_box(bytes), device)));
    works.push(Work::new(what, "two signatures and 22 hashes alone", move || {
        cryptography.hashes();
        cryptography.signatures();
    }));
    works
}
