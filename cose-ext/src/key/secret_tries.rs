use core::ops::ControlFlow;

use super::{Identity, KeyHint, SecretResolver};
use crate::{
    Context, Error,
    crypto::{Algorithm, InvalidKey, KeyOperation, Secret, SecretError, VerifyError},
    error::{Limit, Policy, Unsupported, Verification},
};

/// What has been learnt from the secret keys that were tried, over all recipients of one message.
pub(crate) struct SecretTries {
    /// How many keys may be tried.
    limit: usize,
    opened: bool,
    tried: usize,
    invalid: usize,
    beyond_limit: bool,
    interrupted: bool,
    unusable: Option<Error>,
}

impl SecretTries {
    /// Nothing tried yet, and at most `limit` to come.
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            limit,
            opened: false,
            tried: 0,
            invalid: 0,
            beyond_limit: false,
            interrupted: false,
            unusable: None,
        }
    }

    /// Offers to `open` each key that `keys` has for `hint` and that may do `operation` with
    /// `algorithm`, until one opens the message.
    pub(crate) fn try_each(
        &mut self,
        hint: &KeyHint<'_>,
        (algorithm, operation): (Algorithm, KeyOperation),
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        open: &mut dyn FnMut(&dyn Secret, Identity) -> Result<(), Refused>,
    ) {
        keys.secrets(hint, &mut |candidate| {
            if self.is_over() {
                // The resolver was told, and goes on.
                return ControlFlow::Break(());
            }
            if let Err(error) = permitted(candidate.secret, algorithm, operation, context) {
                self.unusable.get_or_insert(error);
                return ControlFlow::Continue(());
            }
            if self.tried >= self.limit {
                self.beyond_limit = true;
                return ControlFlow::Break(());
            }
            self.tried = self.tried.saturating_add(1);
            match open(candidate.secret, candidate.identity) {
                Ok(()) => self.opened = true,
                Err(refused) => self.refuse(refused, algorithm),
            }
            if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    /// Notes what is wrong with a recipient that no key can mend.
    pub(crate) fn unusable(&mut self, error: Error) {
        self.unusable.get_or_insert(error);
    }

    pub(crate) const fn is_over(&self) -> bool {
        self.opened || self.beyond_limit || self.interrupted
    }

    fn refuse(&mut self, refused: Refused, algorithm: Algorithm) {
        match refused {
            Refused::Verify(VerifyError::InvalidSignature) => {
                self.invalid = self.invalid.saturating_add(1);
            }
            Refused::Verify(VerifyError::Interrupted) => self.interrupted = true,
            Refused::Verify(_) => {
                self.unusable(Error::from(Unsupported::Algorithm(algorithm)));
            }
            Refused::Error(error) => self.unusable(error),
        }
    }

    /// As for signatures: what was found wrong outweighs keys that could not be used.
    pub(crate) fn conclude(self, wrong: fn(usize) -> Verification) -> Result<(), Error> {
        if self.opened {
            Ok(())
        } else if self.interrupted {
            Err(Verification::Interrupted.into())
        } else if self.beyond_limit {
            Err(Limit::Candidates.into())
        } else if self.invalid > 0 {
            Err(wrong(self.invalid).into())
        } else {
            Err(self.unusable.unwrap_or(Error::from(Policy::NotEnrolled { tried: 0 })))
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

/// RFC 9053 4 and 6.2.1: a key for ciphers may wrap and one for key wrap may encrypt; 6.1.2 and 6.3.1:
/// a key that derives bits derives keys.
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
