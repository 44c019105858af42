//! Trying the keys that a trust store offers.

use core::ops::ControlFlow;

use super::{Attribution, Candidate, CandidateKey, IssuerBinding, KeyHint, KeyResolver, SignedBy};
use crate::{
    Context, Error, Notes, Rule,
    crypto::{Algorithm, InvalidKey, KeyProfile, SignatureVerifier, VerifyError},
    error::{Limit, Policy, Unsupported, Verification},
};

/// Checks the signature of a message under one key.
type Check<'c> = dyn FnMut(&dyn SignatureVerifier, Algorithm) -> Result<(), VerifyError> + 'c;

/// What has been learnt from the candidates so far.
///
/// # State, invariant, cost
///
/// Candidates come one at a time, until one verifies, an error ends the search, or the resolver has
/// no more. At most [`Limits::candidates`](crate::Limits::candidates) of them are checked, each of
/// which costs one check of the meter; the others (of another issuer, not permitted, unusable) cost
/// no cryptography. A key that the message named and that says no makes the message broken; one
/// that answers to everything says nothing of the message.
#[derive(Default)]
pub(crate) struct Tries {
    verified: Option<(Attribution, Algorithm)>,
    tried: usize,
    /// How many keys said no, and whether the message named one of them.
    invalid: usize,
    named_is_invalid: bool,
    /// Why there is no verdict, by the first of those that weigh most.
    reason: Option<Error>,
    weight: Weight,
}

/// How much a reason weighs against others.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    #[default]
    None,
    /// A key could not be asked.
    Unusable,
    /// A key that the message named could not be asked.
    NamedIsUnusable,
    /// It ends the search.
    Ends,
}

/// Tries the keys that `keys` offers until one passes `check`; attribution and algorithm are of
/// that one.
pub(crate) fn try_candidates(
    hint: &KeyHint<'_>,
    keys: &dyn KeyResolver,
    context: &Context<'_>,
    check: &mut Check<'_>,
) -> Result<(Attribution, Algorithm), Error> {
    let mut tries = Tries::default();
    tries.run(hint, keys, context, check);
    tries.conclude().copied()
}

/// Tries the keys as [`try_candidates`] does, for the signature with that index in its message;
/// `notes` are what was accepted in it.
pub(crate) fn signed_by(
    hint: &KeyHint<'_>,
    (signature, notes): (usize, Notes),
    keys: &dyn KeyResolver,
    context: &Context<'_>,
    check: &mut Check<'_>,
) -> Result<SignedBy, Error> {
    let mut tries = Tries::default();
    tries.run(hint, keys, context, check);
    tries.signed_by(signature, notes)
}

impl Tries {
    /// Tries the keys that `keys` offers until one passes `check`.
    pub(crate) fn run(
        &mut self,
        hint: &KeyHint<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        check: &mut Check<'_>,
    ) {
        keys.candidates(hint, context, &mut |candidate| {
            // A resolver that goes on after `Break` is not listened to.
            if !self.are_over() {
                self.consider(&candidate, hint, keys, context, check);
            }
            if self.are_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    /// Returns by which key signature `signature` of the message was verified; `notes` are what was
    /// accepted in it.
    #[inline(never)] // What it copies is not on the stack while signatures are checked.
    pub(crate) fn signed_by(&self, signature: usize, notes: Notes) -> Result<SignedBy, Error> {
        let (attribution, algorithm) = self.conclude()?;
        Ok(SignedBy::new(*attribution, *algorithm, signature, notes))
    }

    const fn are_over(&self) -> bool {
        self.verified.is_some() || matches!(self.weight, Weight::Ends)
    }

    fn consider(
        &mut self,
        candidate: &Candidate<'_>,
        hint: &KeyHint<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        check: &mut Check<'_>,
    ) {
        let Some(issuer) = IssuerBinding::of(candidate.issuer, hint.issuer()) else { return };
        let Some(algorithm) = self.algorithm_to_try(candidate, hint, context) else { return };
        let mut verdict = Err(VerifyError::Unsupported);
        let asked = with_verifier(&candidate.key, context, &mut |verifier| {
            verdict = check(verifier, algorithm);
            if verdict.is_ok() {
                self.has_verified(candidate, (issuer, algorithm), verifier, keys, context);
            }
        });
        if let Err(refusal) = asked.and(verdict) {
            self.has_refused(candidate, algorithm, refusal);
        }
    }

    /// Keeps which key it was. One that was not enrolled with its thumbprint is hashed where it can
    /// be: that costs a device more than all that it reads of a message.
    #[inline(never)] // What it copies is not on the stack while signatures are checked.
    fn has_verified(
        &mut self,
        candidate: &Candidate<'_>,
        (issuer, algorithm): (IssuerBinding, Algorithm),
        verifier: &dyn SignatureVerifier,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) {
        let thumbprint = match &candidate.key {
            CandidateKey::Hashed(key) => Some(key.thumbprint()),
            CandidateKey::HashedVerifier(key) => Some(key.thumbprint()),
            _ => keys.thumbprint(verifier, context),
        };
        let Candidate { identity, origin, notes, .. } = *candidate;
        let attribution = Attribution { identity, thumbprint, issuer, origin, notes };
        self.verified = Some((attribution, algorithm));
    }

    /// Returns the algorithm under which the candidate is to be tried, and counts the try; `None`,
    /// with the reason kept, if it is not to be tried.
    #[inline(never)] // Its errors are not on the stack while signatures are checked.
    fn algorithm_to_try(
        &mut self,
        candidate: &Candidate<'_>,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
    ) -> Option<Algorithm> {
        let profile = match &candidate.key {
            CandidateKey::Data(key) => key.profile(),
            CandidateKey::Hashed(key) => key.key().profile(),
            CandidateKey::Verifier(verifier) => verifier.profile(),
            CandidateKey::HashedVerifier(key) => key.verifier().profile(),
            CandidateKey::Unusable(error) => {
                self.cannot_use(candidate, *error);
                return None;
            }
        };
        let Some(algorithm) = hint.algorithm().or(profile.algorithm) else {
            self.cannot_use(candidate, Policy::AlgorithmNotStated.into());
            return None;
        };
        if let Err(error) = permitted(profile, algorithm, context) {
            self.cannot_use(candidate, error);
            return None;
        }
        if self.tried >= context.profile.limits.candidates {
            self.gives(Weight::Ends, Limit::Candidates.into());
            return None;
        }
        if let Err(spent) = context.spend_check() {
            self.gives(Weight::Ends, spent);
            return None;
        }
        self.tried = self.tried.saturating_add(1);
        Some(algorithm)
    }

    /// Keeps why the check under a key has not succeeded.
    #[cold]
    #[inline(never)]
    fn has_refused(
        &mut self,
        candidate: &Candidate<'_>,
        algorithm: Algorithm,
        refusal: VerifyError,
    ) {
        match refusal {
            VerifyError::InvalidSignature => {
                self.invalid = self.invalid.saturating_add(1);
                self.named_is_invalid |= candidate.named;
            }
            VerifyError::Interrupted => self.gives(Weight::Ends, Verification::Interrupted.into()),
            // RFC 9052 7: the fault is the key's, not the signature's.
            VerifyError::InvalidKey => {
                self.cannot_use(candidate, Error::malformed(Rule::KeyForm, 0));
            }
            _ => self.cannot_use(candidate, Unsupported::Algorithm(algorithm).into()),
        }
    }

    #[cold]
    #[inline(never)] // It keeps errors, which are large, and is called at several places.
    fn cannot_use(&mut self, candidate: &Candidate<'_>, error: Error) {
        let weight = if candidate.named { Weight::NamedIsUnusable } else { Weight::Unusable };
        self.gives(weight, error);
    }

    /// Keeps a reason, if it weighs more than the one before.
    fn gives(&mut self, weight: Weight, error: Error) {
        if weight > self.weight {
            self.weight = weight;
            self.reason = Some(error);
        }
    }

    /// What a named key says outweighs the others: if it says no, the message is not what it claims
    /// to be, as far as anyone here can tell. Keys that answer to everything and say no outweigh
    /// those that could not be asked.
    fn conclude(&self) -> Result<&(Attribution, Algorithm), Error> {
        if let Some(verified) = &self.verified {
            return Ok(verified);
        }
        let invalid = self.invalid;
        Err(match (self.weight, self.reason) {
            (Weight::Ends, Some(error)) => error,
            _ if self.named_is_invalid => Verification::InvalidSignature { tried: invalid }.into(),
            (Weight::NamedIsUnusable, Some(error)) => error,
            (Weight::Unusable, Some(error)) if invalid == 0 => error,
            _ => Policy::NotEnrolled { tried: invalid }.into(),
        })
    }
}

/// Calls `then` with a verifier of `key`, unless there is none.
fn with_verifier(
    key: &CandidateKey<'_>,
    context: &Context<'_>,
    then: &mut dyn FnMut(&dyn SignatureVerifier),
) -> Result<(), VerifyError> {
    let key = match key {
        CandidateKey::Verifier(verifier) => {
            then(*verifier);
            return Ok(());
        }
        CandidateKey::HashedVerifier(key) => {
            then(key.verifier());
            return Ok(());
        }
        CandidateKey::Data(key) => key,
        CandidateKey::Hashed(key) => key.key(),
        // It is not tried.
        CandidateKey::Unusable(_) => return Err(VerifyError::Unsupported),
    };
    match context.provider.with_verifier(key, then) {
        Ok(()) => Ok(()),
        Err(InvalidKey::Malformed) => Err(VerifyError::InvalidKey),
        Err(_) => Err(VerifyError::Unsupported),
    }
}

fn permitted(key: KeyProfile, algorithm: Algorithm, context: &Context<'_>) -> Result<(), Error> {
    if context.algorithms.permits(algorithm, &key) {
        return Ok(());
    }
    Err(if key.is_for(algorithm) {
        Policy::key_not_permitted(algorithm, &key).into()
    } else {
        Policy::key_algorithm(algorithm, &key).into()
    })
}
