use core::ops::ControlFlow;

use super::{Identity, KeyHint};
use crate::{Error, crypto::SignatureVerifier};

/// One key that a resolver offers for a message.
#[derive(Clone, Copy)]
pub enum Candidate<'c> {
    /// Try this one.
    Key {
        /// The key.
        verifier: &'c dyn SignatureVerifier,
        /// Who it is, should it verify.
        identity: Identity,
    },
    /// The hints lead to a key that verifies nothing, and why.
    Unusable(Error),
}

/// Finds the trusted keys that a message may have been signed with.
pub trait KeyResolver {
    /// Calls `each` with every key that `hint` leads to, until told to stop.
    ///
    /// Several keys may answer to one kid; all are offered. The caller tries a bounded number
    /// ([`Limits::candidates`](crate::Limits::candidates)).
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    );
}

impl<R: KeyResolver + ?Sized> KeyResolver for &R {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        (**self).candidates(hint, each);
    }
}
