//! Whom a relying party believes, as data.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Input, Profile,
    crypto::{Algorithm, PublicKey, Signer},
    error::{ErrorKind as CoseErrorKind, OutOfForce, Policy},
    header::Vds,
    key::{CoseKeyEncoder, Identity, KeySetEncoder, OwnedTrustedKey},
};
use scitt_core::{
    AtTime, EntryRule, ErrorKind, KeyState, KeyValidity, LogProfile, RelyingPartyStore, Role, Rule,
    StoredIssuer, StoredKey, StoredService, StoredServiceKey, Transparent, TransparentStatement,
    Verdict, Verifier,
};
use world::*;

fn owned<'k>(key: impl Into<PublicKey<'k>>, key_id: &[u8]) -> OwnedTrustedKey {
    OwnedTrustedKey::new(key, &context()).unwrap().with_key_id(key_id)
}

fn service_public() -> PublicKey<'static> {
    ed_public(&SERVICE)
}

fn ed_public(key: &testkit::fixed_keys::Ed25519Key) -> PublicKey<'_> {
    use cose_ext::crypto::{Curve, KeyMaterial};
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &key.public };
    PublicKey { material, algorithm: None }
}

fn issuer(state: KeyState, validity: KeyValidity) -> StoredIssuer {
    let key = StoredKey::new(owned(ec_public(&ISSUER), KID));
    let key = key.with_state(state).with_validity(validity);
    StoredIssuer::new("vendor", ISS, Role::Statement).with_key(key)
}

fn service(state: KeyState, validity: KeyValidity) -> StoredService {
    let key = StoredKey::new(owned(service_public(), SERVICE_KID));
    let key = key.with_state(state).with_validity(validity);
    let key = StoredServiceKey::new(key, Algorithm::EDDSA, LogProfile::RFC9162);
    StoredService::new("log").for_issuer(SERVICE_ISS).with_key(key)
}

const ALWAYS: KeyValidity = KeyValidity { not_before: None, not_after: None };

fn store(issuer: StoredIssuer, service: StoredService) -> RelyingPartyStore {
    let mut store = RelyingPartyStore::new();
    store.add_service(service).unwrap();
    store.add_issuer(issuer).unwrap();
    store
}

fn usual() -> RelyingPartyStore {
    store(issuer(KeyState::Current, ALWAYS), service(KeyState::Current, ALWAYS))
}

fn verify(store: &RelyingPartyStore, time: AtTime) -> Result<(), scitt_core::Error> {
    let bytes = usual_transparent(&statement());
    let table = store.service_table(time);
    let services = table.services();
    let issuers = store.issuers_for(Role::Statement, time);
    let statement = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let verifier = Verifier::new(&issuers, &services);
    verifier.verify(&statement, &Input::embedded(), &context()).map(|_: Transparent<'_>| ())
}

fn identity(key: PublicKey<'_>) -> Identity {
    owned(key, b"").as_trusted_key().identity()
}

#[test]
fn a_store_is_a_verifier_in_one_call() {
    let bytes = usual_transparent(&statement());
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let (store, now) = (usual(), AtTime::second(1_800_000_000));
    let requiring = |services: usize| {
        store.with_verifier(now, |verifier| {
            let verifier = verifier.requiring(services);
            verifier.verify(&transparent, &Input::embedded(), &context())
        })
    };
    assert_eq!(requiring(1).unwrap().services(), 1);
    let error = requiring(2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused(Rule::DistinctServices));
}

#[test]
fn a_stored_party_verifies_what_the_keys_themselves_would() {
    assert_eq!(verify(&usual(), AtTime::UNKNOWN), Ok(()));
    assert_eq!(verify(&usual(), AtTime::second(1_800_000_000)), Ok(()));
}

#[test]
fn s50_a_key_has_one_role() {
    let refused =
        |error: scitt_core::Error| error.kind() == ErrorKind::Refused(Rule::RolesDisjoint);
    let mut store = usual();
    for role in Role::ALL {
        let again = StoredKey::new(owned(service_public(), b"else"));
        let issuer = StoredIssuer::new("other", "https://other.example", role).with_key(again);
        assert!(refused(store.add_issuer(issuer).unwrap_err()), "{role}");
        let again = StoredKey::new(owned(ec_public(&ISSUER), b"else"));
        let issuer = StoredIssuer::new("other", "https://other.example", role).with_key(again);
        assert_eq!(store.clone().add_issuer(issuer).is_ok(), role == Role::Statement, "{role}");
    }
    let again = StoredKey::new(owned(ec_public(&ISSUER), b"log"));
    let again = StoredServiceKey::new(again, Algorithm::ES256, LogProfile::CCF);
    let error = store.add_service(StoredService::new("other").with_key(again)).unwrap_err();
    assert!(refused(error));
    assert_eq!((store.services().len(), store.issuers().len()), (1, 1));
    assert_eq!(store.role_of(identity(service_public())), Some(Role::Receipt));
    assert_eq!(store.role_of(identity(ec_public(&ISSUER))), Some(Role::Statement));
    assert_eq!(store.role_of(identity(ec_public(&OTHER_ISSUER))), None);
    // A service key that is enrolled for receipts alone signs no statements.
    let service_only = {
        let mut store = RelyingPartyStore::new();
        store.add_service(service(KeyState::Current, ALWAYS)).unwrap();
        store
    };
    let error = verify(&service_only, AtTime::UNKNOWN).unwrap_err();
    assert_eq!(error.verdict(), Verdict::CannotEvaluate);
}

#[test]
fn s51_a_key_counts_while_it_is_in_force() {
    let refused = |store: &RelyingPartyStore, time| verify(store, time).unwrap_err();
    let within = KeyValidity { not_before: Some(100), not_after: Some(200) };
    let status = ErrorKind::Refused(Rule::ServiceKeyStatus);
    let of_issuer = |why| ErrorKind::Cose(CoseErrorKind::Policy(Policy::KeyNotInForce(why)));
    let current = || service(KeyState::Current, ALWAYS);
    let now = AtTime::second(150);
    // Of issuers.
    for (state, validity, time, why) in [
        (KeyState::Retired, ALWAYS, now, OutOfForce::Retired),
        (KeyState::Compromised, ALWAYS, now, OutOfForce::Compromised),
        (KeyState::Compromised, ALWAYS, now.accepting_retired(), OutOfForce::Compromised),
        (KeyState::Compromised, ALWAYS, AtTime::UNKNOWN, OutOfForce::Compromised),
        (KeyState::Current, within, AtTime::second(99), OutOfForce::NotYetValid),
        (KeyState::Current, within, AtTime::second(201), OutOfForce::Expired),
    ] {
        let error = refused(&store(issuer(state, validity), current()), time);
        assert_eq!(error.kind(), of_issuer(why), "{state:?} {time:?}");
        assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
    }
    for (state, validity, time) in [
        (KeyState::Retired, ALWAYS, now.accepting_retired()),
        (KeyState::Current, within, AtTime::second(100)),
        (KeyState::Current, within, AtTime::second(200)),
        (KeyState::Current, within, AtTime::second(201).accepting_retired()),
        (KeyState::Current, within, AtTime::UNKNOWN),
    ] {
        assert_eq!(verify(&store(issuer(state, validity), current()), time), Ok(()));
        let usual_issuer = issuer(KeyState::Current, ALWAYS);
        assert_eq!(verify(&store(usual_issuer, service(state, validity)), time), Ok(()));
    }
    // Of services.
    for (state, validity, time) in [
        (KeyState::Retired, ALWAYS, now),
        (KeyState::Compromised, ALWAYS, now.accepting_retired()),
        (KeyState::Current, within, AtTime::second(201)),
    ] {
        let store = store(issuer(KeyState::Current, ALWAYS), service(state, validity));
        assert_eq!(refused(&store, time).kind(), status);
    }
    let early = store(issuer(KeyState::Current, ALWAYS), service(KeyState::Current, within));
    let unknown = ErrorKind::Refused(Rule::ReceiptTrusted);
    assert_eq!(refused(&early, AtTime::second(99)).kind(), unknown);
}

#[test]
fn s51_a_key_that_was_compromised_is_so_wherever_it_stands() {
    let mut store = usual();
    assert_eq!(store.set_key_state(identity(ec_public(&ISSUER)), KeyState::Compromised), 1);
    assert_eq!(verify(&store, AtTime::UNKNOWN).unwrap_err().verdict(), Verdict::RefusedByPolicy);
    assert_eq!(store.set_key_state(identity(ec_public(&OTHER_ISSUER)), KeyState::Retired), 0);
}

#[test]
fn s51_a_key_that_is_distrusted_stays_so_when_it_is_enrolled_again() {
    let mut store = usual();
    store.distrust(identity(service_public()));
    let status = ErrorKind::Refused(Rule::ServiceKeyStatus);
    assert_eq!(verify(&store, AtTime::UNKNOWN).unwrap_err().kind(), status);
    let mut later = RelyingPartyStore::new();
    later.distrust(identity(ec_public(&ISSUER)));
    later.add_service(service(KeyState::Current, ALWAYS)).unwrap();
    later.add_issuer(issuer(KeyState::Current, ALWAYS)).unwrap();
    let later = RelyingPartyStore::from_bytes(&later.to_bytes().unwrap(), &context()).unwrap();
    assert_eq!(verify(&later, AtTime::UNKNOWN).unwrap_err().verdict(), Verdict::RefusedByPolicy);
    assert_eq!(later.distrusted().count(), 1);
}

/// A store with everything that the form can hold.
fn full() -> RelyingPartyStore {
    let mut store = usual();
    let validity = KeyValidity { not_before: Some(-5), not_after: Some(1 << 40) };
    let key = StoredKey::new(OwnedTrustedKey::new(ec_public(&ES256_SERVICE), &context()).unwrap());
    let key = key.with_state(KeyState::Retired).with_validity(validity);
    let service = StoredService::new("ledger").with_key(StoredServiceKey::new(
        key,
        Algorithm::ES256,
        LogProfile::CCF,
    ));
    let key = StoredKey::new(owned(ed_public(&OTHER_SERVICE), b""));
    let log = LogProfile { vds: Vds::MMR_SHA256, entry_rule: EntryRule::STATEMENT_BYTES };
    let service = service.with_key(StoredServiceKey::new(key, Algorithm::EDDSA, log));
    store.add_service(service).unwrap();
    store.add_issuer(StoredIssuer::new("nobody", "urn:nobody", Role::Teep)).unwrap();
    store.distrust(Identity::new([7; 32]));
    store.distrust(Identity::new([3; 32]));
    store
}

#[test]
fn s52_a_store_is_data_in_one_form() {
    for store in [RelyingPartyStore::new(), usual(), full()] {
        let bytes = store.to_bytes().unwrap();
        let again = RelyingPartyStore::from_bytes(&bytes, &context()).unwrap();
        assert_eq!(again.to_bytes().unwrap(), bytes);
        assert_eq!(format!("{again:?}"), format!("{store:?}"));
    }
    let bytes = usual().to_bytes().unwrap();
    let again = RelyingPartyStore::from_bytes(&bytes, &context()).unwrap();
    assert_eq!(verify(&again, AtTime::second(7)), Ok(()));
}

#[test]
fn s52_what_is_no_store_is_refused() {
    let broken = |bytes: &[u8]| {
        let error = RelyingPartyStore::from_bytes(bytes, &context()).unwrap_err();
        assert_ne!(error.verdict(), Verdict::CannotEvaluate, "{error}");
        error.kind()
    };
    let form = ErrorKind::Broken(Rule::StoreForm);
    // Another version, other types, a member too many.
    for hex in
        ["83028080", "820180", "a0", "8301a080", "83018001", "830181a080", "830181a2016003800000"]
    {
        let bytes = hex::decode(hex).unwrap();
        assert!(matches!(broken(&bytes), ErrorKind::Broken(_) | ErrorKind::Cose(_)), "{hex}");
    }
    assert_eq!(broken(&hex::decode("8402808080").unwrap()), form);
    assert_eq!(broken(&hex::decode("840181a08080").unwrap()), form);
    // A member that nobody knows may restrict a key.
    let service = "a4 01 63 6c6f67 03 80 18 63 f5 18 64 f5".replace(' ', "");
    assert_eq!(broken(&hex::decode(format!("840181{service}8080")).unwrap()), form);
    // Heads that are not the shortest.
    assert!(matches!(broken(&hex::decode("841801808080").unwrap()), ErrorKind::Cose(_)));
    // A key in two roles.
    let mut other = RelyingPartyStore::new();
    let key = StoredKey::new(owned(service_public(), b"1"));
    other.add_issuer(StoredIssuer::new("x", "urn:x", Role::Firmware).with_key(key)).unwrap();
    let (one, two) = (usual().to_bytes().unwrap(), other.to_bytes().unwrap());
    let services = &one[2..one.len() - issuers_len(&one)];
    let joined = [&[0x84, 1][..], services, &two[3..]].concat();
    // Keys that are distrusted, twice and out of order.
    for pair in [[1, 1], [2, 1]] {
        let keys = pair.map(|byte| [&[0x58, 0x20][..], &[byte; 32]].concat()).concat();
        assert_eq!(broken(&[&[0x84, 1, 0x80, 0x80, 0x82][..], &keys].concat()), form);
    }
    assert_eq!(broken(&joined), ErrorKind::Refused(Rule::RolesDisjoint));
    // Every prefix is refused.
    for end in 0..one.len() {
        broken(&one[..end]);
    }
}

/// How long the last two items of a store are.
fn issuers_len(store: &[u8]) -> usize {
    let mut reader = cose_ext::cbor::Reader::new(store, cose_ext::cbor::Strictness::LENIENT);
    reader.array().unwrap();
    reader.skip().unwrap();
    reader.skip().unwrap();
    store.len() - reader.position()
}

/// The receipts of the service that these keys are of verify by the loaded service.
fn loads(file: &[u8], left_out: usize) {
    let loaded = StoredService::from_key_file(
        "log",
        Some(SERVICE_ISS),
        file,
        LogProfile::RFC9162,
        &context(),
    );
    let loaded = loaded.unwrap();
    assert_eq!(loaded.left_out, left_out);
    assert_eq!(loaded.service.keys()[0].algorithms(), [Algorithm::EDDSA]);
    let store = store(issuer(KeyState::Current, ALWAYS), loaded.service);
    assert_eq!(verify(&store, AtTime::UNKNOWN), Ok(()));
}

#[test]
fn s53_a_service_is_made_of_its_key_file_in_one_call() {
    let key = CoseKeyEncoder::new(service_public()).unwrap().with_key_id(SERVICE_KID);
    let other = CoseKeyEncoder::new(ec_public(&ES256_SERVICE)).unwrap().with_key_id(b"log 0");
    let set = KeySetEncoder::new(&[key, other]).unwrap().to_vec();
    loads(&set, 0);
    loads(&key.to_vec(), 0);
    // A key of a type that nobody knows, and a symmetric one, are counted and left out.
    let mut with_odd_ones = vec![0x84];
    with_odd_ones.extend(&set[1..]);
    with_odd_ones.extend(hex::decode("a10119ffff").unwrap());
    with_odd_ones.extend(hex::decode("a20104204101").unwrap());
    loads(&with_odd_ones, 2);
    let none = hex::decode("81a10119ffff").unwrap();
    let error = StoredService::from_key_file("log", None, &none, LogProfile::CCF, &context());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Broken(Rule::KeyFile));
}

#[cfg(feature = "jwk")]
#[test]
fn s53_a_key_file_may_be_json() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"log 1"}}"#);
    loads(key.as_bytes(), 0);
    loads(format!(r#"{{"keys":[{key},{{"kty":"oct","k":"AA"}}]}}"#).as_bytes(), 1);
    let error = StoredService::from_key_file("log", None, b"{}", LogProfile::CCF, &context());
    assert!(error.is_err());
}

#[cfg(not(feature = "jwk"))]
#[test]
fn s53_without_jwk_a_file_in_json_cannot_be_read() {
    let error = StoredService::from_key_file("log", None, b"{}", LogProfile::CCF, &context());
    assert_eq!(error.unwrap_err().verdict(), Verdict::CannotEvaluate);
}

#[test]
fn entry_rules_of_the_field_are_named() {
    let bytes = statement();
    let message = *decode(&bytes).message();
    let sha256 = cose_ext::rustcrypto::Sha256;
    // What they stand for: the digest of the statement's own bytes, which have an empty map already.
    let of_bytes = EntryRule::SCITT_COSE.entry(&message, PAYLOAD).parts().concat();
    assert_eq!(of_bytes, bytes);
    assert_eq!(EntryRule::SCITT_COSE.hash, Some(Algorithm::SHA256));
    assert_eq!(EntryRule::STATEMENT_BYTES.hash, None);
    let ccf = EntryRule::CCF.entry(&message, PAYLOAD).hash(&sha256);
    assert_eq!(ccf, EntryRule::DEFAULT.entry(&message, PAYLOAD).hash(&sha256));
    let _: &dyn Signer = &ec_signer(&ISSUER);
}
