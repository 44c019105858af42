//! Making COSE_Sign1 (RFC 9052 4.2).

use alloc::{vec, vec::Vec};

use super::Sign1;
use crate::{
    Content, Error, Label, SigStructure, Stream,
    crypto::{Algorithm, Signer, StreamSigner},
    error::Misuse,
    frame::{byte_string, encode, no_exemption},
    header::{EncodedHeaders, HashEnvelope, HeadersBuilder, message_methods},
};

/// Makes a COSE_Sign1 (RFC 9052 4.2): headers first, then [`sign`](Self::sign), or
/// [`prepare`](Self::prepare) for a key that answers later.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, Label, rustcrypto::P256SigningKey, sign1::Sign1Builder};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let builder = Sign1Builder::new().key_id(b"11").protected(Label::CONTENT_TYPE, 0);
/// let message = builder.external_aad(b"context").sign(Content::Embedded(b"hello"), &key)?;
/// assert_eq!(message[0], 0xd2); // tag 18
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sign1Builder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
}

impl Sign1Builder {
    /// Begins a message without headers, which will be tagged.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false }
    }

    message_methods!();

    /// Sets `kid`, protected.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.protected(Label::KID, key_id)
    }

    /// Sets the parameters of a hash envelope, protected (RFC 9995). The payload is then the
    /// digest.
    #[must_use]
    pub fn hash_envelope(mut self, envelope: &HashEnvelope<'_>) -> Self {
        self = self.protected(Label::PAYLOAD_HASH_ALG, envelope.algorithm);
        if let Some(content_type) = envelope.preimage_content_type {
            self = self.protected(Label::PAYLOAD_PREIMAGE_CONTENT_TYPE, content_type);
        }
        if let Some(location) = envelope.location {
            self = self.protected(Label::PAYLOAD_LOCATION, location);
        }
        self
    }

    /// Signs at once.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the signer refuses.
    pub fn sign(self, content: Content<'_>, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        self.prepare(signer.algorithm(), content)?.sign(signer)
    }

    /// Signs a detached payload that `stream` hands over, which is read once; the message that
    /// comes back does not hold it. [`Sign1::verify_stream`] is the way back.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the signer refuses; `Sign` with
    /// [`SignError::Interrupted`](crate::crypto::SignError::Interrupted) where `stream` stops, or
    /// has more or fewer bytes than its length.
    pub fn sign_stream(
        self,
        stream: &mut Stream<'_>,
        signer: &dyn StreamSigner,
    ) -> Result<Vec<u8>, Error> {
        let prepared = self.prepare(signer.algorithm(), Content::Detached(&[]))?;
        let mut signature = vec![0; signer.signature_len()];
        let structure = prepared.structure().streamed(stream.len);
        let mut whole = |sink: &mut dyn FnMut(&[u8])| stream.after(&structure.parts(), sink);
        let len = signer.sign_stream(&mut whole, &mut signature)?;
        signature.truncate(len);
        Ok(prepared.attach(&signature))
    }

    /// Prepares what is to be signed, for a key that lives elsewhere and may answer later: the
    /// first of two steps.
    ///
    /// The result holds everything that [`ToBeSigned::attach`] needs to make the message.
    ///
    /// # Errors
    ///
    /// If the headers break a rule that a verifier would refuse them for.
    pub fn prepare<'p>(
        mut self,
        algorithm: Algorithm,
        content: Content<'p>,
    ) -> Result<ToBeSigned<'p>, Error> {
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(no_exemption)?;
        let tag = (!self.is_untagged).then_some(Sign1::TAG);
        Ok(ToBeSigned { algorithm, headers, content, tag })
    }
}

/// A message that lacks only its signature.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, crypto::{Algorithm, Signer}, sign1::Sign1Builder};
/// use cose_ext::rustcrypto::P256SigningKey;
///
/// let prepared = Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(b"hello"))?;
/// // Elsewhere, later: an HSM signs these parts, one after the other.
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let mut signature = [0; 64];
/// let len = key.sign(&prepared.structure().parts(), &mut signature)?;
/// let message = prepared.attach(&signature[..len]);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ToBeSigned<'p> {
    algorithm: Algorithm,
    headers: EncodedHeaders,
    content: Content<'p>,
    tag: Option<u64>,
}

impl ToBeSigned<'_> {
    /// Returns the algorithm that the protected bucket names.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the parts that are to be signed (RFC 9052 4.4).
    #[must_use]
    pub fn structure(&self) -> SigStructure<'_> {
        SigStructure::signature1(
            self.headers.authenticated(),
            self.headers.external_aad(),
            self.content.bytes(),
        )
    }

    /// Signs after all with a key that is at hand: what [`Sign1Builder::sign`] does, once the
    /// message has been looked at.
    ///
    /// # Errors
    ///
    /// `Misuse` if `signer` does another algorithm than the protected bucket names; and if it
    /// refuses.
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let (header, signer_does) = (self.algorithm, signer.algorithm());
        if header != signer_does {
            return Err(Misuse::OtherAlgorithm { header, signer: signer_does }.into());
        }
        let mut signature = vec![0; signer.signature_len()];
        let len = signer.sign(&self.structure().parts(), &mut signature)?;
        signature.truncate(len);
        Ok(self.attach(&signature))
    }

    /// Attaches the signature and returns the whole message: the second step. The signature is not
    /// checked.
    #[must_use]
    pub fn attach(self, signature: &[u8]) -> Vec<u8> {
        let signature = byte_string(signature);
        encode(self.tag, self.headers.as_bytes(), self.content.embedded(), &[&signature])
    }
}
