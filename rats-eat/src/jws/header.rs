//! The header.

use alloc::string::String;

use cose_ext::{Profile, crypto::Algorithm};

use super::algorithm;
use crate::{Error, Rule, error::ErrorKind, json::Json};

/// Members that bring a key along, or say where one is (RFC 7515 4.1). None of them is ever
/// followed.
const KEY_MEMBERS: [&str; 5] = ["jwk", "jku", "x5c", "x5u", "x5t"];

/// What of a header enters a verification. Members that are not known are ignored, as RFC 7515 4
/// wants it.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    /// Whether the header brings a key, or says where one is.
    pub(super) has_key: bool,
}

impl Header {
    pub(super) fn decode(json: &[u8], profile: &Profile) -> Result<Self, Error> {
        let broken = |rule| Error::new(ErrorKind::Broken(rule));
        let header = Json::decode(json, profile).map_err(|error| Error::new(error.kind()))?;
        header.as_object().ok_or(broken(Rule::JwsForm))?;
        // Before crit, which has to name b64: it says what is wrong more precisely.
        match header.member("b64") {
            None | Some(Json::Bool(true)) => {}
            Some(_) => return Err(broken(Rule::JwsUnencoded)),
        }
        if header.member("crit").is_some() {
            return Err(broken(Rule::JwsCritical));
        }
        let name = header.member("alg").and_then(Json::as_text);
        let name = name.ok_or(broken(Rule::JwsAlgorithm))?;
        if name.eq_ignore_ascii_case("none") {
            return Err(broken(Rule::JwsUnsecured));
        }
        let key_id = match header.member("kid") {
            None => None,
            // Read as absent, it would lead to every key.
            Some(key_id) => Some(key_id.as_text().ok_or(broken(Rule::JwsForm))?.into()),
        };
        Ok(Self {
            algorithm: algorithm::named(name).ok_or(broken(Rule::JwsAlgorithm))?,
            key_id,
            has_key: KEY_MEMBERS.iter().any(|name| header.member(name).is_some()),
        })
    }
}
