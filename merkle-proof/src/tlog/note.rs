//! Signed notes (C2SP signed-note).

use super::base64::Spare;
use super::key::is_name;
use super::message::{NoteMessage, plain};
use super::{Error, KeyKind, NoteCrypto, VerifierKey, base64};
use crate::Rule;

/// How many signatures of a note are looked at: as many as the reference implementation.
const MOST_SIGNATURES: usize = 100;

/// A key ID, a time, and the length of an ML-DSA-44 signature.
const LONGEST: usize = 4 + 8 + 2420;

/// A note as it was received: text and signature lines, untrusted.
#[derive(Clone, Copy, Debug)]
pub struct Note<'n> {
    text: &'n str,
    signatures: &'n str,
}

/// One signature line.
#[derive(Clone, Copy, Debug)]
pub struct NoteSignature<'n> {
    name: &'n str,
    base64: &'n str,
    id: [u8; 4],
}

impl<'n> NoteSignature<'n> {
    fn parse(line: &'n str) -> Option<Self> {
        let (name, base64) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let mut id = [0; 4];
        let length = base64::decode(base64.as_bytes(), Spare::Any, &mut id)?;
        (is_name(name) && length > 4).then_some(Self { name, base64, id })
    }

    /// Returns the name that the line gives.
    #[must_use]
    pub const fn name(&self) -> &'n str {
        self.name
    }

    /// Returns the key ID that the line gives.
    #[must_use]
    pub const fn key_id(&self) -> [u8; 4] {
        self.id
    }

    /// Writes key ID and signature to the front of `out`, and returns how long they are, also where
    /// that is more than `out` has room for. For kinds of signature that are not done here.
    #[must_use]
    pub fn decode(&self, out: &mut [u8]) -> usize {
        base64::decode(self.base64.as_bytes(), Spare::Any, out).unwrap_or(0)
    }

    pub(super) fn is_of(&self, key: &VerifierKey<'_>) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// Has the signature of the key that this line is of checked, and returns the time that it
    /// states.
    pub(super) fn check(
        &self,
        key: &VerifierKey<'_>,
        text: &str,
        crypto: &dyn NoteCrypto,
    ) -> Result<Option<u64>, Error> {
        let wrong = Error::Verification { rule: Rule::NoteSignature };
        let mut bytes = [0; LONGEST];
        let length = base64::decode(self.base64.as_bytes(), Spare::Any, &mut bytes);
        let bytes = length.and_then(|length| bytes.get(4..length)).ok_or(wrong)?;
        let (time, signature) = match key.kind() {
            KeyKind::Ed25519 | KeyKind::Ecdsa => (None, bytes),
            KeyKind::Ed25519Cosignature | KeyKind::MlDsa44Cosignature => {
                let (time, signature) = bytes.split_first_chunk().ok_or(wrong)?;
                (Some(u64::from_be_bytes(*time)), signature)
            }
            KeyKind::Rfc6962 => {
                let (time, signed) = bytes.split_first_chunk().ok_or(wrong)?;
                let (head, signature) = signed.split_first_chunk::<4>().ok_or(wrong)?;
                let [hash, algorithm, length @ ..] = *head;
                // SHA-256 and ECDSA, after RFC 5246 7.4.1.4.1.
                if [hash, algorithm] != [4, 3] {
                    return Err(Error::Unsupported { rule: Rule::TreeHeadSignature });
                }
                if usize::from(u16::from_be_bytes(length)) != signature.len() {
                    return Err(Error::Verification { rule: Rule::TreeHeadSignature });
                }
                (Some(u64::from_be_bytes(*time)), signature)
            }
        };
        let message = NoteMessage::new(key, text, time)?;
        key.verify(&message.parts(), signature, crypto)?;
        Ok(time)
    }
}

impl<'n> Note<'n> {
    /// Reads a note that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Rule::NoteForm`].
    pub fn parse(bytes: &'n [u8]) -> Result<Self, Error> {
        Self::read(bytes).ok_or(Error::malformed(Rule::NoteForm))
    }

    fn read(bytes: &'n [u8]) -> Option<Self> {
        let note = core::str::from_utf8(bytes).ok()?;
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return None;
        }
        let end = note.rfind("\n\n")?;
        let (text, rest) = note.split_at_checked(end.checked_add(1)?)?;
        let signatures = rest.strip_prefix('\n')?.strip_suffix('\n')?;
        let mut count: usize = 0;
        for line in signatures.split('\n') {
            NoteSignature::parse(line)?;
            count = count.saturating_add(1);
        }
        (count <= MOST_SIGNATURES && !text.is_empty()).then_some(Self { text, signatures })
    }

    /// Returns the text with its last newline. It is not verified.
    #[must_use]
    pub const fn danger_unverified_text(&self) -> &'n str {
        self.text
    }

    /// Returns the signature lines. They are not verified.
    pub fn signatures(&self) -> impl Iterator<Item = NoteSignature<'n>> + use<'n> {
        self.signatures.split('\n').filter_map(NoteSignature::parse)
    }

    /// Returns the text, if one of `keys` that sign text signed it.
    ///
    /// Signatures of unknown keys are skipped. A wrong signature of a known key makes the whole
    /// note invalid.
    ///
    /// Keys of RFC 6962 and of ML-DSA-44 sign the tree head of a checkpoint without extension
    /// lines, which is its text. Ed25519 keys of cosignatures are skipped: see
    /// [`Cosignature`](super::Cosignature).
    ///
    /// # Errors
    ///
    /// [`Rule::NoteKnownKey`]; [`Rule::NoteSignature`]; [`Rule::TreeHeadSignature`];
    /// [`Rule::Cosignature`].
    pub fn verify(
        &self,
        keys: &[VerifierKey<'_>],
        crypto: &dyn NoteCrypto,
    ) -> Result<&'n str, Error> {
        let mut verified = false;
        for signature in self.signatures() {
            let known = |key: &&VerifierKey<'_>| key.kind().signs_text() && signature.is_of(key);
            if let Some(key) = keys.iter().find(known) {
                if key.kind() == KeyKind::MlDsa44Cosignature {
                    plain(self.text, Rule::Cosignature)?;
                }
                signature.check(key, self.text, crypto)?;
                verified = true;
            }
        }
        if verified { Ok(self.text) } else { Err(Error::Verification { rule: Rule::NoteKnownKey }) }
    }
}
