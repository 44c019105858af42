//! Tags.

use cose_ext::crypto::{
    Algorithm, Curve, Hkdf, KeyDerivation, KeyOperation, KeyOperations, PrivateKey, Secret,
    SecretError, SecretKey, SymmetricKey,
};
use cose_ext::error::{Error, Policy, Verification};
use cose_ext::key::HeldSecret;
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::RecipientBuilder;
use cose_ext::recipient::Sealer;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{
    Content, Input, Label, Mac, Mac0, Notes, Processed, Profile, Rule, Stream, Supplied,
};
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::{
    KEY_16, KEY_32, PRIVATE_LABEL, SHARED, context, held, private, public, symmetric, symmetric_for,
};

const PAYLOAD: &[u8] = b"what the tag is over";

/// Every MAC, and a key of its length.
fn algorithms() -> [(Algorithm, &'static [u8]); 8] {
    [
        (Algorithm::HMAC_256_64, &KEY_32),
        (Algorithm::HMAC_256, &KEY_32),
        (Algorithm::HMAC_384, &[0x48; 48]),
        (Algorithm::HMAC_512, &[0x64; 64]),
        (Algorithm::AES_MAC_128_64, &KEY_16),
        (Algorithm::AES_MAC_256_64, &KEY_32),
        (Algorithm::AES_MAC_128_128, &KEY_16),
        (Algorithm::AES_MAC_256_128, &KEY_32),
    ]
}

fn mac0(algorithm: Algorithm, content: Content<'_>, aad: &[u8], key: &'static [u8]) -> Vec<u8> {
    Mac0Builder::new()
        .key_id(b"shared")
        .external_aad(aad)
        .authenticate(algorithm, content, &symmetric(key))
        .unwrap()
}

#[test]
fn c50_every_mac_that_is_made_verifies() {
    for (algorithm, key) in algorithms() {
        let bytes = mac0(algorithm, Content::Embedded(PAYLOAD), b"aad", key);
        let message = Mac0::decode_tagged(&bytes, &Profile::LENIENT).unwrap();
        assert_eq!(message.tag().len(), algorithm.tag_len().unwrap());
        let input = Input::embedded().with_external_aad(b"aad");
        let verified = message.verify(&input, &held(key), &context()).unwrap();
        assert_eq!(verified.value().payload(), PAYLOAD, "{algorithm}");
        assert_eq!((verified.by().identity(), verified.by().algorithm()), (SHARED, algorithm));
    }
}

#[test]
fn c50_nothing_that_is_authenticated_can_be_changed() {
    for (algorithm, key) in algorithms() {
        let bytes = mac0(algorithm, Content::Embedded(PAYLOAD), b"", key);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let verdict = Mac0::decode(&changed, &Profile::LENIENT).and_then(|message| {
                    message.verify(&Input::embedded(), &held(key), &context()).map(|_| ())
                });
                assert!(verdict.is_err(), "{algorithm}: byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn c50_a_tag_cut_short_is_no_tag() {
    for (algorithm, key) in algorithms() {
        let bytes = mac0(algorithm, Content::Embedded(PAYLOAD), b"", key);
        let whole = Mac0::decode(&bytes, &Profile::LENIENT).unwrap().tag().to_vec();
        let longer = [&whole[..], &[0]].concat();
        for tag in [&whole[..whole.len() - 1], &whole[..8.min(whole.len() - 1)], &[], &longer] {
            let start = bytes.len() - whole.len() - if whole.len() < 24 { 1 } else { 2 };
            let head = cose_ext::cbor::Head::bytes(tag.len());
            let cut = [&bytes[..start], head.as_bytes(), tag].concat();
            let message = Mac0::decode(&cut, &Profile::LENIENT).unwrap();
            let verdict = message.verify(&Input::embedded(), &held(key), &context());
            let error = breaks(Rule::MacTag, verdict);
            assert_eq!(error, Error::from(Policy::NotEnrolled { tried: 1 }), "{algorithm}");
        }
    }
}

#[test]
fn c50_a_named_key_that_says_no_makes_the_message_broken() {
    let made = Mac0Builder::new().key_id(b"kid").authenticate(
        Algorithm::HMAC_256,
        Content::Embedded(PAYLOAD),
        &symmetric(&KEY_32),
    );
    let mut bytes = made.unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    let verdict = |key| message.verify(&Input::embedded(), &key, &context()).map(drop).unwrap_err();
    let broken = Error::from(Verification::InvalidMac { tried: 1 });
    assert_eq!(verdict(held(&KEY_32).with_key_id(b"kid")), broken);
    assert_eq!(verdict(held(&KEY_32)), Error::from(Policy::NotEnrolled { tried: 1 }));
    let another = held(&KEY_32).with_key_id(b"another");
    assert_eq!(verdict(another), Error::from(Policy::NotEnrolled { tried: 0 }));
}

#[test]
fn c50_external_data_and_another_key_matter() {
    let bytes = mac0(Algorithm::HMAC_256, Content::Embedded(PAYLOAD), b"aad", &KEY_32);
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    let with = Input::embedded().with_external_aad(b"aad");
    assert!(message.verify(&with, &held(&KEY_32), &context()).is_ok());
    breaks(Rule::MacTag, message.verify(&Input::embedded(), &held(&KEY_32), &context()));
    breaks(Rule::MacTag, message.verify(&with, &held(&[0x33; 32]), &context()));
}

#[test]
fn c7_an_empty_protected_bucket_enters_the_mac_structure_as_nothing() {
    let structure = |bytes: &[u8]| {
        let profile =
            Profile::LENIENT.with_algorithm_placement(cose_ext::AlgorithmPlacement::AnyBucket);
        let message = Mac0::decode(bytes, &profile).unwrap();
        message.to_be_maced(&Input::embedded(), &Profile::LENIENT).unwrap().parts().concat()
    };
    let (empty, map) =
        (crate::keys::h("84 40 a10105 4170 40"), crate::keys::h("84 41a0 a10105 4170 40"));
    assert_eq!(structure(&empty), crate::keys::h("84 644d414330 40 40 4170"));
    assert_eq!(structure(&empty), structure(&map));
}

#[test]
fn c19_a_detached_payload_is_given_by_name() {
    let bytes = mac0(Algorithm::HMAC_256, Content::Detached(PAYLOAD), b"", &KEY_32);
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(message.danger_unverified_payload(), None);
    let verified = message.verify(&Input::detached(PAYLOAD), &held(&KEY_32), &context()).unwrap();
    assert_eq!(verified.value().payload(), PAYLOAD);
    breaks(Rule::PayloadNamed, message.verify(&Input::embedded(), &held(&KEY_32), &context()));
    breaks(Rule::MacTag, message.verify(&Input::detached(b""), &held(&KEY_32), &context()));
}

#[test]
fn c50_a_payload_in_pieces_has_the_same_tag() {
    for (algorithm, key) in algorithms() {
        let bytes = mac0(algorithm, Content::Detached(PAYLOAD), b"aad", key);
        let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
        let supplied = Supplied { external_aad: b"aad", ..Supplied::NOTHING };
        let stream = |pieces: &[&[u8]], len: u64| {
            let mut feed = |sink: &mut dyn FnMut(&[u8])| {
                pieces.iter().for_each(|piece| sink(piece));
                Ok(())
            };
            let mut stream = Stream::new(len, &mut feed);
            message.verify_stream(&mut stream, &supplied, &held(key), &context()).map(|_| ())
        };
        let len = PAYLOAD.len() as u64;
        for cut in 0..=PAYLOAD.len() {
            let (left, right) = PAYLOAD.split_at(cut);
            assert_eq!(stream(&[left, right], len), Ok(()), "{algorithm}");
        }
        assert!(stream(&[PAYLOAD], len - 1).is_err());
        assert!(stream(&[PAYLOAD, b"x"], len).is_err());
        assert!(stream(&[PAYLOAD, b"x"], len + 1).is_err());
    }
}

#[test]
fn c22_a_key_for_one_algorithm_is_used_with_no_other() {
    let bytes = mac0(Algorithm::HMAC_256, Content::Embedded(PAYLOAD), b"", &KEY_32);
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    let verify = |key| {
        message.verify(&Input::embedded(), &HeldSecret::new(key, SHARED), &context()).map(|_| ())
    };
    assert_eq!(verify(symmetric_for(&KEY_32, Algorithm::HMAC_256)), Ok(()));
    breaks(Rule::KeyAlgorithm, verify(symmetric_for(&KEY_32, Algorithm::HMAC_256_64)));
    breaks(Rule::KeyAlgorithm, verify(symmetric_for(&KEY_32, Algorithm::A256GCM)));
}

#[test]
fn c23_a_key_for_making_tags_only_checks_none() {
    let bytes = mac0(Algorithm::HMAC_256, Content::Embedded(PAYLOAD), b"", &KEY_32);
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    let verify = |operations| {
        let key = symmetric(&KEY_32).with_operations(operations);
        message.verify(&Input::embedded(), &HeldSecret::new(key, SHARED), &context()).map(|_| ())
    };
    assert_eq!(verify(KeyOperations::NONE.and(KeyOperation::MacVerify)), Ok(()));
    breaks(Rule::KeyOperations, verify(KeyOperations::NONE.and(KeyOperation::MacCreate)));
    breaks(Rule::KeyOperations, verify(KeyOperations::NONE));
}

#[test]
fn c15_crit_of_a_mac_is_processed_or_refused() {
    let crit = [cose_ext::Value::from(-70001)];
    let bytes = Mac0Builder::new()
        .protected(Label::CRIT, &crit[..])
        .protected(PRIVATE_LABEL, 1)
        .authenticate(Algorithm::HMAC_256, Content::Embedded(PAYLOAD), &symmetric(&KEY_32))
        .unwrap();
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    breaks(Rule::CritProcessed, message.verify(&Input::embedded(), &held(&KEY_32), &context()));
    let processing = Input::embedded().with_processed(Processed::new(&[PRIVATE_LABEL]));
    assert!(message.verify(&processing, &held(&KEY_32), &context()).is_ok());
}

#[test]
fn c50_mac_and_mac0_have_structures_of_their_own() {
    let key = symmetric(&KEY_32);
    let bytes = MacBuilder::new()
        .authenticate(
            Algorithm::HMAC_256,
            Content::Embedded(PAYLOAD),
            &[RecipientBuilder::direct(&key)],
            &mut Sealer::new(&RustCrypto, &mut seeded(1)),
        )
        .unwrap();
    let message = Mac::decode_tagged(&bytes, &Profile::LENIENT).unwrap();
    let verified = message.verify(Input::embedded(), &held(&KEY_32), &context()).unwrap();
    assert_eq!((verified.value().payload(), verified.by().identity()), (PAYLOAD, SHARED));
    // The same tag in a COSE_Mac0 is none.
    let mac0 = [
        &[0xd1, 0x84][..],
        &crate::keys::h("43a10105 a0"),
        cose_ext::cbor::Head::bytes(PAYLOAD.len()).as_bytes(),
        PAYLOAD,
        &[0x58, 0x20],
        message.tag(),
    ]
    .concat();
    let message = Mac0::decode(&mac0, &Profile::LENIENT).unwrap();
    breaks(Rule::MacTag, message.verify(&Input::embedded(), &held(&KEY_32), &context()));
}

#[test]
fn c50_a_mac_with_recipients_is_streamed_as_well() {
    let key = symmetric(&KEY_32);
    let bytes = MacBuilder::new()
        .external_aad(b"aad")
        .authenticate(
            Algorithm::HMAC_512,
            Content::Detached(PAYLOAD),
            &[RecipientBuilder::direct(&key)],
            &mut Sealer::new(&RustCrypto, &mut seeded(1)),
        )
        .unwrap();
    let message = Mac::decode(&bytes, &Profile::LENIENT).unwrap();
    let open = |payload: &[u8], len: u64, input: &Input<'static, 'static>| {
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            payload.chunks(3).for_each(sink);
            Ok(())
        };
        let opened = message.open_stream(
            &mut Stream::new(len, &mut feed),
            input,
            &held(&KEY_32),
            &context(),
        )?;
        opened.verified().map(|verified| verified.by().identity())
    };
    let input = Input::embedded().with_external_aad(b"aad");
    let len = PAYLOAD.len() as u64;
    assert_eq!(open(PAYLOAD, len, &input), Ok(SHARED));
    breaks(Rule::MacTag, open(PAYLOAD, len, &Input::embedded()));
    assert!(open(PAYLOAD, len + 1, &input).is_err());
}

#[test]
fn c70_claims_of_a_maced_token_are_verified_and_agree_with_the_header() {
    let claims = |issuer| cose_ext::MapBuilder::new().with(1, issuer);
    let token = |header, payload| {
        Mac0Builder::new()
            .cwt_claims(&claims(header))
            .authenticate(
                Algorithm::HMAC_256,
                Content::Embedded(&claims(payload).to_bytes()),
                &symmetric(&KEY_32),
            )
            .unwrap()
    };
    let issuer = |bytes: &[u8]| {
        let message = Mac0::decode(bytes, &Profile::LENIENT)?;
        let verified = message.verify(&Input::embedded(), &held(&KEY_32), &context())?;
        let claims = verified.claims(&context())?;
        claims.value().issuer().map(|issuer| issuer.unwrap().to_owned())
    };
    assert_eq!(issuer(&token("maker", "maker")).as_deref(), Ok("maker"));
    breaks(Rule::ClaimsAgree, issuer(&token("maker", "another")));
}

#[test]
fn c11_the_key_alone_may_imply_the_algorithm_of_a_tag() {
    let bytes = mac0(Algorithm::HMAC_256, Content::Embedded(PAYLOAD), b"", &KEY_32);
    // The same tag structure without a header: an empty protected bucket.
    let structure = [b"\x84\x64MAC0\x40\x40\x54", PAYLOAD].concat();
    assert_eq!(PAYLOAD.len(), 0x14);
    let mut tag = Vec::new();
    let key = symmetric(&KEY_32);
    key.with_mac(&mut |mac| {
        tag = mac.tag(Algorithm::HMAC_256, &[&structure]).unwrap().as_ref().to_vec();
    })
    .unwrap();
    let bare = [&[0x84, 0x40, 0xa0, 0x54][..], PAYLOAD, &[0x58, 0x20], &tag].concat();
    let verify = |bytes: &[u8], keys: &HeldSecret<'_>, input: Input<'_, '_>| {
        let message = Mac0::decode(bytes, &Profile::LENIENT)?;
        let verified = message.verify(&input, keys, &context())?;
        Ok::<_, Error>((verified.by().algorithm(), verified.by().notes()))
    };
    let stating = |algorithm| HeldSecret::new(symmetric_for(&KEY_32, algorithm), SHARED);
    let of_key = Input::embedded().implying_algorithm_of_key();
    let implied = Ok((Algorithm::HMAC_256, Notes::IMPLIED_ALGORITHM));
    assert_eq!(verify(&bare, &stating(Algorithm::HMAC_256), of_key), implied);
    breaks(Rule::AlgorithmPresent, verify(&bare, &stating(Algorithm::HMAC_256), Input::embedded()));
    let refusal = breaks(Rule::AlgorithmPresent, verify(&bare, &held(&KEY_32), of_key));
    assert_eq!(refusal.kind(), Policy::AlgorithmNotStated.into());
    let refusal = verify(&bytes, &stating(Algorithm::HMAC_256), of_key);
    let refusal = breaks(Rule::AlgorithmPresent, refusal);
    assert_eq!(refusal.kind(), Policy::AlgorithmNamed.into());
    breaks(Rule::Enrolled, verify(&bare, &stating(Algorithm::HMAC_256_64), of_key));
}

/// The tag of a device whose key both sides agree on, as ISO 18013-5 9.1.3.5 has it: a salt that is
/// a digest, a word for what the key is for, and a detached payload.
#[test]
fn c50_a_key_that_was_agreed_on_without_a_callback_makes_tags() {
    let [device, reader] = [0x11, 0x12].map(|byte| private(Curve::P256, byte));
    let salt = [0x5a; 32];
    let agree = |own: PrivateKey<'static>, peer: PrivateKey<'static>| {
        let peer = public(&peer);
        let info: [&[u8]; 1] = [b"EMacKey"];
        let derivation = KeyDerivation { hkdf: Hkdf::Sha256, salt: &salt, context: &info };
        let mut key = [0; 32];
        let own = SecretKey::private(own, &RustCrypto);
        own.agree(&peer.as_public_key(), &derivation, &mut key).map(|()| key)
    };
    let key = agree(device, reader).unwrap();
    assert_eq!(agree(reader, device), Ok(key));
    let symmetric_key = |k| SymmetricKey { k, algorithm: Some(Algorithm::HMAC_256) };
    let secret = SecretKey::symmetric(symmetric_key(&key), &RustCrypto);
    let bytes = Mac0Builder::new()
        .authenticate(Algorithm::HMAC_256, Content::Detached(PAYLOAD), &secret)
        .unwrap();
    let held = HeldSecret::new(secret, SHARED);
    let message = Mac0::decode(&bytes, &Profile::LENIENT).unwrap();
    assert!(message.verify(&Input::detached(PAYLOAD), &held, &context()).is_ok());
    // Keys of two curves agree on nothing, and a symmetric key with nobody.
    assert!(agree(device, private(Curve::P384, 0x12)).is_err());
    let derivation = KeyDerivation { hkdf: Hkdf::Sha256, salt: &salt, context: &[] };
    let peer = public(&reader);
    let refused = secret.agree(&peer.as_public_key(), &derivation, &mut [0; 32]);
    assert_eq!(refused, Err(SecretError::Unsupported));
}
