#![no_std]
#![no_main]
//! Verifies one COSE_Sign1 with a COSE_Key from flash, by ES256.

use core::hint::black_box;

use cose_ext::{
    Context, Error, Input, Profile, Sign1,
    key::{CoseKey, TrustedKey},
    rustcrypto::RustCrypto,
};
use firmware as _;

static MESSAGE: &[u8] = include_bytes!("../../../canary/fixtures/sign1.cose");
static KEY: &[u8] = include_bytes!("../../../canary/fixtures/issuer-key.cbor");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    match verified(black_box(MESSAGE), black_box(KEY)) {
        Ok(payload) if !payload.is_empty() => 0,
        _ => 1,
    }
}

fn verified<'m>(message: &'m [u8], key: &[u8]) -> Result<&'m [u8], Error> {
    let key = CoseKey::decode(key, &Profile::DETERMINISTIC)?.public_key()?;
    let key = TrustedKey::new(key, &Context::new(&RustCrypto))?.for_issuer("https://maker.example");
    let message = Sign1::decode_tagged(message, &Profile::LENIENT)?;
    let signed = message.verify(&Input::embedded(), &key, &Context::new(&RustCrypto))?;
    Ok(signed.into_value().payload())
}
