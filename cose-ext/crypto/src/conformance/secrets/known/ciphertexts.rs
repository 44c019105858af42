//! Known answers of authenticated encryption.

use super::hex;
use crate::Algorithm;

/// A ciphertext with its tag that is known to be right.
pub(in super::super) struct KnownCiphertext {
    pub(in super::super) algorithm: Algorithm,
    pub(in super::super) key: &'static [u8],
    pub(in super::super) nonce: &'static [u8],
    pub(in super::super) aad: &'static [u8],
    pub(in super::super) plaintext: &'static [u8],
    pub(in super::super) ciphertext: &'static [u8],
}

/// AES-GCM from its specification (McGrew and Viega, test cases 4, 10 and 16), AES-CCM by OpenSSL,
/// ChaCha20/Poly1305 from RFC 8439.
pub(in super::super) const KNOWN_CIPHERTEXTS: &[KnownCiphertext] = &[
    KnownCiphertext {
        algorithm: Algorithm::A128GCM,
        key: &hex::<16>("feffe9928665731c6d6a8f9467308308"),
        nonce: &hex::<12>("cafebabefacedbaddecaf888"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<60>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ),
        ciphertext: &hex::<76>(
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc\
             3221a5db94fae95ae7121a47",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::A192GCM,
        key: &hex::<24>("feffe9928665731c6d6a8f9467308308feffe9928665731c"),
        nonce: &hex::<12>("cafebabefacedbaddecaf888"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<60>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ),
        ciphertext: &hex::<76>(
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c\
             7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda27102519498e\
             80f1478f37ba55bd6d27618c",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::A256GCM,
        key: &hex::<32>("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
        nonce: &hex::<12>("cafebabefacedbaddecaf888"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<60>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        ),
        ciphertext: &hex::<76>(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece\
             0f4e1768cddf8853bb2d551b",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_16_64_128,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        nonce: &hex::<13>("101112131415161718191a1b1c"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<45>(
            "a5d0426440d8e8311e00415480f24a1bac74fc2a6aa369f013012aee04890f31\
             1946934bb4b50d31db30b14acf",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_16_64_256,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        nonce: &hex::<13>("101112131415161718191a1b1c"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<45>(
            "c4837ecd2f2b709dc2799e5901c356d2c4bb1d7f39e50132f18b6b055d3ecc73\
             62b537129bb4996f17a92743c3",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_16_128_128,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        nonce: &hex::<13>("101112131415161718191a1b1c"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<53>(
            "a5d0426440d8e8311e00415480f24a1bac74fc2a6aa369f013012aee04890f31\
             1946934bb48481e7b837c4c628356d4256df2a574d",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_16_128_256,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        nonce: &hex::<13>("101112131415161718191a1b1c"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<53>(
            "c4837ecd2f2b709dc2799e5901c356d2c4bb1d7f39e50132f18b6b055d3ecc73\
             62b537129ba2b7076f2eb8f7aad5dd98e9f92d525c",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_64_64_128,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        nonce: &hex::<7>("10111213141516"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<45>(
            "735f0f776d6df7a2435afe0bb21bd3dafd1fdc55aa0da5fb5e0373d2c040d19e\
             d25056f55fff8ca90eb9579917",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_64_64_256,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        nonce: &hex::<7>("10111213141516"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<45>(
            "dd0637d3e965630f54afc50258571558554627316ebc8d358a67ebbba989e1ba\
             6b0e97b2e5969f29696059965b",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_64_128_128,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        nonce: &hex::<7>("10111213141516"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<53>(
            "735f0f776d6df7a2435afe0bb21bd3dafd1fdc55aa0da5fb5e0373d2c040d19e\
             d25056f55f39abfb06be811144ddf994349f803b72",
        ),
    },
    KnownCiphertext {
        algorithm: Algorithm::AES_CCM_64_128_256,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        nonce: &hex::<7>("10111213141516"),
        aad: &hex::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        plaintext: &hex::<37>(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c9595",
        ),
        ciphertext: &hex::<53>(
            "dd0637d3e965630f54afc50258571558554627316ebc8d358a67ebbba989e1ba\
             6b0e97b2e575de471b30c91116d7deedc33152f198",
        ),
    },
    // RFC 8439 2.8.2
    KnownCiphertext {
        algorithm: Algorithm::CHACHA20_POLY1305,
        key: &hex::<32>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
        nonce: &hex::<12>("070000004041424344454647"),
        aad: &hex::<12>("50515253c0c1c2c3c4c5c6c7"),
        plaintext: &hex::<114>(
            "4c616469657320616e642047656e746c656d656e206f662074686520636c6173\
             73206f66202739393a204966204920636f756c64206f6666657220796f75206f\
             6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73\
             637265656e20776f756c642062652069742e",
        ),
        ciphertext: &hex::<130>(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
             3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
             92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
             3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd060\
             0691",
        ),
    },
];
