//! Heads that a service signed, and proofs of forks.

use cose_ext::{Context, key::TrustedKey, rustcrypto::RustCrypto};
use scitt_core::{Error, ForkProof, HeadForm, HeadVerifier, ServiceKey, TrustedService};
use testkit::{
    jwk::Jwk,
    vectors::{Case, Facts, Outcome, Trouble},
};

use super::keys::OwnedKey;

fn refused(error: &Error) -> Outcome {
    Outcome::refused(error.rule().map(|rule| rule.id), error)
}

/// Calls `judge` with the keys of the case.
fn with_verifier(
    case: &Case,
    judge: impl FnOnce(&HeadVerifier<'_>, &Context<'_>) -> Result<Facts, Error>,
) -> Result<Outcome, Trouble> {
    let key = OwnedKey::from_jwk(&Jwk::from_slice(&case.key_bytes(0)?)?)?;
    let context = Context::new(&RustCrypto);
    let trusted = TrustedKey::new(key.public_key(), &context)?;
    let keys = [ServiceKey::new(trusted, key.usual_algorithm())];
    let service = TrustedService { name: "log", issuer: Some("https://log.example"), keys: &keys };
    Ok(match judge(&HeadVerifier::new(service), &context) {
        Ok(facts) => Outcome::Accepted(facts),
        Err(error) => refused(&error),
    })
}

pub(crate) fn signed_head(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    with_verifier(case, |verifier, context| {
        let head = verifier.verify(HeadForm::Cose(&bytes), context)?;
        let mut facts = Facts::new();
        facts.is("size", head.size()).is_hex("root", head.root());
        Ok(facts)
    })
}

pub(crate) fn fork_proof(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    with_verifier(case, |verifier, context| {
        let proof = ForkProof::from_bytes(&bytes, verifier, context)?;
        let (older, newer) = (proof.older(), proof.newer());
        let mut facts = Facts::new();
        facts.is("older_size", older.size()).is("newer_size", newer.size());
        facts.is_hex("older_root", older.root()).is_hex("newer_root", newer.root());
        Ok(facts)
    })
}
