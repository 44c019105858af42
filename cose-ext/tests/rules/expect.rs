//! What a test says of a refusal.

use cose_ext::{Error, Rule};

/// The refusal names this rule.
#[track_caller]
pub fn breaks<T>(rule: Rule, result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("accepted, against {} ({})", rule.id(), rule.holds()),
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
