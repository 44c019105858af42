//! Arbitrary values keep what their types promise, come back out of their encodings, and differ.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::{
    Countersignature, Digest, Encrypt, Encrypt0, Label, Limits, Mac, Mac0, MapBuilder, Message,
    Profile, Sign, Sign1,
    arbitrary::{Encoded, View},
    cbor::{Array, Map, Raw},
    cwt::{Claims, ClaimsBuilder, Cwt, Time},
    header::{ContentType, HashEnvelope},
    key::{CoseKey, Identity, KeySet, OwnedPublicKey, ThumbprintUri},
    sign1::Sign1Builder,
};
use testkit::varieties::Inputs;

const INPUTS: Inputs = Inputs { count: 10_000, len: 512 };

/// Each can be decoded, stays in proportion to what it was made of, and 1000 at least are different.
fn encodings<T: View>(each: impl Fn(T::Of<'_>)) {
    let different = INPUTS.variety::<Encoded<T>, _>(|value| {
        assert!(value.bytes().len() <= 8192, "{} bytes of 512", value.bytes().len());
        each(value.view().unwrap());
        assert_eq!(value.clone().into_bytes(), value.bytes());
        value.bytes().to_vec()
    });
    assert!(different > 1000, "{different} different ones");
}

#[test]
fn messages_are_read_with_all_their_headers() {
    encodings::<Sign1<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
        message.headers().algorithm().unwrap();
    });
    encodings::<Sign<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
        assert!(!message.signatures().iter().next().unwrap().bytes().is_empty());
    });
    encodings::<Mac0<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
    });
    encodings::<Mac<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
        assert!(message.recipients().len() > 0);
    });
    encodings::<Encrypt0<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
    });
    encodings::<Encrypt<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
    });
    encodings::<Countersignature<'static>>(|message| {
        message.headers().check_common(&Profile::LENIENT).unwrap();
    });
}

#[test]
fn a_message_is_any_of_the_six() {
    let kinds = INPUTS
        .variety::<Encoded<Message<'static>>, _>(|message| message.view().unwrap().kind().tag());
    assert_eq!(kinds, 6);
}

#[test]
fn headers_hold_most_parameters_in_either_bucket() {
    let mut seen = BTreeSet::new();
    for bytes in INPUTS.each() {
        let mut u = Unstructured::new(&bytes);
        let message = Encoded::<Sign1<'static>>::arbitrary(&mut u).unwrap();
        let message = message.view().unwrap();
        let headers = message.headers();
        for (label, _) in headers.protected().iter() {
            seen.insert((true, label.to_i64()));
        }
        for (label, _) in headers.unprotected().iter() {
            seen.insert((false, label.to_i64()));
        }
    }
    for label in [Label::KID, Label::TYP, Label::CWT_CLAIMS, Label::X5CHAIN, Label::X5T] {
        for is_protected in [true, false] {
            assert!(seen.contains(&(is_protected, label.to_i64())), "{label} {is_protected}");
        }
    }
    for label in [Label::CRIT, Label::ALG, Label::PAYLOAD_HASH_ALG] {
        assert!(seen.contains(&(true, label.to_i64())), "{label}");
    }
    assert!(seen.len() > 200, "{} labels, private ones included", seen.len());
}

#[test]
fn claims_have_their_types() {
    encodings::<Claims<'static>>(|claims| {
        claims.issuer().unwrap();
        claims.subject().unwrap();
        claims.audience().unwrap();
        claims.expires_at().unwrap();
        claims.not_before().unwrap();
        claims.issued_at().unwrap();
        claims.cwt_id().unwrap();
        claims.confirmation().unwrap();
    });
    encodings::<Cwt<'static>>(|_| ());
    let different = INPUTS.variety::<ClaimsBuilder, _>(|claims| {
        let bytes = claims.to_bytes();
        assert_eq!(Claims::decode(&bytes, &Profile::DETERMINISTIC).unwrap().bytes(), bytes);
        bytes
    });
    assert!(different > 1000, "{different}");
}

#[test]
fn keys_come_back_out_of_their_encodings() {
    encodings::<CoseKey<'static>>(|key| {
        // A key on a curve that is not known is well-formed and no more.
        if let Ok(public) = key.public_key() {
            assert_eq!(OwnedPublicKey::from(&public).as_public_key().check(), Ok(()));
        }
    });
    encodings::<KeySet<'static>>(|set| assert!(set.iter().all(|key| key.is_ok())));
    let kinds = INPUTS.variety::<OwnedPublicKey, _>(|key| {
        format!("{:?}", key.as_public_key().profile().key_type)
    });
    assert_eq!(kinds, 5);
}

#[test]
fn items_are_deterministic_and_nest() {
    let deep = |raw: Raw<'_>| {
        assert!(Profile::DETERMINISTIC.item(raw.bytes(), 0).is_ok(), "{raw:?}");
    };
    encodings::<Raw<'static>>(deep);
    encodings::<Array<'static>>(|array| assert!(array.len() <= 4));
    encodings::<Map<'static>>(|map| assert!(map.iter().count() <= 4));
    let different = INPUTS.variety::<MapBuilder, _>(MapBuilder::to_bytes);
    assert!(different > 1000, "{different}");
}

#[test]
fn small_values_keep_their_invariants() {
    INPUTS
        .variety::<Time, _>(|time| assert!(!matches!(time, Time::Fractional(f) if !f.is_finite())));
    INPUTS.variety::<Limits, _>(|limits| {
        assert!(limits.signatures <= Limits::DEFAULT.signatures);
        assert!(limits.cbor.depth <= Limits::DEFAULT.cbor.depth);
    });
    assert!(INPUTS.variety::<Profile, _>(|profile| format!("{profile:?}")) > 1000);
    assert_eq!(INPUTS.variety::<Identity, _>(|identity| *identity.as_bytes()), 10_000);
    INPUTS.variety::<ThumbprintUri, _>(|uri| {
        assert_eq!(
            uri.to_string().parse::<ThumbprintUri>().unwrap().0.as_bytes(),
            uri.0.as_bytes()
        );
    });
    for bytes in INPUTS.each() {
        let mut u = Unstructured::new(&bytes);
        let digest = Digest::arbitrary(&mut u).unwrap();
        assert_eq!(Some(digest.value().len()), digest.algorithm().hash_len());
        let envelope = HashEnvelope::arbitrary(&mut u).unwrap();
        assert!(envelope.algorithm.hash_len().is_some());
        if let ContentType::MediaType(text) = ContentType::arbitrary(&mut u).unwrap() {
            assert!(text.contains('/'));
        }
    }
}

#[test]
fn without_any_input_there_is_a_value_too() {
    let mut u = Unstructured::new(&[]);
    assert!(Sign1Builder::arbitrary(&mut u).is_ok());
    assert!(Encoded::<Sign1<'static>>::arbitrary(&mut u).is_ok());
    assert!(Encoded::<Mac<'static>>::arbitrary(&mut u).is_ok());
    assert!(Encoded::<Claims<'static>>::arbitrary(&mut u).is_ok());
    assert!(Encoded::<Raw<'static>>::arbitrary(&mut u).is_ok());
}
