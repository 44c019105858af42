//! When the shared sequence is checked: not while the manifest is read, and before anything comes
//! of it.

#[path = "support/made.rs"]
mod made;

use made::{
    Members, array, author, bstr, common, context, envelope, int, members, numbered, signed, with,
};
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, ErrorKind, Limits, Procedure, Processor, Readings, Rule,
    Target,
    author::{ManifestBuilder, explanation},
    cose_ext::{
        Trust, cbor,
        error::ErrorKind as CoseErrorKind,
        key::{TrustStore, TrustedKey},
    },
};

/// What four readers say of a manifest whose shared sequence is the content `shared`: the view
/// itself, the processor, the explanation, and the author who reads it to write it again.
fn said(shared: &[u8]) -> [Option<Error>; 4] {
    let manifest: Members = with(members(), 3, bstr(&numbered(&with(common(), 4, bstr(shared)))));
    let bytes = envelope(&signed(&manifest));
    let context = context();
    let public = author().public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let mut arena = [];
    let made = Processor::<1, 2>::new(
        &envelope,
        &manifest,
        Procedure::Invoke,
        &target,
        &mut arena,
        &context,
    );
    [
        manifest.value().common().shared_sequence(&context.profile).err(),
        made.err(),
        explanation(&envelope, &manifest, &context).err(),
        ManifestBuilder::of(&envelope, &manifest, &context).err(),
    ]
}

#[test]
fn a_sequence_that_is_right_is_refused_by_none() {
    assert_eq!(said(&array(&[int(12), int(0)])), [None; 4]);
}

#[test]
fn a_damaged_sequence_is_refused_by_all_who_look_into_it() {
    for (damaged, kind) in [
        (&[0x82, 0x0c][..], cbor::ErrorKind::EndOfInput),
        (&[0x82, 0x0c, 0x00, 0x00], cbor::ErrorKind::TrailingBytes),
        (&[0x82, 0x0c, 0x18, 0x00], cbor::ErrorKind::NotPreferred),
        (&[0x9f, 0x0c, 0x00, 0xff], cbor::ErrorKind::IndefiniteLength),
        // The same parameter twice, and an unknown command before it.
        (
            &[0x84, 0x18, 0x63, 0x00, 0x14, 0xa2, 0x0e, 0x00, 0x0e, 0x00],
            cbor::ErrorKind::DuplicateKey,
        ),
        // In the sequence of a run-sequence, behind a command that is not done here.
        (&[0x82, 0x18, 0x20, 0x44, 0x84, 0x18, 0x1d, 0x00], cbor::ErrorKind::EndOfInput),
    ] {
        let reasons = said(damaged).map(|error| error.map(|error| error.kind()));
        let expected = Some(ErrorKind::Cose(CoseErrorKind::Cbor(kind)));
        assert_eq!(reasons[1], expected, "{damaged:02x?}");
        assert!(reasons[2].is_some(), "{damaged:02x?}");
        // What is in an argument is looked into by those who go into it.
        if !damaged.starts_with(&[0x82, 0x18, 0x20]) {
            assert_eq!(reasons[0], expected, "{damaged:02x?}");
            assert_eq!(reasons[3], expected, "{damaged:02x?}");
        }
    }
}

#[test]
fn an_item_that_is_no_sequence_is_refused_by_who_runs_it() {
    let rules = said(&int(1)).map(|error| error.and_then(|error| error.rule()));
    let form = Some(Rule::SequenceForm.to_ref());
    assert_eq!(rules, [None, form, form, form]);
}
