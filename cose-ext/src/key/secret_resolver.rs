//! Which secret keys may have authenticated a message, or may open it.

use core::{fmt, ops::ControlFlow};

use super::{Identity, KeyHint};
use crate::crypto::{Secret, SecretKey};

/// One secret key that a resolver offers for a message.
#[derive(Clone, Copy)]
pub struct SecretCandidate<'c> {
    /// The key.
    pub secret: &'c dyn Secret,
    /// Who holds it with us, should it open the message.
    pub identity: Identity,
    /// The only issuer that whoever holds it speaks for. With `None` nobody compares what a message
    /// claims.
    pub issuer: Option<&'c str>,
    /// Whether the message named this very key, by its kid.
    pub named: bool,
}

/// Finds the secret keys that a tag may have been made with, or that may open a message.
///
/// A store of secrets belongs into a service's threads, so it is `Send` and `Sync`.
pub trait SecretResolver: Send + Sync {
    /// Calls `each` with every key that `hint` leads to, until told to stop. The caller tries a
    /// bounded number ([`Limits::candidates`](crate::Limits::candidates)).
    fn secrets(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(SecretCandidate<'_>) -> ControlFlow<()>,
    );
}

impl<R: SecretResolver + ?Sized> SecretResolver for &R {
    fn secrets(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(SecretCandidate<'_>) -> ControlFlow<()>,
    ) {
        (**self).secrets(hint, each);
    }
}

/// A secret key that the receiver holds, and who shares it.
#[derive(Clone, Copy)]
pub struct HeldSecret<'a> {
    holder: Holder<'a>,
    identity: Identity,
    key_id: Option<&'a [u8]>,
    issuer: Option<&'a str>,
}

#[derive(Clone, Copy)]
#[allow(
    clippy::large_enum_variant,
    reason = "borrowed parts of an RSA key, where there may be no heap"
)]
enum Holder<'a> {
    Data(SecretKey<'a>),
    Device(&'a dyn Secret),
}

impl<'a> HeldSecret<'a> {
    /// Holds `key` under the name `identity`.
    ///
    /// The identity of a shared key is that of whoever shares it, the one of a private key that of
    /// its owner. Nothing is derived from the secret.
    #[must_use]
    pub const fn new(key: SecretKey<'a>, identity: Identity) -> Self {
        Self { holder: Holder::Data(key), identity, key_id: None, issuer: None }
    }

    /// Holds a key that lives elsewhere, under the name `identity`.
    pub const fn device(secret: &'a dyn Secret, identity: Identity) -> Self {
        Self { holder: Holder::Device(secret), identity, key_id: None, issuer: None }
    }

    /// Offers the key only to messages and recipients whose kid is `key_id`, and to those that have
    /// none.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// Binds the key to an issuer: it answers to messages that claim `issuer`, in the protected
    /// header or in the payload that the tag covers, and to messages that claim none.
    #[must_use]
    pub const fn for_issuer(mut self, issuer: &'a str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Returns who the key is.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        self.identity
    }

    fn secret(&self) -> &dyn Secret {
        match &self.holder {
            Holder::Data(key) => key,
            Holder::Device(secret) => *secret,
        }
    }

    /// Returns the key as a candidate for a message with this hint; `None` where the message names
    /// another key.
    fn candidate<'c>(&'c self, hint: &KeyHint<'_>) -> Option<SecretCandidate<'c>> {
        let named = match (self.key_id, hint.key_id()) {
            (Some(held), Some(named)) if held != named => return None,
            (Some(_), Some(_)) => true,
            _ => self.issuer.is_some() && hint.issuer() == self.issuer,
        };
        let (identity, issuer) = (self.identity, self.issuer);
        Some(SecretCandidate { secret: self.secret(), identity, issuer, named })
    }
}

impl SecretResolver for HeldSecret<'_> {
    fn secrets(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(SecretCandidate<'_>) -> ControlFlow<()>,
    ) {
        SecretStore::new(core::slice::from_ref(self)).secrets(hint, each);
    }
}

impl fmt::Debug for HeldSecret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldSecret")
            .field("key", &self.secret().profile())
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Secret keys in a slice: nothing on the heap, nothing set up before it is tried.
#[derive(Clone, Copy, Debug)]
pub struct SecretStore<'a> {
    secrets: &'a [HeldSecret<'a>],
}

impl<'a> SecretStore<'a> {
    /// Holds `secrets`.
    #[must_use]
    pub const fn new(secrets: &'a [HeldSecret<'a>]) -> Self {
        Self { secrets }
    }
}

impl SecretResolver for SecretStore<'_> {
    fn secrets(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(SecretCandidate<'_>) -> ControlFlow<()>,
    ) {
        for candidate in self.secrets.iter().filter_map(|held| held.candidate(hint)) {
            if each(candidate).is_break() {
                return;
            }
        }
    }
}
