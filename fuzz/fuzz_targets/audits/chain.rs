//! Issuers and services whose keys stand in certificates.

use std::sync::OnceLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::crypto::{Algorithm, HashFunction};
use cose_ext::cwt::Time;
use cose_ext::key::KeyResolver;
use cose_ext::rustcrypto::{Sha256, Sha512};
use cose_ext::{Context, Input, Profile};
use fuzz::{Accept, Chosen};
use merkle_proof::cose::{Receipt, ReceiptBuilder, encode_inclusion};
use merkle_proof::{Sha256Tree, TreeHash, UnauthenticatedPosition};
use scitt_core::{
    AtTime, DidX509, DidX509Issuer, EntryRule, LogProfile, ReceiptRules, RelyingPartyStore,
    Requirements, Role, SignedStatement, StatementBuilder, StatementEntries, StoredAuthority,
    StoredIssuer, StoredService,
};
use testkit::fixed_keys::{EcKey, P256_COSE_11, P256_COUNTING};

use crate::certificates::{
    Template, authority, der, extended_key_usage, extension, key_usage, sequence,
};
use crate::{SERVICE, SIGNER, refused};

static ROOT: EcKey<32> = P256_COSE_11;
static OTHER: EcKey<32> = P256_COUNTING;
/// 1.3.6.1.5.5.7.3.36, as the content of its DER.
const PURPOSE: &str = "2b06010505070324";
/// 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// What a name may ask for, and whether the leaf has it.
const POLICIES: [(&str, bool); 18] = [
    ("eku:1.3.6.1.5.5.7.3.36", true),
    ("subject:CN:Vendor%3A%201", true),
    ("san:email:dev%40a.example", true),
    ("san:dns:a.example", true),
    ("san:uri:urn%3Aa", true),
    ("fulcio-issuer:sign.example", true),
    ("eku:1.3.6.1.5.5.7.3.3", false),
    ("subject:CN:vendor", false),
    ("subject:CN:Vendor%3A%201:O:x", false),
    ("subject:2.5.4.3:other", false),
    ("san:dns:b.example", false),
    ("fulcio-issuer:sign.example.org", false),
    // No policies at all.
    ("subject:CN:a:CN:b", false),
    ("san:ip:127.0.0.1", false),
    ("eku:one", false),
    ("subject:CN:%4", false),
    ("unknown:x", false),
    ("", false),
];
const READ: usize = 12;

pub fn purpose() -> Vec<u8> {
    hex::decode(PURPOSE).expect("hex")
}

pub fn root() -> &'static [u8] {
    static DER: OnceLock<Vec<u8>> = OnceLock::new();
    DER.get_or_init(|| {
        Template::new("root", "root", &ROOT).with(authority(None)).with(key_usage(4)).sign(&ROOT)
    })
}

fn between() -> &'static [u8] {
    static DER: OnceLock<Vec<u8>> = OnceLock::new();
    DER.get_or_init(|| {
        Template::new("root", "between", &OTHER)
            .with(authority(None))
            .with(key_usage(4))
            .sign(&ROOT)
    })
}

/// A root that allows nothing below what it certifies, and one that is no authority.
fn narrow(path_len: Option<u8>) -> Vec<u8> {
    let made = Template::new("root", "root", &ROOT).with(key_usage(4));
    match path_len {
        Some(len) => made.with(authority(Some(len))).sign(&ROOT),
        None => made.sign(&ROOT),
    }
}

fn leaf(issuer: &str) -> Vec<u8> {
    let names =
        sequence(&[der(0x81, b"dev@a.example"), der(0x82, b"a.example"), der(0x86, b"urn:a")]);
    Template::new(issuer, "Vendor: 1", &OTHER)
        .with(key_usage(0x80))
        .with(extended_key_usage(&[PURPOSE]))
        .with(extension("551d11", false, &names))
        .with(extension("2b0601040183bf300101", false, b"https://sign.example"))
        .sign(&ROOT)
}

fn fingerprint(hash: &str, certificate: &[u8]) -> String {
    let digest = match hash {
        "sha512" => Sha512.hash(&[certificate]),
        _ => Sha256.hash(&[certificate]),
    };
    Base64UrlUnpadded::encode_string(digest.as_ref())
}

pub fn check(chosen: &mut Chosen<'_>) {
    let shape = chosen.byte() % 8;
    let narrow = narrow(chosen.one_of([None, Some(0), Some(1)]));
    let (direct, long) = (leaf("root"), leaf("between"));
    // Which chain it is, and whether a path leads to its authority.
    let (chain, authority, leads): (Vec<&[u8]>, &[u8], bool) = match shape {
        0 => (vec![&long, between(), root()], root(), true),
        1 => (vec![&direct, &direct], root(), false),
        2 => (vec![&direct, between(), root()], root(), false),
        3 => (vec![&direct, &narrow], &narrow, narrow.len() != self::narrow(None).len()),
        4 => (vec![&direct, b"no certificate"], b"no certificate", false),
        5 => (vec![&direct], root(), false),
        6 => (vec![root(); 11], root(), false),
        _ => (vec![&direct, root()], root(), true),
    };
    let (one, two) = (chosen.one_of(POLICIES), chosen.one_of(POLICIES));
    let several = chosen.byte() % 2 == 0;
    let (hash, is_hash) =
        chosen.one_of([("sha256", true), ("sha256", true), ("sha512", true), ("md5", false)]);
    let mut name = format!("did:x509:0:{hash}:{}::{}", fingerprint(hash, authority), one.0);
    if several {
        name = format!("{name}::{}", two.0);
    }
    let is_read = |policy: (&str, bool)| POLICIES.iter().take(READ).any(|it| it.0 == policy.0);
    let reads = is_hash && is_read(one) && (!several || is_read(two));
    let did = match DidX509::parse(&name) {
        Ok(did) => did,
        Err(error) => {
            assert!(!reads);
            return refused(&error);
        }
    };
    assert!(reads);
    let made = StatementBuilder::new(&name, "thing").certified_by(&chain).sign(b"payload", &SIGNER);
    let made = made.expect("a statement");
    let seconds = chosen.one_of([None, Some(NOW), Some(NOW), Some(1_900_000_000)]);
    let in_time = seconds.is_none_or(|seconds| seconds == NOW);
    let good = leads && one.1 && (!several || two.1) && in_time;
    let context = Context::new(&Accept::ALL);
    let resolver = DidX509Issuer::new(did, seconds.map(Time::Seconds));
    assert_eq!(verify(&made, &resolver, &context), good, "{name} {shape}");
    // In a store it is one issuer of several, and there the anchor alone may speak for a name.
    let time = seconds.map_or(AtTime::UNKNOWN, AtTime::second);
    let by_did = StoredIssuer::new("maker", &name, Role::Statement).resolving_did_x509();
    let by_anchor = StoredIssuer::new("maker", &name, Role::Statement).with_anchor(root());
    let by_anchor = by_anchor.expect("a certificate").for_purpose(&purpose());
    for (issuer, expected) in [(by_did.expect("such a name"), Some(good)), (by_anchor, None)] {
        let mut store = RelyingPartyStore::new();
        store.add_issuer(issuer).expect("the first");
        let bytes = store.to_bytes().expect("short enough");
        let mut store = RelyingPartyStore::from_bytes(&bytes, &context).expect("as it was written");
        let found = verify(&made, &store.issuers_for(Role::Statement, time), &context);
        assert!(expected.is_none_or(|expected| expected == found));
        let elsewhere = store.issuers_for(Role::Firmware, time);
        assert!(!verify(&made, &elsewhere, &context));
        // A key that nobody believes any more is in no certificate.
        let key = cose_ext::crypto::PublicKey {
            material: cose_ext::crypto::KeyMaterial::Ec2 {
                curve: cose_ext::crypto::Curve::P256,
                x: &OTHER.x,
                y: cose_ext::crypto::YCoordinate::Value(&OTHER.y),
            },
            algorithm: None,
        };
        let key = cose_ext::key::TrustedKey::new(key, &context).expect("of the right shape");
        store.distrust(key.identity());
        assert!(!verify(&made, &store.issuers_for(Role::Statement, time), &context));
    }
    // There a path may leave out what stands in between.
    receipt(&made, &chain, matches!(shape, 0 | 2 | 7) && in_time, shape != 6 && in_time, time);
}

/// The key of a receipt stands below the authority of its service.
fn receipt(made: &[u8], chain: &[&[u8]], leads: bool, may_lead: bool, time: AtTime) {
    let context = Context::new(&Accept::ALL);
    let statement = SignedStatement::decode(made, &Profile::LENIENT).expect("it was made");
    let position = UnauthenticatedPosition { tree_size: 1, leaf_index: 0 };
    let claims = cose_ext::MapBuilder::new().with(1, SERVICE).with(2, "log");
    let receipt = ReceiptBuilder::new(cose_ext::header::Vds::RFC9162_SHA256)
        .cwt_claims(&claims)
        .certified_by(chain)
        .inclusion(encode_inclusion::<[u8; 32]>(position, &[]))
        .sign(&Sha256Tree.leaf(&[b"any"]), &SIGNER);
    let receipt = receipt.expect("a receipt");
    let receipt = Receipt::decode(&receipt, &Profile::LENIENT).expect("it was made");
    let authority = StoredAuthority::new(root(), Algorithm::ES256, LogProfile::RFC9162);
    let authority = authority.expect("a certificate").for_purpose(&purpose());
    let mut store = RelyingPartyStore::new();
    let service = StoredService::new("log").for_issuer(SERVICE).with_authority(authority);
    store.add_service(service).expect("the first");
    let table = store.service_table(time);
    assert!(!format!("{table:?}").is_empty());
    let mut entries = StatementEntries::new(&statement, &Input::embedded()).expect("embedded");
    let rules = ReceiptRules { requirements: Requirements::Lenient, ..ReceiptRules::DEFAULT };
    let verdict = table.services()[0].verify_inclusion(&mut entries, &receipt, &rules, &context);
    assert!(verdict.is_ok() || !leads, "{:?}", verdict.err());
    assert!(verdict.is_err() || may_lead);
    verdict.err().iter().for_each(refused);
    assert_eq!(LogProfile::RFC9162.entry_rule, EntryRule::DEFAULT);
}

fn verify(made: &[u8], issuers: &dyn KeyResolver, context: &Context<'_>) -> bool {
    let statement = SignedStatement::decode(made, &Profile::LENIENT).expect("it was made");
    let verdict = statement.verify(&Input::embedded(), issuers, Requirements::Lenient, context);
    if let Err(error) = &verdict {
        refused(error);
    }
    verdict.is_ok()
}

/// A statement of others, by the certificates that stand in it: its name, its last one, and a service below that.
pub fn read(bytes: &[u8], context: &Context<'_>) {
    let Ok(statement) = SignedStatement::decode(bytes, &Profile::LENIENT) else { return };
    let protected = statement.message().headers().protected();
    let Ok(Some(chain)) = protected.x5chain() else { return };
    let claims = protected.cwt_claims();
    let Ok(Some(Ok(Some(name)))) = claims.map(|claims| claims.map(|claims| claims.issuer())) else {
        return;
    };
    let mut store = RelyingPartyStore::new();
    let issuer = || StoredIssuer::new("issuer", name, Role::Statement);
    let anchored = chain.iter().last().map(|der| issuer().with_anchor(der));
    for issuer in [issuer().resolving_did_x509().ok(), anchored.and_then(Result::ok)] {
        let Some(issuer) = issuer else { continue };
        store.add_issuer(issuer).expect("without keys");
        let issuers = store.issuers_for(Role::Statement, AtTime::UNKNOWN);
        for requirements in [Requirements::Rfc9943, Requirements::Lenient] {
            let verdict = statement.verify(&Input::embedded(), &issuers, requirements, context);
            verdict.err().iter().for_each(refused);
        }
    }
}
