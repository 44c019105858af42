use alloc::{vec, vec::Vec};

use super::Sign1;
use crate::{
    Error, Label, MapBuilder, SigStructure, Value,
    cbor::Head,
    crypto::{Algorithm, Signer},
    frame::nothing,
    header::{Bucket, ContentType, HashEnvelope, check_encoded},
};

/// A payload for signing, and whether it goes into the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'p> {
    /// The payload goes into the message.
    Embedded(&'p [u8]),
    /// The payload is signed, and nil goes into the message.
    Detached(&'p [u8]),
}

impl<'p> Content<'p> {
    const fn bytes(&self) -> &'p [u8] {
        match self {
            Self::Embedded(bytes) | Self::Detached(bytes) => bytes,
        }
    }
}

/// Makes a COSE_Sign1 (RFC 9052 4.2): headers first, then [`sign`](Self::sign), or
/// [`prepare`](Self::prepare) for a key that answers later.
#[derive(Clone, Debug, Default)]
pub struct Sign1Builder {
    protected: MapBuilder,
    unprotected: MapBuilder,
    is_untagged: bool,
}

impl Sign1Builder {
    /// A message without headers, to be tagged.
    pub const fn new() -> Self {
        Self { protected: MapBuilder::new(), unprotected: MapBuilder::new(), is_untagged: false }
    }

    /// A protected parameter.
    #[must_use]
    pub fn protected<'v>(
        mut self,
        label: impl Into<Label<'v>>,
        value: impl Into<Value<'v>>,
    ) -> Self {
        self.protected = self.protected.with(label, value);
        self
    }

    /// An unprotected parameter.
    #[must_use]
    pub fn unprotected<'v>(
        mut self,
        label: impl Into<Label<'v>>,
        value: impl Into<Value<'v>>,
    ) -> Self {
        self.unprotected = self.unprotected.with(label, value);
        self
    }

    /// `content type`, protected.
    #[must_use]
    pub fn content_type(self, content_type: ContentType<'_>) -> Self {
        self.protected(Label::CONTENT_TYPE, content_type)
    }

    /// `typ`, protected (RFC 9596).
    #[must_use]
    pub fn typ(self, typ: ContentType<'_>) -> Self {
        self.protected(Label::TYP, typ)
    }

    /// `kid`, protected.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.protected(Label::KID, key_id)
    }

    /// CWT Claims, protected (RFC 9597).
    #[must_use]
    pub fn cwt_claims(self, claims: &MapBuilder) -> Self {
        self.protected(Label::CWT_CLAIMS, claims)
    }

    /// The parameters of a hash envelope, protected (RFC 9995). The payload is then the digest.
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

    /// The same without tag 18.
    #[must_use]
    pub const fn untagged(mut self) -> Self {
        self.is_untagged = true;
        self
    }

    /// Signs at once.
    ///
    /// # Errors
    /// If the headers break a rule, or the signer refuses.
    pub fn sign(
        self,
        content: Content<'_>,
        external_aad: &[u8],
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, Error> {
        let prepared = self.prepare(signer.algorithm(), content, external_aad)?;
        let mut signature = vec![0; signer.signature_len()];
        let len = signer.sign(&prepared.structure().parts(), &mut signature)?;
        signature.truncate(len);
        Ok(prepared.attach(&signature))
    }

    /// The first of two steps, for a key that lives elsewhere and may answer later: what is to be
    /// signed, with everything that [`ToBeSigned::attach`] needs to make the message.
    ///
    /// # Errors
    /// If the headers break a rule that a verifier would refuse them for.
    pub fn prepare<'p>(
        mut self,
        algorithm: Algorithm,
        content: Content<'p>,
        external_aad: &'p [u8],
    ) -> Result<ToBeSigned<'p>, Error> {
        self.protected = self.protected.with(Label::ALG, algorithm);
        let protected = self.protected.to_bytes();
        let unprotected = self.unprotected.to_bytes();
        check_encoded(&protected, &unprotected, nothing)?;
        let is_tagged = !self.is_untagged;
        Ok(ToBeSigned { algorithm, protected, unprotected, content, external_aad, is_tagged })
    }
}

/// A message that lacks only its signature.
#[derive(Clone, Debug)]
#[must_use]
pub struct ToBeSigned<'p> {
    algorithm: Algorithm,
    protected: Vec<u8>,
    unprotected: Vec<u8>,
    content: Content<'p>,
    external_aad: &'p [u8],
    is_tagged: bool,
}

impl ToBeSigned<'_> {
    /// The algorithm that the protected bucket names.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What is to be signed (RFC 9052 4.4), in parts.
    pub fn structure(&self) -> SigStructure<'_> {
        SigStructure::signature1(&self.protected, self.external_aad, self.content.bytes())
    }

    /// The second step: the whole message. The signature is not checked.
    pub fn attach(self, signature: &[u8]) -> Vec<u8> {
        let payload = match self.content {
            Content::Embedded(payload) => Some(payload),
            Content::Detached(_) => None,
        };
        encode(self.is_tagged, &self.protected, &self.unprotected, payload, signature)
    }
}

impl Bucket<'_> {
    /// A builder that starts with these parameters.
    pub fn to_builder(&self) -> MapBuilder {
        MapBuilder::from_bucket(self)
    }
}

fn encode(
    is_tagged: bool,
    protected: &[u8],
    unprotected: &[u8],
    payload: Option<&[u8]>,
    signature: &[u8],
) -> Vec<u8> {
    const NIL: &[u8] = &[0xf6];
    let tag = Head::tag(Sign1::TAG);
    let (protected_head, signature_head) =
        (Head::bytes(protected.len()), Head::bytes(signature.len()));
    let payload_head = payload.map(|payload| Head::bytes(payload.len()));
    [
        if is_tagged { tag.as_bytes() } else { &[] },
        Head::array(4).as_bytes(),
        protected_head.as_bytes(),
        protected,
        unprotected,
        payload_head.as_ref().map_or(NIL, Head::as_bytes),
        payload.unwrap_or_default(),
        signature_head.as_bytes(),
        signature,
    ]
    .concat()
}
