//! What the algorithms fix: lengths of keys, nonces and tags.

use crate::{Algorithm, Hkdf};

/// What an algorithm identifier stands for (RFC 9053 2 to 6, RFC 9459, RFC 8230).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// A MAC.
    Mac,
    /// Authenticated encryption with additional data.
    Aead,
    /// Encryption that authenticates nothing (RFC 9459).
    UnauthenticatedCipher,
    /// The recipient's key is the content key (RFC 9053 6.1.1).
    Direct,
    /// The content key is derived from the recipient's symmetric key (RFC 9053 6.1.2).
    DirectWithKdf(Hkdf),
    /// The content key is wrapped by the recipient's key (RFC 9053 6.2, RFC 8230 3).
    KeyWrap,
    /// The content key is agreed on (RFC 9053 6.3).
    KeyAgreement(Hkdf, Sender),
    /// The content key is wrapped by a key that is agreed on (RFC 9053 6.4).
    KeyAgreementWithKeyWrap(Algorithm, Sender),
}

/// Which key the sender of ECDH brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Sender {
    /// One made for this message (ECDH-ES): the sender may be anyone.
    Ephemeral,
    /// One that the sender keeps (ECDH-SS).
    Static,
}

impl Algorithm {
    /// Returns what a MAC, cipher or recipient algorithm does, or `None` for every other algorithm.
    #[must_use]
    pub const fn operation(self) -> Option<Operation> {
        use Operation::{
            Aead, Direct, DirectWithKdf, KeyAgreement, KeyAgreementWithKeyWrap, KeyWrap, Mac,
            UnauthenticatedCipher,
        };
        Some(match self.value() {
            4..=7 | 14 | 15 | 25 | 26 => Mac,
            1..=3 | 10..=13 | 24 | 30..=33 => Aead,
            -65534..=-65529 => UnauthenticatedCipher,
            -6 => Direct,
            -10 => DirectWithKdf(Hkdf::Sha256),
            -11 => DirectWithKdf(Hkdf::Sha512),
            -12 => DirectWithKdf(Hkdf::Aes128),
            -13 => DirectWithKdf(Hkdf::Aes256),
            -5..=-3 | -42..=-40 => KeyWrap,
            -25 => KeyAgreement(Hkdf::Sha256, Sender::Ephemeral),
            -26 => KeyAgreement(Hkdf::Sha512, Sender::Ephemeral),
            -27 => KeyAgreement(Hkdf::Sha256, Sender::Static),
            -28 => KeyAgreement(Hkdf::Sha512, Sender::Static),
            -29 => KeyAgreementWithKeyWrap(Self::A128KW, Sender::Ephemeral),
            -30 => KeyAgreementWithKeyWrap(Self::A192KW, Sender::Ephemeral),
            -31 => KeyAgreementWithKeyWrap(Self::A256KW, Sender::Ephemeral),
            -32 => KeyAgreementWithKeyWrap(Self::A128KW, Sender::Static),
            -33 => KeyAgreementWithKeyWrap(Self::A192KW, Sender::Static),
            -34 => KeyAgreementWithKeyWrap(Self::A256KW, Sender::Static),
            _ => return None,
        })
    }

    /// Returns the length in bytes of the symmetric key of a MAC, of a cipher or of AES Key Wrap.
    ///
    /// HMAC takes keys of other lengths too; this is the length of a key that is made or derived
    /// for it (RFC 9053 3.1).
    #[must_use]
    pub const fn key_len(self) -> Option<usize> {
        Some(match self.value() {
            1 | 10 | 12 | 14 | 25 | 30 | 32 | -3 | -65531 | -65534 => 16,
            2 | -4 | -65530 | -65533 => 24,
            3 | 4 | 5 | 11 | 13 | 15 | 24 | 26 | 31 | 33 | -5 | -65529 | -65532 => 32,
            6 => 48,
            7 => 64,
            _ => return None,
        })
    }

    /// Returns the length in bytes of a cipher's nonce or IV (RFC 9053 4, RFC 9459 4, 5).
    #[must_use]
    pub const fn nonce_len(self) -> Option<usize> {
        Some(match self.value() {
            1..=3 | 24 => 12,
            10 | 11 | 30 | 31 => 13,
            12 | 13 | 32 | 33 => 7,
            -65534..=-65529 => 16,
            _ => return None,
        })
    }

    /// Returns the length in bytes of the tag of a MAC or of authenticated encryption (RFC 9053 3,
    /// 4).
    #[must_use]
    pub const fn tag_len(self) -> Option<usize> {
        Some(match self.value() {
            4 | 10..=15 => 8,
            1..=3 | 24..=26 | 30..=33 => 16,
            5 => 32,
            6 => 48,
            7 => 64,
            _ => return None,
        })
    }
}
