//! COSE_Sign1 by coset, which leaves signatures to the caller: here to the crates that it is used with.

use coset::{
    CborSerializable, CoseSign1, RegisteredLabelWithPrivate, TaggedCborSerializable, iana,
};
use serde_json::Value;

use crate::Verdict;
use crate::vectors::{Case, number};

/// What the verifiers here answer for what they do not do.
const NO_VERIFIER: &str = "no verifier here";

/// Reads and verifies one message in the form of the COSE working group.
pub(crate) fn sign1(case: &Case) -> Option<Verdict> {
    let file: Value = serde_json::from_slice(&case.bytes).ok()?;
    let message = hex::decode(file.pointer("/output/cbor")?.as_str()?).ok()?;
    let body = file.pointer("/input/sign0")?;
    let external = body.get("external").and_then(Value::as_str).unwrap_or("");
    let external = hex::decode(external).ok()?;
    let input = file.get("input")?;
    let is_detached = [input, body].iter().any(|at| at.get("detached") == Some(&Value::Bool(true)));
    let payload = match (input.get("plaintext_hex"), input.get("plaintext")) {
        (Some(hex), _) => hex::decode(hex.as_str()?).ok()?,
        (None, Some(text)) => text.as_str()?.as_bytes().to_vec(),
        (None, None) => Vec::new(),
    };
    let verdict =
        verify(&message, body.get("key")?, &external, is_detached.then_some(&payload[..]));
    // coset is not judged by what its caller has no verifier for.
    (verdict != Err(NO_VERIFIER.to_owned())).then_some(verdict)
}

fn verify(message: &[u8], jwk: &Value, external: &[u8], detached: Option<&[u8]>) -> Verdict {
    let message = CoseSign1::from_tagged_slice(message)
        .or_else(|_| CoseSign1::from_slice(message))
        .map_err(|error| error.to_string())?;
    let algorithm = message.protected.header.alg.clone().or(message.unprotected.alg.clone());
    let check = |signature: &[u8], data: &[u8]| check(jwk, algorithm, signature, data);
    match detached {
        Some(payload) => message.verify_detached_signature(payload, external, check),
        None if message.payload.is_none() => Err("no payload".into()),
        None => message.verify_signature(external, check),
    }
}

fn check(
    jwk: &Value,
    algorithm: Option<RegisteredLabelWithPrivate<iana::Algorithm>>,
    signature: &[u8],
    data: &[u8],
) -> Verdict {
    use iana::Algorithm::{ES256, ES384, ESP256, ESP384, Ed25519, EdDSA};
    use p256::ecdsa::signature::Verifier;

    let Some(RegisteredLabelWithPrivate::Assigned(algorithm)) = algorithm else {
        return Err("no registered algorithm".into());
    };
    let point = || Some([vec![4], number(jwk, "x")?, number(jwk, "y")?].concat());
    let curve = jwk.get("crv").and_then(Value::as_str);
    let refused = |error: &dyn std::fmt::Display| error.to_string();
    match (algorithm, curve) {
        (ES256 | ESP256, Some("P-256")) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point().ok_or("no key")?)
                .map_err(|error| refused(&error))?;
            let signature =
                p256::ecdsa::Signature::from_slice(signature).map_err(|error| refused(&error))?;
            key.verify(data, &signature).map_err(|error| refused(&error))
        }
        (ES384 | ESP384, Some("P-384")) => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&point().ok_or("no key")?)
                .map_err(|error| refused(&error))?;
            let signature =
                p384::ecdsa::Signature::from_slice(signature).map_err(|error| refused(&error))?;
            key.verify(data, &signature).map_err(|error| refused(&error))
        }
        (EdDSA | Ed25519, Some("Ed25519")) => {
            let x = number(jwk, "x").and_then(|x| x.try_into().ok()).ok_or("no key")?;
            let key =
                ed25519_dalek::VerifyingKey::from_bytes(&x).map_err(|error| refused(&error))?;
            let signature =
                ed25519_dalek::Signature::from_slice(signature).map_err(|error| refused(&error))?;
            key.verify_strict(data, &signature).map_err(|error| refused(&error))
        }
        _ => Err(NO_VERIFIER.into()),
    }
}
