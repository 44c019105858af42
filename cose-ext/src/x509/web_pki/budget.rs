//! The budget of one search for a path.

use core::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use crate::{Limits, Work, error::StatedPurposes};

/// What one search for a path may still cost, over all anchors, and whether a signature could not
/// be evaluated.
///
/// Loads and stores alone, which every target has. Nothing here runs on two threads: the atomics
/// are for a bound of a trait.
pub(super) struct Budget<'w> {
    /// The meter of the call, which pays for each signature as well.
    work: Option<&'w Work>,
    signatures: AtomicUsize,
    steps: AtomicUsize,
    is_spent: AtomicBool,
    met_unsupported: AtomicBool,
    /// The purposes of the certificate that was refused last.
    stated_purposes: AtomicU8,
}

impl<'w> Budget<'w> {
    pub(super) const fn new(limits: &Limits, work: Option<&'w Work>) -> Self {
        Self {
            work,
            signatures: AtomicUsize::new(limits.path_signatures),
            steps: AtomicUsize::new(limits.path_steps),
            is_spent: AtomicBool::new(false),
            met_unsupported: AtomicBool::new(false),
            stated_purposes: AtomicU8::new(0),
        }
    }

    /// Whether one more signature may be checked.
    pub(super) fn spend_signature(&self) -> bool {
        if self.work.is_some_and(|work| work.spend_check().is_err()) {
            self.is_spent.store(true, Ordering::Relaxed);
        }
        !self.is_spent() && self.spend(&self.signatures)
    }

    /// Whether one more certificate may be put onto a path.
    pub(super) fn spend_step(&self) -> bool {
        !self.is_spent() && self.spend(&self.steps)
    }

    fn spend(&self, left: &AtomicUsize) -> bool {
        match left.load(Ordering::Relaxed).checked_sub(1) {
            Some(less) => left.store(less, Ordering::Relaxed),
            None => self.is_spent.store(true, Ordering::Relaxed),
        }
        !self.is_spent()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.load(Ordering::Relaxed)
    }

    pub(super) fn meet_unsupported(&self) {
        self.met_unsupported.store(true, Ordering::Relaxed);
    }

    /// Remembers what the certificate that is refused is for.
    pub(super) fn refuse_purposes(&self, stated: StatedPurposes) {
        self.stated_purposes.store(stated.bits(), Ordering::Relaxed);
    }

    pub(super) fn stated_purposes(&self) -> StatedPurposes {
        StatedPurposes::from_bits(self.stated_purposes.load(Ordering::Relaxed))
    }

    pub(super) fn met_unsupported(&self) -> bool {
        self.met_unsupported.load(Ordering::Relaxed)
    }
}
