//! Known answers of HKDF (RFC 5869).

use std::vec;

use super::{counting, hex, symmetric};
use crate::hkdf::SharedSecretKey;
use cose_crypto::{Hkdf, KeyDerivation, SecretError, SharedSecret};

const ALL: [Hkdf; 4] = [Hkdf::Sha256, Hkdf::Sha512, Hkdf::Aes128, Hkdf::Aes256];

#[track_caller]
fn has_output(hkdf: Hkdf, salt: &[u8], secret: &[u8], context: &[u8], output: &str) {
    let output = hex(output);
    for at in 0..=context.len() {
        let (front, back) = context.split_at(at);
        let context = [front, b"", back];
        let mut key = vec![0; output.len()];
        let derivation = KeyDerivation { hkdf, salt, context: &context };
        assert_eq!(SharedSecretKey(symmetric(secret)).derive(&derivation, &mut key), Ok(()));
        assert_eq!(key, output, "{hkdf:?}");
    }
}

/// RFC 5869 A.1 to A.3
#[test]
fn outputs_are_those_of_rfc5869() {
    let info: [u8; 10] = core::array::from_fn(|n| 0xf0 + n as u8);
    has_output(
        Hkdf::Sha256,
        &counting(13),
        &[0x0b; 22],
        &info,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    );
    has_output(
        Hkdf::Sha256,
        &counting(0xb0)[0x60..],
        &counting(0x50),
        &(0xb0..=0xff).collect::<std::vec::Vec<_>>(),
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
         59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
         cc30c58179ec3e87c14c01d5c1f3434f1d87",
    );
    has_output(
        Hkdf::Sha256,
        b"",
        &[0x0b; 22],
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    );
}

#[test]
fn outputs_of_the_other_functions() {
    let info: [u8; 10] = core::array::from_fn(|n| 0xf0 + n as u8);
    has_output(
        Hkdf::Sha512,
        &counting(13),
        &[0x0b; 22],
        &info,
        "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7cb",
    );
    // The secret is the key of the expansion; a salt has no place (RFC 9053 5.1).
    for salt in [&b""[..], b"salt"] {
        has_output(
            Hkdf::Aes128,
            salt,
            &counting(16),
            b"context",
            "7eadd91f1307167ce783aa9835b093aafb46874944a588b458e564bbc60d45e0be8b3ffdf5577cb032f0",
        );
        has_output(
            Hkdf::Aes256,
            salt,
            &counting(32),
            b"context",
            "3e264ca768c9510b7ddd1065566d23b54f44f70b33b646b2f9f2ce9a2e2db1168d9afc13112edd96d8ba",
        );
    }
}

/// RFC 5869 2.3: at most 255 blocks.
#[test]
fn lengths_are_enforced() {
    for (hkdf, block, secret_len) in [
        (Hkdf::Sha256, 32, 5),
        (Hkdf::Sha512, 64, 5),
        (Hkdf::Aes128, 16, 16),
        (Hkdf::Aes256, 16, 32),
    ] {
        let derivation = KeyDerivation { hkdf, salt: b"", context: &[b"context"] };
        let secret = counting(secret_len);
        let key = SharedSecretKey(symmetric(&secret));
        let mut longest = vec![0; 255 * block + 1];
        let refused = key.derive(&derivation, &mut longest);
        assert_eq!(refused, Err(SecretError::Unsupported));
        assert!(longest.iter().all(|byte| *byte == 0));
        assert_eq!(key.derive(&derivation, &mut longest[1..]), Ok(()));
        let mut front = vec![0; block + 1];
        assert_eq!(key.derive(&derivation, &mut front), Ok(()));
        assert_eq!(front, longest[1..block + 2], "{hkdf:?}");
        assert_eq!(key.derive(&derivation, &mut []), Ok(()));
    }
    for hkdf in ALL {
        let derivation = KeyDerivation { hkdf, salt: b"", context: &[] };
        for len in [0, 1, 15, 16, 17, 24, 31, 32, 33] {
            let secret = vec![3; len];
            let derived = SharedSecretKey(symmetric(&secret)).derive(&derivation, &mut [0; 16]);
            let fits = match hkdf {
                Hkdf::Aes128 => len == 16,
                Hkdf::Aes256 => len == 32,
                _ => len > 0,
            };
            assert_eq!(derived, if fits { Ok(()) } else { Err(SecretError::Malformed) });
        }
    }
}
