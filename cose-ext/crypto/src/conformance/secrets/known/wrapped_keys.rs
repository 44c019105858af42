//! Known answers of AES Key Wrap.

use super::hex;
use crate::{Algorithm, PrivateKeyMaterial};

/// A wrapped key that is known to be right.
pub(in super::super) struct KnownWrappedKey {
    pub(in super::super) algorithm: Algorithm,
    pub(in super::super) key: &'static [u8],
    pub(in super::super) unwrapped: &'static [u8],
    pub(in super::super) wrapped: &'static [u8],
}

/// AES Key Wrap.
pub(in super::super) const KNOWN_WRAPPED_KEYS: &[KnownWrappedKey] = &[
    // RFC 3394 4.1
    KnownWrappedKey {
        algorithm: Algorithm::A128KW,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        unwrapped: &hex::<16>("00112233445566778899aabbccddeeff"),
        wrapped: &hex::<24>("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
    },
    // RFC 3394 4.2
    KnownWrappedKey {
        algorithm: Algorithm::A192KW,
        key: &hex::<24>("000102030405060708090a0b0c0d0e0f1011121314151617"),
        unwrapped: &hex::<16>("00112233445566778899aabbccddeeff"),
        wrapped: &hex::<24>("96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"),
    },
    // RFC 3394 4.6
    KnownWrappedKey {
        algorithm: Algorithm::A256KW,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        unwrapped: &hex::<32>("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f"),
        wrapped: &hex::<40>(
            "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43b\
             fb988b9b7a02dd21",
        ),
    },
];

/// RSAES-OAEP: what OpenSSL made of the bytes 0 to 15 for [`rsa`].
pub(in super::super) const KNOWN_TRANSPORTED_KEYS: &[(Algorithm, &[u8])] = &[
    (Algorithm::RSAES_OAEP_SHA_1, include_bytes!("../../data/rsaes-oaep-sha-1.wrapped")),
    (Algorithm::RSAES_OAEP_SHA_256, include_bytes!("../../data/rsaes-oaep-sha-256.wrapped")),
    (Algorithm::RSAES_OAEP_SHA_512, include_bytes!("../../data/rsaes-oaep-sha-512.wrapped")),
];

/// The numbers of a key of 2048 bits, one after the other in the order of RFC 8230 4.
const RSA: &[u8] = include_bytes!("../../data/rsa-2048.private");

/// The numbers of the key that protects nothing.
pub(in super::super) fn rsa() -> Option<PrivateKeyMaterial<'static>> {
    let (n, rest) = RSA.split_at_checked(256)?;
    let (e, rest) = rest.split_at_checked(3)?;
    let (d, rest) = rest.split_at_checked(256)?;
    let (p, rest) = rest.split_at_checked(128)?;
    let (q, rest) = rest.split_at_checked(128)?;
    let (dp, rest) = rest.split_at_checked(128)?;
    let (dq, qi) = rest.split_at_checked(128)?;
    Some(PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi })
}
