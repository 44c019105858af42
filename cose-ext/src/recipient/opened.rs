//! What a secret key opened.

use crate::{
    Error, Notes, SignedBy, Verified,
    crypto::Algorithm,
    error::Policy,
    key::{Attribution, Identity},
};

/// What a key of the receiver opened: nobody changed it on the way, but it is not yet known who
/// sent it.
///
/// With an ephemeral key anyone can send. Whoever once got a wrapped content key, another recipient
/// of another message, can send other content with it, to anybody (RFC 9052 8.5.2). Only what came
/// straight from one shared key, or from the agreement with one trusted static key, becomes
/// [`Verified`] (RFC 9052 6).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Opened<T> {
    value: T,
    opening: Opening,
    algorithm: Algorithm,
    notes: Notes,
}

/// How a content key was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    /// Whose key of ours it was.
    pub(crate) key: Attribution,
    /// Which recipient of the message.
    pub(crate) recipient: usize,
    /// Who must have made the message, where anybody in particular.
    pub(crate) sender: Option<Attribution>,
}

impl<T> Opened<T> {
    pub(crate) const fn new(
        value: T,
        opening: Opening,
        algorithm: Algorithm,
        notes: Notes,
    ) -> Self {
        Self { value, opening, algorithm, notes }
    }

    /// Returns the value without any statement about who sent it: anybody may have.
    pub const fn danger_unattributed(&self) -> &T {
        &self.value
    }

    /// Returns the content by value.
    pub fn into_danger_unattributed(self) -> T {
        self.value
    }

    /// Returns the identity of the receiver's key that opened it.
    pub const fn key(&self) -> Identity {
        self.opening.key.identity
    }

    /// Returns the index of the recipient in the message that the key belongs to, counted from
    /// zero.
    pub const fn recipient(&self) -> usize {
        self.opening.recipient
    }

    /// Returns the value as verified by whoever shares the key, or by the owner of the static key.
    ///
    /// # Errors
    ///
    /// [`Policy::Unattributed`] if anyone, or any other recipient, can have sent it: always behind
    /// key wrap and key transport.
    pub fn verified(self) -> Result<Verified<T>, Error> {
        let sender = self.opening.sender.ok_or(Error::from(Policy::Unattributed))?;
        let by = SignedBy::new(sender, self.algorithm, self.opening.recipient, self.notes);
        Ok(Verified::new(self.value, by))
    }
}
