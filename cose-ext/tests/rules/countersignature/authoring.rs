//! Countersigning, and putting the result where it belongs.

use cose_ext::countersignature::{CountersignStructure, CountersignatureBuilder, Target};
use cose_ext::crypto::{Algorithm, Signer};
use cose_ext::error::Misuse;
use cose_ext::header::Headers;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Content, sign1::Sign1Builder};
use cose_ext::{
    Context, Countersignature, Countersignature0, Encrypt, Encrypt0, Error, Input, Label, Mac,
    Mac0, MapBuilder, Profile, Rule, Sign, Sign1,
};

use super::{
    AUTHENTICATOR, CONTENT, Kind, countersignature, message, signed, structure, verify, verify0,
};
use crate::expect::breaks;
use crate::messages::{bstr, edwards, h, issuer, trusted_edwards, trusted_issuer};

/// The message with another unprotected bucket in the structure that [`Kind::read`] gives.
fn with_unprotected(kind: Kind, bytes: &[u8], new: &MapBuilder) -> Result<Vec<u8>, Error> {
    let profile = Profile::LENIENT;
    match kind {
        Kind::Sign1 => Sign1::decode(bytes, &profile)?.with_unprotected(new),
        Kind::Sign => Sign::decode(bytes, &profile)?.with_unprotected(new),
        Kind::Signature => Sign::decode(bytes, &profile)?.with_unprotected_in_signature(0, new),
        Kind::Mac0 => Mac0::decode(bytes, &profile)?.with_unprotected(new),
        Kind::Mac => Mac::decode(bytes, &profile)?.with_unprotected(new),
        Kind::Encrypt0 => Encrypt0::decode(bytes, &profile)?.with_unprotected(new),
        Kind::Encrypt => Encrypt::decode(bytes, &profile)?.with_unprotected(new),
        Kind::Recipient => Encrypt::decode(bytes, &profile)?.with_unprotected_in_recipient(0, new),
        Kind::Countersignature => Countersignature::decode(bytes, &profile)?.with_unprotected(new),
    }
}

fn countersigned(headers: &Headers<'_>, target: Target<'_>, signer: &dyn Signer) -> MapBuilder {
    let made = CountersignatureBuilder::new().key_id(b"1").sign(target, &Input::embedded(), signer);
    headers.with_countersignature(&made.unwrap()).unwrap()
}

#[test]
fn c89_what_is_made_verifies_and_leaves_everything_else_as_it_was() {
    for kind in Kind::ALL {
        // Another parameter stays.
        let unprotected = h("a1 182a 6161");
        let [before, covered, after] = kind.message(&unprotected);
        let bytes = [before, covered, after].concat();
        let one = kind.read(&bytes, |headers, target| countersigned(headers, target, &issuer()));
        let once = with_unprotected(kind, &bytes, &one.unwrap()).unwrap();
        assert_eq!(verify(kind, &once, &Input::embedded()), Ok(()), "{kind:?}");
        let two = kind.read(&once, |headers, target| countersigned(headers, target, &edwards()));
        let twice = with_unprotected(kind, &once, &two.unwrap()).unwrap();
        let three = kind.read(&twice, |headers, target| countersigned(headers, target, &issuer()));
        let thrice = with_unprotected(kind, &twice, &three.unwrap()).unwrap();
        let context = Context::new(&RustCrypto);
        let read = kind.read(&thrice, |headers, target| {
            assert!(headers.unprotected().find(Label::int(42)).is_some());
            let all = headers.countersignatures(&Profile::LENIENT).unwrap().unwrap();
            let keys = [trusted_issuer(), trusted_edwards(), trusted_issuer()];
            assert_eq!(all.len(), keys.len());
            for (one, key) in all.iter().zip(keys) {
                assert_eq!(&thrice[one.offset()..][..one.bytes().len()], one.bytes());
                assert!(one.verify(target, &Input::embedded(), &key, &context).is_ok());
            }
        });
        assert_eq!(read, Ok(()));
        // Taken away again, the message is the one that it was.
        let bare = kind.read(&bytes, |headers, _| headers.unprotected().to_builder()).unwrap();
        assert_eq!(with_unprotected(kind, &thrice, &bare).unwrap(), bytes, "{kind:?}");
    }
}

#[test]
fn c89_abbreviated_ones_are_made_at_once_or_in_two_steps() {
    for kind in Kind::ALL {
        let bytes = message(kind, &[0xa0]);
        let new = kind.read(&bytes, |headers, target| {
            let input = Input::embedded();
            let made = Countersignature0::sign(target, &input, &issuer()).unwrap();
            let structure =
                CountersignStructure::countersignature0(target, &input, &Profile::LENIENT).unwrap();
            // The signer is deterministic.
            assert_eq!(made, signed(&structure.parts().concat()));
            headers.unprotected().to_builder().with(Label::COUNTERSIGNATURE_0_V2, &made[..])
        });
        let bytes = with_unprotected(kind, &bytes, &new.unwrap()).unwrap();
        assert_eq!(verify0(kind, &bytes), Ok(()), "{kind:?}");
    }
}

#[test]
fn c89_a_remote_signer_makes_the_same_countersignature() {
    let bytes = message(Kind::Sign1, &[0xa0]);
    let target = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let input = Input::embedded().with_external_aad(b"aad");
    let prepared = CountersignatureBuilder::new().prepare(Algorithm::ES256, &target, &input);
    let prepared = prepared.unwrap();
    assert_eq!(prepared.algorithm(), Algorithm::ES256);
    let to_be_signed = prepared.structure().parts().concat();
    let protected = Some(&super::PROTECTED[..]);
    let expected = structure("CounterSignatureV2", protected, b"aad", CONTENT, Some(AUTHENTICATOR));
    assert_eq!(to_be_signed, expected);
    let signature = signed(&to_be_signed);
    let attached = prepared.attach(&signature);
    assert_eq!(attached, countersignature(&signature));
    let at_once = CountersignatureBuilder::new().sign(&target, &input, &issuer()).unwrap();
    assert_eq!(attached, at_once);
    // With the tag it travels alone, and does not go into a header.
    let tagged = CountersignatureBuilder::new().tagged().sign(&target, &input, &issuer()).unwrap();
    assert_eq!(tagged, [&[0xd3], &at_once[..]].concat());
    assert!(Countersignature::decode_tagged(&tagged, &Profile::LENIENT).is_ok());
    breaks(Rule::Tag, target.headers().with_countersignature(&tagged));
}

#[test]
fn c89_detached_content_is_countersigned() {
    let detached = Sign1Builder::new().sign(Content::Detached(b"payload"), &edwards()).unwrap();
    let target = Sign1::decode(&detached, &Profile::LENIENT).unwrap();
    let input = Input::detached(b"payload");
    let made = CountersignatureBuilder::new().sign(&target, &input, &issuer()).unwrap();
    let new = target.headers().with_countersignature(&made).unwrap();
    let dressed = target.with_unprotected(&new).unwrap();
    assert_eq!(verify(Kind::Sign1, &dressed, &input), Ok(()));
    let message = Sign1::decode(&dressed, &Profile::LENIENT).unwrap();
    let context = Context::new(&RustCrypto);
    let signed = message.verify(&input, &trusted_edwards(), &context).unwrap();
    assert_eq!(signed.value().payload(), b"payload");
    let missing = CountersignatureBuilder::new().sign(&target, &Input::embedded(), &issuer());
    breaks(Rule::PayloadNamed, missing);
}

#[test]
fn c86_builders_make_nothing_that_a_verifier_refuses() {
    let bytes = message(Kind::Sign1, &[0xa0]);
    let target = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let unprotected = |label: Label<'static>, value: &[u8]| {
        target.with_unprotected(&MapBuilder::new().with(label, cose_ext::Value::Encoded(value)))
    };
    breaks(Rule::CountersignatureForm, unprotected(Label::COUNTERSIGNATURE_V2, &[0x80]));
    breaks(Rule::Countersignature0Form, unprotected(Label::COUNTERSIGNATURE_0_V2, &[0x80]));
    breaks(Rule::CountersignatureForm, target.headers().with_countersignature(&h("82 40 a0")));
    breaks(Rule::CountersignatureForm, target.headers().with_countersignature(&bstr(b"x")));
    let builder = CountersignatureBuilder::new().unprotected(Label::CRIT, 1);
    let made = builder.sign(&target, &Input::embedded(), &issuer());
    breaks(Rule::CritProtected, made);
    let builder = CountersignatureBuilder::new().protected(Label::COUNTERSIGNATURE_0_V2, &b"x"[..]);
    let made = builder.sign(&target, &Input::embedded(), &issuer());
    breaks(Rule::CountersignaturePlacement, made);
}

#[test]
fn layers_that_are_not_there_cannot_be_changed() {
    let none = Error::from(Misuse::NoSuchLayer);
    let new = MapBuilder::new();
    let sign = message(Kind::Sign, &[0xa0]);
    let sign = Sign::decode(&sign, &Profile::LENIENT).unwrap();
    assert_eq!(sign.with_unprotected_in_signature(1, &new), Err(none));
    let mac = message(Kind::Mac, &[0xa0]);
    let mac = Mac::decode(&mac, &Profile::LENIENT).unwrap();
    assert!(mac.with_unprotected_in_recipient(0, &new).is_ok());
    assert_eq!(mac.with_unprotected_in_recipient(1, &new), Err(none));
}

#[test]
fn c10_a_recipient_keeps_its_unprotected_algorithm() {
    // direct, which protects nothing; in an Encrypt that has more than one place to change.
    let bytes = h("84 40 a1 182a 00 40 82 83 40 a1 0125 40 83 40 a1 0125 40");
    let message = Encrypt::decode(&bytes, &Profile::LENIENT).unwrap();
    let second = message.recipients().iter().nth(1).unwrap();
    let new = second.headers().unprotected().to_builder().with(4, &b"k"[..]);
    let changed = message.with_unprotected_in_recipient(1, &new).unwrap();
    assert_eq!(changed, h("84 40 a1 182a 00 40 82 83 40 a1 0125 40 83 40 a2 0125 04 416b 40"));
    let es256 = MapBuilder::new().with(1, -7);
    breaks(Rule::AlgorithmProtected, message.with_unprotected_in_recipient(1, &es256));
}
