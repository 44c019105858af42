//! The block: its form, its header, twins (docs/transparent-suit.md 3).

#[path = "support/world.rs"]
mod world;

use transparent_suit::{
    cose_ext::{
        Content, Label, Value,
        cbor::Head,
        crypto::Algorithm,
        header::ContentType,
        rustcrypto::P256SigningKey,
        sign::{SignBuilder, SignatureBuilder},
        sign1::Sign1Builder,
    },
    profile,
    suit_manifest::author::EnvelopeBuilder,
};
use world::*;

/// The refusal of release 8 whose block has these headers, logged by a service that looks at nothing.
fn refusal_of(headers: Sign1Builder) -> (&'static str, u8) {
    refusal(update(&logged(&release(8), headers, &author()), 1, Some(7)))
}

fn logged(envelope: &EnvelopeBuilder, headers: Sign1Builder, key: &P256SigningKey) -> Vec<u8> {
    let block = any_block(envelope, headers, key);
    let receipt = TestLog::a().log_blindly(&block, key);
    with_blocks(envelope.clone(), &[&block.with_receipts(&[&receipt]).unwrap()])
}

fn good_headers() -> Sign1Builder {
    headers(ISS, &class(), number(8))
}

#[test]
fn a_block_with_these_headers_is_taken() {
    assert_eq!(update(&logged(&release(8), good_headers(), &author()), 1, Some(7)), Ok(1));
}

#[test]
fn f1_a_cose_sign_is_no_block_of_this_profile() {
    let envelope = release(8);
    let digest = envelope.digest().to_vec();
    let mut signing = SignBuilder::new().prepare(Content::Detached(&digest)).unwrap();
    signing.sign(SignatureBuilder::new(), &author()).unwrap();
    let bytes = with_blocks(envelope, &[&signing.finish().unwrap()]);
    assert_eq!(refusal(update(&bytes, 1, Some(7))), ("F1", 1));
}

#[test]
fn f2_a_block_that_carries_its_payload_is_refused() {
    let envelope = release(8);
    let digest = envelope.digest().to_vec();
    let attached = good_headers().sign(Content::Embedded(&digest), &author()).unwrap();
    // Nobody makes such an envelope by accident: the builder refuses it.
    assert!(envelope.clone().block(attached.clone()).is_err());
    let detached = good_headers().sign(Content::Detached(&digest), &author()).unwrap();
    let bytes = with_blocks(envelope, &[&detached]);
    let place = bytes.windows(detached.len()).position(|found| found == detached).unwrap();
    // The block with its payload in place of the one without.
    let string = |bytes: &[u8]| [Head::bytes(bytes.len()).as_bytes(), bytes].concat();
    let wrapper = string(&[&[0x82][..], &string(&digest), &string(&attached)].concat());
    let manifest = &bytes[place + detached.len()..];
    let forged = [&[0xd8, 107, 0xa2, 2][..], &wrapper, manifest].concat();
    assert_eq!(refusal(update(&forged, 1, Some(7))), ("F2", 1));
}

#[test]
fn f3_an_algorithm_that_leaves_the_curve_to_the_key_is_refused() {
    let es256 = author().with_algorithm(Algorithm::ES256).unwrap();
    assert_eq!(refusal(update(&logged(&release(8), good_headers(), &es256), 1, None)), ("F3", 1));
    let error = block_builder(&author(), ISS).sign(&release(8), &es256, &context()).err().unwrap();
    assert_eq!(error.rule().unwrap().id, "F3");
}

#[test]
fn f4_the_content_type_is_that_of_the_payload() {
    let other = |content_type| good_headers().content_type(content_type);
    assert_eq!(refusal_of(other(ContentType::ContentFormat(61))), ("F4", 1));
    let envelope = ContentType::MediaType("application/suit-envelope+cose");
    assert_eq!(refusal_of(other(envelope)), ("F4", 1));
}

#[test]
fn f5_typ_is_that_of_the_profile_or_what_the_device_was_told() {
    let typ = ContentType::MediaType("application/other+cose");
    assert_eq!(refusal_of(good_headers().typ(typ)), ("F5", 1));
    let bytes = logged(&release(8), good_headers().typ(typ), &author());
    on_device(1, |device| {
        let profile = transparent_suit::cose_ext::Profile::LENIENT;
        let envelope = transparent_suit::suit_manifest::Envelope::decode(&bytes, &profile).unwrap();
        assert!(device.with_typ(typ).verify(&envelope, &context()).is_ok());
    });
}

#[test]
fn f6_the_key_is_named() {
    let claims = transparent_suit::cose_ext::MapBuilder::new();
    let without = Sign1Builder::new()
        .content_type(profile::CONTENT_TYPE)
        .typ(profile::TYP)
        .cwt_claims(&claims);
    assert_eq!(refusal_of(without), ("F6", 1));
}

#[test]
fn f7_hash_envelopes_are_something_else() {
    for label in [Label::PAYLOAD_HASH_ALG, Label::PAYLOAD_LOCATION] {
        let value = if label == Label::PAYLOAD_LOCATION {
            Value::from("https://vendor.example/pump-8")
        } else {
            Value::from(Algorithm::SHA256)
        };
        // COSE itself refuses them beside a content type, so the author cannot make one at all.
        let envelope = release(8);
        let mut signed = envelope.clone();
        assert!(
            signed.sign(good_headers().protected(label, value), &author(), &context()).is_err()
        );
    }
}

#[test]
fn f8_crit_names_typ_and_nothing_else() {
    let critical = |labels: &[i64]| {
        let labels: Vec<_> = labels.iter().map(|label| Value::from(*label)).collect();
        good_headers().protected(Label::CRIT, labels.as_slice())
    };
    assert_eq!(refusal_of(critical(&[16, 15])), ("F8", 1));
    assert_eq!(refusal_of(critical(&[15])), ("F8", 1));
    assert_eq!(refusal_of(critical(&[16, 4]).key_id(b"1")), ("F8", 1));
    assert_eq!(update(&logged(&release(8), critical(&[16]), &author()), 1, Some(7)), Ok(1));
}

#[test]
fn f8_the_strict_variant_is_registered_and_taken_and_plain_processors_refuse_it() {
    let envelope = release(8);
    let builder = block_builder(&author(), ISS).strict();
    let block = builder.sign(&envelope, &author(), &context()).unwrap();
    let receipt = TestLog::a().receipt_for(&block);
    let bytes = with_blocks(envelope, &[&block.with_receipts(&[&receipt]).unwrap()]);
    assert_eq!(update(&bytes, 1, Some(7)), Ok(1));
    assert!(!is_taken_by_a_plain_processor(&bytes));
}

#[test]
fn f9_claims_have_issuer_class_and_number() {
    let number = number(8);
    // An issuer that is no URI is none that a key is enrolled for.
    assert_eq!(refusal_of(headers("vendor", &class(), number)), ("F19", 2));
    assert_eq!(refusal_of(headers(ISS, &class(), Value::from("8"))), ("F9", 2));
    assert_eq!(refusal_of(headers(ISS, &class(), Value::from(-8))), ("F9", 2));
    let builder = block_builder(&author(), "vendor");
    let error = builder.sign(&release(8), &author(), &context()).err().unwrap();
    assert_eq!(error.rule().unwrap().id, "F9");
}

#[test]
fn f11_a_second_block_by_the_same_key_refuses_the_envelope() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let transparent = block.with_receipts(&[&receipt]).unwrap();
    let twin = any_block(&envelope, Sign1Builder::new(), &author());
    for blocks in [[&transparent[..], twin.as_bytes()], [twin.as_bytes(), &transparent]] {
        let bytes = with_blocks(envelope.clone(), &blocks);
        assert_eq!(refusal(update(&bytes, 1, Some(7))), ("F11", 1));
        // Where no receipts are required, a plain block is as good as any.
        assert_eq!(update(&bytes, 0, Some(7)), Ok(0));
    }
}

#[test]
fn f11_one_block_twice_is_one_block_and_other_authorities_are_welcome() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let transparent = block.with_receipts(&[&receipt]).unwrap();
    let other = any_block(&envelope, Sign1Builder::new(), &partner());
    let junk = any_block(&envelope, Sign1Builder::new(), &stranger());
    let copy = block.as_bytes();
    for blocks in [
        [&transparent[..], copy],
        [copy, &transparent],
        [&transparent, other.as_bytes()],
        [other.as_bytes(), &transparent],
        [junk.as_bytes(), &transparent],
    ] {
        assert_eq!(update(&with_blocks(envelope.clone(), &blocks), 1, Some(7)), Ok(1));
    }
}

#[test]
fn f11_a_flipped_signature_beside_the_good_one_is_a_twin() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let transparent = block.with_receipts(&[&receipt]).unwrap();
    let flipped = flipped(block.as_bytes());
    let bytes = with_blocks(envelope, &[&transparent, &flipped]);
    assert_eq!(refusal(update(&bytes, 1, Some(7))), ("F11", 1));
}

#[test]
fn plain_processors_take_the_compatible_variant() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let bytes = with_blocks(envelope, &[&block.with_receipts(&[&receipt]).unwrap()]);
    assert!(is_taken_by_a_plain_processor(&bytes));
}
