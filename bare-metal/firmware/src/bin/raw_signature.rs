#![no_std]
#![no_main]
//! Checks the signature of the message that `one_sign1` verifies, and nothing else of it: what that costs at least. What is
//! signed is put together before instructions are counted.

use core::hint::black_box;

use cose_ext::{
    Error, Input, Profile, Sign1,
    crypto::{Algorithm, InvalidKey, PublicKey, SignatureVerifier, VerifyError},
    key::CoseKey,
    rustcrypto::P256VerifyingKey,
};
use firmware::count_from_here;

static MESSAGE: &[u8] = include_bytes!("../../../canary/fixtures/sign1.cose");
static KEY: &[u8] = include_bytes!("../../../canary/fixtures/issuer-key.cbor");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    match checked(black_box(MESSAGE), black_box(KEY)) {
        Ok(Ok(())) => 0,
        _ => 1,
    }
}

fn checked(message: &[u8], key: &[u8]) -> Result<Result<(), VerifyError>, Error> {
    let key = CoseKey::decode(key, &Profile::DETERMINISTIC)?.public_key()?;
    let message = Sign1::decode_tagged(message, &Profile::LENIENT)?;
    let signed = message.to_be_signed(&Input::embedded(), &Profile::LENIENT)?;
    Ok(raw(&key, &signed.parts(), message.signature()))
}

#[inline(never)]
fn raw(key: &PublicKey<'_>, message: &[&[u8]], signature: &[u8]) -> Result<(), VerifyError> {
    count_from_here();
    let key =
        P256VerifyingKey::from_public_key(key).map_err(|_: InvalidKey| VerifyError::InvalidKey)?;
    key.verify(Algorithm::ES256, message, signature)
}
