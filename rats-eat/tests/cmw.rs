//! The rules of conceptual message wrappers.

use cose_ext::{
    Content, Context, IntOrText, Profile, Supplied,
    cbor::Writer,
    header::ContentType,
    key::TrustedKey,
    rustcrypto::{Ed25519SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use rats_eat::{
    Claims, Error, ErrorKind, Rule,
    cmw::{Cmw, CmwExtension, Indicators, MediaType, SignedCmw, Tagged},
};

const PROFILE: &Profile = &Profile::LENIENT;

fn decode(hex: &str) -> Result<(), Error> {
    Cmw::decode(&hex::decode(hex).unwrap(), PROFILE).map(drop)
}

#[track_caller]
fn breaks(hex: &str, rule: Rule, offset: usize) {
    assert_eq!(decode(hex), Err(Error::new(ErrorKind::Broken(rule)).at(offset)), "{hex}");
}

#[test]
fn e200_a_wrapper_is_a_record_a_tag_or_a_collection() {
    for other in ["00", "20", "40", "60", "f5", "f6", "f90000"] {
        breaks(other, Rule::CmwForm, 0);
    }
    breaks("a10102", Rule::CmwForm, 2);
}

#[test]
fn e201_a_record_has_two_or_three_elements() {
    for record in ["80", "81190107", "84190107410004182a"] {
        breaks(record, Rule::CmwRecord, 0);
    }
    assert_eq!(decode("821901074100"), Ok(()));
    assert_eq!(decode("9f190107410004ff"), Ok(()));
}

#[test]
fn e202_a_type_is_a_media_type_or_a_content_format() {
    assert_eq!(decode("8219ffff4100"), Ok(()));
    breaks("821a000100004100", Rule::CmwMediaType, 1);
    breaks("82204100", Rule::CmwMediaType, 1);
    let text = |kind: &str| {
        let mut buffer = [0; 300];
        let mut writer = Writer::new(&mut buffer);
        writer.array(2).text(kind).bytes(&[0]);
        Cmw::decode(writer.finish().unwrap(), PROFILE).map(drop)
    };
    let long = format!("a/{}", "b".repeat(128));
    let wrong =
        ["", "a", "/", "a/", "/b", "a/b/c", "a b/c", "-a/b", "a/\u{e9}", "a/b;\u{7}", &long];
    for kind in wrong {
        assert_eq!(text(kind).unwrap_err().rule().unwrap(), Rule::CmwMediaType, "{kind:?}");
    }
    for kind in ["a/b", "application/eat+cwt", "a/b; c=\"d\"", "a/b;c=d"] {
        assert_eq!(text(kind), Ok(()), "{kind:?}");
    }
}

#[test]
fn e203_a_value_is_a_byte_string() {
    breaks("821901076100", Rule::CmwValue, 4);
    breaks("da637401026100", Rule::CmwValue, 5);
    breaks("da6374010280", Rule::CmwValue, 5);
}

#[test]
fn e204_indicators_are_not_zero_and_fit_into_4_bytes() {
    for indicators in ["00", "20", "1b0000000100000000", "f5", "41ff"] {
        breaks(
            &format!("821901074100{indicators}").replacen("82", "83", 1),
            Rule::CmwIndicators,
            6,
        );
    }
    let bytes = hex::decode("8319010741001affffffff").unwrap();
    let Cmw::Record(record) = Cmw::decode(&bytes, PROFILE).unwrap() else { panic!() };
    let indicators = record.indicators().unwrap();
    assert_eq!(indicators.bits(), u32::MAX);
    assert!(indicators.contains(Indicators::EVIDENCE.and(Indicators::APPRAISAL_POLICY)));
    assert_eq!(Indicators::from_bits(0), None);
}

#[test]
fn e205_every_content_format_has_one_tag_and_no_other_tag_stands_for_one() {
    let mut expected = 1_668_546_817_u64;
    for format in 0..=u16::MAX {
        let number = Tagged::number_of(format);
        if format > 65024 {
            assert_eq!(number, None);
            continue;
        }
        assert_eq!(number, Some(expected));
        let mut buffer = [0; 16];
        let mut writer = Writer::new(&mut buffer);
        writer.tag(expected).bytes(&[7]);
        let Cmw::Tagged(tagged) = Cmw::decode(writer.finish().unwrap(), PROFILE).unwrap() else {
            panic!()
        };
        assert_eq!((tagged.content_format(), tagged.value()), (format, &[7][..]));
        // The lowest byte is never zero (RFC 9277 4.3).
        expected += if expected % 256 == 255 { 2 } else { 1 };
    }
    breaks("da637401004107", Rule::CmwTag, 0);
    breaks("da637402004107", Rule::CmwTag, 0);
    breaks("da637500004107", Rule::CmwTag, 0);
    breaks("d24107", Rule::CmwTag, 0);
}

#[test]
fn e206_a_collection_has_an_entry() {
    breaks("a0", Rule::CmwCollection, 0);
    breaks("a1685f5f636d77635f7463613a62", Rule::CmwCollection, 0);
    breaks("a101a0", Rule::CmwCollection, 2);
}

#[test]
fn e207_the_type_of_a_collection_is_a_uri_or_an_object_identifier() {
    let of = |value: &str| decode(&format!("a2685f5f636d77635f74{value}01821901074100"));
    for value in ["63613a62", "66312e322e3333", "422a03", "d86f422a03"] {
        assert_eq!(of(value), Ok(()), "{value}");
    }
    for value in ["60", "6161", "63613a20", "40", "01", "821901074100", "d8204100", "d86f6161"] {
        let error = of(value).unwrap_err();
        assert_eq!(
            (error.rule().unwrap(), error.offset()),
            (Rule::CmwCollectionType.to_ref(), Some(10))
        );
    }
}

#[test]
fn e208_labels_are_integers_or_text() {
    for label in ["4101", "f5", "80", "fa00000000"] {
        breaks(&format!("a1{label}821901074100"), Rule::CmwLabel, 1);
    }
    let bytes = hex::decode("a220821901074100616182190108420102").unwrap();
    let Cmw::Collection(collection) = Cmw::decode(&bytes, PROFILE).unwrap() else { panic!() };
    let Some(Cmw::Record(record)) = collection.find(IntOrText::Text("a")) else { panic!() };
    assert_eq!((record.media_type(), record.offset()), (MediaType::ContentFormat(264), 10));
    assert!(collection.find(IntOrText::int(-1)).is_some());
    assert!(collection.find(IntOrText::int(1)).is_none());
}

#[test]
fn a_claims_set_carries_a_wrapper() {
    let bytes = hex::decode("a219012b821901074100026161").unwrap();
    let claims = Claims::decode(&bytes, PROFILE).unwrap();
    assert!(matches!(Cmw::in_claims(&claims), Ok(Some(Cmw::Record(_)))));
    let bytes = hex::decode("a1026161").unwrap();
    let claims = Claims::decode(&bytes, PROFILE).unwrap();
    assert!(matches!(Cmw::in_claims(&claims), Ok(None)));
    let bytes = hex::decode("a119012b01").unwrap();
    let claims = Claims::decode(&bytes, PROFILE).unwrap();
    assert_eq!(Cmw::in_claims(&claims).unwrap_err().rule().unwrap(), Rule::CmwForm);
}

#[test]
fn e209_collections_are_nested_eight_deep_and_no_deeper() {
    let nested = |levels: usize| decode(&format!("{}821901074100", "a101".repeat(levels)));
    assert_eq!(nested(8), Ok(()));
    assert_eq!(nested(9), Err(Error::new(ErrorKind::Limit(Rule::CmwDepth)).at(16)));
}

#[test]
fn e209_twenty_thousand_levels_are_an_error() {
    let bytes = b"\xa1\x01".repeat(20_000);
    assert!(Cmw::decode(&bytes, PROFILE).is_err());
    let mut whole = bytes;
    whole.extend([0x82, 0x19, 1, 7, 0x41, 0]);
    assert!(Cmw::decode(&whole, PROFILE).is_err());
}

#[test]
fn huge_lengths_are_errors() {
    for bytes in [
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "821901075bffffffffffffffff00",
        "827bffffffffffffffff00",
        "da637401025b7fffffffffffffff",
        "bb000000010000000001821901074100",
    ] {
        let error = decode(bytes).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Cose(_)), "{bytes}: {error}");
    }
}

fn sign(content_type: Option<&str>, payload: &[u8], key: &Ed25519SigningKey) -> Vec<u8> {
    let builder = Sign1Builder::new();
    let builder = match content_type {
        Some(content_type) => builder.content_type(ContentType::MediaType(content_type)),
        None => builder,
    };
    builder.sign(Content::Embedded(payload), key).unwrap()
}

#[test]
fn e210_a_signed_wrapper_states_its_content_type() {
    let key = Ed25519SigningKey::from_bytes(&[7; 32]).unwrap();
    let context = Context::new(&RustCrypto);
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context).unwrap();
    let payload = [0x82, 0x19, 1, 7, 0x41, 0];
    for content_type in [None, Some("application/eat+cwt"), Some("application/cmw+json")] {
        let bytes = sign(content_type, &payload, &key);
        let error = SignedCmw::decode(&bytes, PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::CmwSigned, "{content_type:?}");
    }
    let mut bytes = sign(Some("application/cmw+cbor"), &payload, &key);
    let verify = |bytes: &[u8]| {
        let signed = SignedCmw::decode(bytes, PROFILE)?;
        let verified = signed.verify(&Supplied::default(), &trusted, &context)?;
        Ok::<_, Error>(verified.value().bytes().to_vec())
    };
    assert_eq!(verify(&bytes), Ok(payload.to_vec()));
    *bytes.last_mut().unwrap() ^= 1;
    assert!(verify(&bytes).is_err());
    // A good signature over something else.
    let error = verify(&sign(Some("application/cmw+cbor"), &[1], &key)).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::CmwForm);
}

#[test]
fn e211_the_extension_is_one_string_in_der() {
    let decode = |hex: &str| {
        CmwExtension::decode(&hex::decode(hex).unwrap(), PROFILE)
            .map(|extension| matches!(extension, CmwExtension::Cbor(_)))
    };
    assert_eq!(decode("0406821901074100"), Ok(true));
    assert_eq!(decode("0c025b5d"), Ok(false));
    let long = format!("0481cb8319010758c4{}04", "00".repeat(196));
    assert_eq!(decode(&long), Ok(true));
    let wrong = [
        "",
        "04",
        "0c01ff",
        "300482190107",
        "0407821901074100",
        "0405821901074100",
        "048106821901074100",
        "04820006821901074100",
        "0480821901074100",
        "0485000000000682",
        "04ffffffffffffffffff",
    ];
    for hex in wrong {
        assert_eq!(decode(hex).unwrap_err().rule().unwrap(), Rule::CmwExtension, "{hex}");
    }
    // The wrapper in it has its own rules, and its offsets count in the extension.
    let error = decode("040101").unwrap_err();
    assert_eq!((error.rule().unwrap(), error.offset()), (Rule::CmwForm.to_ref(), Some(2)));
}

#[test]
fn e212_a_value_is_of_the_type_that_is_named() {
    let check = |format: u16, value: &[u8]| {
        let mut buffer = [0; 100];
        let mut writer = Writer::new(&mut buffer);
        writer.array(2).int(format).bytes(value);
        let bytes = writer.finish().unwrap();
        Cmw::decode(bytes, PROFILE).unwrap().check_types().map_err(|error| error.rule().unwrap())
    };
    let samples: [(u16, &[u8]); 6] = [
        (263, &[0xd8, 0x3d, 0xd2, 0x84]),
        (264, b"e30.e30.AA"),
        (265, &[0xd9, 0x02, 0x5a, 0x82]),
        (266, b" [\"JWT\"]"),
        (267, &[0xd9, 0x02, 0x59, 0xa0]),
        (268, b"\n{}"),
    ];
    for (format, _) in samples {
        for (of, sample) in samples {
            let expected = if of == format { Ok(()) } else { Err(Rule::CmwType.to_ref()) };
            assert_eq!(check(format, sample), expected, "{sample:?} as {format}");
        }
        assert_eq!(check(format, &[]), Err(Rule::CmwType.to_ref()));
    }
    assert_eq!(check(263, &[0xd2]), Ok(()));
    assert_eq!(check(267, &[0xa0]), Ok(()));
    // The tag of CWTs alone does not say which message it is (RFC 8392 6).
    assert_eq!(check(263, &[0xd8, 0x3d, 0x84]), Err(Rule::CmwType.to_ref()));
    for jwt in [&b"e30.e30"[..], b"e30.e30.AA.AA", b".e30.AA", b"e30..AA", b"e3=.e30.AA"] {
        assert_eq!(check(264, jwt), Err(Rule::CmwType.to_ref()));
    }
    // Types that are not known here pass.
    assert_eq!(check(1, &[]), Ok(()));
}

#[cfg(feature = "json")]
mod json {
    use super::*;
    use rats_eat::cmw::from_json;

    #[track_caller]
    fn breaks(text: &str, rule: Rule) {
        assert_eq!(
            from_json(text.as_bytes(), PROFILE).unwrap_err().rule().unwrap(),
            rule,
            "{text}"
        );
    }

    #[test]
    fn e213_the_type_of_a_json_record_is_a_media_type() {
        for kind in ["263", "\"a\"", "null", "1.5"] {
            breaks(&format!("[{kind},\"AA\"]"), Rule::CmwJsonType);
        }
        let format = hex::decode("821901074100").unwrap();
        let error = Cmw::decode(&format, PROFILE).unwrap().to_json().unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::CmwJsonType);
    }

    #[test]
    fn e200_to_e208_hold_in_json_too() {
        for other in ["1", "\"a\"", "null", "{\"a\":1}"] {
            breaks(other, Rule::CmwForm);
        }
        breaks("[\"a/b\"]", Rule::CmwRecord);
        breaks("[\"a/b\",1]", Rule::CmwValue);
        for indicators in ["0", "-1", "4294967296", "1.0", "1e2", "\"1\""] {
            breaks(&format!("[\"a/b\",\"AA\",{indicators}]"), Rule::CmwIndicators);
        }
        breaks("{}", Rule::CmwCollection);
        breaks("{\"__cmwc_t\":\"x\",\"a\":[\"a/b\",\"AA\"]}", Rule::CmwCollectionType);
    }

    #[test]
    fn e283_bytes_are_base64url_in_one_spelling() {
        for value in ["AA==", "A", "A A", "+/", "AB", "\\n"] {
            breaks(&format!("[\"a/b\",\"{value}\"]"), Rule::Base64Url);
        }
    }

    #[test]
    fn e280_nothing_follows_the_text() {
        for text in [
            "",
            "[\"a/b\",\"AA\"]]",
            "[\"a/b\",\"AA\"] x",
            "[\"a/b\",\"AA\"",
            "{a:1}",
            "\u{feff}[]",
        ] {
            breaks(text, Rule::JsonForm);
        }
    }

    #[test]
    fn e281_members_are_there_once() {
        breaks("{\"a\":[\"a/b\",\"AA\"],\"\\u0061\":[\"a/b\",\"AA\"]}", Rule::JsonMembers);
    }

    #[test]
    fn e282_nesting_is_bounded() {
        for text in ["[".repeat(20_000), "{\"a\":".repeat(20_000)] {
            let error = from_json(text.as_bytes(), PROFILE).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Limit(Rule::JsonDepth));
        }
    }

    #[test]
    fn json_without_blanks_comes_back_as_it_was() {
        for text in [
            "[\"a/b\",\"AQID\",31]",
            "{\"z\":[\"a/b\",\"\"],\"__cmwc_t\":\"tag:x\",\"a\\\"\\\\\\n\":{\"b\":[\"a/b; c=\\\"d\\\"\",\"_-8\"]}}",
        ] {
            let bytes = from_json(text.as_bytes(), PROFILE).unwrap();
            assert_eq!(Cmw::decode(&bytes, PROFILE).unwrap().to_json().unwrap().to_string(), text);
        }
    }
}
