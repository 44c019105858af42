#![no_std]
#![no_main]
//! Writes the claims of a PSA token (RFC 9783) in a buffer of its own, and signs them by ES256.

use core::hint::black_box;

use cose_ext::{cwt::ClaimKey, rustcrypto::P256SigningKey};
use firmware as _;
use rats_eat::{
    Error,
    attester::{self, ClaimsWriter},
};

/// Of no device: what a boot loader would have measured and provisioned.
static KEY: &[u8; 32] = &[7; 32];
static NONCE: &[u8] = &[1; 32];
static MEASUREMENT: &[u8] = &[2; 32];
static SIGNER: &[u8] = &[3; 32];

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let Ok(key) = P256SigningKey::from_bytes(black_box(KEY)) else { return 2 };
    let mut buffer = [0; 512];
    match token(&mut buffer, &key, black_box(NONCE)) {
        // Tag 61, tag 18, an array of four.
        Ok([0xd8, 0x3d, 0xd2, 0x84, ..]) => 0,
        _ => 1,
    }
}

fn token<'o>(out: &'o mut [u8], key: &P256SigningKey, nonce: &[u8]) -> Result<&'o [u8], Error> {
    let mut instance_id = [5; 33];
    if let Some(kind) = instance_id.first_mut() {
        *kind = 1;
    }
    let claims = |claims: &mut ClaimsWriter<'_, '_>| {
        claims
            .bytes(ClaimKey::EAT_NONCE, nonce)
            .bytes(ClaimKey::UEID, &instance_id)
            .text(ClaimKey::EAT_PROFILE, "tag:psacertified.org,2023:psa#tfm")
            .int(ClaimKey::int(2394), -1)
            .uint(ClaimKey::int(2395), 0x3000)
            .bytes(ClaimKey::int(2396), &[6; 32])
            .claim(ClaimKey::int(2399), |components| {
                components.array(1).map(3).int(1).text("BL");
                components.int(2).bytes(black_box(MEASUREMENT)).int(5).bytes(black_box(SIGNER));
            });
    };
    attester::sign(out, Some(b"iak"), key, &claims)
}
