//! Known answers of authenticated encryption, and refusals.

use std::{vec, vec::Vec};

use super::{counting, hex, symmetric};
use crate::aead::AeadKey;
use cose_crypto::{Aead, Algorithm, BufferTooShort, Operation, SecretError, VerifyError};

/// Algorithms -100 to 100 that are authenticated encryption: all that there are.
fn all() -> impl Iterator<Item = Algorithm> {
    (-100..100)
        .map(Algorithm::new)
        .filter(|algorithm| algorithm.operation() == Some(Operation::Aead))
}

fn key(algorithm: Algorithm) -> Vec<u8> {
    counting(algorithm.key_len().unwrap() as u8)
}

fn nonce(algorithm: Algorithm) -> Vec<u8> {
    counting(algorithm.nonce_len().unwrap() as u8)
}

fn encrypted(algorithm: Algorithm, aad: &[&[u8]], plaintext: &[u8]) -> Vec<u8> {
    let k = key(algorithm);
    let mut out = vec![0xee; plaintext.len() + 40];
    let len =
        AeadKey(symmetric(&k)).encrypt(algorithm, &nonce(algorithm), aad, plaintext, &mut out);
    let len = len.unwrap();
    assert!(out[len..].iter().all(|byte| *byte == 0xee), "nothing behind the tag is touched");
    out.truncate(len);
    out
}

#[track_caller]
fn has_ciphertext(
    k: &[u8],
    algorithm: Algorithm,
    nonce: &str,
    aad: &[u8],
    plaintext: &[u8],
    ciphertext: &str,
) {
    let key = AeadKey(symmetric(k));
    let (nonce, ciphertext) = (hex(nonce), hex(ciphertext));
    // Parts that are split anywhere are one.
    for at in 0..=aad.len() {
        let (front, back) = aad.split_at(at);
        for aad in [&[aad][..], &[front, back], &[b"", front, b"", back]] {
            let mut out = vec![0; ciphertext.len()];
            assert_eq!(
                key.encrypt(algorithm, &nonce, aad, plaintext, &mut out),
                Ok(ciphertext.len())
            );
            assert_eq!(out, ciphertext, "{algorithm}");
            let mut out = vec![0; plaintext.len()];
            assert_eq!(
                key.decrypt(algorithm, &nonce, aad, &ciphertext, &mut out),
                Ok(plaintext.len())
            );
            assert_eq!(out, plaintext, "{algorithm}");
        }
    }
}

/// Test cases 4, 10 and 16 of "The Galois/Counter Mode of Operation", which NIST took over.
#[test]
fn gcm_has_its_known_answers() {
    let k = hex(&"feffe9928665731c6d6a8f9467308308".repeat(2));
    let plaintext = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    let aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    for (algorithm, ciphertext) in [
        (
            Algorithm::A128GCM,
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091\
             5bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            Algorithm::A192GCM,
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c\
             7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710\
             2519498e80f1478f37ba55bd6d27618c",
        ),
        (
            Algorithm::A256GCM,
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
             76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ] {
        let k = &k[..algorithm.key_len().unwrap()];
        has_ciphertext(k, algorithm, "cafebabefacedbaddecaf888", &aad, &plaintext, ciphertext);
    }
}

#[test]
fn ccm_has_its_known_answers() {
    // RFC 3610, packet vector 1
    has_ciphertext(
        &(0xc0..0xd0).collect::<Vec<_>>(),
        Algorithm::AES_CCM_16_64_128,
        "00000003020100A0A1A2A3A4A5",
        &counting(8),
        &counting(0x1f)[8..],
        "588C979A61C663D2F066D0C2C0F989806D5F6B61DAC38417E8D12CFDF926E0",
    );
    for (algorithm, body, tag) in [
        (
            Algorithm::AES_CCM_16_64_128,
            "1635b68b570cfc85529e39ac913910d7f3111631623867f1",
            "87c3945f31e3aef5",
        ),
        (
            Algorithm::AES_CCM_16_64_256,
            "1c06a96508ad7c8fc9d9dc3b16d71be7afee062a86f27ba4",
            "544e5101e0130d78",
        ),
        (
            Algorithm::AES_CCM_64_64_128,
            "5715b1ef39830708a405a5ee98eb09b0cf21098c7b865325",
            "4f9e0df5621212d6",
        ),
        (
            Algorithm::AES_CCM_64_64_256,
            "9ff08efc978590fa264a27f52ec35dab4088b916b7a223c3",
            "0dec7c8925c0400b",
        ),
        (
            Algorithm::AES_CCM_16_128_128,
            "1635b68b570cfc85529e39ac913910d7f3111631623867f1",
            "f97acd3e7efd6501e167e6a5d8dc7f69",
        ),
        (
            Algorithm::AES_CCM_16_128_256,
            "1c06a96508ad7c8fc9d9dc3b16d71be7afee062a86f27ba4",
            "5eba08287e7fcff1677f7a86fe6d0b88",
        ),
        (
            Algorithm::AES_CCM_64_128_128,
            "5715b1ef39830708a405a5ee98eb09b0cf21098c7b865325",
            "ea3707a4e4e62963e37276337de85515",
        ),
        (
            Algorithm::AES_CCM_64_128_256,
            "9ff08efc978590fa264a27f52ec35dab4088b916b7a223c3",
            "a476eeffa706d75e1bf4ce517ccd40a1",
        ),
    ] {
        let nonce = ::hex::encode(nonce(algorithm));
        let ciphertext = [body, tag].concat();
        let k = key(algorithm);
        has_ciphertext(&k, algorithm, &nonce, b"some header", &counting(24), &ciphertext);
    }
}

/// RFC 8439 2.8.2
#[test]
fn chacha20_poly1305_has_its_known_answer() {
    has_ciphertext(
        &(0x80..0xa0).collect::<Vec<_>>(),
        Algorithm::CHACHA20_POLY1305,
        "070000004041424344454647",
        &hex("50515253c0c1c2c3c4c5c6c7"),
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the \
          future, sunscreen would be it.",
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
         3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
         92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
         3ff4def08e4b7a9de576d26586cec64b6116\
         1ae10b594f09e26a7e902ecbd0600691",
    );
}

#[test]
fn what_was_changed_is_refused_and_leaves_no_plaintext() {
    assert_eq!(all().count(), 12);
    for algorithm in all() {
        let k = key(algorithm);
        let key = AeadKey(symmetric(&k));
        let aad: &[&[u8]] = &[b"Encrypt0", b"aad"];
        let refused = |nonce: &[u8], aad: &[&[u8]], ciphertext: &[u8]| {
            let mut out = [0xee; 64];
            assert_eq!(
                key.decrypt(algorithm, nonce, aad, ciphertext, &mut out),
                Err(VerifyError::InvalidSignature),
                "{algorithm}"
            );
            let len = ciphertext.len().saturating_sub(algorithm.tag_len().unwrap());
            assert!(out[..len].iter().all(|byte| *byte == 0), "{algorithm}: wiped");
            assert!(out[len..].iter().all(|byte| *byte == 0xee), "{algorithm}: not ours");
        };
        let whole = encrypted(algorithm, aad, b"attack at dawn, or some time later");
        let nonce = nonce(algorithm);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x80;
            refused(&nonce, aad, &changed);
            refused(&nonce, aad, &whole[..at]);
        }
        refused(&nonce, aad, &[&whole[..], &[0]].concat());
        refused(&nonce, &[b"Encrypt0", b"aae"], &whole);
        refused(&nonce, &[], &whole);
        refused(&vec![9; nonce.len()], aad, &whole);
    }
}

#[test]
fn lengths_are_enforced() {
    for algorithm in all() {
        let (k, nonce) = (key(algorithm), nonce(algorithm));
        let tag_len = algorithm.tag_len().unwrap();
        let plaintext = [1; 20];
        let whole = encrypted(algorithm, &[], &plaintext);
        for len in [0, 8, 15, 16, 17, 24, 31, 32, 33] {
            let other = vec![1; len];
            let key = AeadKey(symmetric(&other));
            if Some(len) != algorithm.key_len() {
                let made = key.encrypt(algorithm, &nonce, &[], &plaintext, &mut [0; 64]);
                assert_eq!(made, Err(SecretError::Malformed));
                let read = key.decrypt(algorithm, &nonce, &[], &whole, &mut [0; 64]);
                assert_eq!(read, Err(VerifyError::Unsupported));
            }
        }
        let key = AeadKey(symmetric(&k));
        for len in [0, 6, 8, 11, 14, 16] {
            let made = key.encrypt(algorithm, &vec![0; len], &[], &plaintext, &mut [0; 64]);
            assert_eq!(made, Err(SecretError::Malformed));
            let read = key.decrypt(algorithm, &vec![0; len], &[], &whole, &mut [0; 64]);
            assert_eq!(read, Err(VerifyError::Unsupported));
        }
        let needed = plaintext.len() + tag_len;
        let made = key.encrypt(algorithm, &nonce, &[], &plaintext, &mut vec![0; needed - 1]);
        assert_eq!(made, Err(SecretError::BufferTooShort(BufferTooShort { needed })));
        let read = key.decrypt(algorithm, &nonce, &[], &whole, &mut [0; 19]);
        assert_eq!(read, Err(VerifyError::Unsupported));
        // Nothing at all can be encrypted.
        let empty = encrypted(algorithm, &[b"aad"], b"");
        assert_eq!(empty.len(), tag_len);
        assert_eq!(key.decrypt(algorithm, &nonce, &[b"aad"], &empty, &mut []), Ok(0));
    }
}

/// RFC 9053 4.2: L is 2, so that a length has 16 bits.
#[test]
fn ccm_with_a_short_length_field_takes_64_kib_less_one() {
    let longest = vec![5; 0xffff];
    for algorithm in all() {
        let k = key(algorithm);
        let key = AeadKey(symmetric(&k));
        let whole = encrypted(algorithm, &[], &longest);
        let mut out = vec![0; 0x10100];
        assert_eq!(
            key.decrypt(algorithm, &nonce(algorithm), &[], &whole, &mut out),
            Ok(longest.len())
        );
        assert_eq!(out[..longest.len()], longest);
        let made = key.encrypt(algorithm, &nonce(algorithm), &[], &[5; 0x10000], &mut out);
        let too_long = [0; 0x10020];
        let read = key.decrypt(algorithm, &nonce(algorithm), &[], &too_long, &mut out);
        assert_eq!(read, Err(VerifyError::InvalidSignature));
        if algorithm.nonce_len() == Some(13) {
            assert_eq!(made, Err(SecretError::Unsupported));
        } else {
            assert!(made.is_ok());
        }
    }
}

/// Up to 1 KiB of additional data is joined on the stack, more of it only where there is a heap.
#[test]
fn additional_data_in_parts_is_joined() {
    let aad: Vec<u8> = (0..=255).cycle().take(3000).collect();
    for algorithm in all() {
        let k = key(algorithm);
        let key = AeadKey(symmetric(&k));
        for len in [0, 1, 1023, 1024, 1025, 3000] {
            let whole = encrypted(algorithm, &[&aad[..len]], b"text");
            let (front, back) = aad[..len].split_at(len / 3);
            let mut out = [0; 4];
            let read = key.decrypt(algorithm, &nonce(algorithm), &[front, back], &whole, &mut out);
            if len <= 1024 || cfg!(feature = "alloc") {
                assert_eq!((read, &out), (Ok(4), b"text"));
            } else {
                assert_eq!(read, Err(VerifyError::Unsupported));
            }
        }
    }
}

#[test]
fn other_algorithms_are_not_done() {
    let key = AeadKey(symmetric(&[1; 32]));
    for algorithm in [Algorithm::HMAC_256, Algorithm::A256KW, Algorithm::A256CTR] {
        let made = key.encrypt(algorithm, &[0; 12], &[], b"x", &mut [0; 64]);
        assert_eq!(made, Err(SecretError::Unsupported));
        let read = key.decrypt(algorithm, &[0; 12], &[], &[0; 40], &mut [0; 64]);
        assert_eq!(read, Err(VerifyError::Unsupported));
    }
}
