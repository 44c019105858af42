//! Trying the keys that a trust store offers.

use core::ops::ControlFlow;

use super::{
    Attribution, Candidate, CandidateKey, IssuerBinding, KeyHint, KeyResolver, SignedBy, Thumbprint,
};
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
struct Tries {
    verified: Option<(Attribution, Algorithm)>,
    tried: usize,
    /// How many keys said no, and whether the message named one of them.
    invalid: usize,
    named_is_invalid: bool,
    /// What ends the search.
    ended: Option<Error>,
    /// Why a key could not be asked: the first one, and the first that the message named.
    unusable: Option<Error>,
    named_is_unusable: Option<Error>,
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
    fn run(
        &mut self,
        hint: &KeyHint<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        check: &mut Check<'_>,
    ) {
        keys.candidates(hint, context, &mut |candidate| {
            // A resolver that goes on after `Break` is not listened to.
            if !self.are_over() {
                self.consider(&candidate, hint, context, check);
            }
            if self.are_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    #[inline(never)] // What it copies is not on the stack while signatures are checked.
    fn signed_by(&self, signature: usize, notes: Notes) -> Result<SignedBy, Error> {
        let (attribution, algorithm) = self.conclude()?;
        Ok(SignedBy::new(*attribution, *algorithm, signature, notes))
    }

    const fn are_over(&self) -> bool {
        self.verified.is_some() || self.ended.is_some()
    }

    fn consider(
        &mut self,
        candidate: &Candidate<'_>,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        check: &mut Check<'_>,
    ) {
        let Some(issuer) = IssuerBinding::of(candidate.issuer, hint.issuer()) else { return };
        let profile = match &candidate.key {
            CandidateKey::Data(key) => key.profile(),
            CandidateKey::Hashed(key) => key.key().profile(),
            CandidateKey::Verifier(verifier) => verifier.profile(),
            CandidateKey::HashedVerifier(key) => key.verifier().profile(),
            CandidateKey::Unusable(error) => return self.cannot_use(candidate, *error),
        };
        let Some(algorithm) = hint.algorithm().or(profile.algorithm) else {
            return self.cannot_use(candidate, Policy::AlgorithmNotStated.into());
        };
        if let Err(error) = permitted(profile, algorithm, context) {
            return self.cannot_use(candidate, error);
        }
        if self.tried >= context.profile.limits.candidates {
            self.ended = Some(Limit::Candidates.into());
            return;
        }
        if let Err(spent) = context.spend_check() {
            self.ended = Some(spent);
            return;
        }
        self.tried = self.tried.saturating_add(1);
        match check_under(&candidate.key, algorithm, context, check) {
            Ok(thumbprint) => {
                let Candidate { identity, origin, notes, .. } = *candidate;
                let attribution = Attribution { identity, thumbprint, issuer, origin, notes };
                self.verified = Some((attribution, algorithm));
            }
            Err(Refusal::Verify(VerifyError::InvalidSignature)) => {
                self.invalid = self.invalid.saturating_add(1);
                self.named_is_invalid |= candidate.named;
            }
            Err(Refusal::Verify(VerifyError::Interrupted)) => {
                self.ended = Some(Verification::Interrupted.into());
            }
            Err(Refusal::Key(error)) => self.cannot_use(candidate, error),
            // RFC 9052 7: the fault is the key's, not the signature's.
            Err(Refusal::Verify(VerifyError::InvalidKey)) => {
                self.cannot_use(candidate, Error::malformed(Rule::KeyForm, 0));
            }
            Err(Refusal::Verify(_)) => {
                self.cannot_use(candidate, Unsupported::Algorithm(algorithm).into());
            }
        }
    }

    fn cannot_use(&mut self, candidate: &Candidate<'_>, error: Error) {
        self.unusable.get_or_insert(error);
        if candidate.named {
            self.named_is_unusable.get_or_insert(error);
        }
    }

    /// What a named key says outweighs the others: if it says no, the message is not what it claims
    /// to be, as far as anyone here can tell. Keys that answer to everything and say no outweigh
    /// those that could not be asked.
    fn conclude(&self) -> Result<&(Attribution, Algorithm), Error> {
        if let Some(verified) = &self.verified {
            Ok(verified)
        } else if let Some(error) = self.ended {
            Err(error)
        } else if self.named_is_invalid {
            Err(Verification::InvalidSignature { tried: self.invalid }.into())
        } else if let Some(error) = self.named_is_unusable {
            Err(error)
        } else {
            let not_enrolled = Policy::NotEnrolled { tried: self.invalid }.into();
            Err(self.unusable.filter(|_| self.invalid == 0).unwrap_or(not_enrolled))
        }
    }
}

enum Refusal {
    Verify(VerifyError),
    Key(Error),
}

/// Checks under `key`; of one that verifies, the thumbprint comes along where it can be computed.
fn check_under(
    key: &CandidateKey<'_>,
    algorithm: Algorithm,
    context: &Context<'_>,
    check: &mut Check<'_>,
) -> Result<Option<Thumbprint>, Refusal> {
    let mut outcome = Err(Refusal::Verify(VerifyError::Unsupported));
    // Hashing costs a device more than all that it reads of a message: it is done once.
    let known = match key {
        CandidateKey::Hashed(key) => Some(key.thumbprint()),
        CandidateKey::HashedVerifier(key) => Some(key.thumbprint()),
        _ => None,
    };
    let mut ask = |verifier: &dyn SignatureVerifier| {
        let verdict = check(verifier, algorithm).map_err(Refusal::Verify);
        outcome = verdict.map(|()| known.or_else(|| thumbprint(verifier, context)));
    };
    let key = match key {
        CandidateKey::Verifier(verifier) => {
            ask(*verifier);
            return outcome;
        }
        CandidateKey::HashedVerifier(key) => {
            ask(key.verifier());
            return outcome;
        }
        CandidateKey::Data(key) => key,
        CandidateKey::Hashed(key) => key.key(),
        CandidateKey::Unusable(error) => return Err(Refusal::Key(*error)),
    };
    match context.provider.with_verifier(key, &mut ask) {
        Ok(()) => outcome,
        Err(InvalidKey::Malformed) => Err(Refusal::Verify(VerifyError::InvalidKey)),
        Err(_) => Err(Refusal::Verify(VerifyError::Unsupported)),
    }
}

fn thumbprint(verifier: &dyn SignatureVerifier, context: &Context<'_>) -> Option<Thumbprint> {
    let mut thumbprint = None;
    verifier.with_public_key(&mut |key| thumbprint = Thumbprint::of(key, context.provider).ok());
    thumbprint
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
