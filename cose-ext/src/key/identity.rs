//! Names of keys in a trust store.

use core::fmt;

use crate::{
    Error,
    cbor::Head,
    crypto::{Algorithm, Provider},
    error::Unsupported,
};

/// Who a key is in a trust store: 32 bytes that the store chose, by default the SHA-256 thumbprint
/// of the public key (RFC 9679).
///
/// It does not depend on kids, on the order of the store, or on which certificate of the same key
/// came along.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u8; 32]);

impl Identity {
    /// Makes an identity that the store has chosen itself.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Derives the identity of whoever a set of secret keys means by `key_id`.
    ///
    /// It is SHA-256 over the CBOR array of the text `kid` and the byte string. The input of a
    /// thumbprint starts with a map, so no kid makes the identity of a public key. The identity is
    /// worth as much as the kids of the set: two owners with the same kid become one.
    ///
    /// # Errors
    ///
    /// If `provider` has no SHA-256.
    pub fn of_key_id(key_id: &[u8], provider: &dyn Provider) -> Result<Self, Error> {
        let missing = Error::from(Unsupported::Hash(Algorithm::SHA256));
        let sha256 = provider.hash_function(Algorithm::SHA256).ok_or(missing)?;
        let digest = sha256.hash(&[b"\x82\x63kid", Head::bytes(key_id.len()).as_bytes(), key_id]);
        digest.as_ref().try_into().map(Self).map_err(|_| missing)
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
