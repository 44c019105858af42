//! Who vouches for a verified value, and what was accepted leniently on the way.

use core::fmt;

use crate::{
    crypto::Algorithm,
    key::{Identity, Thumbprint},
};

/// Which key vouches, for whom it speaks, with which algorithm, in which signature of the message.
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
}

/// How the key that verified relates to the issuer that the message claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerBinding {
    /// The key is enrolled for an issuer, and the message claims that issuer where the signature
    /// covers it.
    Checked,
    /// The key is enrolled for an issuer, and the message claims none.
    NotClaimed,
    /// The key is enrolled for no issuer in particular: what the message claims is the signer's word.
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

/// What was accepted although a strict reading would refuse it: a set.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes(u16);

/// Bits, with the words that `Debug` shows.
const NOTES: [(Notes, &str); 6] = [
    (Notes::EMPTY_MAP_AS_RECEIVED, "h'a0' as received"),
    (Notes::LABEL_IN_BOTH_BUCKETS, "label in both buckets"),
    (Notes::UNPROTECTED_ALGORITHM, "unprotected algorithm"),
    (Notes::IMPLIED_ALGORITHM, "implied algorithm"),
    (Notes::TAGGED_DATE, "tagged date"),
    (Notes::EMPTY_PATH, "empty inclusion path"),
];

impl Notes {
    /// Nothing was accepted leniently.
    pub const NOTHING: Self = Self(0);
    /// The signature covers an empty protected map as `h'a0'`, as older peers sign it, where RFC 9052
    /// 4.4 wants `h''` ([`EmptyProtected::AsReceived`](crate::EmptyProtected)).
    pub const EMPTY_MAP_AS_RECEIVED: Self = Self(1);
    /// A label stands in both buckets; the protected one counts.
    pub const LABEL_IN_BOTH_BUCKETS: Self = Self(1 << 1);
    /// The algorithm is named in the unprotected bucket, where anybody can change it.
    pub const UNPROTECTED_ALGORITHM: Self = Self(1 << 2);
    /// The message names no algorithm; the key or the caller does.
    pub const IMPLIED_ALGORITHM: Self = Self(1 << 3);
    /// A date is wrapped in tag 1 (RFC 8392 2 forbids it).
    pub const TAGGED_DATE: Self = Self(1 << 4);
    /// An inclusion path is empty: the tree has one entry.
    pub const EMPTY_PATH: Self = Self(1 << 5);

    /// Returns whether all of `notes` are in this set.
    pub const fn contains(self, notes: Self) -> bool {
        self.0 & notes.0 == notes.0
    }

    /// Returns whether nothing was accepted leniently.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the notes of both sets.
    #[must_use]
    pub const fn and(self, notes: Self) -> Self {
        Self(self.0 | notes.0)
    }

    /// Returns `notes` where `noted` holds, and else nothing.
    pub(crate) const fn only_if(notes: Self, noted: bool) -> Self {
        if noted { notes } else { Self::NOTHING }
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noted = NOTES.iter().filter(|(note, _)| self.contains(*note));
        f.debug_set().entries(noted.map(|(_, words)| words)).finish()
    }
}

/// Lists the notes, comma-separated.
impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, words) in NOTES.iter().filter(|(note, _)| self.contains(*note)) {
            write!(f, "{separator}{words}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl SignedBy {
    pub(crate) const fn new(
        attribution: Attribution,
        algorithm: Algorithm,
        signature: usize,
        notes: Notes,
    ) -> Self {
        Self { attribution, algorithm, message: 0, signature, notes }
    }

    /// Adds what a later step accepted leniently.
    pub(crate) const fn with_notes(mut self, notes: Notes) -> Self {
        self.notes = self.notes.and(notes);
        self
    }

    /// Returns who the trust store says the key is. Of several keys that share a kid, it is the one
    /// that verified.
    pub const fn identity(&self) -> Identity {
        self.attribution.identity
    }

    /// Returns the SHA-256 thumbprint of the key that verified (RFC 9679): for key confirmation, and
    /// to tell keys apart that share an identity. `None` for secret keys, and where the provider has
    /// no SHA-256.
    pub const fn thumbprint(&self) -> Option<Thumbprint> {
        self.attribution.thumbprint
    }

    /// Returns whether the key speaks for the issuer that the message claims.
    pub const fn issuer(&self) -> IssuerBinding {
        self.attribution.issuer
    }

    /// Returns the algorithm of the header.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns which message it is of several that vouch for one value, counted from zero.
    pub const fn message(&self) -> usize {
        self.message
    }

    pub(crate) const fn in_message(mut self, message: usize) -> Self {
        self.message = message;
        self
    }

    /// Returns which signature of the message it is, counted from zero; a COSE_Sign1 has one.
    pub const fn signature(&self) -> usize {
        self.signature
    }

    /// Returns what was accepted although a strict reading would refuse it.
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
    use std::{format, string::ToString};

    use super::*;

    #[test]
    fn each_note_is_a_bit_of_its_own_and_has_words() {
        let mut all = Notes::NOTHING;
        for (note, words) in NOTES {
            assert!(!all.contains(note), "{words}");
            all = all.and(note);
        }
        assert_eq!(all.0.count_ones() as usize, NOTES.len());
        let two = Notes::TAGGED_DATE.and(Notes::EMPTY_PATH);
        assert_eq!(two.to_string(), "tagged date, empty inclusion path");
        assert_eq!(format!("{two:?}"), "{\"tagged date\", \"empty inclusion path\"}");
    }

    #[test]
    fn a_key_of_an_issuer_answers_to_that_issuer_and_to_no_claim() {
        let of = IssuerBinding::of;
        assert_eq!(of(Some("a"), Some("a")), Some(IssuerBinding::Checked));
        assert_eq!(of(Some("a"), None), Some(IssuerBinding::NotClaimed));
        assert_eq!(of(Some("a"), Some("b")), None);
        assert_eq!(of(None, Some("b")), Some(IssuerBinding::NotBound));
    }
}
