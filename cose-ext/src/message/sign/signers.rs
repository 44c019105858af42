use crate::{
    Context, SignedBy,
    crypto::SignatureVerifier,
    key::{Identity, Thumbprint},
};

/// Whose signatures of a COSE_Sign met the policy: one entry for each different key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signers {
    by: [Option<SignedBy>; Self::CAPACITY],
    signatures: usize,
}

impl Signers {
    /// The most keys that are kept apart: more than release processes ask for, and few enough for the
    /// stack.
    pub const CAPACITY: usize = 8;

    /// The different keys, in the order of their first signature: the first
    /// [`CAPACITY`](Self::CAPACITY) of them.
    pub fn iter(&self) -> impl Iterator<Item = &SignedBy> {
        self.by.iter().flatten()
    }

    /// The number of signatures that were found good: of a policy that asks for some, not of those
    /// that nobody looked at.
    pub const fn signatures(&self) -> usize {
        self.signatures
    }
}

/// Counts signatures and different keys.
pub(super) struct Tally {
    signers: Signers,
    /// The thumbprints of the keys of `signers`, where the keys tell.
    thumbprints: [Option<Thumbprint>; Signers::CAPACITY],
    /// Of the key that has just verified.
    seen: Option<Thumbprint>,
    keys: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            signers: Signers { by: [None; Signers::CAPACITY], signatures: 0 },
            thumbprints: [None; Signers::CAPACITY],
            seen: None,
            keys: 0,
        }
    }
}

impl Tally {
    /// Notes the key that has just verified: one key under two identities, or in two
    /// spellings, is still one.
    pub(super) fn see(&mut self, verifier: &dyn SignatureVerifier, context: &Context<'_>) {
        self.seen = None;
        verifier.with_public_key(&mut |key| self.seen = Thumbprint::of(key, context.provider).ok());
    }

    /// The signature did not count.
    pub(super) fn forget(&mut self) {
        self.seen = None;
    }

    pub(super) fn count(&mut self, by: SignedBy) {
        let seen = self.seen.take();
        self.signers.signatures = self.signers.signatures.saturating_add(1);
        let known = |(signer, thumbprint): (&Option<SignedBy>, &Option<Thumbprint>)| {
            signer.is_some_and(|signer| signer.identity() == by.identity())
                || (thumbprint.is_some() && *thumbprint == seen)
        };
        if self.signers.by.iter().zip(&self.thumbprints).any(known) {
            return;
        }
        let slots = self.signers.by.iter_mut().zip(&mut self.thumbprints);
        if let Some((signer, thumbprint)) = slots.into_iter().nth(self.keys) {
            *signer = Some(by);
            *thumbprint = seen;
        }
        self.keys = self.keys.saturating_add(1);
    }

    pub(super) const fn keys(&self) -> usize {
        self.keys
    }

    pub(super) const fn signatures(&self) -> usize {
        self.signers.signatures
    }

    pub(super) fn has(&self, identity: &Identity) -> bool {
        self.signers.iter().any(|signer| signer.identity() == *identity)
    }

    pub(super) const fn into_signers(self) -> Signers {
        self.signers
    }
}
