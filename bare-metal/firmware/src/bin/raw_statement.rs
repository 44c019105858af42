#![no_std]
#![no_main]
//! Checks both signatures of the statement that `transparent_statement` verifies, hashes from its entry to the signed root,
//! and its artifact, and does nothing else of it: what that costs at least. All is read before instructions are counted.

use core::hint::black_box;

use cose_ext::{Input, Profile, crypto::PublicKey, key::CoseKey, rustcrypto::P256VerifyingKey};
use firmware::{
    count_from_here,
    raw::{Logged, Signed, is_digest},
};
use scitt_core::{EntryRule, TransparentStatement, merkle_proof::cose::Receipt};

static STATEMENT: &[u8] =
    include_bytes!("../../../canary/fixtures/p256/transparent-statement.scitt");
static ISSUER_KEY: &[u8] = include_bytes!("../../../canary/fixtures/p256/issuer-key.cbor");
static SERVICE_KEY: &[u8] = include_bytes!("../../../canary/fixtures/p256/service-key.cbor");
static ARTIFACT: &[u8] = include_bytes!("../../../canary/fixtures/p256/artifact.bin");

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let bytes = [STATEMENT, ISSUER_KEY, SERVICE_KEY, ARTIFACT].map(black_box);
    i32::from(checked(bytes).is_none())
}

fn checked([statement, issuer, service, artifact]: [&[u8]; 4]) -> Option<()> {
    let (issuer, service) = (key(issuer)?, key(service)?);
    let statement = TransparentStatement::decode(statement, &Profile::LENIENT).ok()?;
    let (_, receipt) = statement.receipts().iter().next()?;
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).ok()?;
    let message = statement.statement().message();
    let signed = Signed::read(message, Input::embedded())?;
    let logged = Logged::read(signed, &EntryRule::DEFAULT, &receipt)?;
    raw(&logged, [&issuer, &service])?;
    is_digest(message.danger_unverified_payload()?, artifact).then_some(())
}

fn key(bytes: &[u8]) -> Option<PublicKey<'_>> {
    CoseKey::decode(bytes, &Profile::DETERMINISTIC).ok()?.public_key().ok()
}

#[inline(never)]
fn raw(logged: &Logged<'_>, keys: [&PublicKey<'_>; 2]) -> Option<()> {
    count_from_here();
    let [issuer, service] = keys.map(P256VerifyingKey::from_public_key);
    logged.verify(&issuer.ok()?, &service.ok()?)
}
