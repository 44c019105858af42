//! Plaintexts that nothing authenticates (RFC 9459).

/// The plaintext of a cipher that authenticates nothing (RFC 9459): anybody can have changed any
/// bit of it.
///
/// Only a signed digest of it makes it [`Verified`](crate::Verified).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Unauthenticated<T>(T);

impl<T> Unauthenticated<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the plaintext. It is not authenticated: an attacker may have changed any bit.
    pub fn into_unauthenticated(self) -> T {
        self.0
    }
}
