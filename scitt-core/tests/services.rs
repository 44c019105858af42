//! Whom a relying party believes: services, their keys, and how many of them.

#[path = "support/counting.rs"]
mod counting;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Context, Input, Label, MapBuilder, Processed, Profile, Value,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
    header::Vds,
    key::{Identity, KeyResolver},
    rustcrypto::{Ed25519VerifyingKey, P256SigningKey},
};
use counting::Counting;
use merkle_proof::cose::ReceiptBuilder;
use scitt_core::{
    EntryEncoding, EntryPayload, EntryRule, Error, ErrorKind, KeyStatus, Limits, ReceiptReport,
    Rule, ServiceKey, Transparent, TransparentStatement, TrustedService, Verdict, Verifier,
};
use world::*;

fn verify<'a>(
    bytes: &'a [u8],
    services: &[TrustedService<'_>],
    required: usize,
) -> Result<Transparent<'a>, Error> {
    verify_in(bytes, services, required, &context())
}

fn verify_up_to<'a>(
    bytes: &'a [u8],
    services: &[TrustedService<'_>],
    required: usize,
    limits: Limits,
) -> Result<Transparent<'a>, Error> {
    let issuers = issuer_key();
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT)?;
    let verifier = Verifier::new(&issuers, services).requiring(required).with_limits(limits);
    verifier.verify(&transparent, &Input::embedded(), &context())
}

fn verify_in<'a>(
    bytes: &'a [u8],
    services: &[TrustedService<'_>],
    required: usize,
    context: &Context<'_>,
) -> Result<Transparent<'a>, Error> {
    let issuers = issuer_key();
    let transparent = TransparentStatement::decode(bytes, &context.profile)?;
    let verifier = Verifier::new(&issuers, services).requiring(required);
    verifier.verify(&transparent, &Input::embedded(), context)
}

/// What became of each receipt.
fn reports<'v>(
    issuers: &'v dyn KeyResolver,
    bytes: &[u8],
    services: &'v [TrustedService<'v>],
) -> Vec<Result<&'v str, Error>> {
    let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT).unwrap();
    let verifier = Verifier::new(issuers, services);
    let mut reports = Vec::new();
    let _ = verifier.verify_reporting(
        &transparent,
        &Input::embedded(),
        &context(),
        &mut |report: ReceiptReport<'_>| {
            assert_eq!(report.index, reports.len());
            assert_eq!(bytes[report.offset], 0xd2);
            reports.push(report.outcome);
        },
    );
    reports
}

fn usual<'k>(keys: &'k [ServiceKey<'k>]) -> TrustedService<'k> {
    TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys }
}

fn service_verifier() -> Counting<Ed25519VerifyingKey> {
    Counting::new(ed_signer(&SERVICE).verifying_key())
}

#[test]
fn s13_a_receipt_by_a_service_that_nobody_trusts_does_not_count() {
    let bytes = usual_transparent(&statement());
    let elsewhere = [service_key(&OTHER_SERVICE, b"elsewhere")];
    for services in [&[][..], &[usual(&elsewhere)], &[usual(&[])]] {
        let error = verify(&bytes, services, 1).unwrap_err();
        assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ReceiptTrusted)));
        assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
    }
    // A receipt that pretends to be by a trusted one is broken.
    let stolen_name = [service_key(&OTHER_SERVICE, SERVICE_KID)];
    let error = verify(&bytes, &[usual(&stolen_name)], 1).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "S14");
    assert_eq!(error.verdict(), Verdict::Broken);
}

#[test]
fn s13_no_services_required_is_one_required() {
    let bytes = usual_transparent(&statement());
    assert_eq!(
        verify(&bytes, &[], 0).unwrap_err(),
        Error::from(ErrorKind::Refused(Rule::ReceiptTrusted))
    );
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    assert_eq!(verify(&bytes, &[usual(&keys)], 0).unwrap().services(), 1);
}

#[test]
fn s13_unknown_kids_cost_no_signature_check() {
    let counting = service_verifier();
    let key = counting.trusted(Identity::new([1; 32]));
    let keys = [ServiceKey::new(key, Algorithm::EDDSA).with_key_id(SERVICE_KID)];
    let statement = statement();
    let mut stranger = Log::new("https://stranger.example", b"stranger", &STRANGER);
    let (good, bad) = (Log::usual(2).log(&statement), stranger.log(&statement));

    let mut receipts = vec![&bad[..]; 1_000];
    let error = verify(&transparent(&statement, &receipts), &[usual(&keys)], 1).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ReceiptTrusted)));
    assert_eq!(counting.asked(), 0);

    receipts.push(&good);
    let bytes = transparent(&statement, &receipts);
    let verified = verify(&bytes, &[usual(&keys)], 1).unwrap();
    assert_eq!(verified.services(), 1);
    assert_eq!(counting.asked(), 1);
}

#[test]
fn s13_what_lies_beyond_the_limit_is_not_called_broken() {
    let counting = service_verifier();
    let key = counting.trusted(Identity::new([1; 32]));
    let keys = [ServiceKey::new(key, Algorithm::EDDSA).with_key_id(SERVICE_KID)];
    let statement = statement();
    let good = Log::usual(2).log(&statement);
    let mut stranger = Log::new("https://stranger.example", b"stranger", &STRANGER);
    let bad = stranger.log(&statement);
    // Some are not even receipts.
    let mut receipts = [&bad[..], b"\xff", b""].repeat(20);
    receipts.push(&good);
    let bytes = transparent(&statement, &receipts);
    let limited = |receipts| {
        let limits = Limits::DEFAULT.with_receipts(receipts);
        verify_up_to(&bytes, &[usual(&keys)], 1, limits).map(|verified| verified.services())
    };
    assert_eq!(limited(61), Ok(1));
    assert_eq!(limited(60), Err(Error::from(ErrorKind::TooManyReceipts)));
    assert_eq!(limited(0), Err(Error::from(ErrorKind::TooManyReceipts)));
    assert_eq!(Error::from(ErrorKind::TooManyReceipts).verdict(), Verdict::CannotEvaluate);
    assert_eq!(counting.asked(), 1);
}

#[test]
fn s14_signature_checks_of_receipts_are_bounded() {
    let counting = service_verifier();
    let key = counting.trusted(Identity::new([1; 32]));
    let keys = [ServiceKey::new(key, Algorithm::EDDSA).with_key_id(SERVICE_KID)];
    let statement = statement();
    let good = Log::usual(2).log(&statement);
    // By the trusted key, and of another statement: each costs a check.
    let grafted = Log::usual(2).log(&envelope());
    let mut receipts = vec![&grafted[..]; 20];
    receipts.push(&good);
    let bytes = transparent(&statement, &receipts);
    let limited = |receipts: usize| {
        // One more for the issuer's signature.
        let limits = cose_ext::Limits::DEFAULT.with_signature_checks(receipts + 1);
        let context = context().with_profile(Profile::LENIENT.with_limits(limits));
        verify_in(&bytes, &[usual(&keys)], 1, &context).map(|verified| verified.services())
    };
    let spent = cose_ext::Error::from(cose_ext::error::Limit::SignatureChecks);
    let spent = ErrorKind::Receipt(merkle_proof::cose::ErrorKind::Cose(spent.kind()));
    assert_eq!(limited(20), Err(Error::from(spent)));
    assert_eq!(Error::from(spent).verdict(), Verdict::CannotEvaluate);
    assert_eq!(counting.asked(), 20);
    assert_eq!(limited(21), Ok(1));
}

#[test]
fn s13_more_receipts_than_can_be_read_are_a_limit_too() {
    let receipts = vec![Value::Bytes(b""); 70_000];
    let unprotected = MapBuilder::new().with(Label::RECEIPTS, &receipts[..]);
    let bytes = signed(&protected(), &unprotected);
    let error = verify(&bytes, &[], 1).unwrap_err();
    assert_eq!(error.verdict(), Verdict::CannotEvaluate, "{error}");
    assert!(error.rule().is_none());
}

/// A receipt by the usual service with another protected header.
fn receipt_with(
    log: &Log,
    receipt: &[u8],
    header: impl FnOnce(ReceiptBuilder) -> ReceiptBuilder,
    signer: &dyn Signer,
) -> Vec<u8> {
    reissued(log.service.head().root.hash(), receipt, header, signer)
}

fn receipt_claims(issuer: &str) -> MapBuilder {
    MapBuilder::new().with(ClaimKey::ISS, issuer).with(ClaimKey::SUB, "receipt")
}

#[test]
fn s16_the_issuer_of_a_receipt_is_the_enrolled_one() {
    let counting = service_verifier();
    let key = counting.trusted(Identity::new([1; 32]));
    let keys = [ServiceKey::new(key, Algorithm::EDDSA).with_key_id(SERVICE_KID)];
    let statement = statement();
    let mut log = Log::usual(3);
    let receipt = log.log(&statement);
    for issuer in ["https://log.example/", "log.example", "", "https://LOG.example"] {
        let claims = receipt_claims(issuer);
        let header = |receipt: ReceiptBuilder| receipt.key_id(SERVICE_KID).cwt_claims(&claims);
        let other = receipt_with(&log, &receipt, header, &ed_signer(&SERVICE));
        let bytes = transparent(&statement, &[&other]);
        let error = verify(&bytes, &[usual(&keys)], 1).unwrap_err();
        assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ReceiptIssuer)), "{issuer}");
        assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
        assert_eq!(counting.asked(), 0);
        // Not compared where none is enrolled, and right where this one is.
        for enrolled in [None, Some(issuer)] {
            let service = TrustedService { issuer: enrolled, ..usual(&keys) };
            assert!(verify(&bytes, &[service], 1).is_ok());
        }
        counting.asked();
    }
    // A receipt without claims names nobody.
    let bare = receipt_with(&log, &receipt, |it| it.key_id(SERVICE_KID), &ed_signer(&SERVICE));
    let error = verify(&transparent(&statement, &[&bare]), &[usual(&keys)], 1).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ReceiptIssuer)));
}

#[test]
fn s17_a_service_key_is_pinned() {
    let statement = statement();
    let bytes = usual_transparent(&statement);
    let counting = service_verifier();
    let key = counting.trusted(Identity::new([1; 32]));
    let good = ServiceKey::new(key, Algorithm::EDDSA).with_key_id(SERVICE_KID);
    assert!(verify(&bytes, &[usual(&[good])], 1).is_ok());
    assert_eq!(counting.asked(), 1);
    // The data structure, and the algorithm down to its spelling.
    for other in [
        good.with_vds(Vds::CCF_LEDGER_SHA256),
        good.with_vds(Vds::MMR_SHA256),
        ServiceKey { algorithm: Algorithm::ED25519, ..good },
        ServiceKey { algorithm: Algorithm::ES256, ..good },
    ] {
        let error = verify(&bytes, &[usual(&[other])], 1).unwrap_err();
        assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ServiceKeyPinned)));
        assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
        assert_eq!(counting.asked(), 0);
    }
    // Another entry rule is another entry, under which the signature is over something else.
    for encoding in [
        EntryEncoding::Preferred(EntryPayload::Nil),
        EntryEncoding::Preferred(EntryPayload::Attached),
    ] {
        for hash in [None, Some(Algorithm::SHA384)] {
            let other = good.with_entry_rule(EntryRule { encoding, hash });
            let error = verify(&bytes, &[usual(&[other])], 1).unwrap_err();
            assert_eq!(error.rule().unwrap().id, "S14");
            assert_eq!(counting.asked(), 1, "one rule, one try");
        }
    }
}

#[test]
fn s17_entry_rules_are_not_tried_in_turn() {
    let nil =
        EntryRule { encoding: EntryEncoding::Preferred(EntryPayload::Nil), ..EntryRule::DEFAULT };
    let statement = statement();
    let receipt = Log::usual(2).with_entry_rule(nil).log(&statement);
    let bytes = transparent(&statement, &[&receipt]);
    // The statements of the fill were registered by the default rule; only this one matters.
    let keys = [service_key(&SERVICE, SERVICE_KID).with_entry_rule(nil)];
    assert!(verify(&bytes, &[usual(&keys)], 1).is_ok());
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    assert_eq!(verify(&bytes, &[usual(&keys)], 1).unwrap_err().verdict(), Verdict::Broken);
}

#[test]
fn s18_receipts_of_a_compromised_key_are_refused_whatever_time_they_claim() {
    let statement = statement();
    let mut log = Log::usual(1);
    let entry = log.register(&statement, &Input::embedded()).unwrap();
    for issued_at in [0, 1, 1_600_000_000, i64::MAX, i64::MIN] {
        let receipt = log.service.prepare_receipt(entry, issued_at, &context()).unwrap();
        let receipt = receipt.sign(&ed_signer(&SERVICE)).unwrap();
        let bytes = transparent(&statement, &[&receipt]);
        let with = |status| {
            let keys = [service_key(&SERVICE, SERVICE_KID).with_status(status)];
            verify(&bytes, &[usual(&keys)], 1).map(drop)
        };
        let refused = Err(Error::from(ErrorKind::Refused(Rule::ServiceKeyStatus)));
        assert_eq!(with(KeyStatus::Current), Ok(()));
        assert_eq!(with(KeyStatus::Retired), refused);
        assert_eq!(with(KeyStatus::RetiredAccepted), Ok(()));
        assert_eq!(with(KeyStatus::Compromised), refused);
    }
    let refused = Error::from(ErrorKind::Refused(Rule::ServiceKeyStatus));
    assert_eq!(refused.verdict(), Verdict::RefusedByPolicy);
}

#[test]
fn s18_a_compromised_key_is_not_even_tried() {
    let bytes = usual_transparent(&statement());
    let counting = service_verifier();
    let key = counting.trusted(Identity::new([1; 32]));
    let compromised = ServiceKey::new(key, Algorithm::EDDSA).with_status(KeyStatus::Compromised);
    // With and without the kid, and beside a key that is in use.
    let current = service_key(&OTHER_SERVICE, b"log 2");
    for keys in [[compromised, current], [current, compromised.with_key_id(SERVICE_KID)]] {
        let error = verify(&bytes, &[usual(&keys)], 1).unwrap_err();
        assert_eq!(error, Error::from(ErrorKind::Refused(Rule::ServiceKeyStatus)));
    }
    assert_eq!(counting.asked(), 0);
}

#[test]
fn s18_which_reason_is_given_depends_on_no_order() {
    let bytes = usual_transparent(&statement());
    let compromised = service_key(&SERVICE, SERVICE_KID).with_status(KeyStatus::Compromised);
    let wrong = service_key(&OTHER_SERVICE, SERVICE_KID);
    for keys in [[compromised, wrong], [wrong, compromised]] {
        let error = verify(&bytes, &[usual(&keys)], 1).unwrap_err();
        assert_eq!(error.rule().unwrap().id, "S14");
    }
    // The right one counts wherever it stands.
    let current = service_key(&SERVICE, SERVICE_KID);
    for keys in [[wrong, current], [current, wrong]] {
        let verified = verify(&bytes, &[usual(&keys)], 1).unwrap();
        assert_eq!(verified.inclusion().root().by().identity(), ed_key(&SERVICE).identity());
    }
}

/// A receipt of the same log by an ECDSA key.
fn es256_receipt(log: &Log, receipt: &[u8], issuer: &str) -> Vec<u8> {
    let signer = P256SigningKey::from_bytes(&ES256_SERVICE.private).unwrap();
    let claims = receipt_claims(issuer);
    let header = |it: ReceiptBuilder| it.key_id(b"log 2").cwt_claims(&claims);
    receipt_with(log, receipt, header, &signer)
}

#[test]
fn s19_services_are_counted_not_receipts_keys_or_spellings() {
    let statement = statement();
    let mut log = Log::usual(2);
    let first = log.log(&statement);
    let other_key = es256_receipt(&log, &first, SERVICE_ISS);
    let other_spelling = es256_receipt(&log, &first, "log.example");
    log.fill(7);
    let entry = log.register(&statement, &Input::embedded()).unwrap();
    let later = log.receipt(entry);
    assert_ne!(first, later);
    let mut second_log = Log::new("https://second.example", b"second", &OTHER_SERVICE);
    second_log.fill(3);
    let second = second_log.log(&statement);

    let es256 = ServiceKey::new(ec_key(&ES256_SERVICE), Algorithm::ES256).with_key_id(b"log 2");
    let keys = [service_key(&SERVICE, SERVICE_KID), es256];
    let second_keys = [service_key(&OTHER_SERVICE, b"second")];
    let services = [
        usual(&keys),
        TrustedService { name: "log", issuer: Some("log.example"), keys: &keys },
        TrustedService { name: "second", issuer: None, keys: &second_keys },
    ];
    let of_one = [&first[..], &first, &other_key, &other_spelling, &later];
    let bytes = transparent(&statement, &of_one);
    assert_eq!(reports(&issuer_key(), &bytes, &services), [Ok("log"); 5]);
    assert_eq!(verify(&bytes, &services, 1).unwrap().services(), 1);
    let error = verify(&bytes, &services, 2).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::Refused(Rule::DistinctServices)));
    assert_eq!(error.verdict(), Verdict::RefusedByPolicy);

    for receipts in [[&first[..], &second], [&second, &other_spelling]] {
        let bytes = transparent(&statement, &receipts);
        assert_eq!(verify(&bytes, &services, 2).unwrap().services(), 2);
        assert_eq!(
            verify(&bytes, &services, 3).unwrap_err(),
            Error::from(ErrorKind::Refused(Rule::DistinctServices))
        );
    }
    // Without an enrolled issuer the spellings are not looked at, and are still one service.
    let services = [TrustedService { issuer: None, ..usual(&keys) }];
    assert_eq!(verify(&bytes, &services, 1).unwrap().services(), 1);
}

#[test]
fn s19_services_that_may_lie_beyond_the_limit_are_not_called_missing() {
    let statement = statement();
    let first = Log::usual(1).log(&statement);
    let second = Log::new("https://second.example", b"second", &OTHER_SERVICE).log(&statement);
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let second_keys = [service_key(&OTHER_SERVICE, b"second")];
    let services =
        [usual(&keys), TrustedService { name: "second", issuer: None, keys: &second_keys }];
    let bytes = transparent(&statement, &[&first, &first, &first, &second]);
    let limited = |receipts| {
        let limits = Limits::DEFAULT.with_receipts(receipts);
        verify_up_to(&bytes, &services, 2, limits).map(|verified| verified.services())
    };
    assert_eq!(limited(4), Ok(2));
    assert_eq!(limited(3), Err(Error::from(ErrorKind::TooManyReceipts)));
}

#[test]
fn s19_a_trust_store_has_at_most_256_services() {
    let bytes = usual_transparent(&statement());
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let mut services = vec![TrustedService { name: "nobody", issuer: None, keys: &[] }; 256];
    services[255] = usual(&keys);
    assert_eq!(verify(&bytes, &services, 1).unwrap().services(), 1);
    services.push(usual(&keys));
    let error = verify(&bytes, &services, 1).unwrap_err();
    assert_eq!(error, Error::from(ErrorKind::TooManyServices));
    assert_eq!(error.verdict(), Verdict::CannotEvaluate);
}

#[test]
fn s20_broken_and_unknown_receipts_do_not_spoil_a_good_one() {
    let statement = statement();
    let mut log = Log::usual(4);
    let good = log.log(&statement);
    let claims = receipt_claims(SERVICE_ISS);
    let header = |it: ReceiptBuilder| it.key_id(SERVICE_KID).cwt_claims(&claims);
    let wrong_signer = receipt_with(&log, &good, header, &ed_signer(&OTHER_SERVICE));
    let mut cut = good.clone();
    cut.truncate(good.len() - 1);
    let unknown_structure = ReceiptBuilder::new(Vds::new(cose_ext::cbor::Int::new(77)))
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .inclusion(vec![0x80])
        .sign(&[7; 32], &ed_signer(&SERVICE))
        .unwrap();
    let no_proofs = ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .key_id(SERVICE_KID)
        .cwt_claims(&claims)
        .sign(&[7; 32], &ed_signer(&SERVICE))
        .unwrap();
    let deep = vec![0x81; 10_000];
    let strange: [&[u8]; 9] = [
        b"",
        b"\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        &deep,
        &cut,
        &statement,
        &wrong_signer,
        &unknown_structure,
        &no_proofs,
    ];
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [usual(&keys)];
    for bad in strange {
        for receipts in [[bad, &good], [&good, bad]] {
            let bytes = transparent(&statement, &receipts);
            let verified = verify(&bytes, &services, 1).unwrap();
            assert_eq!(verified.services(), 1);
            assert!(verify(&bytes, &services, 2).is_err());
        }
        assert!(verify(&transparent(&statement, &[bad]), &services, 1).is_err());
    }
    // What is said of each.
    let verdict = |bad: &[u8]| {
        let error = verify(&transparent(&statement, &[bad]), &services, 1).unwrap_err();
        (error.verdict(), error.rule().map(|rule| rule.id))
    };
    assert_eq!(verdict(b"\xff").0, Verdict::Broken);
    assert_eq!(verdict(&deep).0, Verdict::Broken);
    assert_eq!(verdict(&cut), (Verdict::Broken, Some("C1")));
    assert_eq!(verdict(&statement), (Verdict::Broken, Some("M41")));
    assert_eq!(verdict(&wrong_signer), (Verdict::Broken, Some("S14")));
    assert_eq!(verdict(&unknown_structure), (Verdict::RefusedByPolicy, Some("S17")));
    assert_eq!(verdict(&no_proofs), (Verdict::Broken, Some("M42")));
}

#[test]
fn s20_an_appended_receipt_does_not_flip_a_verdict_of_published_shape() {
    // The receipts stand in a header that nobody signed: anybody may append.
    let bytes = usual_transparent(&statement());
    let appended = transparent(&bytes, &[b"not a receipt"]);
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    assert!(verify(&appended, &[usual(&keys)], 1).is_ok());
    let transparent = TransparentStatement::decode(&appended, &Profile::LENIENT).unwrap();
    assert_eq!(transparent.receipts().len(), 2);
}

#[test]
fn what_is_wrong_in_a_receipt_is_found_where_it_stands() {
    let statement = statement();
    let mut receipt = Log::usual(1).log(&statement);
    let len = receipt.len();
    receipt.truncate(len - 1);
    let bytes = transparent(&statement, &[&receipt]);
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [usual(&keys)];
    let error = verify(&bytes, &services, 1).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Receipt(merkle_proof::cose::ErrorKind::Cose(_))));
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let (start, found) = transparent.receipts().iter().next().unwrap();
    assert_eq!(&bytes[start..start + found.len()], receipt);
    // The head of the signature promises one byte more than there is.
    assert_eq!(error.offset(), Some(start + len - 66));
}

#[test]
fn a_label_that_is_critical_in_a_receipt_is_refused_unless_it_is_processed() {
    use merkle_proof::cose::ReceiptReading;
    let statement = statement();
    let mut log = Log::usual(3);
    let receipt = log.log(&statement);
    let root = *log.service.head().root.hash();
    let decoded = merkle_proof::cose::Receipt::decode(&receipt, &Profile::LENIENT).unwrap();
    let vdp = decoded.message().headers().unprotected().find(Label::VDP).unwrap();
    let critical = |label: Label<'_>, value: Value<'_>| {
        cose_ext::sign1::Sign1Builder::new()
            .protected(Label::VDS, 1)
            .protected(Label::CRIT, Value::Array(&[value]))
            .protected(label, 1)
            .key_id(SERVICE_KID)
            .cwt_claims(&receipt_claims(SERVICE_ISS))
            .unprotected(Label::VDP, Value::Encoded(vdp.bytes()))
            .sign(cose_ext::Content::Detached(&root), &ed_signer(&SERVICE))
            .unwrap()
    };
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = [usual(&keys)];
    let structure = transparent(&statement, &[&critical(Label::VDS, Value::from(395))]);
    assert!(verify(&structure, &services, 1).is_ok(), "vds is always processed");
    let private = transparent(&statement, &[&critical(Label::text("x"), Value::Text("x"))]);
    let error = verify(&private, &services, 1).unwrap_err();
    assert_eq!(error.rule().unwrap().id, "C15");
    let labels = [Label::text("x")];
    let issuers = issuer_key();
    let verifier = Verifier::new(&issuers, &services)
        .with_reading(ReceiptReading::DEFAULT.with_processed(Processed::new(&labels)));
    let private = TransparentStatement::decode(&private, &Profile::LENIENT).unwrap();
    assert!(verifier.verify(&private, &Input::embedded(), &context()).is_ok());
}

#[test]
fn two_services_may_share_a_kid() {
    let statement = statement();
    let first = Log::new("https://a.example", b"1", &SERVICE).log(&statement);
    let second = Log::new("https://b.example", b"1", &OTHER_SERVICE).log(&statement);
    let (a, b) = ([service_key(&SERVICE, b"1")], [service_key(&OTHER_SERVICE, b"1")]);
    let a = TrustedService { name: "a", issuer: Some("https://a.example"), keys: &a };
    let b = TrustedService { name: "b", issuer: Some("https://b.example"), keys: &b };
    let bytes = transparent(&statement, &[&first, &second]);
    for services in [[a, b], [b, a]] {
        assert_eq!(reports(&issuer_key(), &bytes, &services), [Ok("a"), Ok("b")]);
        assert_eq!(verify(&bytes, &services, 2).unwrap().services(), 2);
    }
}
