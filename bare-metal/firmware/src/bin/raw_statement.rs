#![no_std]
#![no_main]
//! Checks both signatures of the statement that `transparent_statement` verifies, hashes from its entry to the signed root,
//! and its artifact, and does nothing else of it: what that costs at least. All is read before instructions are counted.

use core::hint::black_box;

use cose_ext::{Input, Profile, crypto::InvalidKey, rustcrypto::P256VerifyingKey};
use firmware::{
    count_from_here,
    raw::{Logged, Signed, is_digest},
};
use scitt_core::{EntryRule, TransparentStatement, merkle_proof::cose::Receipt};

static STATEMENT: &[u8] =
    include_bytes!("../../../canary/fixtures/p256/transparent-statement.scitt");
static ISSUER_KEY: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/author-key.bin");
static SERVICE_KEY: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/service-key.bin");
static ARTIFACT: &[u8] = include_bytes!("../../../canary/fixtures/p256/artifact.bin");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let (bytes, keys) =
        ([STATEMENT, ARTIFACT].map(black_box), [ISSUER_KEY, SERVICE_KEY].map(black_box));
    i32::from(checked(bytes, keys).is_none())
}

fn checked([statement, artifact]: [&[u8]; 2], keys: [&[u8; 64]; 2]) -> Option<()> {
    let statement = TransparentStatement::decode(statement, &Profile::LENIENT).ok()?;
    let (_, receipt) = statement.receipts().iter().next()?;
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).ok()?;
    let message = statement.statement().message();
    let signed = Signed::read(message, Input::embedded())?;
    let logged = Logged::read(signed, &EntryRule::DEFAULT, &receipt)?;
    raw(&logged, keys)?;
    is_digest(message.danger_unverified_payload()?, artifact).then_some(())
}

#[inline(never)]
fn raw(logged: &Logged<'_>, keys: [&[u8; 64]; 2]) -> Option<()> {
    count_from_here();
    let [issuer, service] = keys.map(key);
    logged.verify(&issuer.ok()?, &service.ok()?)
}

#[inline(never)]
fn key(coordinates: &[u8; 64]) -> Result<P256VerifyingKey, InvalidKey> {
    let (x, y) = coordinates.split_at(32);
    P256VerifyingKey::from_coordinates(x, y)
}
