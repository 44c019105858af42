//! Wrappers, attestation results, measured components and epoch markers in CBOR; these, claims sets, bundles and JWS in
//! JSON. What is accepted can be written, and reads again as it was.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::{Encoded, View};
use cose_ext::crypto::{Algorithm, SignError, Signer};
use cose_ext::{Context, IntOrText, Profile, Supplied, Trust};
use fuzz::{Accept, AnySigner, Chosen, told, with_keys};
use libfuzzer_sys::fuzz_target;
use rats_eat::ar4si::{Tier, TrustDimension, TrustVector};
use rats_eat::claim::Submodule;
use rats_eat::cmw::{self, Cmw, CmwExtension, Indicators, MediaType, SignedCmw, Tagged};
use rats_eat::ear::{self, AppraisalBuilder, Ear, EarBuilder, EarDialect, RawEvidence};
use rats_eat::epoch_marker::{Epoch, EpochMarker};
use rats_eat::jws::{self, Jws};
use rats_eat::measured_component::{self, MeasuredComponent, Measurement};
use rats_eat::{
    Claims, JsonBundle, MainToken, NestedJson, OwnedClaims, Requirements, UnboundIssuer, eat_json,
};

const PROFILE: &Profile = &Profile::LENIENT;

// A message as it came, or, behind a small byte that says of which kind, the choices that make one.
fuzz_target!(|bytes: &[u8]| {
    match bytes {
        [0, choices @ ..] => made::<Cmw<'static>>(choices),
        [1, choices @ ..] => made::<Ear<'static>>(choices),
        [2, choices @ ..] => made::<MeasuredComponent<'static>>(choices),
        [3, choices @ ..] => made::<EpochMarker<'static>>(choices),
        [4, choices @ ..] => made::<Claims<'static>>(choices),
        [5, choices @ ..] => result(choices),
        _ => {
            in_cbor(bytes);
            in_json(bytes);
            if let Ok(text) = core::str::from_utf8(bytes) {
                token(text);
            }
        }
    }
});

fn made<T: View>(choices: &[u8]) {
    if let Ok(message) = Encoded::<T>::arbitrary(&mut Unstructured::new(choices)) {
        assert!(message.view().is_ok(), "made by the builder");
        in_cbor(message.bytes());
        wrapped(message.bytes());
        if let Ok(claims) = Claims::decode(message.bytes(), PROFILE)
            && let Some(json) = told(claims.to_json())
        {
            in_jws(&json.to_string(), &mut Chosen::by(choices));
        }
    }
}

fn in_cbor(bytes: &[u8]) {
    if let Some(cmw) = told(Cmw::decode(bytes, PROFILE)) {
        assert_eq!(cmw.bytes(), bytes);
        wrapper(&cmw, 0);
        if let Some(json) = told(cmw.to_json()) {
            let again = cmw::from_json(json.to_string().as_bytes(), PROFILE).unwrap();
            let again = Cmw::decode(&again, PROFILE).unwrap();
            assert_eq!(again.to_json().unwrap().to_string(), json.to_string());
            same(&cmw, &again);
        }
    }
    if let Some(component) = told(MeasuredComponent::decode(bytes, PROFILE)) {
        assert_eq!(component.bytes(), bytes);
        let explained = component.authorities().count() > 0 || component.flags().is_some();
        assert_eq!(told(component.check_without_profile()).is_none(), explained);
        assert!(matches!(
            component.measurement(),
            Measurement::Digest { .. } | Measurement::Raw(_)
        ));
        let _ = (component.name(), component.version());
        let json = component.to_json().to_string();
        let again = measured_component::from_json(json.as_bytes(), PROFILE).unwrap();
        let again = MeasuredComponent::decode(&again, PROFILE).unwrap();
        assert_eq!(again.to_json().to_string(), json);
        assert_eq!((again.name(), again.version()), (component.name(), component.version()));
        assert_eq!(again.flags(), component.flags());
        assert!(again.authorities().eq(component.authorities()));
    }
    if let Some(ear) = told(Ear::decode(bytes, PROFILE)) {
        results(&ear);
    }
    if let Some(claims) = told(Claims::decode(bytes, PROFILE)) {
        set(&claims);
    }
    if let Some(marker) = told(EpochMarker::decode(bytes, PROFILE)) {
        assert_eq!(marker.bytes(), bytes);
        assert!(!matches!(marker.epoch(), Epoch::TstInfo(stamp) if stamp.is_empty()));
    }
    if let Some(CmwExtension::Cbor(cmw)) = told(CmwExtension::decode(bytes, PROFILE)) {
        wrapper(&cmw, 0);
    }
    if let Some(signed) = told(SignedCmw::decode(bytes, PROFILE)) {
        assert!(signed.message().algorithm().is_ok());
        let context = Context::new(&Accept::ALL);
        with_keys(|keys| {
            let cmw = told(signed.verify(&Supplied::default(), keys, &context));
            cmw.inspect(|cmw| wrapper(cmw.value(), 0));
        });
    }
}

/// A wrapper tells its type; what is under a label is found there.
fn wrapper(cmw: &Cmw<'_>, depth: usize) {
    assert!(depth < 16);
    told(cmw.check_types());
    match cmw {
        Cmw::Record(record) => {
            let media_type = record.media_type();
            assert_eq!(media_type.essence().is_some(), matches!(media_type, MediaType::Text(_)));
            assert!(!media_type.to_string().is_empty());
            if let Some(indicators) = record.indicators() {
                let all = indicators.and(Indicators::EVIDENCE).and(Indicators::ENDORSEMENTS);
                assert!(all.contains(indicators) && all.contains(Indicators::EVIDENCE));
            }
            assert!(record.offset() < record.offset() + record.bytes().len());
        }
        Cmw::Tagged(tagged) => {
            let number = Tagged::number_of(tagged.content_format()).expect("it came under a tag");
            assert!(number > 1_668_546_816 && tagged.value().len() < tagged.bytes().len());
        }
        Cmw::Collection(collection) => {
            assert!(collection.entries().count() > 0);
            let _ = collection.collection_type();
            for (label, below) in collection.entries() {
                assert!(collection.find(label).is_some());
                assert!(label != IntOrText::Text("__cmwc_t"));
                wrapper(&below, depth + 1);
            }
        }
    }
}

/// What went through JSON is what it was, in whatever encoding.
fn same(one: &Cmw<'_>, other: &Cmw<'_>) {
    match (one, other) {
        (Cmw::Record(one), Cmw::Record(other)) => {
            assert_eq!(one.media_type(), other.media_type());
            assert_eq!(one.value(), other.value());
            assert_eq!(one.indicators(), other.indicators());
        }
        (Cmw::Collection(one), Cmw::Collection(other)) => {
            assert_eq!(one.collection_type(), other.collection_type());
            assert_eq!(one.entries().count(), other.entries().count());
            for ((label, one), (again, other)) in one.entries().zip(other.entries()) {
                assert_eq!(label, again);
                same(&one, &other);
            }
        }
        _ => panic!("JSON has no tags, and a record is no collection"),
    }
}

/// Signed, a wrapper is the same wrapper.
fn wrapped(bytes: &[u8]) {
    let headers = cose_ext::sign1::Sign1Builder::new()
        .content_type(cose_ext::header::ContentType::MediaType("application/cmw+cbor"));
    let content = cose_ext::Content::Embedded(bytes);
    let signed = headers.prepare(Algorithm::ES256, content).expect("headers of ours");
    in_cbor(&signed.attach(&[0x81; 64]));
}

fn results(ear: &Ear<'_>) {
    let found = ear.findings().count();
    let _ = (ear.nonce(), ear.device_topology(), ear.verifier_id(), ear.expires_at());
    assert!(EarDialect::ALL.contains(&ear.dialect()));
    assert_eq!(EarDialect::from_profile(ear.dialect().profile()), Some(ear.dialect()));
    let claims = Claims::decode(ear.claims().bytes(), PROFILE).expect("a map");
    assert_eq!(Ear::of_claims(claims, PROFILE).expect("read before").issued_at(), ear.issued_at());
    told(ear.check_time(ear.issued_at()));
    if let Some(end) = ear.expires_at() {
        assert!(told(ear.check_time(end)).is_none(), "at its end it is over");
    }
    for (_, appraisal) in ear.appraisals() {
        assert_eq!(ear.worst_status().worse(appraisal.status()), ear.worst_status());
        let _ = (appraisal.nonce(), appraisal.policy_ids().count(), appraisal.teep_claims());
        let _ = (appraisal.attester_claims(), appraisal.verifier_claims());
        assert!(!appraisal.claims().is_empty());
        if let Some(vector) = appraisal.vector() {
            claimed(&vector);
        }
    }
    if let Some(RawEvidence::Wrapped(record)) = ear.raw_evidence() {
        wrapper(&Cmw::Record(record), 0);
    }
    if let Some(json) = told(ear.to_json()) {
        let again = ear::from_json(json.to_string().as_bytes(), PROFILE).unwrap();
        let again = Ear::decode(&again, PROFILE).unwrap();
        assert_eq!(again.findings().count(), found);
        assert_eq!((again.dialect(), again.status()), (EarDialect::Draft04, ear.status()));
        assert_eq!((again.issued_at(), again.expires_at()), (ear.issued_at(), ear.expires_at()));
        assert_eq!(again.verifier_id(), ear.verifier_id());
        assert_eq!(again.appraisals().count(), ear.appraisals().count());
        for ((name, one), (again, other)) in ear.appraisals().zip(again.appraisals()) {
            assert_eq!((name, one.status(), one.vector()), (again, other.status(), other.vector()));
            assert!(one.policy_ids().eq(other.policy_ids()));
        }
    }
}

fn claimed(vector: &TrustVector) {
    let mut worst = Tier::None;
    for dimension in TrustDimension::ALL {
        assert_eq!(TrustDimension::from_name(dimension.name()), Some(dimension));
        if let Some(claim) = vector.claim(dimension) {
            worst = worst.worse(claim.tier());
            assert_eq!(Tier::from_name(claim.tier().name()), Some(claim.tier()));
        }
    }
    assert_eq!(vector.iter().count() == 0, vector.is_empty());
    assert!(vector.is_empty() || vector.worst().worse(worst) == vector.worst());
}

/// A result that was made has nothing that is wrong with it, and says the same in a JWS.
fn result(choices: &[u8]) {
    let mut unstructured = Unstructured::new(choices);
    let Ok(mut builder) = EarBuilder::arbitrary(&mut unstructured) else { return };
    let evidence = Encoded::<Cmw<'static>>::arbitrary(&mut unstructured);
    if let Ok(evidence) = &evidence {
        builder = match told(builder.clone().raw_evidence(&evidence.view().unwrap())) {
            Some(with_evidence) => with_evidence,
            None => builder,
        };
    }
    // Better than its worst claim no status may be.
    let worst =
        TrustVector::EMPTY.with(TrustDimension::Hardware, rats_eat::ar4si::TrustClaim::new(97));
    let better = AppraisalBuilder::new(Tier::Affirming).vector(&worst);
    assert!(told(builder.clone().appraisal("better", &better)).is_none());
    let encoded = told(builder.to_bytes()).expect("it has an appraisal");
    let ear = Ear::decode(&encoded, PROFILE).expect("made by the builder");
    assert!(ear.findings().all(|finding| finding.submodule.is_some()), "the whole is right");
    in_cbor(&encoded);
    let Some(json) = told(ear.to_json()) else { return };
    in_jws(&json.to_string(), &mut Chosen::by(choices));
}

/// A signer that fails.
struct Broken;

impl Signer for Broken {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, _: &[&[u8]], _: &mut [u8]) -> Result<usize, SignError> {
        Err(SignError::Device)
    }
}

/// Signed by one of the algorithms, or refused by it.
fn in_jws(json: &str, chosen: &mut Chosen<'_>) {
    let algorithms = [
        Algorithm::ESP256,
        Algorithm::ES256,
        Algorithm::ESP384,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::EDDSA,
        Algorithm::ED25519,
        Algorithm::PS256,
        Algorithm::ML_DSA_44,
        Algorithm::HMAC_256,
    ];
    let signer = AnySigner(chosen.one_of(algorithms));
    let key_id = chosen.one_of([None, Some("k")]);
    assert!(told(jws::sign(json.as_bytes(), key_id, &Broken)).is_none());
    let Some(text) = told(jws::sign(json.as_bytes(), key_id, &signer)) else { return };
    token(&text);
    let jws = Jws::decode(&text, PROFILE).expect("signed here");
    assert_eq!(jws.key_id(), key_id);
}

/// A claims set in JSON.
fn set(claims: &Claims<'_>) {
    for (_, value) in claims.submodules().ok().flatten().iter().flat_map(|all| all.iter()) {
        if let Ok(Submodule::Json(selector)) = Submodule::read(&value)
            && let Some(NestedJson::Bundle(bundle)) = told(NestedJson::decode(&selector, PROFILE))
        {
            bundled(&bundle);
        }
    }
    let Some(json) = told(claims.to_json()) else { return };
    let json = json.to_string();
    told(OwnedClaims::from_json(json.as_bytes(), PROFILE));
    let mut reported = 0;
    let cbor = eat_json::to_cbor_reporting(json.as_bytes(), PROFILE, &mut |finding| {
        // Each submodule is told apart from what stands above it, even one without a name.
        assert!(finding.path.to_string().len() >= finding.path.depth());
        reported += 1;
    });
    assert!(told(eat_json::to_cbor(json.as_bytes(), PROFILE)).is_none() || cbor.is_ok());
}

fn in_json(text: &[u8]) {
    if let Some(cbor) = told(cmw::from_json(text, PROFILE)) {
        let json = Cmw::decode(&cbor, PROFILE).unwrap().to_json().unwrap().to_string();
        assert_eq!(cmw::from_json(json.as_bytes(), PROFILE), Ok(cbor));
    }
    if let Some(cbor) = told(measured_component::from_json(text, PROFILE)) {
        in_cbor(&cbor);
    }
    if let Some(cbor) = told(ear::from_json(text, PROFILE)) {
        in_cbor(&cbor);
    }
    if let Some(cbor) = told(eat_json::to_cbor(text, PROFILE)) {
        in_cbor(&cbor);
    }
    if let Some(bundle) = told(JsonBundle::decode(text, PROFILE)) {
        bundled(&bundle);
    }
}

/// Who is handed over was supplied, or a digest names it.
fn bundled(bundle: &JsonBundle) {
    let entries: Vec<&str> = bundle.danger_unverified_entries().map(|(name, _)| name).collect();
    assert!(!entries.is_empty());
    if let MainToken::Jwt(text) = bundle.main() {
        told(Jws::decode(text, PROFILE));
    }
    let requirements = Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);
    with_keys(|keys| {
        let context = Context::new(&Accept::ALL);
        let trust = Trust::keys(keys);
        let mut supplied = 0;
        let verified = bundle.verify(&trust, &requirements, &context, &mut |name, set| {
            assert_eq!(set.is_some(), entries.contains(&name));
            supplied += usize::from(set.is_some());
        });
        if told(verified).is_some() {
            assert_eq!(supplied, entries.len(), "nothing is left over");
        }
        told(bundle.verify_all(&trust, &requirements, &context));
    });
}

/// Where every signature is good, header and payload are left to be refused.
fn token(text: &str) {
    let Some(jws) = told(Jws::decode(text, PROFILE)) else { return };
    let requirements = Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);
    with_keys(|keys| {
        let (context, trust) = (Context::new(&Accept::ALL), Trust::keys(keys));
        if let Some(payload) = told(jws.verify(&trust, &context)) {
            assert_eq!(jws.danger_unverified_payload().as_ref(), Ok(payload.value()));
        }
        told(jws.verify_eat(&trust, &requirements, &context));
        told(jws.verify_ear(&trust, &requirements, &context));
        told(jws.verify_all(&trust, &requirements, &context));
    });
}
