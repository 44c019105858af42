//! Known answers of MACs.

use super::hex;
use crate::Algorithm;

/// A tag that is known to be right.
pub(in super::super) struct KnownTag {
    pub(in super::super) algorithm: Algorithm,
    pub(in super::super) key: &'static [u8],
    pub(in super::super) message: &'static [u8],
    pub(in super::super) tag: &'static [u8],
    /// The tag before it was cut.
    pub(in super::super) uncut: &'static [u8],
}

/// HMAC from RFC 4231, with a key shorter than a block and one that is longer; AES-CBC-MAC by
/// OpenSSL.
pub(in super::super) const KNOWN_TAGS: &[KnownTag] = &[
    // RFC 4231 4.3
    KnownTag {
        algorithm: Algorithm::HMAC_256_64,
        key: &hex::<4>("4a656665"),
        message: b"what do ya want for nothing?",
        tag: &hex::<8>("5bdcc146bf60754e"),
        uncut: &hex::<32>("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    },
    // RFC 4231 4.3
    KnownTag {
        algorithm: Algorithm::HMAC_256,
        key: &hex::<4>("4a656665"),
        message: b"what do ya want for nothing?",
        tag: &hex::<32>("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        uncut: &hex::<32>("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    },
    // RFC 4231 4.3
    KnownTag {
        algorithm: Algorithm::HMAC_384,
        key: &hex::<4>("4a656665"),
        message: b"what do ya want for nothing?",
        tag: &hex::<48>(
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
             8e2240ca5e69e2c78b3239ecfab21649",
        ),
        uncut: &hex::<48>(
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
             8e2240ca5e69e2c78b3239ecfab21649",
        ),
    },
    // RFC 4231 4.3
    KnownTag {
        algorithm: Algorithm::HMAC_512,
        key: &hex::<4>("4a656665"),
        message: b"what do ya want for nothing?",
        tag: &hex::<64>(
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        uncut: &hex::<64>(
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
    },
    // RFC 4231 4.7
    KnownTag {
        algorithm: Algorithm::HMAC_256_64,
        key: &hex::<131>(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaa",
        ),
        message: b"Test Using Larger Than Block-Size Key - Hash Key First",
        tag: &hex::<8>("60e431591ee0b67f"),
        uncut: &hex::<32>("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    },
    // RFC 4231 4.7
    KnownTag {
        algorithm: Algorithm::HMAC_256,
        key: &hex::<131>(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaa",
        ),
        message: b"Test Using Larger Than Block-Size Key - Hash Key First",
        tag: &hex::<32>("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        uncut: &hex::<32>("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    },
    // RFC 4231 4.7
    KnownTag {
        algorithm: Algorithm::HMAC_384,
        key: &hex::<131>(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaa",
        ),
        message: b"Test Using Larger Than Block-Size Key - Hash Key First",
        tag: &hex::<48>(
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6\
             0c2ef6ab4030fe8296248df163f44952",
        ),
        uncut: &hex::<48>(
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6\
             0c2ef6ab4030fe8296248df163f44952",
        ),
    },
    // RFC 4231 4.7
    KnownTag {
        algorithm: Algorithm::HMAC_512,
        key: &hex::<131>(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
             aaaaaa",
        ),
        message: b"Test Using Larger Than Block-Size Key - Hash Key First",
        tag: &hex::<64>(
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        uncut: &hex::<64>(
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
    },
    KnownTag {
        algorithm: Algorithm::AES_MAC_128_64,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        message: b"the message of the conformance suite",
        tag: &hex::<8>("716efdaf2b7a8e14"),
        uncut: &hex::<16>("716efdaf2b7a8e142e036bd4032544c8"),
    },
    KnownTag {
        algorithm: Algorithm::AES_MAC_128_128,
        key: &hex::<16>("000102030405060708090a0b0c0d0e0f"),
        message: b"the message of the conformance suite",
        tag: &hex::<16>("716efdaf2b7a8e142e036bd4032544c8"),
        uncut: &hex::<16>("716efdaf2b7a8e142e036bd4032544c8"),
    },
    KnownTag {
        algorithm: Algorithm::AES_MAC_256_64,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        message: b"the message of the conformance suite",
        tag: &hex::<8>("810dcda25ea5dbe0"),
        uncut: &hex::<16>("810dcda25ea5dbe033279b542e69f996"),
    },
    KnownTag {
        algorithm: Algorithm::AES_MAC_256_128,
        key: &hex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        message: b"the message of the conformance suite",
        tag: &hex::<16>("810dcda25ea5dbe033279b542e69f996"),
        uncut: &hex::<16>("810dcda25ea5dbe033279b542e69f996"),
    },
];
