//! Authors and keys (docs/transparent-suit.md 4, 5).

#[path = "support/world.rs"]
mod world;

use transparent_suit::{
    BlockBuilder, ClassUrn, SignedBlock,
    cose_ext::{
        Profile,
        crypto::{Algorithm, Signer},
        header::ContentType,
    },
    scitt_core::{
        LogProfile, RelyingPartyStore, Role, SignedStatement, StatementBuilder, StoredIssuer,
        StoredKey, StoredService, StoredServiceKey,
    },
    suit_manifest::{Envelope, author::EnvelopeBuilder},
};
use world::*;

#[test]
fn f12_a_firmware_key_has_no_other_role() {
    let public = author().public_key();
    let key = || {
        let key = transparent_suit::cose_ext::key::OwnedTrustedKey::new(&public, &context());
        StoredKey::new(key.unwrap())
    };
    for role in [Role::Statement, Role::Teep, Role::Evidence, Role::Results] {
        let mut store = RelyingPartyStore::new();
        store.add_issuer(StoredIssuer::new("vendor", ISS, Role::Firmware).with_key(key())).unwrap();
        let other = StoredIssuer::new("vendor", ISS, role).with_key(key());
        let error = store.add_issuer(other).err().unwrap();
        assert_eq!(error.rule().unwrap().id, "S50");
        let service_key = StoredServiceKey::new(key(), Algorithm::ESP256, LogProfile::RFC9162);
        let service = StoredService::new("log").with_key(service_key);
        assert_eq!(store.add_service(service).err().unwrap().rule().unwrap().id, "S50");
    }
}

#[test]
fn f13_a_withdrawal_cannot_be_taken_for_a_block() {
    let envelope = release(8);
    let withdrawal = |payload: &[u8]| {
        StatementBuilder::new(ISS, &class())
            .key_id(b"withdrawals")
            .typ(ContentType::MediaType("application/withdrawal+cose"))
            .sign(payload, &stranger())
    };
    // The general issuer refuses a payload that a processor of SUIT would act upon.
    let error = withdrawal(envelope.digest()).err().unwrap();
    assert_eq!(error.rule().unwrap().id, "S30");
    // And so does a service, whoever made it.
    let block = any_block(&envelope, headers(ISS, &class(), number(8)), &author());
    let typ = ContentType::MediaType("application/withdrawal+cose");
    let other_typ = any_block(&envelope, headers(ISS, &class(), number(8)).typ(typ), &author());
    let mut log = TestLog::a();
    let submit = |log: &mut TestLog, bytes: &[u8]| {
        trusting(|keys| {
            let policy = transparent_suit::scitt_core::Registration {
                issuers: keys,
                requirements: transparent_suit::scitt_core::Requirements::Rfc9943,
            };
            let TestLog { service, registry, .. } = log;
            registry.register_other(service, bytes, NOW, &policy, &context())
        })
    };
    let rule = |error: Option<transparent_suit::RegisterError<_>>| {
        error.unwrap().refusal().unwrap().rule().unwrap().id
    };
    assert_eq!(rule(submit(&mut log, &other_typ.submission().unwrap()).err()), "F13");
    assert_eq!(rule(submit(&mut log, &block.submission().unwrap()).err()), "F24");
    let sound = StatementBuilder::new(ISS, &class()).key_id(b"1").typ(typ);
    let sound = sound.sign(b"release 8 is withdrawn", &author()).unwrap();
    assert!(submit(&mut log, &sound).is_ok());
}

#[test]
fn f14_the_digest_is_computed_again_before_anything_is_signed() {
    // An envelope that was put together from the digest of one release and the manifest of another.
    let (eight, nine) = (release(8), release(9));
    let eight_bytes = with_blocks(eight.clone(), &[block_of(&eight).as_bytes()]);
    let nine_bytes = with_blocks(nine.clone(), &[]);
    let manifest_of = |bytes: &[u8]| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
        envelope.manifest_item().bytes().to_vec()
    };
    let (of_eight, of_nine) = (manifest_of(&eight_bytes), manifest_of(&nine_bytes));
    assert_eq!(of_eight.len(), of_nine.len());
    let front = eight_bytes.len() - of_eight.len();
    let forged = [&eight_bytes[..front], &of_nine].concat();
    let forged = Envelope::decode(&forged, &Profile::LENIENT).unwrap();
    let forged = EnvelopeBuilder::of(&forged).unwrap();
    let error = block_builder(&author(), ISS).sign(&forged, &author(), &context()).err().unwrap();
    assert_eq!(error.rule().unwrap().id, "F14");
}

#[test]
fn f15_authors_emit_the_low_form_whatever_the_signer_answers() {
    for number in 1..9 {
        let envelope = release(number);
        let builder = block_builder(&author(), ISS);
        let block = builder.sign(&envelope, &author(), &context()).unwrap();
        let other = flipped(block.as_bytes());
        assert!(block.as_bytes() < &other[..], "release {number}");
        // A key that answers later, with the high form.
        let high = &other[other.len() - 64..];
        let prepared = builder.prepare(&envelope, Algorithm::ESP256, &context()).unwrap();
        assert_eq!(prepared.attach(high), block);
    }
}

#[test]
fn two_steps_make_what_one_makes() {
    let envelope = release(8);
    let builder = block_builder(&author(), ISS);
    let prepared = builder.prepare(&envelope, Algorithm::ESP256, &context()).unwrap();
    let mut signature = [0; 64];
    let len = author().sign(&prepared.structure().parts(), &mut signature).unwrap();
    let block = prepared.attach(&signature[..len]);
    assert_eq!(block, builder.sign(&envelope, &author(), &context()).unwrap());
}

#[test]
fn f6_kid_is_the_thumbprint_of_the_key() {
    let block = block_of(&release(8));
    let statement = SignedStatement::decode(block.as_bytes(), &Profile::LENIENT).unwrap();
    let key_id = statement.message().headers().protected().key_id().unwrap().unwrap();
    assert_eq!(key_id, thumbprint(&author()).as_bytes());
}

#[test]
fn the_class_is_one_that_the_manifest_checks() {
    let other = ClassUrn::new(&[8; 16]);
    let builder = BlockBuilder::new(ISS, other.as_str(), &thumbprint(&author()));
    let error = builder.sign(&release(8), &author(), &context()).err().unwrap();
    assert_eq!(error.rule().unwrap().id, "F18");
}

#[test]
fn a_block_comes_out_of_an_envelope_as_it_went_in() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let bytes = with_blocks(envelope, &[&block.with_receipts(&[&receipt]).unwrap()]);
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    let found = envelope.authentication().blocks().next().unwrap();
    assert_eq!(SignedBlock::of(&envelope, &found, &Profile::LENIENT), Ok(block));
}
