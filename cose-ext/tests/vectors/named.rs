//! The keys that a case names.

use std::ops::ControlFlow;

use cose_ext::Context;
use cose_ext::key::{Candidate, KeyHint, KeyResolver, SecretCandidate, SecretResolver};

/// Keys that the case says are the right ones: a message that is wrong under one of them is broken,
/// also where the message itself names no key.
pub(crate) struct Named<R>(pub(crate) R);

impl<R: KeyResolver> KeyResolver for Named<R> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.0.candidates(hint, context, &mut |one| each(Candidate { named: true, ..one }));
    }
}

impl<R: SecretResolver> SecretResolver for Named<R> {
    fn secrets(
        &self,
        hint: &KeyHint<'_>,
        each: &mut dyn FnMut(SecretCandidate<'_>) -> ControlFlow<()>,
    ) {
        self.0.secrets(hint, &mut |one| each(SecretCandidate { named: true, ..one }));
    }
}
