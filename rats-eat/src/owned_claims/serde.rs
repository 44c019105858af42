//! Claims sets in formats of others.

use alloc::{string::ToString, vec::Vec};
use core::fmt;

use cose_ext::Profile;
use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, SeqAccess, Visitor},
    ser::Error as _,
};

use super::OwnedClaims;
use crate::{Path, eat_json, json::Json};

const LENIENT: &Profile = &Profile::LENIENT;

/// Serializes the claims in the JSON of RFC 9711 where the format is for people, else the encoded
/// set as bytes.
///
/// # Errors
///
/// Where JSON has no form for a claim.
impl Serialize for OwnedClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(self.bytes());
        }
        let claims = self.claims(LENIENT).map_err(S::Error::custom)?;
        let text = claims.to_json().map_err(S::Error::custom)?.to_string();
        let json = Json::decode(text.as_bytes(), LENIENT).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

/// Reads what [`Serialize`] writes. Whoever vouched for the claims does not any more.
impl<'de> Deserialize<'de> for OwnedClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return deserializer.deserialize_byte_buf(Encoded);
        }
        let json = Json::deserialize(deserializer, LENIENT)?;
        let mut finding = None;
        let cbor = eat_json::claims_set(&json, &Path::TOKEN, &mut |found| {
            finding = Some(found.to_string());
        });
        cbor.map(|cbor| Self { cbor }).map_err(|error| match finding {
            Some(finding) => D::Error::custom(finding),
            None => D::Error::custom(error),
        })
    }
}

/// Takes an encoded set.
struct Encoded;

impl<'de> Visitor<'de> for Encoded {
    type Value = OwnedClaims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an encoded claims set")
    }

    fn visit_bytes<E: serde_core::de::Error>(self, bytes: &[u8]) -> Result<OwnedClaims, E> {
        self.visit_byte_buf(bytes.to_vec())
    }

    fn visit_byte_buf<E: serde_core::de::Error>(self, bytes: Vec<u8>) -> Result<OwnedClaims, E> {
        OwnedClaims::decode(bytes, LENIENT).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OwnedClaims, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        self.visit_byte_buf(bytes)
    }
}
