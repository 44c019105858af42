//! Known answers of AES Key Wrap (RFC 3394).

use std::vec;

use super::{counting, hex, symmetric};
use crate::aes_kw::KeyWrapKey;
use cose_crypto::{Algorithm, BufferTooShort, KeyWrap, SecretError, VerifyError};

const ALL: [Algorithm; 3] = [Algorithm::A128KW, Algorithm::A192KW, Algorithm::A256KW];

/// RFC 3394 4.1 to 4.6
#[test]
fn wrapped_keys_are_those_of_rfc3394() {
    let data = hex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
    for (algorithm, len, answer) in [
        (Algorithm::A128KW, 16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"),
        (Algorithm::A192KW, 16, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"),
        (Algorithm::A256KW, 16, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"),
        (Algorithm::A192KW, 24, "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"),
        (Algorithm::A256KW, 24, "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"),
        (
            Algorithm::A256KW,
            32,
            "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21",
        ),
    ] {
        let k = counting(algorithm.key_len().unwrap() as u8);
        let key = KeyWrapKey(symmetric(&k));
        let (data, answer) = (&data[..len], hex(answer));
        let mut wrapped = [0xee; 50];
        assert_eq!(key.wrap(algorithm, data, &mut wrapped), Ok(len + 8));
        assert_eq!(wrapped[..len + 8], answer);
        assert_eq!(
            key.wrap(algorithm, data, &mut wrapped[..len + 7]),
            Err(SecretError::BufferTooShort(BufferTooShort { needed: len + 8 }))
        );
        let mut unwrapped = [0xee; 50];
        assert_eq!(key.unwrap(algorithm, &answer, &mut unwrapped), Ok(len));
        assert_eq!(&unwrapped[..len], data);
        assert_eq!(
            key.unwrap(algorithm, &answer, &mut unwrapped[..len - 1]),
            Err(VerifyError::Unsupported)
        );
    }
}

#[test]
fn what_was_changed_is_refused_and_leaves_no_key() {
    for algorithm in ALL {
        let k = counting(algorithm.key_len().unwrap() as u8);
        let key = KeyWrapKey(symmetric(&k));
        let mut wrapped = [0; 40];
        key.wrap(algorithm, &[0x42; 32], &mut wrapped).unwrap();
        for at in 0..wrapped.len() {
            let refused = |wrapped: &[u8]| {
                let mut out = [0xee; 40];
                assert_eq!(
                    key.unwrap(algorithm, wrapped, &mut out),
                    Err(VerifyError::InvalidSignature),
                    "{algorithm}"
                );
                // Wiped, or not even written to.
                assert!(out == [0xee; 40] || out[..wrapped.len() - 8].iter().all(|b| *b == 0));
            };
            refused(&wrapped[..at]);
            let mut changed = wrapped;
            changed[at] ^= 1;
            refused(&changed);
        }
    }
}

/// RFC 3394 2: at least two blocks of 64 bits, and whole ones.
#[test]
fn lengths_are_enforced() {
    for algorithm in ALL {
        let k = counting(algorithm.key_len().unwrap() as u8);
        let key = KeyWrapKey(symmetric(&k));
        for len in 0..50 {
            let made = key.wrap(algorithm, &vec![1; len], &mut [0; 64]);
            if len >= 16 && len % 8 == 0 {
                assert_eq!(made, Ok(len + 8));
            } else {
                assert_eq!(made, Err(SecretError::Malformed), "{len}");
            }
        }
        for len in [0, 15, 16, 17, 24, 32, 33] {
            let k = vec![1; len];
            let key = KeyWrapKey(symmetric(&k));
            if Some(len) != algorithm.key_len() {
                let made = key.wrap(algorithm, &[1; 16], &mut [0; 64]);
                assert_eq!(made, Err(SecretError::Malformed));
                let read = key.unwrap(algorithm, &[1; 24], &mut [0; 64]);
                assert_eq!(read, Err(VerifyError::Unsupported));
            }
        }
        let other = key.wrap(Algorithm::DIRECT, &[1; 16], &mut [0; 64]);
        assert_eq!(other, Err(SecretError::Unsupported));
    }
}
