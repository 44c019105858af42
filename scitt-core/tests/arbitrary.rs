//! Arbitrary statements meet the requirements, names come back out of their texts, and differ.

use std::{cell::RefCell, collections::BTreeSet};

use arbitrary::Arbitrary;
use scitt_core::{
    EntryRule, Evidence, KeyValidity, Limits, LogProfile, OwnedClaimKey, OwnedContentType, Policy,
    Purl, Role, ServiceLimits, SignedStatement, StatementBuilder, Subject, TransparentStatement,
    cose_ext::{
        Content, Context, Profile,
        arbitrary::{Encoded, View},
        crypto::Algorithm,
        rustcrypto::RustCrypto,
    },
    merkle_proof::cose::Receipt,
};
use testkit::varieties::{Inputs, needs_no_input};

const INPUTS: Inputs = Inputs { count: 3000, len: 2048 };

fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(each: impl Fn(&T) -> A) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(each)
}

/// Each can be decoded, and nine of ten are different ones.
fn encodings<T: View>(each: impl Fn(T::Of<'_>)) {
    let different = variety::<Encoded<T>, _>(|value| {
        assert!(value.bytes().len() <= 32_768, "{} bytes of 2048", value.bytes().len());
        each(value.view().ok().unwrap());
        value.bytes().to_vec()
    });
    assert!(different > 2700, "{different} of 3000");
}

#[test]
fn statements_meet_the_requirements() {
    let kinds = RefCell::new(BTreeSet::new());
    encodings::<SignedStatement<'static>>(|statement| {
        assert_eq!(statement.unmet_requirements().count(), 0);
        let headers = statement.message().headers();
        kinds.borrow_mut().insert((
            headers.hash_envelope().unwrap().is_some(),
            statement.message().danger_unverified_payload().is_some(),
        ));
    });
    // Payloads embedded and detached, and digests, which are embedded.
    assert_eq!(kinds.into_inner().len(), 3);
    let different = variety::<StatementBuilder, _>(|builder| {
        let prepared = builder.clone().prepare(Content::Embedded(b"app"), Algorithm::ES256);
        prepared.unwrap().attach(&[])
    });
    assert!(different > 2700, "{different}");
}

#[test]
fn transparent_statements_have_receipts_that_are_read() {
    let counts = RefCell::new(BTreeSet::new());
    encodings::<TransparentStatement<'static>>(|transparent| {
        let receipts: Vec<_> = transparent.receipts().iter().collect();
        for (_, receipt) in &receipts {
            assert!(Receipt::decode(receipt, &Profile::LENIENT).is_ok());
        }
        counts.borrow_mut().insert(receipts.len());
        let signed = transparent.to_signed().unwrap();
        assert!(SignedStatement::decode(&signed, &Profile::LENIENT).is_ok());
    });
    assert_eq!(counts.into_inner(), BTreeSet::from([1, 2, 3]));
}

#[test]
fn evidence_is_of_a_statement() {
    encodings::<Evidence<'static>>(|evidence| {
        assert!(evidence.statement(&Profile::LENIENT).is_ok());
        let encoded = evidence.encode();
        assert_eq!(Evidence::decode(&encoded, &Profile::LENIENT).unwrap(), evidence);
    });
}

#[test]
fn names_come_back_out_of_their_texts() {
    let different = variety::<Purl, _>(|purl| {
        assert_eq!(Purl::parse(&purl.to_string()).unwrap(), *purl);
        purl.clone()
    });
    assert!(different > 1500, "{different}");
    let different = variety::<Subject, _>(|subject| {
        assert_eq!(Subject::from_identifier(subject.as_str()).unwrap(), *subject);
        subject.clone()
    });
    assert!(different > 1000, "{different}");
    assert!(variety::<OwnedContentType, _>(Clone::clone) > 1000);
    assert!(variety::<OwnedClaimKey, _>(|key| format!("{key:?}")) > 300);
}

#[test]
fn policies_come_back_out_of_their_encodings() {
    let context = Context::new(&RustCrypto);
    let different = variety::<Policy, _>(|policy| {
        let encoded = policy.encode();
        assert_eq!(Policy::decode(&encoded, &context).unwrap(), *policy);
        encoded
    });
    assert!(different > 2000, "{different}");
}

#[test]
fn readings_are_all_met_and_no_limit_is_above_its_default() {
    assert_eq!(variety::<Role, _>(|role| format!("{role:?}")), 6);
    assert_eq!(variety::<EntryRule, _>(|rule| format!("{rule:?}")), 16);
    assert_eq!(variety::<LogProfile, _>(|log| format!("{log:?}")), 48);
    variety::<KeyValidity, _>(|validity| {
        if let (Some(first), Some(last)) = (validity.not_before, validity.not_after) {
            assert!(first <= last);
        }
    });
    variety::<Limits, _>(|limits| assert!(limits.receipts <= Limits::DEFAULT.receipts));
    variety::<ServiceLimits, _>(|limits| assert!(limits.queued <= ServiceLimits::DEFAULT.queued));
}

#[cfg(feature = "sbom")]
#[test]
fn ranges_of_versions_come_back_out_of_their_texts() {
    use scitt_core::{DocumentKind, VersionOrder, VersionRange};
    let different = variety::<VersionRange, _>(|range| {
        assert_eq!(VersionRange::parse(&range.to_string()).unwrap(), *range);
        range.to_string()
    });
    assert!(different > 2000, "{different}");
    assert_eq!(variety::<VersionOrder, _>(|order| format!("{order:?}")), 6);
    assert_eq!(variety::<DocumentKind, _>(|kind| format!("{kind:?}")), 9);
}

#[cfg(feature = "x509")]
#[test]
fn names_after_certificates_are_read() {
    encodings::<scitt_core::DidX509<'static>>(|did| assert!(did.as_str().contains("::")));
}
