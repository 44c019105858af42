//! Whose key it is, apart from what the block claims.

use core::ops::ControlFlow;

use cose_ext::{
    Context,
    key::{Candidate, Identity, KeyHint, KeyResolver},
};

use crate::{Error, Rule, Step};

/// The keys of another resolver, offered whatever issuer a message claims: to tell a block by an
/// enrolled key that claims another issuer from one by a stranger. It decides which reason a
/// refusal has, and never that a block is good.
struct WhateverIssuer<'k>(&'k dyn KeyResolver);

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

/// Names the reason why no key of `keys` verified: that the block claims an issuer which its key is
/// not enrolled for, if it `verifies` once nobody compares issuers, or that no key in the firmware
/// role signed.
pub(crate) fn refusal(
    error: Error,
    keys: &dyn KeyResolver,
    verifies: impl FnOnce(&dyn KeyResolver) -> bool,
) -> Error {
    if error.is_of_key() && verifies(&WhateverIssuer(keys)) {
        Error::refused(Rule::IssuerEnrolled).in_step(Step::Claims)
    } else {
        error.of_signature()
    }
}
