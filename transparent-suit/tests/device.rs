//! The device (docs/transparent-suit.md 7, 8).

#[path = "support/world.rs"]
mod world;

use transparent_suit::{
    Device, NotChecked, ReceiptOutcome,
    cose_ext::{
        Context, Profile, Value,
        key::{TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
    },
    suit_manifest::{Envelope, Procedure, author::EnvelopeBuilder},
};
use world::*;

/// The author's release with receipts of both services.
fn transparent(number: u64) -> Vec<u8> {
    let envelope = release(number);
    let block = block_of(&envelope);
    let receipts = [TestLog::a().receipt_for(&block), TestLog::b().receipt_for(&block)];
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    with_blocks(envelope, &[&block.with_receipts(&receipts).unwrap()])
}

/// The refusal of an envelope with this block, which a service logged that looks at nothing.
fn refusal_of(
    envelope: &EnvelopeBuilder,
    issuer: &str,
    subject: &str,
    sequence: Value<'_>,
) -> (&'static str, u8) {
    let block = any_block(envelope, headers(issuer, subject, sequence), &author());
    let receipt = TestLog::a().log_blindly(&block, &author());
    let bytes = with_blocks(envelope.clone(), &[&block.with_receipts(&[&receipt]).unwrap()]);
    refusal(update(&bytes, 1, Some(7)))
}

#[test]
fn f17_suit_sequence_is_the_number_of_the_manifest() {
    assert_eq!(refusal_of(&release(8), ISS, &class(), number(9)), ("F17", 2));
    assert_eq!(refusal_of(&release(8), ISS, &class(), number(u64::MAX)), ("F17", 2));
}

#[test]
fn f18_the_subject_is_a_class_that_the_manifest_checks() {
    let other = "urn:uuid:08080808-0808-0808-0808-080808080808";
    assert_eq!(refusal_of(&release(8), ISS, other, number(8)), ("F18", 2));
    let upper = class().to_uppercase();
    assert_eq!(refusal_of(&release(8), ISS, &upper, number(8)), ("F18", 2));
}

#[test]
fn f18_a_class_counts_where_the_shared_sequence_compares_it() {
    use transparent_suit::{
        BlockBuilder,
        cose_ext::crypto::Algorithm,
        suit_manifest::{
            author::{ManifestBuilder, ParameterSet, RECORD_ALL, Sequence},
            label::condition,
        },
    };
    let names = |sequence: Sequence| {
        let manifest = ManifestBuilder::new(8).component(&["app"]).shared(sequence);
        let envelope = manifest.build(Algorithm::SHA256, &context()).unwrap();
        let builder = BlockBuilder::new(ISS, &class(), &thumbprint(&author()));
        builder.sign(&envelope, &author(), &context()).map(drop).map_err(|error| error.rule())
    };
    let not_checked = Err(Some(transparent_suit::Rule::SubjectIsClass.to_ref()));
    let set = |id: &[u8; 16]| ParameterSet::new().class_identifier(id);
    let compare = |sequence: Sequence| sequence.command(condition::CLASS_IDENTIFIER, RECORD_ALL);
    let ours = || Sequence::new().override_parameters(&set(&CLASS_ID));
    assert_eq!(names(compare(ours())), Ok(()));
    // Set, and compared by nobody.
    assert_eq!(names(ours()), not_checked);
    // Compared before it was set.
    assert_eq!(names(compare(Sequence::new()).and(&ours())), not_checked);
    // The last word is another class.
    assert_eq!(names(compare(ours().override_parameters(&set(&[8; 16])))), not_checked);
    // One class of several, each in a sequence of its own.
    let either = [for_class(&[8; 16]), for_class(&CLASS_ID)];
    assert_eq!(names(Sequence::new().try_each(&either)), Ok(()));
    assert_eq!(names(Sequence::new().run_sequence(&for_class(&CLASS_ID))), Ok(()));
    assert_eq!(names(Sequence::new().try_each(&either[..1])), not_checked);
    // Deeper than is looked.
    let mut deep = for_class(&CLASS_ID);
    for _ in 0..4 {
        deep = Sequence::new().run_sequence(&deep);
    }
    assert_eq!(names(deep), not_checked);
}

#[test]
fn f19_the_issuer_is_the_one_that_the_key_is_enrolled_for() {
    assert_eq!(refusal_of(&release(8), "https://other.example", &class(), number(8)), ("F19", 2));
    // Another firmware key's issuer is no better.
    assert_eq!(refusal_of(&release(8), OTHER_ISS, &class(), number(8)), ("F19", 2));
}

#[test]
fn f19_a_key_that_is_enrolled_for_no_issuer_speaks_for_none() {
    let bytes = transparent(8);
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    let public = author().public_key();
    let keys = [TrustedKey::new(&public, &context()).unwrap()];
    let unbound = TrustStore::new(&keys);
    on_device(1, |device| {
        let device = Device { firmware: &unbound, ..*device };
        assert_eq!(refusal(device.verify(&envelope, &context())), ("F19", 2));
    });
}

#[test]
fn f25_the_digest_is_that_of_the_manifest() {
    let (eight, nine) = (transparent(8), transparent(9));
    // The wrapper of one release before the manifest of another of the same length.
    let manifest = |bytes: &[u8]| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
        envelope.manifest_item().bytes().to_vec()
    };
    let (of_eight, of_nine) = (manifest(&eight), manifest(&nine));
    let forged = [&eight[..eight.len() - of_eight.len()], &of_nine].concat();
    assert_eq!(refusal(update(&forged, 1, Some(7))), ("F25", 1));
}

#[test]
fn f26_a_key_in_the_firmware_role_signs_the_block() {
    let envelope = release(8);
    let block = any_block(&envelope, headers(ISS, &class(), number(8)), &stranger());
    let receipt = TestLog::a().log_blindly(&block, &stranger());
    let bytes = with_blocks(envelope, &[&block.with_receipts(&[&receipt]).unwrap()]);
    assert_eq!(refusal(update(&bytes, 1, Some(7))), ("F26", 1));
    // An envelope without any block.
    assert_eq!(refusal(update(&release(8).to_bytes(), 1, Some(7))), ("U7", 1));
}

#[test]
fn f27_the_class_is_one_of_the_device() {
    let bytes = transparent(8);
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    on_device(1, |device| {
        let others = ["urn:uuid:08080808-0808-0808-0808-080808080808"];
        let device = Device { classes: &others, ..*device };
        assert_eq!(refusal(device.verify(&envelope, &context())), ("F27", 2));
    });
}

#[test]
fn f28_an_envelope_without_receipts_fails_closed() {
    let envelope = release(8);
    let bytes = with_blocks(envelope.clone(), &[block_of(&envelope).as_bytes()]);
    assert_eq!(refusal(update(&bytes, 1, Some(7))), ("F28", 3));
    assert_eq!(refusal(update(&bytes, 2, Some(7))), ("F28", 3));
    // It is the device that says so, and a device that asks for none takes it.
    assert_eq!(update(&bytes, 0, Some(7)), Ok(0));
    on_device(0, |device| {
        let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
        let manifest = device.verify(&envelope, &context()).unwrap();
        assert!(manifest.not_checked().any(|it| it == NotChecked::Logged));
    });
}

#[test]
fn f29_receipts_of_another_block_do_not_count() {
    let envelope = release(8);
    let block = block_of(&envelope);
    // The stranger's block over the same digest is logged; the author's is not.
    let strangers = any_block(&envelope, headers(ISS, &class(), number(8)), &stranger());
    let receipt = TestLog::a().log_blindly(&strangers, &stranger());
    let logged = strangers.with_receipts(&[&receipt]).unwrap();
    for blocks in [[block.as_bytes(), &logged], [&logged[..], block.as_bytes()]] {
        let bytes = with_blocks(envelope.clone(), &blocks);
        assert_eq!(refusal(update(&bytes, 1, Some(7))), ("F28", 3));
    }
    // Moved over to the author's block, the receipt is one of something else.
    let moved = block.with_receipts(&[&receipt]).unwrap();
    assert_eq!(refusal(update(&with_blocks(envelope, &[&moved]), 1, Some(7))), ("S14", 3));
}

#[test]
fn f29_a_receipt_of_another_release_does_not_count() {
    let receipt = TestLog::a().receipt_for(&block_of(&release(7)));
    let envelope = release(8);
    let block = block_of(&envelope).with_receipts(&[&receipt]).unwrap();
    assert_eq!(refusal(update(&with_blocks(envelope, &[&block]), 1, Some(7))), ("S14", 3));
}

#[test]
fn f29_a_flipped_signature_was_not_logged() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let good = block.with_receipts(&[&receipt]).unwrap();
    let flipped = flipped(&good);
    assert_eq!(refusal(update(&with_blocks(envelope, &[&flipped]), 1, Some(7))), ("S14", 3));
}

#[test]
fn f30_services_count_by_their_identity() {
    let bytes = transparent(8);
    assert_eq!(update(&bytes, 2, Some(7)), Ok(2));
    let envelope = release(8);
    let block = block_of(&envelope);
    let (mut log, mut other) = (TestLog::a(), TestLog::b());
    let first = log.receipt_for(&block);
    log.receipt_for(&block_of(&release(9)));
    // The same entry in a larger log: another receipt of the same service.
    let second = log.receipt(log.service.entry(0).unwrap());
    assert_ne!(first, second);
    let with = |receipts: &[&[u8]]| {
        with_blocks(envelope.clone(), &[&block.with_receipts(receipts).unwrap()])
    };
    assert_eq!(refusal(update(&with(&[&first, &second]), 2, Some(7))), ("F30", 3));
    let good = other.receipt_for(&block);
    let junk = b"\x80".as_slice();
    assert_eq!(update(&with(&[junk, &first, &second, junk, &good]), 2, Some(7)), Ok(2));
}

#[test]
fn f31_an_update_goes_up_and_an_invocation_does_not_go_down() {
    let bytes = transparent(8);
    assert_eq!(update(&bytes, 2, None), Ok(2));
    assert_eq!(refusal(update(&bytes, 2, Some(9))), ("F31", 4));
    // Equal, and no digest was kept: nobody knows whether it is the same.
    assert_eq!(refusal(update(&bytes, 2, Some(8))), ("F31", 4));
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    on_device(2, |device| {
        let manifest = device.verify(&envelope, &context()).unwrap();
        assert_eq!(process(&envelope, &manifest, Procedure::Invoke, Some(8)), Ok(()));
        let lower = process(&envelope, &manifest, Procedure::Invoke, Some(9));
        assert_eq!(refusal(lower), ("F31", 4));
    });
}

#[test]
fn f32_only_a_verified_manifest_is_run() {
    // What `Device::verify` gives is the only way to `processor`, and it gives nothing for a changed byte.
    let bytes = transparent(8);
    let unsigned = unauthenticated(&bytes);
    let mut taken = 0;
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        if unsigned.contains(&place) {
            continue;
        }
        let outcome = update(&changed, 2, Some(7));
        assert!(outcome.is_err(), "byte {place} may be changed: {outcome:?}");
        taken += 1;
    }
    assert!(taken > 600, "{taken} bytes were changed");
}

/// The bytes that nobody signs: tree size and leaf index of the two receipts, which are of trees of one
/// leaf and stand before an empty path.
fn unauthenticated(bytes: &[u8]) -> Vec<usize> {
    // An array of size 1, index 0 and an empty path.
    let proof = [0x83, 0x01, 0x00, 0x80];
    let places = bytes.windows(4).enumerate().filter(|(_, window)| *window == proof);
    places.flat_map(|(place, _)| [place + 1, place + 2]).collect()
}

#[test]
fn f33_positions_that_nobody_signed_change_nothing() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let mut log = TestLog::a();
    let entry = log.submit(&block.submission().unwrap()).unwrap();
    log.receipt_for(&block_of(&release(9)));
    let receipt = log.receipt(entry);
    let with = |receipt: &[u8]| {
        with_blocks(envelope.clone(), &[&block.with_receipts(&[receipt]).unwrap()])
    };
    let verdict = |bytes: &[u8]| {
        on_device(1, |device| {
            let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
            let manifest = device.verify(&envelope, &context())?;
            let root = manifest.relied_on().unwrap().root.to_vec();
            Ok::<_, transparent_suit::Error>((manifest.services(), root))
        })
    };
    // Leaf 0 of 2 has the fold of every first leaf whose sibling is the rest of a larger tree.
    let place = receipt.windows(3).position(|found| found == [0x83, 0x02, 0x00]).unwrap();
    let mut inflated = receipt.clone();
    inflated.splice(place + 1..place + 3, [0x02, 0x00]);
    assert_eq!(verdict(&with(&receipt)), verdict(&with(&inflated)));
    let last = log.receipt(log.service.entry(1).unwrap());
    let place = last.windows(3).position(|found| found == [0x83, 0x02, 0x01]).unwrap();
    let block = block_of(&release(9));
    let envelope = release(9);
    let with = |receipt: &[u8]| {
        with_blocks(envelope.clone(), &[&block.with_receipts(&[receipt]).unwrap()])
    };
    let mut inflated = last.clone();
    // (1, 2) becomes (16, 17): the same fold, and one byte more is said by nobody.
    inflated[place + 1] = 0x11;
    inflated[place + 2] = 0x10;
    let honest = verdict(&with(&last)).unwrap();
    assert_eq!(verdict(&with(&inflated)), Ok(honest));
}

#[test]
fn f10_the_entry_is_the_attached_form_whichever_was_submitted() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let statement = |bytes: &[u8]| {
        let statement =
            transparent_suit::scitt_core::SignedStatement::decode(bytes, &Profile::LENIENT);
        let message = *statement.unwrap().message();
        transparent_suit::profile::ENTRY_RULE.entry(&message, block.digest()).parts().concat()
    };
    let entry = statement(block.as_bytes());
    assert_eq!(statement(&block.submission().unwrap()), entry);
    let receipt = TestLog::a().receipt_for(&block);
    assert_eq!(statement(&block.with_receipts(&[&receipt]).unwrap()), entry);
    assert!(entry.starts_with(&[0xd2, 0x84]));
    let payload = [&[0xa0, 0x58, 0x24][..], block.digest(), &[0x58, 0x40]].concat();
    assert!(entry.windows(payload.len()).any(|found| found == payload));
}

#[test]
fn f39_one_budget_bounds_an_envelope_with_all_of_its_blocks() {
    let envelope = release(8);
    let block = block_of(&envelope);
    let receipt = TestLog::a().receipt_for(&block);
    let good = block.with_receipts(&[&receipt]).unwrap();
    // More blocks by others than one call may check; the last one is good.
    let junk = any_block(&envelope, headers(ISS, &class(), number(8)), &stranger());
    let mut blocks = vec![junk.as_bytes(); 80];
    blocks.push(&good);
    let bytes = with_blocks(envelope, &blocks);
    assert_eq!(rule_of(update(&bytes, 1, Some(7))), "F39");
    // The caller's own meter bounds the same work.
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    let mut profile = Profile::LENIENT;
    profile.limits = profile.limits.with_signature_checks(1000);
    let context = Context::new(&RustCrypto).with_profile(profile);
    on_device(1, |device| assert_eq!(device.verify(&envelope, &context).unwrap().block(), 80));
}

#[test]
fn every_receipt_is_reported_with_the_root_that_was_relied_on() {
    let bytes = transparent(8);
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    on_device(2, |device| {
        let mut outcomes = Vec::new();
        let mut report = |it: ReceiptOutcome<'_>| {
            let relied_on = it.outcome.unwrap();
            let root = relied_on.root.to_vec();
            outcomes.push((it.block, it.receipt, relied_on.service.to_owned(), root));
        };
        let manifest = device.verify_reporting(&envelope, &context(), &mut report).unwrap();
        assert_eq!(outcomes.len(), 2);
        assert_eq!((outcomes[0].2.as_str(), outcomes[1].2.as_str()), ("a", "b"));
        assert_eq!(manifest.relied_on().unwrap().root.to_vec(), outcomes[0].3);
        let not_checked: Vec<_> = manifest.not_checked().collect();
        assert!(not_checked.contains(&NotChecked::LogConsistency));
        assert!(not_checked.contains(&NotChecked::Withdrawal));
    });
}

#[test]
fn f40_the_first_step_that_fails_refuses() {
    let envelope = release(5);
    let other = "urn:uuid:08080808-0808-0808-0808-080808080808";
    // Nothing of it is right: signer, claims, receipts, number. Then one after the other is.
    let by_stranger = any_block(&envelope, headers(ISS, other, number(6)), &stranger());
    let by_author = any_block(&envelope, headers(ISS, other, number(6)), &author());
    let with_claims = block_of(&envelope);
    let steps = [by_stranger, by_author, with_claims].map(|block| {
        let bytes = with_blocks(envelope.clone(), &[block.as_bytes()]);
        refusal(update(&bytes, 1, Some(7))).1
    });
    assert_eq!(steps, [1, 2, 3]);
    assert_eq!(refusal(update(&transparent(5), 1, Some(7))).1, 4);
    assert_eq!(update(&transparent(8), 1, Some(7)), Ok(2));
}
