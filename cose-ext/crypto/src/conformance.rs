//! The suite that every provider has to pass, this library's and yours.
//!
//! [`run`] tries a [`SecretProvider`] on these cases, [`run_verification`] a [`Provider`] on those
//! that need no secret keys: known answers from the RFCs, parts
//! split anywhere, streams and prehashes, changed messages, signatures, tags, ciphertexts and keys,
//! keys that are none, buffers that are too short, other algorithms. It needs no heap and no test
//! framework, so it runs on a device too.
//!
//! ```
//! use cose_crypto::{Algorithm, Provider, conformance};
//!
//! fn passes(provider: &dyn Provider) -> bool {
//!     let required = [Algorithm::ES256, Algorithm::SHA256];
//!     let mut print = |failure: &conformance::Failure| println!("{failure}");
//!     conformance::run_verification(provider, &required, &mut print).is_ok()
//! }
//! ```

mod altered;
mod bytes;
mod hashes;
mod hex;
mod keys;
mod known_answers;
mod report;
mod secrets;
mod signatures;
mod streams;

pub use report::{Failure, Found, Report};

use hashes::KNOWN_DIGESTS;
use known_answers::KNOWN_ANSWERS;
use report::Run;

use crate::{Algorithm, InvalidKey, Provider, SecretProvider};

/// Tries `provider` on every case and calls `failed` with each one that fails.
///
/// What the provider does not do is skipped, unless it is among the `required` algorithms,
/// which it claims: signatures, hash functions, MACs, ciphers, key wrap and key transport,
/// `direct+HKDF` for the derivation of keys, ECDH without key wrap for the agreement on them, on
/// one curve at least.
pub fn run(
    provider: &dyn SecretProvider,
    required: &[Algorithm],
    failed: &mut dyn FnMut(&Failure),
) -> Report {
    let mut run = Run { report: Report::default(), failed };
    verification(&mut run, provider, required);
    secrets::all(&mut run, provider, required);
    run.knows(required, |algorithm| verifies(algorithm) || secrets::knows(algorithm));
    run.report
}

/// Tries `provider` on the cases of signatures and hash functions, for one that has no secret keys.
///
/// `required` and `failed` are those of [`run`]; a required algorithm of secret keys fails.
pub fn run_verification(
    provider: &dyn Provider,
    required: &[Algorithm],
    failed: &mut dyn FnMut(&Failure),
) -> Report {
    let mut run = Run { report: Report::default(), failed };
    verification(&mut run, provider, required);
    run.knows(required, verifies);
    run.report
}

fn verification(run: &mut Run<'_>, provider: &dyn Provider, required: &[Algorithm]) {
    for answer in KNOWN_ANSWERS {
        let mut calls = 0_usize;
        let parsed = provider.with_verifier(&answer.key, &mut |verifier| {
            calls = calls.saturating_add(1);
            signatures::verifier(run, provider, verifier, answer);
        });
        // Requiring EdDSA runs the cases of Ed25519; whoever needs Ed448 requires Ed448.
        let is_of_another = |kin| KNOWN_ANSWERS.iter().any(|known| known.algorithm == kin);
        let is_required = required.contains(&answer.algorithm)
            || answer.kin.is_some_and(|kin| required.contains(&kin) && !is_of_another(kin));
        let holds = match parsed {
            Ok(()) => calls == 1,
            Err(InvalidKey::Unsupported) => calls == 0 && !is_required,
            Err(_) => false,
        };
        run.check(answer.algorithm, "the key is one", calls, holds, Found::Key(parsed));
        if parsed.is_ok() {
            keys::malformed(run, provider, answer);
            keys::changed(run, provider, answer);
            run.report.algorithms = run.report.algorithms.saturating_add(1);
        }
    }
    keys::foreign(run, provider);
    for known in KNOWN_DIGESTS {
        let found = provider.hash_function(known.algorithm);
        if let Some(function) = found {
            hashes::function(run, function, known);
            run.report.algorithms = run.report.algorithms.saturating_add(1);
        } else {
            let holds = !required.contains(&known.algorithm);
            run.check(known.algorithm, "the hash function is there", 0, holds, Found::Digest(None));
        }
    }
}

/// Whether the suite has a case of signatures or hash functions for `algorithm`.
fn verifies(algorithm: Algorithm) -> bool {
    let answers = KNOWN_ANSWERS.iter().flat_map(|known| [Some(known.algorithm), known.kin]);
    let digests = KNOWN_DIGESTS.iter().map(|known| known.algorithm);
    answers.flatten().chain(digests).any(|known| known == algorithm)
}
