//! Services whose receipt keys are certified: receipts bring certificates, relying parties name
//! authorities.

#[path = "../../cose-ext/tests/support/certificates.rs"]
#[allow(dead_code, unreachable_pub, reason = "this file uses its part")]
mod certificates;
#[path = "support/world.rs"]
mod world;

use certificates::{Template, authority, extended_key_usage, key_usage};
use cose_ext::{
    Input, Profile,
    crypto::Algorithm,
    cwt::Time,
    error::{ErrorKind as CoseErrorKind, OutOfForce, Policy},
    x509::{CertificationPaths, TrustAnchor, WebPki},
};
use merkle_proof::Sha256Tree;
use scitt_core::{
    AtTime, Error, ErrorKind, HeadForm, HeadVerifier, LogProfile, NotChecked, ReceiptKey,
    Registration, RelyingPartyStore, Requirements, Role, ServiceKey, SignedHeadBuilder,
    StoredAuthority, StoredIssuer, StoredKey, StoredService, TransparencyService,
    TransparentStatement, TrustedService, Verdict, Verifier,
};
use testkit::fixed_keys::EcKey;
use world::*;

/// For the certificates.
mod messages {
    pub(crate) fn h(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }
}

/// 2026-06-01T00:00:00Z, and two years later, when the certificates are no longer valid.
const NOW: i64 = 1_780_272_000;
const LATER: i64 = NOW + 2 * 365 * 86_400;

static AUTHORITY: EcKey<32> = OTHER_ISSUER;
static OTHER_AUTHORITY: EcKey<32> = ISSUER;

fn root(name: &str, key: &EcKey<32>) -> Vec<u8> {
    Template::new(name, name, key).with(authority(None)).sign(key)
}

/// The certificate of the service's key.
fn certificate() -> Vec<u8> {
    Template::new("root", "log", &ES256_SERVICE).with(key_usage(0x80)).sign(&AUTHORITY)
}

/// A statement with a receipt by a key that these certificates certify.
fn logged(chain: &[&[u8]]) -> Vec<u8> {
    let key = ReceiptKey::new(b"log 2", Algorithm::ES256).certified_by(chain);
    let mut service = TransparencyService::in_memory(Sha256Tree, SERVICE_ISS, key);
    let policy = Registration { issuers: &issuer_key(), requirements: Requirements::Rfc9943 };
    let (statement, input) = (statement(), Input::embedded());
    let entry = service.register(&statement, &input, LOGGED_AT, &policy, &context()).unwrap();
    service.sign_head(LOGGED_AT, &ec_signer(&ES256_SERVICE), &context()).unwrap();
    let receipt = service.receipt(entry, &context()).unwrap().unwrap();
    transparent(&statement, &[&receipt])
}

fn judge(bytes: &[u8], anchor: &[u8], time: Option<i64>) -> Result<Vec<NotChecked>, Error> {
    let anchors = [TrustAnchor::new(anchor).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, time.map(Time::Seconds));
    let keys = [ServiceKey::certified(&paths, Algorithm::ES256)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT).unwrap();
    let issuer = issuer_key();
    let verifier = Verifier::new(&issuer, &services);
    let found = verifier.verify(&transparent, &Input::embedded(), &context())?;
    Ok(found.not_checked().collect())
}

#[test]
fn s90_a_path_leads_from_the_certificate_to_the_authority_of_the_service() {
    let (good, anchor) = (certificate(), root("root", &AUTHORITY));
    let bytes = logged(&[&good]);
    let not_checked = judge(&bytes, &anchor, Some(NOW)).unwrap();
    assert!(not_checked.contains(&NotChecked::Revocation));
    let not_checked = judge(&bytes, &anchor, None).unwrap();
    assert!(not_checked.contains(&NotChecked::CertificateValidity));
    // With an authority between.
    let between = Template::new("root", "between", &OTHER_AUTHORITY).with(authority(None));
    let between = between.sign(&AUTHORITY);
    let below = Template::new("between", "log", &ES256_SERVICE).with(key_usage(0x80));
    let below = below.sign(&OTHER_AUTHORITY);
    assert!(judge(&logged(&[&below, &between]), &anchor, Some(NOW)).is_ok());

    // After the certificate's end, below another authority, and of another key.
    assert!(judge(&bytes, &anchor, Some(LATER)).is_err());
    let other = root("root", &OTHER_AUTHORITY);
    assert!(judge(&bytes, &other, Some(NOW)).is_err());
    let of_stranger = Template::new("root", "log", &AUTHORITY).with(key_usage(0x80));
    let of_stranger = of_stranger.sign(&AUTHORITY);
    let error = judge(&logged(&[&of_stranger]), &anchor, Some(NOW)).unwrap_err();
    assert_eq!(error.verdict(), Verdict::Broken);
    // Without a certificate it is no receipt of such a key: nobody is asked.
    let error = judge(&logged(&[]), &anchor, Some(NOW)).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "S13");
}

#[test]
fn s90_a_head_may_be_signed_by_a_certified_key() {
    use cose_ext::{Label, header::Vds};
    let anchor = root("root", &AUTHORITY);
    let anchors = [TrustAnchor::new(&anchor).unwrap()];
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, Some(Time::Seconds(NOW)));
    let keys = [ServiceKey::certified(&paths, Algorithm::ES256)];
    let service = TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys };
    let mut tree = merkle_proof::MemoryTree::new(Sha256Tree);
    tree.append(&[b"entry"]);
    let head = SignedHeadBuilder::new(SERVICE_ISS, b"log 2", &tree.head(), NOW);
    let certified = head.clone().certified_by(&[&certificate()]);
    let bytes = certified.sign(&ec_signer(&ES256_SERVICE)).unwrap();
    let found = HeadVerifier::new(service).verify(HeadForm::Cose(&bytes), &context()).unwrap();
    assert_eq!(found.size(), 1);
    let bytes = head.sign(&ec_signer(&ES256_SERVICE)).unwrap();
    assert!(HeadVerifier::new(service).verify(HeadForm::Cose(&bytes), &context()).is_err());
    let _ = (Label::VDS, Vds::RFC9162_SHA256);
}

/// A store with the issuer, and the service by its authority.
fn store(authority: StoredAuthority) -> RelyingPartyStore {
    let mut store = RelyingPartyStore::new();
    let service = StoredService::new("log").for_issuer(SERVICE_ISS).with_authority(authority);
    store.add_service(service).unwrap();
    let key = cose_ext::key::OwnedTrustedKey::new(ec_public(&ISSUER), &context()).unwrap();
    let issuer = StoredIssuer::new("vendor", ISS, Role::Statement);
    store.add_issuer(issuer.with_key(StoredKey::new(key.with_key_id(KID)))).unwrap();
    store
}

fn by_store(store: &RelyingPartyStore, bytes: &[u8], time: AtTime) -> Result<(), Error> {
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT).unwrap();
    store.with_verifier(time, |verifier| {
        verifier.verify(&transparent, &Input::embedded(), &context()).map(drop)
    })
}

fn stored(algorithm: Algorithm) -> StoredAuthority {
    StoredAuthority::new(&root("root", &AUTHORITY), algorithm, LogProfile::RFC9162).unwrap()
}

#[test]
fn s90_an_authority_of_a_service_stands_in_the_store() {
    let bytes = logged(&[&certificate()]);
    let usual = store(stored(Algorithm::ES256));
    assert_eq!(by_store(&usual, &bytes, AtTime::second(NOW)), Ok(()));
    assert!(by_store(&usual, &bytes, AtTime::second(LATER)).is_err());
    // Pinned to its algorithms and its kind of log.
    let pinned = |authority| by_store(&store(authority), &bytes, AtTime::second(NOW));
    assert_eq!(pinned(stored(Algorithm::ES384)).unwrap_err().rule().unwrap().id, "S17");
    assert_eq!(pinned(stored(Algorithm::ES384).also_by(Algorithm::ES256)), Ok(()));
    let ledger = StoredAuthority::new(&root("root", &AUTHORITY), Algorithm::ES256, LogProfile::CCF);
    assert_eq!(pinned(ledger.unwrap()).unwrap_err().rule().unwrap().id, "S17");
    assert!(StoredAuthority::new(b"none", Algorithm::ES256, LogProfile::CCF).is_err());
    // Certificates that state a purpose.
    let purpose = messages::h("2b06010505070303");
    let for_purpose = Template::new("root", "log", &ES256_SERVICE)
        .with(key_usage(0x80))
        .with(extended_key_usage(&["2b06010505070303"]))
        .sign(&AUTHORITY);
    let bytes = logged(&[&for_purpose]);
    let named = store(stored(Algorithm::ES256).for_purpose(&purpose));
    assert_eq!(by_store(&named, &bytes, AtTime::second(NOW)), Ok(()));
    assert!(by_store(&usual, &bytes, AtTime::second(NOW)).is_err());
}

#[test]
fn s51_what_the_store_says_of_a_key_outweighs_its_certificate() {
    let bytes = logged(&[&certificate()]);
    let mut distrusting = store(stored(Algorithm::ES256));
    distrusting.distrust(ec_key(&ES256_SERVICE).identity());
    let error = by_store(&distrusting, &bytes, AtTime::second(NOW)).unwrap_err();
    let compromised = Policy::KeyNotInForce(OutOfForce::Compromised);
    let cose = CoseErrorKind::Policy(compromised);
    let receipt = merkle_proof::cose::ErrorKind::Cose(cose);
    assert!([ErrorKind::Cose(cose), ErrorKind::Receipt(receipt)].contains(&error.kind()));
    // S50: the key of an issuer is no service's, whatever its certificate says.
    let mut other = store(stored(Algorithm::ES256));
    let key = cose_ext::key::OwnedTrustedKey::new(ec_public(&ES256_SERVICE), &context());
    let firmware = StoredIssuer::new("vendor", ISS, Role::Firmware);
    other.add_issuer(firmware.with_key(StoredKey::new(key.unwrap()))).unwrap();
    let error = by_store(&other, &bytes, AtTime::second(NOW)).unwrap_err();
    assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
}

#[test]
fn s52_authorities_and_algorithms_are_data_in_one_form() {
    let several = stored(Algorithm::ES256).also_by(Algorithm::ESP256).for_purpose(b"\x2b\x06");
    for store in [store(stored(Algorithm::ES256)), store(several)] {
        let bytes = store.to_bytes().unwrap();
        let again = RelyingPartyStore::from_bytes(&bytes, &context()).unwrap();
        assert_eq!(again.to_bytes().unwrap(), bytes);
        assert_eq!(format!("{again:?}"), format!("{store:?}"));
        let statement = logged(&[&certificate()]);
        assert_eq!(by_store(&again, &statement, AtTime::second(NOW)), Ok(()));
    }
}
