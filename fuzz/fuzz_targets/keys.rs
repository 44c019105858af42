//! Keys in every format. What is read as a public key is written in each format that has it, and reads again as that
//! key: a list of keys by thumbprint must not see another one.
#![no_main]

#[path = "keys/secrets.rs"]
mod secrets;
#[path = "keys/trust.rs"]
mod trust;

use cose_ext::crypto::{Algorithm, Curve, PublicKey};
use cose_ext::key::{
    CoseKey, CoseKeyEncoder, Jwk, JwkSet, KeyLabel, KeySet, KeySetEncoder, Pem, Thumbprint, pkcs8,
    sec1, spki,
};
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Profile, ecdsa};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    in_cose(bytes);
    in_json(bytes);
    in_der(bytes);
    if let Ok(pem) = Pem::decode(bytes) {
        assert!(!format!("{pem:?}").is_empty());
        let _ = pem.public_key().map(|key| written(&key));
        let _ = pem.private_key().map(|key| secrets::private(&key));
    }
    let _ = Pem::decode_encrypted(bytes, b"horse", &limits())
        .is_ok_and(|pem| pem.private_key().is_ok());
    signature(bytes);
});

/// What a password costs here at most.
fn limits() -> pkcs8::PasswordLimits {
    let limits = pkcs8::PasswordLimits::default();
    limits.with_pbkdf2_iterations(2048).with_scrypt_blocks(1 << 13)
}

fn in_cose(bytes: &[u8]) {
    if let Ok(key) = CoseKey::decode(bytes, &Profile::LENIENT) {
        assert!(!key.to_string().is_empty() && !format!("{key:?}").is_empty());
        let _ =
            (key.key_id(), key.operations(), key.key_type(), key.base_iv(), key.agreement_key());
        trust::cose_key(&key);
        if let Ok(public) = key.public_key() {
            written(&public);
        }
        if let Ok(private) = key.private_key() {
            secrets::private(&private);
        }
        if let Ok(symmetric) = key.symmetric_key() {
            secrets::symmetric(symmetric);
        }
    }
    if let Ok((key, rest)) = CoseKey::decode_prefix(bytes, &Profile::LENIENT) {
        let whole = bytes.len() - rest.len();
        assert!(CoseKey::decode(&bytes[..whole], &Profile::LENIENT).is_ok());
        let _ = key.find(KeyLabel::KTY);
    }
    if let Ok(set) = KeySet::decode(bytes, &Profile::LENIENT) {
        for key in set.iter().flatten().take(4) {
            let _ = key.public_key().map(|key| written(&key));
        }
        trust::cose_set(&set);
        secrets::held(&set);
    }
}

fn in_json(bytes: &[u8]) {
    if let Ok(key) = Jwk::decode(bytes) {
        assert!(!format!("{key:?}").is_empty());
        trust::jwk(&key);
        let _ = (
            key.agreement_key().is_ok(),
            key.operations(),
            key.secret_key(&fuzz::Accept::ALL).is_ok(),
        );
        let _ = key.private_key().map(|key| secrets::private(&key));
        let _ = key.symmetric_key().map(secrets::symmetric);
        let _ = key.public_key().map(|key| written(&key));
    }
    if let Ok(set) = JwkSet::decode(bytes) {
        for key in set.iter().flatten().take(4) {
            let _ = key.public_key().map(|key| written(&key));
        }
        assert!(!format!("{set:?}").is_empty());
        trust::jwk_set(&set);
    }
}

fn in_der(bytes: &[u8]) {
    if let Ok(key) = spki::decode(bytes) {
        written(&key);
    }
    for algorithm in [Algorithm::PS256, Algorithm::PS512, Algorithm::ES256] {
        let _ = spki::decode_for(bytes, algorithm).map(|key| written(&key));
        let _ = pkcs8::decode_for(bytes, algorithm).map(|key| secrets::private(&key));
    }
    let read = [pkcs8::decode(bytes), pkcs8::decode_pkcs1(bytes), sec1::decode(bytes)];
    read.into_iter().flatten().for_each(|key| secrets::private(&key));
    if let Ok(encrypted) = pkcs8::EncryptedPrivateKey::decode(bytes) {
        assert!(!format!("{encrypted:?}").is_empty());
        let none = pkcs8::PasswordLimits::default().with_pbkdf2_iterations(0).with_scrypt_blocks(0);
        assert!(encrypted.decrypt(b"horse", &none).is_err(), "{:?}", encrypted.work());
        let decrypted = encrypted.decrypt(b"horse", &limits());
        let _ = decrypted.map(|key| pkcs8::decode(&key).map(|key| secrets::private(&key)));
    }
}

/// An ECDSA signature has one form in DER, and one of a length.
fn signature(bytes: &[u8]) {
    let (mut raw, mut der) = ([0; 132], [0; 160]);
    for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::ED25519] {
        let Ok(raw) = ecdsa::from_der(bytes, curve, &mut raw) else { continue };
        assert_eq!(ecdsa::to_der(raw, &mut der).ok().as_deref(), Some(bytes));
    }
    if let Ok(der) = ecdsa::to_der(bytes, &mut der)
        && bytes.len() == 64
        && let Ok(again) = ecdsa::from_der(der, Curve::P256, &mut raw)
    {
        assert_eq!(again, bytes);
    }
}

fn written(key: &PublicKey<'_>) {
    trust::public(key);
    let thumbprint = |key: &PublicKey<'_>| Thumbprint::new(key, &Sha256).ok();
    if let Ok(encoder) = spki::SpkiEncoder::new(*key) {
        let bytes = encoder.to_vec();
        let mut out = vec![0; encoder.len()];
        assert_eq!(encoder.encode(&mut out).ok(), Some(&bytes[..]));
        assert!(encoder.encode(&mut out[1..]).is_err());
        let again = spki::decode(&bytes).expect("what was written");
        // Numbers of RSA may have come with zeros before them.
        assert!(again.material == key.material || thumbprint(&again) == thumbprint(key));
    }
    // A compressed point has no thumbprint without a provider that knows the curve.
    let Some(name) = thumbprint(key) else { return };
    if let Ok(encoder) = CoseKeyEncoder::new(*key) {
        let bytes = encoder.to_vec();
        assert_eq!(encoder.len(), bytes.len());
        let again = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).expect("what was written");
        assert_eq!(again.public_key().ok().as_ref().and_then(thumbprint), Some(name));
        let keys = [encoder, encoder.with_key_id(b"one")];
        let set = KeySetEncoder::new(&keys).expect("two keys");
        let bytes = set.to_vec();
        let mut out = vec![0; set.len()];
        assert_eq!(set.encode(&mut out).ok().as_deref(), Some(&bytes[..]));
        let set = KeySet::decode(&bytes, &Profile::DETERMINISTIC).expect("what was written");
        for key in set.iter() {
            let key = key.expect("what was written");
            assert_eq!(key.public_key().ok().as_ref().and_then(thumbprint), Some(name));
        }
    }
    if let Ok(text) = Pem::encode_public(key) {
        let again = Pem::decode(text.as_bytes()).expect("what was written");
        assert_eq!(again.public_key().ok().as_ref().and_then(thumbprint), Some(name));
    }
    if let Ok(text) = Jwk::encode(key, None) {
        let again = Jwk::decode(text.as_bytes()).expect("what was written");
        assert_eq!(again.public_key().ok().as_ref().and_then(thumbprint), Some(name));
    }
}
