//! What the benchmarks share: messages made with fixed keys, what is compared, and how.

pub mod cases;
pub mod compare;
pub mod curve;
pub mod evidence;
pub mod exchange;
pub mod null;
pub mod page;
pub mod proof;
pub mod report;
pub mod statement;
pub mod timing;
pub mod transparent;
pub mod update;
pub mod work;

pub use timing::{minima, shortest, shortest_parts};

use std::cmp::Ordering;

use cose_ext::{
    Content, MapBuilder,
    crypto::Signer,
    cwt::ClaimKey,
    header::ContentType,
    rustcrypto::{Ed25519SigningKey, P256SigningKey},
    sign1::Sign1Builder,
};

/// A COSE_Sign1 of exactly 300 bytes with the headers of a signed statement, and its key.
pub fn message_of_300_bytes() -> (Vec<u8>, P256SigningKey) {
    message(300)
}

/// A COSE_Sign1 of `len` bytes, 300 or more, and its key.
///
/// # Panics
/// If `len` is too small.
pub fn message(len: usize) -> (Vec<u8>, P256SigningKey) {
    let key = P256SigningKey::from_bytes(&[7; 32]).expect("a scalar");
    (message_by(&key, len), key)
}

/// Returns a message of 300 bytes, signed by EdDSA on Ed25519.
pub fn eddsa_message_of_300_bytes() -> (Vec<u8>, Ed25519SigningKey) {
    let key = Ed25519SigningKey::from_bytes(&[7; 32]).expect("a seed");
    (message_by(&key, 300), key)
}

fn message_by(key: &dyn Signer, len: usize) -> Vec<u8> {
    let claims = MapBuilder::new()
        .with(ClaimKey::ISS, "https://maker.example")
        .with(ClaimKey::SUB, "firmware.gateway.example")
        .with(ClaimKey::IAT, 1_790_000_000);
    let build = |payload: &[u8]| {
        Sign1Builder::new()
            .key_id(b"maker-2026-11")
            .content_type(ContentType::MediaType("application/octet-stream"))
            .cwt_claims(&claims)
            .sign(Content::Embedded(payload), key)
            .expect("a message")
    };
    // The length of the payload's head may change on the way.
    let mut payload = vec![0x5a; len];
    loop {
        let message = build(&payload);
        match message.len().cmp(&len) {
            Ordering::Equal => return message,
            Ordering::Less => payload.push(0x5a),
            Ordering::Greater => payload.truncate(payload.len() - (message.len() - len)),
        }
    }
}
