//! A claims set that owns its bytes.

#[cfg(feature = "serde")]
mod serde;

use alloc::vec::Vec;
use core::fmt;

use cose_ext::Profile;

use crate::{Claims, Error};

/// A claims set on the heap: the owned twin of [`Claims`], which reads it. Untrusted, as that one
/// is; the verifying calls return it within [`Verified`](cose_ext::Verified).
///
/// ```compile_fail,E0308
/// use rats_eat::{OwnedClaims, cose_ext::{Verified, sign::Signers}};
/// fn forge(claims: OwnedClaims) -> Verified<OwnedClaims, Signers> {
///     claims // nobody vouches for them
/// }
/// ```
///
/// # Invariant
///
/// The bytes are a claims set: they were read as one.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnedClaims {
    cbor: Vec<u8>,
}

impl OwnedClaims {
    /// Takes a claims set that is the whole of `cbor`.
    ///
    /// # Errors
    ///
    /// Those of [`Claims::decode`].
    pub fn decode(cbor: Vec<u8>, profile: &Profile) -> Result<Self, Error> {
        Claims::decode(&cbor, profile)?;
        Ok(Self { cbor })
    }

    /// Reads a claims set in JSON: [`eat_json::to_cbor`](crate::eat_json::to_cbor), beside which
    /// stands a call that says which claim an error is about.
    ///
    /// # Errors
    ///
    /// Those of [`eat_json::to_cbor`](crate::eat_json::to_cbor).
    #[cfg(feature = "json")]
    pub fn from_json(text: &[u8], profile: &Profile) -> Result<Self, Error> {
        Ok(Self { cbor: crate::eat_json::to_cbor(text, profile)? })
    }

    /// Returns the claims.
    ///
    /// # Errors
    ///
    /// As [`Claims::decode`], if `profile` is stricter than the one that the set was read by.
    pub fn claims(&self, profile: &Profile) -> Result<Claims<'_>, Error> {
        Claims::decode(&self.cbor, profile)
    }

    #[cfg(feature = "json")]
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.cbor
    }

    /// Returns the encoded set.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.cbor
    }
}

impl From<Claims<'_>> for OwnedClaims {
    fn from(claims: Claims<'_>) -> Self {
        Self { cbor: claims.bytes().to_vec() }
    }
}

/// Writes what the view of the set writes.
impl fmt::Debug for OwnedClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.claims(&Profile::LENIENT) {
            Ok(claims) => fmt::Debug::fmt(&claims, f),
            Err(_) => Err(fmt::Error),
        }
    }
}
