//! A provider and its parsed keys are shared by the threads of a service; signers are not asked to be.

use std::thread;

use cose_crypto::{
    Algorithm, HashFunction, Key, Provider, SecretProvider, SignatureVerifier, Signer,
};
use cose_rustcrypto::{P256SigningKey, P256VerifyingKey, RustCrypto};

fn is_shared<T: Send + Sync + ?Sized>(_: &T) {}

#[test]
fn one_provider_and_one_key_serve_all_threads() {
    let signer = P256SigningKey::from_bytes(&[3; 32]).unwrap();
    let public = signer.public_key();
    let parsed = P256VerifyingKey::from_public_key(&public.as_public_key()).unwrap();
    let provider: &dyn SecretProvider = &RustCrypto;
    let key = Key::new(public.as_public_key(), provider);
    let mut signature = [0; 64];
    signer.sign(&[b"shared"], &mut signature).unwrap();
    let verifiers: [&dyn SignatureVerifier; 2] = [&parsed, &key];
    thread::scope(|scope| {
        for verifier in verifiers {
            for message in [&b"shared"[..], b"another"] {
                let verify =
                    move || verifier.verify(Algorithm::ES256, &[message], &signature).is_ok();
                let verified = scope.spawn(verify);
                assert_eq!(verified.join().unwrap(), message == b"shared");
            }
        }
        let sha256 = provider.hash_function(Algorithm::SHA256).unwrap();
        let digest = scope.spawn(|| sha256.hash(&[b"sha", b"red"])).join().unwrap();
        assert_eq!(digest, sha256.hash(&[b"shared"]));
    });
    is_shared::<dyn Provider>(&RustCrypto);
    is_shared::<dyn HashFunction>(provider.hash_function(Algorithm::SHA256).unwrap());
}
