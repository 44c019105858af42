//! Plaintexts that nothing authenticates (RFC 9459).

/// What a cipher that authenticates nothing decrypted (RFC 9459): anyone can have changed it, in
/// any bit that they chose. Nothing makes it [`Verified`](crate::Verified) but a signed digest of
/// it.
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
