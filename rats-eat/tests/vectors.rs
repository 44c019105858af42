//! Published attestation tokens and what travels with them.

#[path = "vectors/again.rs"]
mod again;
#[path = "vectors/common.rs"]
mod common;
#[path = "vectors/components.rs"]
mod components;
#[path = "vectors/decoded.rs"]
mod decoded;
#[path = "vectors/eat.rs"]
mod eat;
#[path = "vectors/jwts.rs"]
mod jwts;
#[path = "support/keys.rs"]
mod keys;
#[path = "vectors/results.rs"]
mod results;
#[path = "vectors/wrappers.rs"]
mod wrappers;

use cose_ext::key::CoseKey;
use testkit::vectors::{Case, Facts, Outcome, Suite, Trouble};

fn main() -> std::process::ExitCode {
    Suite::new(env!("CARGO_MANIFEST_DIR"))
        // EAT and CWT.
        .kind("rats", "psa-token", eat::psa_token)
        .kind("rats", "psa-claims-set", eat::psa_claims_set)
        .kind("rats", "eat-cwt", eat::eat_cwt)
        .kind("rats", "eat-claims-set-cbor", eat::claims_set)
        .kind("rats", "cca-claims-set", eat::cca_claims_set)
        .kind("rats", "cca-token", eat::cca_token)
        .kind("rats", "cca-platform-token", eat::cca_platform_token)
        .kind("rats", "eat-detached-bundle-cbor", eat::bundle)
        .kind("rats", "cwt-claims-set", eat::claims_set)
        .kind("rats", "cwt-sign1", eat::cwt)
        .kind("rats", "cwt-mac0", eat::cwt)
        .kind("rats", "cwt-encrypt0", eat::cwt)
        .kind("rats", "uccs", eat::uccs)
        .kind("rats", "parsec-key-attestation", eat::parsec)
        .kind("rats", "cose-key", cose_key)
        // Wrappers, measured components, attestation results, JSON.
        .kind("rats", "cmw-cbor", wrappers::cbor)
        .kind("rats", "cmw-json", wrappers::json)
        .kind("rats", "cmw-cose-sign1", wrappers::cose_sign1)
        .kind("rats", "x509-with-cmw", wrappers::certificate)
        .kind("rats", "epoch-marker", components::epoch_marker)
        .kind("rats", "measured-component-cbor", components::cbor)
        .kind("rats", "measured-component-json", components::json)
        .kind("rats", "ear-claims-set-cbor", results::claims_cbor)
        .kind("rats", "ear-claims-set-json", results::claims_json)
        .kind("rats", "ear-cwt", results::cwt)
        .kind("rats", "ear-jwt", results::jwt)
        .kind("rats", "eat-jwt", jwts::eat_jwt)
        .kind("rats", "eat-claims-set-json", jwts::eat_claims)
        .kind("rats", "eat-detached-bundle-json", jwts::bundle)
        .kind("rats", "jwt-claims-with-cmw", jwts::with_wrapper)
        .run()
}

fn cose_key(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    match CoseKey::decode(&bytes, &cose_ext::Profile::LENIENT) {
        Ok(_) => Ok(Outcome::Accepted(Facts::new())),
        Err(error) => Ok(Outcome::Refused {
            rule: error.rule().map(|rule| rule.id),
            error: error.to_string(),
            facts: Facts::new(),
        }),
    }
}
