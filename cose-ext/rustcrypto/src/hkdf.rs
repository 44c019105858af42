//! Keys derived from shared secrets: HKDF with SHA-2 and, with feature `aes`, its expansion over
//! AES-CBC-MAC (RFC 9053 5.1, RFC 5869).

#[cfg(feature = "aes")]
mod cbc_mac;

use ::hkdf::{GenericHkdf, HmacImpl, hmac::Hmac};
use ::sha2::{Sha256, Sha512};
use zeroize::Zeroize;

use cose_crypto::{Hkdf, KeyDerivation, KeyProfile, SecretError, SharedSecret, SymmetricKey};

/// A symmetric key that others are derived from.
pub(super) struct SharedSecretKey<'a>(pub(super) SymmetricKey<'a>);

impl SharedSecret for SharedSecretKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn derive(&self, derivation: &KeyDerivation<'_>, key: &mut [u8]) -> Result<(), SecretError> {
        match derivation.hkdf {
            // The secret is the pseudorandom key: nothing is extracted, and no salt has a place
            // (RFC 9053 5.1).
            #[cfg(feature = "aes")]
            Hkdf::Aes128 => cbc_mac::expand::<::aes::Aes128>(self.0.k, derivation.context, key),
            #[cfg(feature = "aes")]
            Hkdf::Aes256 => cbc_mac::expand::<::aes::Aes256>(self.0.k, derivation.context, key),
            _ => derive(self.0.k, derivation, key),
        }
    }
}

/// Fills `key` from `secret` by HKDF with SHA-2. The secret may have any length but none.
pub(super) fn derive(
    secret: &[u8],
    derivation: &KeyDerivation<'_>,
    key: &mut [u8],
) -> Result<(), SecretError> {
    match derivation.hkdf {
        Hkdf::Sha256 => extract_and_expand::<Hmac<Sha256>>(secret, derivation, key),
        Hkdf::Sha512 => extract_and_expand::<Hmac<Sha512>>(secret, derivation, key),
        _ => Err(SecretError::Unsupported),
    }
}

fn extract_and_expand<H: HmacImpl>(
    secret: &[u8],
    derivation: &KeyDerivation<'_>,
    key: &mut [u8],
) -> Result<(), SecretError> {
    if secret.is_empty() {
        return Err(SecretError::Malformed);
    }
    let (mut pseudorandom_key, hkdf) = GenericHkdf::<H>::extract(Some(derivation.salt), secret);
    pseudorandom_key.zeroize();
    // More than 255 blocks cannot be derived (RFC 5869 2.3).
    hkdf.expand_multi_info(derivation.context, key).map_err(|_| SecretError::Unsupported)
}
