//! Any keys, bound to one issuer.

use core::{fmt, ops::ControlFlow};

use super::{Candidate, KeyHint, KeyResolver};
use crate::Context;

/// Binds every key that a resolver offers to one issuer: a key set that an issuer published, or the
/// certificates below its authority, then speak for that issuer and no other.
///
/// ```
/// # fn bind(set: cose_ext::key::KeySetStore<'_>) {
/// let keys = cose_ext::key::IssuerKeys::new("https://issuer.example", &set);
/// # let _ = keys; }
/// ```
#[derive(Clone, Copy)]
pub struct IssuerKeys<'a> {
    issuer: &'a str,
    keys: &'a dyn KeyResolver,
}

impl<'a> IssuerKeys<'a> {
    /// Trusts `keys` for messages that claim `issuer`, and for those that claim no issuer.
    pub const fn new(issuer: &'a str, keys: &'a dyn KeyResolver) -> Self {
        Self { issuer, keys }
    }
}

impl KeyResolver for IssuerKeys<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.keys.candidates(hint, context, &mut |candidate| match candidate.issuer {
            // Bound to somebody else already: it speaks for neither.
            Some(issuer) if issuer != self.issuer => ControlFlow::Continue(()),
            _ => each(candidate.for_issuer(self.issuer)),
        });
    }
}

impl fmt::Debug for IssuerKeys<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerKeys").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
