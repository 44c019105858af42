//! JWK Sets (RFC 7517 5).

use alloc::vec::Vec;
use core::fmt;

use serde_core::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Jwk, stopped_at};
use crate::{Error, Rule};

/// A JWK Set (RFC 7517 5), borrowed: each key is read on its own.
pub struct JwkSet<'a> {
    keys: Vec<&'a RawValue>,
}

impl<'a> JwkSet<'a> {
    /// Reads a set that is the whole of `json`.
    ///
    /// # Errors
    ///
    /// If it is not an object with an array `keys`. A bad key among them is no error here.
    pub fn decode(json: &'a [u8]) -> Result<Self, Error> {
        serde_json::from_slice(json).map_err(|error: serde_json::Error| {
            let rule = if error.is_data() { Rule::KeySet } else { Rule::JwkForm };
            Error::malformed(rule, stopped_at(json, &error))
        })
    }

    /// Returns the keys in order, each readable or not. Offsets of errors count within the key.
    pub fn iter(&self) -> impl Iterator<Item = Result<Jwk, Error>> + use<'_, 'a> {
        self.keys.iter().map(|key| Jwk::decode(key.get().as_bytes()))
    }
}

impl fmt::Debug for JwkSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for JwkSet<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SetVisitor)
    }
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = JwkSet<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JWK Set")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JwkSet<'de>, A::Error> {
        let mut keys = None;
        while let Some(name) = map.next_key::<alloc::string::String>()? {
            if name != "keys" {
                map.next_value::<IgnoredAny>()?;
            } else if keys.is_none() {
                keys = Some(map.next_value()?);
            } else {
                return Err(A::Error::duplicate_field("keys"));
            }
        }
        keys.map(|keys| JwkSet { keys }).ok_or(A::Error::missing_field("keys"))
    }
}
