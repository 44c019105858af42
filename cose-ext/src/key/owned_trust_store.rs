//! Keys that the verifier trusts, owned.

use alloc::{string::String, vec::Vec};
use core::{fmt, ops::ControlFlow};

use super::{
    Candidate, CoseKey, Identity, KeyHint, KeyResolver, KeySet, OwnedPublicKey, Thumbprint,
    TrustedKey,
};
use crate::{Context, Error, crypto::PublicKey};

/// A [`TrustedKey`] that owns its bytes. It is hashed once, when it is enrolled.
#[derive(Clone)]
pub struct OwnedTrustedKey {
    key: OwnedPublicKey,
    thumbprint: Thumbprint,
    identity: Identity,
    key_id: Option<Vec<u8>>,
    issuer: Option<String>,
}

impl OwnedTrustedKey {
    /// Trusts `key`, as [`TrustedKey::new`] does.
    ///
    /// # Errors
    ///
    /// As [`TrustedKey::new`].
    pub fn new<'k>(key: impl Into<PublicKey<'k>>, context: &Context<'_>) -> Result<Self, Error> {
        let key = key.into();
        let thumbprint = Thumbprint::of(&key, context.provider)?;
        let (identity, key) = (thumbprint.into(), OwnedPublicKey::from(&key));
        Ok(Self { key, thumbprint, identity, key_id: None, issuer: None })
    }

    /// Trusts a COSE_Key under its own kid, where it has one.
    ///
    /// # Errors
    ///
    /// As [`CoseKey::public_key`] and [`new`](Self::new); `Malformed` for a kid that is not a byte
    /// string.
    pub fn from_cose_key(key: &CoseKey<'_>, context: &Context<'_>) -> Result<Self, Error> {
        let key_id = key.key_id()?.map(<[u8]>::to_vec);
        Ok(Self { key_id, ..Self::new(key.public_key()?, context)? })
    }

    /// Trusts the keys of a set that reached you over an authenticated channel. Keys that are
    /// malformed, that the provider cannot hash, or that verify no signatures are left out
    /// (RFC 9052 7).
    #[must_use]
    pub fn from_key_set(set: &KeySet<'_>, context: &Context<'_>) -> Vec<Self> {
        set.iter().flatten().filter_map(|key| Self::from_cose_key(&key, context).ok()).collect()
    }

    /// Trusts a JWK under its own kid, where it has one: the bytes of the text.
    ///
    /// # Errors
    ///
    /// As [`Jwk::public_key`](super::Jwk::public_key) and [`new`](Self::new).
    #[cfg(feature = "jwk")]
    pub fn from_jwk(key: &super::Jwk, context: &Context<'_>) -> Result<Self, Error> {
        let key_id = key.key_id().map(|key_id| key_id.as_bytes().to_vec());
        Ok(Self { key_id, ..Self::new(key.public_key()?, context)? })
    }

    /// Trusts the keys of a JWK Set, as [`from_key_set`](Self::from_key_set) does.
    #[cfg(feature = "jwk")]
    #[must_use]
    pub fn from_jwk_set(set: &super::JwkSet<'_>, context: &Context<'_>) -> Vec<Self> {
        set.iter().flatten().filter_map(|key| Self::from_jwk(&key, context).ok()).collect()
    }

    /// Trusts the key of a `PUBLIC KEY`.
    ///
    /// # Errors
    ///
    /// As [`Pem::public_key`](super::Pem::public_key) and [`new`](Self::new).
    #[cfg(feature = "pem")]
    pub fn from_pem(pem: &[u8], context: &Context<'_>) -> Result<Self, Error> {
        Self::new(super::Pem::decode(pem)?.public_key()?, context)
    }

    /// Sets the identity.
    #[must_use]
    pub fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// Sets the kid, as [`TrustedKey::with_key_id`] does.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<Vec<u8>>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Binds the key to an issuer, as [`TrustedKey::for_issuer`] does.
    #[must_use]
    pub fn for_issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Returns the public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey<'_> {
        self.key.as_public_key()
    }

    /// Returns the key, borrowed.
    #[must_use]
    pub fn as_trusted_key(&self) -> TrustedKey<'_> {
        let key = self.key.as_public_key();
        let mut trusted = TrustedKey::enrolled(key, self.thumbprint, self.identity);
        if let Some(key_id) = &self.key_id {
            trusted = trusted.with_key_id(key_id);
        }
        match &self.issuer {
            Some(issuer) => trusted.for_issuer(issuer),
            None => trusted,
        }
    }
}

impl fmt::Debug for OwnedTrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_trusted_key(), f)
    }
}

/// Trusted keys that own their bytes: a service fills the store once and shares it among its
/// threads.
///
/// ```
/// # #[cfg(all(feature = "p256", feature = "pem"))] {
/// use std::sync::Arc;
///
/// use cose_ext::{Context, key::{OwnedTrustStore, OwnedTrustedKey}, rustcrypto::RustCrypto};
/// # fn fill(pem: &[u8]) -> Result<(), cose_ext::Error> {
/// let context = Context::new(&RustCrypto);
/// let key = OwnedTrustedKey::from_pem(pem, &context)?.with_key_id(b"2026");
/// let store: OwnedTrustStore = [key.for_issuer("https://issuer.example")].into_iter().collect();
/// let shared = Arc::new(store);
/// # let _ = shared; Ok(()) }
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct OwnedTrustStore {
    keys: Vec<OwnedTrustedKey>,
}

impl OwnedTrustStore {
    /// Returns a store that trusts nobody.
    #[must_use]
    pub const fn new() -> Self {
        Self { keys: Vec::new() }
    }

    /// Trusts `key`, too.
    pub fn add(&mut self, key: OwnedTrustedKey) {
        self.keys.push(key);
    }

    /// Returns the keys, in the order in which they came.
    #[must_use]
    pub fn keys(&self) -> &[OwnedTrustedKey] {
        &self.keys
    }
}

impl FromIterator<OwnedTrustedKey> for OwnedTrustStore {
    fn from_iter<I: IntoIterator<Item = OwnedTrustedKey>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect() }
    }
}

impl Extend<OwnedTrustedKey> for OwnedTrustStore {
    fn extend<I: IntoIterator<Item = OwnedTrustedKey>>(&mut self, keys: I) {
        self.keys.extend(keys);
    }
}

impl KeyResolver for OwnedTrustStore {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in &self.keys {
            let key = key.as_trusted_key();
            if let Some(named) = key.named_by(hint)
                && each(key.as_candidate(named)).is_break()
            {
                return;
            }
        }
    }
}
