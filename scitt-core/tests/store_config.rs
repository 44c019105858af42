//! The relying party's store as configuration in JSON and TOML.

#[path = "../../cose-ext/tests/support/certificates.rs"]
#[allow(dead_code, unreachable_pub, reason = "this file uses its part")]
mod certificates;
#[path = "support/world.rs"]
mod world;

use certificates::{Template, authority};
use cose_ext::{
    Input, Profile,
    crypto::{Algorithm, Curve, KeyMaterial, PublicKey},
    key::{Identity, OwnedTrustedKey},
};
use proptest::prelude::*;
use scitt_core::{
    AtTime, EntryEncoding, EntryPayload, EntryRule, ErrorKind, KeyState, KeyValidity, LogProfile,
    RelyingPartyStore, Role, Rule, StoreConfig, StoredAuthority, StoredIssuer, StoredKey,
    StoredService, StoredServiceKey, TransparentStatement,
};
use world::*;

/// For the certificates.
mod messages {
    pub(crate) fn h(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }
}

fn ed_public(key: &testkit::fixed_keys::Ed25519Key) -> PublicKey<'_> {
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &key.public };
    PublicKey { material, algorithm: None }
}

fn usual() -> RelyingPartyStore {
    let mut store = RelyingPartyStore::new();
    let key = OwnedTrustedKey::new(ed_public(&SERVICE), &context()).unwrap();
    let key = StoredKey::new(key.with_key_id(SERVICE_KID));
    let key = StoredServiceKey::new(key, Algorithm::EDDSA, LogProfile::RFC9162);
    let service = StoredService::new("log").for_issuer(SERVICE_ISS).with_key(key);
    store.add_service(service).unwrap();
    let key = OwnedTrustedKey::new(ec_public(&ISSUER), &context()).unwrap();
    let issuer = StoredIssuer::new("vendor", ISS, Role::Statement);
    store.add_issuer(issuer.with_key(StoredKey::new(key.with_key_id(KID)))).unwrap();
    store
}

/// Through JSON and through TOML, as a file would have it.
fn through_files(store: &RelyingPartyStore) -> [RelyingPartyStore; 2] {
    let config = store.to_config().unwrap();
    let json: StoreConfig =
        serde_json::from_str(&serde_json::to_string_pretty(&config).unwrap()).unwrap();
    let toml: StoreConfig = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
    assert_eq!((&json, &toml), (&config, &config));
    [json, toml].map(|config| config.to_store(&context()).unwrap())
}

#[test]
fn s52_a_store_comes_out_of_a_file_as_it_went_in() {
    let bytes = usual_transparent(&statement());
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    for again in through_files(&usual()) {
        assert_eq!(again.to_bytes().unwrap(), usual().to_bytes().unwrap());
        let found = again.with_verifier(AtTime::second(LOGGED_AT), |verifier| {
            verifier.verify(&transparent, &Input::embedded(), &context()).map(drop)
        });
        assert_eq!(found, Ok(()));
    }
}

fn validity() -> impl Strategy<Value = KeyValidity> {
    let second = || prop::option::of(-5_000_000_000..5_000_000_000_i64);
    (second(), second()).prop_map(|(not_before, not_after)| KeyValidity { not_before, not_after })
}

fn state() -> impl Strategy<Value = KeyState> {
    prop::sample::select(vec![KeyState::Current, KeyState::Retired, KeyState::Compromised])
}

fn log() -> impl Strategy<Value = LogProfile> {
    let encoding = prop::sample::select(vec![
        EntryEncoding::AsReceived,
        EntryEncoding::Preferred(EntryPayload::AsSubmitted),
        EntryEncoding::Preferred(EntryPayload::Attached),
        EntryEncoding::Preferred(EntryPayload::Nil),
    ]);
    let hash = prop::option::of(Just(Algorithm::SHA384));
    let vds = prop::sample::select(vec![LogProfile::RFC9162, LogProfile::CCF, LogProfile::MMR]);
    (encoding, hash, vds).prop_map(|(encoding, hash, LogProfile { vds, .. })| LogProfile {
        vds,
        entry_rule: EntryRule { encoding, hash },
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn s52_every_store_comes_out_of_a_file_as_it_went_in(
        (of_service, of_issuer) in ((state(), validity()), (state(), validity())),
        log in log(),
        kid in prop::option::of(prop::collection::vec(any::<u8>(), 0..40)),
        (several, certified) in any::<(bool, bool)>(),
        name in "\\PC{1,20}",
        role in prop::sample::select(vec![Role::Firmware, Role::Teep, Role::Evidence, Role::Results]),
        distrusted in prop::collection::vec(any::<[u8; 32]>(), 0..3),
    ) {
        let mut store = usual();
        for key in distrusted {
            store.distrust(Identity::new(key));
        }
        let mut key = OwnedTrustedKey::new(ec_public(&ES256_SERVICE), &context()).unwrap();
        if let Some(kid) = kid {
            key = key.with_key_id(kid);
        }
        let key = StoredKey::new(key).with_state(of_service.0).with_validity(of_service.1);
        let mut key = StoredServiceKey::new(key, Algorithm::ES256, log);
        let root = Template::new("root", "root", &OTHER_ISSUER).with(authority(None));
        let root = root.sign(&OTHER_ISSUER);
        let mut authority = StoredAuthority::new(&root, Algorithm::ES384, log).unwrap();
        if several {
            key = key.also_by(Algorithm::ESP256);
            authority = authority.also_by(Algorithm::EDDSA).for_purpose(b"\x2b\x06\x01");
        }
        let mut service = StoredService::new(&name).with_key(key);
        if certified {
            service = service.with_authority(authority);
        }
        store.add_service(service).unwrap();
        let key = OwnedTrustedKey::new(ed_public(&STRANGER), &context()).unwrap();
        let key = StoredKey::new(key).with_state(of_issuer.0).with_validity(of_issuer.1);
        let mut issuer = StoredIssuer::new(&name, "https://maker.example", role).with_key(key);
        if certified {
            issuer = issuer.with_anchor(&root).unwrap().for_purpose(b"\x2b\x06\x01");
        }
        store.add_issuer(issuer).unwrap();
        for again in through_files(&store) {
            prop_assert_eq!(again.to_bytes().unwrap(), store.to_bytes().unwrap());
            prop_assert_eq!(format!("{again:?}"), format!("{store:?}"));
        }
    }
}

#[test]
fn s52_what_a_file_may_not_say_is_refused() {
    let good = serde_json::to_value(usual().to_config().unwrap()).unwrap();
    let read = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        let config: Result<StoreConfig, _> = serde_json::from_value(changed);
        config.ok().map(|config| config.to_store(&context()).map(drop))
    };
    assert_eq!(read(&|_| ()), Some(Ok(())));
    // Members that are not known, and values that are none of their kind, are no configuration.
    for change in [
        &|value: &mut serde_json::Value| value["more"] = 1.into(),
        &|value: &mut serde_json::Value| value["services"][0]["keys"][0]["crit"] = true.into(),
        &|value: &mut serde_json::Value| value["services"][0]["keys"][0]["state"] = "lost".into(),
        &|value: &mut serde_json::Value| value["services"][0]["keys"][0]["entry"] = "any".into(),
        &|value: &mut serde_json::Value| value["issuers"][0]["role"] = "root".into(),
    ] as [&dyn Fn(&mut serde_json::Value); 5]
    {
        assert_eq!(read(change), None);
    }
    let form = ErrorKind::Broken(Rule::StoreForm);
    let kind = |change: &dyn Fn(&mut serde_json::Value)| read(change).unwrap().unwrap_err().kind();
    assert_eq!(kind(&|value| value["services"][0]["keys"][0]["kid"] = "=".into()), form);
    let none: Vec<i64> = vec![];
    assert_eq!(
        kind(&|value| value["services"][0]["keys"][0]["algorithms"] = none.clone().into()),
        form
    );
    assert_eq!(
        kind(&|value| value["services"][0]["keys"][0]["algorithms"] = vec![-8, -8].into()),
        form
    );
    assert_eq!(kind(&|value| value["distrusted"] = vec!["AAAA"].into()), form);
    // A key in two roles.
    let twice = kind(&|value| {
        let key = value["services"][0]["keys"][0]["key"].clone();
        value["issuers"][0]["keys"][0]["key"] = key;
    });
    assert_eq!(twice, ErrorKind::Refused(Rule::RolesDisjoint));
}
