//! What the runners share.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Context,
    key::{Jwk, TrustedKey},
    rustcrypto::RustCrypto,
};
use rats_eat::Error;
use serde_json::Value;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

/// The JWKs of a case.
pub(crate) fn jwks(case: &Case) -> Result<Vec<Jwk>, Trouble> {
    (0..case.keys.len()).map(|index| Ok(Jwk::decode(&case.key_bytes(index)?)?)).collect()
}

pub(crate) fn trusted(jwks: &[Jwk]) -> Result<Vec<TrustedKey<'_>>, Trouble> {
    jwks.iter().map(|jwk| Ok(TrustedKey::new(jwk.public_key()?, &context())?)).collect()
}

pub(crate) fn refused(error: &Error, facts: Facts) -> Outcome {
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}

pub(crate) fn outcome(verdict: Result<(), Error>, facts: Facts) -> Outcome {
    match verdict {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(&error, facts),
    }
}

/// Bytes as the vectors write them: `h'..'`, or length and digest where the case states those.
pub(crate) fn shown(bytes: &[u8], stated: Option<&Value>) -> Value {
    if stated.is_some_and(Value::is_object) {
        let digest = context()
            .hash(cose_ext::crypto::Algorithm::SHA256, &[bytes])
            .map(|digest| hex::encode(digest.as_ref()))
            .unwrap_or_default();
        serde_json::json!({"len": bytes.len(), "sha256": digest})
    } else {
        format!("h'{}'", hex::encode(bytes)).into()
    }
}

/// `value` with only those members of objects that `other` has too.
pub(crate) fn common_part(value: &Value, other: &Value) -> Value {
    match (value, other) {
        (Value::Object(value), Value::Object(other)) => {
            let common = value.iter().filter_map(|(key, value)| {
                Some((key.clone(), common_part(value, other.get(key)?)))
            });
            Value::Object(common.collect())
        }
        (Value::Array(values), Value::Array(others)) if values.len() == others.len() => {
            values.iter().zip(others).map(|(value, other)| common_part(value, other)).collect()
        }
        _ => value.clone(),
    }
}
