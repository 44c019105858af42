//! Members of a JSON object, each in the type that the reader asks for.

use alloc::{string::String, vec, vec::Vec};
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_core::de::{
    Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor,
};
use zeroize::Zeroizing;

use super::names;
use crate::crypto::KeyOperation;

/// What a member has to be, in the words of the reader's error.
pub(super) const BASE64URL: &str = "base64url without padding";

/// A secret, wiped when dropped.
pub(super) type Secret = Zeroizing<Vec<u8>>;

/// The members of a JWK that are read here; all others are skipped.
#[derive(Default)]
pub(super) struct Members {
    pub(super) kty: String,
    pub(super) crv: Option<String>,
    pub(super) x: Option<Vec<u8>>,
    pub(super) y: Option<Vec<u8>>,
    pub(super) n: Option<Vec<u8>>,
    pub(super) e: Option<Vec<u8>>,
    /// `pub` (RFC 9964).
    pub(super) public: Option<Vec<u8>>,
    pub(super) d: Option<Secret>,
    /// The other private members of RSA keys (RFC 7518 6.3.2).
    pub(super) p: Option<Secret>,
    pub(super) q: Option<Secret>,
    pub(super) dp: Option<Secret>,
    pub(super) dq: Option<Secret>,
    pub(super) qi: Option<Secret>,
    /// Whether there are further primes (RFC 7518 6.3.2.7).
    pub(super) has_other_primes: bool,
    /// The symmetric key.
    pub(super) k: Option<Secret>,
    /// `priv` (RFC 9964).
    pub(super) seed: Option<Secret>,
    pub(super) alg: Option<String>,
    pub(super) kid: Option<String>,
    pub(super) key_ops: Option<Vec<String>>,
    /// `use`.
    pub(super) purpose: Option<String>,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON Web Key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut kty = None;
        let mut members = Members::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "kty" => once(&mut kty, "kty", &mut map)?,
                "crv" => once(&mut members.crv, "crv", &mut map)?,
                "x" => bytes_once(&mut members.x, "x", &mut map)?,
                "y" => bytes_once(&mut members.y, "y", &mut map)?,
                "n" => bytes_once(&mut members.n, "n", &mut map)?,
                "e" => bytes_once(&mut members.e, "e", &mut map)?,
                "pub" => bytes_once(&mut members.public, "pub", &mut map)?,
                "d" => bytes_once(&mut members.d, "d", &mut map)?,
                "p" => bytes_once(&mut members.p, "p", &mut map)?,
                "q" => bytes_once(&mut members.q, "q", &mut map)?,
                "dp" => bytes_once(&mut members.dp, "dp", &mut map)?,
                "dq" => bytes_once(&mut members.dq, "dq", &mut map)?,
                "qi" => bytes_once(&mut members.qi, "qi", &mut map)?,
                "oth" => {
                    map.next_value::<IgnoredAny>()?;
                    members.has_other_primes = true;
                }
                "k" => bytes_once(&mut members.k, "k", &mut map)?,
                "priv" => bytes_once(&mut members.seed, "priv", &mut map)?,
                "alg" => once(&mut members.alg, "alg", &mut map)?,
                "kid" => once(&mut members.kid, "kid", &mut map)?,
                "key_ops" => once(&mut members.key_ops, "key_ops", &mut map)?,
                "use" => once(&mut members.purpose, "use", &mut map)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        members.kty = kty.ok_or(A::Error::missing_field("kty"))?;
        if members.key_ops.as_deref().is_some_and(repeat) {
            return Err(A::Error::custom("an operation is there twice"));
        }
        Ok(members)
    }
}

/// Whether an operation that is known here is there twice, which it must not (RFC 7517 4.3).
fn repeat(operations: &[String]) -> bool {
    KeyOperation::ALL
        .iter()
        .filter_map(|operation| names::of_operation(*operation))
        .any(|name| operations.iter().filter(|operation| operation.as_str() == name).count() > 1)
}

/// Reads a member, which must not be there twice (RFC 7517 4).
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    member: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if member.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *member = Some(map.next_value()?);
    Ok(())
}

fn bytes_once<'de, T: From<Vec<u8>>, A: MapAccess<'de>>(
    member: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut bytes: Option<Base64Url> = None;
    if member.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    once(&mut bytes, name, map)?;
    *member = bytes.map(|mut bytes| T::from(core::mem::take(&mut bytes.0)));
    Ok(())
}

/// Bytes in base64url without padding (RFC 7515 2), decoded in constant time.
struct Base64Url(Secret);

impl<'de> Deserialize<'de> for Base64Url {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64UrlVisitor)
    }
}

struct Base64UrlVisitor;

impl Visitor<'_> for Base64UrlVisitor {
    type Value = Base64Url;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(BASE64URL)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Base64Url, E> {
        // The text may be a secret: the error does not repeat it, and leaves nothing of it behind.
        let mut bytes = Secret::new(vec![0; text.len()]);
        let len = Base64UrlUnpadded::decode(text, &mut bytes).map(|decoded| decoded.len());
        let len = len.map_err(|_| E::invalid_value(Unexpected::Other("other text"), &self))?;
        bytes.truncate(len);
        Ok(Base64Url(bytes))
    }
}
