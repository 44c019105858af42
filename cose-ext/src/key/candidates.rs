use core::ops::ControlFlow;

use super::{Candidate, Identity, KeyHint, KeyResolver};
use crate::{
    Context, Error,
    crypto::{Algorithm, SignatureVerifier, VerifyError},
    error::{KeyFault, Limit, Policy, Unsupported, Verification},
};

/// What has been learnt from the candidates so far.
#[derive(Default)]
struct Tries {
    verified: Option<Identity>,
    tried: usize,
    invalid: usize,
    beyond_limit: bool,
    interrupted: bool,
    unusable: Option<Error>,
}

/// Tries the keys that `keys` offers until one passes `check`; the identity is of that one.
pub(crate) fn try_candidates(
    hint: &KeyHint<'_>,
    keys: &dyn KeyResolver,
    context: &Context<'_>,
    check: &mut dyn FnMut(&dyn SignatureVerifier, Algorithm) -> Result<(), VerifyError>,
) -> Result<Identity, Error> {
    let mut tries = Tries::default();
    keys.candidates(hint, &mut |candidate| {
        if tries.are_over() {
            // The resolver was told, and goes on.
            return ControlFlow::Break(());
        }
        let (verifier, identity) = match candidate {
            Candidate::Key { verifier, identity } => (verifier, identity),
            Candidate::Unusable(error) => {
                tries.unusable.get_or_insert(error);
                return ControlFlow::Continue(());
            }
        };
        if let Err(error) = permitted(verifier, hint.algorithm(), context) {
            tries.unusable.get_or_insert(error);
            return ControlFlow::Continue(());
        }
        if tries.tried >= context.profile.limits.candidates {
            tries.beyond_limit = true;
            return ControlFlow::Break(());
        }
        tries.tried = tries.tried.saturating_add(1);
        match check(verifier, hint.algorithm()) {
            Ok(()) => {
                tries.verified = Some(identity);
                return ControlFlow::Break(());
            }
            Err(VerifyError::InvalidSignature) => {
                tries.invalid = tries.invalid.saturating_add(1);
            }
            Err(VerifyError::Interrupted) => {
                tries.interrupted = true;
                return ControlFlow::Break(());
            }
            // RFC 9052 7: the fault is the key's, not the signature's.
            Err(VerifyError::InvalidKey) => {
                let fault = KeyFault::not_of_its_type(&verifier.profile());
                tries.unusable.get_or_insert(fault.into());
            }
            Err(_) => {
                let error = Error::from(Unsupported::Algorithm(hint.algorithm()));
                tries.unusable.get_or_insert(error);
            }
        }
        ControlFlow::Continue(())
    });
    tries.conclude()
}

fn permitted(
    verifier: &dyn SignatureVerifier,
    algorithm: Algorithm,
    context: &Context<'_>,
) -> Result<(), Error> {
    let key = verifier.profile();
    if context.algorithms.permits(algorithm, &key) {
        return Ok(());
    }
    Err(if key.is_for(algorithm) {
        Policy::key_not_permitted(algorithm, &key)
    } else {
        Policy::key_algorithm(algorithm, &key)
    }
    .into())
}

impl Tries {
    const fn are_over(&self) -> bool {
        self.verified.is_some() || self.beyond_limit || self.interrupted
    }

    /// A signature that was found wrong outweighs keys that could not be used: the message is then
    /// not what it claims to be, as far as anyone here can tell.
    fn conclude(self) -> Result<Identity, Error> {
        if let Some(identity) = self.verified {
            Ok(identity)
        } else if self.interrupted {
            Err(Verification::Interrupted.into())
        } else if self.beyond_limit {
            Err(Limit::Candidates.into())
        } else if self.invalid > 0 {
            Err(Verification::InvalidSignature { tried: self.invalid }.into())
        } else {
            Err(self.unusable.unwrap_or(Error::from(Policy::NotEnrolled { tried: 0 })))
        }
    }
}
