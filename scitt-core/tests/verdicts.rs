//! Valid, broken, cannot be evaluated, refused: what is said, and what was not checked.

#[path = "support/world.rs"]
mod world;

use core::error::Error as _;

use cose_ext::{
    Context, Input, Label, Limits, MapBuilder, Profile, Value,
    crypto::{
        Algorithm, AlgorithmPolicy, Binding, Curve, HashFunction, InvalidKey, KeyMaterial,
        Provider, PublicKey, SignatureVerifier,
    },
    cwt::ClaimKey,
    header::Vds,
    key::TrustedKey,
    rustcrypto::{RustCrypto, Sha256},
};
use merkle_proof::cose::ReceiptBuilder;
use scitt_core::{
    EntryRule, Error, NotChecked, Requirements, Rule, RuleRef, ServiceKey, Transparent,
    TransparentStatement, TrustedService, Verdict, Verifier,
};
use world::*;

fn verify<'a>(
    bytes: &'a [u8],
    key: ServiceKey<'_>,
    requirements: Requirements,
    context: &Context<'_>,
) -> Result<Transparent<'a>, Error> {
    let keys = [key];
    let services = [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys: &keys }];
    let issuers = issuer_key();
    let transparent = TransparentStatement::decode(bytes, &context.profile)?;
    let verifier = Verifier::new(&issuers, &services).with_requirements(requirements);
    verifier.verify(&transparent, &Input::embedded(), context)
}

fn strictly(bytes: &[u8]) -> Result<Transparent<'_>, Error> {
    verify(bytes, service_key(&SERVICE, SERVICE_KID), Requirements::Rfc9943, &context())
}

fn verdict(bytes: &[u8], key: ServiceKey<'_>, context: &Context<'_>) -> Verdict {
    let error = verify(bytes, key, Requirements::Lenient, context).unwrap_err();
    // Every refusal can be read, begins with its verdict and ends with its rule, if it has one.
    let text = error.to_string();
    assert!(text.starts_with(&error.verdict().to_string()), "{text}");
    if let Some(RuleRef { id, clause, .. }) = error.rule() {
        assert!(text.contains(&format!("({id}, {clause})")), "{text}");
    }
    assert!(error.source().is_none());
    error.verdict()
}

/// A receipt by the usual service with this structure over these proofs.
fn receipt_of(vds: Vds, proof: &[u8]) -> Vec<u8> {
    let claims = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt");
    ReceiptBuilder::new(vds)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(proof.to_vec())
        .sign(&[7; 32], &ed_signer(&SERVICE))
        .unwrap()
}

/// Does SHA-256, and nothing else.
struct Bare;

impl Provider for Bare {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        RustCrypto.hash_function(algorithm).filter(|it| it.algorithm() == Algorithm::SHA256)
    }
}

#[test]
fn broken_is_what_is_not_what_it_claims_to_be() {
    let good = usual_transparent(&statement());
    let key = service_key(&SERVICE, SERVICE_KID);
    assert!(strictly(&good).is_ok());
    let payload = good.windows(PAYLOAD.len()).position(|bytes| bytes == PAYLOAD).unwrap();
    for at in [2, 50, payload, good.len() - 1] {
        let mut bytes = good.clone();
        bytes[at] ^= 0x01;
        assert_eq!(verdict(&bytes, key, &context()), Verdict::Broken, "byte {at}");
    }
    for len in [0, 1, 100, good.len() - 1] {
        assert_eq!(verdict(&good[..len], key, &context()), Verdict::Broken, "{len} bytes");
    }
    assert_eq!(verdict(&[&good[..], &[0]].concat(), key, &context()), Verdict::Broken);
    let duplicate = b"\xd2\x84\x58\x06\xa2\x01\x26\x18\x01\x27\xa0\x40\x40";
    assert_eq!(verdict(duplicate, key, &context()), Verdict::Broken);
}

#[test]
fn what_is_not_known_here_is_not_called_broken() {
    let statement = statement();
    let bytes = usual_transparent(&statement);
    let key = service_key(&SERVICE, SERVICE_KID);

    // A data structure that is not done here, though a key was enrolled for it.
    let vds = Vds::new(cose_ext::cbor::Int::new(77));
    let unknown = transparent(&statement, &[&receipt_of(vds, &[0x80])]);
    assert_eq!(verdict(&unknown, key.with_vds(vds), &context()), Verdict::CannotEvaluate);
    // A mountain range is done here, and this is no proof of one.
    let vds = Vds::MMR_SHA256;
    let range = transparent(&statement, &[&receipt_of(vds, &[0x80])]);
    assert_eq!(verdict(&range, key.with_vds(vds), &context()), Verdict::Broken);
    // A kind of key that the provider of the keys lacks, a hash function that the context's lacks.
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &SERVICE.public };
    let unread = TrustedKey::new(PublicKey { material, algorithm: None }, &context()).unwrap();
    let unread = ServiceKey { key: unread.into(), ..key };
    let lacking = Context::new(&Bare);
    assert_eq!(verdict(&bytes, unread, &lacking), Verdict::CannotEvaluate);
    let hash = Some(Algorithm::SHA384);
    let unhashed = key.with_entry_rule(EntryRule { hash, ..EntryRule::DEFAULT });
    assert_eq!(verdict(&bytes, unhashed, &lacking), Verdict::CannotEvaluate);
    assert_eq!(verdict(&bytes, unhashed, &context()), Verdict::Broken);
    // An algorithm that is named by text.
    let named = world::protected().with(Label::ALG, "my own");
    let named = Raw::new(&named.to_bytes()).assemble(&[7; 64]);
    let named = transparent(&named, &[b""]);
    assert_eq!(verdict(&named, key, &context()), Verdict::CannotEvaluate);
    // Limits, wherever they are met.
    for limits in [
        Limits::DEFAULT.with_signature_checks(0),
        Limits::DEFAULT.with_signature_checks(1),
        Limits::DEFAULT.with_header_entries(2),
        Limits::DEFAULT.with_cbor(cose_ext::cbor::Limits::DEFAULT.with_depth(2)),
        Limits::DEFAULT.with_cbor(cose_ext::cbor::Limits::DEFAULT.with_items(3)),
    ] {
        let limited = context().with_profile(Profile::LENIENT.with_limits(limits));
        assert_eq!(verdict(&bytes, key, &limited), Verdict::CannotEvaluate, "{limits:?}");
    }
}

#[test]
fn nesting_to_depth_ten_thousand_is_a_limit() {
    let key = service_key(&SERVICE, SERVICE_KID);
    let deep = [vec![0x81; 10_000], vec![0x01]].concat();
    let nested = MapBuilder::new().with(-70_000, Value::Encoded(&deep));
    let bytes = Raw::new(&protected().to_bytes()).unprotected(&nested).assemble(&[7; 64]);
    assert_eq!(verdict(&bytes, key, &context()), Verdict::CannotEvaluate);
    let nested = protected().with(-70_000, Value::Encoded(&deep));
    let bytes = Raw::new(&nested.to_bytes()).assemble(&[7; 64]);
    assert_eq!(verdict(&bytes, key, &context()), Verdict::CannotEvaluate);
}

#[test]
fn policy_refuses_what_may_be_sound() {
    let bytes = usual_transparent(&statement());
    let key = service_key(&SERVICE, SERVICE_KID);
    let only = |bindings| context().with_algorithms(AlgorithmPolicy::only(bindings));
    // The algorithm of the statement, and that of the receipt.
    let es256 = Binding::ec2(Algorithm::ES256, Curve::P256);
    let eddsa = Binding::okp(Algorithm::EDDSA, Curve::ED25519);
    for (bindings, permitted) in
        [(&[][..], false), (&[es256], false), (&[eddsa], false), (&[es256, eddsa], true)]
    {
        let found = verify(&bytes, key, Requirements::Rfc9943, &only(bindings));
        assert_eq!(found.is_ok(), permitted, "{bindings:?}");
        if let Err(error) = found {
            assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
            assert_eq!(error.rule().unwrap().id, "C21");
        }
    }
    // Heads that are longer than they have to be, under the deterministic profile.
    let long = Raw::new(&protected().to_bytes()).with_long_heads().sign(&ec_signer(&ISSUER));
    let long = usual_transparent(&long);
    assert!(strictly(&long).is_ok());
    let deterministic = context().with_profile(Profile::DETERMINISTIC);
    let error = verify(&long, key, Requirements::Rfc9943, &deterministic).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C3");
}

#[test]
fn s89_a_root_in_the_receipt_is_a_matter_of_reading() {
    use cose_ext::Content;
    use cose_ext::sign1::Sign1Builder;
    use merkle_proof::cose::{AttachedRoot, EmptyPath, Receipt, ReceiptReading};
    let statement = statement();
    let mut log = Log::usual(0);
    let receipt = log.log(&statement);
    let root = *log.service.head().root.hash();
    let decoded = Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
    let vdp = decoded.message().headers().unprotected().find(Label::VDP).unwrap();
    let claims = MapBuilder::new().with(ClaimKey::ISS, SERVICE_ISS).with(ClaimKey::SUB, "receipt");
    let attached = |root: &[u8]| {
        let receipt = Sign1Builder::new()
            .protected(Label::VDS, 1)
            .key_id(SERVICE_KID)
            .cwt_claims(&claims)
            .unprotected(Label::VDP, Value::Encoded(vdp.bytes()))
            .sign(Content::Embedded(root), &ed_signer(&SERVICE))
            .unwrap();
        transparent(&statement, &[&receipt])
    };
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [TrustedService { name: "log", issuer: None, keys: &keys }];
    let issuers = issuer_key();
    let verify = |bytes: &[u8], reading| {
        let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT).unwrap();
        let verifier = Verifier::new(&issuers, &services).with_reading(reading);
        verifier.verify(&transparent, &Input::embedded(), &context()).map(drop)
    };
    let rule = |found: Result<(), Error>| found.unwrap_err().rule().unwrap().id;
    let accepting = ReceiptReading::DEFAULT.with_attached_root(AttachedRoot::AcceptedWhenEqual);
    assert_eq!(rule(verify(&attached(&root), ReceiptReading::DEFAULT)), "M46");
    assert_eq!(verify(&attached(&root), accepting), Ok(()));
    let other = verify(&attached(&[7; 32]), accepting);
    assert_eq!(other.unwrap_err().verdict(), Verdict::Broken);

    // The first receipt of a log has an empty path.
    let bytes = transparent(&statement, &[&receipt]);
    let strict = ReceiptReading::DEFAULT.with_empty_path(EmptyPath::Refused);
    assert_eq!(verify(&bytes, ReceiptReading::DEFAULT), Ok(()));
    assert_eq!(rule(verify(&bytes, strict)), "M45");
}

fn not_checked(bytes: &[u8]) -> Vec<NotChecked> {
    let key = service_key(&SERVICE, SERVICE_KID);
    verify(bytes, key, Requirements::Lenient, &context()).unwrap().not_checked().collect()
}

#[test]
fn a_verdict_lists_what_it_does_not_rest_on() {
    let always = [NotChecked::LogConsistency, NotChecked::RegistrationPolicy];
    assert_eq!(not_checked(&usual_transparent(&statement())), always);

    let signer = ec_signer(&ISSUER);
    assert_eq!(
        not_checked(&usual_transparent(&envelope())),
        [&[NotChecked::Preimage], &always[..]].concat()
    );
    for (label, value) in [(ClaimKey::EXP, 2_000_000_000), (ClaimKey::NBF, 1), (ClaimKey::EXP, 0)] {
        let dated = builder().claim(label, value).sign(PAYLOAD, &signer).unwrap();
        assert_eq!(
            not_checked(&usual_transparent(&dated)),
            [&[NotChecked::Validity], &always[..]].concat()
        );
    }
    let certified = builder().protected(Label::X5CHAIN, &b"certificate"[..]);
    let certified = certified.sign_digest_of(ARTIFACT, &Sha256, &signer).unwrap();
    assert_eq!(
        not_checked(&usual_transparent(&certified)),
        [&[NotChecked::Preimage, NotChecked::CertificationPath], &always[..]].concat()
    );
    let gaps = Raw::new(&protected().to_bytes()).untagged().sign(&signer);
    assert_eq!(
        not_checked(&usual_transparent(&gaps)),
        [&always[..], &[NotChecked::Rfc9943]].concat()
    );
    let texts = [
        NotChecked::Preimage,
        NotChecked::CertificationPath,
        NotChecked::Validity,
        NotChecked::LogConsistency,
        NotChecked::RegistrationPolicy,
        NotChecked::StructureRegistration(Vds::CCF_LEDGER_SHA256),
        NotChecked::Rfc9943,
    ]
    .map(|it| it.to_string());
    assert!(texts.iter().all(|text| !text.is_empty()));
    assert!(texts[5].contains("CCF_LEDGER_SHA256"));
}

#[test]
fn every_rule_has_an_id_a_clause_and_a_statement_of_its_own() {
    let number = |rule: &Rule| rule.id().strip_prefix('S').unwrap().parse::<u32>().unwrap();
    assert!(Rule::ALL.is_sorted_by(|rule, next| number(rule) < number(next)));
    for rule in Rule::ALL {
        assert!(!rule.clause().is_empty());
        let others = Rule::ALL.iter().filter(|other| other.holds() == rule.holds());
        assert_eq!(others.count(), 1);
    }
}
