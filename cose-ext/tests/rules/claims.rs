//! CWT claims (RFC 8392), in a header (RFC 9597) and alone.

use cose_ext::Content;
use cose_ext::cwt::{ClaimKey, Claims, NumericDate, Time};
use cose_ext::error::{Error, Policy};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Input, IssuerBinding, MapBuilder, Profile, Rule, Value};

use crate::expect::{breaks, breaks_at};
use crate::messages::{
    ISSUER, decode, h, issuer, p256_key, signed, trusted_issuer, unsigned, verify,
};

#[test]
fn c28_claims_are_a_map() {
    let read = |value: &str| {
        let message = unsigned(&format!("a2 0126 0f {value}"), "a0");
        decode(&message)
            .unwrap()
            .headers()
            .protected()
            .cwt_claims()
            .map(|claims| claims.unwrap().iter().count())
    };
    assert_eq!(read("a0"), Ok(0));
    assert_eq!(read("a1016161"), Ok(1));
    assert_eq!(read("bf 01 6161 63666f6f f6 ff"), Ok(2));
    for value in ["80", "41a0", "f6", "00", "d83da0", "a1 4130 00", "a1 80 00", "a1 f6 00"] {
        breaks(Rule::ClaimsForm, read(value));
    }
    breaks_at(Rule::ClaimsForm, 0, Claims::decode(&h("80"), &Profile::LENIENT));
    assert_eq!(
        decode(&unsigned("a10126", "a0"))
            .unwrap()
            .headers()
            .protected()
            .cwt_claims()
            .map(|c| c.is_none()),
        Ok(true)
    );
}

#[test]
fn c28_registered_claims_have_their_types() {
    let claims = h("a8 01 6169 02 6173 03 6161 04 01 05 fb3ff8000000000000 06 20 07 4163 18 2a f6");
    let claims = Claims::decode(&claims, &Profile::LENIENT).unwrap();
    assert_eq!(claims.issuer(), Ok(Some("i")));
    assert_eq!(claims.subject(), Ok(Some("s")));
    assert_eq!(claims.audience(), Ok(Some("a")));
    assert_eq!(claims.cwt_id(), Ok(Some(&b"c"[..])));
    let time = |date: Result<Option<NumericDate>, Error>| date.unwrap().unwrap().time();
    assert_eq!(time(claims.expires_at()), Time::Seconds(1));
    assert_eq!(time(claims.not_before()), Time::Fractional(1.5));
    assert_eq!(time(claims.issued_at()), Time::Seconds(-1));
    assert_eq!(claims.find(ClaimKey::int(42)).unwrap().bytes(), [0xf6]);
    assert_eq!(claims.find(ClaimKey::int(43)), None);

    for wrong in ["00", "40", "f6", "80"] {
        for (claim, read) in [
            (
                "01",
                (|claims: &Claims<'_>| claims.issuer().map(|_| ()))
                    as fn(&Claims<'_>) -> Result<(), Error>,
            ),
            ("02", |claims| claims.subject().map(|_| ())),
            ("03", |claims| claims.audience().map(|_| ())),
        ] {
            breaks(
                Rule::ClaimsForm,
                read(
                    &Claims::decode(&h(&format!("a1 {claim} {wrong}")), &Profile::LENIENT).unwrap(),
                ),
            );
        }
    }
    for wrong in ["00", "60", "f6"] {
        breaks(
            Rule::ClaimsForm,
            Claims::decode(&h(&format!("a1 07 {wrong}")), &Profile::LENIENT).unwrap().cwt_id(),
        );
    }
    // Dates: text (RFC 3339), bytes, nil, infinite, no number, beyond 64 bits signed, two tags, another tag.
    for wrong in [
        "6131",
        "40",
        "f6",
        "f97c00",
        "f97e00",
        "fbfff0000000000000",
        "1bffffffffffffffff",
        "3bffffffffffffffff",
        "c1c101",
        "c001",
        "c16131",
        "c1f97e00",
    ] {
        let claims = h(&format!("a1 06 {wrong}"));
        breaks(Rule::ClaimsForm, Claims::decode(&claims, &Profile::LENIENT).unwrap().issued_at());
    }
}

#[test]
fn c28_labels_beyond_64_bits_are_no_claims() {
    let claims = h("a2 1bffffffffffffffff 00 3bfffffffffffffffe 6169");
    let claims = Claims::decode(&claims, &Profile::LENIENT).unwrap();
    assert_eq!(claims.issuer(), Ok(None));
    assert_eq!(claims.iter().count(), 2);
}

#[test]
fn c29_a_date_in_tag_1_is_read_and_reported() {
    for (value, tagged, time) in [
        ("1a514b67b0", false, Time::Seconds(1_363_896_240)),
        ("c11a514b67b0", true, Time::Seconds(1_363_896_240)),
        ("d8011a514b67b0", true, Time::Seconds(1_363_896_240)),
        ("fb41d452d9ec200000", false, Time::Fractional(1_363_896_240.5)),
        ("c1fb41d452d9ec200000", true, Time::Fractional(1_363_896_240.5)),
    ] {
        for claim in ["04", "05", "06"] {
            let claims = h(&format!("a1 {claim} {value}"));
            let claims = Claims::decode(&claims, &Profile::LENIENT).unwrap();
            let dates = [claims.expires_at(), claims.not_before(), claims.issued_at()];
            let date = dates.into_iter().find_map(|date| date.unwrap()).unwrap();
            assert_eq!((date.is_tagged(), date.time()), (tagged, time));
            if tagged {
                let refusal = breaks(Rule::DateUntagged, date.untagged());
                assert_eq!(refusal, Error::from(Policy::TaggedDate).at(2));
            } else {
                assert_eq!(date.untagged(), Ok(time));
            }
        }
    }
}

#[test]
fn c29_whole_seconds_round_down() {
    for (time, floor) in [
        (Time::Seconds(-1), -1),
        (Time::Fractional(1.5), 1),
        (Time::Fractional(-0.5), -1),
        (Time::Fractional(-1.0), -1),
        (Time::Fractional(1e300), i64::MAX),
        (Time::Fractional(-1e300), i64::MIN),
    ] {
        assert_eq!(time.floor(), floor, "{time:?}");
    }
}

#[test]
fn c28_a_key_speaks_for_its_issuer_only() {
    let trusted =
        TrustedKey::new(p256_key(&ISSUER), &Context::new(&RustCrypto)).unwrap().for_issuer("me");
    let context = Context::new(&RustCrypto);
    let accepted = |message: &[u8]| {
        decode(message).unwrap().verify(&Input::embedded(), &trusted, &context).is_ok()
    };
    let claims = |issuer: &str| MapBuilder::new().with(1, issuer);
    let made = |claims: &MapBuilder| {
        Sign1Builder::new().cwt_claims(claims).sign(Content::Embedded(b"x"), &issuer()).unwrap()
    };
    let me = made(&claims("me"));
    let message = decode(&me).unwrap();
    let verified = message.verify(&Input::embedded(), &trusted, &context).unwrap();
    assert_eq!(verified.by().issuer(), IssuerBinding::Checked);
    let verified = message.verify(&Input::embedded(), &trusted_issuer(), &context).unwrap();
    assert_eq!(verified.by().issuer(), IssuerBinding::NotBound);
    // Both agree where a payload claims an issuer too.
    let input = Input::embedded().claiming_issuer("you");
    breaks(Rule::ClaimsAgree, message.verify(&input, &trusted, &context));
    assert!(!accepted(&made(&claims("you"))));
    assert!(!accepted(&made(&claims("me "))));
    assert!(!accepted(&made(&claims(""))));
    // What claims no issuer may be anybody's, and the result says so: a CWT is refused then.
    for unclaimed in [
        made(&MapBuilder::new().with(2, "me")),
        made(&MapBuilder::new().with(1, Value::Bytes(b"me"))),
        signed("a10126", "a0", b"x"),
        // Claims that nobody signed name nobody.
        signed("a10126", "a1 0f a101626d65", b"x"),
    ] {
        let message = decode(&unclaimed).unwrap();
        let verified = message.verify(&Input::embedded(), &trusted, &context).unwrap();
        assert_eq!(verified.by().issuer(), IssuerBinding::NotClaimed);
    }
    assert!(verify(&signed("a10126", "a1 0f a101626d65", b"x")).is_ok());
}
