//! Secret keys of a receiver, wherever they live.

use crate::{
    Aead, InvalidKey, KeyAgreement, KeyDerivation, KeyOperations, KeyProfile, KeyWrap, Mac,
    PrivateKey, PublicKey, SecretError, SecretProvider, SharedSecret, SymmetricKey,
    UnauthenticatedCipher,
};

/// A secret key that a receiver holds, wherever it lives, and what it can do.
///
/// A device that only unwraps keys implements one of these methods and leaves the others alone.
/// Each method calls `then` once, with a key that does the operation.
pub trait Secret: Send + Sync {
    /// Returns the type, the curve and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Returns what the key's own `key_ops` permit (RFC 9052 7.1).
    fn operations(&self) -> KeyOperations {
        KeyOperations::ALL
    }

    /// Returns the provider that uses the keys which this one unwraps, derives or agrees on.
    ///
    /// `None` for a key that authenticates or decrypts itself only: it opens no layer below.
    fn provider(&self) -> Option<&dyn SecretProvider> {
        None
    }

    /// Calls `then` once with the key as one for MACs.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the key cannot do this; `then` is not called.
    fn with_mac(&self, then: &mut dyn FnMut(&dyn Mac)) -> Result<(), InvalidKey> {
        let _ = then;
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with the key as one for authenticated encryption.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the key cannot do this; `then` is not called.
    fn with_aead(&self, then: &mut dyn FnMut(&dyn Aead)) -> Result<(), InvalidKey> {
        let _ = then;
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with the key as one for ciphers that authenticate nothing (RFC 9459).
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the key cannot do this; `then` is not called.
    fn with_cipher(
        &self,
        then: &mut dyn FnMut(&dyn UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        let _ = then;
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with the key as one that wraps others.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the key cannot do this; `then` is not called.
    fn with_key_wrap(&self, then: &mut dyn FnMut(&dyn KeyWrap)) -> Result<(), InvalidKey> {
        let _ = then;
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with the key as one that others are derived from.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the key cannot do this; `then` is not called.
    fn with_shared_secret(
        &self,
        then: &mut dyn FnMut(&dyn SharedSecret),
    ) -> Result<(), InvalidKey> {
        let _ = then;
        Err(InvalidKey::Unsupported)
    }

    /// Calls `then` once with the key as one that agrees on secrets.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the key cannot do this; `then` is not called.
    fn with_key_agreement(
        &self,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let _ = then;
        Err(InvalidKey::Unsupported)
    }
}

/// A secret key as data with the provider that can use it, on the stack. The key is set up at each
/// use.
#[derive(Clone, Copy)]
pub struct SecretKey<'a> {
    material: Material<'a>,
    operations: KeyOperations,
    provider: &'a dyn SecretProvider,
}

#[derive(Clone, Copy)]
enum Material<'a> {
    Symmetric(SymmetricKey<'a>),
    Private(PrivateKey<'a>),
}

impl<'a> SecretKey<'a> {
    /// Makes a symmetric key that is used through `provider`.
    pub const fn symmetric(key: SymmetricKey<'a>, provider: &'a dyn SecretProvider) -> Self {
        Self { material: Material::Symmetric(key), operations: KeyOperations::ALL, provider }
    }

    /// Makes a private key that is used through `provider`, for key agreement or for key transport
    /// with RSA.
    pub const fn private(key: PrivateKey<'a>, provider: &'a dyn SecretProvider) -> Self {
        Self { material: Material::Private(key), operations: KeyOperations::ALL, provider }
    }

    /// Returns this key for these operations only.
    #[must_use]
    pub const fn with_operations(mut self, operations: KeyOperations) -> Self {
        self.operations = operations;
        self
    }

    /// Agrees with `peer`, and fills `key` from the shared secret: for formats that derive a key of
    /// their own, as ISO 18013-5 does for the MACs of a device.
    ///
    /// # Errors
    ///
    /// Those of [`KeyAgreement::derive`]; `Unsupported` for a symmetric key, and where the provider
    /// agrees on no keys of this type and curve.
    pub fn agree(
        &self,
        peer: &PublicKey<'_>,
        derivation: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError> {
        let mut agreed = Err(SecretError::Unsupported);
        self.with_key_agreement(&mut |own| agreed = own.derive(peer, derivation, key))?;
        agreed
    }

    const fn as_symmetric(&self) -> Result<&SymmetricKey<'a>, InvalidKey> {
        match &self.material {
            Material::Symmetric(key) => Ok(key),
            Material::Private(_) => Err(InvalidKey::Unsupported),
        }
    }
}

impl Secret for SecretKey<'_> {
    fn profile(&self) -> KeyProfile {
        match &self.material {
            Material::Symmetric(key) => key.profile(),
            Material::Private(key) => key.profile(),
        }
    }

    fn operations(&self) -> KeyOperations {
        self.operations
    }

    fn provider(&self) -> Option<&dyn SecretProvider> {
        Some(self.provider)
    }

    fn with_mac(&self, then: &mut dyn FnMut(&dyn Mac)) -> Result<(), InvalidKey> {
        self.provider.with_mac(self.as_symmetric()?, then)
    }

    fn with_aead(&self, then: &mut dyn FnMut(&dyn Aead)) -> Result<(), InvalidKey> {
        self.provider.with_aead(self.as_symmetric()?, then)
    }

    fn with_cipher(
        &self,
        then: &mut dyn FnMut(&dyn UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        self.provider.with_cipher(self.as_symmetric()?, then)
    }

    fn with_key_wrap(&self, then: &mut dyn FnMut(&dyn KeyWrap)) -> Result<(), InvalidKey> {
        match &self.material {
            Material::Symmetric(key) => self.provider.with_key_wrap(key, then),
            Material::Private(key) => self.provider.with_key_transport(key, then),
        }
    }

    fn with_shared_secret(
        &self,
        then: &mut dyn FnMut(&dyn SharedSecret),
    ) -> Result<(), InvalidKey> {
        self.provider.with_shared_secret(self.as_symmetric()?, then)
    }

    fn with_key_agreement(
        &self,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        match &self.material {
            Material::Private(key) => self.provider.with_key_agreement(key, then),
            Material::Symmetric(_) => Err(InvalidKey::Unsupported),
        }
    }
}

impl core::fmt::Debug for SecretKey<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SecretKey({})", self.profile())
    }
}
