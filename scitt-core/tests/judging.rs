//! One call for receipts of every kind, with the time and what is asked of the signature.

#[path = "support/governed.rs"]
mod governed;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Input, Profile,
    crypto::Algorithm,
    cwt::{ClaimKey, Time},
    header::Vds,
    key::TrustStore,
};
use merkle_proof::{
    ccf::CcfSha256Tree,
    cose::{ReceiptBuilder, encode_mmr_inclusion},
    mmr::{MemoryMmr, MmrSha256},
};
use scitt_core::{
    EntryRule, Error, ErrorKind, Judged, NotChecked, ReceiptKey, Registration, Requirements, Rule,
    ServiceKey, StatementSignature, TransparencyService, TransparentStatement, TrustedService,
    Verdict, Verifier,
};
use world::*;

fn usual_services<'k>(keys: &'k [ServiceKey<'k>]) -> [TrustedService<'k>; 1] {
    [TrustedService { name: "log", issuer: Some(SERVICE_ISS), keys }]
}

#[test]
fn s42_where_a_time_is_given_the_statement_is_valid_then() {
    let signer = ec_signer(&ISSUER);
    let bytes = builder()
        .claim(ClaimKey::NBF, LOGGED_AT)
        .claim(ClaimKey::EXP, LOGGED_AT + 100)
        .sign(PAYLOAD, &signer)
        .unwrap();
    let bytes = usual_transparent(&bytes);
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let (issuer, services) = (issuer_key(), usual_services(&keys));
    let verifier = Verifier::new(&issuer, &services);
    let (input, context) = (Input::embedded(), context());
    let names_validity = |verifier: &Verifier<'_>| {
        let found = verifier.verify(&transparent, &input, &context)?;
        Ok(found.not_checked().any(|it| it == NotChecked::Validity))
    };
    assert_eq!(names_validity(&verifier), Ok(true));
    let at = |seconds| verifier.at(Time::Seconds(seconds));
    assert_eq!(names_validity(&at(LOGGED_AT)), Ok(false));
    assert_eq!(names_validity(&at(LOGGED_AT + 99)), Ok(false));
    let refused = Err(Error::from(ErrorKind::Refused(Rule::ValidWhenVerified)));
    for seconds in [LOGGED_AT - 1, LOGGED_AT + 100] {
        assert_eq!(names_validity(&at(seconds)), refused);
        let included = at(seconds).verify_inclusion_only(&transparent, &input, &context);
        assert_eq!(included.map(drop), refused.map(drop));
    }
}

#[test]
fn the_signature_is_checked_left_to_the_service_or_checked_where_somebody_is_enrolled() {
    let bytes = usual_transparent(&statement());
    let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let services = usual_services(&keys);
    let (input, context) = (Input::embedded(), context());
    let nobody = TrustStore::new(&[]);
    let somebody = [ec_key(&OTHER_ISSUER).with_key_id(KID).for_issuer(ISS)];
    let (wrong, right) = (TrustStore::new(&somebody), issuer_key());
    let judge = |issuers: &dyn cose_ext::key::KeyResolver, signature| {
        let verifier = Verifier::new(issuers, &services).with_signature(signature);
        verifier.judge(&transparent, &input, &context).map(|judged| match judged {
            Judged::Transparent(_) => "signed",
            Judged::Included(_) => "logged",
        })
    };
    use StatementSignature::{LeftToService, Required, WhereEnrolled};
    assert_eq!(judge(&right, Required), Ok("signed"));
    assert_eq!(judge(&right, WhereEnrolled), Ok("signed"));
    assert_eq!(judge(&right, LeftToService), Ok("logged"));
    let unknown = judge(&nobody, Required).unwrap_err();
    assert_eq!(unknown.verdict(), Verdict::CannotEvaluate);
    assert_eq!(judge(&nobody, WhereEnrolled), Ok("logged"));
    // A key that is enrolled and says no is not passed over.
    let broken = judge(&wrong, WhereEnrolled).unwrap_err();
    assert_eq!(broken.verdict(), Verdict::Broken);
    assert_eq!(judge(&wrong, LeftToService), Ok("logged"));
}

#[test]
fn one_call_counts_services_of_all_three_structures_in_any_order() {
    let statement = statement();
    let (input, context) = (Input::embedded(), context());
    let policy = Registration { issuers: &issuer_key(), requirements: Requirements::Rfc9943 };
    let first = Log::usual(4).log(&statement);

    let es256 = ec_signer(&ES256_SERVICE);
    let key = ReceiptKey::new(b"ledger", Algorithm::ES256);
    let mut ledger = TransparencyService::in_memory(CcfSha256Tree, SERVICE_ISS, key);
    for number in 0..3 {
        let other = governed::statement_no(number);
        ledger.register(&other, &input, LOGGED_AT, &policy, &context).unwrap();
    }
    let entry = ledger.register(&statement, &input, LOGGED_AT, &policy, &context).unwrap();
    ledger.sign_head(LOGGED_AT, &es256, &context).unwrap();
    let second = ledger.receipt(entry, &context).unwrap().unwrap();

    let decoded = decode(&statement);
    let entry = EntryRule::STATEMENT_BYTES.entry(decoded.message(), PAYLOAD);
    let mut range = MemoryMmr::new(MmrSha256);
    range.append(&[b"another"]).unwrap();
    let index = range.append(&entry.parts()).unwrap();
    let path = range.inclusion_path(index, range.accumulator().size()).unwrap();
    let root = *range.accumulator().peaks().next().unwrap();
    let claims = cose_ext::MapBuilder::new()
        .with(ClaimKey::ISS, "https://mountain.example")
        .with(ClaimKey::SUB, "receipt");
    let third = ReceiptBuilder::new(Vds::MMR_SHA256)
        .key_id(b"mountain")
        .cwt_claims(&claims)
        .inclusion(encode_mmr_inclusion(index, &path))
        .sign(&root, &ed_signer(&OTHER_SERVICE))
        .unwrap();

    let of_log = [service_key(&SERVICE, SERVICE_KID)];
    let of_ledger = [ServiceKey::new(ec_key(&ES256_SERVICE), Algorithm::ES256)
        .with_key_id(b"ledger")
        .with_vds(Vds::CCF_LEDGER_SHA256)];
    let of_mountain = [service_key(&OTHER_SERVICE, b"mountain")
        .with_vds(Vds::MMR_SHA256)
        .with_entry_rule(EntryRule::STATEMENT_BYTES)];
    let service = |name, issuer, keys| TrustedService { name, issuer: Some(issuer), keys };
    let services = [
        service("log", SERVICE_ISS, &of_log[..]),
        service("ledger", SERVICE_ISS, &of_ledger),
        service("mountain", "https://mountain.example", &of_mountain),
    ];
    let issuer = issuer_key();
    let verifier = Verifier::new(&issuer, &services);
    let receipts = [&first[..], &second, &third, b"broken", &first];
    for turn in 0..receipts.len() {
        let mut turned = receipts;
        turned.rotate_left(turn);
        let bytes = transparent(&statement, &turned);
        let transparent = TransparentStatement::decode(&bytes, &Profile::LENIENT).unwrap();
        for required in 0..=3 {
            let found = verifier.requiring(required).verify(&transparent, &input, &context);
            assert_eq!(found.unwrap().services(), 3);
        }
        let error = verifier.requiring(4).verify(&transparent, &input, &context).unwrap_err();
        assert_eq!(error, ErrorKind::Refused(Rule::DistinctServices).into());
    }
}

#[test]
fn an_explanation_says_what_was_found_with_its_clauses() {
    let keys = [service_key(&SERVICE, SERVICE_KID)];
    let (issuer, services) = (issuer_key(), usual_services(&keys));
    let verifier = Verifier::new(&issuer, &services);
    let explain = |bytes: &[u8]| {
        let transparent = TransparentStatement::decode(bytes, &Profile::LENIENT).unwrap();
        let mut text = String::new();
        let found =
            verifier.explain(&transparent, &Input::embedded(), &context(), &mut text).unwrap();
        (found.is_ok(), text)
    };
    let receipt = Log::usual(2).log(&envelope());
    let stranger = Log::new("https://b.example", b"b", &OTHER_SERVICE).log(&envelope());
    let (is_good, text) = explain(&transparent(&envelope(), &[b"none", &stranger, &receipt]));
    assert!(is_good);
    for expected in [
        "verified: \"https://vendor.example\" says so about \"pump firmware\"\n",
        "with ES256 (RFC 9943 5.1.1.1)\n",
        "receipt 0 at byte ",
        ": broken: ",
        "receipt 1 at byte ",
        ": refused by policy: ",
        "(S13, RFC 9943 7.1)\n",
        "receipt 2 at byte ",
        ": logged by log (RFC 9943 7.1)\n",
        "  1 different services vouch for it, 1 were asked for\n",
        "  not checked: the artifact itself (no preimage supplied) (RFC 9995 3)\n",
        "  not checked: consistency of the log over time (RFC 9943 5.1.3)\n",
    ] {
        assert!(text.contains(expected), "{expected:?} in\n{text}");
    }
    let (is_good, text) = explain(&transparent(&envelope(), &[&stranger]));
    assert!(!is_good);
    assert!(text.starts_with("refused by policy: "), "{text}");
    // A text of the statement cannot speak to a terminal.
    let loud = scitt_core::StatementBuilder::new(ISS, "\u{1b}[2Jverified").key_id(KID);
    let loud = loud.sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap();
    let (_, text) = explain(&usual_transparent(&loud));
    assert!(text.contains("\\u{1b}[2Jverified") && !text.contains('\u{1b}'), "{text}");
}
