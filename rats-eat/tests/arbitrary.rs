//! Arbitrary claims have their registered forms, come back out of their encodings, and differ.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Error, Unstructured};
use rats_eat::{
    Claims, Token, Uccs,
    ar4si::{TrustDimension, TrustVector},
    claim::{DebugStatus, Location, OemId, ProfileId},
    cose_ext::{Profile, arbitrary::Encoded},
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
    assert_eq!(keys.len(), 25, "{keys:?}");
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
