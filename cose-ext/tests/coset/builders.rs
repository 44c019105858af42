//! Types of coset into builders.

use cose_ext::crypto::{Algorithm, SecretKey, SymmetricKey};
use cose_ext::cwt::Claims;
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::{RecipientBuilder, Sealer};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::{SignBuilder, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Encrypt, Encrypt0, Label, Mac, Mac0, MapBuilder, Profile, Sign, Sign1};
use coset::cbor::Value;
use coset::cwt::ClaimsSet;
use coset::{Header, HeaderBuilder, iana};

use super::{Theirs, canonical, decoded, encoded, every_message};
use crate::messages::issuer;

const KEY: [u8; 16] = [0x2a; 16];
const IV: [u8; 12] = [0x11; 12];

fn secret(algorithm: Algorithm) -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &KEY, algorithm: Some(algorithm) }, &RustCrypto)
}

/// Parameters that coset gives a type and such that it does not.
fn header() -> HeaderBuilder {
    HeaderBuilder::new()
        .add_critical(iana::HeaderParameter::ContentType)
        .content_type("text/plain".into())
        .text_value("own".into(), Value::Array(vec![Value::Float(1.5), Value::Null, (-7).into()]))
        .value(15, Value::Map(vec![(2.into(), "subject".into()), (1.into(), "issuer".into())]))
}

fn unprotected() -> HeaderBuilder {
    HeaderBuilder::new().key_id(b"11".to_vec()).value(300, Value::Tag(1, Box::new(5.into())))
}

/// What the header comes to, with the algorithm that the message was made with.
fn expected(mut header: Header, algorithm: Option<iana::Algorithm>) -> Value {
    header.alg = algorithm.map(Into::into).or(header.alg);
    canonical(coset::AsCborValue::to_cbor_value(header).unwrap())
}

fn check(headers: &cose_ext::header::Headers<'_>, algorithm: iana::Algorithm, unprotected: Header) {
    let protected = canonical(decoded(headers.protected().bytes()));
    assert_eq!(protected, expected(header().build(), Some(algorithm)));
    assert_eq!(canonical(decoded(headers.unprotected().bytes())), expected(unprotected, None));
}

#[test]
fn headers_of_signatures_go_along() {
    let theirs = coset::CoseSign1Builder::new()
        .protected(header().build())
        .unprotected(unprotected().build())
        .build();
    let message = Sign1Builder::try_from(&theirs).unwrap();
    let message = message.sign(Content::Embedded(b"x"), &issuer()).unwrap();
    let message = Sign1::decode_tagged(&message, &Profile::DETERMINISTIC).unwrap();
    check(message.headers(), iana::Algorithm::ES256, unprotected().build());

    let body = coset::CoseSignBuilder::new().unprotected(unprotected().build()).build();
    let one = coset::CoseSignatureBuilder::new()
        .protected(header().build())
        .unprotected(unprotected().build())
        .build();
    let mut signing =
        SignBuilder::try_from(&body).unwrap().prepare(Content::Embedded(b"x")).unwrap();
    signing.sign(SignatureBuilder::try_from(&one).unwrap(), &issuer()).unwrap();
    let message = signing.finish().unwrap();
    let message = Sign::decode_tagged(&message, &Profile::DETERMINISTIC).unwrap();
    let signature = message.signatures().iter().next().unwrap();
    check(signature.headers(), iana::Algorithm::ES256, unprotected().build());
    assert_eq!(message.headers().unprotected().key_id(), Ok(Some(&b"11"[..])));
}

#[test]
fn headers_of_macs_go_along() {
    let key = secret(Algorithm::HMAC_256);
    let theirs = coset::CoseMac0Builder::new()
        .protected(header().build())
        .unprotected(unprotected().build())
        .build();
    let message = Mac0Builder::try_from(&theirs).unwrap();
    let message = message.authenticate(Algorithm::HMAC_256, Content::Embedded(b"x"), &key).unwrap();
    let message = Mac0::decode_tagged(&message, &Profile::DETERMINISTIC).unwrap();
    check(message.headers(), iana::Algorithm::HMAC_256_256, unprotected().build());

    let theirs = coset::CoseMacBuilder::new()
        .protected(header().build())
        .unprotected(unprotected().build())
        .build();
    let message = MacBuilder::try_from(&theirs)
        .unwrap()
        .authenticate(
            Algorithm::HMAC_256,
            Content::Embedded(b"x"),
            &[RecipientBuilder::direct(&key)],
            &mut Sealer::new(&RustCrypto, &mut testkit::rng::seeded(1)),
        )
        .unwrap();
    let message = Mac::decode_tagged(&message, &Profile::DETERMINISTIC).unwrap();
    check(message.headers(), iana::Algorithm::HMAC_256_256, unprotected().build());
}

#[test]
fn headers_and_nonce_of_ciphers_go_along() {
    let key = secret(Algorithm::A128GCM);
    let with_iv = || unprotected().iv(IV.to_vec()).build();
    let theirs = coset::CoseEncrypt0Builder::new()
        .protected(header().build())
        .unprotected(with_iv())
        .build();
    let message = Encrypt0Builder::try_from(&theirs).unwrap();
    let message = message.encrypt(Algorithm::A128GCM, b"x", &key).unwrap();
    let message = Encrypt0::decode_tagged(&message, &Profile::DETERMINISTIC).unwrap();
    check(message.headers(), iana::Algorithm::A128GCM, with_iv());

    let theirs = coset::CoseEncryptBuilder::new()
        .protected(header().iv(IV.to_vec()).build())
        .unprotected(unprotected().build())
        .build();
    let message = EncryptBuilder::try_from(&theirs)
        .unwrap()
        .encrypt(
            Algorithm::A128GCM,
            b"x",
            &[RecipientBuilder::direct(&key)],
            &mut Sealer::new(&RustCrypto, &mut testkit::rng::seeded(1)),
        )
        .unwrap();
    let message = Encrypt::decode_tagged(&message, &Profile::DETERMINISTIC).unwrap();
    assert_eq!(message.headers().protected().find(Label::IV).unwrap().bytes()[1..], IV);
}

#[test]
fn a_partial_iv_needs_its_context_again() {
    let key = secret(Algorithm::A128GCM);
    let theirs = coset::CoseEncrypt0Builder::new()
        .unprotected(HeaderBuilder::new().partial_iv(vec![1, 2]).build())
        .build();
    let ours = || Encrypt0Builder::try_from(&theirs).unwrap();
    ours().encrypt(Algorithm::A128GCM, b"x", &key).unwrap_err();
    ours().partial_iv(&[1, 2], &IV).encrypt(Algorithm::A128GCM, b"x", &key).unwrap();
}

/// Published messages, through coset, into our builder: the same headers, whatever signs them now.
#[test]
fn published_headers_come_back() {
    let mut compared = 0;
    for (kind, message) in every_message() {
        let ours = kind.ours(&message).unwrap();
        let Ok(theirs) = ours.converted else { continue };
        let (protected, unprotected) = match &theirs {
            Theirs::Sign1(message) => (&message.protected, &message.unprotected),
            Theirs::Sign(message) => (&message.protected, &message.unprotected),
            Theirs::Mac0(message) => (&message.protected, &message.unprotected),
            Theirs::Mac(message) => (&message.protected, &message.unprotected),
            Theirs::Encrypt0(message) => (&message.protected, &message.unprotected),
            Theirs::Encrypt(message) => (&message.protected, &message.unprotected),
        };
        for header in [&protected.header, unprotected] {
            let ours = MapBuilder::try_from(header).unwrap().to_bytes();
            let theirs = coset::AsCborValue::to_cbor_value(header.clone()).unwrap();
            assert_eq!(canonical(decoded(&ours)), canonical(decoded(&encoded(&theirs))));
            compared += 1;
        }
        if let Theirs::Sign1(theirs) = &theirs {
            let again = Sign1Builder::try_from(theirs).unwrap();
            let again = again.sign(Content::Embedded(b"x"), &issuer());
            // A bucket that names its algorithm unprotected cannot get another one.
            assert!(again.is_ok() || theirs.unprotected.alg.is_some(), "{again:?}");
        }
    }
    println!("{compared} buckets");
    assert!(compared >= 10);
}

#[test]
fn of_all_nan_there_is_one() {
    // {"a": [NaN of 32 bits with a payload]}
    let claims = Claims::decode(b"\xa1\x61a\x81\xfa\xff\xff\x19\x01", &Profile::LENIENT).unwrap();
    let theirs = ClaimsSet::try_from(&claims).unwrap();
    let ours = MapBuilder::try_from(&theirs).unwrap().to_bytes();
    assert_eq!(ours, b"\xa1\x61a\x81\xf9\x7e\x00");
    assert!(Claims::decode(&ours, &Profile::DETERMINISTIC).is_ok());
}

#[test]
fn a_bignum_that_is_small_is_an_integer() {
    // {"a": [3(h''), 2(h'0001'), 2(h'010000000000000000')]}
    let bytes = b"\xa1\x61a\x83\xc3\x40\xc2\x42\x00\x01\xc2\x49\x01\0\0\0\0\0\0\0\0";
    let claims = Claims::decode(bytes, &Profile::LENIENT).unwrap();
    let theirs = ClaimsSet::try_from(&claims).unwrap();
    assert_eq!(theirs, coset::CborSerializable::from_slice(bytes).unwrap());
    let ours = MapBuilder::try_from(&theirs).unwrap().to_bytes();
    assert_eq!(ours, b"\xa1\x61a\x83\x20\x01\xc2\x49\x01\0\0\0\0\0\0\0\0");

    // A large one has no leading zeroes.
    let bytes = b"\xa1\x61a\xc3\x4a\x00\x01\0\0\0\0\0\0\0\0";
    let claims = Claims::decode(bytes, &Profile::LENIENT).unwrap();
    let ours = MapBuilder::try_from(&ClaimsSet::try_from(&claims).unwrap()).unwrap().to_bytes();
    assert_eq!(ours, b"\xa1\x61a\xc3\x49\x01\0\0\0\0\0\0\0\0");

    // One inside of another tag ciborium leaves as it is.
    let read: ClaimsSet = coset::CborSerializable::from_slice(b"\xa1\x61a\xc2\xc2\x40").unwrap();
    assert_eq!(MapBuilder::try_from(&read).unwrap().to_bytes(), b"\xa1\x61a\xc2\x00");
}

#[test]
fn claims_go_both_ways() {
    let set = coset::cwt::ClaimsSetBuilder::new()
        .issuer("maker".into())
        .subject("thing".into())
        .audience("user".into())
        .expiration_time(coset::cwt::Timestamp::WholeSeconds(1_700_000_000))
        .not_before(coset::cwt::Timestamp::FractionalSeconds(1.5))
        .cwt_id(vec![1])
        .claim(iana::CwtClaimName::Cnf, Value::Map(vec![(2.into(), "k".into())]))
        .private_claim(-70_000, true.into())
        .text_claim("own".into(), 7.into())
        .build();
    let ours = MapBuilder::try_from(&set).unwrap().to_bytes();
    let claims = Claims::decode(&ours, &Profile::DETERMINISTIC).unwrap();
    let mut again = ClaimsSet::try_from(&claims).unwrap();
    let by_name = |set: &mut ClaimsSet| set.rest.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut set = set;
    by_name(&mut set);
    by_name(&mut again);
    assert_eq!(again, set);
}
