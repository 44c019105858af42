//! Writing CWT claims sets (RFC 8392 3).

use alloc::vec::Vec;

use super::{ClaimKey, ConfirmationMethod};
use crate::{MapBuilder, Value, key::Thumbprint};

/// Makes a CWT claims set (RFC 8392 3) in core deterministic encoding; registered claims in their
/// registered types. Setting a claim again replaces its value.
///
/// ```
/// use cose_ext::cwt::{ClaimKey, ClaimsBuilder};
///
/// let claims = ClaimsBuilder::new().issuer("https://issuer.example").subject("pump 1.2");
/// let claims = claims.claim(ClaimKey::from(-70_000), "private");
/// assert_eq!(claims.to_bytes()[0], 0xa3); // a map of three
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsBuilder {
    map: MapBuilder,
}

impl ClaimsBuilder {
    /// Begins a set without claims.
    #[must_use]
    pub const fn new() -> Self {
        Self { map: MapBuilder::new() }
    }

    /// Sets `iss`, the issuer.
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        self.claim(ClaimKey::ISS, issuer)
    }

    /// Sets `sub`, the subject.
    #[must_use]
    pub fn subject(self, subject: &str) -> Self {
        self.claim(ClaimKey::SUB, subject)
    }

    /// Sets `aud`, the audience.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        self.claim(ClaimKey::AUD, audience)
    }

    /// Sets `exp`, the expiration time, in seconds since 1970-01-01T00:00Z.
    #[must_use]
    pub fn expires_at(self, seconds: i64) -> Self {
        self.claim(ClaimKey::EXP, seconds)
    }

    /// Sets `nbf`, the time before which the token is not valid, in seconds since
    /// 1970-01-01T00:00Z.
    #[must_use]
    pub fn not_before(self, seconds: i64) -> Self {
        self.claim(ClaimKey::NBF, seconds)
    }

    /// Sets `iat`, the time of issue, in seconds since 1970-01-01T00:00Z.
    #[must_use]
    pub fn issued_at(self, seconds: i64) -> Self {
        self.claim(ClaimKey::IAT, seconds)
    }

    /// Sets `cti`, the identifier of the token.
    #[must_use]
    pub fn cwt_id(self, id: &[u8]) -> Self {
        self.claim(ClaimKey::CTI, id)
    }

    /// Sets `cnf` to an encoded COSE_Key. It must be a public key, unless the token is encrypted
    /// (RFC 8747 3.3).
    #[must_use]
    pub fn confirmed_by_key(self, cose_key: &[u8]) -> Self {
        self.confirmed_by(ConfirmationMethod::COSE_KEY, Value::Encoded(cose_key))
    }

    /// Sets `cnf` to the kid of a key that the recipient already has (RFC 8747 3.4).
    #[must_use]
    pub fn confirmed_by_key_id(self, key_id: &[u8]) -> Self {
        self.confirmed_by(ConfirmationMethod::KID, Value::Bytes(key_id))
    }

    /// Sets `cnf` to the thumbprint of a key (RFC 9679 5.6).
    #[must_use]
    pub fn confirmed_by_thumbprint(self, thumbprint: &Thumbprint) -> Self {
        self.confirmed_by(ConfirmationMethod::CKT, Value::Bytes(thumbprint.as_bytes()))
    }

    fn confirmed_by(self, method: ConfirmationMethod<'_>, value: Value<'_>) -> Self {
        self.claim(ClaimKey::CNF, &MapBuilder::new().with(method, value))
    }

    /// Sets any other claim.
    #[must_use]
    pub fn claim<'v>(mut self, key: impl Into<ClaimKey<'v>>, value: impl Into<Value<'v>>) -> Self {
        self.map = self.map.with(key.into(), value);
        self
    }

    /// Returns the claims as a map, for
    /// [`Sign1Builder::cwt_claims`](crate::sign1::Sign1Builder::cwt_claims).
    #[must_use]
    pub const fn as_map(&self) -> &MapBuilder {
        &self.map
    }

    /// Returns the encoded claims set, the payload of a CWT.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.map.to_bytes()
    }
}
