//! What uses secret keys.

use rand_core::CryptoRng;

use crate::{
    Aead, Curve, InvalidKey, KeyAgreement, KeyWrap, Mac, PrivateKey, Provider, SharedSecret,
    SymmetricKey, UnauthenticatedCipher,
};

/// Turns secret keys that are data into things that authenticate, decrypt, wrap and agree.
///
/// Every method answers [`InvalidKey::Unsupported`] unless it is written: a provider writes what it
/// has.
pub trait SecretProvider: Provider {
    /// Calls `then` once with `key` as one for MACs.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Unsupported`] if the provider does not do this; `then` is not called.
    fn with_mac(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Mac),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one for authenticated encryption.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Unsupported`] if the provider does not do this; `then` is not called.
    fn with_aead(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Aead),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one for ciphers that authenticate nothing (RFC 9459).
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Unsupported`] if the provider does not do this; `then` is not called.
    fn with_cipher(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that wraps others.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Unsupported`] if the provider does not do this; `then` is not called.
    fn with_key_wrap(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that other keys are transported to: RSAES-OAEP
    /// (RFC 8230 3).
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`] if the key is not a key of its type, `Unsupported` if the provider
    /// does not do keys of this kind; `then` is not called.
    fn with_key_transport(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that others are derived from.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Unsupported`] if the provider does not do this; `then` is not called.
    fn with_shared_secret(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn SharedSecret),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with `key` as one that agrees on secrets.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`] if the key is not a key of its type, `Unsupported` if the provider
    /// does not do keys of this kind; `then` is not called.
    fn with_key_agreement(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let _ = (key, then);
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with a fresh private key on `curve`, made from `random`: the ephemeral key
    /// of ECDH-ES (RFC 9053 6.3.1).
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Unsupported`] if the provider does no key agreement on `curve`; `then` is not
    /// called.
    fn with_ephemeral_key(
        &self,
        curve: Curve,
        random: &mut dyn CryptoRng,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let _ = (curve, random, then);
        Err(InvalidKey::Unsupported)
    }
}
