//! A log's or a witness's own key.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use cose_ext::crypto::{Algorithm, Signer};
use cose_ext::ecdsa;

use super::{Checkpoint, Error, KeyKind, NoteMessage, VerifierKey};
use crate::Rule;

/// A signer under the name and kind of its verifier key.
#[derive(Clone, Copy)]
pub struct NoteSigner<'s> {
    key: VerifierKey<'s>,
    signer: &'s dyn Signer,
}

impl<'s> NoteSigner<'s> {
    /// Makes a signer whose signatures `key` verifies. Give readers the text that `key` prints as.
    ///
    /// ECDSA signs a SHA-256 digest on every curve (C2SP signed-note), so the signer's algorithm is
    /// ES256, on P-384 and P-521, too.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] with [`Rule::VerifierKeyType`] where the signer's algorithm is not
    /// one of the key's kind.
    pub fn new(key: VerifierKey<'s>, signer: &'s dyn Signer) -> Result<Self, Error> {
        let fits = match key.kind() {
            KeyKind::Ed25519 | KeyKind::Ed25519Cosignature => {
                matches!(signer.algorithm(), Algorithm::EDDSA | Algorithm::ED25519)
            }
            KeyKind::Ecdsa | KeyKind::Rfc6962 => {
                matches!(signer.algorithm(), Algorithm::ES256 | Algorithm::ESP256)
            }
            KeyKind::MlDsa44Cosignature => signer.algorithm() == Algorithm::ML_DSA_44,
        };
        if fits {
            Ok(Self { key, signer })
        } else {
            Err(Error::Unsupported { rule: Rule::VerifierKeyType })
        }
    }

    /// Returns the key that verifies its signatures.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey<'s> {
        &self.key
    }

    /// Signs the text of a note, and returns the signature line with its newline.
    /// [`NoteMessage::new`] says what `time` is for each kind of key; the time of a cosignature is
    /// not 0.
    ///
    /// # Errors
    ///
    /// Those of [`NoteMessage::new`]; [`Rule::Cosignature`] for a time of 0;
    /// [`Rule::NoteSignature`] where the signer refuses.
    pub fn line(&self, text: &str, time: Option<u64>) -> Result<String, Error> {
        let cosignature =
            matches!(self.key.kind(), KeyKind::Ed25519Cosignature | KeyKind::MlDsa44Cosignature);
        if cosignature && time == Some(0) {
            return Err(Error::Verification { rule: Rule::Cosignature });
        }
        let message = NoteMessage::new(&self.key, text, time)?;
        let refused = Error::Verification { rule: Rule::NoteSignature };
        let mut bytes = alloc::vec![0; self.signer.signature_len()];
        let length = self.signer.sign(&message.parts(), &mut bytes).map_err(|_| refused)?;
        let signature = bytes.get(..length).ok_or(refused)?;
        let mut der = [0; ecdsa::MAX_DER_LEN];
        let signature = match self.key.kind() {
            KeyKind::Ecdsa | KeyKind::Rfc6962 => {
                ecdsa::to_der(signature, &mut der).map_err(|_| refused)?
            }
            _ => signature,
        };
        let mut line = String::new();
        write!(line, "{}", message.line(signature)).map_err(|_| refused)?;
        Ok(line)
    }

    /// Signs a checkpoint, and returns the note: what a [`Log`](crate::store::Log) is given as its
    /// signer.
    ///
    /// # Errors
    ///
    /// Those of [`line`](Self::line).
    pub fn note(&self, checkpoint: &Checkpoint<'_>, time: Option<u64>) -> Result<Vec<u8>, Error> {
        let text = alloc::format!("{checkpoint}");
        let line = self.line(&text, time)?;
        Ok(alloc::format!("{text}\n{line}").into_bytes())
    }
}
