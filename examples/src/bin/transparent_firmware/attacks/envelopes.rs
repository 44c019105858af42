//! Envelopes that a thief or a carrier puts together.

use cose_ext::{
    Content, MapBuilder, Profile, Value, cbor::Int, cwt::ClaimKey, header::ContentType,
    sign1::Sign1Builder,
};
use scitt_core::StatementBuilder;
use suit_manifest::{Envelope, author::EnvelopeBuilder};
use transparent_suit::{ClassUrn, SignedBlock, profile};

use super::rule;
use crate::{
    Trouble,
    board::Pump,
    cast::{
        CLASS_ID, OFFICE, Role, VENDOR, block, block_by, key, manifest, on_device, sealed,
        thumbprint,
    },
    told::Told,
    world::{World, scitt_rule},
};

pub(super) const MALWARE: &[u8] = b"pump firmware 10: leaks";

pub(super) fn all(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let malware = manifest(10, MALWARE)?;
    let stolen = block(&malware)?;
    stolen_key(world, told, &malware, &stolen)?;

    let old = world.envelope(7)?;
    told.refused("an older release with good receipts", "F31", world.offered(&old)?, rule);
    let severed = severed_changed(&world.envelope(8)?)?;
    told.refused("a severed section changed on the way", "U13", world.offered(&severed)?, rule);

    oracle(world, told, &malware)?;

    let eight = world.envelope(8)?;
    // As if it had not come before.
    world.pump.number = Some(7);
    let flipped = flipped(&eight)?;
    told.refused(
        "another signature that verifies, (r, n - s)",
        "S14",
        world.offered(&flipped)?,
        rule,
    );
    let twin = with_a_twin(&eight, &flipped)?;
    told.refused("and both in one envelope", "F11", world.offered(&twin)?, rule);
    world.pump.number = Some(8);

    let seven = world.envelope(7)?;
    let inflated = inflated(&seven)?;
    let roots = |envelope: &[u8]| {
        let mut fresh = Pump::default();
        on_device(&world.services, |device, _| Ok(fresh.update(device, envelope, None)??))?;
        Ok::<_, Trouble>((fresh.relied_on, fresh.number, fresh.image))
    };
    let is_same = roots(&inflated)? == roots(&seven)?;
    told.holds(
        "a receipt whose tree size somebody inflated changes nothing",
        "verdict, roots and state are the same",
        is_same,
    );
    Ok(())
}

/// What can be done with the author's key alone.
fn stolen_key(
    world: &mut World,
    told: &mut Told,
    malware: &EnvelopeBuilder,
    stolen: &SignedBlock,
) -> Result<(), Trouble> {
    let unregistered = sealed(malware.clone(), stolen, &[])?;
    told.refused(
        "signed with the stolen key, and registered nowhere",
        "F28",
        world.offered(&unregistered)?,
        rule,
    );
    let others = receipts_of(&world.envelope(8)?)?;
    let grafted = sealed(malware.clone(), stolen, &others)?;
    told.refused("with the receipts of another manifest", "S14", world.offered(&grafted)?, rule);

    let stranger = block_by(Role::Stranger, "https://stranger.example", malware)?;
    let mut beside = malware.clone();
    let receipts: Vec<_> = others.iter().map(Vec::as_slice).collect();
    beside.block(stranger.with_receipts(&receipts)?)?;
    beside.block(stolen.as_bytes().to_vec())?;
    told.refused(
        "with the receipts in another block over the same digest",
        "F28",
        world.offered(&beside.to_bytes())?,
        rule,
    );
    Ok(())
}

/// Whoever signs for others: what can a thief have signed?
fn oracle(world: &mut World, told: &mut Told, malware: &EnvelopeBuilder) -> Result<(), Trouble> {
    let digest = malware.digest();
    let office = StatementBuilder::new(OFFICE, "a file")
        .key_id(&[Role::Office as u8])
        .typ(ContentType::MediaType("application/anything+cose"))
        .sign(digest, &key(Role::Office)?);
    told.refused(
        "a statement about a file whose bytes are a SUIT_Digest",
        "S30",
        office,
        scitt_rule,
    );
    let class = ClassUrn::new(&CLASS_ID);
    let claims = MapBuilder::new()
        .with(ClaimKey::ISS, VENDOR)
        .with(ClaimKey::SUB, class.as_str())
        .with(profile::SUIT_SEQUENCE, Value::Int(Int::unsigned(10)));
    let untyped = Sign1Builder::new()
        .content_type(profile::CONTENT_TYPE)
        .key_id(thumbprint(Role::Firmware)?.as_bytes())
        .cwt_claims(&claims)
        .sign(Content::Detached(digest), &key(Role::Firmware)?)?;
    let mut envelope = malware.clone();
    envelope.block(untyped)?;
    told.refused(
        "a statement by the firmware key over a SUIT_Digest, without the typ",
        "F5",
        world.offered(&envelope.to_bytes())?,
        rule,
    );
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

/// The envelope with the block of another one behind its own.
fn with_a_twin(envelope: &[u8], other: &[u8]) -> Result<Vec<u8>, Trouble> {
    let envelope = Envelope::decode(envelope, &Profile::LENIENT)?;
    let other = Envelope::decode(other, &Profile::LENIENT)?;
    let twin = other.authentication().blocks().next().ok_or("no block")?;
    let mut both = EnvelopeBuilder::of(&envelope)?;
    both.block(twin.bytes().to_vec())?;
    Ok(both.to_bytes())
}

/// The envelope with receipts that say something else of the size of their trees. What is signed is the root, and to the
/// fold leaf 2 of 3 is as well leaf 16 of 17: one step, from the left. Leaf 3 of 4 is leaf 6 of 7: two of them.
fn inflated(envelope: &[u8]) -> Result<Vec<u8>, Trouble> {
    let places: [([u8; 4], [u8; 2]); 2] =
        [([0x83, 3, 2, 0x81], [17, 16]), ([0x83, 4, 3, 0x82], [7, 6])];
    let mut changed = envelope.to_vec();
    for (honest, inflated) in places {
        let place = changed.windows(4).position(|found| found == honest);
        let place = place.ok_or("the receipts are of other leaves")?.saturating_add(1);
        let position = changed.get_mut(place..place.saturating_add(2)).ok_or("no position")?;
        position.copy_from_slice(&inflated);
    }
    Ok(changed)
}
