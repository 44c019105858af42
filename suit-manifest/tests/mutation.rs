//! Envelopes with something changed: never a panic, nothing from the heap, and no verdict but refusal
//! where a byte changed that somebody signed.

#[path = "support/made.rs"]
mod made;

use made::*;
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, Section,
    cose_ext::{
        Profile, Trust,
        crypto::PublicKey,
        key::{TrustStore, TrustedKey},
    },
};
use testkit::alloc_count::{Counting, allocations_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// An envelope of all that is signed: with severed install and text, dependencies, and two blocks.
fn whole() -> Vec<u8> {
    let install = bstr(&array(&[int(12), int(0), int(3), int(15)]));
    let english = map(&[(int(1), text("pump")), (component(b"app"), numbered(&[(1, text("V"))]))]);
    let texts = bstr(&map(&[(text("en"), english)]));
    let common = with(common(), 1, numbered(&[(0, numbered(&[(1, component(b"p"))]))]));
    let manifest = with(members(), 3, bstr(&numbered(&common)));
    let manifest = with(manifest, 4, text("https://example.com"));
    let manifest = with(manifest, 5, component(b"manifest"));
    let manifest = with(with(manifest, 20, digest(&install)), 23, digest(&texts));
    let members = signed(&manifest);
    let digest = digest(&members[1].1);
    let wrapper = wrapper(&digest, &[block(&digest, &author()), block(&digest, &second())]);
    envelope(&with(with(with(members, 2, wrapper), 20, install), 23, texts))
}

/// Reads everything that an envelope holds.
fn read_all(bytes: &[u8], keys: [PublicKey<'_>; 2]) -> Result<usize, Error> {
    let context = context();
    let [author, second] = keys;
    let keys = [TrustedKey::new(author, &context)?, TrustedKey::new(second, &context)?];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT)?;
    let policy = AuthenticationPolicy::ALL_BLOCKS;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context)?;
    let manifest = manifest.by_ref();
    let mut found = 0;
    for section in Section::ALL {
        found += usize::from(envelope.section(&manifest, section, &context)?.is_some());
    }
    if let Some(text) = envelope.text(&manifest, &context)? {
        found += text.value().languages().flat_map(|language| language.components()).count();
    }
    let common = manifest.value().common();
    common.check_dependencies()?;
    common.components().check_distinct()?;
    Ok(found + common.dependencies().iter().count() + envelope.integrated_payloads().count())
}

#[test]
fn verifying_takes_nothing_from_the_heap() {
    let bytes = whole();
    let (author, second) = (author(), second());
    let (author, second) = (author.public_key(), second.public_key());
    let keys = || [(&author).into(), (&second).into()];
    let (found, allocations) = allocations_during(|| read_all(&bytes, keys()));
    assert_eq!(found, Ok(4));
    assert_eq!(allocations.count, 0);
}

#[test]
fn every_changed_bit_is_refused() {
    let bytes = whole();
    let (author, second) = (author(), second());
    let (author, second) = (author.public_key(), second.public_key());
    let keys = || [(&author).into(), (&second).into()];
    for index in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[index] ^= 1 << bit;
            let (found, allocations) = allocations_during(|| read_all(&changed, keys()));
            assert!(found.is_err(), "bit {bit} of byte {index}");
            assert_eq!(allocations.count, 0);
        }
    }
}

#[test]
fn every_shortened_or_lengthened_envelope_is_refused() {
    let bytes = whole();
    let (author, second) = (author(), second());
    let (author, second) = (author.public_key(), second.public_key());
    let keys = || [(&author).into(), (&second).into()];
    for len in 0..bytes.len() {
        assert!(read_all(&bytes[..len], keys()).is_err(), "{len} bytes");
        let without = [&bytes[..len], &bytes[len + 1..]].concat();
        assert!(read_all(&without, keys()).is_err(), "without byte {len}");
        let doubled = [&bytes[..=len], &bytes[len..]].concat();
        assert!(read_all(&doubled, keys()).is_err(), "byte {len} twice");
    }
}
