//! The provider passes the suite, and understands the provider of pure Rust.

use cose_aws_lc::AwsLc;
use cose_crypto::{
    Algorithm, Key, Provider, PublicKey, SignatureVerifier, Signer, conformance::run,
};
use cose_rustcrypto::RustCrypto;

#[test]
fn the_provider_passes() {
    use Algorithm as A;
    let mut required = Vec::from([A::SHA256, A::SHA384, A::SHA512, A::SHA512_256]);
    required.extend([A::ES256, A::ESP256, A::ES384, A::ESP384, A::ES512, A::ESP512]);
    required.extend([A::EDDSA, A::ED25519, A::ML_DSA_44, A::ML_DSA_65, A::ML_DSA_87]);
    required.extend([A::PS256, A::PS384, A::PS512, A::RS256, A::RS384, A::RS512]);
    required.extend([A::HSS_LMS].iter().filter(|_| cfg!(feature = "hss-lms")));
    required.extend([A::HMAC_256_64, A::HMAC_256, A::HMAC_384, A::HMAC_512]);
    required.extend([A::A128GCM, A::A192GCM, A::A256GCM, A::CHACHA20_POLY1305]);
    required.extend([A::A128CTR, A::A192CTR, A::A256CTR, A::A128CBC, A::A192CBC, A::A256CBC]);
    required.extend([A::A128KW, A::A256KW, A::DIRECT_HKDF_SHA_256, A::DIRECT_HKDF_SHA_512]);
    required.extend([A::ECDH_ES_HKDF_256, A::ECDH_ES_HKDF_512]);
    required.extend([A::ECDH_SS_HKDF_256, A::ECDH_SS_HKDF_512]);
    required.extend([A::RSAES_OAEP_SHA_1, A::RSAES_OAEP_SHA_256, A::RSAES_OAEP_SHA_512]);
    let mut failures = Vec::new();
    let report = run(&AwsLc, &required, &mut |failure| failures.push(failure.to_string()));
    assert!(report.is_ok(), "{failures:#?}");
}

/// What one provider signs, the other verifies: each of them from the same private keys.
#[test]
fn each_provider_verifies_what_the_other_signs() {
    fn verify(signer: &dyn Signer, public: &PublicKey<'_>, other: &dyn Provider) {
        let mut signature = std::vec![0; signer.signature_len()];
        signer.sign(&[b"mess", b"age"], &mut signature).unwrap();
        let key = Key::new(*public, other);
        assert_eq!(key.verify(signer.algorithm(), &[b"message"], &signature), Ok(()));
    }
    macro_rules! both {
        ($signing:ident, $secret:expr) => {
            let aws_lc = cose_aws_lc::$signing::from_bytes($secret).unwrap();
            let rustcrypto = cose_rustcrypto::$signing::from_bytes($secret).unwrap();
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
