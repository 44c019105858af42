//! What is measured takes nothing from the heap, with `std` on. The counter is the allocator of this
//! program, and not of the benchmarks: there it would slow the others down.

use benches::{
    evidence, message_of_300_bytes,
    transparent::{Signatures, envelope, verify, with_device},
};
use cose_ext::{Input, Profile, Sign1};
use rats_eat::{Claims, psa::PsaClaims};
use testkit::alloc_count::{Allocations, Counting, allocations_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn claims_are_checked_and_read_without_heap() {
    let bytes = evidence::claims();
    assert_eq!(bytes.len(), evidence::LEN);
    let (claims, allocations) = allocations_during(|| evidence::read(&bytes).expect("claims"));
    assert_eq!(allocations, Allocations::default());
    assert_eq!(claims.nonce, Some(&[0x4a; 32][..]));
    assert_eq!(
        claims.components.map(|component| component.name.unwrap_or_default()).concat(),
        "BLPRoTARoTApp"
    );
}

#[test]
fn psa_claims_are_decoded_with_all_checks_without_heap() {
    let bytes = evidence::psa_claims();
    assert_eq!(bytes.len(), 256);
    let (claims, allocations) = allocations_during(|| {
        let claims = Claims::decode(&bytes, &Profile::LENIENT).expect("claims");
        PsaClaims::read(claims).expect("a PSA token")
    });
    assert_eq!(allocations, Allocations::default());
    assert_eq!(
        claims.components().map(|component| component.kind).collect::<Vec<_>>(),
        [Some("PRoT")]
    );
}

#[test]
fn a_message_is_viewed_without_heap() {
    let (bytes, _) = message_of_300_bytes();
    let (len, allocations) = allocations_during(|| {
        let message = Sign1::decode(&bytes, &Profile::LENIENT).expect("a message");
        message.to_be_signed(&Input::embedded(), &Profile::LENIENT).expect("embedded").len()
    });
    assert_eq!(allocations, Allocations::default());
    assert!(len > 200);
}

#[test]
fn a_transparent_envelope_is_verified_without_heap_whatever_receipts_it_has() {
    for receipts in [0, 1, 2, 4] {
        let bytes = envelope(receipts);
        with_device(receipts, Signatures::Checked, |device| {
            let (services, allocations) = allocations_during(|| verify(&bytes, device));
            assert_eq!((services, allocations), (receipts, Allocations::default()));
        });
    }
}
