//! Whose signatures count, each key once.

use crate::{
    Error, SignedBy, Verified,
    error::{Limit, Verification},
    key::Identity,
};

/// Whose signatures over one value met a policy: one entry for each different key.
///
/// # State, invariant, cost
///
/// `by` holds the different keys in the order of their first signature, told apart by thumbprint
/// and by identity; there is no key that counted and is not held, so that whoever looks at each of
/// them has looked at all. `keys` counts them, `signatures` all that counted. Counting compares
/// with each held key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signers {
    by: [Option<SignedBy>; Self::CAPACITY],
    keys: usize,
    signatures: usize,
    messages: usize,
}

impl Signers {
    /// The most keys that may vouch for one value: more than release processes ask for, and few
    /// enough for the stack. One more is [`Limit::Signers`](crate::error::Limit::Signers).
    pub const CAPACITY: usize = 8;

    pub(crate) const NOBODY: Self =
        Self { by: [None; Self::CAPACITY], keys: 0, signatures: 0, messages: 1 };

    /// Returns the different keys, all of them, in the order of their first signature.
    pub fn iter(&self) -> impl Iterator<Item = &SignedBy> {
        self.by.iter().flatten()
    }

    /// Returns how many signatures verified. Where the policy needs only some, the signatures after
    /// those were not looked at.
    #[must_use]
    pub const fn signatures(&self) -> usize {
        self.signatures
    }

    /// Returns how many different keys signed.
    #[must_use]
    pub const fn keys(&self) -> usize {
        self.keys
    }

    /// Returns whether a key of this identity is among them.
    #[must_use]
    pub fn has(&self, identity: &Identity) -> bool {
        self.iter().any(|signer| signer.identity() == *identity)
    }

    /// Adds what a later step accepted leniently, to each of them.
    pub(crate) fn with_notes(mut self, notes: crate::Notes) -> Self {
        for by in self.by.iter_mut().flatten() {
            *by = by.with_notes(notes);
        }
        self
    }

    /// Counts one more good signature. A key counts once, under two identities or in two spellings
    /// too.
    ///
    /// # Errors
    ///
    /// `Limit` for one key more than are held: nobody would ever look at it.
    pub(crate) fn count(&mut self, by: SignedBy) -> Result<(), Error> {
        if !self.iter().any(|known| known.is_same_key(&by)) {
            let slot = self.by.get_mut(self.keys).ok_or(Error::from(Limit::Signers))?;
            *slot = Some(by);
            self.keys = self.keys.saturating_add(1);
        }
        self.signatures = self.signatures.saturating_add(1);
        Ok(())
    }
}

impl<T> Verified<T> {
    /// Returns the value as one that several may vouch for, so far one of them.
    pub fn by_several(self) -> Verified<T, Signers> {
        let mut by = [None; Signers::CAPACITY];
        let [first, ..] = &mut by;
        *first = Some(*self.by());
        let signers = Signers { by, keys: 1, signatures: 1, messages: 1 };
        Verified::new(self.into_value(), signers)
    }
}

impl<T> Verified<T, Signers> {
    /// Returns the value as one that a single key vouches for; `None` if several different keys do.
    pub fn by_one(self) -> Option<Verified<T>> {
        let by = *self.by().iter().next().filter(|_| self.by().keys() == 1)?;
        Some(Verified::new(self.into_value(), by))
    }
}

impl<T: PartialEq> Verified<T, Signers> {
    /// Joins what another message says of an equal value: the blocks of one SUIT envelope over one
    /// digest. Keys that vouch in both count once; [`SignedBy::message`] tells which message it
    /// was, counted from zero in the order of joining.
    ///
    /// # Errors
    ///
    /// [`Verification::OtherValue`] if the values differ; `Limit` for more different keys than
    /// [`Signers::CAPACITY`].
    pub fn and_by(mut self, other: Verified<T, Signers>) -> Result<Self, Error> {
        self.join(&other)?;
        Ok(self)
    }

    /// Joins what another message says, as [`and_by`](Self::and_by) does, in place.
    ///
    /// # Errors
    ///
    /// [`Verification::OtherValue`] if the values differ; `Limit` for more different keys than
    /// [`Signers::CAPACITY`].
    pub fn join(&mut self, other: &Verified<T, Signers>) -> Result<(), Error> {
        if self.value() != other.value() {
            return Err(Verification::OtherValue.into());
        }
        let signers = self.by_mut();
        for by in other.by().iter() {
            signers.count(by.in_message(signers.messages.saturating_add(by.message())))?;
        }
        let more = other.by().signatures.saturating_sub(other.by().keys);
        signers.signatures = signers.signatures.saturating_add(more);
        signers.messages = signers.messages.saturating_add(other.by().messages);
        Ok(())
    }

    /// Joins what a message of one signature or tag says, as [`and_by`](Self::and_by) does, in
    /// place.
    ///
    /// # Errors
    ///
    /// [`Verification::OtherValue`] if the values differ; `Limit` for more different keys than
    /// [`Signers::CAPACITY`].
    pub fn join_one(&mut self, other: &Verified<T>) -> Result<(), Error> {
        if self.value() != other.value() {
            return Err(Verification::OtherValue.into());
        }
        let signers = self.by_mut();
        signers.count(other.by().in_message(signers.messages))?;
        signers.messages = signers.messages.saturating_add(1);
        Ok(())
    }
}
