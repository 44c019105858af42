//! The meter that bounds the work of one call.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::{Error, Limits, error::Limit};

/// Counts the work of one call, over everything that the call leads to: signatures that are
/// checked, bytes that are hashed, and items that are compared.
///
/// Limits of single things multiply: receipts by proofs by keys. So whoever checks, hashes or
/// compares spends from this meter where it happens, whatever the outcome, and the call ends with
/// [`Limit`] when it has spent what it may.
///
/// # State, invariant, cost
///
/// Three counters that only grow. `checks` never passes [`Limits::signature_checks`]; `hashed`
/// never passes (`checks` + 3) times the bytes of the input, so that each key that is tried may
/// hash the message once, and what belongs to no key three times; `compared` never passes a fixed
/// multiple of the input. What a primitive hashes inside itself and what a verifier's own trust
/// store hashes are not counted: the first is one check, the second does not depend on the message.
/// A spend is a load and a store, which is all that the smallest targets (thumbv6m) have; two
/// threads that spend from one meter at once may lose a count, so a meter belongs to one call.
///
/// ```
/// use cose_ext::{Limits, Work};
///
/// // One budget for several calls: give it to each by `Context::with_work`.
/// let work = Work::new(&Limits::DEFAULT.with_signature_checks(2), 1000);
/// assert!(work.spend_check().is_ok() && work.spend_check().is_ok());
/// assert!(work.spend_check().is_err());
/// assert_eq!(work.checks(), 2);
/// ```
#[derive(Debug)]
pub struct Work {
    input: usize,
    signature_checks: usize,
    checks: AtomicUsize,
    hashed: AtomicUsize,
    compared: AtomicUsize,
}

/// Passes over the input that may hash it although no signature is checked: the digest of a
/// statement's entry, of its payload, and of a certificate.
const HASHED_BESIDE_CHECKS: usize = 3;

/// Items that may be compared for each byte of the input, which itself holds at most one item a
/// byte: a claim is compared with its twin, and looked for once.
const COMPARED_FOR_EACH_BYTE: usize = 8;

/// What may be hashed and compared for the smallest input.
const LEAST_INPUT: usize = 1024;

impl Work {
    /// Begins a meter for an input of `input` bytes: the message and its detached payload.
    #[must_use]
    pub const fn new(limits: &Limits, input: usize) -> Self {
        Self {
            input: if input < LEAST_INPUT { LEAST_INPUT } else { input },
            signature_checks: limits.signature_checks,
            checks: AtomicUsize::new(0),
            hashed: AtomicUsize::new(0),
            compared: AtomicUsize::new(0),
        }
    }

    /// Spends one check of a signature or tag.
    ///
    /// # Errors
    ///
    /// [`Limit::SignatureChecks`] if as many were made as may be.
    pub fn spend_check(&self) -> Result<(), Error> {
        spend(&self.checks, 1, self.signature_checks, Limit::SignatureChecks)
    }

    /// Spends the hashing of `bytes` bytes.
    ///
    /// # Errors
    ///
    /// [`Limit::HashedBytes`] if that is more than the input and the checks made so far allow.
    pub fn spend_hashed(&self, bytes: usize) -> Result<(), Error> {
        let passes = self.checks().saturating_add(HASHED_BESIDE_CHECKS);
        spend(&self.hashed, bytes, self.input.saturating_mul(passes), Limit::HashedBytes)
    }

    /// Spends the comparison of `items` data items.
    ///
    /// # Errors
    ///
    /// [`Limit::ComparedItems`] if that is more than a fixed multiple of the input.
    pub fn spend_compared(&self, items: usize) -> Result<(), Error> {
        let most = self.input.saturating_mul(COMPARED_FOR_EACH_BYTE);
        spend(&self.compared, items, most, Limit::ComparedItems)
    }

    /// Returns how many signatures and tags were checked.
    pub fn checks(&self) -> usize {
        self.checks.load(Ordering::Relaxed)
    }

    /// Returns how many bytes were hashed.
    pub fn hashed(&self) -> usize {
        self.hashed.load(Ordering::Relaxed)
    }

    /// Returns how many items were compared.
    pub fn compared(&self) -> usize {
        self.compared.load(Ordering::Relaxed)
    }
}

fn spend(spent: &AtomicUsize, more: usize, most: usize, limit: Limit) -> Result<(), Error> {
    let sum = spent.load(Ordering::Relaxed).saturating_add(more);
    if sum > most {
        return Err(limit.into());
    }
    spent.store(sum, Ordering::Relaxed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits::DEFAULT.with_signature_checks(2);

    #[test]
    fn checks_end_at_their_limit_and_stay_ended() {
        let work = Work::new(&LIMITS, 0);
        assert_eq!(work.spend_check(), Ok(()));
        assert_eq!(work.spend_check(), Ok(()));
        assert_eq!(work.spend_check(), Err(Limit::SignatureChecks.into()));
        assert_eq!(work.checks(), 2);
    }

    #[test]
    fn each_check_pays_for_one_more_pass_over_the_input() {
        let work = Work::new(&LIMITS, 10_000);
        assert_eq!(work.spend_hashed(30_000), Ok(()));
        assert_eq!(work.spend_hashed(1), Err(Limit::HashedBytes.into()));
        work.spend_check().unwrap();
        assert_eq!(work.spend_hashed(10_000), Ok(()));
        assert_eq!(work.spend_hashed(1), Err(Limit::HashedBytes.into()));
        assert_eq!(work.hashed(), 40_000);
    }

    #[test]
    fn comparisons_are_linear_in_the_input() {
        let work = Work::new(&LIMITS, 10_000);
        assert_eq!(work.spend_compared(80_000), Ok(()));
        assert_eq!(work.spend_compared(1), Err(Limit::ComparedItems.into()));
        assert_eq!(Work::new(&LIMITS, usize::MAX).spend_compared(usize::MAX), Ok(()));
    }
}
