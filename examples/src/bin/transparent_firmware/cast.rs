//! Who takes part, with which keys, and what the maker makes.

use cose_ext::{
    Context, Digest,
    crypto::Algorithm,
    key::{Thumbprint, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
};
use scitt_core::{ServiceKey, TrustedService};
use suit_manifest::author::{EnvelopeBuilder, Image, ManifestBuilder, images};
use transparent_suit::{BlockBuilder, ClassUrn, Device, SignedBlock, profile};

use crate::{Trouble, service::Service};

pub(crate) const VENDOR: &str = "https://vendor.example/firmware";
/// The same maker, another key: bills of material and withdrawals.
pub(crate) const OFFICE: &str = "https://vendor.example/office";
pub(crate) const SCANNER: &str = "https://scanner.example";
pub(crate) const OTHER_SCANNER: &str = "https://lab.example";
pub(crate) const UNKNOWN_SCANNER: &str = "https://unknown.example";
/// Names and receipt issuers of the services.
pub(crate) const LOGS: [(&str, &str); 2] =
    [("log A", "https://log-a.example"), ("log B", "https://log-b.example")];
pub(crate) const VENDOR_ID: [u8; 16] = *b"vendor of pumps.";
pub(crate) const CLASS_ID: [u8; 16] = *b"class pump 2026.";
/// 2027-01-15T08:00:00Z.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) const IMAGE_6: &[u8] = b"pump firmware 6: pumps";
pub(crate) const IMAGE_7: &[u8] = b"pump firmware 7: pumps, and counts strokes with log4pump 2.14";
pub(crate) const IMAGE_8: &[u8] = b"pump firmware 8: pumps, and counts strokes with log4pump 2.17";
pub(crate) const IMAGE_9: &[u8] =
    b"pump firmware 9: pumps backwards on Sundays, with log4pump 2.17";

/// What each key is for; no key is for two things. Provisioned keys would never be in a program.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    Firmware = 1,
    Office = 2,
    Scanner = 3,
    OtherScanner = 4,
    /// Somebody whom nobody enrolled.
    Stranger = 5,
    /// A laboratory that the services know, and the TAM does not.
    UnknownScanner = 6,
    OperatorA = 30,
    OperatorB = 31,
    /// What log B says of itself.
    LogB = 33,
    /// Whoever made the environment that log B runs in.
    Environment = 34,
    Pump17 = 40,
    Pump18 = 41,
    Agent17 = 50,
    Agent18 = 51,
    Tam = 60,
    Verifier = 61,
}

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

pub(crate) fn key(role: Role) -> Result<P256SigningKey, Trouble> {
    Ok(P256SigningKey::from_bytes(&[role as u8; 32])?.with_algorithm(Algorithm::ESP256)?)
}

pub(crate) fn thumbprint(role: Role) -> Result<Thumbprint, Trouble> {
    Ok(Thumbprint::of(&(&key(role)?.public_key()).into(), &RustCrypto)?)
}

/// The manifest of a release, with its image beside it.
pub(crate) fn manifest(number: u64, image: &[u8]) -> Result<EnvelopeBuilder, Trouble> {
    let hash = context().hash(Algorithm::SHA256, &[image])?;
    let image_of = Image {
        component: vec![b"pump".to_vec()],
        vendor_and_class: Some((VENDOR_ID, CLASS_ID)),
        digest: Digest::new(Algorithm::SHA256, hash.as_ref())?,
        size: u64::try_from(image.len())?,
        uri: Some("#image"),
        download: None,
        load: None,
        is_bootable: true,
    };
    let manifest =
        images(ManifestBuilder::new(number), &[image_of]).severed(suit_manifest::Section::Install);
    Ok(manifest.build(Algorithm::SHA256, &context())?.integrate("#image", image))
}

/// The block of an envelope, by whoever has the key.
pub(crate) fn block_by(
    role: Role,
    issuer: &str,
    envelope: &EnvelopeBuilder,
) -> Result<SignedBlock, Trouble> {
    let class = ClassUrn::new(&CLASS_ID);
    let builder = BlockBuilder::new(issuer, class.as_str(), &thumbprint(role)?);
    Ok(builder.sign(envelope, &key(role)?, &context())?)
}

/// The author's block of an envelope.
pub(crate) fn block(envelope: &EnvelopeBuilder) -> Result<SignedBlock, Trouble> {
    block_by(Role::Firmware, VENDOR, envelope)
}

/// The envelope with the block and these receipts.
pub(crate) fn sealed(
    mut envelope: EnvelopeBuilder,
    block: &SignedBlock,
    receipts: &[Vec<u8>],
) -> Result<Vec<u8>, Trouble> {
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    let block = match receipts[..] {
        [] => block.as_bytes().to_vec(),
        _ => block.with_receipts(&receipts)?,
    };
    envelope.block(block)?;
    Ok(envelope.to_bytes())
}

/// Calls `then` with a device that requires both services, and those services.
pub(crate) fn on_device<R>(
    services: &[Service; 2],
    then: impl FnOnce(&Device<'_>, &[TrustedService<'_>]) -> Result<R, Trouble>,
) -> Result<R, Trouble> {
    let context = context();
    let author = key(Role::Firmware)?.public_key();
    let author = TrustedKey::new(&author, &context)?.for_issuer(VENDOR);
    let public = services.each_ref().map(|service| service.key.public_key());
    let [a, b] = &public;
    let pinned = |key| {
        let key = TrustedKey::new(key, &context)?;
        Ok::<_, Trouble>([ServiceKey::new(key, Algorithm::EDDSA)
            .with_key_id(b"1")
            .with_entry_rule(profile::ENTRY_RULE)])
    };
    let (a, b) = (pinned(a)?, pinned(b)?);
    let [(name_a, iss_a), (name_b, iss_b)] = LOGS;
    let trusted = [
        TrustedService { name: name_a, issuer: Some(iss_a), keys: &a },
        TrustedService { name: name_b, issuer: Some(iss_b), keys: &b },
    ];
    let class = ClassUrn::new(&CLASS_ID);
    let classes = [class.as_str()];
    then(&Device::new(&author, &trusted, &classes).requiring(2), &trusted)
}
