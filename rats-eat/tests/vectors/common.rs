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

/// Bytes in base64url, by an encoder of this test's own.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = number << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            out.push(DIGITS[(number >> (18 - 6 * index) & 63) as usize].into());
        }
    }
    out
}
