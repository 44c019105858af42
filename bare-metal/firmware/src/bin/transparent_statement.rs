#![no_std]
#![no_main]
//! Verifies a transparent statement offline: the statement by ES256, its receipt by ES256, both with keys from flash.

use core::hint::black_box;

use cose_ext::{
    Context, Input, Profile,
    crypto::Algorithm,
    key::{CoseKey, TrustedKey},
    rustcrypto::RustCrypto,
};
use firmware as _;
use scitt_core::{
    Error, ServiceKey, Statement, Transparent, TransparentStatement, TrustedService, Verifier,
};

static STATEMENT: &[u8] =
    include_bytes!("../../../canary/fixtures/p256/transparent-statement.scitt");
static ISSUER_KEY: &[u8] = include_bytes!("../../../canary/fixtures/p256/issuer-key.cbor");
static SERVICE_KEY: &[u8] = include_bytes!("../../../canary/fixtures/p256/service-key.cbor");
static ARTIFACT: &[u8] = include_bytes!("../../../canary/fixtures/p256/artifact.bin");

const SERVICE: &str = "https://transparency.example";

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let bytes = [STATEMENT, ISSUER_KEY, SERVICE_KEY, ARTIFACT].map(black_box);
    match verify(bytes) {
        Ok(()) => 0,
        Err(_) => 1,
    }
}

fn verify([statement, issuer, service, artifact]: [&[u8]; 4]) -> Result<(), Error> {
    // Matched where they are made, as all that is large.
    let (issuer, service) = (&issuer_key(issuer), &service_key(service));
    let issuer = issuer.as_ref().map_err(|error| *error)?;
    let keys = core::slice::from_ref(service.as_ref().map_err(|error| *error)?);
    let services = [TrustedService { name: SERVICE, issuer: Some(SERVICE), keys }];
    let statement = &TransparentStatement::decode(statement, &Profile::LENIENT);
    let statement = statement.as_ref().map_err(|error| *error)?;
    let verifier = Verifier::new(issuer, &services);
    let context = Context::new(&RustCrypto);
    let mut outcome = Ok(());
    verifier.verify_then(statement, &Input::embedded(), &context, &mut |transparent| {
        outcome = is_about(transparent, artifact, &context);
    })?;
    outcome
}

fn is_about(
    transparent: &Transparent<'_>,
    artifact: &[u8],
    context: &Context<'_>,
) -> Result<(), Error> {
    let digest = transparent.statement().try_map(Statement::digest)?;
    digest.vouch_for_bytes(artifact, context).map(drop)?;
    Ok(())
}

#[inline(never)]
fn issuer_key(bytes: &[u8]) -> Result<TrustedKey<'_>, cose_ext::Error> {
    Ok(key(bytes)?.for_issuer("https://maker.example"))
}

#[inline(never)]
fn service_key(bytes: &[u8]) -> Result<ServiceKey<'_>, cose_ext::Error> {
    Ok(ServiceKey::new(key(bytes)?, Algorithm::ES256))
}

#[inline(never)]
fn key(bytes: &[u8]) -> Result<TrustedKey<'_>, cose_ext::Error> {
    TrustedKey::new(
        CoseKey::decode(bytes, &Profile::DETERMINISTIC)?.public_key()?,
        &Context::new(&RustCrypto),
    )
}
