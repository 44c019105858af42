//! Detached bundles in JSON (RFC 9711 5): a main token, and claims sets whose digests it signs.

use alloc::{string::String, vec::Vec};

use cose_ext::Profile;

use super::broken;
use crate::{
    Error, Rule,
    json::{Json, decode_base64url},
};

/// A detached bundle in JSON as it was received: parsed, owned, untrusted. Nothing vouches for a
/// claims set in it before the main token was verified, and a digest of it was compared.
#[derive(Clone, Debug)]
pub struct JsonBundle {
    main: MainToken,
    entries: Vec<(String, Vec<u8>)>,
}

/// The token whose submodules are digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MainToken {
    /// A JWT in compact serialization.
    Jwt(String),
    /// A token in CBOR.
    Cbor(Vec<u8>),
}

impl JsonBundle {
    /// Reads a bundle that is the whole of a JSON text.
    ///
    /// # Errors
    /// Those of reading JSON; [`Rule::BundleJson`] for another form, a main token that is not
    /// protected, or is a bundle, and for a bundle without claims sets; [`Rule::Base64Url`].
    pub fn decode(text: &[u8], profile: &Profile) -> Result<Self, Error> {
        let json = Json::decode(text, profile)?;
        let form = broken(Rule::BundleJson);
        let Some([Json::Array(main), Json::Object(entries)]) = json.as_array() else {
            return Err(form);
        };
        let main = match main.as_slice() {
            [Json::Text(kind), Json::Text(token)] if kind == "JWT" => MainToken::Jwt(token.clone()),
            [Json::Text(kind), Json::Text(token)] if kind == "CBOR" => {
                MainToken::Cbor(decode_base64url(token).ok_or(broken(Rule::Base64Url))?)
            }
            _ => return Err(form),
        };
        let entries = entries.iter().map(|(name, value)| {
            let text = value.as_text().ok_or(form)?;
            let bytes = decode_base64url(text).ok_or(broken(Rule::Base64Url))?;
            Ok((name.clone(), bytes))
        });
        let entries = entries.collect::<Result<Vec<_>, Error>>()?;
        if entries.is_empty() { Err(form) } else { Ok(Self { main, entries }) }
    }

    /// Returns the main token, which is verified on its own.
    pub const fn main(&self) -> &MainToken {
        &self.main
    }

    /// Returns the detached claims sets with the names of their submodules: JSON as it was encoded,
    /// blanks and all, for that is what a digest is of. Nobody vouches for them.
    pub fn danger_unverified_entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}
