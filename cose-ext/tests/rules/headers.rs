//! Labels, buckets, and the parameters common to all of COSE.

use cose_ext::Content;
use cose_ext::cbor::Int;
use cose_ext::crypto::Algorithm;
use cose_ext::error::{Error, ErrorKind, Policy, Unsupported};
use cose_ext::header::ContentType;
use cose_ext::key::{KeySet, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{
    AlgorithmPlacement, Context, Input, IntOrText, Label, LabelInBoth, Notes, Profile, Rule, Sign1,
    Value,
};

use crate::expect::{breaks, breaks_at};
use crate::messages::{
    ISSUER, decode, h, issuer, p256_key, sign1, signature, signed, trusted_issuer, unsigned, verify,
};

#[test]
fn c8_labels_are_integers_or_text() {
    for label in ["00", "20", "1bffffffffffffffff", "3bffffffffffffffff", "60", "6161", "63e6b0b4"]
    {
        let map = format!("a1 {label} 00");
        assert!(decode(&unsigned("a10126", &map)).is_ok(), "{label}");
        assert!(decode(&unsigned(&map, "a0")).is_ok(), "{label}");
    }
    for label in [
        "4131",
        "80",
        "a0",
        "f4",
        "f5",
        "f6",
        "f7",
        "f93c00",
        "c101",
        "c249010000000000000000",
        "e0",
    ] {
        let map = format!("a1 {label} 00");
        breaks_at(Rule::LabelForm, 6, decode(&unsigned("a10126", &map)));
        breaks_at(Rule::LabelForm, 3, decode(&unsigned(&map, "a0")));
    }
}

#[test]
fn c8_labels_beyond_64_bits_signed_alias_nothing() {
    // 2^64 - 1 is no -1, 2^63 is no minimum, -2^64 is no 0; -1 - (2^64 - 7) is no alg ES256 either.
    let all = "a8 01 26 20 00 1bffffffffffffffff 01 1b8000000000000000 02 3b7fffffffffffffff 03 3bffffffffffffffff 04 \
               3b8000000000000000 05 1b7fffffffffffffff 06";
    let message = unsigned(all, "a0");
    let message = decode(&message).unwrap();
    let protected = message.headers().protected();
    let int = |value: Int| Label::from(IntOrText::Int(value));
    let value = |label: Label<'_>| protected.find(label).map(|value| value.bytes()[0]);
    assert_eq!(protected.iter().count(), 8);
    assert_eq!(value(Label::int(-1)), Some(0));
    assert_eq!(value(int(Int::unsigned(u64::MAX))), Some(1));
    assert_eq!(value(int(Int::unsigned(1 << 63))), Some(2));
    assert_eq!(value(Label::int(i64::MIN)), Some(3));
    assert_eq!(value(int(Int::negative(u64::MAX))), Some(4));
    assert_eq!(value(int(Int::negative(1 << 63))), Some(5));
    assert_eq!(value(Label::int(i64::MAX)), Some(6));
    assert_eq!(value(Label::int(0)), None);
    for (label, text) in [
        (Int::unsigned(u64::MAX), "18446744073709551615"),
        (Int::negative(u64::MAX), "-18446744073709551616"),
    ] {
        assert_eq!(int(label).to_i64(), None);
        assert_eq!(int(label).to_string(), text);
    }
    // Numbers whose low 64, 32 or 16 bits are those of alg.
    for label in [
        "1b0000000100000001",
        "1b8000000000000001",
        "3bfffffffffffffffe",
        "1a00010001",
        "190101",
        "19ff01",
    ] {
        let message = unsigned(&format!("a1 {label} 26"), "a0");
        let message = decode(&message).unwrap();
        assert_eq!(message.headers().protected().algorithm(), Ok(None), "{label}");
        // Nor are they alg where alg would be forbidden.
        assert!(decode(&unsigned("a10126", &format!("a1 {label} 26"))).is_ok(), "{label}");
    }
    // In a longer encoding, 1 is alg all the same.
    for label in ["1801", "190001", "1a00000001", "1b0000000000000001"] {
        assert!(verify(&signed(&format!("a1 {label} 26"), "a0", b"x")).is_ok(), "{label}");
        breaks(Rule::AlgorithmProtected, decode(&unsigned("a0", &format!("a1 {label} 26"))));
    }
}

#[test]
fn c8_text_is_never_a_number() {
    let message = unsigned("a2 0126 6131 27", "a0");
    assert_eq!(decode(&message).unwrap().algorithm(), Ok(Algorithm::ES256));
    assert!(decode(&unsigned("a10126", "a1 6131 27")).is_ok());
}

#[test]
fn c8_unknown_parameters_are_kept_as_received() {
    // Label 8 has no registration; CoRIM uses it.
    let message = signed("a3 0126 08 a10101 63666f6f 5f41ffff", "a1 3903e7 f7", b"x");
    let decoded = decode(&message).unwrap();
    let protected = decoded.headers().protected();
    assert_eq!(protected.find(Label::int(8)).unwrap().bytes(), h("a10101"));
    assert_eq!(protected.find("foo".into()).unwrap().bytes(), h("5f41ffff"));
    assert_eq!(decoded.headers().unprotected().find(Label::int(-1000)).unwrap().bytes(), h("f7"));
    assert!(verify(&message).is_ok());
}

#[test]
fn c9_where_the_profile_says_so_the_protected_one_of_two_counts() {
    let profile = Profile::LENIENT.with_label_in_both(LabelInBoth::ProtectedWins);
    let context = Context::new(&RustCrypto).with_profile(profile);
    let verify = |message: &[u8]| {
        let message = Sign1::decode(message, &profile)?;
        let key = trusted_issuer().with_key_id(b"1");
        let verified = message.verify(&Input::embedded(), &key, &context)?;
        Ok::<_, Error>(verified.by().notes())
    };
    let noted = Ok(Notes::LABEL_IN_BOTH_BUCKETS);
    for (protected, unprotected) in [
        ("a2 0126 044131", "a1 044132"),
        ("a2 0126 1804 4131", "a1 04 00"),
        // Nor does what the unprotected bucket may not have.
        ("a2 0126 044131", "a1 013822"),
        ("a3 0126 02 8104 044131", "a1 02 80"),
        ("a3 0126 044131 616100", "a1 616101"),
        ("a3 0126 044131 190102 2f", "a1 190102 00"),
    ] {
        let message = signed(protected, unprotected, b"x");
        assert_eq!(verify(&message), noted, "{protected} {unprotected}");
        breaks(Rule::OneBucket, decode(&message));
    }
    // Two labels that have no bit of their own are two labels.
    assert_eq!(verify(&signed("a2 0126 616100", "a1 616200", b"x")), Ok(Notes::NOTHING));
    // The protected kid leads to no key.
    breaks(Rule::Enrolled, verify(&signed("a2 0126 044132", "a1 044131", b"x")));
    // The rules of one bucket still hold, and no label but the twin is shadowed.
    breaks(Rule::AlgorithmProtected, verify(&signed("a1 044131", "a2 0126 044131", b"x")));
    breaks(Rule::OneIv, verify(&signed("a2 0126 05 40", "a2 05 40 06 40", b"x")));
    // An official document of the EU, whose signature is no matter here: its kid stands twice.
    let message = h("d2844da20126044872696768742d6964a10443666f6f4c6669656c64207265706f7274
        5840fbf34922a30b816f2f008281c7ea71380e141ca6516215af624a00417b222b4e951c8f0d32d5c156b92f7c88
        80ba71e29c365b73b31a0b7ccfcf786a0df68cf4");
    let message = Sign1::decode(&message, &profile).unwrap();
    assert_eq!(message.headers().protected().key_id(), Ok(Some(&b"right-id"[..])));
    assert_eq!(
        message.headers().find(Label::KID).unwrap().read(|reader| reader.bytes()),
        Ok(&b"right-id"[..])
    );
}

#[test]
fn c9_a_label_stands_in_one_bucket() {
    // 01 protected, 1801 unprotected: one label, whatever its encoding.
    breaks_at(Rule::OneBucket, 8, decode(&unsigned("a10126", "a1180126")));
    for (protected, unprotected) in [
        ("a1 0126", "a1 0126"),
        ("a2 0126 044131", "a1 044131"),
        ("a2 0126 044131", "a1 1804 4132"),
        ("a2 0126 1804 4131", "a1 044132"),
        ("a2 0126 616100", "a1 616100"),
        ("a2 0126 1bffffffffffffffff 00", "a1 1bffffffffffffffff 00"),
        ("a3 0126 182a00 182b00", "a3 182c00 182d00 182b00"),
        ("bf 0126 182a00 ff", "bf 182b00 182a00 ff"),
    ] {
        breaks(Rule::OneBucket, decode(&unsigned(protected, unprotected)));
    }
    for (protected, unprotected) in [
        ("a2 0126 044131", "a1 182a 00"),
        ("a2 0126 6131 00", "a1 182a 00"),
        ("a2 0126 1bffffffffffffffff 00", "a1 2000"),
        // Nested maps are no buckets.
        ("a2 0126 182a a1 0400", "a1 0440"),
    ] {
        assert!(decode(&unsigned(protected, unprotected)).is_ok(), "{protected} {unprotected}");
    }
}

#[test]
fn c9_the_builder_refuses_it_too() {
    let builder = Sign1Builder::new().key_id(b"1").unprotected(Label::KID, &b"1"[..]);
    breaks(Rule::OneBucket, builder.sign(Content::Embedded(b""), &issuer()));
    let builder = Sign1Builder::new().unprotected(Label::ALG, Algorithm::ES256);
    breaks(Rule::OneBucket, builder.sign(Content::Embedded(b""), &issuer()));
    // A message that is read again and gets another unprotected bucket.
    let message = signed("a2 0126 044131", "a0", b"x");
    let message = decode(&message).unwrap();
    let with = |label: i64| message.headers().unprotected().to_builder().with(label, 0);
    breaks(Rule::OneBucket, message.with_unprotected(&with(4)));
    let changed = message.with_unprotected(&with(42)).unwrap();
    assert!(verify(&changed).is_ok());
}

#[test]
fn c10_alg_is_read_from_the_protected_bucket_alone() {
    for protected in ["", "a0", "a1044131"] {
        breaks(Rule::AlgorithmProtected, decode(&unsigned(protected, "a10126")));
        breaks(Rule::AlgorithmProtected, decode(&signed(protected, "a10126", b"x")));
    }
    breaks_at(Rule::AlgorithmProtected, 4, decode(&unsigned("", "a10126")));
    breaks(Rule::AlgorithmProtected, decode(&unsigned("", "a2 0440 0126")));
    assert!(verify(&signed("a10126", "a0", b"x")).is_ok());
}

#[test]
fn c10_a_key_that_states_its_algorithm_does_not_make_up_for_it() {
    let mut key = p256_key(&ISSUER);
    key.algorithm = Some(Algorithm::ES256);
    let trusted = TrustedKey::new(key, &Context::new(&RustCrypto)).unwrap();
    let context = Context::new(&RustCrypto);
    let message = signed("", "a10126", b"x");
    let verdict =
        decode(&message).and_then(|message| message.verify(&Input::embedded(), &trusted, &context));
    breaks(Rule::AlgorithmProtected, verdict);
    // Nor where alg is missing altogether.
    let message = signed("", "a0", b"x");
    breaks(
        Rule::AlgorithmPresent,
        decode(&message).unwrap().verify(&Input::embedded(), &trusted, &context),
    );
}

#[test]
fn c10_a_profile_may_say_otherwise_by_name() {
    let old = Profile::LENIENT.with_algorithm_placement(AlgorithmPlacement::AnyBucket);
    let verify = |message: &[u8]| {
        let message = Sign1::decode(message, &old)?;
        let verified =
            message.verify(&Input::embedded(), &trusted_issuer(), &Context::new(&RustCrypto))?;
        Ok(verified.by().algorithm())
    };
    let over_nothing = signature(&issuer(), b"", b"", b"x");
    assert_eq!(
        verify(&sign1(&h("a0"), &h("a10126"), Some(b"x"), &over_nothing)),
        Ok(Algorithm::ES256)
    );
    for protected in ["", "a1044131"] {
        assert_eq!(verify(&signed(protected, "a10126", b"x")), Ok(Algorithm::ES256));
        breaks(Rule::KeyPermitted, verify(&signed(protected, "a1013822", b"x")));
        breaks(Rule::AlgorithmPresent, verify(&signed(protected, "a0", b"x")));
    }
    assert_eq!(verify(&signed("a10126", "a0", b"x")), Ok(Algorithm::ES256));
    // One alg, in whichever bucket; a protected one cannot be overridden.
    breaks(Rule::OneBucket, verify(&signed("a10126", "a10126", b"x")));
    breaks(Rule::OneBucket, verify(&signed("a10126", "a1180128", b"x")));
    // And it is about alg alone.
    breaks(Rule::CritProtected, verify(&signed("", "a2 0126 02 8101", b"x")));
    breaks(Rule::HashEnvelopeProtected, verify(&signed("", "a2 0126 190102 2f", b"x")));
}

#[test]
fn c11_a_message_that_is_verified_names_its_algorithm() {
    for protected in ["", "a0", "a1044131"] {
        let message = signed(protected, "a0", b"x");
        assert!(decode(&message).is_ok(), "reading it is another matter");
        breaks(Rule::AlgorithmPresent, verify(&message));
    }
    for algorithm in ["4126", "f6", "80", "f5", "f9c700"] {
        let message = signed(&format!("a101{algorithm}"), "a0", b"x");
        breaks(Rule::AlgorithmPresent, verify(&message));
    }
}

#[test]
fn c11_an_algorithm_may_be_implied_and_then_no_message_names_one() {
    let verify = |message: &[u8], algorithm| {
        let context = Context::new(&RustCrypto);
        let input = Input::embedded().implying_algorithm(algorithm);
        Sign1::decode(message, &Profile::LENIENT)?
            .verify(&input, &trusted_issuer(), &context)
            .map(|verified| (verified.by().algorithm(), verified.by().notes()))
    };
    for protected in ["", "a1044131"] {
        let message = signed(protected, "a0", b"x");
        let implied = (Algorithm::ES256, Notes::IMPLIED_ALGORITHM);
        assert_eq!(verify(&message, Algorithm::ES256), Ok(implied));
        // What the key may do decides, as ever.
        breaks(Rule::KeyPermitted, verify(&message, Algorithm::ES384));
    }
    for named in ["a10126", "a1013822"] {
        let message = signed(named, "a0", b"x");
        let refusal = breaks(Rule::AlgorithmPresent, verify(&message, Algorithm::ES256));
        assert_eq!(refusal.kind(), Policy::AlgorithmNamed.into());
    }
    let notes = crate::messages::verify(&signed("a10126", "a0", b"x")).unwrap().by().notes();
    assert!(notes.is_empty());
}

#[test]
fn c11_algorithms_that_nobody_registered_are_kept_and_unsupported() {
    for algorithm in ["6545533235 36", "1bffffffffffffffff", "3bffffffffffffffff"] {
        let message = signed(&format!("a101{algorithm}"), "a0", b"x");
        assert!(decode(&message).unwrap().headers().protected().algorithm().unwrap().is_some());
        let verdict = verify(&message);
        assert!(
            matches!(
                verdict.map_err(|error| error.kind()),
                Err(ErrorKind::Unsupported(Unsupported::AlgorithmName))
            ),
            "{verdict:?}"
        );
    }
    // A private number is one: policy has no pair for it.
    breaks(Rule::KeyPermitted, verify(&signed("a1013a00010000", "a0", b"x")));
}

#[test]
fn c16_iv_and_partial_iv_exclude_each_other() {
    for (protected, unprotected) in [
        ("a3 0126 0541aa 0641bb", "a0"),
        ("a2 0126 0541aa", "a1 0641bb"),
        ("a2 0126 0641aa", "a1 0541bb"),
        ("a1 0126", "a2 0541aa 0641bb"),
        ("a1 0126", "a2 0641aa 0541bb"),
        ("", "a2 0541aa 0641bb"),
        ("a0", "a2 0541aa 0641bb"),
    ] {
        breaks(Rule::OneIv, decode(&unsigned(protected, unprotected)));
    }
    for (protected, unprotected) in [
        ("a2 0126 0541aa", "a0"),
        ("a2 0126 0641aa", "a0"),
        ("a1 0126", "a1 0541aa"),
        ("", "a1 0641aa"),
    ] {
        assert!(decode(&unsigned(protected, unprotected)).is_ok(), "{protected} {unprotected}");
    }
}

/// Every form of a content type, read by `read` under `label`.
fn content_types(
    rule: Rule,
    label: &str,
    read: impl Fn(&cose_ext::header::Bucket<'_>) -> Result<Option<ContentType<'static>>, Error>,
) {
    let read = |value: &str| {
        let message = unsigned(&format!("a2 0126 {label} {value}"), "a0");
        read(decode(&message).unwrap().headers().protected())
    };
    assert_eq!(read("00"), Ok(Some(ContentType::ContentFormat(0))));
    assert_eq!(read("19ffff"), Ok(Some(ContentType::ContentFormat(65_535))));
    assert_eq!(read("1800"), Ok(Some(ContentType::ContentFormat(0))));
    for value in ["1a00010000", "20", "40", "f6", "80", "1bffffffffffffffff", "f90000"] {
        breaks(rule, read(value));
    }
}

/// A text that lives as long as the program: the reader hands out a borrow of the message.
fn leak(content_type: ContentType<'_>) -> ContentType<'static> {
    match content_type {
        ContentType::MediaType(text) => ContentType::MediaType(Box::leak(text.into())),
        ContentType::ContentFormat(number) => ContentType::ContentFormat(number),
    }
}

#[test]
fn c17_content_type_is_text_or_a_content_format() {
    content_types(Rule::ContentTypeForm, "03", |bucket| Ok(bucket.content_type()?.map(leak)));
    let message = unsigned("a10126", "a1 03 6a746578742f706c61696e");
    let content_type = decode(&message).unwrap().headers().unprotected().content_type();
    assert_eq!(content_type, Ok(Some(ContentType::MediaType("text/plain"))));
    assert_eq!(
        decode(&unsigned("a10126", "a0")).unwrap().headers().protected().content_type(),
        Ok(None)
    );
}

#[test]
fn c27_typ_is_text_or_a_content_format() {
    content_types(Rule::TypForm, "10", |bucket| Ok(bucket.typ()?.map(leak)));
    let typ = ContentType::MediaType("application/example+cose");
    let message = Sign1Builder::new().typ(typ).sign(Content::Embedded(b"x"), &issuer()).unwrap();
    assert_eq!(verify(&message).unwrap().value().protected().typ(), Ok(Some(typ)));
}

#[test]
fn c18_kid_is_a_byte_string_that_may_be_empty() {
    let read = |value: &str| {
        let message = unsigned("a10126", &format!("a1 04 {value}"));
        decode(&message)
            .unwrap()
            .headers()
            .unprotected()
            .key_id()
            .map(|kid| kid.map(<[u8]>::to_vec))
    };
    assert_eq!(read("40"), Ok(Some(vec![])));
    assert_eq!(read("4131"), Ok(Some(b"1".to_vec())));
    for value in ["6131", "00", "f6", "80", "a0"] {
        breaks(Rule::KeyIdForm, read(value));
    }
    let message = Sign1Builder::new().key_id(b"").sign(Content::Embedded(b"x"), &issuer()).unwrap();
    assert_eq!(verify(&message).unwrap().value().protected().key_id(), Ok(Some(&b""[..])));
}

#[test]
fn c18_an_empty_kid_is_a_kid() {
    let message = signed("a2 0126 0440", "a0", b"x");
    let message = decode(&message).unwrap();
    let (none, empty) = (p256_key(&ISSUER), p256_key(&ISSUER));
    let enrolled = |key_id: &'static [u8]| {
        TrustedKey::new(empty, &Context::new(&RustCrypto)).unwrap().with_key_id(key_id)
    };
    let context = Context::new(&RustCrypto);
    assert!(message.verify(&Input::embedded(), &enrolled(b""), &context).is_ok());
    assert!(message.verify(&Input::embedded(), &enrolled(b"1"), &context).is_err());
    let any = TrustedKey::new(none, &Context::new(&RustCrypto)).unwrap();
    assert!(message.verify(&Input::embedded(), &any, &context).is_ok());
}

#[test]
fn c18_a_kid_of_another_type_leads_nowhere() {
    // Read as absent, it would let every key answer.
    let message = signed("a2 0126 04 6131", "a0", b"x");
    breaks(Rule::KeyIdForm, verify(&message));
    let set = h("81 a4 01 02 20 01 21 4100 22 4100");
    let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
    let context = Context::new(&RustCrypto);
    breaks(Rule::KeyIdForm, decode(&message).unwrap().verify(&Input::embedded(), &set, &context));
}

#[test]
fn builders_write_what_readers_read() {
    let array = [
        Value::Int(Int::new(1)),
        Value::Null,
        Value::Bool(true),
        Value::Text("t"),
        Value::Bytes(b"b"),
    ];
    let message = Sign1Builder::new()
        .protected("z", &array[..])
        .protected(-70_000, 0)
        .unprotected(1000, Value::Encoded(&[0xf7]))
        .content_type(ContentType::ContentFormat(60))
        .untagged()
        .sign(Content::Embedded(b"x"), &issuer())
        .unwrap();
    assert!(cose_ext::Sign1::decode_untagged(&message, &Profile::DETERMINISTIC).is_ok());
    let verified = verify(&message).unwrap();
    assert_eq!(
        verified.value().protected().as_received(),
        h("a4 01 26 03 183c 3a0001116f 00 617a 85 01 f6 f5 6174 4162")
    );
}
