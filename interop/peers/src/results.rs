//! Attestation results by ear.

use ear::{Algorithm, Ear};
use serde_json::Value;

use crate::Verdict;
use crate::vectors::Case;

fn algorithm(jwk: &Value) -> Option<Algorithm> {
    match jwk.get("crv")?.as_str()? {
        "P-256" => Some(Algorithm::ES256),
        "P-384" => Some(Algorithm::ES384),
        "P-521" => Some(Algorithm::ES512),
        "Ed25519" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// Verifies a JWT with the first key of the case.
pub(crate) fn jwt(case: &Case) -> Option<Verdict> {
    let (key, token) = (case.keys.first()?, std::str::from_utf8(&case.bytes).ok()?);
    let jwk = serde_json::to_vec(key).ok()?;
    let read = Ear::from_jwt_jwk(token.trim(), algorithm(key)?, &jwk);
    Some(read.map(|_| ()).map_err(|error| error.to_string()))
}

/// Verifies a CWT with the first key of the case.
pub(crate) fn cwt(case: &Case) -> Option<Verdict> {
    let key = case.keys.first()?;
    let jwk = serde_json::to_vec(key).ok()?;
    let read = Ear::from_cose_jwk(&case.bytes, algorithm(key)?, &jwk);
    Some(read.map(|_| ()).map_err(|error| error.to_string()))
}
