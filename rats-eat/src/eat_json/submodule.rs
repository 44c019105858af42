//! Submodules of a claims set in JSON (RFC 9711 4.2.18, 7.3).

use alloc::{format, vec::Vec};

use super::{broken, claims_set, reported};
use crate::{
    Error, Path, Rule, Step,
    json::{self, Json, Quoted, decode_base64url},
    validate::Report,
};

/// Encodes all submodules of a claims set; `path` leads to the claim that holds them.
pub(super) fn all(
    value: &Json,
    path: &Path<'_>,
    report: &mut Report<'_>,
) -> Result<Vec<u8>, Error> {
    let Some(members) = value.as_object() else { return Ok(json::of(value)) };
    let entries = members.iter().map(|(name, value)| {
        let here = path.then(Step::Submodule(name));
        Ok((json::text(name), one(value, &here, report)?))
    });
    Ok(json::map(entries.collect::<Result<_, Error>>()?))
}

/// Encodes one: a claims set, a nested token, or the digest of a detached claims set.
///
/// A token in JSON becomes the text that CBOR has for it, a JSON array of its type and itself.
fn one(value: &Json, path: &Path<'_>, report: &mut Report<'_>) -> Result<Vec<u8>, Error> {
    let encoded = match value {
        Json::Object(_) => return claims_set(value, path, report),
        Json::Array(selector) => match selector.as_slice() {
            [Json::Text(kind), token] => nested(kind, token),
            _ => Err(broken(Rule::Submods)),
        },
        _ => Err(broken(Rule::Submods)),
    };
    encoded.map_err(|error| reported(error, path, report))
}

fn nested(kind: &str, token: &Json) -> Result<Vec<u8>, Error> {
    match (kind, token) {
        ("CBOR", Json::Text(token)) => {
            let token = decode_base64url(token).ok_or(broken(Rule::Base64Url))?;
            Ok(json::bytes(&token))
        }
        ("DIGEST", Json::Array(digest)) => match digest.as_slice() {
            [algorithm, Json::Text(value)] => {
                let value = decode_base64url(value).ok_or(broken(Rule::Base64Url))?;
                Ok(json::array([json::of(algorithm), json::bytes(&value)]))
            }
            _ => Err(broken(Rule::Submods)),
        },
        ("JWT" | "BUNDLE" | "UJCS", _) => Ok(json::text(&format!("[{},{token}]", Quoted(kind)))),
        _ => Err(broken(Rule::Submods)),
    }
}
