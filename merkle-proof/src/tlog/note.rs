//! Signed notes (C2SP signed-note).

use super::base64::Spare;
use super::key::is_name;
use super::{Error, KeyKind, NoteCrypto, VerifierKey, base64};
use crate::Rule;

/// How many signatures of a note are looked at: as many as the reference implementation.
const MOST_SIGNATURES: usize = 100;

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

    /// The name that the line gives.
    #[must_use]
    pub const fn name(&self) -> &'n str {
        self.name
    }

    /// The key ID that the line gives.
    #[must_use]
    pub const fn key_id(&self) -> [u8; 4] {
        self.id
    }

    pub(super) fn is_of(&self, key: &VerifierKey<'_>) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// The signature after the key ID, where it has `N` bytes with it.
    pub(super) fn decode<const N: usize>(&self) -> Option<[u8; N]> {
        base64::decode_array(self.base64.as_bytes(), Spare::Any)
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

    /// The text, with its last newline, not verified.
    #[must_use]
    pub const fn danger_unverified_text(&self) -> &'n str {
        self.text
    }

    /// The signature lines, not verified.
    pub fn signatures(&self) -> impl Iterator<Item = NoteSignature<'n>> + use<'n> {
        self.signatures.split('\n').filter_map(NoteSignature::parse)
    }

    /// The text, if one of `keys` that sign text signed it. Signatures of unknown keys are passed over; one of a known
    /// key that is wrong spoils the note.
    ///
    /// # Errors
    ///
    /// [`Rule::NoteKnownKey`]; [`Rule::NoteSignature`].
    pub fn verify(
        &self,
        keys: &[VerifierKey<'_>],
        crypto: &dyn NoteCrypto,
    ) -> Result<&'n str, Error> {
        let rule = Rule::NoteSignature;
        let mut verified = false;
        for signature in self.signatures() {
            let known =
                |key: &&VerifierKey<'_>| key.kind() == KeyKind::Ed25519 && signature.is_of(key);
            if let Some(key) = keys.iter().find(known) {
                let bytes: [u8; 68] = signature.decode().ok_or(Error::Verification { rule })?;
                let (_, signature) =
                    bytes.split_last_chunk().ok_or(Error::Verification { rule })?;
                crypto.verify_ed25519(key.key(), &[self.text.as_bytes()], signature)?;
                verified = true;
            }
        }
        if verified { Ok(self.text) } else { Err(Error::Verification { rule: Rule::NoteKnownKey }) }
    }
}
