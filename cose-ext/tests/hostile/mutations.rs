//! Published and own messages under random changes, and bytes that were never a message.

use std::sync::LazyLock;

use cose_ext::key::TrustStore;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Input, Label, Processed, Profile, Sign1};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::corpus::{made, published};
use crate::exercise::exercise;
use crate::messages::{trusted_edwards, trusted_issuer};
use crate::mutate::{apply, change, pieces};

static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut seeds = made();
    // Long payloads hide what is interesting from random changes.
    seeds.extend(published().into_iter().filter(|message| message.len() <= 6000));
    seeds
});

/// The protected bucket as signed and the payload, when the message verifies.
fn signed(message: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let message = Sign1::decode(message, &Profile::LENIENT).ok()?;
    let keys = [trusted_issuer(), trusted_edwards()];
    let detached = Input::detached(b"payload");
    let input =
        if message.danger_unverified_payload().is_some() { Input::embedded() } else { detached };
    let processed = [Label::CWT_CLAIMS, Label::text("private")];
    let input = input.with_processed(Processed::new(&processed));
    let verified =
        message.verify(&input, &TrustStore::new(&keys), &Context::new(&RustCrypto)).ok()?;
    let signed = verified.value();
    Some((signed.protected().as_received().to_vec(), signed.payload().to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_messages(seed in any::<prop::sample::Index>(), changes in vec(change(), 0..6)) {
        let seed = seed.get(&SEEDS);
        let mut message = seed.clone();
        changes.iter().for_each(|change| apply(&mut message, change));
        exercise(&message);
        // What verifies is what was signed, whatever was done to it.
        if let Some(found) = signed(&message) {
            prop_assert_eq!(Some(found), signed(seed));
        }
    }

    #[test]
    fn bytes_that_were_never_a_message(bytes in vec(any::<u8>(), 0..300)) {
        exercise(&bytes);
    }

    #[test]
    fn heads_in_any_order(pieces in vec(pieces(), 0..60), frame in 0_usize..4) {
        let body = pieces.concat();
        let frames: [(&[u8], &[u8]); 4] =
            [(&[], &[]), (&[0x84, 0x40], &[0x40, 0x40]), (&[0x84, 0x40, 0xa1, 0x18, 0x2a], &[0x40, 0x40]), (&[0xd2, 0x84], &[])];
        let (front, back) = frames[frame];
        exercise(&[front, &body, back].concat());
    }

    #[test]
    fn protected_buckets_of_any_content(pieces in vec(pieces(), 0..20)) {
        let protected = pieces.concat();
        exercise(&crate::messages::sign1(&protected, &[0xa0], Some(b"x"), &[0; 64]));
        exercise(&crate::messages::sign1(&[&[0xa1, 0x01], &protected[..]].concat(), &[0xa0], Some(b"x"), &[0; 64]));
    }
}

#[test]
fn every_seed_as_it_is_and_cut_anywhere() {
    for seed in SEEDS.iter() {
        exercise(seed);
        let step = 1 + seed.len() / 200;
        for len in (0..seed.len()).step_by(step) {
            exercise(&seed[..len]);
        }
    }
}
