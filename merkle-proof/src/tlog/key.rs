//! Keys that verify notes (C2SP signed-note).

use super::base64::Spare;
use super::{Error, base64};
use crate::Rule;

/// The cryptography that notes need.
pub trait NoteCrypto {
    /// SHA-256 over the concatenation of `parts`.
    fn sha256(&self, parts: &[&[u8]]) -> [u8; 32];

    /// Checks an Ed25519 signature over the concatenation of `message`.
    ///
    /// # Errors
    ///
    /// [`Error::Verification`] with [`Rule::NoteSignature`].
    fn verify_ed25519(
        &self,
        key: &[u8; 32],
        message: &[&[u8]],
        signature: &[u8; 64],
    ) -> Result<(), Error>;
}

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// The text of a note, by Ed25519 (type 0x01).
    Ed25519,
    /// A checkpoint and the time, by Ed25519 (type 0x04, C2SP tlog-cosignature).
    Ed25519Cosignature,
}

/// A verifier key: a name, and a key that is trusted under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifierKey<'k> {
    name: &'k str,
    id: [u8; 4],
    kind: KeyKind,
    key: [u8; 32],
}

impl<'k> VerifierKey<'k> {
    /// A key under a name.
    ///
    /// # Errors
    ///
    /// [`Rule::VerifierKey`] where the name is none.
    pub fn new(
        name: &'k str,
        kind: KeyKind,
        key: &[u8; 32],
        crypto: &dyn NoteCrypto,
    ) -> Result<Self, Error> {
        if !is_name(name) {
            return Err(Error::malformed(Rule::VerifierKey));
        }
        let code = match kind {
            KeyKind::Ed25519 => 0x01,
            KeyKind::Ed25519Cosignature => 0x04,
        };
        let [a, b, c, d, ..] = crypto.sha256(&[name.as_bytes(), b"\n", &[code], key]);
        Ok(Self { name, id: [a, b, c, d], kind, key: *key })
    }

    /// Reads `<name>+<key ID>+<key>`.
    ///
    /// # Errors
    ///
    /// [`Rule::VerifierKey`]; [`Error::Unsupported`] for other kinds of key.
    pub fn parse(text: &'k str, crypto: &dyn NoteCrypto) -> Result<Self, Error> {
        let malformed = Error::malformed(Rule::VerifierKey);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed);
        };
        let mut bytes = [0; 33];
        let length = base64::decode(key.as_bytes(), Spare::Zero, &mut bytes).ok_or(malformed)?;
        let [code, key @ ..] = bytes;
        let kind = match (code, length) {
            (0x01, 33) => KeyKind::Ed25519,
            (0x04, 33) => KeyKind::Ed25519Cosignature,
            (0x01 | 0x04, _) | (_, 0) => return Err(malformed),
            _ => return Err(Error::Unsupported { rule: Rule::VerifierKey }),
        };
        let found = Self::new(name, kind, &key, crypto)?;
        let plain =
            id.len() == 8 && id.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        match u32::from_str_radix(id, 16) {
            Ok(id) if plain && id.to_be_bytes() == found.id => Ok(found),
            _ => Err(malformed),
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'k str {
        self.name
    }

    /// The key ID: the beginning of a hash of name and key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &[u8; 32] {
        &self.key
    }
}

/// Not empty, without spaces and plus signs.
pub(super) fn is_name(name: &str) -> bool {
    let other = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(other)
}
