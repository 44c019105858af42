//! Arbitrary manifests are read by those who receive them, with true digests, and differ.

use std::collections::BTreeSet;

use arbitrary::Arbitrary;
use cose_ext::{Context, Profile, arbitrary::Encoded, rustcrypto::RustCrypto};
use suit_manifest::{
    Envelope, ReportingPolicy, Section,
    author::{EnvelopeBuilder, ManifestBuilder, Sequence},
};
use testkit::varieties::{Inputs, needs_no_input};

const INPUTS: Inputs = Inputs { count: 3000, len: 1024 };

fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(each: impl Fn(&T) -> A) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(each)
}

#[test]
fn manifests_are_read_with_every_section() {
    let sections = std::cell::RefCell::new(BTreeSet::new());
    let different = variety::<Encoded<Envelope<'static>>, _>(|envelope| {
        assert!(envelope.bytes().len() <= 16_384, "{} of 1024 bytes", envelope.bytes().len());
        let view = envelope.view().unwrap();
        let manifest = view.danger_unverified_manifest(&Profile::LENIENT).unwrap();
        assert!(view.authentication().blocks().count() >= 1);
        sections.borrow_mut().insert(format!("{:?}", manifest.common().components().len()));
        assert_eq!(
            Envelope::decode(view.bytes(), &Profile::LENIENT).unwrap().bytes(),
            view.bytes()
        );
        envelope.bytes().to_vec()
    });
    assert!(different > 2500, "{different} of 3000");
    assert_eq!(sections.borrow().len(), 3, "one to three components");
}

#[test]
fn the_digests_are_true() {
    let context = Context::new(&RustCrypto);
    variety::<EnvelopeBuilder, _>(|builder| {
        // A builder that takes up what was received checks the digest of the manifest.
        let bytes = builder.to_bytes();
        let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
        let again = EnvelopeBuilder::of(&envelope).unwrap();
        assert_eq!(again.digest(), builder.digest());
        assert_eq!(again.to_bytes(), bytes);
        let headers = cose_ext::sign1::Sign1Builder::new();
        assert!(again.prepare(headers, cose_ext::crypto::Algorithm::ES256, &context).is_ok());
    });
}

#[test]
fn sequences_are_well_formed_and_small_values_keep_their_bits() {
    assert_eq!(variety::<Section, _>(|section| format!("{section:?}")), 8);
    assert_eq!(variety::<ReportingPolicy, _>(|policy| format!("{policy:?}")), 16);
    let different = variety::<Sequence, _>(|sequence| {
        assert!(!sequence.is_empty());
        format!("{sequence:?}")
    });
    assert!(different > 2500, "{different}");
    let different = variety::<ManifestBuilder, _>(|manifest| format!("{manifest:?}"));
    assert!(different > 2500, "{different}");
}
