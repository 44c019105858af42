//! What a thief, a broker and a service may try.

use cose_ext::{
    Content, Profile, crypto::Algorithm, header::ContentType, key::Thumbprint,
    rustcrypto::RustCrypto, sign1::Sign1Builder,
};
use merkle_proof::Sha256Tree;
use scitt_core::{ForkProof, HeadForm, HeadVerifier, SignedHeadBuilder, StatementBuilder};
use suit_manifest::{Envelope, author::EnvelopeBuilder};
use transparent_suit::{BlockBuilder, ClassUrn, Error, Rule, SignedBlock, profile};

use crate::{
    IMAGE_7, IMAGE_8, Trouble, World,
    cast::{
        CLASS_ID, NOW, Service, VENDOR, author, block, context, key, manifest, on_device, sealed,
    },
    evidence, replay,
    told::Told,
};

fn rule(error: &Error) -> String {
    error.rule().map_or("none".into(), |rule| rule.id.to_owned())
}

/// What the pump says of an envelope. It keeps what it has.
fn offered(world: &mut World, envelope: &[u8]) -> Result<Result<usize, Error>, Trouble> {
    let World { services, pump, .. } = world;
    on_device(services, |device, _| pump.update(device, envelope))
}

pub(crate) fn all(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let malware = manifest(9, b"pump firmware 9: leaks")?;
    let stolen = block(&malware)?;

    let unregistered = sealed(malware.clone(), &stolen, &[])?;
    told.refused(
        "signed with the stolen key, and registered nowhere",
        "F28",
        offered(world, &unregistered)?,
        rule,
    );

    let receipt_of = |envelope: &[u8]| receipts_of(envelope);
    let others = receipt_of(&world.envelope_8)?;
    let others: Vec<_> = others.iter().map(Vec::as_slice).collect();
    let grafted = sealed(malware.clone(), &stolen, &others)?;
    told.refused("with the receipts of another release", "S14", offered(world, &grafted)?, rule);

    let beside = beside(world, &malware, &stolen)?;
    told.refused(
        "with the receipts in another block over the same digest",
        "F28",
        offered(world, &beside)?,
        rule,
    );

    let old = world.envelope_7.clone();
    told.refused("an older release with good receipts", "F31", offered(world, &old)?, rule);

    let severed = severed_changed(&world.envelope_8)?;
    told.refused("a severed section changed on the way", "U13", offered(world, &severed)?, rule);

    let office = key(2)?;
    let digest = malware.digest();
    let typ = ContentType::MediaType("application/anything+cose");
    let oracle =
        StatementBuilder::new(VENDOR, "a file").key_id(b"1").typ(typ).sign(digest, &office);
    told.refused(
        "a statement about a file whose bytes are a SUIT_Digest",
        "S30",
        oracle,
        |error| error.rule().map_or("none".into(), |rule| rule.id.to_owned()),
    );
    let untyped = Sign1Builder::new().key_id(b"1").sign(Content::Detached(digest), &author()?)?;
    let mut envelope = malware.clone();
    envelope.block(untyped)?;
    told.refused(
        "and one that the firmware key signed without the typ",
        "F4",
        offered(world, &envelope.to_bytes())?,
        rule,
    );

    let flipped = flipped(&world.envelope_8)?;
    world.pump.number = Some(7);
    told.refused(
        "another signature that verifies, (r, n - s)",
        "S14",
        offered(world, &flipped)?,
        rule,
    );
    world.pump.number = Some(8);

    let inflated = inflated(world)?;
    let envelope_7 = world.envelope_7.clone();
    let World { services, .. } = world;
    let roots = |envelope: &[u8]| {
        let mut fresh = crate::board::Pump::default();
        on_device(services, |device, _| Ok(fresh.update(device, envelope)??))?;
        Ok::<_, Trouble>(fresh.relied_on)
    };
    let is_same = roots(&inflated)? == roots(&envelope_7)?;
    told.holds(
        "a receipt whose tree size somebody inflated changes nothing",
        "verdict, roots and state are the same",
        is_same,
    );

    thief_registers(world, told, &malware, &stolen)?;
    second_digest(world, told)?;
    two_histories(world, told)?;

    let forged = evidence::of_another_device(&world.pump, &evidence::NONCE)?;
    let appraised = evidence::appraise(&forged, &world.pump.manifest, IMAGE_8, &|_, _| true);
    told.refused("evidence of another device", "refused", appraised, |_| "refused".into());
    let replayed = evidence::of(&world.pump, b"an older nonce!!")?;
    let appraised = evidence::appraise(&replayed, &world.pump.manifest, IMAGE_8, &|_, _| true);
    told.refused("evidence that answers another nonce", "refused", appraised, |_| "refused".into());
    let appraised = evidence::appraise(
        &evidence::of(&world.pump, &evidence::NONCE)?,
        &world.pump.manifest,
        IMAGE_7,
        &|_, _| true,
    );
    told.refused("evidence of an image that is not the expected one", "refused", appraised, |_| {
        "refused".into()
    });
    Ok(())
}

/// The receipts of the first block.
fn receipts_of(envelope: &[u8]) -> Result<Vec<Vec<u8>>, Trouble> {
    let envelope = Envelope::decode(envelope, &Profile::LENIENT)?;
    let block = envelope.authentication().blocks().next().ok_or("no block")?;
    let statement = scitt_core::SignedStatement::decode(block.bytes(), &Profile::LENIENT)?;
    let receipts = statement.message().headers().unprotected().receipts()?.ok_or("no receipts")?;
    Ok(receipts.iter().map(|(_, receipt)| receipt.to_vec()).collect())
}

/// A block by somebody else over the same digest, which was logged, beside the thief's, which was not.
fn beside(
    world: &mut World,
    malware: &EnvelopeBuilder,
    stolen: &SignedBlock,
) -> Result<Vec<u8>, Trouble> {
    let stranger = key(5)?;
    let thumbprint = Thumbprint::of(&(&stranger.public_key()).into(), &RustCrypto)?;
    let class = ClassUrn::new(&CLASS_ID);
    let builder = BlockBuilder::new("https://stranger.example", class.as_str(), &thumbprint);
    let logged = builder.sign(malware, &stranger, &context())?;
    let receipts = receipts_of(&world.envelope_8)?;
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    let mut envelope = malware.clone();
    envelope.block(logged.with_receipts(&receipts)?)?;
    envelope.block(stolen.as_bytes().to_vec())?;
    Ok(envelope.to_bytes())
}

/// The envelope with a byte of its severed install section changed.
fn severed_changed(envelope: &[u8]) -> Result<Vec<u8>, Trouble> {
    // The section names where the image comes from; so do the bytes of the image's key, which come after.
    let uri = b"#image";
    let place =
        envelope.windows(uri.len()).position(|found| found == uri).ok_or("no severed section")?;
    let mut changed = envelope.to_vec();
    *changed.get_mut(place).ok_or("no byte")? ^= 1;
    Ok(changed)
}

/// The envelope with s of the block's signature replaced by n - s.
fn flipped(envelope: &[u8]) -> Result<Vec<u8>, Trouble> {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let view = Envelope::decode(envelope, &Profile::LENIENT)?;
    let block = view.authentication().blocks().next().ok_or("no block")?;
    let end = block.offset().saturating_add(block.bytes().len());
    let mut changed = envelope.to_vec();
    let s = changed.get_mut(end.saturating_sub(32)..end).ok_or("no signature")?;
    let mut borrow = 0_u8;
    for (s, n) in s.iter_mut().zip(ORDER).rev() {
        let (digit, first) = n.overflowing_sub(*s);
        let (digit, second) = digit.overflowing_sub(borrow);
        (*s, borrow) = (digit, u8::from(first || second));
    }
    Ok(changed)
}

/// Release 7 with receipts that say something else of the size of their trees: leaf 1 of 2 is, by the same fold, leaf
/// 16 of 17. Nobody signed either.
fn inflated(world: &World) -> Result<Vec<u8>, Trouble> {
    let mut changed = world.envelope_7.clone();
    let honest = [0x83, 0x02, 0x01, 0x81];
    let places = changed.windows(4).enumerate().filter(|(_, window)| *window == honest);
    let places: Vec<_> = places.map(|(place, _)| place).collect();
    if places.len() != 2 {
        return Err("the receipts are not those of leaf 1 of 2".into());
    }
    for place in places {
        let position = changed
            .get_mut(place.saturating_add(1)..place.saturating_add(3))
            .ok_or("no position")?;
        position.copy_from_slice(&[0x11, 0x10]);
    }
    Ok(changed)
}

/// The thief registers too: the device takes it, and the maker's monitor sees it.
fn thief_registers(
    world: &mut World,
    told: &mut Told,
    malware: &EnvelopeBuilder,
    stolen: &SignedBlock,
) -> Result<(), Trouble> {
    let mut receipts = Vec::new();
    for service in &mut world.services {
        receipts.push(service.register(stolen)?);
    }
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    let visible = sealed(malware.clone(), stolen, &receipts)?;
    let World { services, .. } = world;
    let mut other_pump = crate::board::Pump { number: Some(8), ..Default::default() };
    let counted = on_device(services, |device, _| Ok(other_pump.update(device, &visible)??))?;
    told.holds(
        "the thief registers as well: the device takes it",
        &format!("{counted} services"),
        counted == 2,
    );
    let [service, _] = &world.services;
    let (alarms, agrees) = replay(service)?;
    let rules: Vec<_> = alarms.iter().map(|alarm| alarm.rule).collect();
    let detail = alarms.first().map_or("silence".into(), ToString::to_string);
    told.holds(
        "and the maker's monitor raises the alarm",
        &detail,
        agrees && rules == [Rule::ReleaseKnown],
    );
    Ok(())
}

/// Another image under a number that is taken.
fn second_digest(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let another = manifest(8, b"pump firmware 8: pumps less")?;
    let submission = block(&another)?.submission()?;
    let [service, _] = &mut world.services;
    told.refused("a second digest for number 8", "F21", service.submit(&submission)?, rule);
    let lower = block(&manifest(5, b"pump firmware 5")?)?.submission()?;
    told.refused("a number below the last one", "F20", service.submit(&lower)?, rule);
    Ok(())
}

/// A service signs two heads that contradict each other.
fn two_histories(world: &World, told: &mut Told) -> Result<(), Trouble> {
    let [service, _] = &world.services;
    let context = context();
    let (shown, mut hidden) = (service.submissions.clone(), service.submissions.clone());
    // Somebody is shown a log without the thief's release.
    hidden.pop();
    hidden.push(hidden.first().cloned().ok_or("an empty log")?);
    let head = |submissions: &[Vec<u8>]| head_of(service, submissions);
    let (one, other) = (head(&shown)?, head(&hidden)?);
    let public = service.key.public_key();
    let log_key = cose_ext::key::TrustedKey::new(&public, &context)?;
    let keys = [scitt_core::ServiceKey::new(log_key, Algorithm::EDDSA).with_key_id(b"1")];
    let trusted = scitt_core::TrustedService {
        name: service.name,
        issuer: Some(service.log.issuer()),
        keys: &keys,
    };
    let verifier = HeadVerifier::new(trusted);
    let one = verifier.verify(HeadForm::Cose(&one), &context)?;
    let other = verifier.verify(HeadForm::Cose(&other), &context)?;
    let proof = ForkProof::of_one_size(&one, &other);
    let detail = proof.as_ref().map_or_else(ToString::to_string, |proof| {
        format!("two signed heads of {}", proof.service())
    });
    told.holds(
        "a service that signs two histories is convicted by its own signatures",
        &detail,
        proof.is_ok(),
    );
    Ok(())
}

/// The head that the service signs of a log with these entries.
fn head_of(service: &Service, submissions: &[Vec<u8>]) -> Result<Vec<u8>, Trouble> {
    let mut tree = merkle_proof::MemoryTree::new(Sha256Tree);
    for submission in submissions {
        let statement = scitt_core::SignedStatement::decode(submission, &Profile::LENIENT)?;
        let payload = statement.message().danger_unverified_payload().unwrap_or_default();
        tree.append(&profile::ENTRY_RULE.entry(statement.message(), payload).parts());
    }
    Ok(SignedHeadBuilder::new(service.log.issuer(), b"1", &tree.head(), NOW).sign(&service.key)?)
}
