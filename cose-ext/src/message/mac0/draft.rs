//! COSE_Mac0 without heap.

use super::Mac0;
use crate::{
    Error, MacStructure,
    answer::answer,
    cbor::{Head, Writer},
    crypto::{Algorithm, BufferTooShort, KeyOperation, Secret, SecretError},
    key::check_use,
    message::draft::{DraftHeader, Written, draft_methods},
};

/// A COSE_Mac0 in memory of the caller, which lacks only its tag.
///
/// The bytes are those that [`Mac0Builder`](super::Mac0Builder) makes. A key that answers at once
/// ends it with [`authenticate`](Self::authenticate); for one that lives elsewhere,
/// [`structure`](Self::structure) is what has to be authenticated, and [`attach`](Self::attach)
/// ends it.
#[derive(Debug)]
#[must_use]
pub struct Draft<'o>(Written<'o>);

impl<'o> Draft<'o> {
    draft_methods!(Mac0::TAG, "tag");

    /// Returns what is to be authenticated (RFC 9052 6.3), in parts.
    #[must_use]
    pub fn structure(&self) -> MacStructure<'_> {
        MacStructure::mac0(self.0.protected(), self.0.external_aad(), self.0.payload())
    }

    /// Makes the tag in place; returns the message.
    ///
    /// # Errors
    ///
    /// If the buffer is too short, and if the key does not do the algorithm that the header names.
    pub fn authenticate(self, key: &dyn Secret) -> Result<&'o [u8], Error> {
        let algorithm = self.algorithm();
        check_use(key, algorithm, KeyOperation::MacCreate)?;
        let parts = self.structure();
        let tag = answer(SecretError::Unsupported, |tag| {
            key.with_mac(&mut |mac| *tag = mac.tag(algorithm, &parts.parts()))
        })?;
        Ok(self.attach(tag.as_ref())?)
    }
}
