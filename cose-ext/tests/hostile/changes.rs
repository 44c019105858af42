//! One byte of a valid message changed.

use cose_ext::crypto::{Algorithm, AlgorithmPolicy, Binding, Curve};
use cose_ext::key::{KeyResolver, TrustStore};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Input, Label, Processed, Profile, Sign1};
use rand_core::Rng;
use testkit::rng::seeded;

use crate::corpus::{made, published};
use crate::messages::{trusted_edwards, trusted_issuer, trusted_stranger};

const PAYLOAD: &[u8] = b"payload";

fn verdict(
    bytes: &[u8],
    keys: &dyn KeyResolver,
    external: &[u8],
    is_detached: bool,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let message = Sign1::decode(bytes, &Profile::LENIENT).ok()?;
    let old_pairs = [Binding::ec2(Algorithm::ES512, Curve::P256)];
    let context =
        Context::new(&RustCrypto).with_algorithms(AlgorithmPolicy::STANDARD.and(&old_pairs));
    let input = if is_detached { Input::detached(PAYLOAD) } else { Input::embedded() };
    let processed = [Label::CWT_CLAIMS, Label::text("private")];
    let input = input.with_external_aad(external).with_processed(Processed::new(&processed));
    let verified = message.verify(&input, keys, &context).ok()?;
    Some((verified.value().protected().as_received().to_vec(), verified.value().payload().to_vec()))
}

/// Where the unprotected bucket stands.
fn unprotected(bytes: &[u8]) -> std::ops::Range<usize> {
    let message = Sign1::decode(bytes, &Profile::LENIENT).unwrap();
    let bucket = message.headers().unprotected();
    bucket.offset()..bucket.offset() + bucket.bytes().len()
}

#[test]
fn one_changed_byte_outside_of_the_unprotected_bucket_is_refused() {
    let keys = [trusted_issuer(), trusted_stranger(), trusted_edwards()];
    let keys = TrustStore::new(&keys);
    let mut rng = seeded(1);
    let external = hex::decode("11aa22bb33cc44dd55006699").unwrap();
    let mut valid = 0;
    for message in made().into_iter().chain(published()) {
        for (external, is_detached) in [(&[][..], false), (&external, false), (&[], true)] {
            let Some(original) = verdict(&message, &keys, external, is_detached) else { continue };
            valid += 1;
            let free = unprotected(&message);
            for at in 0..message.len() {
                // Each bit in turn, and two values by chance.
                for other in [1 << (at % 8), rng.next_u32() as u8, rng.next_u32() as u8] {
                    if other == 0 {
                        continue;
                    }
                    let mut changed = message.clone();
                    changed[at] ^= other;
                    let found = verdict(&changed, &keys, external, is_detached);
                    if free.contains(&at) {
                        assert!(
                            found.is_none_or(|found| found == original),
                            "byte {at} ^ {other:02x}"
                        );
                    } else {
                        assert_eq!(
                            found,
                            None,
                            "byte {at} ^ {other:02x} of {}",
                            hex::encode(&message)
                        );
                    }
                }
            }
        }
    }
    assert!(valid >= 6, "{valid}");
}

#[test]
fn every_value_of_every_byte_of_one_message() {
    let keys = trusted_edwards();
    let message = made()
        .into_iter()
        .find(|message| message.len() < 80 && verdict(message, &keys, &[], false).is_some())
        .expect("a short message by the Edwards key");
    let free = unprotected(&message);
    assert_eq!(free.len(), 1);
    for at in (0..message.len()).filter(|at| !free.contains(at)) {
        for other in 1..=255 {
            let mut changed = message.clone();
            changed[at] ^= other;
            assert_eq!(verdict(&changed, &keys, &[], false), None, "byte {at} ^ {other:02x}");
        }
    }
}

#[test]
fn bytes_added_or_removed_anywhere_are_refused() {
    let keys = [trusted_issuer(), trusted_edwards()];
    let keys = TrustStore::new(&keys);
    for message in made() {
        let Some(original) = verdict(&message, &keys, &[], false) else { continue };
        let free = unprotected(&message);
        for at in 0..=message.len() {
            for byte in [0x00, 0x40, 0xa0, 0xd2, 0xf6, 0xff] {
                let mut changed = message.clone();
                changed.insert(at, byte);
                let found = verdict(&changed, &keys, &[], false);
                // The tag is not signed: it may come and go.
                let is_tag = at == 0 && byte == 0xd2;
                let is_free = is_tag || free.start <= at && at <= free.end;
                assert!(
                    found.is_none_or(|found| is_free && found == original),
                    "{byte:02x} at {at}"
                );
            }
            let mut changed = message.clone();
            if at < message.len() {
                changed.remove(at);
                let is_free = free.contains(&at) || at == 0 && message[0] == 0xd2;
                let found = verdict(&changed, &keys, &[], false);
                assert!(
                    found.is_none_or(|found| is_free && found == original),
                    "without byte {at}"
                );
            }
        }
    }
}
