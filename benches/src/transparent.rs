//! Transparent SUIT envelopes with any number of receipts, from fixed keys, and the device that takes them.

use cose_ext::{
    Context, Digest, MapBuilder, Profile,
    crypto::Algorithm,
    cwt::ClaimKey,
    header::Vds,
    key::{Identity, Thumbprint, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
};
use merkle_proof::{
    Sha256Tree, TreeHash, UnauthenticatedPosition,
    cose::{ReceiptBuilder, encode_inclusion},
    root_from_inclusion,
};
use scitt_core::{ServiceKey, SignedStatement, TrustedService};
use suit_manifest::{
    Envelope,
    author::{EnvelopeBuilder, Image, ManifestBuilder, images},
};
use transparent_suit::{BlockBuilder, ClassUrn, Device, profile};

use crate::{null::Null, work::kept};

pub use crate::statement::Signatures;

const ISSUER: &str = "https://vendor.example";
/// The services, as many as there can be receipts that count.
const SERVICES: [&str; 4] = [
    "https://log-a.example",
    "https://log-b.example",
    "https://log-c.example",
    "https://log-d.example",
];
const CLASS: [u8; 16] = *b"class of devices";
const VENDOR: [u8; 16] = *b"vendor of device";
/// Rows of each log's tree: 2^20 entries.
pub const ROWS: u8 = 20;

/// The author's key, and those of the services, for ESP256.
///
/// # Panics
/// Never: the scalars are fixed.
pub fn keys() -> (P256SigningKey, [P256SigningKey; 4]) {
    let key = |seed: u8| {
        let key = P256SigningKey::from_bytes(&[seed; 32]).expect("a scalar");
        key.with_algorithm(Algorithm::ESP256).expect("of its curve")
    };
    (key(1), [key(2), key(3), key(4), key(5)])
}

fn manifest() -> EnvelopeBuilder {
    let image = Image {
        component: vec![b"app".to_vec()],
        vendor_and_class: Some((VENDOR, CLASS)),
        digest: Digest::new(Algorithm::SHA256, &[7; 32]).expect("a digest"),
        size: 34768,
        uri: None,
        download: None,
        load: None,
        is_bootable: true,
    };
    let builder = images(ManifestBuilder::new(8), &[image]);
    builder.build(Algorithm::SHA256, &Context::new(&RustCrypto)).expect("a manifest")
}

/// An envelope whose block has so many receipts, each of another service, of the last of 2^20 entries. The paths are made
/// up: nobody but the service knows.
///
/// # Panics
/// If there are more receipts than services.
pub fn envelope(receipts: usize) -> Vec<u8> {
    let (author, services) = keys();
    let context = Context::new(&RustCrypto);
    let mut envelope = manifest();
    let thumbprint = Thumbprint::of(&(&author.public_key()).into(), &RustCrypto).expect("a key");
    let class = ClassUrn::new(&CLASS);
    let builder = BlockBuilder::new(ISSUER, class.as_str(), &thumbprint);
    let block = builder.sign(&envelope, &author, &context).expect("a block");
    let submission = block.submission().expect("a statement");
    let statement = SignedStatement::decode(&submission, &Profile::LENIENT).expect("a statement");
    let entry = profile::ENTRY_RULE.entry(statement.message(), block.digest());
    let leaf = Sha256Tree.leaf(&entry.parts());
    let path: Vec<[u8; 32]> = (0..ROWS).map(|row| Sha256Tree.leaf(&[&[row]])).collect();
    let position = UnauthenticatedPosition { tree_size: 1 << ROWS, leaf_index: (1 << ROWS) - 1 };
    let root = root_from_inclusion(&Sha256Tree, &leaf, position, &path).expect("a root");
    let made: Vec<_> = SERVICES[..receipts]
        .iter()
        .zip(&services)
        .map(|(issuer, key)| {
            let claims =
                MapBuilder::new().with(ClaimKey::ISS, *issuer).with(ClaimKey::SUB, "receipt");
            ReceiptBuilder::new(Vds::RFC9162_SHA256)
                .key_id(b"1")
                .cwt_claims(&claims)
                .inclusion(encode_inclusion(position, &path))
                .sign(root.unconfirmed(), key)
                .expect("a receipt")
        })
        .collect();
    let made: Vec<_> = made.iter().map(Vec::as_slice).collect();
    let block = match made[..] {
        [] => block.as_bytes().to_vec(),
        _ => block.with_receipts(&made).expect("a block"),
    };
    envelope.block(block).expect("a block");
    envelope.to_bytes()
}

/// Returns a device that asks for so many services; its signatures are checked, or not.
///
/// # Panics
/// Never: the keys are good.
pub fn device(required: usize, signatures: Signatures) -> Device<'static> {
    let (author, services) = keys();
    let context = Context::new(&RustCrypto);
    let trusted = |key: &P256SigningKey, name: u8| {
        let public = kept(key.public_key());
        match signatures {
            Signatures::Checked => TrustedKey::new(public, &context).expect("a key"),
            Signatures::Accepted => {
                TrustedKey::parsed(kept(Null::new(public)), Identity::new([name; 32]))
            }
        }
    };
    let firmware = kept(trusted(&author, 0).for_issuer(ISSUER));
    let mut place = 0;
    let services = SERVICES.map(|issuer| {
        place += 1;
        let key = trusted(&services[usize::from(place) - 1], place);
        let key = ServiceKey::new(key, Algorithm::ESP256).with_entry_rule(profile::ENTRY_RULE);
        TrustedService { name: issuer, issuer: Some(issuer), keys: kept([key]) }
    });
    let class = kept(ClassUrn::new(&CLASS));
    Device::new(firmware, kept(services), kept([class.as_str()])).requiring(required)
}

/// Verifies, and returns how many services logged the block.
///
/// # Panics
/// If the device refuses.
pub fn verify(bytes: &[u8], device: &Device<'_>) -> usize {
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
    device.verify(&envelope, &Context::new(&RustCrypto)).expect("a manifest").services()
}
