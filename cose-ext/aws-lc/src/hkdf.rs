//! Keys derived from shared secrets: HKDF with SHA-2 (RFC 9053 5.1, RFC 5869).

use aws_lc_rs::hkdf::{HKDF_SHA256, HKDF_SHA512, KeyType, Salt};

use cose_crypto::{Hkdf, KeyDerivation, KeyProfile, SecretError, SharedSecret, SymmetricKey};

/// A symmetric key that others are derived from.
pub(super) struct SharedSecretKey<'a>(pub(super) SymmetricKey<'a>);

impl SharedSecret for SharedSecretKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn derive(&self, derivation: &KeyDerivation<'_>, key: &mut [u8]) -> Result<(), SecretError> {
        derive(self.0.k, derivation, key)
    }
}

/// How many bytes are derived.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Fills `key` from `secret`, which may have any length but none.
pub(super) fn derive(
    secret: &[u8],
    derivation: &KeyDerivation<'_>,
    key: &mut [u8],
) -> Result<(), SecretError> {
    let algorithm = match derivation.hkdf {
        Hkdf::Sha256 => HKDF_SHA256,
        Hkdf::Sha512 => HKDF_SHA512,
        _ => return Err(SecretError::Unsupported),
    };
    if secret.is_empty() {
        return Err(SecretError::Malformed);
    }
    let pseudorandom_key = Salt::new(algorithm, derivation.salt).extract(secret);
    // More than 255 blocks cannot be derived (RFC 5869 2.3).
    pseudorandom_key
        .expand(derivation.context, Length(key.len()))
        .and_then(|derived| derived.fill(key))
        .map_err(|_| SecretError::Unsupported)
}
