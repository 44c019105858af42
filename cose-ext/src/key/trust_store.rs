use core::{fmt, ops::ControlFlow};

use super::{Candidate, Identity, KeyHint, KeyResolver, Thumbprint};
use crate::{
    Error,
    crypto::{Key, Provider, PublicKey, SignatureVerifier},
};

/// A key that the verifier trusts, and for what.
#[derive(Clone, Copy)]
pub struct TrustedKey<'a> {
    verifier: Verifier<'a>,
    identity: Identity,
    thumbprint: Option<Thumbprint>,
    key_id: Option<&'a [u8]>,
    issuer: Option<&'a str>,
}

#[derive(Clone, Copy)]
enum Verifier<'a> {
    Data(Key<'a>),
    Parsed(&'a dyn SignatureVerifier),
}

impl<'a> TrustedKey<'a> {
    /// Trusts `key`; its identity is its thumbprint (RFC 9679), the same one whether its point came
    /// compressed or not.
    ///
    /// # Errors
    /// As [`Thumbprint::of`].
    pub fn new(key: PublicKey<'a>, provider: &'a dyn Provider) -> Result<Self, Error> {
        let thumbprint = Thumbprint::of(&key, provider)?;
        let verifier = Verifier::Data(Key::new(key, provider));
        let identity = thumbprint.into();
        Ok(Self { verifier, identity, thumbprint: Some(thumbprint), key_id: None, issuer: None })
    }

    /// Trusts a key that is already parsed, or lives elsewhere, under `identity`.
    pub const fn parsed(verifier: &'a dyn SignatureVerifier, identity: Identity) -> Self {
        let verifier = Verifier::Parsed(verifier);
        Self { verifier, identity, thumbprint: None, key_id: None, issuer: None }
    }

    /// The same under another identity.
    #[must_use]
    pub const fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// The same, offered only to messages whose kid is `key_id`, or the thumbprint of the key
    /// (RFC 9679), or that have none.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// The same, trusted only for messages whose protected CWT claims name `issuer`.
    #[must_use]
    pub const fn for_issuer(mut self, issuer: &'a str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Who the key is.
    pub const fn identity(&self) -> Identity {
        self.identity
    }

    fn answers_to(&self, hint: &KeyHint<'_>) -> bool {
        let key_id = match (self.key_id, hint.key_id()) {
            (Some(enrolled), Some(named)) => enrolled == named || self.has_thumbprint(named),
            _ => true,
        };
        // The issuer is no hint: a key speaks for the issuer that it was enrolled for, and no other.
        key_id && self.issuer.is_none_or(|issuer| hint.issuer() == Some(issuer))
    }

    /// Whether `key_id` is the thumbprint of the key: a kid that anybody can make of the key alone.
    pub(super) fn has_thumbprint(&self, key_id: &[u8]) -> bool {
        self.thumbprint.is_some_and(|thumbprint| thumbprint.as_bytes() == key_id)
    }

    fn verifier(&self) -> &dyn SignatureVerifier {
        match &self.verifier {
            Verifier::Data(key) => key,
            Verifier::Parsed(verifier) => *verifier,
        }
    }
}

impl KeyResolver for TrustedKey<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        TrustStore::new(core::slice::from_ref(self)).candidates(hint, each);
    }
}

impl fmt::Debug for TrustedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedKey")
            .field("key", &self.verifier().profile())
            .field("identity", &self.identity)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Trusted keys in a slice: nothing on the heap, nothing parsed before it is tried.
#[derive(Clone, Copy, Debug)]
pub struct TrustStore<'a> {
    keys: &'a [TrustedKey<'a>],
}

impl<'a> TrustStore<'a> {
    /// Trusts `keys`.
    pub const fn new(keys: &'a [TrustedKey<'a>]) -> Self {
        Self { keys }
    }
}

impl KeyResolver for TrustStore<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for key in self.keys.iter().filter(|key| key.answers_to(hint)) {
            let candidate = Candidate::Key { verifier: key.verifier(), identity: key.identity };
            if each(candidate).is_break() {
                return;
            }
        }
    }
}
