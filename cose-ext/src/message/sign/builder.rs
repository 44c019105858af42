//! Making COSE_Sign (RFC 9052 4.1).

use alloc::{vec, vec::Vec};

use super::Sign;
use crate::{
    Content, Error, Label, Rule, SigStructure,
    crypto::{Algorithm, Signer},
    error::Misuse,
    frame::{encode, no_exemption},
    header::{EncodedHeaders, HeadersBuilder, message_methods},
};

/// Makes a COSE_Sign (RFC 9052 4.1): headers of the body first, then [`prepare`](Self::prepare),
/// then one signature after the other.
#[derive(Clone, Debug, Default)]
pub struct SignBuilder {
    pub(crate) headers: HeadersBuilder,
    is_untagged: bool,
}

impl SignBuilder {
    /// Begins a message without headers, which will be tagged.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_untagged: false }
    }

    message_methods!();

    /// Fixes the body; signatures follow.
    ///
    /// # Errors
    ///
    /// If the headers break a rule that a verifier would refuse them for.
    pub fn prepare(self, content: Content<'_>) -> Result<Signing<'_>, Error> {
        let body = self.headers.encode(no_exemption)?;
        let tag = (!self.is_untagged).then_some(Sign::TAG);
        Ok(Signing { body, content, tag, signatures: Vec::new() })
    }
}

/// The headers of one signature of a COSE_Sign.
#[derive(Clone, Debug, Default)]
pub struct SignatureBuilder {
    pub(crate) headers: HeadersBuilder,
}

impl SignatureBuilder {
    /// Begins a signature without headers.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new() }
    }

    crate::header::header_methods!();

    /// Sets `kid`, protected.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.protected(Label::KID, key_id)
    }
}

/// A COSE_Sign that collects signatures. Signers do not see each other's.
#[derive(Clone, Debug)]
#[must_use]
pub struct Signing<'p> {
    body: EncodedHeaders,
    content: Content<'p>,
    tag: Option<u64>,
    /// Encoded COSE_Signatures.
    signatures: Vec<Vec<u8>>,
}

/// One signature of a COSE_Sign that is still to be made, by a key that may answer later.
#[derive(Clone, Debug)]
#[must_use]
pub struct PendingSignature {
    headers: EncodedHeaders,
}

impl Signing<'_> {
    /// Adds a signature at once.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, or the signer refuses; nothing is added then.
    pub fn sign(&mut self, headers: SignatureBuilder, signer: &dyn Signer) -> Result<(), Error> {
        let pending = self.pending(headers, signer.algorithm())?;
        let mut signature = vec![0; signer.signature_len()];
        let len = signer.sign(&self.to_be_signed(&pending).parts(), &mut signature)?;
        signature.truncate(len);
        self.attach(&pending, &signature);
        Ok(())
    }

    /// Begins a signature by a key that lives elsewhere: the first of two steps.
    ///
    /// # Errors
    ///
    /// If the headers break a rule that a verifier would refuse them for.
    pub fn pending(
        &self,
        mut headers: SignatureBuilder,
        algorithm: Algorithm,
    ) -> Result<PendingSignature, Error> {
        headers.headers.protect(Label::ALG, algorithm);
        Ok(PendingSignature { headers: headers.headers.encode(no_exemption)? })
    }

    /// Returns the parts that `pending` signs (RFC 9052 4.4).
    #[must_use]
    pub fn to_be_signed<'s>(&'s self, pending: &'s PendingSignature) -> SigStructure<'s> {
        SigStructure::signature(
            self.body.authenticated(),
            pending.headers.authenticated(),
            self.body.external_aad(),
            self.content.bytes(),
        )
    }

    /// Adds the signature, which is not checked: the second step.
    pub fn attach(&mut self, pending: &PendingSignature, signature: &[u8]) {
        let signature = encode(None, pending.headers.as_bytes(), Some(signature), &[]);
        self.signatures.push(signature);
    }

    /// Returns the whole message.
    ///
    /// # Errors
    ///
    /// If nobody has signed.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        if self.signatures.is_empty() {
            return Err(Misuse::Builder(Rule::SignStructure).into());
        }
        let head = crate::cbor::Head::array(self.signatures.len());
        let signatures = [head.as_bytes(), &self.signatures.concat()].concat();
        Ok(encode(self.tag, self.body.as_bytes(), self.content.embedded(), &[&signatures]))
    }
}
