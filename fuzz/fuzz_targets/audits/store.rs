//! Stores of relying parties: what is in one is in its bytes, and a key counts in its role, its time and its state.

use cose_ext::crypto::Algorithm;
use cose_ext::key::OwnedTrustedKey;
use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, Chosen};
use scitt_core::{
    AtTime, KeyState, KeyValidity, LogProfile, RelyingPartyStore, Requirements, Role,
    SignedStatement, StatementBuilder, StoredAuthority, StoredIssuer, StoredKey, StoredService,
    StoredServiceKey,
};

use crate::{ISSUER, SERVICE, SIGNER, chain, public_key, refused};

const NOW: i64 = 1_700_000_000;

fn context() -> Context<'static> {
    Context::new(&Accept::NOBODY)
}

fn key(chosen: &mut Chosen<'_>) -> (usize, StoredKey) {
    let number = usize::from(chosen.byte() % 6);
    let key = OwnedTrustedKey::new(public_key(number), &context()).expect("of the right shape");
    let key = match chosen.byte() % 4 {
        0 => key.with_key_id(vec![number as u8]),
        _ => key,
    };
    let bound = [None, None, Some(NOW - 1), Some(NOW + 1)];
    let (not_before, not_after) = (chosen.one_of(bound), chosen.one_of(bound));
    let states = [KeyState::Current, KeyState::Current, KeyState::Retired, KeyState::Compromised];
    let key = StoredKey::new(key)
        .with_state(chosen.one_of(states))
        .with_validity(KeyValidity { not_before, not_after });
    (number, key)
}

pub fn check(chosen: &mut Chosen<'_>) {
    let mut store = RelyingPartyStore::new();
    // What role each key has, which is one.
    let mut roles: [Option<Role>; 6] = [None; 6];
    let mut fits = |number: usize, role: Role| *roles[number].get_or_insert(role) == role;
    for _ in 0..1 + chosen.byte() % 4 {
        let (number, stored) = key(chosen);
        let added = match chosen.byte() % 3 {
            0 => {
                let logs =
                    [LogProfile::RFC9162, LogProfile::CCF, LogProfile::SCITT_COSE, LogProfile::MMR];
                let log = chosen.one_of(logs);
                let stored = StoredServiceKey::new(stored, Algorithm::ES256, log);
                let stored = stored.also_by(Algorithm::ESP256).also_by(Algorithm::ES256);
                assert_eq!((stored.algorithms().len(), stored.log()), (2, log));
                assert!(stored.key().key().public_key() == public_key(number));
                let mut service = StoredService::new("log").with_key(stored);
                if chosen.byte() % 2 == 0 {
                    service = service.for_issuer(SERVICE);
                }
                if chosen.byte() % 4 == 0 {
                    let authority = StoredAuthority::new(chain::root(), Algorithm::ES256, log);
                    let authority = authority.expect("a certificate").also_by(Algorithm::EDDSA);
                    assert_eq!((authority.algorithms().len(), authority.log()), (2, log));
                    assert_eq!(authority.certificate(), chain::root());
                    service = service.with_authority(authority.for_purpose(&chain::purpose()));
                }
                assert_eq!(service.name(), "log");
                (store.add_service(service), fits(number, Role::Receipt))
            }
            _ => {
                let role = chosen.one_of(Role::ALL);
                assert!(!role.to_string().is_empty());
                let mut issuer = StoredIssuer::new("maker", ISSUER, role).with_key(stored);
                if chosen.byte() % 4 == 0 {
                    issuer = issuer.with_anchor(chain::root()).expect("a certificate");
                    issuer = issuer.for_purpose(&chain::purpose());
                }
                assert_eq!(
                    (issuer.name(), issuer.issuer(), issuer.role()),
                    ("maker", ISSUER, role)
                );
                assert!(issuer.keys().len() == 1 && issuer.clone().resolving_did_x509().is_err());
                // Keys of receipts belong to services.
                let fits = role != Role::Receipt && fits(number, role);
                (store.add_issuer(issuer), fits)
            }
        };
        assert_eq!(added.0.is_ok(), added.1);
        added.0.err().iter().for_each(refused);
    }
    if chosen.byte() % 4 == 0 {
        let (_, stored) = key(chosen);
        let identity = stored.key().as_trusted_key().identity();
        store.distrust(identity);
        assert!(store.distrusted().eq([identity]));
        assert_eq!(
            store.set_key_state(identity, KeyState::Compromised) == 0,
            store.role_of(identity).is_none()
        );
    }
    looked_at(&store);
    let bytes = store.to_bytes().expect("short enough");
    let again = RelyingPartyStore::from_bytes(&bytes, &context()).expect("as it was written");
    assert_eq!(again.to_bytes().as_ref(), Ok(&bytes));
    assert_eq!(
        (again.services().len(), again.issuers().len()),
        (store.services().len(), store.issuers().len())
    );
    for end in [bytes.len() - 1, usize::from(chosen.byte()) % bytes.len()] {
        refused(&RelyingPartyStore::from_bytes(&bytes[..end], &context()).expect_err("it is cut"));
    }
    // With another byte, at the front as often as anywhere.
    let mut changed = bytes.clone();
    let ends = [8, bytes.len()].map(|end| end.min(bytes.len()));
    let end = chosen.one_of(ends);
    changed[chosen.below(end)] = chosen.byte();
    read(&changed, &context());
    for time in [AtTime::UNKNOWN, AtTime::second(NOW), AtTime::second(NOW).accepting_retired()] {
        judged(&store, time);
        judged(&again, time);
    }
}

/// What is a store has the bytes that it is written with.
pub fn read(bytes: &[u8], context: &Context<'_>) {
    match RelyingPartyStore::from_bytes(bytes, context) {
        Ok(store) => {
            assert_eq!(store.to_bytes().as_deref(), Ok(bytes), "there is one form");
            looked_at(&store);
        }
        Err(error) => refused(&error),
    }
}

/// A statement is signed by a key of the store that is in force, or it is not the issuer's.
fn judged(store: &RelyingPartyStore, time: AtTime) {
    let made = StatementBuilder::new(ISSUER, "thing").key_id(b"1").sign(b"payload", &SIGNER);
    let made = made.expect("a statement");
    let statement = SignedStatement::decode(&made, &Profile::DETERMINISTIC).expect("it was made");
    let issuers = store.issuers_for(Role::Statement, time);
    assert!(format!("{issuers:?}").contains("Statement"));
    let verdict = statement.verify(&Input::embedded(), &issuers, Requirements::Rfc9943, &context());
    let keys = store.issuers().iter().filter(|issuer| issuer.role() == Role::Statement);
    let mut keys = keys.flat_map(|issuer| issuer.keys());
    // Who has another kid is not asked.
    let is_asked =
        |key: &&StoredKey| key.key().as_trusted_key().key_id().is_none_or(|id| id == b"1");
    let is_good = keys.any(|key| is_asked(&key) && key.out_of_force(time).is_none());
    assert_eq!(verdict.is_ok(), is_good, "{verdict:?}");
    verdict.err().iter().for_each(refused);
}

/// Everything that a store tells of itself.
pub fn looked_at(store: &RelyingPartyStore) {
    for time in [AtTime::UNKNOWN, AtTime::second(NOW)] {
        let table = store.service_table(time);
        assert_eq!(table.services().len(), store.services().len());
        assert!(!format!("{table:?}").is_empty());
        store.with_verifier(time, |verifier| {
            assert_eq!(verifier.services.len(), store.services().len())
        });
    }
    for service in store.services() {
        for stored in service.keys() {
            let identity = stored.key().key().as_trusted_key().identity();
            assert_eq!(store.role_of(identity), Some(Role::Receipt));
            assert!(
                !format!("{:?} {:?}", stored.key().state(), stored.key().validity()).is_empty()
            );
        }
        assert!(service.issuer() != Some("") && service.authorities().len() < 1 << 16);
    }
}
