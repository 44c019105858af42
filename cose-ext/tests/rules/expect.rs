//! What a test says of a refusal.

use cose_ext::error::{ErrorKind, Policy};
use cose_ext::{Error, Rule};

/// The refusal names this rule.
#[track_caller]
pub fn breaks<T>(rule: Rule, result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("accepted, against {} ({})", rule.id(), rule.holds()),
        Err(error) if is_wrong_under_an_unnamed_key(rule, &error) => error,
        Err(error) => {
            assert_eq!(error.rule(), Some(rule.to_ref()), "{error:?}");
            let text = error.to_string();
            assert!(text.contains(rule.id()) && text.contains(rule.clause()), "{text}");
            error
        }
    }
}

/// The refusal names this rule, and the byte.
#[track_caller]
pub fn breaks_at<T>(rule: Rule, offset: usize, result: Result<T, Error>) {
    let error = breaks(rule, result);
    assert_eq!(error.offset(), Some(offset), "{error:?}");
}

/// Most messages of these tests name no key. What is wrong under a key that nobody named says nothing
/// of the message, so the refusal counts the keys that said no in place of naming the rule of the
/// signature. `identity.rs` has the tests that tell the two apart.
fn is_wrong_under_an_unnamed_key(rule: Rule, error: &Error) -> bool {
    let of_signatures =
        [Rule::Signature, Rule::Countersignature, Rule::MacTag, Rule::DecryptedAfterTag];
    of_signatures.contains(&rule)
        && matches!(error.kind(), ErrorKind::Policy(Policy::NotEnrolled { tried: 1.. }))
}
