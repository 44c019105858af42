//! Published attestation tokens and what travels with them.

use cose_ext::key::CoseKey;
use testkit::vectors::{Case, Facts, Outcome, Suite, Trouble};

fn main() -> std::process::ExitCode {
    Suite::new(env!("CARGO_MANIFEST_DIR"))
        // EAT and CWT.
        .kind("rats", "cose-key", cose_key)
        // Wrappers, measured components, attestation results, JSON.
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
