//! Keys burnt into the board.

use core::hint::black_box;

use cose_ext::{
    crypto::{
        Algorithm, Curve, HashFunction, InvalidKey, KeyProfile, KeyType, Provider, PublicKey,
        SignatureVerifier, VerifyError,
    },
    key::{Thumbprint, TrustedKey},
    rustcrypto::{P256VerifyingKey, Sha256},
};

/// A public key on P-256 of which x and y stand in flash. It is parsed each time that it checks a signature, and takes no
/// memory while it does not.
pub struct FlashKey {
    coordinates: &'static [u8; 64],
}

impl FlashKey {
    /// Makes the key of a point: x, then y.
    #[must_use]
    pub const fn new(coordinates: &'static [u8; 64]) -> Self {
        Self { coordinates }
    }

    /// Trusts the key, whose thumbprint stands in flash beside it.
    #[must_use]
    pub const fn trusted(&'static self, thumbprint: &[u8; 32]) -> TrustedKey<'static> {
        TrustedKey::hashed(self, Thumbprint::from_bytes(*thumbprint))
    }

    #[inline(never)] // What it is parsed with is not on the stack while a signature is checked.
    fn parsed(&self) -> Result<P256VerifyingKey, InvalidKey> {
        // As if it were burnt in later: nothing of it is known to the compiler.
        let (x, y) = black_box(self.coordinates).split_at(32);
        P256VerifyingKey::from_coordinates(x, y)
    }
}

impl SignatureVerifier for FlashKey {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::EC2, curve: Some(Curve::P256), algorithm: None }
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        if let Ok(key) = &self.parsed() {
            key.with_public_key(then);
        }
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        // Matched where it is made.
        match &self.parsed() {
            Ok(key) => key.verify(algorithm, message, signature),
            Err(_) => Err(VerifyError::InvalidKey),
        }
    }
}

/// All the cryptography of a board with such keys: one hash function, and no other key.
pub struct BoardCrypto;

impl Provider for BoardCrypto {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        match algorithm {
            Algorithm::SHA256 => Some(&Sha256),
            _ => None,
        }
    }
}
