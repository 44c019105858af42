#![no_std]
#![no_main]
//! Checks the signature of the envelope that `suit_invoke` verifies, hashes its manifest and the image, and does nothing else
//! of it: what that costs at least. All is read before instructions are counted.

use core::hint::black_box;

use cose_ext::{Input, Profile, Sign1, rustcrypto::P256VerifyingKey};
use firmware::{
    count_from_here,
    raw::{Signed, is_digest},
};
use suit_manifest::Envelope;

static ENVELOPE: &[u8] = include_bytes!("../../../canary/fixtures/suit/envelope.suit");
static KEY: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/author-key.bin");
static IMAGE: &[u8] = include_bytes!("../../../canary/fixtures/artifact.bin");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    i32::from(checked(black_box(ENVELOPE), black_box(KEY)).is_none())
}

fn checked(envelope: &[u8], key: &[u8; 64]) -> Option<()> {
    let envelope = Envelope::decode(envelope, &Profile::LENIENT).ok()?;
    let authentication = envelope.authentication();
    let block = authentication.blocks().next()?;
    let message = Sign1::decode_tagged(block.bytes(), &Profile::LENIENT).ok()?;
    let signed = Signed::read(&message, Input::detached(authentication.signed_bytes()))?;
    raw(&signed, key, &envelope)
}

#[inline(never)]
fn raw(signed: &Signed<'_>, key: &[u8; 64], envelope: &Envelope<'_>) -> Option<()> {
    count_from_here();
    let (x, y) = key.split_at_checked(32)?;
    signed.verify(&P256VerifyingKey::from_coordinates(x, y).ok()?)?;
    let digest = envelope.authentication().digest();
    let is_manifest = is_digest(digest.value(), envelope.manifest_item().bytes());
    // What its digest is compared with stands in the manifest, which is not read here.
    let is_image = is_digest(black_box(&[]), black_box(IMAGE));
    (is_manifest && !is_image).then_some(())
}
