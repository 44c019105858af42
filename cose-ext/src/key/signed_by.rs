//! Who vouches for a verified value.

use super::{Identity, KeyOrigin, Thumbprint};
use crate::{Notes, crypto::Algorithm};

/// Which key vouches, for whom it speaks, with which algorithm, in which signature of the message.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, Context, Input, IssuerBinding, Notes, Sign1};
/// use cose_ext::{cwt::ClaimsBuilder, key::TrustedKey, sign1::Sign1Builder};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let claims = ClaimsBuilder::new().issuer("https://issuer.example");
/// let builder = Sign1Builder::new().cwt_claims(claims.as_map());
/// let bytes = builder.sign(Content::Embedded(b"hello"), &key)?;
///
/// let context = Context::new(&RustCrypto);
/// let public = key.public_key();
/// let trusted = TrustedKey::new(&public, &context)?.for_issuer("https://issuer.example");
/// let message = Sign1::decode(&bytes, &context.profile)?;
/// let verified = message.verify(&Input::embedded(), &trusted, &context)?;
/// assert_eq!(verified.by().identity(), trusted.identity());
/// assert_eq!(verified.by().issuer(), IssuerBinding::Checked);
/// assert_eq!(verified.by().notes(), Notes::NOTHING);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedBy {
    attribution: Attribution,
    algorithm: Algorithm,
    message: usize,
    signature: usize,
    notes: Notes,
}

/// What the trust store says of the key that verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribution {
    pub(crate) identity: Identity,
    pub(crate) thumbprint: Option<Thumbprint>,
    pub(crate) issuer: IssuerBinding,
    pub(crate) origin: KeyOrigin,
    /// What the trust store accepted leniently.
    pub(crate) notes: Notes,
}

/// How the key that verified relates to the issuer that the message claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum IssuerBinding {
    /// The key is enrolled for an issuer, and the message claims that issuer where the signature
    /// covers it.
    Checked,
    /// The key is enrolled for an issuer, and the message claims none.
    NotClaimed,
    /// The key is enrolled for no issuer in particular: what the message claims is the signer's
    /// word.
    NotBound,
}

impl IssuerBinding {
    /// Returns how a key that is enrolled for `enrolled` relates to a message that claims
    /// `claimed`; `None` if it does not answer to it.
    pub(crate) fn of(enrolled: Option<&str>, claimed: Option<&str>) -> Option<Self> {
        match (enrolled, claimed) {
            (None, _) => Some(Self::NotBound),
            (Some(_), None) => Some(Self::NotClaimed),
            (Some(enrolled), Some(claimed)) => (enrolled == claimed).then_some(Self::Checked),
        }
    }
}

impl SignedBy {
    pub(crate) const fn new(
        attribution: Attribution,
        algorithm: Algorithm,
        signature: usize,
        notes: Notes,
    ) -> Self {
        let notes = attribution.notes.and(notes);
        Self { attribution, algorithm, message: 0, signature, notes }
    }

    /// Adds what a later step accepted leniently.
    pub(crate) const fn with_notes(mut self, notes: Notes) -> Self {
        self.notes = self.notes.and(notes);
        self
    }

    /// Returns who the trust store says the key is. Of several keys that share a kid, it is the one
    /// that verified.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        self.attribution.identity
    }

    /// Returns the SHA-256 thumbprint of the key that verified (RFC 9679): for key confirmation,
    /// and to tell keys apart that share an identity. `None` for secret keys, and where the
    /// provider has no SHA-256.
    #[must_use]
    pub const fn thumbprint(&self) -> Option<Thumbprint> {
        self.attribution.thumbprint
    }

    /// Returns whether the key speaks for the issuer that the message claims.
    #[must_use]
    pub const fn issuer(&self) -> IssuerBinding {
        self.attribution.issuer
    }

    /// Returns how the trust store came to trust the key: as such, or by a certification path.
    #[must_use]
    pub const fn origin(&self) -> KeyOrigin {
        self.attribution.origin
    }

    /// Returns the algorithm of the header.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns which message it is of several that vouch for one value, counted from zero.
    #[must_use]
    pub const fn message(&self) -> usize {
        self.message
    }

    pub(crate) const fn in_message(mut self, message: usize) -> Self {
        self.message = message;
        self
    }

    /// Returns which signature of the message it is, counted from zero; a COSE_Sign1 has one.
    #[must_use]
    pub const fn signature(&self) -> usize {
        self.signature
    }

    /// Returns what was accepted although a strict reading would refuse it.
    #[must_use]
    pub const fn notes(&self) -> Notes {
        self.notes
    }

    /// Returns whether the same key made both signatures, as far as one can tell: by thumbprint
    /// where both have one, else by identity.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        let same_thumbprint =
            self.thumbprint().is_some() && self.thumbprint() == other.thumbprint();
        same_thumbprint || self.identity() == other.identity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_an_issuer_answers_to_that_issuer_and_to_no_claim() {
        let of = IssuerBinding::of;
        assert_eq!(of(Some("a"), Some("a")), Some(IssuerBinding::Checked));
        assert_eq!(of(Some("a"), None), Some(IssuerBinding::NotClaimed));
        assert_eq!(of(Some("a"), Some("b")), None);
        assert_eq!(of(None, Some("b")), Some(IssuerBinding::NotBound));
    }
}
