//! The suite's failures as text.

use cose_crypto::{Algorithm, SecretProvider, conformance::run};

/// Runs the suite and returns every failure of `provider`, in words.
pub(crate) fn failures(provider: &dyn SecretProvider, required: &[Algorithm]) -> Vec<String> {
    let mut failures = Vec::new();
    let report = run(provider, required, &mut |failure| failures.push(failure.to_string()));
    assert_eq!(report.failures, failures.len());
    assert_eq!(report.is_ok(), failures.is_empty());
    failures
}
