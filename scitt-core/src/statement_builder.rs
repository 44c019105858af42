//! Making statements.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Content, Label, MapBuilder, Profile, Value,
    crypto::{Algorithm, HashFunction, Signer},
    cwt::ClaimKey,
    header::ContentType,
    key::Thumbprint,
    sign1::{Sign1Builder, ToBeSigned},
};

use crate::{
    Error, OwnedContentType, Rule, SignedStatement, TransparentStatement,
    suit_digest::is_suit_digest,
};

/// Makes a signed statement that meets RFC 9943 6.
#[derive(Clone, Debug)]
pub struct StatementBuilder {
    message: Sign1Builder,
    claims: MapBuilder,
    content_type: Option<OwnedContentType>,
    location: Option<String>,
    suit_digest: SuitDigestPayload,
}

/// Whether the payload may be a SUIT_Digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SuitDigestPayload {
    Refused,
    Intended,
}

impl StatementBuilder {
    /// Begins a statement of `issuer` about `subject`.
    #[must_use]
    pub fn new(issuer: &str, subject: &str) -> Self {
        let claims = MapBuilder::new().with(ClaimKey::ISS, issuer).with(ClaimKey::SUB, subject);
        Self {
            message: Sign1Builder::new(),
            claims,
            content_type: None,
            location: None,
            suit_digest: SuitDigestPayload::Refused,
        }
    }

    /// Sets `kid`, which names the issuer's key that signs.
    #[must_use]
    pub fn key_id(mut self, key_id: &[u8]) -> Self {
        self.message = self.message.key_id(key_id);
        self
    }

    /// Sets `kid` to the thumbprint of the issuer's key (RFC 9679): a kid that anybody who has the
    /// key can compute.
    #[must_use]
    pub fn key_thumbprint(self, thumbprint: &Thumbprint) -> Self {
        self.key_id(thumbprint.as_bytes())
    }

    /// Sets `x5chain`, protected: the certificate of the issuer's key first, each one certified by
    /// the next (RFC 9360 2). The issuer then has to be a URI (RFC 9943 6).
    #[must_use]
    pub fn certified_by(mut self, chain: &[&[u8]]) -> Self {
        self.message = self.message.x5chain(chain);
        self
    }

    /// Sets `x5t`, protected: the digest of the certificate of the issuer's key, which travels
    /// apart or in the unprotected header.
    #[must_use]
    pub fn certificate_digest(self, certificate: &[u8], hash: &dyn HashFunction) -> Self {
        let digest = hash.hash(&[certificate]);
        let x5t = [Value::from(hash.algorithm()), Value::Bytes(digest.as_ref())];
        self.protected(Label::X5T, Value::Array(&x5t))
    }

    /// Sets `typ`: what kind of statement it is (RFC 9596).
    #[must_use]
    pub fn typ(mut self, typ: ContentType<'_>) -> Self {
        self.message = self.message.typ(typ);
        self
    }

    /// Lets the payload be a SUIT_Digest: the statement is meant to authorize the manifest that has
    /// this digest. Without it such a payload is refused, since a processor of SUIT takes *any*
    /// message of a firmware key over a SUIT_Digest for an authorization.
    #[must_use]
    pub const fn authorizing_suit_manifest(mut self) -> Self {
        self.suit_digest = SuitDigestPayload::Intended;
        self
    }

    /// Adds a claim.
    #[must_use]
    pub fn claim<'v>(mut self, key: impl Into<ClaimKey<'v>>, value: impl Into<Value<'v>>) -> Self {
        self.claims = self.claims.with(key.into(), value);
        self
    }

    /// Sets `iat`, in seconds since 1970-01-01T00:00Z.
    #[must_use]
    pub fn issued_at(self, seconds: i64) -> Self {
        self.claim(ClaimKey::IAT, seconds)
    }

    /// Sets a protected header parameter: x5chain, x5t and others that a profile requires.
    #[must_use]
    pub fn protected<'v>(
        mut self,
        label: impl Into<Label<'v>>,
        value: impl Into<Value<'v>>,
    ) -> Self {
        self.message = self.message.protected(label, value);
        self
    }

    /// Sets the content type of the artifact.
    #[must_use]
    pub fn content_type(mut self, content_type: ContentType<'_>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    #[cfg(feature = "std")]
    pub(crate) const fn has_content_type(&self) -> bool {
        self.content_type.is_some()
    }

    /// Sets where the artifact can be fetched. Only hash envelopes use it.
    #[must_use]
    pub fn location(mut self, location: &str) -> Self {
        self.location = Some(location.into());
        self
    }

    /// Signs a statement that contains `payload`.
    ///
    /// # Errors
    ///
    /// If a requirement of RFC 9943 6 is not met, or the signer refuses.
    pub fn sign(self, payload: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let prepared = self.prepare(Content::Embedded(payload), signer.algorithm())?;
        finish(prepared, signer)
    }

    /// Signs a statement whose payload travels apart.
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn sign_detached(self, payload: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let prepared = self.prepare(Content::Detached(payload), signer.algorithm())?;
        finish(prepared, signer)
    }

    /// Signs a statement about `artifact` that contains only its digest: a hash envelope
    /// (RFC 9995).
    ///
    /// # Errors
    ///
    /// As [`sign`](Self::sign).
    pub fn sign_digest_of(
        self,
        artifact: &[u8],
        hash: &dyn HashFunction,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, Error> {
        let digest = hash.hash(&[artifact]);
        let prepared =
            self.prepare_digest(digest.as_ref(), hash.algorithm(), signer.algorithm())?;
        finish(prepared, signer)
    }

    /// Prepares a statement with this payload, embedded or detached, for a key that lives
    /// elsewhere: the first of two steps.
    ///
    /// # Errors
    ///
    /// If a requirement of RFC 9943 6 is not met.
    pub fn prepare(
        self,
        payload: Content<'_>,
        algorithm: Algorithm,
    ) -> Result<ToBeSigned<'_>, Error> {
        let (Content::Embedded(bytes) | Content::Detached(bytes)) = payload;
        // Detached or not, the same bytes are signed.
        if self.suit_digest == SuitDigestPayload::Refused && is_suit_digest(bytes) {
            return Err(Error::refused(Rule::NoSuitDigest));
        }
        let mut message = self.message.cwt_claims(&self.claims);
        if let Some(content_type) = &self.content_type {
            message = message.content_type(content_type.borrow());
        }
        checked(message.prepare(algorithm, payload)?)
    }

    /// Prepares a hash envelope whose artifact has `digest` by `hash`: the first of two steps.
    ///
    /// # Errors
    ///
    /// If a requirement of RFC 9943 6 is not met, or the digest is not one of `hash`.
    pub fn prepare_digest(
        self,
        digest: &[u8],
        hash: Algorithm,
        algorithm: Algorithm,
    ) -> Result<ToBeSigned<'_>, Error> {
        let envelope = cose_ext::header::HashEnvelope {
            algorithm: hash,
            preimage_content_type: self.content_type.as_ref().map(OwnedContentType::borrow),
            location: self.location.as_deref(),
        };
        envelope.digest(digest)?;
        let message = self.message.cwt_claims(&self.claims).hash_envelope(&envelope);
        checked(message.prepare(algorithm, Content::Embedded(digest))?)
    }
}

/// Reads the header back as a verifier would.
fn checked(prepared: ToBeSigned<'_>) -> Result<ToBeSigned<'_>, Error> {
    let unsigned = prepared.clone().attach(&[]);
    let statement = SignedStatement::decode(&unsigned, &Profile::LENIENT)?;
    match statement.unmet_requirements().next() {
        Some(rule) => Err(Error::refused(rule)),
        None => Ok(prepared),
    }
}

pub(crate) fn finish(prepared: ToBeSigned<'_>, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
    let mut signature = alloc::vec![0; signer.signature_len()];
    let len = signer
        .sign(&prepared.structure().parts(), &mut signature)
        .map_err(cose_ext::Error::from)?;
    signature.truncate(len);
    Ok(prepared.attach(&signature))
}

impl SignedStatement<'_> {
    /// Returns the transparent statement: this one with `receipts` in its unprotected header
    /// (RFC 9943 7), beside those that are there.
    ///
    /// # Errors
    ///
    /// If the header breaks a rule.
    pub fn with_receipts(&self, receipts: &[&[u8]]) -> Result<Vec<u8>, Error> {
        let unprotected = self.message().headers().unprotected();
        let present = unprotected.receipts()?;
        let present = present.iter().flat_map(|receipts| receipts.iter());
        let all: Vec<Value<'_>> = present
            .map(|(_, receipt)| receipt)
            .chain(receipts.iter().copied())
            .map(Value::Bytes)
            .collect();
        let unprotected = unprotected.to_builder().with(Label::RECEIPTS, all.as_slice());
        Ok(self.message().with_unprotected(&unprotected)?)
    }
}

impl TransparentStatement<'_> {
    /// Returns the signed statement with an empty unprotected header, which is what was registered
    /// (RFC 9943 6.3).
    ///
    /// # Errors
    ///
    /// If the header breaks a rule.
    pub fn to_signed(&self) -> Result<Vec<u8>, Error> {
        Ok(self.statement().message().with_unprotected(&MapBuilder::new())?)
    }
}
