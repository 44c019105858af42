//! CWT: validity, audience, confirmation, and claims that stand twice (RFC 8392, RFC 8747, RFC 9597).

use cose_ext::crypto::KeyType;
use cose_ext::cwt::{ClaimKey, Claims, ClaimsBuilder, ConfirmationMethod, Cwt, Time};
use cose_ext::error::{Error, Limit, Policy};
use cose_ext::key::{CoseKeyEncoder, KeyResolver, Thumbprint};
use cose_ext::rustcrypto::{RustCrypto, Sha256};
use cose_ext::sign::{SignPolicy, Signers};
use cose_ext::{Content, Supplied, Trust, Verified, sign1::Sign1Builder};
use cose_ext::{Context, Label, Limits, MapBuilder, Profile, Rule, Value, Work};

use crate::expect::{breaks, breaks_at};
use crate::messages::{ISSUER, h, issuer, p256_key, trusted_issuer, trusted_stranger};

fn claims(bytes: &[u8]) -> Claims<'_> {
    Claims::decode(bytes, &Profile::LENIENT).unwrap()
}

fn at(seconds: i64) -> Time {
    Time::Seconds(seconds)
}

/// RFC 8392 A.1.
const EXAMPLE: &str = "a7 01 75636f61703a2f2f61732e6578616d706c652e636f6d 02 656572696b77
    03 7818636f61703a2f2f6c696768742e6578616d706c652e636f6d 04 1a5612aeb0 05 1a5610d9f0 06 1a5610d9f0 07 420b71";

#[test]
fn c28_the_claims_of_rfc_8392() {
    let bytes = h(EXAMPLE);
    let read = claims(&bytes);
    assert_eq!(read.issuer(), Ok(Some("coap://as.example.com")));
    assert_eq!(read.subject(), Ok(Some("erikw")));
    assert_eq!(read.cwt_id(), Ok(Some(&[0x0b, 0x71][..])));
    assert_eq!(read.check_audience("coap://light.example.com"), Ok(()));
    assert_eq!(read.check_time(at(1_443_944_944), 0), Ok(()));
    breaks_at(Rule::NotBefore, 65, read.check_time(at(1_443_944_943), 0));
    breaks_at(Rule::ExpirationTime, 59, read.check_time(at(1_444_064_944), 0));
    let built = ClaimsBuilder::new()
        .cwt_id(&[0x0b, 0x71])
        .issued_at(1_443_944_944)
        .not_before(1_443_944_944)
        .expires_at(1_444_064_944)
        .audience("coap://light.example.com")
        .subject("erikw")
        .issuer("coap://as.example.com");
    assert_eq!(built.to_bytes(), bytes);
}

#[test]
fn c66_claims_expire_at_exp() {
    let bytes = ClaimsBuilder::new().expires_at(1000).to_bytes();
    let claims = claims(&bytes);
    for (now, leeway, accepted) in [
        (at(i64::MIN), 0, true),
        (at(999), 0, true),
        (at(1000), 0, false),
        (at(1001), 0, false),
        (at(i64::MAX), 0, false),
        (at(1000), 1, true),
        (at(1001), 1, false),
        (at(i64::MIN), u32::MAX, true),
        (Time::Fractional(999.999), 0, true),
        (Time::Fractional(1000.0), 0, false),
        (Time::Fractional(1000.5), 1, true),
        (Time::Fractional(1e300), u32::MAX, false),
    ] {
        let checked = claims.check_time(now, leeway);
        if accepted {
            assert_eq!(checked, Ok(()), "{now:?} {leeway}");
        } else {
            let refusal = breaks(Rule::ExpirationTime, checked);
            assert_eq!(refusal, Error::from(Policy::Expired).at(2));
        }
    }
}

#[test]
fn c66_dates_with_fractions_and_tags_count_as_they_are() {
    // 1.5, bare and in tag 1.
    for date in ["f93e00", "c1f93e00"] {
        let bytes = h(&format!("a1 04 {date}"));
        let claims = claims(&bytes);
        assert_eq!(claims.check_time(at(1), 0), Ok(()));
        assert_eq!(claims.check_time(Time::Fractional(1.25), 0), Ok(()));
        breaks_at(Rule::ExpirationTime, 2, claims.check_time(Time::Fractional(1.5), 0));
        breaks_at(Rule::ExpirationTime, 2, claims.check_time(at(2), 0));
    }
    // Beyond what floating point tells apart: 2^53 and one more.
    let bytes = h("a1 04 1b0020000000000001");
    assert_eq!(claims(&bytes).check_time(at(1 << 53), 0), Ok(()));
    breaks(Rule::ExpirationTime, claims(&bytes).check_time(at((1 << 53) + 1), 0));
    // What is no date is no date, whatever the time is.
    breaks(Rule::ClaimsForm, claims(&h("a1 04 6131")).check_time(at(0), 0));
}

#[test]
fn c67_claims_are_valid_from_nbf_on() {
    let bytes = ClaimsBuilder::new().not_before(1000).to_bytes();
    let claims = claims(&bytes);
    for (now, leeway, accepted) in [
        (at(1000), 0, true),
        (at(999), 0, false),
        (at(999), 1, true),
        (at(998), 1, false),
        (at(i64::MIN), u32::MAX, false),
        (at(i64::MAX), u32::MAX, true),
        (Time::Fractional(999.999), 0, false),
        (Time::Fractional(-1e300), 0, false),
    ] {
        let checked = claims.check_time(now, leeway);
        if accepted {
            assert_eq!(checked, Ok(()), "{now:?} {leeway}");
        } else {
            let refusal = breaks(Rule::NotBefore, checked);
            assert_eq!(refusal, Error::from(Policy::NotYetValid).at(2));
        }
    }
    let both = ClaimsBuilder::new().expires_at(2000).not_before(1000).issued_at(5000).to_bytes();
    assert_eq!(claims_at(&both, 1500), Ok(()));
    breaks(Rule::NotBefore, claims_at(&both, 500));
    breaks(Rule::ExpirationTime, claims_at(&both, 2500));
    assert_eq!(claims_at(&ClaimsBuilder::new().to_bytes(), 0), Ok(()));
}

fn claims_at(bytes: &[u8], now: i64) -> Result<(), Error> {
    claims(bytes).check_time(at(now), 0)
}

#[test]
fn c68_claims_are_for_their_audience() {
    let bytes = ClaimsBuilder::new().audience("coap://light.example.com").to_bytes();
    assert_eq!(claims(&bytes).check_audience("coap://light.example.com"), Ok(()));
    for other in
        ["", "coap://light.example.co", "coap://light.example.com/", "COAP://light.example.com"]
    {
        let refusal = breaks(Rule::Audience, claims(&bytes).check_audience(other));
        assert_eq!(refusal, Error::from(Policy::OtherAudience).at(2));
    }
    assert_eq!(claims(&ClaimsBuilder::new().to_bytes()).check_audience("me"), Ok(()));
    // RFC 8392 3.1.3 has one text, also where a JWT would have an array.
    breaks(Rule::ClaimsForm, claims(&h("a1 03 81 626d65")).check_audience("me"));
    breaks(Rule::ClaimsForm, claims(&h("a1 03 42 6d65")).check_audience("me"));
}

fn encoded_key() -> Vec<u8> {
    CoseKeyEncoder::new(p256_key(&ISSUER)).unwrap().to_vec()
}

#[test]
fn c69_one_key_at_most_is_confirmed() {
    let key = hex::encode(encoded_key());
    let read = |cnf: &str| {
        let bytes = h(&format!("a1 08 {cnf}"));
        claims(&bytes).confirmation().map(|cnf| {
            let cnf = cnf.unwrap();
            let key = cnf.key().map(|key| key.key_type().unwrap());
            let found = cnf.find(ConfirmationMethod::int(9)).is_some();
            (
                key,
                cnf.encrypted_key().is_some(),
                cnf.key_id().map(<[u8]>::to_vec),
                cnf.thumbprint().is_some(),
                found,
            )
        })
    };
    let (id, digest) = (Some(b"1".to_vec()), format!("5820{}", "ab".repeat(32)));
    assert_eq!(read("a0"), Ok((None, false, None, false, false)));
    assert_eq!(read(&format!("a1 01 {key}")), Ok((Some(KeyType::EC2), false, None, false, false)));
    assert_eq!(read("a1 02 83 40 a0 40"), Ok((None, true, None, false, false)));
    assert_eq!(read("a1 02 d0 83 40 a0 40"), Ok((None, true, None, false, false)));
    assert_eq!(read("a1 03 4131"), Ok((None, false, id.clone(), false, false)));
    assert_eq!(read(&format!("a1 05 {digest}")), Ok((None, false, None, true, false)));
    assert_eq!(read("a2 03 4131 09 f6"), Ok((None, false, id.clone(), false, true)));
    assert_eq!(
        read(&format!("a3 01 {key} 03 4131 05 {digest}")),
        Ok((Some(KeyType::EC2), false, id, true, false))
    );
    breaks(Rule::ConfirmationForm, read(&format!("a2 01 {key} 02 83 40 a0 40")));
    breaks(Rule::ConfirmationForm, read(&format!("a2 02 83 40 a0 40 01 {key}")));
    for wrong in [
        "80",
        "f6",
        "4101",
        "a1 01 80",
        "a1 01 4101",
        "a1 02 40",
        "a1 02 a0",
        "a1 02 f6",
        "a1 03 6131",
        "a1 03 01",
        "a1 05 4101",
        "a1 05 6131",
        "a1 40 00",
    ] {
        breaks(Rule::ConfirmationForm, read(wrong));
    }
    breaks_at(
        Rule::ConfirmationForm,
        6,
        claims(&h("a1 08 a2 01 a0 02 d0 83 40 a0 40")).confirmation(),
    );
}

#[test]
fn c69_what_the_builder_confirms_is_read_back() {
    let key = encoded_key();
    let built = ClaimsBuilder::new().issuer("i").confirmed_by_key(&key).to_bytes();
    let confirmation = claims(&built).confirmation().unwrap().unwrap();
    let public = confirmation.key().unwrap().public_key().unwrap();
    assert_eq!(public, p256_key(&ISSUER));
    let thumbprint = Thumbprint::new(&public, &Sha256).unwrap();
    let built = ClaimsBuilder::new().confirmed_by_thumbprint(&thumbprint).to_bytes();
    assert_eq!(claims(&built).confirmation().unwrap().unwrap().thumbprint(), Some(thumbprint));
    let built = ClaimsBuilder::new().confirmed_by_key_id(b"7").to_bytes();
    assert_eq!(claims(&built).confirmation().unwrap().unwrap().key_id(), Some(&b"7"[..]));
    assert!(claims(&ClaimsBuilder::new().to_bytes()).confirmation().unwrap().is_none());
}

#[test]
fn c69_a_confirmed_secret_does_not_show() {
    let bytes = h("a1 08 a2 01 a2 01 04 20 42 beef 03 42 cafe");
    let shown = format!("{:?}", claims(&bytes).confirmation().unwrap().unwrap());
    assert!(!shown.contains("beef") && !shown.contains("190"), "{shown}");
}

fn token(header: &MapBuilder, payload: &[u8]) -> Vec<u8> {
    Sign1Builder::new().cwt_claims(header).sign(Content::Embedded(payload), &issuer()).unwrap()
}

fn by_keys<'a>(
    token: &Cwt<'a>,
    keys: &dyn KeyResolver,
) -> Result<Verified<Claims<'a>, Signers>, Error> {
    let (trust, context) = (Trust::keys(keys), Context::new(&RustCrypto));
    token.verify(&Supplied::NOTHING, &trust, &SignPolicy::All, &context)
}

fn verified(token: &[u8]) -> Result<(), Error> {
    let token = Cwt::decode(token, &Profile::LENIENT)?;
    let claims = by_keys(&token, &trusted_issuer())?;
    assert!(claims.by().has(&trusted_issuer().identity()));
    assert_eq!(claims.value().issuer(), Ok(Some("me")));
    Ok(())
}

#[test]
fn c70_a_claim_that_stands_twice_has_one_value() {
    let payload = ClaimsBuilder::new()
        .issuer("me")
        .subject("you")
        .confirmed_by_key(&h("a2 01 01 20 06"))
        .to_bytes();
    let header = |claims: ClaimsBuilder| token(claims.as_map(), &payload);
    assert_eq!(verified(&header(ClaimsBuilder::new())), Ok(()));
    assert_eq!(verified(&header(ClaimsBuilder::new().issuer("me"))), Ok(()));
    assert_eq!(verified(&header(ClaimsBuilder::new().issuer("me").audience("all"))), Ok(()));
    // Other encodings and another order are the same value.
    let unordered = h("a1 01 bf 20 1806 1801 01 ff");
    let same = ClaimsBuilder::new().claim(ClaimKey::CNF, Value::Encoded(&unordered));
    assert_eq!(verified(&header(same)), Ok(()));
    let chunked =
        ClaimsBuilder::new().claim(ClaimKey::SUB, Value::Encoded(&h("7f 6179 626f75 ff")));
    assert_eq!(verified(&header(chunked)), Ok(()));

    for differs in [
        ClaimsBuilder::new().issuer("Me"),
        ClaimsBuilder::new().issuer("me").subject("she"),
        ClaimsBuilder::new().claim(ClaimKey::ISS, Value::Bytes(b"me")),
        ClaimsBuilder::new().confirmed_by_key(&h("a2 01 01 20 07")),
        ClaimsBuilder::new().confirmed_by_key(&h("a1 01 01")),
        ClaimsBuilder::new().confirmed_by_key_id(b"1"),
    ] {
        breaks(Rule::ClaimsAgree, verified(&header(differs)));
    }
    // Also where nobody signed the header.
    let unprotected = |claims: &MapBuilder| {
        Sign1Builder::new()
            .unprotected(Label::CWT_CLAIMS, claims)
            .sign(Content::Embedded(&payload), &issuer())
            .unwrap()
    };
    assert_eq!(verified(&unprotected(ClaimsBuilder::new().issuer("me").as_map())), Ok(()));
    breaks(Rule::ClaimsAgree, verified(&unprotected(ClaimsBuilder::new().issuer("it").as_map())));
}

#[test]
fn c70_the_refusal_names_the_claim_of_the_header() {
    let header = ClaimsBuilder::new().issuer("me").subject("x");
    let payload = ClaimsBuilder::new().issuer("me").subject("y").to_bytes();
    let message = token(header.as_map(), &payload);
    let at = message.windows(3).position(|window| window == [0x02, 0x61, b'x']).unwrap() + 1;
    breaks_at(Rule::ClaimsAgree, at, verified(&message));
    let header = header.to_bytes();
    let context = Context::new(&RustCrypto);
    breaks_at(Rule::ClaimsAgree, 6, claims(&header).check_agreement(&claims(&payload), &context));
}

/// Claims of `count` keys from `first` on, each with the value 0.
fn numbered(first: u16, count: u16) -> Vec<u8> {
    let claims = (first..first + count).flat_map(|key| [0x19, (key >> 8) as u8, key as u8, 0]);
    [0xb9, (count >> 8) as u8, count as u8].into_iter().chain(claims).collect()
}

#[test]
fn c70_the_comparison_is_linear_in_the_larger_set() {
    let many = numbered(0, 300);
    let context = Context::new(&RustCrypto);
    assert_eq!(claims(&many).check_agreement(&claims(&many), &context), Ok(()));
    // A payload of many items, and ever more claims that anybody may have put into the header.
    for len in [1 << 16, 1 << 20] {
        let limits = Limits::DEFAULT.with_cbor(cose_ext::cbor::Limits::DEFAULT.with_items(2 << 20));
        let profile = Profile::LENIENT.with_limits(limits);
        let payload = [&h("a1 6178 9a")[..], &(len as u32).to_be_bytes(), &vec![0; len]].concat();
        let payload = Claims::decode(&payload, &profile).unwrap();
        for count in [16, 100, 5_000] {
            let header = numbered(1000, count);
            let header = Claims::decode(&header, &profile).unwrap();
            let input = header.bytes().len() + payload.bytes().len();
            let work = Work::new(&profile.limits, input);
            let context = context.with_profile(profile).with_work(&work);
            let verdict = header.check_agreement(&payload, &context);
            assert!(work.compared() <= 8 * input, "{} for {input} bytes", work.compared());
            if count > 128 {
                assert_eq!(verdict, Err(Limit::ComparedItems.into()));
            } else {
                assert_eq!(verdict, Ok(()));
            }
        }
    }
}

#[test]
fn c71_inside_of_the_cwt_tag_stands_a_tagged_message() {
    let payload = ClaimsBuilder::new().issuer("me").to_bytes();
    let message = token(&MapBuilder::new(), &payload);
    let tagged = |prefix: &str, message: &[u8]| [&h(prefix)[..], message].concat();
    for (bytes, is_tagged) in [
        (message.clone(), false),
        (message[1..].to_vec(), false),
        (tagged("d83d", &message), true),
        (tagged("d9003d", &message), true),
    ] {
        assert_eq!(verified(&bytes), Ok(()));
        let token = Cwt::decode(&bytes, &Profile::LENIENT).unwrap();
        assert_eq!(token.is_tagged(), is_tagged);
        assert_eq!(
            token.danger_unverified_claims(&Profile::LENIENT).unwrap().issuer(),
            Ok(Some("me"))
        );
        // A tag in a wider head shows as such.
        let shown = token.to_string();
        let starts = shown.starts_with("61(18(") || shown.starts_with("61_1(18(");
        assert_eq!(starts, is_tagged, "{token}");
    }
    // The payload is shown as a claims set, in every form; one that is none, as bytes.
    for bytes in [message.clone(), message[1..].to_vec(), tagged("d83d", &message)] {
        let shown = Cwt::decode(&bytes, &Profile::LENIENT).unwrap().to_string();
        assert!(shown.contains("/ payload / << {1 / iss /: \"me\"} >>"), "{shown}");
    }
    let odd = token(&MapBuilder::new(), &h("a2 01 626d65 19ffff 01"));
    let shown = Cwt::decode(&odd, &Profile::LENIENT).unwrap().to_string();
    assert!(shown.contains("<< {1 / iss /: \"me\", 65535: 1} >>"), "{shown}");
    let none = token(&MapBuilder::new(), b"no claims");
    let shown = Cwt::decode(&none, &Profile::LENIENT).unwrap().to_string();
    assert!(shown.contains("h'6e6f20636c61696d73'"), "{shown}");
    let nested = token(&MapBuilder::new(), &tagged("d83d", &message));
    let shown = Cwt::decode(&nested, &Profile::LENIENT).unwrap().to_string();
    assert!(shown.contains("<< 61(18(["), "{shown}");
    assert!(shown.contains("1 / iss /: \"me\""), "{shown}");
    breaks_at(Rule::CwtTag, 2, verified(&tagged("d83d", &message[1..])));
    breaks_at(Rule::Tag, 2, verified(&tagged("d83d d83d", &message)));
    breaks_at(Rule::Tag, 2, verified(&tagged("d83d c1", &message[1..])));
    breaks_at(Rule::Tag, 0, verified(&tagged("c1", &message[1..])));
    // Its tag makes a COSE_Mac0 of it, and no secret answers.
    breaks(Rule::Enrolled, verified(&tagged("d1", &message[1..])));
}

#[test]
fn c28_the_payload_of_a_token_is_a_claims_set() {
    breaks(Rule::ClaimsForm, verified(&token(&MapBuilder::new(), &h("80"))));
    let message = token(&MapBuilder::new(), b"no claims");
    let token = Cwt::decode(&message, &Profile::LENIENT).unwrap();
    assert!(token.danger_unverified_claims(&Profile::LENIENT).is_err());
    assert!(by_keys(&token, &trusted_issuer()).is_err());
}

#[test]
fn c20_a_token_of_a_stranger_has_no_verified_claims() {
    let message = token(&MapBuilder::new(), &ClaimsBuilder::new().issuer("me").to_bytes());
    let token = Cwt::decode(&message, &Profile::LENIENT).unwrap();
    breaks(Rule::Signature, by_keys(&token, &trusted_stranger()));
}
