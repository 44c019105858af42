//! Issuers whose name says which certificates speak for them.

#[path = "../../cose-ext/tests/support/certificates.rs"]
#[allow(dead_code, unreachable_pub)]
mod certificates;
#[path = "support/world.rs"]
mod world;

/// What the certificates are written with.
mod messages {
    pub(crate) fn h(hex: &str) -> Vec<u8> {
        hex::decode(hex.replace(' ', "")).unwrap()
    }
}

use std::{fs, path::Path};

use certificates::{Template, authority, der, extended_key_usage, extension, key_usage, sequence};
use cose_ext::{
    Input, IssuerBinding, Label, MapBuilder, Profile, Value,
    crypto::HashFunction,
    cwt::{ClaimKey, Time},
    error::{ErrorKind as CoseErrorKind, PathFault, Policy},
    key::{KeyOrigin, KeyResolver},
    rustcrypto::Sha256,
};
use scitt_core::{
    AtTime, DidX509, DidX509Issuer, Error, ErrorKind, NotChecked, RelyingPartyStore, Requirements,
    Role, Rule, SignedStatement, StoredIssuer, TransparentStatement, Verdict, Verifier,
};
use testkit::fixed_keys::{EcKey, P256_COSE_11, P256_COUNTING};
use world::*;

static ROOT: EcKey<32> = P256_COSE_11;
static STATION: EcKey<32> = P256_COUNTING;
/// 2026-01-01.
const NOW: Time = Time::Seconds(1_767_225_600);
/// 1.3.6.1.5.5.7.3.36, as the content of its DER, and in the name.
const PURPOSE: &str = "2b06010505070324";
const EKU: &str = "eku:1.3.6.1.5.5.7.3.36";

fn root() -> Vec<u8> {
    Template::new("root", "root", &ROOT).with(authority(None)).with(key_usage(0x04)).sign(&ROOT)
}

fn leaf() -> Template {
    let names =
        sequence(&[der(0x81, b"dev@a.example"), der(0x82, b"a.example"), der(0x86, b"urn:a")]);
    Template::new("root", "Vendor: 1", &ISSUER)
        .with(key_usage(0x80))
        .with(extended_key_usage(&[PURPOSE]))
        .with(extension("551d11", false, &names))
        .with(extension("2b0601040183bf300101", false, b"https://sign.example"))
}

/// The name that means certificates below `root` and has `policies`.
fn did(root: &[u8], policies: &str) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let digest = Base64UrlUnpadded::encode_string(Sha256.hash(&[root]).as_ref());
    format!("did:x509:0:sha256:{digest}::{policies}")
}

/// A statement of `iss` with this chain.
fn statement_with(iss: &str, chain: &[Vec<u8>]) -> Vec<u8> {
    let chain: Vec<_> = chain.iter().map(|der| Value::Bytes(der)).collect();
    let claims = MapBuilder::new().with(ClaimKey::ISS, iss).with(ClaimKey::SUB, SUB);
    let header = MapBuilder::new()
        .with(Label::ALG, cose_ext::crypto::Algorithm::ES256)
        .with(Label::X5CHAIN, Value::Array(&chain))
        .with(Label::CWT_CLAIMS, &claims);
    signed(&header, &MapBuilder::new())
}

fn verify(statement: &[u8], issuers: &dyn KeyResolver) -> Result<KeyOrigin, Error> {
    let requirements = Requirements::Lenient;
    let verified = SignedStatement::decode(statement, &Profile::LENIENT).unwrap().verify(
        &Input::embedded(),
        issuers,
        requirements,
        &context(),
    )?;
    assert_eq!(verified.by().issuer(), IssuerBinding::Checked);
    Ok(verified.by().origin())
}

fn path_fault(outcome: Result<KeyOrigin, Error>) -> PathFault {
    match outcome.unwrap_err().kind() {
        ErrorKind::Cose(CoseErrorKind::Policy(Policy::CertificationPath(fault))) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn s54_a_name_is_read_or_refused() {
    let digest = "A".repeat(43);
    let good = |rest: &str| DidX509::parse(&format!("did:x509:0:sha256:{digest}{rest}")).is_ok();
    for policies in [
        "::eku:1.3.6.1",
        "::subject:CN:Vendor%3A%201",
        "::subject:C:US:ST:California:O:Example:2.5.4.12:x",
        "::san:email:dev%40a.example",
        "::san:dns:a.example",
        "::fulcio-issuer:sign.example",
        "::subject:CN:a::eku:1.3.6.1",
    ] {
        assert!(good(policies), "{policies}");
    }
    for policies in [
        "",
        "::",
        "::eku",
        "::eku:",
        "::eku:x",
        "::subject:CN",
        "::subject:CN:",
        "::subject:CN:a:CN:b",
        "::subject:XY:a",
        "::subject:CN:a b",
        "::subject:CN:%4",
        "::san:ip:1.2.3.4",
        "::san:email:a:b",
        "::san:email",
        "::unknown:x",
        "::eku:1.3.6.1::",
        ":x::eku:1.3.6.1",
    ] {
        assert!(!good(policies), "{policies}");
    }
    for name in [
        format!("did:x509:1:sha256:{digest}::eku:1.3.6.1"),
        format!("did:x509:0:md5:{digest}::eku:1.3.6.1"),
        format!("did:x509:0:sha256:{digest}A::eku:1.3.6.1"),
        format!("did:x509:0:sha256:{}+::eku:1.3.6.1", "A".repeat(42)),
        format!("did:web:0:sha256:{digest}::eku:1.3.6.1"),
        String::new(),
    ] {
        let error = DidX509::parse(&name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Broken(Rule::DidX509Form), "{name}");
    }
    let long = format!("did:x509:0:sha384:{}::eku:1.3.6.1", "A".repeat(64));
    assert_eq!(DidX509::parse(&long).unwrap().to_string(), long);
}

#[test]
fn s55_the_authority_is_a_certificate_above_the_first_and_a_path_leads_to_it() {
    let (root, leaf) = (root(), leaf().sign(&ROOT));
    let name = did(&root, EKU);
    let issuer = |time| DidX509Issuer::new(DidX509::parse(&name).unwrap(), time);
    let chain = statement_with(&name, &[leaf.clone(), root.clone()]);
    let valid_at = Some(1_767_225_600);
    assert_eq!(verify(&chain, &issuer(Some(NOW))), Ok(KeyOrigin::Path { valid_at }));
    assert_eq!(verify(&chain, &issuer(None)), Ok(KeyOrigin::Path { valid_at: None }));
    // Without the authority, with another one, and with the digest of the leaf itself.
    let alone = statement_with(&name, &[leaf.clone(), leaf.clone()]);
    assert_eq!(path_fault(verify(&alone, &issuer(None))), PathFault::UnknownIssuer);
    let own = did(&leaf, EKU);
    let by_itself = DidX509Issuer::new(DidX509::parse(&own).unwrap(), None);
    let statement = statement_with(&own, &[leaf.clone(), root.clone()]);
    assert_eq!(path_fault(verify(&statement, &by_itself)), PathFault::UnknownIssuer);
    // No authority, by what it says of itself, and one that allows nothing below it.
    let plain = Template::new("root", "root", &ROOT).with(key_usage(0x04)).sign(&ROOT);
    let of_plain = did(&plain, EKU);
    let by_plain = DidX509Issuer::new(DidX509::parse(&of_plain).unwrap(), None);
    let statement = statement_with(&of_plain, &[leaf.clone(), plain]);
    assert_eq!(path_fault(verify(&statement, &by_plain)), PathFault::PathLength);
    let zero = Template::new("root", "root", &ROOT).with(authority(Some(0))).with(key_usage(0x04));
    let zero = zero.sign(&ROOT);
    let between = Template::new("root", "between", &STATION)
        .with(authority(None))
        .with(key_usage(0x04))
        .sign(&ROOT);
    let below = Template { issuer: "between".into(), ..self::leaf() }.sign(&STATION);
    let of_zero = did(&zero, EKU);
    let by_zero = DidX509Issuer::new(DidX509::parse(&of_zero).unwrap(), None);
    let direct = statement_with(&of_zero, &[leaf.clone(), zero.clone()]);
    assert!(verify(&direct, &by_zero).is_ok());
    let long = statement_with(&of_zero, &[below.clone(), between.clone(), zero]);
    assert_eq!(path_fault(verify(&long, &by_zero)), PathFault::PathLength);
    let long = statement_with(&name, &[below, between.clone(), root.clone()]);
    assert!(verify(&long, &issuer(None)).is_ok());
    // A certificate that has nothing to do with the chain.
    let beside = statement_with(&name, &[leaf.clone(), between, root.clone()]);
    assert_eq!(path_fault(verify(&beside, &issuer(None))), PathFault::UnknownIssuer);
    // The authority is there and did not sign.
    let forged = Template { issuer: "root".into(), ..self::leaf() }.sign(&ISSUER);
    let statement = statement_with(&name, &[forged, root.clone()]);
    assert_eq!(path_fault(verify(&statement, &issuer(None))), PathFault::Signature);
    // Out of time.
    let late = issuer(Some(Time::Seconds(1_900_000_000)));
    assert_eq!(path_fault(verify(&chain, &late)), PathFault::Expired);
    // Another name is not answered to, and no chain leads nowhere.
    let other = statement_with("https://vendor.example", &[leaf, root]);
    assert_eq!(verify(&other, &issuer(None)).unwrap_err().verdict(), Verdict::CannotEvaluate);
    let claims = MapBuilder::new().with(ClaimKey::ISS, name.as_str()).with(ClaimKey::SUB, SUB);
    let header = protected().with(Label::CWT_CLAIMS, &claims);
    let bare = signed(&header, &MapBuilder::new());
    assert_eq!(path_fault(verify(&bare, &issuer(None))), PathFault::UnknownIssuer);
}

#[test]
fn s56_the_first_certificate_meets_every_policy() {
    let (root, leaf) = (root(), leaf().sign(&ROOT));
    let try_with = |policies: &str| {
        let name = did(&root, policies);
        let statement = statement_with(&name, &[leaf.clone(), root.clone()]);
        verify(&statement, &DidX509Issuer::new(DidX509::parse(&name).unwrap(), Some(NOW)))
    };
    for policies in [
        EKU,
        "subject:CN:Vendor%3A%201",
        "subject:CN:Vendor%3a%201",
        "san:email:dev%40a.example",
        "san:dns:a.example",
        "san:uri:urn%3Aa",
        "fulcio-issuer:sign.example",
        "subject:CN:Vendor%3A%201::san:dns:a.example::eku:1.3.6.1.5.5.7.3.36",
    ] {
        assert!(try_with(policies).is_ok(), "{policies}");
    }
    for policies in [
        "eku:1.3.6.1.5.5.7.3.3",
        "subject:CN:vendor%3A%201",
        "subject:CN:Vendor%3A%201:O:x",
        "subject:2.5.4.3:other",
        "san:dns:b.example",
        "san:dns:a.example.",
        "san:uri:a.example",
        "fulcio-issuer:sign.example.org",
        "san:dns:a.example::eku:1.3.6.1.5.5.7.3.3",
    ] {
        assert_eq!(path_fault(try_with(policies)), PathFault::OtherEndEntity, "{policies}");
    }
}

/// A store with an issuer, and the usual service.
fn store(issuer: StoredIssuer) -> RelyingPartyStore {
    use cose_ext::{crypto::Algorithm, key::OwnedTrustedKey};
    use scitt_core::{LogProfile, StoredKey, StoredService, StoredServiceKey};
    let public = ed_signer(&SERVICE);
    let key = OwnedTrustedKey::new(&public.public_key(), &context()).unwrap();
    let key = StoredKey::new(key.with_key_id(SERVICE_KID));
    let key = StoredServiceKey::new(key, Algorithm::EDDSA, LogProfile::RFC9162);
    let mut store = RelyingPartyStore::new();
    store.add_service(StoredService::new("log").with_key(key)).unwrap();
    store.add_issuer(issuer).unwrap();
    store
}

/// What a verdict on a transparent statement does not rest on.
fn not_checked(statement: &[u8], store: &RelyingPartyStore, time: AtTime) -> Vec<NotChecked> {
    let mut log = Log::usual(3);
    let registered = {
        let issuers = store.issuers_for(Role::Statement, AtTime::UNKNOWN);
        let registration =
            scitt_core::Registration { issuers: &issuers, requirements: Requirements::Lenient };
        log.service
            .register(statement, &Input::embedded(), LOGGED_AT, &registration, &context())
            .unwrap()
    };
    let bytes = transparent(statement, &[&log.receipt(registered)]);
    let table = store.service_table(time);
    let services = table.services();
    let issuers = store.issuers_for(Role::Statement, time);
    let statement = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let verifier = Verifier::new(&issuers, &services);
    let verified = verifier.verify(&statement, &Input::embedded(), &context()).unwrap();
    verified.not_checked().collect()
}

#[test]
fn not_checked_says_what_was_done_with_certificates() {
    let (root, leaf) = (root(), leaf().sign(&ROOT));
    let name = did(&root, EKU);
    let statement = statement_with(&name, &[leaf.clone(), root.clone()]);
    let by_did = StoredIssuer::new("vendor", &name, Role::Statement).resolving_did_x509().unwrap();
    let by_anchor = StoredIssuer::new("vendor", &name, Role::Statement)
        .with_anchor(&root)
        .unwrap()
        .for_purpose(&hex::decode(PURPOSE).unwrap());
    for issuer in [by_did, by_anchor] {
        let store = store(issuer);
        let bytes = store.to_bytes().unwrap();
        let store = RelyingPartyStore::from_bytes(&bytes, &context()).unwrap();
        let timed = not_checked(&statement, &store, AtTime::second(1_767_225_600));
        assert!(timed.contains(&NotChecked::Revocation), "{timed:?}");
        assert!(!timed.contains(&NotChecked::CertificationPath));
        let untimed = not_checked(&statement, &store, AtTime::UNKNOWN);
        assert!(untimed.contains(&NotChecked::CertificateValidity), "{untimed:?}");
    }
    let key = cose_ext::key::OwnedTrustedKey::new(ec_public(&ISSUER), &context()).unwrap();
    let by_key = StoredIssuer::new("vendor", &name, Role::Statement)
        .with_key(scitt_core::StoredKey::new(key));
    let enrolled = not_checked(&statement, &store(by_key), AtTime::UNKNOWN);
    assert!(enrolled.contains(&NotChecked::CertificationPath), "{enrolled:?}");
}

#[test]
fn s51_what_the_store_says_of_a_key_outweighs_a_certificate() {
    use cose_ext::{error::OutOfForce, key::OwnedTrustedKey};
    use scitt_core::{KeyState, StoredKey};
    let (root, leaf) = (root(), leaf().sign(&ROOT));
    let name = did(&root, EKU);
    let statement = statement_with(&name, &[leaf.clone(), root.clone()]);
    let vendor = || StoredIssuer::new("vendor", &name, Role::Statement);
    let by_did = || vendor().resolving_did_x509().unwrap();
    let by_anchor =
        || vendor().with_anchor(&root).unwrap().for_purpose(&hex::decode(PURPOSE).unwrap());
    let key = || OwnedTrustedKey::new(ec_public(&ISSUER), &context()).unwrap();
    let refusal = |store: &RelyingPartyStore| {
        let issuers = store.issuers_for(Role::Statement, AtTime::UNKNOWN);
        match verify(&statement, &issuers).unwrap_err().kind() {
            ErrorKind::Cose(CoseErrorKind::Policy(policy)) => policy,
            other => panic!("{other:?}"),
        }
    };
    for issuer in [by_did(), by_anchor()] {
        let mut good = store(issuer.clone());
        let issuers = good.issuers_for(Role::Statement, AtTime::UNKNOWN);
        assert!(verify(&statement, &issuers).is_ok());
        // Distrusted for good.
        good.distrust(key().as_trusted_key().identity());
        let compromised = Policy::KeyNotInForce(OutOfForce::Compromised);
        assert_eq!(refusal(&good), compromised);
        // Enrolled, and compromised since.
        let lost = StoredKey::new(key()).with_state(KeyState::Compromised);
        let mut with_lost = store(issuer.clone());
        let other = StoredIssuer::new("same key", "urn:else", Role::Statement).with_key(lost);
        with_lost.add_issuer(other).unwrap();
        assert_eq!(refusal(&with_lost), compromised);
        // Enrolled for another role.
        let mut of_firmware = store(issuer);
        let other = StoredIssuer::new("boot", "urn:boot", Role::Firmware);
        of_firmware.add_issuer(other.with_key(StoredKey::new(key()))).unwrap();
        assert_eq!(refusal(&of_firmware), Policy::KeyOperations);
    }
}

#[test]
fn an_issuer_that_is_no_did_is_not_resolved() {
    let issuer = StoredIssuer::new("vendor", ISS, Role::Statement).resolving_did_x509();
    assert_eq!(issuer.unwrap_err().kind(), ErrorKind::Broken(Rule::DidX509Form));
    assert!(StoredIssuer::new("vendor", ISS, Role::Statement).with_anchor(b"no").is_err());
}

/// Statements of real services, whose issuers are such names. Their certificates lead to their own
/// roots at a time inside their validity.
#[test]
fn names_of_published_statements_resolve_by_their_own_chains() {
    let folder = std::env::var_os("CONFORMANCE_VECTORS")
        .filter(|folder| !folder.is_empty())
        .map_or_else(|| "../shared/vectors".into(), std::path::PathBuf::from);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder).join("scitt");
    for name in [
        "uvm-0-2-10",
        "phi-4-one-service",
        "spdx-digest-ps384",
        "demo-service-es256",
        "cosesigntool-es256",
    ] {
        let Ok(bytes) = fs::read(folder.join(name).with_extension("cbor")) else {
            println!("{name} is not here");
            continue;
        };
        let statement = SignedStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        let claims = statement.message().headers().protected().cwt_claims().unwrap().unwrap();
        let did = DidX509::parse(claims.issuer().unwrap().unwrap()).unwrap();
        let chain = {
            let headers = statement.message().headers();
            headers.protected().x5chain().unwrap().or(headers.unprotected().x5chain().unwrap())
        };
        let youngest = chain.unwrap().iter().map(|certificate| {
            cose_ext::x509::Certificate::decode(certificate).unwrap().not_before().floor()
        });
        let time = youngest.max().unwrap();
        let outcome = verify(&bytes, &DidX509Issuer::new(did, Some(Time::Seconds(time))));
        assert_eq!(outcome, Ok(KeyOrigin::Path { valid_at: Some(time) }), "{name}");
        let early = verify(&bytes, &DidX509Issuer::new(did, Some(Time::Seconds(time - 1))));
        assert_eq!(path_fault(early), PathFault::NotYetValid, "{name}");
    }
}

/// Resolutions that the authors of did:x509 published with their text, read where `DID_X509_VECTORS` says.
/// What is resolved here resolves there, and the other way round but for what is named: extensions that are
/// critical and that rustls-webpki does not know; keys that agree on secrets, which sign no statements; other
/// alternative names than those that a policy can speak of, which are passed over here; and URLs with a
/// fragment, which are no issuers.
#[test]
fn published_resolutions() {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let Some(file) = std::env::var_os("DID_X509_VECTORS") else {
        println!("DID_X509_VECTORS names no file");
        return;
    };
    let vectors: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let mut differing = Vec::new();
    for vector in vectors.as_array().unwrap() {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
        let (id, did) = (text(&vector["id"]), text(&vector["input"]["did"]));
        let chain = vector["input"]["chain"].as_array().cloned().unwrap_or_default();
        let chain: Vec<_> = chain
            .iter()
            .map(|der| {
                Base64UrlUnpadded::decode_vec(text(der).trim_end_matches('=')).unwrap_or_default()
            })
            .collect();
        let statement = statement_with(&did, &chain);
        let resolved = DidX509::parse(&did).is_ok_and(|did| {
            let statement = decode(&statement);
            let chain = statement.message().headers().protected().x5chain();
            let Ok(Some(chain)) = chain else { return false };
            DidX509Issuer::new(did, None).resolve(&chain, &context()).is_ok()
        });
        if resolved != vector["output"].get("document").is_some() {
            differing.push((id, resolved));
        }
    }
    let expected = [
        ("critical-certificate-policies-extension-is-accepted".to_string(), false),
        ("key-agreement-only-leaf".to_string(), false),
        ("unsupported-certificate-san-type".to_string(), true),
        ("did-url-fragment-is-removed-from-document-id".to_string(), false),
    ];
    assert_eq!(differing, expected);
}
