#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::exhaustive_enums, clippy::missing_errors_doc, clippy::must_use_candidate)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]
#![doc = include_str!("../README.md")]

extern crate std;

mod aead;
mod aes_cipher;
mod aes_kw;
mod buffers;
mod ecdh;
mod ecdsa;
mod ed25519;
mod hkdf;
mod hmac;
mod ml_dsa;
mod rsa;
mod rsa_oaep;
mod sha2;

pub use ecdsa::{
    P256SigningKey, P256VerifyingKey, P384SigningKey, P384VerifyingKey, P521SigningKey,
    P521VerifyingKey,
};
pub use ed25519::{Ed25519SigningKey, Ed25519VerifyingKey};
pub use ml_dsa::{
    MlDsa44SigningKey, MlDsa44VerifyingKey, MlDsa65SigningKey, MlDsa65VerifyingKey,
    MlDsa87SigningKey, MlDsa87VerifyingKey,
};
pub use rsa::{RsaSigningKey, RsaVerifyingKey};
pub use sha2::{Sha256, Sha384, Sha512, Sha512_256};

use rand_core::CryptoRng;

#[cfg(feature = "hss-lms")]
use cose_crypto::hss_lms::HssLmsVerifyingKey;
use cose_crypto::{
    Aead, Algorithm, Curve, HashFunction, InvalidKey, KeyAgreement, KeyWrap, Mac, PrivateKey,
    Provider, PublicKey, SecretProvider, SharedSecret, SignatureVerifier, SymmetricKey,
    UnauthenticatedCipher,
};

/// The AWS-LC provider: ES256, ES384, ES512 and their kin, Ed25519, ML-DSA, RSA, SHA-2; HMAC,
/// AES-GCM, ChaCha20/Poly1305, AES in counter and CBC mode, AES Key Wrap with 128 and 256 bits,
/// HKDF with SHA-2, ECDH on P-256, P-384, P-521 and X25519, RSAES-OAEP; and `Unsupported` for all
/// else.
#[derive(Clone, Copy, Debug, Default)]
pub struct AwsLc;

impl Provider for AwsLc {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        // A parser that answers `Unsupported` leaves the key to the next.
        let parsers: &[Parser] = &[
            |key, then| P256VerifyingKey::from_public_key(key).map(|key| then(&key)),
            |key, then| Ed25519VerifyingKey::from_public_key(key).map(|key| then(&key)),
            |key, then| P384VerifyingKey::from_public_key(key).map(|key| then(&key)),
            |key, then| P521VerifyingKey::from_public_key(key).map(|key| then(&key)),
            |key, then| MlDsa44VerifyingKey::from_public_key(key).map(|key| then(&key)),
            |key, then| MlDsa65VerifyingKey::from_public_key(key).map(|key| then(&key)),
            |key, then| MlDsa87VerifyingKey::from_public_key(key).map(|key| then(&key)),
            #[cfg(feature = "hss-lms")]
            |key, then| HssLmsVerifyingKey::from_public_key(key, &Sha256).map(|key| then(&key)),
            |key, then| RsaVerifyingKey::from_public_key(key).map(|key| then(&key)),
        ];
        for parse in parsers {
            match parse(key, then) {
                Err(InvalidKey::Unsupported) => {}
                done => return done,
            }
        }
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        sha2::hash_function(algorithm)
    }
}

impl SecretProvider for AwsLc {
    fn with_mac(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Mac),
    ) -> Result<(), InvalidKey> {
        then(&hmac::HmacKey(*key));
        Ok(())
    }

    fn with_aead(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn Aead),
    ) -> Result<(), InvalidKey> {
        then(&aead::AeadKey(*key));
        Ok(())
    }

    fn with_cipher(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        then(&aes_cipher::CipherKey(*key));
        Ok(())
    }

    fn with_key_wrap(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        then(&aes_kw::KeyWrapKey(*key));
        Ok(())
    }

    fn with_key_transport(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        rsa_oaep::KeyTransportKey::new(key).map(|key| then(&key))
    }

    fn with_shared_secret(
        &self,
        key: &SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn SharedSecret),
    ) -> Result<(), InvalidKey> {
        then(&hkdf::SharedSecretKey(*key));
        Ok(())
    }

    fn with_key_agreement(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        ecdh::AgreementKey::new(key).map(|key| then(&key))
    }

    fn with_ephemeral_key(
        &self,
        curve: Curve,
        random: &mut dyn CryptoRng,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        ecdh::AgreementKey::generate(curve, random).map(|key| then(&key))
    }
}

/// Parses a key and calls its second argument with the verifier.
type Parser = fn(&PublicKey<'_>, &mut dyn FnMut(&dyn SignatureVerifier)) -> Result<(), InvalidKey>;

#[cfg(test)]
mod tests;
