//! Submodules of a claims set in JSON (RFC 9711 4.2.18, 7.3).

use alloc::{format, vec::Vec};

use super::{broken, claims_set};
use crate::{
    Error, Rule,
    json::{self, Json, Quoted, decode_base64url},
};

/// Encodes all submodules of a claims set.
pub(super) fn all(value: &Json) -> Result<Vec<u8>, Error> {
    let Some(members) = value.as_object() else { return Ok(json::of(value)) };
    let entries = members.iter().map(|(name, value)| Ok((json::text(name), one(value)?)));
    Ok(json::map(entries.collect::<Result<_, Error>>()?))
}

/// Encodes one: a claims set, a nested token, or the digest of a detached claims set.
///
/// A token in JSON becomes the text that CBOR has for it, a JSON array of its type and itself.
fn one(value: &Json) -> Result<Vec<u8>, Error> {
    match value {
        Json::Object(_) => claims_set(value),
        Json::Array(selector) => match selector.as_slice() {
            [Json::Text(kind), token] => nested(kind, token),
            _ => Err(broken(Rule::Submods)),
        },
        _ => Err(broken(Rule::Submods)),
    }
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
