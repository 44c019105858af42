//! Example 0 of the specification, read and verified. Both hash the manifest and read its members. Ours also checks every
//! item of the manifest and of its common member for deterministic encoding, order, form and known members. What is inside
//! of command sequences both look into when they are asked for it; suit_validator leaves the authentication block to its
//! caller. What is invoked is verified as on a device, which takes one kind of block and has the thumbprint of its key; all
//! 237 bytes of the envelope are read for it, of which the 115 of the manifest are hashed.

use std::hint::black_box;

use cose_ext::{Context, crypto::Algorithm, rustcrypto::RustCrypto};

use crate::{
    update::Update,
    work::{Work, kept},
};

/// Returns the works of this benchmark.
pub fn suit() -> Vec<Work> {
    let update: &'static Update = kept(Update::of(1));
    assert_eq!(update.bytes().len(), 237);
    assert_eq!(update.intact(), update.suit_validator());
    assert_eq!(update.verified(update.keys()), update.suit_validator_verified());
    let manifest = update.manifest();
    let hash =
        move || Context::new(&RustCrypto).hash(Algorithm::SHA256, &[black_box(manifest)]).is_ok();
    let intact = "example 0 read, its digest checked";
    let all = move || {
        let envelope = black_box(update.bytes());
        Context::new(&RustCrypto).hash(Algorithm::SHA256, &[envelope]).is_ok()
    };
    let without = "example 0 verified, without the signature";
    let with = "example 0 verified, ES256";
    let invoked = "example 0 verified and invoked, without the signature";
    let theirs = move || update.suit_validator();
    vec![
        Work::new(intact, "suit-manifest", move || update.intact()),
        Work::new(intact, "suit_validator", theirs),
        Work::new(intact, "the hash of its manifest alone", hash),
        Work::new(without, "suit-manifest", move || update.verified(update.null())),
        Work::new(without, "suit_validator, the block left to its caller", theirs),
        Work::new(with, "suit-manifest", move || update.verified(update.keys())),
        Work::new(with, "suit_validator", move || update.suit_validator_verified()),
        Work::new(invoked, "suit-manifest", move || update.invoked()),
        Work::new(invoked, "suit_validator, read alone", theirs),
        Work::new(invoked, "the hash of the envelope alone", all),
        Work::new(invoked, "the hash of its manifest alone", hash),
    ]
}
