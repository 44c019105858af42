//! The traits of key agreement and key derivation (RFC 9053 5, 6.3).

use crate::{KeyProfile, PublicKey, SecretError};

/// How a key is derived from a shared secret: HKDF of one kind, its salt and its context
/// (RFC 9053 5.1).
#[derive(Clone, Copy, Debug)]
pub struct KeyDerivation<'a> {
    /// Which HKDF.
    pub hkdf: Hkdf,
    /// `salt`; empty when there is none.
    pub salt: &'a [u8],
    /// The encoded COSE_KDF_Context, in parts (RFC 9053 5.2).
    pub context: &'a [&'a [u8]],
}

/// The key derivation functions of RFC 9053 table 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hkdf {
    /// HKDF with SHA-256.
    Sha256,
    /// HKDF with SHA-512.
    Sha512,
    /// The expansion of HKDF with AES-CBC-MAC-128; the secret is the key, 16 bytes.
    Aes128,
    /// The expansion of HKDF with AES-CBC-MAC-256; the secret is the key, 32 bytes.
    Aes256,
}

/// A private key that agrees on secrets (RFC 9053 6.3), wherever it lives. The shared secret itself
/// never comes out.
pub trait KeyAgreement {
    /// Type, curve and stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Calls `then` once with the public key.
    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>));

    /// Agrees with `peer`, and fills `key` from the shared secret.
    ///
    /// # Errors
    ///
    /// [`SecretError::Malformed`] for a peer that is not a point of the same curve, or for which
    /// the secret is zero; `Unsupported` for a KDF that is not done here.
    fn derive(
        &self,
        peer: &PublicKey<'_>,
        derivation: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError>;
}

/// A symmetric key that others are derived from (RFC 9053 6.1.2), wherever it lives.
pub trait SharedSecret {
    /// Returns the type and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Fills `key` from the secret.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a KDF that is not done here; `Malformed` where the secret does not have
    /// the length that the KDF needs.
    fn derive(&self, derivation: &KeyDerivation<'_>, key: &mut [u8]) -> Result<(), SecretError>;
}
