//! The most that one envelope can cost a device, whatever a carrier puts into it.

#[path = "support/world.rs"]
mod world;

use transparent_suit::Error;
use transparent_suit::cose_ext::{Profile, Work};
use transparent_suit::suit_manifest::Envelope;
use world::*;

/// What a device that requires one service makes of an envelope, and what that cost.
fn cost(bytes: &[u8]) -> (Result<(), Error>, Work) {
    let work = Work::new(&Profile::LENIENT.limits, bytes.len());
    let verdict = on_device(1, |device| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
        device.verify(&envelope, &context().with_work(&work)).map(drop)
    });
    (verdict, work)
}

/// A block with receipts of another block: each names a trusted key, and none is of this entry.
fn with_foreign_receipts(count: usize) -> Vec<u8> {
    let (envelope, other) = (release(8), release(9));
    let foreign = TestLog::a().receipt_for(&block_of(&other));
    let block = block_of(&envelope).with_receipts(&vec![&foreign[..]; count]).unwrap();
    with_blocks(envelope, &[&block])
}

#[test]
fn receipts_that_a_carrier_adds_are_one_budget() {
    let (few, work) = cost(&with_foreign_receipts(3));
    assert!(few.is_err());
    assert_eq!(work.checks(), 4, "the block and each receipt");
    let bytes = with_foreign_receipts(200);
    let (verdict, work) = cost(&bytes);
    assert!(verdict.is_err());
    assert_eq!(work.checks(), 64);
    assert!(work.hashed() <= (64 + 3) * bytes.len());
}
