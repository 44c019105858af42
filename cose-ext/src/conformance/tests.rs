//! Both providers pass, and providers with one defect each do not.

#[cfg(feature = "p256")]
mod defects;
#[cfg(all(feature = "hmac", feature = "aes", feature = "ecdh", feature = "x25519"))]
mod secret_defects;

use std::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::run;
use crate::crypto::{Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier};

/// Every failure of `provider`, in words.
fn failures(provider: &dyn Provider, required: &[Algorithm]) -> Vec<String> {
    let mut failures = Vec::new();
    let report = run(provider, required, &mut |failure| failures.push(failure.to_string()));
    assert_eq!(report.failures, failures.len());
    assert_eq!(report.is_ok(), failures.is_empty());
    failures
}

#[cfg(feature = "sha2")]
#[test]
fn rustcrypto_passes() {
    use Algorithm as A;
    let mut required = Vec::from([A::SHA256, A::SHA384, A::SHA512, A::SHA512_256]);
    for (has, algorithms) in [
        (cfg!(feature = "p256"), &[A::ES256, A::ESP256][..]),
        (cfg!(feature = "p384"), &[A::ES384, A::ESP384]),
        (cfg!(feature = "p521"), &[A::ES512, A::ESP512]),
        (cfg!(feature = "ed25519"), &[A::EDDSA, A::ED25519]),
        (cfg!(feature = "ed448"), &[A::ED448]),
        (cfg!(feature = "ml-dsa"), &[A::ML_DSA_44, A::ML_DSA_65, A::ML_DSA_87]),
        (cfg!(feature = "hss-lms"), &[A::HSS_LMS]),
        (cfg!(feature = "rsa"), &[A::PS256, A::PS384, A::PS512, A::RS256]),
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
    let failures = failures(&crate::rustcrypto::RustCrypto, &required);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[cfg(feature = "aws-lc")]
#[test]
fn aws_lc_passes() {
    use Algorithm as A;
    let mut required = Vec::from([A::SHA256, A::SHA384, A::SHA512, A::SHA512_256]);
    required.extend([A::ES256, A::ESP256, A::ES384, A::ESP384, A::ES512, A::ESP512]);
    required.extend([A::EDDSA, A::ED25519, A::ML_DSA_44, A::ML_DSA_65, A::ML_DSA_87]);
    required.extend([A::PS256, A::PS384, A::PS512, A::RS256]);
    required.extend([A::HSS_LMS].iter().filter(|_| cfg!(feature = "hss-lms")));
    required.extend([A::HMAC_256_64, A::HMAC_256, A::HMAC_384, A::HMAC_512]);
    required.extend([A::A128GCM, A::A192GCM, A::A256GCM, A::CHACHA20_POLY1305]);
    required.extend([A::A128CTR, A::A192CTR, A::A256CTR, A::A128CBC, A::A192CBC, A::A256CBC]);
    required.extend([A::A128KW, A::A256KW, A::DIRECT_HKDF_SHA_256, A::DIRECT_HKDF_SHA_512]);
    required.extend([A::ECDH_ES_HKDF_256, A::ECDH_ES_HKDF_512]);
    required.extend([A::ECDH_SS_HKDF_256, A::ECDH_SS_HKDF_512]);
    required.extend([A::RSAES_OAEP_SHA_1, A::RSAES_OAEP_SHA_256, A::RSAES_OAEP_SHA_512]);
    let failures = failures(&crate::aws_lc::AwsLc, &required);
    assert!(failures.is_empty(), "{failures:#?}");
}

/// What one provider signs, the other verifies: each of them from the same private keys.
#[cfg(all(
    feature = "aws-lc",
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "ed25519",
    feature = "ml-dsa"
))]
#[test]
fn each_provider_verifies_what_the_other_signs() {
    use crate::crypto::{Key, Signer};
    use crate::{
        aws_lc::{self, AwsLc},
        rustcrypto::{self, RustCrypto},
    };
    fn verify(signer: &dyn Signer, public: &PublicKey<'_>, other: &dyn Provider) {
        let mut signature = std::vec![0; signer.signature_len()];
        signer.sign(&[b"mess", b"age"], &mut signature).unwrap();
        let key = Key::new(*public, other);
        assert_eq!(key.verify(signer.algorithm(), &[b"message"], &signature), Ok(()));
    }
    macro_rules! both {
        ($signing:ident, $secret:expr) => {
            let aws_lc = aws_lc::$signing::from_bytes($secret).unwrap();
            let rustcrypto = rustcrypto::$signing::from_bytes($secret).unwrap();
            assert!(aws_lc.public_key() == rustcrypto.public_key());
            let public = aws_lc.public_key();
            verify(&aws_lc, &public.as_public_key(), &RustCrypto);
            verify(&rustcrypto, &public.as_public_key(), &AwsLc);
        };
    }
    for byte in 1..4 {
        both!(P256SigningKey, &[byte; 32]);
        both!(P384SigningKey, &[byte; 48]);
        both!(P521SigningKey, &[&[0], &[byte; 65][..]].concat());
        both!(Ed25519SigningKey, &[byte; 32]);
        both!(MlDsa44SigningKey, &[byte; 32]);
        both!(MlDsa65SigningKey, &[byte; 32]);
        both!(MlDsa87SigningKey, &[byte; 32]);
    }
}

#[test]
fn a_failure_names_its_case() {
    use super::{Failure, Found};
    use crate::crypto::VerifyError;
    let found = Found::Verdict(Err(VerifyError::Unsupported));
    let failure = Failure { algorithm: Algorithm::ES256, case: "a changed message", at: 3, found };
    let text = "ES256: a changed message (3), found Verdict(Err(Unsupported))";
    assert_eq!(format!("{failure}"), text);
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
        [Algorithm::ES256K, Algorithm::SHA1, Algorithm::DIRECT, Algorithm::ECDH_ES_A128KW];
    assert_eq!(failures(&Nothing, &unknown).len(), 4);
}
