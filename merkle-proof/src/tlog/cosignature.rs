//! What a witness signs (C2SP tlog-cosignature).

use super::{Error, KeyKind, Note, NoteCrypto, VerifierKey};
use crate::Rule;

/// A witness's signature over a checkpoint and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature {
    time: u64,
}

impl Cosignature {
    /// Verifies the cosignature of a known witness on this note, and returns it, or `None` where it
    /// has none.
    ///
    /// Of several the latest is returned, and each must be right.
    ///
    /// # Errors
    ///
    /// [`Rule::Cosignature`] where one is wrong; [`Error::Unsupported`] with it for keys of other
    /// kinds.
    pub fn verify(
        note: &Note<'_>,
        witness: &VerifierKey<'_>,
        crypto: &dyn NoteCrypto,
    ) -> Result<Option<Self>, Error> {
        if !matches!(witness.kind(), KeyKind::Ed25519Cosignature | KeyKind::MlDsa44Cosignature) {
            return Err(Error::Unsupported { rule: Rule::Cosignature });
        }
        let mut latest = None;
        for line in note.signatures().filter(|line| line.is_of(witness)) {
            let checked = line.check(witness, note.danger_unverified_text(), crypto);
            let time = checked.map_err(|error| match error {
                Error::Unsupported { .. } => error,
                _ => Error::Verification { rule: Rule::Cosignature },
            })?;
            latest = latest.max(time);
        }
        Ok(latest.map(|time| Self { time }))
    }

    /// Returns when the witness says it signed, in seconds since 1970-01-01T00:00Z.
    ///
    /// An ML-DSA-44 cosignature of time 0 does not say that the tree was the largest that the
    /// witness knew.
    #[must_use]
    pub const fn time(&self) -> u64 {
        self.time
    }
}
