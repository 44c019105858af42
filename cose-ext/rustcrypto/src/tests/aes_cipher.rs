//! Known answers of AES-CTR and AES-CBC (SP 800-38A).

use std::vec;

use super::{counting, hex, symmetric};
use crate::aes_cipher::CipherKey;
use cose_crypto::{Algorithm, BufferTooShort, SecretError, UnauthenticatedCipher};

const KEYS: [&str; 3] = [
    "2b7e151628aed2a6abf7158809cf4f3c",
    "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
];
const PLAINTEXT: &str = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51\
                         30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
const COUNTER: [Algorithm; 3] = [Algorithm::A128CTR, Algorithm::A192CTR, Algorithm::A256CTR];
const CHAINED: [Algorithm; 3] = [Algorithm::A128CBC, Algorithm::A192CBC, Algorithm::A256CBC];

#[track_caller]
fn has_ciphertext(k: &str, algorithm: Algorithm, iv: &[u8], plaintext: &[u8], ciphertext: &str) {
    let (k, ciphertext) = (hex(k), hex(ciphertext));
    let key = CipherKey(symmetric(&k));
    let mut out = [0; 100];
    let len = key.encrypt(algorithm, iv, plaintext, &mut out).unwrap();
    assert_eq!(out[..len], ciphertext, "{algorithm}");
    let short = key.encrypt(algorithm, iv, plaintext, &mut out[..len - 1]);
    assert_eq!(short, Err(SecretError::BufferTooShort(BufferTooShort { needed: len })));
    let len = key.decrypt_unauthenticated(algorithm, iv, &ciphertext, &mut out).unwrap();
    assert_eq!(&out[..len], plaintext, "{algorithm}");
    let short =
        key.decrypt_unauthenticated(algorithm, iv, &ciphertext, &mut out[..ciphertext.len() - 1]);
    assert_eq!(
        short,
        Err(SecretError::BufferTooShort(BufferTooShort { needed: ciphertext.len() }))
    );
}

/// SP 800-38A F.5
#[test]
fn counter_mode_has_its_known_answers() {
    let answers = [
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff\
         5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
        "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94\
         1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050",
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5\
         2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
    ];
    let iv = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    for ((k, algorithm), answer) in KEYS.into_iter().zip(COUNTER).zip(answers) {
        has_ciphertext(k, algorithm, &iv, &hex(PLAINTEXT), answer);
        // As long as the plaintext, whatever that is.
        has_ciphertext(k, algorithm, &iv, &hex(PLAINTEXT)[..21], &answer[..42]);
    }
}

/// SP 800-38A F.5.1 with a counter that runs over all 128 bits (RFC 9459 4.1).
#[test]
fn the_counter_has_128_bits() {
    let key = CipherKey(symmetric(&[1; 16]));
    let mut out = [[0; 32]; 2];
    key.encrypt(Algorithm::A128CTR, &[0xff; 16], &[0; 32], &mut out[0]).unwrap();
    key.encrypt(Algorithm::A128CTR, &[0; 16], &[0; 32], &mut out[1]).unwrap();
    assert_eq!(out[0][16..], out[1][..16]);
}

/// SP 800-38A F.2, with a block of padding behind it (RFC 9459 5).
#[test]
fn cbc_mode_has_its_known_answers() {
    let answers = [
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2\
         73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7\
         8cb82807230e1321d3fae00d18cc2012",
        "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a\
         571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd\
         612ccd79224b350935d45dd6a98f8176",
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d\
         39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b\
         3f461796d6b0d6b2e0c2a72b4d80e644",
    ];
    for ((k, algorithm), answer) in KEYS.into_iter().zip(CHAINED).zip(answers) {
        has_ciphertext(k, algorithm, &counting(16), &hex(PLAINTEXT), answer);
    }
}

#[test]
fn cbc_pads_every_length() {
    let key = CipherKey(symmetric(&[1; 16]));
    for len in 0..50 {
        let plaintext = counting(len);
        let mut ciphertext = [0; 64];
        let made = key.encrypt(Algorithm::A128CBC, &[2; 16], &plaintext, &mut ciphertext);
        let padded = (plaintext.len() / 16 + 1) * 16;
        assert_eq!(made, Ok(padded));
        let mut out = [0xee; 64];
        let read = key.decrypt_unauthenticated(
            Algorithm::A128CBC,
            &[2; 16],
            &ciphertext[..padded],
            &mut out,
        );
        assert_eq!(read, Ok(plaintext.len()));
        assert_eq!(out[..plaintext.len()], plaintext);
        assert_eq!(out[padded..], [0xee; 64][padded..]);
    }
}

#[test]
fn padding_that_is_none_leaves_no_plaintext() {
    let key = CipherKey(symmetric(&[1; 16]));
    let mut blocks = [0; 48];
    key.encrypt(Algorithm::A128CBC, &[0; 16], &[0x20; 32], &mut blocks).unwrap();
    // Without the block of padding, the text ends in 0x20; and what is not a whole block was not
    // made so.
    for len in [32, 0, 1, 15, 17, 47] {
        let mut out = [0xee; 48];
        let read =
            key.decrypt_unauthenticated(Algorithm::A128CBC, &[0; 16], &blocks[..len], &mut out);
        assert_eq!(read, Err(SecretError::Malformed));
        assert!(out[..len].iter().all(|byte| *byte == 0));
    }
}

#[test]
fn lengths_are_enforced() {
    for algorithm in COUNTER.into_iter().chain(CHAINED) {
        for (key_len, iv_len) in [(0, 16), (15, 16), (16, 16), (24, 16), (32, 16), (33, 16)]
            .into_iter()
            .chain([0, 12, 15, 17].map(|iv_len| (algorithm.key_len().unwrap(), iv_len)))
        {
            let (k, iv) = (vec![1; key_len], vec![0; iv_len]);
            let key = CipherKey(symmetric(&k));
            let made = key.encrypt(algorithm, &iv, b"text", &mut [0; 64]);
            let read = key.decrypt_unauthenticated(algorithm, &iv, &[0; 16], &mut [0; 64]);
            if Some(key_len) != algorithm.key_len() || iv_len != 16 {
                assert_eq!(made, Err(SecretError::Malformed));
                assert_eq!(read, Err(SecretError::Malformed));
            } else {
                assert!(made.is_ok());
            }
        }
    }
    let key = CipherKey(symmetric(&[1; 16]));
    for algorithm in [Algorithm::A128GCM, Algorithm::A128KW, Algorithm::HMAC_256] {
        let made = key.encrypt(algorithm, &[0; 16], b"text", &mut [0; 64]);
        assert_eq!(made, Err(SecretError::Unsupported));
        let read = key.decrypt_unauthenticated(algorithm, &[0; 16], &[0; 16], &mut [0; 64]);
        assert_eq!(read, Err(SecretError::Unsupported));
    }
}
