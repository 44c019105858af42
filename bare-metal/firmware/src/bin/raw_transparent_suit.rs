#![no_std]
#![no_main]
//! Checks both signatures of the envelope that `transparent_suit_invoke` verifies, hashes from its entry to the signed root,
//! its manifest and the image, and does nothing else of it: what that costs at least. All is read before instructions are
//! counted.

use core::hint::black_box;

use cose_ext::{Input, Profile, Sign1, rustcrypto::P256VerifyingKey};
use firmware::{
    count_from_here,
    raw::{Logged, Signed, is_digest},
};
use scitt_core::merkle_proof::cose::Receipt;
use suit_manifest::Envelope;
use transparent_suit::profile::ENTRY_RULE;

static ENVELOPE: &[u8] = include_bytes!("../../../canary/fixtures/suit/transparent-envelope.suit");
static AUTHOR: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/author-key.bin");
static SERVICE: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/service-key.bin");
static IMAGE: &[u8] = include_bytes!("../../../canary/fixtures/artifact.bin");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    i32::from(checked(black_box(ENVELOPE), [AUTHOR, SERVICE].map(black_box)).is_none())
}

fn checked(envelope: &[u8], keys: [&[u8; 64]; 2]) -> Option<()> {
    let envelope = Envelope::decode(envelope, &Profile::LENIENT).ok()?;
    let authentication = envelope.authentication();
    let block = authentication.blocks().next()?;
    let message = Sign1::decode_tagged(block.bytes(), &Profile::LENIENT).ok()?;
    let receipts = message.headers().unprotected().receipts().ok()??;
    let (_, receipt) = receipts.iter().next()?;
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).ok()?;
    let signed = Signed::read(&message, Input::detached(authentication.signed_bytes()))?;
    let logged = Logged::read(signed, &ENTRY_RULE, &receipt)?;
    raw(&logged, keys, &envelope)
}

#[inline(never)]
fn raw(logged: &Logged<'_>, keys: [&[u8; 64]; 2], envelope: &Envelope<'_>) -> Option<()> {
    count_from_here();
    let [author, service] = keys.map(|key| {
        let (x, y) = key.split_at_checked(32)?;
        P256VerifyingKey::from_coordinates(x, y).ok()
    });
    logged.verify(&author?, &service?)?;
    let digest = envelope.authentication().digest();
    let is_manifest = is_digest(digest.value(), envelope.manifest_item().bytes());
    // What its digest is compared with stands in the manifest, which is not read here.
    let is_image = is_digest(black_box(&[]), black_box(IMAGE));
    (is_manifest && !is_image).then_some(())
}
