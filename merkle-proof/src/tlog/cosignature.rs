//! What a witness signs (C2SP tlog-cosignature).

use core::fmt::{self, Write};

use super::{Error, KeyKind, Note, NoteCrypto, VerifierKey};
use crate::Rule;

/// A witness's signature over a checkpoint and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature {
    time: u64,
}

impl Cosignature {
    /// The cosignature of a known witness on this note, `None` where it has none.
    ///
    /// # Errors
    ///
    /// [`Rule::Cosignature`] where there is one and it is wrong.
    pub fn verify(
        note: &Note<'_>,
        witness: &VerifierKey<'_>,
        crypto: &dyn NoteCrypto,
    ) -> Result<Option<Self>, Error> {
        let wrong = Error::Verification { rule: Rule::Cosignature };
        if witness.kind() != KeyKind::Ed25519Cosignature {
            return Err(Error::Unsupported { rule: Rule::Cosignature });
        }
        let Some(line) = note.signatures().find(|line| line.is_of(witness)) else {
            return Ok(None);
        };
        let bytes: [u8; 76] = line.decode().ok_or(wrong)?;
        let (_, signed) = bytes.split_first_chunk::<4>().ok_or(wrong)?;
        let (time, signature) = signed.split_first_chunk().ok_or(wrong)?;
        let signature = signature.try_into().map_err(|_| wrong)?;
        let cosignature = Self { time: u64::from_be_bytes(*time) };
        let header = cosignature.header();
        let message = [header.as_bytes(), note.danger_unverified_text().as_bytes()];
        crypto.verify_ed25519(witness.key(), &message, signature).map_err(|_| wrong)?;
        Ok(Some(cosignature))
    }

    /// A cosignature to be, at this time, in seconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn at(time: u64) -> Self {
        Self { time }
    }

    /// When the witness says it signed, in seconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn time(&self) -> u64 {
        self.time
    }

    /// What goes before the checkpoint's text in the message that is signed.
    #[must_use]
    pub fn header(&self) -> impl core::ops::Deref<Target = str> + use<> {
        let mut header = Header { bytes: [0; 64], length: 0 };
        // 64 bytes are enough for the longest number.
        let _ = write!(header, "cosignature/v1\ntime {}\n", self.time);
        header
    }
}

struct Header {
    bytes: [u8; 64],
    length: usize,
}

impl Write for Header {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length.checked_add(text.len()).ok_or(fmt::Error)?;
        let place = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl core::ops::Deref for Header {
    type Target = str;

    fn deref(&self) -> &str {
        let text = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}
