//! Wrappers, attestation results, measured components and epoch markers in CBOR; these, claims sets, bundles and JWS in
//! JSON. What is accepted can be written, and reads again as it was.
#![no_main]

use cose_ext::{Context, Profile, Trust};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use rats_eat::cmw::{self, Cmw, CmwExtension, SignedCmw};
use rats_eat::ear::{self, Ear};
use rats_eat::epoch_marker::EpochMarker;
use rats_eat::jws::Jws;
use rats_eat::measured_component::{self, MeasuredComponent};
use rats_eat::{Claims, JsonBundle, Requirements, eat_json};

const PROFILE: &Profile = &Profile::LENIENT;

fuzz_target!(|bytes: &[u8]| {
    in_cbor(bytes);
    in_json(bytes);
    if let Ok(text) = core::str::from_utf8(bytes) {
        token(text);
    }
});

fn in_cbor(bytes: &[u8]) {
    if let Ok(cmw) = Cmw::decode(bytes, PROFILE) {
        assert_eq!(cmw.bytes(), bytes);
        let _ = cmw.check_types();
        if let Ok(json) = cmw.to_json() {
            let again = cmw::from_json(json.to_string().as_bytes(), PROFILE).unwrap();
            let again = Cmw::decode(&again, PROFILE).unwrap().to_json().unwrap();
            assert_eq!(again.to_string(), json.to_string());
        }
    }
    if let Ok(component) = MeasuredComponent::decode(bytes, PROFILE) {
        measured_component::from_json(component.to_json().to_string().as_bytes(), PROFILE).unwrap();
    }
    if let Ok(ear) = Ear::decode(bytes, PROFILE) {
        let found = ear.findings().count();
        if let Ok(json) = ear.to_json() {
            let again = ear::from_json(json.to_string().as_bytes(), PROFILE).unwrap();
            assert_eq!(Ear::decode(&again, PROFILE).unwrap().findings().count(), found);
        }
    }
    if let Ok(claims) = Claims::decode(bytes, PROFILE)
        && let Ok(json) = claims.to_json()
    {
        let _ = eat_json::to_cbor(json.to_string().as_bytes(), PROFILE);
    }
    if let Ok(marker) = EpochMarker::decode(bytes, PROFILE) {
        assert_eq!(marker.bytes(), bytes);
    }
    let _ = (CmwExtension::decode(bytes, PROFILE), SignedCmw::decode(bytes, PROFILE));
}

fn in_json(text: &[u8]) {
    if let Ok(cbor) = cmw::from_json(text, PROFILE) {
        let json = Cmw::decode(&cbor, PROFILE).unwrap().to_json().unwrap().to_string();
        assert_eq!(cmw::from_json(json.as_bytes(), PROFILE), Ok(cbor));
    }
    if let Ok(cbor) = measured_component::from_json(text, PROFILE) {
        in_cbor(&cbor);
    }
    if let Ok(cbor) = ear::from_json(text, PROFILE) {
        in_cbor(&cbor);
    }
    if let Ok(cbor) = eat_json::to_cbor(text, PROFILE) {
        in_cbor(&cbor);
    }
    if let Ok(bundle) = JsonBundle::decode(text, PROFILE) {
        with_keys(|keys| {
            let context = Context::new(&AcceptAll);
            let trust = Trust::keys(keys);
            let _ = bundle.verify(&trust, &Requirements::DEFAULT, &context, &mut |_, _| {});
            let _ = bundle.verify_all(&trust, &Requirements::DEFAULT, &context);
        });
    }
}

/// Where every signature is good, header and payload are left to be refused.
fn token(text: &str) {
    let Ok(jws) = Jws::decode(text, PROFILE) else { return };
    with_keys(|keys| {
        let (context, trust) = (Context::new(&AcceptAll), Trust::keys(keys));
        if let Ok(payload) = jws.verify(&trust, &context) {
            assert_eq!(jws.danger_unverified_payload().as_ref(), Ok(payload.value()));
        }
        let _ = jws.verify_eat(&trust, &Requirements::DEFAULT, &context);
        let _ = jws.verify_ear(&trust, &Requirements::DEFAULT, &context);
        let _ = jws.verify_all(&trust, &Requirements::DEFAULT, &context);
    });
}
