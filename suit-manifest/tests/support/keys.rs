//! The keys of a case, as a device would have them enrolled.

#![allow(dead_code)] // Each test file uses its part.

use suit_manifest::cose_ext::{
    Context, Trust,
    crypto::SecretKey,
    key::{HeldSecret, Identity, Jwk, SecretStore, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use testkit::Trouble;

/// Keys read from JWKs; the identity of each is its place in the list.
pub(crate) struct Keys {
    jwks: Vec<Jwk>,
}

impl Keys {
    pub(crate) fn new(files: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, Trouble> {
        let jwks = files.into_iter().map(|file| Jwk::decode(&file));
        Ok(Self { jwks: jwks.collect::<Result<_, _>>()? })
    }

    /// Calls `with` with the trust of a device that has all of the keys.
    pub(crate) fn trusting<R>(
        &self,
        context: &Context<'_>,
        with: impl FnOnce(&Trust<'_>) -> R,
    ) -> Result<R, Trouble> {
        let (mut keys, mut secrets) = (Vec::new(), Vec::new());
        for (index, jwk) in self.jwks.iter().enumerate() {
            let identity = identity(index);
            if let Ok(key) = jwk.symmetric_key() {
                secrets.push(HeldSecret::new(SecretKey::symmetric(key, &RustCrypto), identity));
            } else if let Ok(key) = jwk.public_key() {
                keys.push(TrustedKey::new(key, context)?.with_identity(identity));
            }
        }
        let (keys, secrets) = (TrustStore::new(&keys), SecretStore::new(&secrets));
        Ok(with(&Trust::keys(&keys).and_secrets(&secrets)))
    }
}

/// The identity of the key at `index` of the list.
pub(crate) fn identity(index: usize) -> Identity {
    Identity::new([u8::try_from(index).unwrap(); 32])
}
