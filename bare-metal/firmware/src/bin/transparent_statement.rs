#![no_std]
#![no_main]
//! Verifies a transparent statement offline: the statement by ES256, its receipt by ES256, both with keys from flash.

use core::hint::black_box;

use cose_ext::{Context, Input, Profile, crypto::Algorithm, key::TrustedKey};
use firmware::{BoardCrypto, FlashKey};
use scitt_core::{
    Error, ServiceKey, Statement, Transparent, TransparentStatement, TrustedService, Verifier,
};

static STATEMENT: &[u8] =
    include_bytes!("../../../canary/fixtures/p256/transparent-statement.scitt");
static ARTIFACT: &[u8] = include_bytes!("../../../canary/fixtures/p256/artifact.bin");

/// Whom the board believes: keys, thumbprints and names, all of it burnt in.
static ISSUER_KEY: FlashKey =
    FlashKey::new(include_bytes!("../../../canary/fixtures/suit/author-key.bin"));
static ISSUER: TrustedKey<'static> = ISSUER_KEY
    .trusted(include_bytes!("../../../canary/fixtures/suit/author-thumbprint.bin"))
    .for_issuer("https://maker.example");
static SERVICE_KEY: FlashKey =
    FlashKey::new(include_bytes!("../../../canary/fixtures/suit/service-key.bin"));
static SERVICE_KEYS: [ServiceKey<'static>; 1] = [ServiceKey::new(
    SERVICE_KEY.trusted(include_bytes!("../../../canary/fixtures/suit/service-thumbprint.bin")),
    Algorithm::ES256,
)];
static SERVICES: [TrustedService<'static>; 1] =
    [TrustedService { name: SERVICE, issuer: Some(SERVICE), keys: &SERVICE_KEYS }];
static VERIFIER: Verifier<'static> = Verifier::new(&ISSUER, &SERVICES);
static CONTEXT: Context<'static> = Context::new(&BoardCrypto);

const SERVICE: &str = "https://transparency.example";

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let bytes = [STATEMENT, ARTIFACT].map(black_box);
    match verify(bytes) {
        Ok(()) => 0,
        Err(_) => 1,
    }
}

fn verify([statement, artifact]: [&[u8]; 2]) -> Result<(), Error> {
    // Matched where it is made, as all that is large.
    let statement = &TransparentStatement::decode(statement, &Profile::LENIENT);
    let statement = statement.as_ref().map_err(|error| *error)?;
    let (verifier, context) = (black_box(&VERIFIER), black_box(&CONTEXT));
    let mut outcome = Ok(());
    verifier.verify_then(statement, &Input::embedded(), context, &mut |transparent| {
        outcome = is_about(transparent, artifact, context);
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
