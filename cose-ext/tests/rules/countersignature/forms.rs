//! Where countersignatures stand, how they are built, and their own headers.

use cose_ext::crypto::Algorithm;
use cose_ext::error::{ErrorKind, Limit, Policy, Unsupported};
use cose_ext::key::TrustStore;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{
    AlgorithmPlacement, Context, Countersignature, Countersignature0, Error, Input, Label, Limits,
    Processed, Profile, Rule, Sign1,
};
use cose_ext::{Content, sign1::Sign1Builder};

use super::{
    AUTHENTICATOR, CONTENT, Kind, PROTECTED, abbreviated, bucket, countersignature, full, message,
    sign1_with, signed, signed_by, structure, verify, verify0,
};
use crate::expect::{breaks, breaks_at};
use crate::messages::{
    bstr, h, issuer, stranger, trusted_edwards, trusted_issuer, trusted_stranger, unsigned,
};

/// What is read from a message whose unprotected bucket is this.
fn read(unprotected: &str) -> Result<usize, Error> {
    let bytes = unsigned("a10126", unprotected);
    let message = Sign1::decode(&bytes, &Profile::LENIENT)?;
    let all = message.headers().countersignatures(&Profile::LENIENT)?;
    Ok(all.map_or(0, |all| all.iter().count()))
}

#[test]
fn c86_one_or_an_array_of_at_least_one() {
    assert_eq!(read("a0"), Ok(0));
    assert_eq!(read("a1 0b 83 40 a0 40"), Ok(1));
    assert_eq!(read("a1 0b 9f 40 a0 40 ff"), Ok(1));
    assert_eq!(read("a1 0b 81 83 40 a0 40"), Ok(1));
    assert_eq!(read("a1 0b 82 83 40 a0 40 83 40 a0 40"), Ok(2));
    assert_eq!(read("a1 0b 9f 83 40 a0 40 83 40 a0 40 ff"), Ok(2));
    // The value stands at byte 7.
    for (value, offset) in [
        ("80", 7),
        ("f6", 7),
        ("40", 7),
        ("a0", 7),
        ("01", 7),
        ("81 40", 7),
        ("82 40 a0", 7),
        ("84 40 a0 40 40", 7),
        ("81 80", 8),
        ("81 82 40 a0", 8),
        ("82 83 40 a0 40 84 40 a0 40 40", 12),
        ("82 83 40 a0 40 40", 12),
        // In a list, the list within a list.
        ("81 81 83 40 a0 40", 8),
        // A signature that is none; a tag.
        ("83 40 a0 f6", 10),
        ("9f 40 a0 40 40 ff", 7),
        ("d3 83 40 a0 40", 7),
        ("81 d3 83 40 a0 40", 7),
    ] {
        breaks_at(Rule::CountersignatureForm, offset, read(&format!("a1 0b {value}")));
    }
    // Both buckets are those of any layer.
    breaks_at(Rule::ProtectedForm, 8, read("a1 0b 9f ff"));
    breaks_at(Rule::ProtectedForm, 9, read("a1 0b 81 83 f6 a0 40"));
    breaks_at(Rule::OneBucket, 15, read("a1 0b 83 44a1044130 a1 044131 40"));
    breaks(Rule::CritProtected, read("a1 0b 83 40 a1 02 8103 40"));
}

#[test]
fn c86_bad_countersignatures_do_not_stop_who_does_not_read_them() {
    let bytes = crate::messages::signed("a10126", "a1 0b f6", b"x");
    assert!(crate::messages::verify(&bytes).is_ok());
}

#[test]
fn c86_a_chunked_signature_is_named_unsupported() {
    let error = read("a1 0b 83 40 a0 5f 4101 ff").map(|_| ()).expect_err("read");
    let kind = ErrorKind::Unsupported(Unsupported::ChunkedString);
    assert_eq!((error.kind(), error.offset()), (kind, Some(10)));
}

#[test]
fn c87_an_abbreviated_one_is_a_byte_string() {
    for value in ["80", "f6", "60", "00", "83 40 a0 40", "81 40", "d3 40"] {
        let bytes = unsigned("a10126", &format!("a1 0c {value}"));
        let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
        breaks_at(Rule::Countersignature0Form, 7, message.headers().countersignature0());
    }
    let bytes = unsigned("a10126", "a1 0c 4101");
    let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(message.headers().countersignature0().unwrap().unwrap().signature(), [1]);
}

#[test]
fn c88_countersignatures_are_unprotected() {
    for protected in ["a2 0126 0b 83 40 a0 40", "a2 0126 0c 4101", "a2 0126 180b f6"] {
        breaks(
            Rule::CountersignaturePlacement,
            Sign1::decode(&unsigned(protected, "a0"), &Profile::LENIENT),
        );
    }
    // Also inside of a countersignature.
    breaks(Rule::CountersignaturePlacement, read("a1 0b 83 44 a1 0c 4101 a0 40"));
    let builder = Sign1Builder::new().protected(Label::COUNTERSIGNATURE_0_V2, &b"x"[..]);
    breaks(Rule::CountersignaturePlacement, builder.sign(Content::Embedded(b"x"), &issuer()));
}

#[test]
fn c90_full_and_abbreviated_ones_are_not_converted() {
    for kind in Kind::ALL {
        let other = kind.authenticator();
        let (long, short) = match other {
            Some(_) => ("CounterSignatureV2", "CounterSignature0V2"),
            None => ("CounterSignature", "CounterSignature0"),
        };
        for (context, signer) in [
            (long, Some(&PROTECTED[..])),
            (long, Some(&[])),
            (long, None),
            // What go-cose makes, and what RFC 8152 made of two byte strings.
            (short, Some(&[])),
        ] {
            let signature = signed(&structure(context, signer, b"", CONTENT, other));
            let bytes = message(kind, &bucket(12, &bstr(&signature)));
            breaks(Rule::Countersignature, verify0(kind, &bytes));
        }
        for (context, signer) in
            [(short, None), (short, Some(&PROTECTED[..])), (long, None), (long, Some(&[]))]
        {
            let signature = signed(&structure(context, signer, b"", CONTENT, other));
            let bytes = message(kind, &bucket(11, &countersignature(&signature)));
            breaks(Rule::Countersignature, verify(kind, &bytes, &Input::embedded()));
        }
    }
}

#[test]
fn c89_each_of_several_is_verified_alone() {
    let good = countersignature(&signed(&full(Kind::Sign1)));
    let bad = countersignature(&[0; 64]);
    let other = countersignature(&signed_by(&stranger(), &full(Kind::Sign1)));
    let bytes = sign1_with(11, &[&[0x83], &bad[..], &other, &good].concat());
    let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let all = message.headers().countersignatures(&Profile::LENIENT).unwrap().unwrap();
    let keys = [trusted_issuer(), trusted_edwards()];
    let context = Context::new(&RustCrypto);
    let verdicts = all.iter().map(|one| {
        let verdict = one.verify(&message, &Input::embedded(), &TrustStore::new(&keys), &context);
        verdict.map(|verified| verified.by().signature()).map_err(|error| error.rule())
    });
    // None of them names its key.
    let wrong = Err(Some(Rule::Enrolled.to_ref()));
    assert_eq!(verdicts.collect::<Vec<_>>(), [wrong, wrong, Ok(2)]);
}

#[test]
fn countersignatures_are_bounded() {
    let one = h("83 40 a0 40");
    let list = |n: usize| sign1_with(11, &[&[0x98, n as u8][..], &one.repeat(n)].concat());
    let count = |bytes: &[u8], limits: Limits| {
        let profile = Profile::LENIENT.with_limits(limits);
        let message = Sign1::decode(bytes, &profile).unwrap();
        Ok(message.headers().countersignatures(&profile)?.unwrap().len())
    };
    let beyond = Err(Error::from(Limit::Countersignatures).at(7));
    assert_eq!(count(&list(64), Limits::DEFAULT), Ok(64));
    assert_eq!(count(&list(65), Limits::DEFAULT), beyond);
    assert_eq!(count(&list(1), Limits::DEFAULT.with_countersignatures(1)), Ok(1));
    assert_eq!(count(&list(2), Limits::DEFAULT.with_countersignatures(1)), beyond);
}

/// A COSE_Sign1 whose countersignature has these headers, made by the issuer.
fn with_headers(protected: &str, unprotected: &str) -> Vec<u8> {
    let protected = h(protected);
    let structure =
        structure("CounterSignatureV2", Some(&protected), b"", CONTENT, Some(AUTHENTICATOR));
    let signature = bstr(&signed(&structure));
    sign1_with(11, &[&[0x83][..], &bstr(&protected), &h(unprotected), &signature].concat())
}

#[test]
fn c10_a_countersignature_names_its_algorithm_protected() {
    let embedded = Input::embedded();
    assert_eq!(verify(Kind::Sign1, &with_headers("a10126", "a0"), &embedded), Ok(()));
    breaks(Rule::AlgorithmPresent, verify(Kind::Sign1, &with_headers("", "a0"), &embedded));
    let unprotected = with_headers("", "a1 0126");
    breaks(Rule::AlgorithmProtected, verify(Kind::Sign1, &unprotected, &embedded));
    let profile = Profile::LENIENT.with_algorithm_placement(AlgorithmPlacement::AnyBucket);
    let message = Sign1::decode(&unprotected, &profile).unwrap();
    let one = message.headers().countersignatures(&profile).unwrap().unwrap().iter().next();
    let context = Context::new(&RustCrypto);
    assert!(one.unwrap().verify(&message, &embedded, &trusted_issuer(), &context).is_ok());
}

#[test]
fn c15_crit_of_a_countersignature_is_for_who_verifies_it() {
    let bytes = with_headers("a3 0126 02 81182a 182a 00", "a0");
    let error = breaks(Rule::CritProcessed, verify(Kind::Sign1, &bytes, &Input::embedded()));
    // Byte 7 is the countersignature; its bucket starts at 9, the label that crit names at 14.
    assert_eq!(error.offset(), Some(14));
    assert_eq!(bytes[14..16], [0x18, 0x2a]);
    let input = Input::embedded();
    assert_eq!(
        verify(Kind::Sign1, &bytes, &input.with_processed(Processed::new(&[Label::int(42)]))),
        Ok(())
    );
    let absent = with_headers("a2 0126 02 81182a", "a0");
    breaks(Rule::CritPresent, verify(Kind::Sign1, &absent, &Input::embedded()));
    // That of the target is for who processes the target.
    let target = h("83 4a a3 0126 02 81182a 182a 00 a0 4101");
    let target = Countersignature::decode(&target, &Profile::LENIENT).unwrap();
    let one = h("83 43a10126 a0 40");
    let one = Countersignature::decode(&one, &Profile::LENIENT).unwrap();
    let to_be_signed =
        one.to_be_signed(&target, &Input::embedded(), &Profile::LENIENT).unwrap().parts().concat();
    let one = countersignature(&signed(&to_be_signed));
    let one = Countersignature::decode(&one, &Profile::LENIENT).unwrap();
    let context = Context::new(&RustCrypto);
    assert!(one.verify(&target, &Input::embedded(), &trusted_issuer(), &context).is_ok());
}

#[test]
fn c44_hints_of_a_countersignature_are_its_own() {
    let context = Context::new(&RustCrypto);
    let verdict = |bytes: &[u8], key: cose_ext::key::TrustedKey<'_>| {
        let message = Sign1::decode(bytes, &Profile::LENIENT).unwrap();
        let all = message.headers().countersignatures(&Profile::LENIENT).unwrap().unwrap();
        let one = all.iter().next().unwrap();
        one.verify(&message, &Input::embedded(), &key, &context).map(drop)
    };
    let none = Err(Error::from(Policy::NotEnrolled { tried: 0 }));
    let named = with_headers("a10126", "a1 04 4131");
    assert_eq!(verdict(&named, trusted_issuer().with_key_id(b"1")), Ok(()));
    assert_eq!(verdict(&named, trusted_issuer().with_key_id(b"2")), none);
    let claims = with_headers("a2 0126 0f a1 01 6161", "a0");
    assert_eq!(verdict(&claims, trusted_issuer().for_issuer("a")), Ok(()));
    assert_eq!(verdict(&claims, trusted_issuer().for_issuer("b")), none);
    breaks(Rule::Countersignature, verdict(&claims, trusted_stranger()));
}

#[test]
fn c44_an_abbreviated_one_has_no_hints() {
    let bytes = message(Kind::Sign1, &bucket(12, &bstr(&signed(&abbreviated(Kind::Sign1)))));
    let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let one = message.headers().countersignature0().unwrap().unwrap();
    let context = Context::new(&RustCrypto);
    let verdict = |key: cose_ext::key::TrustedKey<'_>, algorithm| {
        one.verify(&message, &Input::embedded(), algorithm, &key, &context).map(drop)
    };
    assert_eq!(verdict(trusted_issuer(), Algorithm::ES256), Ok(()));
    assert_eq!(verdict(trusted_issuer().with_key_id(b"any"), Algorithm::ES256), Ok(()));
    // It claims no issuer either.
    assert_eq!(verdict(trusted_issuer().for_issuer("a"), Algorithm::ES256), Ok(()));
    breaks(Rule::Countersignature, verdict(trusted_stranger(), Algorithm::ES256));
    breaks(Rule::KeyPermitted, verdict(trusted_issuer(), Algorithm::EDDSA));
    breaks(Rule::KeyPermitted, verdict(trusted_edwards(), Algorithm::ES256));
}

#[test]
fn c4_a_countersignature_travels_alone_with_tag_19_or_without() {
    let untagged = countersignature(&signed(&full(Kind::Sign1)));
    let tagged = [&[0xd3], &untagged[..]].concat();
    let profile = Profile::LENIENT;
    let bytes = message(Kind::Sign1, &[0xa0]);
    let target = Sign1::decode(&bytes, &profile).unwrap();
    let context = Context::new(&RustCrypto);
    for (bytes, is_tagged) in [(&untagged, false), (&tagged, true)] {
        let one = Countersignature::decode(bytes, &profile).unwrap();
        assert_eq!((one.bytes(), one.is_tagged()), (&bytes[..], is_tagged));
        assert!(one.verify(&target, &Input::embedded(), &trusted_issuer(), &context).is_ok());
        assert!(one.to_string().contains("/ protected / << {1 / alg /: -7 / ES256 /} >>"));
    }
    assert!(Countersignature::decode_tagged(&tagged, &profile).is_ok());
    assert!(Countersignature::decode_untagged(&untagged, &profile).is_ok());
    breaks_at(Rule::Tag, 0, Countersignature::decode_tagged(&untagged, &profile));
    breaks_at(Rule::Tag, 0, Countersignature::decode_untagged(&tagged, &profile));
    for tag in ["d2", "d862", "d0"] {
        let other = [h(tag), untagged.clone()].concat();
        breaks_at(Rule::Tag, 0, Countersignature::decode(&other, &profile));
    }
    let longer = [&untagged[..], &[0]].concat();
    breaks(Rule::WellFormed, Countersignature::decode(&longer, &profile));
    breaks_at(
        Rule::CountersignatureForm,
        0,
        Countersignature::decode(&h("81 83 40 a0 40"), &profile),
    );
    // An abbreviated one is its bytes.
    let short = signed(&abbreviated(Kind::Sign1));
    let verdict = Countersignature0::new(&short).verify(
        &target,
        &Input::embedded(),
        Algorithm::ES256,
        &trusted_issuer(),
        &context,
    );
    assert!(verdict.is_ok());
}
