//! What is measured takes nothing from the heap, with `std` on. The counter is the allocator of this
//! program, and not of the benchmarks: there it would slow the others down.

use benches::{
    evidence,
    exchange::{Parties, exchange, read, read_with_ciborium, read_with_minicbor, update_of_64_kib},
    message_of_300_bytes,
    proof::Inclusion,
    transparent::{Signatures, device, envelope, verify},
};
use cose_ext::{
    Context, Input, Profile, Sign1,
    crypto::Algorithm,
    key::TrustedKey,
    rustcrypto::{P256SigningKey, RustCrypto},
};
use merkle_proof::{CompactRange, Sha256Tree};
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
        let device = device(receipts, Signatures::Checked);
        let (services, allocations) = allocations_during(|| verify(&bytes, &device));
        assert_eq!((services, allocations), (receipts, Allocations::default()));
    }
}

#[test]
fn leaves_are_appended_and_proved_without_heap() {
    let leaves: Vec<[u8; 8]> = (0..1000_u64).map(u64::to_be_bytes).collect();
    let leaves: Vec<&[u8]> = leaves.iter().map(|leaf| &leaf[..]).collect();
    let (root, allocations) = allocations_during(|| {
        let mut tree = CompactRange::new(Sha256Tree);
        tree.append_all(&leaves).expect("room");
        tree.root()
    });
    assert_eq!(allocations, Allocations::default());
    let mut one_by_one = CompactRange::new(Sha256Tree);
    leaves.iter().for_each(|leaf| _ = one_by_one.append(&[leaf]).expect("room"));
    assert_eq!(root, one_by_one.root());
    let proof = Inclusion::in_tree_of(20);
    let ((), allocations) = allocations_during(|| proof.ours());
    assert_eq!(allocations, Allocations::default());
}

/// A tree of values takes every string from the heap, one by one.
#[test]
fn an_update_of_64_kib_is_read_without_heap_and_without_copying() {
    let update = update_of_64_kib();
    let (ours, allocations) = allocations_during(|| read(&update));
    assert_eq!(allocations, Allocations::default());
    assert!(update.as_ptr_range().contains(&ours.token.as_ptr()), "it borrows");
    let (plain, allocations) = allocations_during(|| read_with_minicbor(&update));
    assert_eq!((plain, allocations), (ours, Allocations::default()));
    let (_, allocations) = allocations_during(|| read_with_ciborium(&update));
    println!("ciborium reads an Update of 64 KiB with {allocations:?}");
    assert!(allocations.count > 10 && allocations.bytes > update.len());
}

#[test]
fn an_exchange_of_four_signed_messages_takes_nothing_from_the_heap() {
    let key = |number: u8| {
        let key = P256SigningKey::from_bytes(&[number; 32]).expect("a scalar");
        key.with_algorithm(Algorithm::ESP256).expect("an algorithm of the curve")
    };
    let (tam, agent) = (key(1), key(2));
    let (tam_public, agent_public) = (tam.public_key(), agent.public_key());
    let context = Context::new(&RustCrypto);
    let tams = TrustedKey::new(&tam_public, &context).expect("a key");
    let agents = TrustedKey::new(&agent_public, &context).expect("a key");
    let parties = Parties { tam: &tam, agent: &agent, tams: &tams, agents: &agents };
    let (len, allocations) = allocations_during(|| exchange(&parties, &context));
    assert_eq!(allocations, Allocations::default());
    assert!(len > 400);
}
