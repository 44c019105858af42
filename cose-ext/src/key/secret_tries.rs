//! Trying the secret keys that are held.

use core::ops::ControlFlow;

use super::{Attribution, IssuerBinding, KeyHint, KeyOrigin, SecretCandidate, SecretResolver};
use crate::{
    Context, Error, Notes,
    crypto::{Algorithm, InvalidKey, KeyOperation, Secret, SecretError, VerifyError},
    error::{Limit, Policy, Unsupported, Verification},
};

/// What has been learnt from the secret keys that were tried, over all recipients of one message.
///
/// # State, invariant, cost
///
/// As for signatures: at most `limit` keys are tried over all recipients, each of which costs one
/// check of the meter; a key that the message named and that opens nothing makes the message
/// broken.
pub(crate) struct SecretTries {
    /// How many keys may be tried.
    limit: usize,
    opened: bool,
    tried: usize,
    /// How many keys said no, and whether the message named one of them.
    invalid: usize,
    named_is_invalid: bool,
    /// What ends the search.
    ended: Option<Error>,
    /// Why a key could not be used: the first one, and the first that the message named.
    unusable: Option<Error>,
    named_is_unusable: Option<Error>,
}

/// Opens the message with one key, by this algorithm.
type Open<'o> = dyn FnMut(&SecretCandidate<'_>, Attribution, Algorithm) -> Result<(), Refused> + 'o;

impl SecretTries {
    /// Nothing tried yet, and at most `limit` to come.
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            limit,
            opened: false,
            tried: 0,
            invalid: 0,
            named_is_invalid: false,
            ended: None,
            unusable: None,
            named_is_unusable: None,
        }
    }

    /// Offers to `open` each key that `keys` has for `hint` and that may do the operation with the
    /// algorithm of `usage`, or with the one that the key states, until one opens the message.
    pub(crate) fn try_each(
        &mut self,
        hint: &KeyHint<'_>,
        usage: (Option<Algorithm>, KeyOperation),
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        open: &mut Open<'_>,
    ) {
        keys.secrets(hint, &mut |candidate| {
            // A resolver that goes on after `Break` is not listened to.
            if !self.is_over() {
                self.consider(&candidate, hint, usage, context, open);
            }
            if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    fn consider(
        &mut self,
        candidate: &SecretCandidate<'_>,
        hint: &KeyHint<'_>,
        (algorithm, operation): (Option<Algorithm>, KeyOperation),
        context: &Context<'_>,
        open: &mut Open<'_>,
    ) {
        let Some(issuer) = IssuerBinding::of(candidate.issuer, hint.issuer()) else { return };
        let Some(algorithm) = algorithm.or(candidate.secret.profile().algorithm) else {
            return self.cannot_use(candidate, Policy::AlgorithmNotStated.into());
        };
        if let Err(error) = permitted(candidate.secret, algorithm, operation, context) {
            return self.cannot_use(candidate, error);
        }
        if self.tried >= self.limit {
            self.ended = Some(Limit::Candidates.into());
            return;
        }
        if let Err(spent) = context.spend_check() {
            self.ended = Some(spent);
            return;
        }
        self.tried = self.tried.saturating_add(1);
        let (identity, origin) = (candidate.identity, KeyOrigin::Enrolled);
        let notes = Notes::NOTHING;
        let attribution = Attribution { identity, thumbprint: None, issuer, origin, notes };
        match open(candidate, attribution, algorithm) {
            Ok(()) => self.opened = true,
            Err(Refused::Verify(VerifyError::InvalidSignature)) => {
                self.invalid = self.invalid.saturating_add(1);
                self.named_is_invalid |= candidate.named;
            }
            Err(Refused::Verify(VerifyError::Interrupted)) => {
                self.ended = Some(Verification::Interrupted.into());
            }
            Err(Refused::Verify(_)) => {
                self.cannot_use(candidate, Unsupported::Algorithm(algorithm).into());
            }
            Err(Refused::Error(error)) => self.cannot_use(candidate, error),
        }
    }

    fn cannot_use(&mut self, candidate: &SecretCandidate<'_>, error: Error) {
        self.unusable.get_or_insert(error);
        if candidate.named {
            self.named_is_unusable.get_or_insert(error);
        }
    }

    /// Notes what is wrong with a recipient that no key can mend.
    pub(crate) fn unusable(&mut self, error: Error) {
        self.unusable.get_or_insert(error);
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.opened || self.ended.is_some()
    }

    /// As for signatures: what a named key says outweighs the others, and keys that say no outweigh
    /// those that could not be asked.
    pub(crate) fn conclude(self, wrong: fn(usize) -> Verification) -> Result<(), Error> {
        if self.opened {
            Ok(())
        } else if let Some(error) = self.ended {
            Err(error)
        } else if self.named_is_invalid {
            Err(wrong(self.invalid).into())
        } else if let Some(error) = self.named_is_unusable {
            Err(error)
        } else {
            let not_enrolled = Policy::NotEnrolled { tried: self.invalid }.into();
            Err(self.unusable.filter(|_| self.invalid == 0).unwrap_or(not_enrolled))
        }
    }
}

/// Why one key did not open the message.
pub(crate) enum Refused {
    Verify(VerifyError),
    Error(Error),
}

impl From<VerifyError> for Refused {
    fn from(error: VerifyError) -> Self {
        Self::Verify(error)
    }
}

/// A key that the provider cannot set up opens nothing.
impl From<InvalidKey> for Refused {
    fn from(error: InvalidKey) -> Self {
        match error {
            InvalidKey::Malformed => Self::Error(Error::from(SecretError::Malformed)),
            _ => Self::Verify(VerifyError::Unsupported),
        }
    }
}

impl From<SecretError> for Refused {
    fn from(error: SecretError) -> Self {
        Self::Error(Error::from(error))
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn permitted(
    secret: &dyn Secret,
    algorithm: Algorithm,
    operation: KeyOperation,
    context: &Context<'_>,
) -> Result<(), Error> {
    let key = secret.profile();
    if !context.algorithms.permits(algorithm, &key) {
        let stated = key.algorithm.is_none_or(|stated| stated == algorithm);
        return Err(if stated {
            Policy::key_not_permitted(algorithm, &key)
        } else {
            Policy::key_algorithm(algorithm, &key)
        }
        .into());
    }
    check_operation(secret, operation)
}

/// Refuses a key for what its owner did not mean it for: another algorithm than it states, or an
/// operation that it does not have (RFC 9052 7.1). Who makes messages keeps to it as well.
pub(crate) fn check_use(
    secret: &dyn Secret,
    algorithm: Algorithm,
    operation: KeyOperation,
) -> Result<(), Error> {
    let key = secret.profile();
    if key.algorithm.is_some_and(|stated| stated != algorithm) {
        return Err(Policy::key_algorithm(algorithm, &key).into());
    }
    check_operation(secret, operation)
}

/// RFC 9053 4 and 6.2.1: a key for ciphers may wrap and one for key wrap may encrypt; 6.1.2 and
/// 6.3.1: a key that derives bits derives keys.
fn check_operation(secret: &dyn Secret, operation: KeyOperation) -> Result<(), Error> {
    let operations = secret.operations();
    let other = match operation {
        KeyOperation::Encrypt => KeyOperation::WrapKey,
        KeyOperation::Decrypt => KeyOperation::UnwrapKey,
        KeyOperation::WrapKey => KeyOperation::Encrypt,
        KeyOperation::UnwrapKey => KeyOperation::Decrypt,
        KeyOperation::DeriveKey => KeyOperation::DeriveBits,
        same => same,
    };
    if operations.permit(operation) || operations.permit(other) {
        Ok(())
    } else {
        Err(Policy::KeyOperations.into())
    }
}
