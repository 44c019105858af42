//! The fault that an audit names.

use core::fmt;

use spec_rules::RuleRef;

use crate::{Error, Verdict};

/// An entry that should not be in the log, and why, as far as a report keeps it:
/// [`EntryOutcome::Faulty`](super::EntryOutcome::Faulty) has the whole error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditFault {
    index: u64,
    verdict: Verdict,
    rule: Option<RuleRef>,
}

impl AuditFault {
    pub(super) const fn new(index: u64, verdict: Verdict, rule: Option<RuleRef>) -> Self {
        Self { index, verdict, rule }
    }

    pub(super) const fn of(index: u64, error: &Error) -> Self {
        Self::new(index, error.verdict(), error.rule())
    }

    /// Returns the leaf index of the entry.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Returns which of the verdicts it is.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the rule that the entry breaks; `None` where something is not supported here.
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        self.rule
    }
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.index, self.verdict)?;
        match self.rule {
            Some(rule) => write!(f, ": {} ({rule})", rule.broken),
            None => Ok(()),
        }
    }
}
