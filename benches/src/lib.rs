//! What the benchmarks share: messages made with fixed keys, and ratios printed beside times.

pub mod evidence;
pub mod exchange;
pub mod transparent;

use std::{
    cmp::Ordering,
    hint::black_box,
    time::{Duration, Instant},
};

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

/// The shortest times of two pieces of work that take turns, so that what disturbs one disturbs the
/// other. Each time is of one call.
pub fn minima(mut ours: impl FnMut(), mut theirs: impl FnMut(), rounds: u32) -> [Duration; 2] {
    const CALLS: u32 = 64;
    let mut best = [Duration::MAX; 2];
    for _ in 0..rounds {
        let mut time = |work: &mut dyn FnMut(), slot: usize| {
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(&mut *work)();
            }
            best[slot] = best[slot].min(start.elapsed() / CALLS);
        };
        time(&mut ours, 0);
        time(&mut theirs, 1);
    }
    best
}

/// The shortest times of one run of each piece of work, all taking turns.
pub fn shortest<const N: usize>(works: [&mut dyn FnMut(); N], rounds: u32) -> [Duration; N] {
    let mut works = works.map(|work| move |_: usize| work());
    shortest_parts(works.each_mut().map(|work| work as &mut dyn FnMut(usize)), 1, rounds)
}

/// The times of long pieces of work that are done in parts, numbered from 0, all taking turns. Of
/// each part the shortest time counts, since the whole is longer than a machine stays quiet.
pub fn shortest_parts<const N: usize>(
    mut works: [&mut dyn FnMut(usize); N],
    parts: usize,
    rounds: u32,
) -> [Duration; N] {
    let mut best = vec![[Duration::MAX; N]; parts];
    for _ in 0..rounds {
        for (part, best) in best.iter_mut().enumerate() {
            for (work, best) in works.iter_mut().zip(best) {
                let start = Instant::now();
                work(part);
                *best = start.elapsed().min(*best);
            }
        }
    }
    std::array::from_fn(|work| best.iter().map(|part| part[work]).sum())
}
