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
// The README's example signs on P-256.
#![cfg_attr(feature = "p256", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "p256"), doc = "The provider of pure Rust cryptography for COSE.")]

#[cfg(all(
    feature = "alloc",
    any(feature = "aes", feature = "chacha20poly1305", feature = "ed448", feature = "rsa")
))]
extern crate alloc;
#[cfg(test)]
extern crate std;

#[cfg(any(feature = "aes", feature = "chacha20poly1305"))]
mod aead;
#[cfg(feature = "aes")]
mod aes_cipher;
#[cfg(feature = "aes")]
mod aes_kw;
#[cfg(feature = "bp256")]
mod bp256;
#[cfg(feature = "bp384")]
mod bp384;
#[cfg(feature = "ecdh")]
mod ecdh;
#[cfg(any(
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "bp256",
    feature = "bp384"
))]
mod ecdsa;
#[cfg(feature = "ed25519")]
mod ed25519;
#[cfg(feature = "ed448")]
mod ed448;
#[cfg(any(
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "bp256",
    feature = "bp384",
    feature = "ed25519",
    feature = "ml-dsa",
    feature = "rsa"
))]
mod emit;
#[cfg(feature = "hkdf")]
mod hkdf;
#[cfg(feature = "k256")]
mod k256;
#[cfg(any(feature = "hmac", feature = "aes"))]
mod mac;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
#[cfg(feature = "p256")]
mod p256;
#[cfg(feature = "p384")]
mod p384;
#[cfg(feature = "p521")]
mod p521;
#[cfg(feature = "rsa")]
mod rsa;
#[cfg(any(feature = "sha256", feature = "sha512"))]
mod sha2;
#[cfg(feature = "shake")]
mod shake;
#[cfg(any(
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "bp256",
    feature = "bp384"
))]
mod weierstrass;
#[cfg(feature = "x25519")]
mod x25519;

#[cfg(feature = "bp256")]
pub use bp256::{BrainpoolP256r1SigningKey, BrainpoolP256r1VerifyingKey};
#[cfg(feature = "bp384")]
pub use bp384::{BrainpoolP384r1SigningKey, BrainpoolP384r1VerifyingKey};
#[cfg(feature = "ed448")]
pub use ed448::Ed448VerifyingKey;
#[cfg(feature = "ed25519")]
pub use ed25519::{Ed25519SigningKey, Ed25519VerifyingKey};
#[cfg(feature = "k256")]
pub use k256::{Secp256k1SigningKey, Secp256k1VerifyingKey};
#[cfg(feature = "ml-dsa")]
pub use ml_dsa::{
    MlDsa44SigningKey, MlDsa44VerifyingKey, MlDsa65SigningKey, MlDsa65VerifyingKey,
    MlDsa87SigningKey, MlDsa87VerifyingKey,
};
#[cfg(feature = "p256")]
pub use p256::{P256SigningKey, P256VerifyingKey};
#[cfg(feature = "p384")]
pub use p384::{P384SigningKey, P384VerifyingKey};
#[cfg(feature = "p521")]
pub use p521::{P521SigningKey, P521VerifyingKey};
#[cfg(feature = "rsa")]
pub use rsa::{RandomizedRsaSigner, RsaSigningKey, RsaVerifyingKey};
#[cfg(feature = "sha256")]
pub use sha2::Sha256;
#[cfg(feature = "sha512")]
pub use sha2::{Sha384, Sha512, Sha512_256};
#[cfg(feature = "shake")]
pub use shake::{Shake128, Shake256};

#[cfg(feature = "hss-lms")]
use cose_crypto::hss_lms::HssLmsVerifyingKey;
use cose_crypto::{
    Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SecretProvider, SignatureVerifier,
};

/// The pure Rust provider: what its features have, and `Unsupported` for all else.
///
/// Keys for MACs, encryption and key wrap are held to the length of the algorithm, at each use; a
/// key for HMAC may have any length but zero.
///
/// The ciphers behind want additional data in one piece. A single part is handed on as it is;
/// several are joined on the stack up to 1024 bytes together, beyond that on the heap, and without
/// `alloc` they are `Unsupported`. Plaintext and ciphertext are never copied, of whatever size.
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCrypto;

impl Provider for RustCrypto {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        // A parser that answers `Unsupported` leaves the key to the next.
        let parsers: &[Parser] = &[
            #[cfg(feature = "p256")]
            |key, then| show(&P256VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "ed25519")]
            |key, then| show(&Ed25519VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "p384")]
            |key, then| show(&P384VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "p521")]
            |key, then| show(&P521VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "k256")]
            |key, then| show(&Secp256k1VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "bp256")]
            |key, then| show(&BrainpoolP256r1VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "bp384")]
            |key, then| show(&BrainpoolP384r1VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "ml-dsa")]
            |key, then| show(&MlDsa44VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "ml-dsa")]
            |key, then| show(&MlDsa65VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "ml-dsa")]
            |key, then| show(&MlDsa87VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "ed448")]
            |key, then| show(&Ed448VerifyingKey::from_public_key(key), then),
            #[cfg(feature = "hss-lms")]
            |key, then| show(&HssLmsVerifyingKey::from_public_key(key, &Sha256), then),
            #[cfg(feature = "rsa")]
            |key, then| show(&RsaVerifyingKey::from_public_key(key), then),
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
        #[cfg(feature = "shake")]
        if let Some(shake) = shake::hash_function(algorithm) {
            return Some(shake);
        }
        #[cfg(any(feature = "sha256", feature = "sha512"))]
        if let Some(sha2) = sha2::hash_function(algorithm) {
            return Some(sha2);
        }
        let _ = algorithm;
        None
    }
}

impl SecretProvider for RustCrypto {
    #[cfg(any(feature = "hmac", feature = "aes"))]
    fn with_mac(
        &self,
        key: &cose_crypto::SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn cose_crypto::Mac),
    ) -> Result<(), InvalidKey> {
        then(&mac::MacKey(*key));
        Ok(())
    }

    #[cfg(any(feature = "aes", feature = "chacha20poly1305"))]
    fn with_aead(
        &self,
        key: &cose_crypto::SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn cose_crypto::Aead),
    ) -> Result<(), InvalidKey> {
        then(&aead::AeadKey(*key));
        Ok(())
    }

    #[cfg(feature = "aes")]
    fn with_cipher(
        &self,
        key: &cose_crypto::SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn cose_crypto::UnauthenticatedCipher),
    ) -> Result<(), InvalidKey> {
        then(&aes_cipher::CipherKey(*key));
        Ok(())
    }

    #[cfg(feature = "aes")]
    fn with_key_wrap(
        &self,
        key: &cose_crypto::SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn cose_crypto::KeyWrap),
    ) -> Result<(), InvalidKey> {
        then(&aes_kw::KeyWrapKey(*key));
        Ok(())
    }

    #[cfg(feature = "hkdf")]
    fn with_shared_secret(
        &self,
        key: &cose_crypto::SymmetricKey<'_>,
        then: &mut dyn FnMut(&dyn cose_crypto::SharedSecret),
    ) -> Result<(), InvalidKey> {
        then(&hkdf::SharedSecretKey(*key));
        Ok(())
    }

    #[cfg(any(feature = "ecdh", feature = "x25519"))]
    fn with_key_agreement(
        &self,
        key: &cose_crypto::PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn cose_crypto::KeyAgreement),
    ) -> Result<(), InvalidKey> {
        use cose_crypto::Curve;

        match key.profile().curve {
            #[cfg(feature = "ecdh")]
            Some(Curve::P256) => ecdh::EcdhKey::<::p256::NistP256>::new(key).map(|key| then(&key)),
            #[cfg(all(feature = "ecdh", feature = "p384"))]
            Some(Curve::P384) => ecdh::EcdhKey::<::p384::NistP384>::new(key).map(|key| then(&key)),
            #[cfg(all(feature = "ecdh", feature = "p521"))]
            Some(Curve::P521) => ecdh::EcdhKey::<::p521::NistP521>::new(key).map(|key| then(&key)),
            #[cfg(feature = "x25519")]
            Some(Curve::X25519) => x25519::X25519Key::new(key).map(|key| then(&key)),
            _ => Err(InvalidKey::Unsupported),
        }
    }

    #[cfg(any(feature = "ecdh", feature = "x25519"))]
    fn with_ephemeral_key(
        &self,
        curve: cose_crypto::Curve,
        random: &mut dyn rand_core::CryptoRng,
        then: &mut dyn FnMut(&dyn cose_crypto::KeyAgreement),
    ) -> Result<(), InvalidKey> {
        use cose_crypto::Curve;

        match curve {
            #[cfg(feature = "ecdh")]
            Curve::P256 => then(&ecdh::EcdhKey::<::p256::NistP256>::generate(random)),
            #[cfg(all(feature = "ecdh", feature = "p384"))]
            Curve::P384 => then(&ecdh::EcdhKey::<::p384::NistP384>::generate(random)),
            #[cfg(all(feature = "ecdh", feature = "p521"))]
            Curve::P521 => then(&ecdh::EcdhKey::<::p521::NistP521>::generate(random)),
            #[cfg(feature = "x25519")]
            Curve::X25519 => then(&x25519::X25519Key::generate(random)),
            _ => return Err(InvalidKey::Unsupported),
        }
        Ok(())
    }
}

/// Parses a key and calls its second argument with the verifier.
type Parser = fn(&PublicKey<'_>, &mut dyn FnMut(&dyn SignatureVerifier)) -> Result<(), InvalidKey>;

/// Calls `then` with a key in the place where it was parsed: it is large, and would be there twice
/// while a signature is checked.
#[cfg(any(
    feature = "p256",
    feature = "ed25519",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "bp256",
    feature = "bp384",
    feature = "ml-dsa",
    feature = "ed448",
    feature = "hss-lms",
    feature = "rsa",
))]
fn show<K: SignatureVerifier>(
    key: &Result<K, InvalidKey>,
    then: &mut dyn FnMut(&dyn SignatureVerifier),
) -> Result<(), InvalidKey> {
    match key {
        Ok(key) => {
            then(key);
            Ok(())
        }
        Err(error) => Err(*error),
    }
}

#[cfg(all(test, feature = "sha256", feature = "sha512"))]
mod tests;
