//! CBOR as every decoder of the crate reads it.

use cose_ext::cbor::{self, ErrorKind, MAX_DEPTH, Raw, Strictness};
use cose_ext::cwt::Claims;
use cose_ext::error::{ErrorKind as Refused, Unsupported};
use cose_ext::key::{CoseKey, KeySet};
use cose_ext::{Error, Label, Limits, Profile, Rule, Sign1};

use crate::expect::{breaks, breaks_at};
use crate::messages::{bstr, decode, h, signed, unsigned, verify};

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> (ErrorKind, usize) {
    let error = result.expect_err("accepted");
    match (error.kind(), error.offset()) {
        (Refused::Cbor(kind), Some(offset)) => (kind, offset),
        _ => panic!("{error:?}"),
    }
}

#[test]
fn c1_every_proper_front_of_a_message_is_refused() {
    let message = signed("a2 0126 044131", "a1 182a 83010203", b"payload");
    let tagged = [&[0xd2], &message[..]].concat();
    assert!(verify(&tagged).is_ok());
    for len in 0..tagged.len() {
        breaks(Rule::WellFormed, decode(&tagged[..len]));
    }
}

#[test]
fn c1_nothing_follows_the_message() {
    let message = signed("a10126", "a0", b"payload");
    for more in ["00", "ff", "f6", "d2"] {
        breaks_at(Rule::WellFormed, message.len(), decode(&[&message[..], &h(more)].concat()));
    }
    // Nor the map inside the protected bucket, whose bytes have offsets of the whole message.
    breaks_at(Rule::WellFormed, 5, decode(&h("84 44a1012600 a0 40 40")));
    breaks_at(Rule::WellFormed, 3, decode(&h("84 42a000 a0 40 40")));
    breaks_at(Rule::WellFormed, 1, CoseKey::decode(&h("a000"), &Profile::LENIENT));
    breaks_at(Rule::WellFormed, 1, Claims::decode(&h("a000"), &Profile::LENIENT));
    breaks_at(Rule::WellFormed, 2, KeySet::decode(&h("81a000"), &Profile::LENIENT));
}

#[test]
fn c1_what_is_not_well_formed_is_refused_at_its_byte() {
    for (value, kind_of, offset) in [
        ("1c", ErrorKind::Reserved, 0),
        ("5c", ErrorKind::Reserved, 0),
        ("fc", ErrorKind::Reserved, 0),
        ("3f", ErrorKind::Reserved, 0),
        ("df00", ErrorKind::Reserved, 0),
        ("f81f", ErrorKind::Reserved, 0),
        ("f800", ErrorKind::Reserved, 0),
        ("ff", ErrorKind::UnexpectedBreak, 0),
        ("82 01 ff", ErrorKind::UnexpectedBreak, 2),
        ("bf 01 ff", ErrorKind::UnexpectedBreak, 2),
        ("c1 ff", ErrorKind::UnexpectedBreak, 1),
        ("61 ff", ErrorKind::InvalidUtf8, 0),
        ("62 c328", ErrorKind::InvalidUtf8, 0),
        ("63 eda080", ErrorKind::InvalidUtf8, 0),
        // A character cut by a chunk boundary makes two chunks that are no text.
        ("7f 61c3 61bc ff", ErrorKind::InvalidUtf8, 1),
        ("5f 01 ff", ErrorKind::BadChunk, 1),
        ("5f 6161 ff", ErrorKind::BadChunk, 1),
        ("7f 4161 ff", ErrorKind::BadChunk, 1),
        ("5f 5fff ff", ErrorKind::BadChunk, 1),
        ("5f c1 40 ff", ErrorKind::BadChunk, 1),
        ("1b7fffffffffffff", ErrorKind::EndOfInput, 0),
    ] {
        let value_bytes = h(value);
        let found =
            Raw::decode(&value_bytes, 0, Strictness::LENIENT, &cbor::Limits::DEFAULT).unwrap_err();
        assert_eq!((found.kind(), found.offset()), (kind_of, offset), "{value}");
        // The same as the value of a header parameter: at byte 7 of the message.
        let message = h(&format!("84 43a10126 a1 182a {value} 40 40"));
        if kind_of != ErrorKind::EndOfInput {
            assert_eq!(kind(decode(&message)), (kind_of, 8 + offset), "{value}");
            breaks(Rule::WellFormed, decode(&message));
        }
    }
}

#[test]
fn c1_lengths_beyond_the_input_are_refused() {
    for head in ["5b", "7b", "9b", "bb"] {
        for length in
            ["7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "00000000ffffffff"]
        {
            let claim = h(&format!("{head}{length}"));
            for message in [
                claim.clone(),
                [&[0xd2], &claim[..]].concat(),
                [&[0x84], &claim[..]].concat(),
                [&h("84 40"), &claim[..]].concat(),
                [&h("84 40 a1 182a"), &claim[..], &h("01")].concat(),
                [&h("84 40 a0"), &claim[..]].concat(),
                [&h("84 40 a0 40"), &claim[..]].concat(),
                [&[0x84][..], &bstr(&claim), &h("a0 40 40")].concat(),
            ] {
                assert!(decode(&message).is_err(), "{}", hex::encode(&message));
            }
        }
    }
}

#[test]
fn c2_duplicate_labels_are_compared_as_values() {
    // { 1: -7, 0x1801: -8 }
    breaks_at(Rule::UniqueKeys, 5, decode(&unsigned("a2 0126 180127", "a0")));
    for map in [
        "a2 0126 0126",
        "a2 0126 19000127",
        "a2 0126 1b000000000000000127",
        "a3 01 26 04 40 1801 26",
        "bf 0126 180127 ff",
    ] {
        breaks(Rule::UniqueKeys, decode(&unsigned(map, "a0")));
    }
    for map in [
        "a2 3900ff00 38ff00",
        "a2 616100 78016100",
        "a3 0440 08f6 180440",
        "bf 182a00 19002a00 ff",
        // in descending order, where another search finds them
        "a3 08 80 1808 80 0426",
        "a4 182c 00 182b 00 182a 00 182c 00",
        "a4 616200 616100 182a a2 0000 0100 616200",
    ] {
        breaks(Rule::UniqueKeys, decode(&unsigned(map, "a0")));
        breaks(Rule::UniqueKeys, decode(&unsigned("a10126", map)));
    }
    // A chunked label cannot be handed out, so no bucket has one; twice the same is named as that.
    let (once, twice) = ("a1 7f 626162 ff 00", "a2 626162 00 7f 6161 6162 ff 00");
    for message in [unsigned("a10126", once), unsigned(once, "a0")] {
        let error = decode(&message).map(|_| ()).expect_err("read");
        assert_eq!(error.kind(), Unsupported::ChunkedString.into());
    }
    for message in [unsigned("a10126", twice), unsigned(twice, "a0")] {
        breaks(Rule::UniqueKeys, decode(&message));
    }
    // In other maps it is compared.
    for map in ["a2 626162 00 7f 6161 6162 ff 00", "a2 7f 626162 ff 00 7f 6161 60 6162 ff 00"] {
        breaks(Rule::UniqueKeys, decode(&unsigned("a10126", &format!("a1 182a {map}"))));
    }
    // 1, 65536 and "1" are three labels.
    assert!(decode(&unsigned("a3 0126 1a00010000 27 6131 00", "a0")).is_ok());
}

#[test]
fn c2_duplicates_are_found_at_any_depth() {
    // { 15: { 1: "a", 0x1801: "b" } }
    breaks_at(Rule::UniqueKeys, 10, decode(&unsigned("a2 0126 0f a2 016161 18016162", "a0")));
    for value in [
        "a2 0100 0100",
        "81 a2 0100 180100",
        "d83d a2 0100 180100",
        "a1 00 a2 0100 180100",
        "81 81 81 81 a2 0100 180100",
        // keys that are no labels: bytes, floats, booleans, arrays, tags
        "a2 4161 00 580161 00",
        "a2 f93c00 00 fb3ff0000000000000 00",
        "a2 f5 00 f5 00",
        "a2 820102 00 9f01 1802ff 00",
        "a2 c101 00 d8011801 00",
        "a2 f97e00 00 fb7ff8000000000000 00",
    ] {
        breaks(Rule::UniqueKeys, decode(&unsigned("a10126", &format!("a1 182a {value}"))));
    }
    for value in [
        "a2 0100 0200",
        // an integer and a float are two values, and so are the two zeros
        "a2 0100 f93c0000",
        "a2 f9000000 f9800000",
        "a2 00 00 20 00",
        "a2 4161 00 6161 00",
        "a2 820102 00 820103 00",
        "a2 c101 00 c201 00",
        // the same key in two maps
        "82 a10100 a10100",
    ] {
        assert!(decode(&unsigned("a10126", &format!("a1 182a {value}"))).is_ok(), "{value}");
    }
}

#[test]
fn c2_keys_and_claims_too() {
    breaks_at(Rule::UniqueKeys, 3, CoseKey::decode(&h("a2 0102 180102"), &Profile::LENIENT));
    breaks_at(Rule::UniqueKeys, 4, Claims::decode(&h("a2 016161 18016162"), &Profile::LENIENT));
    // In a set each key is read on its own.
    let set = h("81 a2 0102 180102");
    let set = KeySet::decode(&set, &Profile::LENIENT).unwrap();
    breaks_at(Rule::UniqueKeys, 4, set.iter().next().unwrap());
}

#[test]
fn c3_the_deterministic_profile_refuses_what_the_lenient_one_accepts() {
    let good = unsigned("a2 0126 044131", "a1 182a 00");
    assert!(Sign1::decode(&good, &Profile::DETERMINISTIC).is_ok());
    for message in [
        "9804 43a10126 a0 40 40",
        "9f 43a10126 a0 40 40 ff",
        "84 5803a10126 a0 40 40",
        "84 43a10126 b800 40 40",
        "84 43a10126 bfff 40 40",
        "84 43a10126 a0 5800 40",
        "84 43a10126 a0 40 5800",
        // inside the protected bucket
        "84 44a1180126 a0 40 40",
        "84 44bf0126ff a0 40 40",
        "84 42b800 a0 40 40",
        // order is bytewise: 10, 100, -1 is right, 10, -1, 100 (length first) is not
        "84 40 a3 0a00 2000 186400 40 40",
        "84 40 a2 0400 0300 40 40",
        "84 40 a2 6161 00 20 00 40 40",
        // values
        "84 40 a1 182a 1817 40 40",
        "84 40 a1 182a 9f01ff 40 40",
        "84 40 a1 182a 7f6161ff 40 40",
        "84 40 a1 182a fb3ff8000000000000 40 40",
        "84 40 a1 182a f97e01 40 40",
        "84 40 a1 182a fa7fc00000 40 40",
        "84 40 a1 182a a2 0200 0100 40 40",
        "d812 84 43a10126 a0 40 40",
    ] {
        let message = h(message);
        assert!(decode(&message).is_ok(), "{}", hex::encode(&message));
        breaks(Rule::Deterministic, Sign1::decode(&message, &Profile::DETERMINISTIC));
    }
    for message in [
        "84 40 a3 0a00 186400 2000 40 40",
        "84 40 a1 182a f93e00 40 40",
        "84 40 a1 182a f97e00 40 40",
    ] {
        assert!(Sign1::decode(&h(message), &Profile::DETERMINISTIC).is_ok(), "{message}");
    }
}

#[test]
fn c3_the_lenient_profile_keeps_what_it_read() {
    let message =
        signed("bf 1801 3806 1804 580131 ff", "bf 182b 7f616161 62 ff 182a 1800 ff", b"x");
    let decoded = verify(&message).unwrap();
    assert_eq!(decoded.value().protected().as_received(), h("bf 1801 3806 1804 580131 ff"));
    assert_eq!(decoded.value().protected().key_id(), Ok(Some(&b"1"[..])));
}

#[test]
fn c3_indefinite_lengths_can_be_refused_alone() {
    let mut profile = Profile::LENIENT;
    profile.strictness.indefinite_lengths = cbor::IndefiniteLengths::Refused;
    assert!(Sign1::decode(&h("84 44a1180126 a2 0400 0300 40 40"), &profile).is_ok());
    breaks_at(Rule::Deterministic, 0, Sign1::decode(&h("9f 43a10126 a0 40 40 ff"), &profile));
    breaks_at(Rule::Deterministic, 2, Sign1::decode(&h("84 44bf0126ff a0 40 40"), &profile));
}

#[test]
fn limits_are_errors_of_their_own() {
    let nested = |depth: usize| format!("a1 182a {} 00", "81".repeat(depth));
    let limits = Limits::DEFAULT;
    assert!(decode(&unsigned("a10126", &nested(limits.cbor.depth - 1))).is_ok());
    let too_deep = unsigned("a10126", &nested(limits.cbor.depth));
    assert_eq!(kind(decode(&too_deep)).0, ErrorKind::DepthLimit);
    assert_eq!(decode(&too_deep).unwrap_err().rule(), None);

    // As deep as can be asked for, with an empty array innermost, which opens no level: all is still found behind it.
    let deepest =
        Profile::LENIENT.with_limits(limits.with_cbor(cbor::Limits::DEFAULT.with_depth(1000)));
    let inner = "81".repeat(MAX_DEPTH - 1);
    let message = unsigned("a10126", &format!("a2 182a {inner}80 182b 07"));
    let decoded = Sign1::decode(&message, &deepest).unwrap();
    assert_eq!(decoded.headers().unprotected().iter().count(), 2);
    assert!(decoded.headers().unprotected().find(Label::int(43)).is_some());
    let deeper = unsigned("a10126", &format!("a1 182a {}00", "81".repeat(MAX_DEPTH)));
    assert_eq!(kind(Sign1::decode(&deeper, &deepest)).0, ErrorKind::DepthLimit);

    let many = format!("a1 182a 9a00011170 {}", "00".repeat(70_000));
    assert_eq!(kind(decode(&unsigned("a10126", &many))).0, ErrorKind::ItemLimit);
}

#[test]
fn header_entries_are_limited() {
    let map = |entries: usize| {
        let pairs: String = (0..entries).map(|entry| format!("19{:04x}00", 1000 + entry)).collect();
        format!("b8{entries:02x}{pairs}")
    };
    assert!(decode(&unsigned("a10126", &map(64))).is_ok());
    let error = decode(&unsigned("a10126", &map(65))).unwrap_err();
    assert!(
        matches!(error.kind(), Refused::Limit(_))
            && error.offset() == Some(5)
            && error.rule().is_none(),
        "{error:?}"
    );
    let strict = Profile::LENIENT.with_limits(Limits::DEFAULT.with_header_entries(1));
    assert!(Sign1::decode(&unsigned("a10126", "a1 182a 00"), &strict).is_ok());
    assert!(Sign1::decode(&unsigned("a2 0126 0440", "a0"), &strict).is_err());
}

#[test]
fn keys_out_of_order_are_limited() {
    let claims = |entries: usize| {
        let pairs: String =
            (0..entries).rev().map(|entry| format!("19{:04x}00", 1000 + entry)).collect();
        h(&format!("b9{entries:04x}{pairs}"))
    };
    let ordered: String = (0..2000).map(|entry| format!("19{:04x}00", 1000 + entry)).collect();
    assert!(Claims::decode(&claims(128), &Profile::LENIENT).is_ok());
    assert!(Claims::decode(&h(&format!("b907d0{ordered}")), &Profile::LENIENT).is_ok());
    assert_eq!(kind(Claims::decode(&claims(129), &Profile::LENIENT)).0, ErrorKind::EntryLimit);
}

#[test]
fn keys_that_are_not_compared_are_refused() {
    for value in ["a2 a0 00 a0 00", "a2 81818181810000 00 818181818101 00"] {
        let bytes = unsigned("a10126", &format!("a1 182a {value}"));
        assert!(decode(&bytes).is_err(), "{value}");
    }
}
