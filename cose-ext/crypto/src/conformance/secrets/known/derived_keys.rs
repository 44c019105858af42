//! Known answers of key derivation.

use super::hex;
use crate::{Algorithm, Hkdf};

/// A derived key that is known to be right.
pub(in super::super) struct KnownDerivedKey {
    pub(in super::super) algorithm: Algorithm,
    pub(in super::super) hkdf: Hkdf,
    pub(in super::super) secret: &'static [u8],
    pub(in super::super) salt: &'static [u8],
    pub(in super::super) context: &'static [u8],
    pub(in super::super) key: &'static [u8],
}

/// HKDF from RFC 5869 and by OpenSSL; its expansion over AES-CBC-MAC (RFC 9053 5.1) out of that by
/// OpenSSL.
pub(in super::super) const KNOWN_DERIVED_KEYS: &[KnownDerivedKey] = &[
    // RFC 5869 A.2
    KnownDerivedKey {
        algorithm: Algorithm::DIRECT_HKDF_SHA_256,
        hkdf: Hkdf::Sha256,
        secret: &hex::<80>(
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\
             202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\
             404142434445464748494a4b4c4d4e4f",
        ),
        salt: &hex::<80>(
            "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\
             808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f\
             a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
        ),
        context: &hex::<80>(
            "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf\
             d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\
             f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ),
        key: &hex::<82>(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
             59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
             cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
    },
    // RFC 5869 A.3
    KnownDerivedKey {
        algorithm: Algorithm::DIRECT_HKDF_SHA_256,
        hkdf: Hkdf::Sha256,
        secret: &hex::<22>("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
        salt: &[],
        context: &[],
        key: &hex::<42>(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d\
             9d201395faa4b61a96c8",
        ),
    },
    KnownDerivedKey {
        algorithm: Algorithm::DIRECT_HKDF_SHA_512,
        hkdf: Hkdf::Sha512,
        secret: &hex::<80>(
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\
             202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\
             404142434445464748494a4b4c4d4e4f",
        ),
        salt: &hex::<80>(
            "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\
             808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f\
             a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
        ),
        context: &hex::<80>(
            "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf\
             d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\
             f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ),
        key: &hex::<82>(
            "ce6c97192805b346e6161e821ed165673b84f400a2b514b2fe23d84cd189ddf1\
             b695b48cbd1c8388441137b3ce28f16aa64ba33ba466b24df6cfcb021ecff235\
             f6a2056ce3af1de44d572097a8505d9e7a93",
        ),
    },
    KnownDerivedKey {
        algorithm: Algorithm::DIRECT_HKDF_AES_128,
        hkdf: Hkdf::Aes128,
        secret: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        salt: &[],
        context: &hex::<80>(
            "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf\
             d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\
             f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ),
        key: &hex::<42>(
            "6f2b4ea85cd0fe60627942fd978ca6be0492b97abd5773a29aa2c14f8d1d6372\
             4544bd79deaddf09fdd0",
        ),
    },
    KnownDerivedKey {
        algorithm: Algorithm::DIRECT_HKDF_AES_256,
        hkdf: Hkdf::Aes256,
        secret: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        salt: &[],
        context: &hex::<80>(
            "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf\
             d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\
             f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        ),
        key: &hex::<42>(
            "b3be8af157b5b47e55038fd0cf8fe3fd1a9e5620499944373daadfdb3bd5fe74\
             68ee2d4856d15b4a8148",
        ),
    },
];
