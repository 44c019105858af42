//! What a Certificate Transparency log signs (C2SP static-ct-api, Checkpoints; RFC 6962 3.5).

use super::{Error, KeyKind, Note, NoteCrypto, VerifierKey};
use crate::Rule;

/// A log's signature over a tree head and the time, as RFC 6962 has it. It covers neither the log's
/// name nor extension lines, so the origin has to be the key's name and there are no lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHeadSignature {
    timestamp: u64,
}

impl TreeHeadSignature {
    /// Verifies the signature of a known log on this note, and returns it, or `None` where it has
    /// none.
    ///
    /// Of several the latest is returned, and each must be right.
    ///
    /// # Errors
    ///
    /// [`Rule::TreeHeadSignature`], [`Rule::NoteSignature`], [`Rule::CheckpointOrigin`] where one
    /// is wrong; [`Error::Unsupported`] for keys of other kinds.
    pub fn verify(
        note: &Note<'_>,
        log: &VerifierKey<'_>,
        crypto: &dyn NoteCrypto,
    ) -> Result<Option<Self>, Error> {
        if log.kind() != KeyKind::Rfc6962 {
            return Err(Error::Unsupported { rule: Rule::TreeHeadSignature });
        }
        let mut latest = None;
        for line in note.signatures().filter(|line| line.is_of(log)) {
            latest = latest.max(line.check(log, note.danger_unverified_text(), crypto)?);
        }
        Ok(latest.map(|timestamp| Self { timestamp }))
    }

    /// Returns when the log says it signed, in milliseconds since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn timestamp(&self) -> u64 {
        self.timestamp
    }
}
