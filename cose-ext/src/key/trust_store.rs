//! Keys that the verifier trusts, in a slice.

use core::{fmt, ops::ControlFlow};

use super::{
    Candidate, CandidateKey, HashedKey, HashedVerifier, Identity, KeyHint, KeyOrigin, KeyResolver,
    Thumbprint,
};
use crate::{
    Context, Error, Notes,
    crypto::{KeyProfile, PublicKey, SignatureVerifier},
};

/// A key that the verifier trusts, and for what.
///
/// ```
/// # #[cfg(feature = "p256")] {
/// use cose_ext::{Context, key::TrustedKey, rustcrypto::RustCrypto};
/// # fn enrol(key: cose_ext::crypto::PublicKey<'_>) -> Result<(), cose_ext::Error> {
/// let context = Context::new(&RustCrypto);
/// let key = TrustedKey::new(key, &context)?.with_key_id(b"2026").for_issuer("https://a.example");
/// # let _ = key; Ok(()) }
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct TrustedKey<'a> {
    key: Enrolled<'a>,
    identity: Identity,
    key_id: Option<&'a [u8]>,
    issuer: Option<&'a str>,
}

#[derive(Clone, Copy)]
enum Enrolled<'a> {
    Data(HashedKey<'a>),
    Parsed(&'a dyn SignatureVerifier),
    Hashed(HashedVerifier<'a>),
}

impl<'a> TrustedKey<'a> {
    /// Trusts `key`. Its identity is its thumbprint (RFC 9679), which does not depend on whether
    /// its point came compressed. The provider of `context` hashes it, and is not kept.
    ///
    /// # Errors
    ///
    /// As [`Thumbprint::of`]; a key whose coordinates are not as long as its curve wants is
    /// malformed.
    pub fn new(key: impl Into<PublicKey<'a>>, context: &Context<'_>) -> Result<Self, Error> {
        let key = key.into();
        let thumbprint = Thumbprint::of(&key, context.provider)?;
        Ok(Self {
            key: Enrolled::Data(HashedKey::new(key, thumbprint)),
            identity: thumbprint.into(),
            key_id: None,
            issuer: None,
        })
    }

    /// Trusts a key that is already parsed, or lives in a device, under `identity`.
    pub const fn parsed(verifier: &'a dyn SignatureVerifier, identity: Identity) -> Self {
        Self { key: Enrolled::Parsed(verifier), identity, key_id: None, issuer: None }
    }

    /// Trusts a key that is already parsed, or lives in a device, and whose thumbprint is kept
    /// beside it: a device has both in its flash, and hashes no key when it verifies. Its identity
    /// is the thumbprint.
    ///
    /// Nobody compares the thumbprint with the key. It is as trusted as the key: whatever tells
    /// keys apart or counts them relies on it, as does a message that names its key by it.
    pub const fn hashed(verifier: &'a dyn SignatureVerifier, thumbprint: Thumbprint) -> Self {
        let key = Enrolled::Hashed(HashedVerifier::new(verifier, thumbprint));
        let identity = Identity::new(*thumbprint.as_bytes());
        Self { key, identity, key_id: None, issuer: None }
    }

    /// Returns a key that was hashed when it was enrolled.
    #[cfg(feature = "alloc")]
    pub(super) const fn enrolled(
        key: PublicKey<'a>,
        thumbprint: Thumbprint,
        identity: Identity,
    ) -> Self {
        let key = Enrolled::Data(HashedKey::new(key, thumbprint));
        Self { key, identity, key_id: None, issuer: None }
    }

    /// Sets the identity.
    #[must_use]
    pub const fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// Offers the key only to messages whose kid is `key_id` or the thumbprint of the key
    /// (RFC 9679), and to those that have no kid.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// Binds the key to an issuer: it answers to messages that claim `issuer`, in the protected
    /// header or in the payload that the signature covers, and to messages that claim none.
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

    /// Returns the kid that the key is enrolled with.
    #[must_use]
    pub const fn key_id(&self) -> Option<&'a [u8]> {
        self.key_id
    }

    /// Returns the issuer that the key is bound to.
    #[must_use]
    pub const fn issuer(&self) -> Option<&'a str> {
        self.issuer
    }

    /// Returns whether `key_id` is the thumbprint of the key: a kid that anybody can make of the
    /// key alone.
    pub(super) fn has_thumbprint(&self, key_id: &[u8]) -> bool {
        match &self.key {
            Enrolled::Data(key) => key.thumbprint().as_bytes() == key_id,
            Enrolled::Hashed(key) => key.thumbprint().as_bytes() == key_id,
            Enrolled::Parsed(_) => false,
        }
    }

    fn profile(&self) -> KeyProfile {
        match &self.key {
            Enrolled::Data(key) => key.key().profile(),
            Enrolled::Parsed(verifier) => verifier.profile(),
            Enrolled::Hashed(key) => key.verifier().profile(),
        }
    }

    /// Returns whether a message with this hint names this key; `None` where it names another one,
    /// so that this key does not answer to it.
    #[must_use]
    pub fn named_by(&self, hint: &KeyHint<'_>) -> Option<bool> {
        let is_named_by_key_id = match (self.key_id, hint.key_id()) {
            (enrolled, Some(named)) => {
                let is_it = enrolled == Some(named) || self.has_thumbprint(named);
                if enrolled.is_some() && !is_it {
                    return None;
                }
                is_it
            }
            (_, None) => false,
        };
        let claims_issuer = self.issuer.is_some() && hint.issuer() == self.issuer;
        Some(is_named_by_key_id || claims_issuer)
    }

    /// Returns the key as the candidate that a [`KeyResolver`] of it offers; `named` is what
    /// [`named_by`](Self::named_by) says.
    #[must_use]
    pub const fn as_candidate(&self, named: bool) -> Candidate<'_> {
        let key = match &self.key {
            Enrolled::Data(key) => CandidateKey::Hashed(key),
            Enrolled::Parsed(verifier) => CandidateKey::Verifier(*verifier),
            Enrolled::Hashed(key) => CandidateKey::HashedVerifier(*key),
        };
        let origin = KeyOrigin::Enrolled;
        let (identity, issuer, notes) = (self.identity, self.issuer, Notes::NOTHING);
        Candidate { key, identity, issuer, named, origin, notes }
    }
}

impl KeyResolver for TrustedKey<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        if let Some(named) = self.named_by(hint) {
            // One at most, so it does not matter whether more are wanted.
            let _ = each(self.as_candidate(named));
        }
    }
}

impl fmt::Debug for TrustedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedKey")
            .field("key", &self.profile())
            .field("identity", &self.identity)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Trusted keys in a slice: nothing on the heap, nothing parsed before it is tried.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Context, key::{TrustStore, TrustedKey}};
/// use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto};
///
/// let context = Context::new(&RustCrypto);
/// let maker = P256SigningKey::from_bytes(&[1; 32])?.public_key();
/// let tester = Ed25519SigningKey::from_bytes(&[2; 32])?.public_key();
/// let keys = [
///     TrustedKey::new(&maker, &context)?.with_key_id(b"maker-1"),
///     TrustedKey::new(&tester, &context)?.for_issuer("https://tester.example"),
/// ];
/// let store = TrustStore::new(&keys); // goes wherever a `KeyResolver` does
/// assert_eq!(store.keys().len(), 2);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TrustStore<'a> {
    keys: &'a [TrustedKey<'a>],
}

impl<'a> TrustStore<'a> {
    /// Trusts `keys`.
    #[must_use]
    pub const fn new(keys: &'a [TrustedKey<'a>]) -> Self {
        Self { keys }
    }

    /// Returns the keys, in their order.
    #[must_use]
    pub const fn keys(&self) -> &'a [TrustedKey<'a>] {
        self.keys
    }
}

impl KeyResolver for TrustStore<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.keys {
            let Some(named) = key.named_by(hint) else { continue };
            if each(key.as_candidate(named)).is_break() {
                return;
            }
        }
    }
}
