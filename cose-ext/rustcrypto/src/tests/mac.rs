//! Known answers of MACs.

use std::{vec, vec::Vec};

use super::{MESSAGE, broken_feed, counting, feed, hex, symmetric};
use crate::mac::MacKey;
use cose_crypto::{Algorithm, Mac, SecretError, VerifyError};

const ALL: [Algorithm; 8] = [
    Algorithm::HMAC_256_64,
    Algorithm::HMAC_256,
    Algorithm::HMAC_384,
    Algorithm::HMAC_512,
    Algorithm::AES_MAC_128_64,
    Algorithm::AES_MAC_256_64,
    Algorithm::AES_MAC_128_128,
    Algorithm::AES_MAC_256_128,
];

fn key(algorithm: Algorithm) -> Vec<u8> {
    vec![7; algorithm.key_len().unwrap()]
}

#[track_caller]
fn has_tag(k: &[u8], algorithm: Algorithm, message: &[u8], tag: &str) {
    let mac = MacKey(symmetric(k));
    // Parts that are split anywhere are one message.
    for at in 0..=message.len() {
        let (front, back) = message.split_at(at);
        let parts = [front, b"", back];
        assert_eq!(mac.tag(algorithm, &parts).unwrap().as_ref(), hex(tag), "{algorithm}");
        assert_eq!(mac.verify(algorithm, &parts, &hex(tag)), Ok(()));
    }
}

#[test]
fn hmac_tags_are_those_of_rfc4231() {
    let cases = [
        // 4.2
        (
            &[0x0b; 20][..],
            &b"Hi There"[..],
            [
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c\
                 faea9ea9076ede7f4af152e8b2fa9cb6",
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
                 daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ],
        ),
        // 4.3: a key that is shorter than the hash
        (
            b"Jefe",
            b"what do ya want for nothing?",
            [
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
                 8e2240ca5e69e2c78b3239ecfab21649",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
                 9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ],
        ),
        // 4.7: a key that is longer than a block
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            [
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6\
                 0c2ef6ab4030fe8296248df163f44952",
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
                 6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            ],
        ),
    ];
    for (k, message, [sha256, sha384, sha512]) in cases {
        has_tag(k, Algorithm::HMAC_256_64, message, &sha256[..16]);
        has_tag(k, Algorithm::HMAC_256, message, sha256);
        has_tag(k, Algorithm::HMAC_384, message, sha384);
        has_tag(k, Algorithm::HMAC_512, message, sha512);
    }
}

/// RFC 9053 3.2: the IV is zero, the last block is padded with zeros.
#[test]
fn cbc_mac_tags_are_the_last_block_of_cbc() {
    let cases = [
        (1, "c6a13b37878f5b826f4f8162a1c8d879", "f29000b62a499fd0a9f39a6add2e7780"),
        (16, "0a940bb5416ef045f1c39458c653ea5a", "5a6e045708fb7196f02e553d02c3a692"),
        (20, "00ecfc66a966f304e9e8a423ed2d9162", "0d9f30da5ddfcd9c141845376e5a822a"),
        (32, "3cf456b4ca488aa383c79c98b34797cb", "c77147ebd5121de8d0fae7762423b6bf"),
        (33, "805a979c08338ad33b5ab497158f41bf", "7701c065cbc2b06542c46d328514483e"),
    ];
    let (k128, k256) = (counting(16), counting(32));
    for (len, aes128, aes256) in cases {
        let message = counting(len);
        has_tag(&k128, Algorithm::AES_MAC_128_128, &message, aes128);
        has_tag(&k128, Algorithm::AES_MAC_128_64, &message, &aes128[..16]);
        has_tag(&k256, Algorithm::AES_MAC_256_128, &message, aes256);
        has_tag(&k256, Algorithm::AES_MAC_256_64, &message, &aes256[..16]);
    }
}

#[test]
fn a_stream_has_the_tag_of_its_pieces_together() {
    for algorithm in ALL {
        let k = key(algorithm);
        let mac = MacKey(symmetric(&k));
        let tag = mac.tag(algorithm, MESSAGE).unwrap();
        assert_eq!(tag.as_ref().len(), algorithm.tag_len().unwrap());
        assert_eq!(mac.verify_stream(algorithm, &mut feed, tag.as_ref()), Ok(()));
        assert_eq!(
            mac.verify_stream(algorithm, &mut broken_feed, tag.as_ref()),
            Err(VerifyError::Interrupted)
        );
    }
}

#[test]
fn any_other_tag_is_wrong() {
    for algorithm in ALL {
        let k = key(algorithm);
        let mac = MacKey(symmetric(&k));
        let tag = mac.tag(algorithm, MESSAGE).unwrap();
        let wrong = |tag: &[u8]| {
            assert_eq!(
                mac.verify(algorithm, MESSAGE, tag),
                Err(VerifyError::InvalidSignature),
                "{algorithm}"
            );
        };
        for at in 0..tag.as_ref().len() {
            let mut tag = tag.as_ref().to_vec();
            tag[at] ^= 1;
            wrong(&tag);
            wrong(&tag[..at]);
        }
        wrong(&[tag.as_ref(), &[0]].concat());
        // A prefix of the whole tag is not a tag, and a tag is no prefix.
        for other in ALL {
            if other.key_len() == algorithm.key_len() && other.tag_len() != algorithm.tag_len() {
                wrong(mac.tag(other, MESSAGE).unwrap().as_ref());
            }
        }
    }
}

/// CBC-MAC of nothing would be zero under every key.
#[test]
fn no_message_has_no_tag_that_anyone_knows() {
    for algorithm in ALL {
        let k = key(algorithm);
        let mac = MacKey(symmetric(&k));
        let empty: &[&[u8]] = &[b"", b""];
        for nothing in [&[], empty] {
            match mac.tag(algorithm, nothing) {
                Ok(tag) => {
                    assert!(tag.as_ref().iter().any(|byte| *byte != 0), "{algorithm}");
                    assert_eq!(mac.verify(algorithm, nothing, tag.as_ref()), Ok(()));
                }
                Err(error) => assert_eq!(error, SecretError::Unsupported),
            }
            let zeros = vec![0; algorithm.tag_len().unwrap()];
            let checked = mac.verify(algorithm, nothing, &zeros);
            assert_eq!(checked, Err(VerifyError::InvalidSignature), "{algorithm}");
        }
    }
}

#[test]
fn keys_of_another_length_are_refused() {
    for algorithm in ALL {
        for len in [0, 1, 15, 16, 17, 24, 31, 32, 33, 64, 200] {
            let k = vec![1; len];
            let mac = MacKey(symmetric(&k));
            let is_hmac = matches!(algorithm.value(), 4..=7);
            if if is_hmac { len > 0 } else { Some(len) == algorithm.key_len() } {
                assert!(mac.tag(algorithm, MESSAGE).is_ok());
            } else {
                assert_eq!(mac.tag(algorithm, MESSAGE), Err(SecretError::Malformed));
                assert_eq!(mac.verify(algorithm, MESSAGE, &[0; 8]), Err(VerifyError::Unsupported));
            }
        }
    }
}

#[test]
fn other_algorithms_are_not_done() {
    let mac = MacKey(symmetric(&[1; 32]));
    for algorithm in [Algorithm::A256GCM, Algorithm::A256KW, Algorithm::ES256, Algorithm::new(0)] {
        assert_eq!(mac.tag(algorithm, MESSAGE), Err(SecretError::Unsupported));
        assert_eq!(mac.verify(algorithm, MESSAGE, &[0; 16]), Err(VerifyError::Unsupported));
    }
}
