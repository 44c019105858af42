//! The provider passes the suite for what it has, and the suite says what it has not.

use cose_crypto::{
    Algorithm,
    conformance::{Failure, run_verification},
};
use provider_from_outside::Device;

fn failures(required: &[Algorithm]) -> Vec<String> {
    let mut failures = Vec::new();
    let mut note = |failure: &Failure| failures.push(failure.to_string());
    let report = run_verification(&Device, required, &mut note);
    assert!(report.cases > 100 && report.algorithms == 2, "{report}");
    failures
}

#[test]
fn a_provider_from_outside_passes_for_what_it_has() {
    let has = [Algorithm::ES256, Algorithm::ESP256, Algorithm::SHA256];
    assert_eq!(failures(&has), Vec::<String>::new());
}

#[test]
fn what_it_has_not_is_told() {
    let failed = failures(&[Algorithm::EDDSA, Algorithm::SHA512, Algorithm::HMAC_256]);
    assert_eq!(
        failed,
        [
            "EdDSA: the key is one (0), found Key(Err(Unsupported))",
            "SHA-512: the hash function is there (0), found Digest(None)",
            "HMAC 256/256: the suite knows what is required (0), found Algorithm(HMAC 256/256)",
        ]
    );
}
