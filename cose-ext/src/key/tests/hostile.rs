//! Any input to the key formats: refused or read, never a panic.

use std::vec::Vec;

use proptest::prelude::*;

use crate::{
    Profile,
    crypto::PrivateKey,
    key::{
        CoseKey, Jwk, JwkEncoder, JwkSet, KeySet, Pem, SecretKeyEncoder,
        pkcs8::{self, Pkcs8Encoder},
        sec1, spki,
    },
};

const SPKI: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004\
                    f9ebe464147cc102d92324d099d927c1a50e42d57a08a116ffec0a29819d8c65\
                    70baf7d12888902a6a0c1d67add103123c859ab69bf8e9431c9384930d4b7eee";
const PKCS8: &str = "3051020101300506032b657004220420\
                     0707070707070707070707070707070707070707070707070707070707070707\
                     812100ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
const RSA: &str = "301a300d06092a864886f70d0101010500030900300602017f020103";
const SEC1: &str = "3031020101042000000000000000000000000000000000\
                    1234567890abcdef1234567890abcdefa00a06082a8648ce3d030107";
const COSE_KEY: &str = "a6010220012141012241022341030481010326";
const ML_DSA: &str = "3038020101300b06096086480165030403110422\
                      80200707070707070707070707070707070707070707070707070707070707070707\
                      81020009";
const HSS_LMS: &str = "3014300d060b2a864886f70d01091003110303000000";
const SYMMETRIC: &str = "a5010402416b0481090541b12042010203";
const OCT: &[u8] = br#"{"kty":"oct","k":"AQID","alg":"HS256","use":"sig","key_ops":["sign"]}"#;
const PEM: &[u8] = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n";
const JWK: &[u8] =
    br#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQID","y":"AQID","d":"AQ","key_ops":["sign"]}]}"#;

fn read_all(bytes: &[u8]) {
    let profile = Profile::LENIENT;
    if let Ok(key) = CoseKey::decode(bytes, &profile) {
        let _ = (key.public_key(), key.private_key(), key.symmetric_key());
        if let Ok(private) = key.private_key() {
            write_all(&private);
        }
    }
    if let Ok(set) = KeySet::decode(bytes, &profile) {
        for key in set.iter().flatten() {
            let _ = (key.public_key(), key.private_key());
        }
    }
    if let Ok(jwk) = Jwk::decode(bytes) {
        let _ = (jwk.public_key(), jwk.private_key(), jwk.symmetric_key(), jwk.operations());
    }
    if let Ok(set) = JwkSet::decode(bytes) {
        for jwk in set.iter().flatten() {
            let _ = (jwk.public_key(), jwk.private_key());
        }
    }
    if let Ok(pem) = Pem::decode(bytes) {
        let _ = (pem.public_key(), pem.private_key());
    }
    let _ = (spki::decode(bytes), sec1::decode(bytes));
    if let Ok(private) = pkcs8::decode(bytes) {
        write_all(&private);
    }
    #[cfg(all(feature = "rustcrypto", feature = "rsa"))]
    if let Ok(key) = spki::decode(bytes) {
        use crate::crypto::Provider;
        let _ = crate::rustcrypto::RustCrypto.with_verifier(&key, &mut |_| ());
    }
}

/// What was read may have no form elsewhere, but never a wrong one.
fn write_all(key: &PrivateKey<'_>) {
    if let Ok(encoder) = Pkcs8Encoder::new(*key) {
        assert!(pkcs8::decode(&encoder.to_vec()).is_ok());
    }
    if let Ok(encoder) = SecretKeyEncoder::private(*key) {
        let bytes = encoder.to_vec();
        let read = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        assert!(read.private_key().is_ok_and(|read| read.public == key.public));
    }
    if let Ok(encoder) = JwkEncoder::private(*key) {
        assert!(Jwk::decode(encoder.encode().as_bytes()).unwrap().private_key().is_ok());
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let der = [SPKI, PKCS8, RSA, SEC1, COSE_KEY, ML_DSA, HSS_LMS, SYMMETRIC].map(super::hex);
    der.into_iter().chain([PEM.to_vec(), JWK.to_vec(), OCT.to_vec()]).collect()
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn damaged_keys_are_refused_or_read(
        seed in proptest::sample::select(seeds()),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        len in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = seed;
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(len.index(bytes.len()));
        }
        read_all(&bytes);
    }
}

#[test]
fn nesting_does_not_grow_the_stack() {
    read_all(&[b'['; 100_000]);
    read_all(&[&br#"{"kty":"#[..], &[b'['; 100_000]].concat());
    read_all(&[&br#"{"more":"#[..], &[b'['; 100_000]].concat());
    read_all(&[0x30, 0x80].repeat(50_000));
}
