//! A manifest is read into the author's model, changed there or not, and written again.

#[path = "support/made.rs"]
mod made;

use made::{
    array, author, bstr, common, component, context, digest, envelope, int, map, members, numbered,
    signed, text, with, without,
};
use suit_manifest::{
    AuthenticationPolicy, Envelope, Section,
    author::{ManifestBuilder, Sequence},
    cose_ext::{
        Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        sign1::Sign1Builder,
    },
    label::directive,
};

/// The envelope that is written from the model of another one, after `change`.
fn written(bytes: &[u8], change: impl FnOnce(ManifestBuilder) -> ManifestBuilder) -> Vec<u8> {
    let context = context();
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    let model = ManifestBuilder::of(&envelope, &manifest.by_ref(), &context).unwrap();
    let mut built = change(model).build(Algorithm::SHA256, &context).unwrap();
    built.sign(Sign1Builder::new(), &author(), &context).unwrap();
    built.to_bytes()
}

#[track_caller]
fn stays(bytes: &[u8]) {
    assert_eq!(written(bytes, |model| model), bytes);
}

fn sequence(commands: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let items: Vec<_> =
        commands.iter().flat_map(|(code, argument)| [int(*code), argument.clone()]).collect();
    array(&items)
}

#[test]
fn what_is_not_changed_is_written_as_it_was() {
    stays(&envelope(&signed(&members())));
    // Every member that there is.
    let install = bstr(&sequence(&[(20, numbered(&[(21, text("#image"))])), (21, int(2))]));
    let texts = bstr(&map(&[(text("en"), numbered(&[(1, text("a lamp"))]))]));
    let mut whole = members();
    for (label, value) in [
        (4, text("coap://a")),
        (5, component(b"self")),
        (6, bstr(&[1])),
        (14, bstr(b"any")),
        (20, install.clone()),
        (23, texts.clone()),
        (24, bstr(&sequence(&[(33, int(2))]))),
    ] {
        whole = with(whole, label, value);
    }
    stays(&envelope(&signed(&whole)));
    // Severed ones, there and not there.
    let severed = with(with(whole, 20, digest(&install)), 23, digest(&texts));
    let there = with(with(signed(&severed), 20, install), 23, texts);
    stays(&envelope(&there));
    stays(&envelope(&without(there.clone(), 23)));
    stays(&envelope(&without(without(there, 20), 23)));
}

#[test]
fn dependencies_and_empty_sequences_stay() {
    let prefix = numbered(&[(1, component(b"tee"))]);
    let both = numbered(&[(0, numbered(&[])), (1, prefix)]);
    let ids = array(&[component(b"one"), component(b"two")]);
    let common = with(with(common(), 1, both), 2, ids);
    let common = with(common, 4, bstr(&sequence(&[])));
    let manifest = with(members(), 3, bstr(&numbered(&common)));
    stays(&envelope(&signed(&with(manifest, 8, bstr(&sequence(&[]))))));
}

#[test]
fn a_change_is_that_change_and_no_other() {
    let fetch = |policy: u64| Sequence::new().command(directive::FETCH, policy);
    let install = |policy: i64| bstr(&sequence(&[(21, int(policy))]));
    let before = envelope(&signed(&with(members(), 20, install(2))));
    let after = envelope(&signed(&with(members(), 20, install(15))));
    assert_eq!(written(&before, |model| model.section(Section::Install, fetch(15))), after);
    let severed = signed(&with(members(), 20, digest(&install(2))));
    let severed = envelope(&with(severed, 20, install(2)));
    assert_eq!(written(&before, |model| model.severed(Section::Install)), severed);
}
