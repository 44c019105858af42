//! The keys that a service signs its receipts with.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Context, Profile,
    crypto::{Algorithm, PublicKey},
    key::{CoseKey, CoseKeyEncoder, OwnedPublicKey, Thumbprint},
};

use crate::{Error, OwnedContentType, Rule, Statement};

/// A key that a service signs its receipts with: what the receipts say of it, and the public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptKey {
    key_id: Vec<u8>,
    algorithm: Algorithm,
    public: Option<OwnedPublicKey>,
    /// DER, the key's own first.
    certificates: Vec<Vec<u8>>,
}

impl ReceiptKey {
    /// Media type in `typ` of a statement that endorses a receipt key.
    pub const TYP: &'static str = "application/x.scitt-receipt-key+cose";

    /// Returns a key with this kid. Its signatures are not checked before receipts are released.
    #[must_use]
    pub fn new(key_id: &[u8], algorithm: Algorithm) -> Self {
        Self { key_id: key_id.into(), algorithm, public: None, certificates: Vec::new() }
    }

    /// Returns this key with its public key: a signature is then checked before a receipt with it
    /// is released, and a mistaken key is noticed here and not by relying parties.
    #[must_use]
    pub fn with_public_key<'k>(mut self, key: impl Into<PublicKey<'k>>) -> Self {
        // Which algorithm it is for, the receipt key says.
        let key = PublicKey { algorithm: None, ..key.into() };
        self.public = Some(OwnedPublicKey::from(&key));
        self
    }

    /// Returns this key with certificates, DER, its own first: its receipts carry them in a
    /// protected `x5chain`, for relying parties that trust an authority
    /// ([`ServiceKey::certified`](crate::ServiceKey::certified)). They are not checked here.
    #[must_use]
    pub fn certified_by(mut self, chain: &[&[u8]]) -> Self {
        self.certificates = chain.iter().map(|der| der.to_vec()).collect();
        self
    }

    /// Returns a key whose kid is its thumbprint (RFC 9679), as SCRAPI recommends.
    ///
    /// # Errors
    ///
    /// As [`Thumbprint::of`].
    pub fn by_thumbprint<'k>(
        key: impl Into<PublicKey<'k>>,
        algorithm: Algorithm,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let key = key.into();
        let thumbprint = Thumbprint::of(&key, context.provider)?;
        Ok(Self::new(thumbprint.as_bytes(), algorithm).with_public_key(key))
    }

    /// Returns the kid of its receipts.
    #[must_use]
    pub fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    /// Returns the algorithm of its receipts.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the public key, if it is known.
    pub fn public_key(&self) -> Option<PublicKey<'_>> {
        self.public.as_ref().map(OwnedPublicKey::as_public_key)
    }

    /// Returns its certificates, DER, its own first.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }

    /// Returns the key as a COSE_Key with kid and alg: what an offline root signs, and what a
    /// service publishes. `None` without a public key.
    #[must_use]
    pub fn to_cose_key(&self) -> Option<Vec<u8>> {
        let key = PublicKey { algorithm: Some(self.algorithm), ..self.public_key()? };
        let encoder = CoseKeyEncoder::new(key).ok()?;
        Some(encoder.with_key_id(&self.key_id).to_vec())
    }

    /// Reads the key that a statement endorses, of which the caller has verified who signed it and
    /// that it is registered. Its payload is a COSE_Key with kid and alg, and its subject the
    /// issuer of the service.
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptKeyEndorsed`] if it endorses no key of `service`.
    pub fn endorsed_by(
        statement: &Statement<'_, '_>,
        service: &str,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let broken = Error::broken(Rule::ReceiptKeyEndorsed, 0);
        if !is_typ(statement, Self::TYP) || statement.subject() != Some(service) {
            return Err(broken);
        }
        Self::from_payload(statement.payload(), profile).ok_or(broken)
    }

    pub(crate) fn from_payload(bytes: &[u8], profile: &Profile) -> Option<Self> {
        let key = CoseKey::decode(bytes, profile).ok()?;
        let (key_id, algorithm) = (key.key_id().ok()??, key.algorithm().ok()??);
        let public = key.public_key().ok()?;
        Some(Self::new(key_id, algorithm).with_public_key(public))
    }
}

/// Whether the statement says that it is of this type.
pub(crate) fn is_typ(statement: &Statement<'_, '_>, typ: &str) -> bool {
    let found = statement.protected().typ().ok().flatten();
    found.is_some_and(|found| OwnedContentType::from(found) == OwnedContentType::from(typ))
}

/// A key of a service, and the first size of the log that it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInUse {
    /// The key.
    pub key: ReceiptKey,
    /// The size of the log from which on it signs: one more than the index of the statement that
    /// endorses it, or 0.
    pub since: u64,
}

/// Who the service is: `iss` and `sub` of its receipts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceIdentity {
    pub(crate) issuer: String,
    pub(crate) keys: Vec<KeyInUse>,
}

impl ServiceIdentity {
    /// Returns the key that signs a tree of `size` leaves.
    pub(crate) fn key_at(&self, size: u64) -> Option<&ReceiptKey> {
        self.keys.iter().rev().find(|key| key.since <= size).map(|key| &key.key)
    }
}
