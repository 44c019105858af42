//! Arbitrary claims have their registered forms, come back out of their encodings, and differ.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Error, Unstructured};
use rats_eat::{
    Bundle, Claims, EatProfile, Token, Uccs,
    ar4si::{TrustDimension, TrustVector},
    cca::CcaToken,
    claim::{DebugStatus, Location, OemId, ProfileId},
    cmw::{Cmw, Indicators, MediaType},
    cose_ext::{
        Profile,
        arbitrary::{Encoded, View},
    },
    ear::{Ear, EarBuilder, EarDialect, VerifierId},
    epoch_marker::EpochMarker,
    measured_component::MeasuredComponent,
    psa::{Component, Lifecycle, PsaClaims},
};
use testkit::varieties::{Inputs, needs_no_input};

const INPUTS: Inputs = Inputs { count: 10_000, len: 512 };

fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(each: impl Fn(&T) -> A) -> usize {
    needs_no_input::<T>();
    INPUTS.variety(each)
}

fn check_forms(claims: &Claims<'_>) {
    claims.issuer().unwrap();
    claims.expires_at().unwrap();
    claims.issued_at().unwrap();
    claims.nonces().unwrap();
    claims.ueid().unwrap();
    claims.oem_id().unwrap();
    claims.hardware_model().unwrap();
    claims.hardware_version().unwrap();
    claims.software_version().unwrap();
    claims.oem_boot().unwrap();
    claims.debug_status().unwrap();
    claims.location().unwrap();
    claims.uptime().unwrap();
    claims.boot_seed().unwrap();
    claims.manifests().unwrap();
    claims.measurements().unwrap();
    claims.profile().unwrap();
    claims.intended_use().unwrap();
    claims.submodules().unwrap();
    claims.sueids().unwrap();
    claims.dloas().unwrap();
    claims.measurement_results().unwrap();
    claims.confirmation().unwrap();
}

#[test]
fn every_claim_has_its_registered_form() {
    let different = variety::<Encoded<Claims<'static>>, _>(|claims| {
        check_forms(&claims.view().unwrap());
        assert!(Profile::DETERMINISTIC.item(claims.bytes(), 0).is_ok());
        assert!(claims.bytes().len() <= 8192, "{} bytes of 512", claims.bytes().len());
        claims.bytes().to_vec()
    });
    assert!(different > 5000, "{different} different sets");
}

#[test]
fn nearly_every_claim_is_met() {
    let mut keys = BTreeSet::new();
    for bytes in INPUTS.each() {
        let claims = Encoded::<Claims<'static>>::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        keys.extend(claims.view().unwrap().iter().filter_map(|(key, _)| key.to_i64()));
    }
    assert_eq!(keys.len(), 30, "{keys:?}");
}

#[test]
fn tokens_and_unsecured_claims_are_read() {
    let different = variety::<Encoded<Token<'static>>, _>(|token| {
        token.view().unwrap();
        token.bytes().to_vec()
    });
    assert!(different > 5000, "{different}");
    let different = variety::<Encoded<Uccs<'static>>, _>(|uccs| {
        check_forms(uccs.view().unwrap().danger_unsecured_claims());
        uccs.bytes().to_vec()
    });
    assert!(different > 5000, "{different}");
}

#[test]
fn small_values_keep_their_invariants() {
    assert_eq!(variety::<DebugStatus, _>(|status| status.value()), 5);
    assert_eq!(variety::<TrustDimension, _>(|dimension| dimension.key()), 8);
    let vectors = variety::<TrustVector, _>(|vector| {
        assert!(!vector.is_empty());
        format!("{vector:?}")
    });
    assert!(vectors > 5000, "{vectors}");
    variety::<Location, _>(|location| {
        assert!(location.latitude.abs() <= 90.0 && location.longitude.abs() <= 180.0);
    });
    let mut seen = BTreeSet::new();
    for bytes in INPUTS.each() {
        let mut u = Unstructured::new(&bytes);
        match OemId::arbitrary(&mut u) {
            Ok(OemId::Random(id)) => assert_eq!(id.len(), 16),
            Ok(OemId::Ieee(id)) => assert_eq!(id.len(), 3),
            Ok(OemId::Pen(number)) => assert!(!number.is_negative()),
            Err(error) => assert!(matches!(error, Error::NotEnoughData)),
        }
        seen.insert(matches!(ProfileId::arbitrary(&mut u).unwrap(), ProfileId::Uri(_)));
    }
    assert_eq!(seen.len(), 2);
}

#[cfg(feature = "json")]
#[test]
fn owned_claims_are_decoded_again() {
    let different = variety::<rats_eat::OwnedClaims, _>(|claims| {
        check_forms(&claims.claims(&Profile::LENIENT).unwrap());
        claims.bytes().to_vec()
    });
    assert!(different > 5000, "{different}");
}

/// Each can be decoded, and most are different ones.
fn encodings<T: View>(each: impl Fn(T::Of<'_>)) {
    let different = variety::<Encoded<T>, _>(|value| {
        assert!(value.bytes().len() <= 8192, "{} bytes of 512", value.bytes().len());
        each(value.view().ok().unwrap());
        value.bytes().to_vec()
    });
    assert!(different > 5000, "{different}");
}

#[test]
fn tokens_of_arm_keep_to_their_profiles() {
    let profiles = std::cell::RefCell::new(BTreeSet::new());
    encodings::<PsaClaims<'static>>(|claims| {
        assert_ne!(claims.client_id, 0);
        profiles.borrow_mut().insert((claims.profile.name, claims.components().count()));
    });
    // One to four components each, and none in the oldest form.
    assert_eq!(profiles.borrow().len(), 13, "{profiles:?}");
    encodings::<CcaToken<'static>>(|token| {
        let claims = token.platform().danger_unverified_claims(&Profile::LENIENT).unwrap();
        EatProfile::CCA_PLATFORM.check(&claims).unwrap();
    });
    assert_eq!(variety::<Lifecycle, _>(|lifecycle| lifecycle.name()), 7);
}

#[test]
fn wrappers_bundles_and_components_are_read() {
    let forms = std::cell::RefCell::new(BTreeSet::new());
    encodings::<Cmw<'static>>(|cmw| {
        forms.borrow_mut().insert(match cmw {
            Cmw::Record(record) => (0, record.indicators().is_some()),
            Cmw::Tagged(_) => (1, false),
            Cmw::Collection(collection) => (2, collection.collection_type().is_some()),
        });
    });
    assert_eq!(forms.borrow().len(), 5);
    encodings::<Bundle<'static>>(|bundle| {
        assert!(bundle.main_token(&Profile::LENIENT).is_ok());
        assert!(bundle.names().count() >= 1);
    });
    encodings::<MeasuredComponent<'static>>(|component| {
        let _ = component.authorities().count();
        assert!(component.flags().is_none_or(|flags| flags.len() == 8));
    });
    // Dates and counters are small.
    let markers = variety::<Encoded<EpochMarker<'static>>, _>(|marker| {
        assert_eq!(marker.view().unwrap().bytes(), marker.bytes());
        marker.bytes().to_vec()
    });
    assert!(markers > 4000, "{markers}");
    assert!(variety::<Indicators, _>(|indicators| indicators.bits()) > 31);
}

#[test]
fn results_are_read() {
    encodings::<Ear<'static>>(|ear| {
        assert_eq!(ear.dialect(), EarDialect::Draft04);
        assert!(ear.appraisals().count() >= 1);
    });
    assert!(variety::<EarBuilder, _>(|ear| ear.to_bytes().unwrap()) > 5000);
    assert_eq!(variety::<EarDialect, _>(|dialect| dialect.profile()), 3);
    for bytes in INPUTS.each() {
        let mut u = Unstructured::new(&bytes);
        assert!(VerifierId::arbitrary(&mut u).is_ok());
        assert!(MediaType::arbitrary(&mut u).is_ok());
        match Component::arbitrary(&mut u) {
            Ok(component) => assert_eq!(component.signer.len(), 32),
            Err(error) => assert!(matches!(error, Error::NotEnoughData)),
        }
    }
}
