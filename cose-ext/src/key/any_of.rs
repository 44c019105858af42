//! Several resolvers as one.

use core::{fmt, ops::ControlFlow};

use super::{Candidate, KeyHint, KeyResolver};
use crate::Context;

/// Several resolvers, asked in order until one of their keys verifies: keys by kid, enrolled
/// certificates, certification paths.
///
/// The limit on candidates is one for all of them.
#[derive(Clone, Copy)]
pub struct AnyOf<'a>(pub &'a [&'a dyn KeyResolver]);

impl KeyResolver for AnyOf<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        for resolver in self.0 {
            let mut flow = ControlFlow::Continue(());
            resolver.candidates(hint, context, &mut |candidate| {
                if flow.is_continue() {
                    flow = each(candidate);
                }
                flow
            });
            if flow.is_break() {
                return;
            }
        }
    }
}

impl fmt::Debug for AnyOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyOf({} resolvers)", self.0.len())
    }
}
