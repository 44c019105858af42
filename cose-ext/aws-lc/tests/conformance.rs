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

/// RSA signatures by either provider, from the same private key, under the other's verifier.
#[test]
fn each_provider_verifies_what_the_other_signs_by_rsa() {
    use cose_crypto::{KeyMaterial, PrivateKey, PrivateKeyMaterial, StreamSigner};

    let [n, e, d, p, q, dp, dq, qi] = testkit::rsa::numbers();
    let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
    let public = PublicKey { material: KeyMaterial::Rsa { n, e }, algorithm: None };
    let private = PrivateKey { material, public: Some(public.material), algorithm: None };
    let aws_lc = || cose_aws_lc::RsaSigningKey::from_private_key(&private).unwrap();
    let rustcrypto = || cose_rustcrypto::RsaSigningKey::from_private_key(&private).unwrap();
    assert_eq!(aws_lc().algorithm(), rustcrypto().algorithm());
    for algorithm in [
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::RS512,
    ] {
        let signers: [(&dyn StreamSigner, &dyn Provider); 2] = [
            (&aws_lc().with_algorithm(algorithm).unwrap(), &RustCrypto),
            (&rustcrypto().with_algorithm(algorithm).unwrap(), &AwsLc),
        ];
        for (signer, other) in signers {
            let key = Key::new(public, other);
            let mut signature = vec![0; signer.signature_len()];
            signer.sign(&[b"mess", b"age"], &mut signature).unwrap();
            assert_eq!(key.verify(algorithm, &[b"message"], &signature), Ok(()), "{algorithm}");
            let mut feed = |sink: &mut dyn FnMut(&[u8])| {
                sink(b"message");
                Ok(())
            };
            signer.sign_stream(&mut feed, &mut signature).unwrap();
            assert_eq!(key.verify(algorithm, &[b"message"], &signature), Ok(()), "{algorithm}");
        }
    }
    for other in [Algorithm::ES256, Algorithm::RSAES_OAEP_SHA_256] {
        assert!(aws_lc().with_algorithm(other).is_err());
        assert!(rustcrypto().with_algorithm(other).is_err());
    }
}

/// Numbers of an RSA key that do not belong together are refused by both providers alike.
#[test]
fn c24_providers_refuse_the_same_rsa_keys() {
    use cose_crypto::{InvalidKey, PrivateKey, PrivateKeyMaterial};

    let own = testkit::rsa::numbers();
    for at in 0..own.len() {
        for altered in [own[at].iter().map(|byte| byte ^ 2).collect(), Vec::new(), vec![1; 1025]] {
            let mut numbers = own;
            numbers[at] = &altered;
            let [n, e, d, p, q, dp, dq, qi] = numbers;
            let material = PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi };
            let key = PrivateKey { material, public: None, algorithm: None };
            let expected = Some(InvalidKey::Malformed);
            let by_aws_lc = cose_aws_lc::RsaSigningKey::from_private_key(&key).err();
            let by_rustcrypto = cose_rustcrypto::RsaSigningKey::from_private_key(&key).err();
            assert_eq!((by_aws_lc, by_rustcrypto), (expected, expected), "number {at}");
        }
    }
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
