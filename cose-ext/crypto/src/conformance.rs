//! The suite that every provider has to pass, this library's and yours.
//!
//! [`run`] tries a [`Provider`] on these cases: known answers from the RFCs, parts
//! split anywhere, streams and prehashes, changed messages, signatures, tags, ciphertexts and keys,
//! keys that are none, buffers that are too short, other algorithms. It needs no heap and no test
//! framework, so it runs on a device too.
//!
//! ```
//! use cose_crypto::{Algorithm, Provider, conformance};
//!
//! fn passes(provider: &dyn Provider) -> bool {
//!     let required = [Algorithm::ES256, Algorithm::SHA256];
//!     conformance::run(provider, &required, &mut |failure| println!("{failure}")).is_ok()
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

use crate::{Algorithm, InvalidKey, Provider};

/// Tries `provider` on every case and calls `failed` with each one that fails.
///
/// What the provider does not do is passed over, unless it is among the `required` algorithms, which
/// it claims: signatures, hash functions, MACs, ciphers, key wrap and key transport, `direct+HKDF` for
/// the derivation of keys, ECDH without key wrap for the agreement on them, on one curve at least.
pub fn run(
    provider: &dyn Provider,
    required: &[Algorithm],
    failed: &mut dyn FnMut(&Failure),
) -> Report {
    let mut run = Run { report: Report::default(), failed };
    for answer in KNOWN_ANSWERS {
        let mut calls = 0_usize;
        let parsed = provider.with_verifier(&answer.key, &mut |verifier| {
            calls = calls.saturating_add(1);
            signatures::verifier(&mut run, provider, verifier, answer);
        });
        // EdDSA asks for Ed25519; who needs Ed448 says so.
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
            keys::malformed(&mut run, provider, answer);
            keys::changed(&mut run, provider, answer);
            run.report.algorithms = run.report.algorithms.saturating_add(1);
        }
    }
    keys::foreign(&mut run, provider);
    for known in KNOWN_DIGESTS {
        let found = provider.hash_function(known.algorithm);
        if let Some(function) = found {
            hashes::function(&mut run, function, known);
            run.report.algorithms = run.report.algorithms.saturating_add(1);
        } else {
            let holds = !required.contains(&known.algorithm);
            run.check(known.algorithm, "the hash function is there", 0, holds, Found::Digest(None));
        }
    }
    secrets::all(&mut run, provider, required);
    // A required algorithm that no case tries would look as if it had passed.
    let answers = KNOWN_ANSWERS.iter().flat_map(|known| [Some(known.algorithm), known.kin]);
    let tried = |algorithm: Algorithm| {
        answers
            .clone()
            .flatten()
            .chain(KNOWN_DIGESTS.iter().map(|known| known.algorithm))
            .any(|known| known == algorithm)
            || secrets::knows(algorithm)
    };
    for algorithm in required {
        let name = "the suite knows what is required";
        run.check(*algorithm, name, 0, tried(*algorithm), Found::Algorithm(*algorithm));
    }
    run.report
}
