//! The pure Rust provider passes the suite, and the suite says what is missing.

#[path = "support/failures.rs"]
mod support;

use cose_crypto::{
    Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SecretProvider, SignatureVerifier,
};
use cose_rustcrypto::RustCrypto;
use support::failures;

#[test]
fn rustcrypto_passes() {
    use Algorithm as A;
    let mut required = Vec::new();
    for (has, algorithms) in [
        (cfg!(feature = "sha256"), &[A::SHA256][..]),
        (cfg!(feature = "sha512"), &[A::SHA384, A::SHA512, A::SHA512_256]),
        (cfg!(feature = "p256"), &[A::ES256, A::ESP256]),
        (cfg!(feature = "p384"), &[A::ES384, A::ESP384]),
        (cfg!(feature = "p521"), &[A::ES512, A::ESP512]),
        (cfg!(feature = "ed25519"), &[A::EDDSA, A::ED25519]),
        (cfg!(feature = "ed448"), &[A::ED448]),
        (cfg!(feature = "ml-dsa"), &[A::ML_DSA_44, A::ML_DSA_65, A::ML_DSA_87]),
        (cfg!(feature = "hss-lms"), &[A::HSS_LMS]),
        (cfg!(feature = "rsa"), &[A::PS256, A::PS384, A::PS512, A::RS256, A::RS384, A::RS512]),
        (cfg!(feature = "shake"), &[A::SHAKE128, A::SHAKE256]),
        (cfg!(feature = "hmac"), &[A::HMAC_256_64, A::HMAC_256, A::HMAC_384, A::HMAC_512]),
        (
            cfg!(feature = "aes"),
            &[A::AES_MAC_128_64, A::AES_MAC_128_128, A::AES_MAC_256_64, A::AES_MAC_256_128],
        ),
        (cfg!(feature = "aes"), &[A::A128GCM, A::A192GCM, A::A256GCM]),
        (cfg!(feature = "aes"), &[A::AES_CCM_16_64_128, A::AES_CCM_16_64_256]),
        (cfg!(feature = "aes"), &[A::AES_CCM_16_128_128, A::AES_CCM_16_128_256]),
        (cfg!(feature = "aes"), &[A::AES_CCM_64_64_128, A::AES_CCM_64_64_256]),
        (cfg!(feature = "aes"), &[A::AES_CCM_64_128_128, A::AES_CCM_64_128_256]),
        (cfg!(feature = "aes"), &[A::A128CTR, A::A192CTR, A::A256CTR]),
        (cfg!(feature = "aes"), &[A::A128CBC, A::A192CBC, A::A256CBC]),
        (cfg!(feature = "aes"), &[A::A128KW, A::A192KW, A::A256KW]),
        (cfg!(feature = "chacha20poly1305"), &[A::CHACHA20_POLY1305]),
        (cfg!(feature = "hkdf"), &[A::DIRECT_HKDF_SHA_256, A::DIRECT_HKDF_SHA_512]),
        (
            cfg!(all(feature = "hkdf", feature = "aes")),
            &[A::DIRECT_HKDF_AES_128, A::DIRECT_HKDF_AES_256],
        ),
        (
            cfg!(any(feature = "ecdh", feature = "x25519")),
            &[A::ECDH_ES_HKDF_256, A::ECDH_ES_HKDF_512, A::ECDH_SS_HKDF_256, A::ECDH_SS_HKDF_512],
        ),
    ] {
        required.extend(algorithms.iter().filter(|_| has));
    }
    let failures = failures(&RustCrypto, &required);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_failure_names_its_case() {
    let text = "ES256: the key is one (0), found Key(Err(Unsupported))";
    assert_eq!(failures(&Nothing, &[Algorithm::ES256]), [text]);
}

/// Does nothing, which is allowed until something is asked for.
struct Nothing;

impl Provider for Nothing {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, _: Algorithm) -> Option<&dyn HashFunction> {
        None
    }
}

impl SecretProvider for Nothing {}

#[test]
fn what_is_required_must_be_there() {
    assert!(failures(&Nothing, &[]).is_empty());
    for algorithm in [
        Algorithm::ES256,
        Algorithm::ESP256,
        Algorithm::HSS_LMS,
        Algorithm::SHA256,
        Algorithm::HMAC_256,
        Algorithm::AES_MAC_128_64,
        Algorithm::A128GCM,
        Algorithm::A128CBC,
        Algorithm::A192KW,
        Algorithm::RSAES_OAEP_SHA_1,
        Algorithm::DIRECT_HKDF_SHA_256,
        Algorithm::ECDH_ES_HKDF_256,
        Algorithm::ECDH_SS_HKDF_512,
    ] {
        assert_eq!(failures(&Nothing, &[algorithm]).len(), 1, "{algorithm}");
    }
    // The suite has nothing to say on these, and says so.
    let unknown =
        [Algorithm::ESB512, Algorithm::SHA1, Algorithm::DIRECT, Algorithm::ECDH_ES_A128KW];
    assert_eq!(failures(&Nothing, &unknown).len(), 4);
}
