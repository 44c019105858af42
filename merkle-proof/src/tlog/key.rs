//! Keys that verify notes (C2SP signed-note).

use core::fmt;

use super::base64::Spare;
use super::ecdsa_key::{self, NoteCurve};
use super::{Error, base64};
use crate::Rule;

/// Type and key of the longest key, one of ML-DSA-44.
const LONGEST: usize = 1 + 1312;

/// The longest SubjectPublicKeyInfo of an ECDSA key that is read, in bytes: one on P-521 has 158.
const LONGEST_SPKI: usize = 192;

/// The key of a note's signature, as the cryptography needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotePublicKey<'k> {
    /// An Ed25519 key (RFC 8032); its signatures have 64 bytes.
    Ed25519(&'k [u8; 32]),
    /// An ECDSA key on P-256, P-384 or P-521, as SubjectPublicKeyInfo in DER; its signatures are
    /// over SHA-256, in DER.
    Ecdsa(&'k [u8]),
    /// An ML-DSA-44 key (FIPS 204); its signatures have 2420 bytes, with an empty context.
    MlDsa44(&'k [u8; 1312]),
}

/// The cryptography that notes need.
pub trait NoteCrypto {
    /// SHA-256 over the concatenation of `parts`.
    fn sha256(&self, parts: &[&[u8]]) -> [u8; 32];

    /// Checks a signature over the concatenation of `message`.
    ///
    /// # Errors
    ///
    /// [`Error::Verification`] with [`Rule::NoteSignature`]; [`Error::Unsupported`] for keys that
    /// are not done here.
    fn verify(
        &self,
        key: &NotePublicKey<'_>,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), Error>;
}

/// What a key signs, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// The text of a note, by Ed25519 (type 0x01).
    Ed25519,
    /// The text of a note, by ECDSA (type 0x02) on P-256, P-384 or P-521, as older logs do.
    Ecdsa,
    /// A checkpoint and the time, by Ed25519 (type 0x04, C2SP tlog-cosignature).
    Ed25519Cosignature,
    /// The tree head of a Certificate Transparency log, by ECDSA on P-256 (type 0x05, C2SP
    /// static-ct-api; RFC 6962 2.1.4).
    Rfc6962,
    /// Name, tree head and time, by ML-DSA-44 (type 0x06, C2SP tlog-cosignature): logs and
    /// witnesses.
    MlDsa44Cosignature,
}

impl KeyKind {
    const fn code(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Ecdsa => 0x02,
            Self::Ed25519Cosignature => 0x04,
            Self::Rfc6962 => 0x05,
            Self::MlDsa44Cosignature => 0x06,
        }
    }

    const fn of_code(code: u8) -> Option<Self> {
        Some(match code {
            0x01 => Self::Ed25519,
            0x02 => Self::Ecdsa,
            0x04 => Self::Ed25519Cosignature,
            0x05 => Self::Rfc6962,
            0x06 => Self::MlDsa44Cosignature,
            _ => return None,
        })
    }

    const fn takes(self, length: usize) -> bool {
        match self {
            Self::Ed25519 | Self::Ed25519Cosignature => length == 32,
            Self::MlDsa44Cosignature => length == 1312,
            Self::Ecdsa | Self::Rfc6962 => 0 < length && length <= LONGEST_SPKI,
        }
    }

    /// Returns whether what it signs settles the text of a checkpoint, so that a log can sign with
    /// it.
    pub(super) const fn signs_text(self) -> bool {
        !matches!(self, Self::Ed25519Cosignature)
    }
}

/// A verifier key: a name, and a key that is trusted under it. It prints as the vkey that other
/// programs read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifierKey<'k> {
    name: &'k str,
    id: [u8; 4],
    kind: KeyKind,
    key: Key<'k>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key<'k> {
    Bytes(&'k [u8]),
    /// Kind and key, checked to be base64.
    Text(&'k str),
}

impl<'k> VerifierKey<'k> {
    /// Makes a key under a name.
    ///
    /// The key is 32 bytes for Ed25519, SubjectPublicKeyInfo in DER for ECDSA, 1312 bytes for
    /// ML-DSA-44.
    ///
    /// # Errors
    ///
    /// [`Rule::VerifierKey`] where the name is not a name, or the key of another length.
    pub fn new(
        name: &'k str,
        kind: KeyKind,
        key: &'k [u8],
        crypto: &dyn NoteCrypto,
    ) -> Result<Self, Error> {
        if !is_name(name) || !kind.takes(key.len()) {
            return Err(Error::malformed(Rule::VerifierKey));
        }
        Ok(Self { name, id: key_id(name, kind, key, crypto), kind, key: Key::Bytes(key) })
    }

    /// Reads `<name>+<key ID>+<key>`.
    ///
    /// # Errors
    ///
    /// [`Rule::VerifierKey`]; [`Error::Unsupported`] with [`Rule::VerifierKeyType`] for other types
    /// of key.
    pub fn parse(text: &'k str, crypto: &dyn NoteCrypto) -> Result<Self, Error> {
        let malformed = Error::malformed(Rule::VerifierKey);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed);
        };
        let mut bytes = [0; LONGEST];
        let length = base64::decode(key.as_bytes(), Spare::Zero, &mut bytes).ok_or(malformed)?;
        let Some((code, bytes)) = bytes.get(..length).and_then(<[u8]>::split_first) else {
            return Err(malformed);
        };
        let unsupported = Error::Unsupported { rule: Rule::VerifierKeyType };
        let kind = KeyKind::of_code(*code).ok_or(unsupported)?;
        if !is_name(name) || !kind.takes(bytes.len()) {
            return Err(malformed);
        }
        let found = key_id(name, kind, bytes, crypto);
        let plain =
            id.len() == 8 && id.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        match u32::from_str_radix(id, 16) {
            Ok(id) if plain && id.to_be_bytes() == found => {
                Ok(Self { name, id: found, kind, key: Key::Text(key) })
            }
            _ => Err(malformed),
        }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'k str {
        self.name
    }

    /// Returns the key ID, the first bytes of a hash of name and key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Returns what the key signs.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns whether both are the one key, under whatever name and for whatever kind of
    /// signature.
    #[must_use]
    pub fn is_key_of(&self, other: &VerifierKey<'_>) -> bool {
        self.with_bytes(|one| other.with_bytes(|two| one == two))
    }

    fn with_bytes<R>(&self, then: impl FnOnce(&[u8]) -> R) -> R {
        match self.key {
            Key::Bytes(bytes) => then(bytes),
            Key::Text(text) => {
                let mut bytes = [0; LONGEST];
                let length = base64::decode(text.as_bytes(), Spare::Zero, &mut bytes);
                then(bytes.get(1..length.unwrap_or(1)).unwrap_or_default())
            }
        }
    }

    /// Has a signature over `message` checked.
    pub(super) fn verify(
        &self,
        message: &[&[u8]],
        signature: &[u8],
        crypto: &dyn NoteCrypto,
    ) -> Result<(), Error> {
        let wrong = Error::malformed(Rule::VerifierKey);
        self.with_bytes(|bytes| {
            let key = match self.kind {
                KeyKind::Ed25519 | KeyKind::Ed25519Cosignature => {
                    NotePublicKey::Ed25519(bytes.try_into().map_err(|_| wrong)?)
                }
                KeyKind::Ecdsa => NotePublicKey::Ecdsa(bytes),
                KeyKind::Rfc6962 => match ecdsa_key::point(bytes) {
                    Some((NoteCurve::P256, ..)) => NotePublicKey::Ecdsa(bytes),
                    _ => return Err(Error::Unsupported { rule: Rule::VerifierKeyType }),
                },
                KeyKind::MlDsa44Cosignature => {
                    NotePublicKey::MlDsa44(bytes.try_into().map_err(|_| wrong)?)
                }
            };
            crypto.verify(&key, message, signature)
        })
    }
}

fn key_id(name: &str, kind: KeyKind, key: &[u8], crypto: &dyn NoteCrypto) -> [u8; 4] {
    let head = [name.as_bytes(), b"\n", &[kind.code()]];
    let [a, b, c, d, ..] = match kind {
        // Of the key alone.
        KeyKind::Ecdsa => crypto.sha256(&[key]),
        // The log ID of RFC 6962 stands for the key.
        KeyKind::Rfc6962 => crypto.sha256(&[head[0], head[1], head[2], &crypto.sha256(&[key])]),
        _ => crypto.sha256(&[head[0], head[1], head[2], key]),
    };
    [a, b, c, d]
}

impl fmt::Display for VerifierKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+", self.name, u32::from_be_bytes(self.id))?;
        self.with_bytes(|bytes| {
            base64::encode([self.kind.code()].into_iter().chain(bytes.iter().copied()), f)
        })
    }
}

/// Not empty, without spaces and plus signs.
pub(super) fn is_name(name: &str) -> bool {
    let other = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(other)
}
