//! Known answers of ciphers that authenticate nothing.

use super::hex;
use crate::Algorithm;

/// A ciphertext without a tag that is known to be right.
pub(in super::super) struct KnownUnauthenticated {
    pub(in super::super) algorithm: Algorithm,
    pub(in super::super) key: &'static [u8],
    pub(in super::super) iv: &'static [u8],
    pub(in super::super) plaintext: &'static [u8],
    pub(in super::super) ciphertext: &'static [u8],
}

/// The first block is that of NIST SP 800-38A F.2 and F.5, the rest by OpenSSL.
pub(in super::super) const KNOWN_UNAUTHENTICATED: &[KnownUnauthenticated] = &[
    KnownUnauthenticated {
        algorithm: Algorithm::A128CTR,
        key: &hex::<16>("2b7e151628aed2a6abf7158809cf4f3c"),
        iv: &hex::<16>("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
        plaintext: &hex::<20>("6bc1bee22e409f96e93d7e117393172aae2d8a57"),
        ciphertext: &hex::<20>("874d6191b620e3261bef6864990db6ce9806f66b"),
    },
    KnownUnauthenticated {
        algorithm: Algorithm::A192CTR,
        key: &hex::<24>("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"),
        iv: &hex::<16>("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
        plaintext: &hex::<20>("6bc1bee22e409f96e93d7e117393172aae2d8a57"),
        ciphertext: &hex::<20>("1abc932417521ca24f2b0459fe7e6e0b090339ec"),
    },
    KnownUnauthenticated {
        algorithm: Algorithm::A256CTR,
        key: &hex::<32>("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
        iv: &hex::<16>("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
        plaintext: &hex::<20>("6bc1bee22e409f96e93d7e117393172aae2d8a57"),
        ciphertext: &hex::<20>("601ec313775789a5b7a7f504bbf3d228f443e3ca"),
    },
    KnownUnauthenticated {
        algorithm: Algorithm::A128CBC,
        key: &hex::<16>("2b7e151628aed2a6abf7158809cf4f3c"),
        iv: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        plaintext: &hex::<20>("6bc1bee22e409f96e93d7e117393172aae2d8a57"),
        ciphertext: &hex::<32>("7649abac8119b246cee98e9b12e9197d2e013f890472d82217b17f45f6e7f539"),
    },
    KnownUnauthenticated {
        algorithm: Algorithm::A192CBC,
        key: &hex::<24>("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"),
        iv: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        plaintext: &hex::<20>("6bc1bee22e409f96e93d7e117393172aae2d8a57"),
        ciphertext: &hex::<32>("4f021db243bc633d7178183a9fa071e8f3bab464b3d4aaa59cb9f6a8bb5910f1"),
    },
    KnownUnauthenticated {
        algorithm: Algorithm::A256CBC,
        key: &hex::<32>("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
        iv: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        plaintext: &hex::<20>("6bc1bee22e409f96e93d7e117393172aae2d8a57"),
        ciphertext: &hex::<32>("f58c4c04d6e5f1ba779eabfb5f7bfbd684354e280bfa27ef071b563dc89d0364"),
    },
];
