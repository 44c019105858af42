//! S10 and S27: who signed a statement, and whether the key speaks for the issuer that it claims.

#[path = "../../cose-ext/tests/support/certificates.rs"]
#[allow(dead_code, unreachable_pub, reason = "this file uses its part")]
mod certificates;
#[path = "support/world.rs"]
mod world;

use certificates::{Template, authority, key_usage};
use cose_ext::{
    Input, Label, MapBuilder, Profile, Value,
    cwt::Time,
    error::Policy,
    key::{CoseKeyEncoder, IssuerKeys, KeyResolver, KeySet, KeySetEncoder, TrustStore, TrustedKey},
    x509::{CertificationPaths, TrustAnchor, WebPki},
};
use scitt_core::{
    Error, ErrorKind, NotChecked, Registration, Requirements, Rule, StatementBuilder, Transparent,
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

/// 2026-06-01T00:00:00Z.
const NOW: Time = Time::Seconds(1_780_272_000);
const OTHER_ISS: &str = "https://other.example";

/// The authority of the issuer's certificate.
static AUTHORITY: EcKey<32> = OTHER_ISSUER;

fn certificate() -> Vec<u8> {
    Template::new("root", "issuer", &ISSUER).with(key_usage(0x80)).sign(&AUTHORITY)
}

/// A statement that the issuer's key signs, with kid and certificate.
fn claiming(issuer: &str) -> Vec<u8> {
    let statement = StatementBuilder::new(issuer, SUB).key_id(KID);
    let statement = statement.protected(Label::X5CHAIN, &certificate()[..]);
    statement.sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap()
}

/// One that claims no issuer, for lenient requirements.
fn claiming_nobody() -> Vec<u8> {
    let protected = MapBuilder::new()
        .with(Label::ALG, cose_ext::crypto::Algorithm::ES256)
        .with(Label::KID, KID)
        .with(Label::X5CHAIN, Value::Bytes(&certificate()));
    signed(&protected, &MapBuilder::new())
}

/// Calls `then` with the issuer's key in every kind of resolver, bound to nobody.
fn with_resolvers(then: impl Fn(&str, &dyn KeyResolver)) {
    let keys = [ec_key(&ISSUER).with_key_id(KID)];
    then("TrustStore", &TrustStore::new(&keys));

    let public = ec_public(&ISSUER);
    let encoded = CoseKeyEncoder::new(public).unwrap().with_key_id(KID);
    let set = KeySetEncoder::new(core::slice::from_ref(&encoded)).unwrap().to_vec();
    then("KeySetStore", &KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted());

    let root = Template::new("root", "root", &AUTHORITY).with(authority(None)).sign(&AUTHORITY);
    let anchors = [TrustAnchor::new(&root).unwrap()];
    let validator = WebPki::new();
    then("CertificationPaths", &CertificationPaths::new(&validator, &anchors, Some(NOW)));
}

fn verify(
    statement: &[u8],
    issuers: &dyn KeyResolver,
    requirements: Requirements,
) -> Result<bool, Error> {
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let verifier = Verifier::new(issuers, &services).with_requirements(requirements);
    // Logged whoever signed it: what is asked here is the verifier.
    let mut log = Log::usual(3);
    let registration =
        Registration { issuers: &ec_key(&ISSUER), requirements: Requirements::Lenient };
    let input = Input::embedded();
    let entry =
        log.service.register(statement, &input, LOGGED_AT, &registration, &context()).unwrap();
    let bytes = transparent(statement, &[&log.receipt(entry)]);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let found: Transparent<'_> = verifier.verify(&transparent, &input, &context())?;
    Ok(found.not_checked().any(|it| it == NotChecked::Issuer))
}

fn register(
    statement: &[u8],
    issuers: &dyn KeyResolver,
    requirements: Requirements,
) -> Result<(), Error> {
    let registration = Registration { issuers, requirements };
    let mut log = Log::usual(0).service;
    refusal(log.register(statement, &Input::embedded(), LOGGED_AT, &registration, &context()))
        .map(drop)
}

fn policy(policy: Policy) -> Error {
    cose_ext::Error::from(policy).into()
}

#[test]
fn s10_a_key_that_is_bound_to_nobody_is_reported() {
    with_resolvers(|name, issuers| {
        for claimed in [ISS, OTHER_ISS] {
            let found = verify(&claiming(claimed), issuers, Requirements::Rfc9943);
            assert_eq!(found, Ok(true), "{name}");
        }
    });
}

#[test]
fn s10_a_bound_key_speaks_for_its_issuer_only() {
    with_resolvers(|name, keys| {
        let issuers = IssuerKeys::new(ISS, keys);
        let found = verify(&claiming(ISS), &issuers, Requirements::Rfc9943);
        assert_eq!(found, Ok(false), "{name}");
        for requirements in [Requirements::Rfc9943, Requirements::Lenient] {
            let error = verify(&claiming(OTHER_ISS), &issuers, requirements).unwrap_err();
            assert_eq!(error, policy(Policy::NotEnrolled { tried: 0 }), "{name}");
            assert_eq!(error.verdict(), Verdict::CannotEvaluate, "{name}");
        }
    });
}

#[test]
fn s10_a_bound_key_does_not_answer_for_a_statement_of_nobody() {
    with_resolvers(|name, keys| {
        let issuers = IssuerKeys::new(ISS, keys);
        let error = verify(&claiming_nobody(), &issuers, Requirements::Lenient).unwrap_err();
        assert_eq!(error, policy(Policy::IssuerNotClaimed), "{name}");
        assert_eq!(error.verdict(), Verdict::RefusedByPolicy, "{name}");
        let error = register(&claiming_nobody(), &issuers, Requirements::Lenient).unwrap_err();
        assert_eq!(error, policy(Policy::IssuerNotClaimed), "{name}");
    });
}

#[test]
fn s27_a_service_registers_what_a_bound_key_signed() {
    with_resolvers(|name, keys| {
        let statement = claiming(ISS);
        let unbound = Err(Error::from(ErrorKind::Refused(Rule::IssuerBound)));
        assert_eq!(register(&statement, keys, Requirements::Rfc9943), unbound, "{name}");
        assert_eq!(register(&statement, keys, Requirements::Lenient), Ok(()), "{name}");
        let issuers = IssuerKeys::new(ISS, keys);
        assert_eq!(register(&statement, &issuers, Requirements::Rfc9943), Ok(()), "{name}");
        for requirements in [Requirements::Rfc9943, Requirements::Lenient] {
            let refused = register(&claiming(OTHER_ISS), &issuers, requirements);
            assert_eq!(refused, Err(policy(Policy::NotEnrolled { tried: 0 })), "{name}");
        }
    });
}

/// Nothing is wrong with a statement whose issuer this verifier does not know.
#[test]
fn s10_an_issuer_that_is_not_enrolled_is_not_called_broken() {
    let statement = claiming(ISS);
    let strangers: [TrustedKey<'_>; 3] = [
        ec_key(&ES256_SERVICE),
        ec_key(&ES256_SERVICE).with_key_id(b"another"),
        ec_key(&ES256_SERVICE).for_issuer(OTHER_ISS),
    ];
    for (stranger, tried) in strangers.iter().zip([1, 0, 0]) {
        let error = verify(&statement, stranger, Requirements::Rfc9943).unwrap_err();
        assert_eq!(error, policy(Policy::NotEnrolled { tried }));
        assert_eq!(error.verdict(), Verdict::CannotEvaluate, "{error}");
    }
    // It is, under a key that it names.
    for named in [ec_key(&ES256_SERVICE).with_key_id(KID), ec_key(&ES256_SERVICE).for_issuer(ISS)] {
        let error = verify(&statement, &named, Requirements::Rfc9943).unwrap_err();
        assert_eq!(error.verdict(), Verdict::Broken, "{error}");
    }
}

#[cfg(feature = "x509")]
#[test]
fn s41_a_policy_names_authorities_and_a_path_leads_to_them() {
    use merkle_proof::Sha256Tree;
    use scitt_core::{
        Bootstrap, GovernedService, Policy, PolicyIssuer, ReceiptKey, TransparencyService,
    };
    let root = Template::new("root", "root", &AUTHORITY).with(authority(None)).sign(&AUTHORITY);
    let anchored = |issuer: &str| PolicyIssuer::new(issuer).with_anchor(&root).unwrap();
    let register = |issuer: PolicyIssuer, at: i64, statement: &[u8]| {
        let policy = Policy::new().administered_by(issuer.clone()).registering(issuer);
        // As it comes back out of its encoding.
        let policy = Policy::decode(&policy.encode(), &context()).unwrap();
        let key = ReceiptKey::new(SERVICE_KID, cose_ext::crypto::Algorithm::EDDSA);
        let service = TransparencyService::in_memory(Sha256Tree, SERVICE_ISS, key);
        let bootstrap = Bootstrap::Preconfigured(policy);
        let mut service = GovernedService::open(service, bootstrap, &context()).unwrap();
        refusal(service.register(statement, &Input::embedded(), at, &context())).map(drop)
    };
    let Time::Seconds(now) = NOW else { panic!() };
    assert_eq!(register(anchored(ISS), now, &claiming(ISS)), Ok(()));
    // The authority speaks for the issuer that it is named for, and at the time of its certificates.
    assert!(register(anchored(OTHER_ISS), now, &claiming(ISS)).is_err());
    assert!(register(anchored(ISS), now + 100 * 365 * 86_400, &claiming(ISS)).is_err());
    // A certificate that no path leads from, for the same key.
    let stray =
        Template::new("stray", "issuer", &ISSUER).with(key_usage(0x80)).sign(&ES256_SERVICE);
    let statement = StatementBuilder::new(ISS, SUB).certified_by(&[&stray]);
    let statement = statement.sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap();
    assert!(register(anchored(ISS), now, &statement).is_err());
    assert!(PolicyIssuer::new(ISS).with_anchor(b"no certificate").is_err());
    // A kid that is enrolled for another key of the issuer contradicts the certificate.
    let both = |key| anchored(ISS).with_key(key, KID, &context()).unwrap();
    assert_eq!(register(both(ec_public(&ISSUER)), now, &claiming(ISS)), Ok(()));
    assert!(register(both(ec_public(&ES256_SERVICE)), now, &claiming(ISS)).is_err());
}
