//! What an audit found.

use core::fmt;

use super::AuditFault;
use crate::Error;

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryAudit {
    /// Its leaf index.
    pub index: u64,
    /// What was found.
    pub outcome: EntryOutcome,
}

/// See [`EntryAudit::outcome`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryOutcome {
    /// The signature is the issuer's, the policy lets the statement in, and it is not an entry a
    /// second time.
    Checked,
    /// The payload is withheld, so signature and decision were not checked. Its place in the log
    /// was.
    Withheld {
        /// Whether the header that is shown is the one that was logged: only where the entry does
        /// not bind the payload.
        header_is_bound: bool,
    },
    /// It should not be in the log, and why: a signature that is not valid, a second entry of one
    /// statement, or a decision that the policy in force does not allow.
    Faulty(Error),
}

/// What an audit found in all entries so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    pub(super) checked: u64,
    pub(super) withheld: u64,
    pub(super) faulty: u64,
    pub(super) first_withheld: Option<u64>,
    pub(super) first_fault: Option<AuditFault>,
}

impl AuditReport {
    pub(super) const fn new() -> Self {
        Self { checked: 0, withheld: 0, faulty: 0, first_withheld: None, first_fault: None }
    }

    pub(super) fn count(&mut self, index: u64, outcome: &EntryOutcome) {
        let counter = match outcome {
            EntryOutcome::Checked => &mut self.checked,
            EntryOutcome::Withheld { .. } => {
                self.first_withheld.get_or_insert(index);
                &mut self.withheld
            }
            EntryOutcome::Faulty(error) => {
                self.first_fault.get_or_insert(AuditFault::of(index, error));
                &mut self.faulty
            }
        };
        *counter = counter.saturating_add(1);
    }

    /// Returns how many entries were checked and are good.
    #[must_use]
    pub const fn checked(&self) -> u64 {
        self.checked
    }

    /// Returns of how many entries the payload was withheld, so that nobody checked their
    /// signatures.
    #[must_use]
    pub const fn withheld(&self) -> u64 {
        self.withheld
    }

    /// Returns how many entries should not be in the log.
    #[must_use]
    pub const fn faulty(&self) -> u64 {
        self.faulty
    }

    /// Returns the index of the first entry whose payload was withheld.
    #[must_use]
    pub const fn first_withheld(&self) -> Option<u64> {
        self.first_withheld
    }

    /// Returns the first entry that should not be in the log, and why.
    #[must_use]
    pub const fn first_fault(&self) -> Option<AuditFault> {
        self.first_fault
    }
}

impl fmt::Display for AuditReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries checked", self.checked)?;
        if let Some(first) = self.first_withheld {
            let withheld = self.withheld;
            write!(f, "; {withheld} without payload, so not checked, the first at {first}")?;
        }
        if let Some(fault) = self.first_fault {
            write!(f, "; {} faulty, the first at {fault}", self.faulty)?;
        }
        Ok(())
    }
}
