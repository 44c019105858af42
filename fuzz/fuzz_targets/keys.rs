//! Keys in every format. What is read as a public key is written in each format that has it, and reads again as that
//! key: a list of keys by thumbprint must not see another one.
#![no_main]

use cose_ext::Profile;
use cose_ext::crypto::PublicKey;
use cose_ext::key::{CoseKey, CoseKeyEncoder, Jwk, JwkSet, KeySet, Pem, Thumbprint, pkcs8, spki};
use cose_ext::rustcrypto::Sha256;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = CoseKey::decode(bytes, &Profile::LENIENT) {
        assert!(!key.to_string().is_empty());
        let _ = (key.key_id(), key.operations(), key.private_key().is_ok());
        if let Ok(public) = key.public_key() {
            written(&public);
        }
    }
    if let Ok(set) = KeySet::decode(bytes, &Profile::LENIENT) {
        for key in set.iter().flatten() {
            let _ = key.public_key().map(|key| written(&key));
        }
    }
    if let Ok(key) = Jwk::decode(bytes) {
        let _ = key.private_key().is_ok();
        let _ = key.public_key().map(|key| written(&key));
    }
    if let Ok(set) = JwkSet::decode(bytes) {
        for key in set.iter().flatten() {
            let _ = key.public_key().map(|key| written(&key));
        }
    }
    if let Ok(key) = spki::decode(bytes) {
        written(&key);
    }
    let _ = pkcs8::decode(bytes).is_ok();
    let _ = pkcs8::decode_pkcs1(bytes).is_ok();
    if let Ok(encrypted) = pkcs8::EncryptedPrivateKey::decode(bytes) {
        let limits = pkcs8::PasswordLimits::DEFAULT;
        let limits = limits.with_pbkdf2_iterations(1000).with_scrypt_blocks(1 << 10);
        let _ = encrypted.decrypt(b"password", &limits).map(|key| pkcs8::decode(&key).is_ok());
    }
    if let Ok(pem) = Pem::decode(bytes) {
        let _ = (pem.private_key().is_ok(), pem.public_key().map(|key| written(&key)));
    }
});

fn written(key: &PublicKey<'_>) {
    let thumbprint = |key: &PublicKey<'_>| Thumbprint::new(key, &Sha256).ok();
    // A compressed point has no thumbprint without a provider that knows the curve.
    let Some(name) = thumbprint(key) else { return };
    if let Ok(encoder) = CoseKeyEncoder::new(*key) {
        let bytes = encoder.to_vec();
        let again = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).expect("what was written");
        assert_eq!(again.public_key().ok().as_ref().and_then(thumbprint), Some(name));
    }
    if let Ok(text) = Jwk::encode(key, None) {
        let again = Jwk::decode(text.as_bytes()).expect("what was written");
        assert_eq!(again.public_key().ok().as_ref().and_then(thumbprint), Some(name));
    }
    if let Ok(encoder) = spki::SpkiEncoder::new(*key) {
        let bytes = encoder.to_vec();
        let again = spki::decode(&bytes).expect("what was written");
        assert_eq!(thumbprint(&again), Some(name));
    }
}
