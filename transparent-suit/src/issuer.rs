//! Whose key it is, apart from what the block claims.

use core::ops::ControlFlow;

use cose_ext::{
    Context,
    key::{Candidate, Identity, KeyHint, KeyResolver},
};

/// The keys of another resolver, offered whatever issuer a message claims: to tell a block by an enrolled
/// key that claims another issuer from one by a stranger. It decides which reason a refusal has, and
/// never that a block is good.
pub(crate) struct WhateverIssuer<'k>(pub(crate) &'k dyn KeyResolver);

impl KeyResolver for WhateverIssuer<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.0.candidates(hint, context, &mut |candidate| {
            each(Candidate { issuer: None, ..candidate })
        });
    }
}

/// The keys of one identity, offered whatever issuer a message claims.
pub(crate) struct OfIdentity<'k> {
    pub(crate) keys: &'k dyn KeyResolver,
    pub(crate) identity: Identity,
}

impl KeyResolver for OfIdentity<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.keys.candidates(hint, context, &mut |candidate| {
            if candidate.identity == self.identity {
                each(Candidate { issuer: None, ..candidate })
            } else {
                ControlFlow::Continue(())
            }
        });
    }
}
