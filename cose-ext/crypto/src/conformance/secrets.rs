//! The operations of secret keys: MACs, encryption, key wrap and key transport, derivation and
//! agreement.

mod aeads;
mod agreements;
mod ciphers;
mod derivations;
mod key_transport;
mod key_wraps;
mod known;
mod macs;

use super::report::{Found, Run};
use crate::{Algorithm, InvalidKey, Operation, SecretProvider};

/// What stands in a buffer before a provider writes to it.
const BEFORE: u8 = 0xa5;

/// Algorithms that no secret key of the suite is for.
const OTHERS: [Algorithm; 4] =
    [Algorithm::ES256, Algorithm::SHA256, Algorithm::DIRECT, Algorithm::new(i64::MIN)];

/// Everything that the secret keys of `provider` have to get right.
pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    macs::all(run, provider, required);
    aeads::all(run, provider, required);
    ciphers::all(run, provider, required);
    key_wraps::all(run, provider, required);
    key_transport::all(run, provider, required);
    derivations::all(run, provider, required);
    agreements::all(run, provider, required);
}

/// Whether the suite has a case for `algorithm`.
pub(super) fn knows(algorithm: Algorithm) -> bool {
    match algorithm.operation() {
        Some(Operation::Mac) => known::KNOWN_TAGS.iter().any(|known| known.algorithm == algorithm),
        Some(Operation::Aead) => {
            known::KNOWN_CIPHERTEXTS.iter().any(|known| known.algorithm == algorithm)
        }
        Some(Operation::UnauthenticatedCipher) => {
            known::KNOWN_UNAUTHENTICATED.iter().any(|known| known.algorithm == algorithm)
        }
        Some(Operation::KeyWrap) => known::KNOWN_WRAPPED_KEYS
            .iter()
            .map(|known| known.algorithm)
            .chain(known::KNOWN_TRANSPORTED_KEYS.iter().map(|(known, _)| *known))
            .any(|known| known == algorithm),
        Some(Operation::DirectWithKdf(_)) => {
            known::KNOWN_DERIVED_KEYS.iter().any(|known| known.algorithm == algorithm)
        }
        Some(Operation::KeyAgreement(hkdf, _)) => agreements::KDFS.contains(&hkdf),
        _ => false,
    }
}

/// How a provider took a key that is one.
struct Taken {
    given: Result<(), InvalidKey>,
    calls: usize,
    /// Whether it does the algorithm with it.
    does: bool,
}

impl Taken {
    const NOT_YET: Self = Self { given: Err(InvalidKey::Unsupported), calls: 0, does: false };

    fn called(&mut self) {
        self.calls = self.calls.saturating_add(1);
    }

    /// A key is handed over once or not at all, and an algorithm that is required is there.
    fn check(&self, run: &mut Run<'_>, algorithm: Algorithm, required: &[Algorithm]) {
        let holds = match self.given {
            Ok(()) => self.calls == 1,
            Err(InvalidKey::Unsupported) => self.calls == 0,
            Err(_) => false,
        };
        run.check(algorithm, "the key is one", self.calls, holds, Found::Key(self.given));
        let holds = self.does || !required.contains(&algorithm);
        run.check(algorithm, "what is required is there", 0, holds, Found::Key(self.given));
        if self.does {
            run.report.algorithms = run.report.algorithms.saturating_add(1);
        }
    }
}

/// Whether `buffer` starts with `expected`, and nothing was written behind it.
fn is_written(buffer: &[u8], expected: &[u8]) -> bool {
    buffer.strip_prefix(expected).is_some_and(|rest| rest.iter().all(|byte| *byte == BEFORE))
}

/// Whether nothing was released to `buffer`: each byte is what was there, zero, or of the input.
fn is_wiped(buffer: &[u8], input: &[u8]) -> bool {
    let mut input = input.iter();
    buffer.iter().all(|byte| {
        let same = input.next() == Some(byte);
        same || *byte == BEFORE || *byte == 0
    })
}
