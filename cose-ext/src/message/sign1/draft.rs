//! COSE_Sign1 without heap.

use super::Sign1;
use crate::{
    Error, SigStructure,
    cbor::{Head, Writer},
    crypto::{Algorithm, BufferTooShort, Signer},
    error::Misuse,
    message::draft::{DraftHeader, Written, draft_methods},
};

/// A COSE_Sign1 in memory of the caller, which lacks only its signature.
///
/// The bytes are those that [`Sign1Builder`](super::Sign1Builder) makes. A key that answers at once
/// signs in place with [`sign`](Self::sign); for one that lives elsewhere, the draft is handed out
/// as it is, [`structure`](Self::structure) is what has to be signed, and
/// [`attach`](Self::attach) ends it.
///
/// ```
/// use cose_ext::{crypto::Algorithm, sign1::Draft};
///
/// let mut buffer = [0; 128];
/// let draft = Draft::write(&mut buffer, Algorithm::ES256, 1, |header| {
///     header.int(4).bytes(b"11");
/// });
/// let draft = draft.room_for(64).payload(|payload| {
///     payload.map(1).int(2).text("pump");
/// })?;
/// // To the signer: draft.structure().parts()
/// let message = draft.attach(&[0x5a; 64])?;
/// assert_eq!(message.len(), 85);
/// # Ok::<(), cose_ext::crypto::BufferTooShort>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Draft<'o>(Written<'o>);

impl<'o> Draft<'o> {
    draft_methods!(Sign1::TAG, "signature");

    /// Returns what is to be signed (RFC 9052 4.4), in parts.
    #[must_use]
    pub fn structure(&self) -> SigStructure<'_> {
        SigStructure::signature1(self.0.protected(), self.0.external_aad(), self.0.payload())
    }

    /// Signs in place; returns the message.
    ///
    /// # Errors
    ///
    /// If the buffer is too short, if the signer does another algorithm than the header names, and
    /// if it refuses.
    pub fn sign(self, signer: &dyn Signer) -> Result<&'o [u8], Error> {
        let (header, signer_does) = (self.algorithm(), signer.algorithm());
        if header != signer_does {
            return Err(Misuse::OtherAlgorithm { header, signer: signer_does }.into());
        }
        self.0.attach_with(signer.signature_len(), |parts, signature| {
            let structure =
                SigStructure::signature1(parts.protected, parts.external_aad, parts.payload);
            Ok(signer.sign(&structure.parts(), signature)?)
        })
    }
}
