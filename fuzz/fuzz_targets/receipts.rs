//! Receipts of every structure, and transparent statements.
//!
//! An input that begins with a byte below 4 chooses what a log is like and what is wrong with a receipt of it: there the
//! signature over a root is good for that root alone. In every other one, which is read as a receipt and as a statement,
//! all signatures are good: what is left to refuse is the structure, the proof, and what binds one to the other.
#![no_main]

#[path = "receipts/ledger.rs"]
mod ledger;
#[path = "receipts/range.rs"]
mod range;
#[path = "receipts/read.rs"]
mod read;
#[path = "receipts/statement.rs"]
mod statement;
#[path = "receipts/tree.rs"]
mod tree;

use cose_ext::cbor::Raw;
use cose_ext::crypto::Algorithm;
use cose_ext::header::{Vdp, Vds};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Label, MapBuilder, Profile, Value};
use fuzz::{Accept, Chosen, Nobody, with_keys};
use libfuzzer_sys::fuzz_target;
use merkle_proof::cose::{
    AttachedRoot, EmptyPath, Limits, Receipt, ReceiptBuilder, ReceiptReading, ReceiptVerifier,
};

const SIGNER: Nobody = Nobody(Algorithm::ES256);

fuzz_target!(|bytes: &[u8]| {
    let (machine, mut chosen) = match bytes {
        [machine @ ..4, choices @ ..] => (*machine, Chosen::by(choices)),
        bytes => return read::check(bytes),
    };
    match machine {
        0 => tree::check(&mut chosen),
        1 => ledger::check(&mut chosen),
        2 => range::check(&mut chosen),
        _ => statement::check(&mut chosen),
    }
});

fn reading() -> ReceiptReading<'static> {
    ReceiptReading::DEFAULT.with_ccf_ledger().with_mmr()
}

/// Calls `then` with a verifier to which the signer's signatures are good.
fn verifying<R>(reading: &ReceiptReading<'_>, then: impl FnOnce(&ReceiptVerifier<'_>) -> R) -> R {
    let context = Context::new(&Accept::NOBODY);
    with_keys(|keys| then(&ReceiptVerifier::new(keys, &context).with_reading(reading)))
}

fn builder(vds: Vds) -> ReceiptBuilder {
    let claims = MapBuilder::new().with(1, "https://log.example").with(2, "log");
    ReceiptBuilder::new(vds).key_id(b"1").cwt_claims(&claims)
}

/// A receipt whose root stands in it.
fn attached(vds: Vds, proof: &[u8], root: &[u8]) -> Vec<u8> {
    let proofs = [Value::Bytes(proof)];
    let vdp = MapBuilder::new().with(Vdp::INCLUSION, proofs.as_slice());
    let builder = Sign1Builder::new().protected(Label::VDS, Value::Int(vds.value()));
    let made = builder.unprotected(Label::VDP, &vdp).sign(Content::Embedded(root), &SIGNER);
    made.expect("a receipt")
}

fn decode(bytes: &[u8]) -> Receipt<'_> {
    Receipt::decode(bytes, &Profile::DETERMINISTIC).expect("it was made")
}

/// Changes one byte of one hash, or appends or removes one; returns whether anything is another.
fn change(path: &mut Vec<[u8; 32]>, chosen: &mut Chosen<'_>) -> bool {
    let place = usize::from(chosen.byte()) % path.len().max(1);
    match chosen.byte() % 8 {
        0 => path.push([7; 32]),
        1 => return path.pop().is_some(),
        2 if !path.is_empty() => path[place][place % 32] ^= 1,
        _ => return false,
    }
    true
}

/// Readings by which a receipt with one proof and a detached root is refused, or not.
fn readings(has_path: bool) -> [(ReceiptReading<'static>, bool); 3] {
    let reading = reading();
    [
        (reading.with_limits(Limits::DEFAULT.with_proofs(0)), false),
        (reading.with_empty_path(EmptyPath::Refused), has_path),
        (reading.with_attached_root(AttachedRoot::AcceptedWhenEqual), true),
    ]
}

fn refused(error: &merkle_proof::cose::Error) {
    assert!(!error.to_string().is_empty());
    let _ = (error.rule(), error.kind(), error.offset());
}

/// One item as it stands in a proof.
fn item(bytes: &[u8]) -> Raw<'_> {
    Profile::DETERMINISTIC.item(bytes, 0).expect("it was made")
}
