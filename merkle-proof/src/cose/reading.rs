//! How receipts are read where the specifications leave room.

use cose_ext::{Processed, header::Vds};

use super::Limits;

/// How receipts are read where the specifications leave room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct ReceiptReading<'r> {
    ccf_ledger: bool,
    mmr: bool,
    pub(super) attached_root: AttachedRoot,
    pub(super) empty_path: EmptyPath,
    pub(super) processed: Processed<'r>,
    pub(super) limits: Limits,
}

/// What a payload in a receipt of an RFC 9162 tree means. RFC 9942 5.2.1 says the root SHOULD be
/// detached, its CDDL allows both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttachedRoot {
    /// The receipt is refused.
    Refused,
    /// It is accepted when it equals the root that the proof leads to.
    AcceptedWhenEqual,
}

/// What an inclusion proof without path elements means. The first receipt of any log has one, the
/// CDDL of RFC 9942 5.2 draws at least one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyPath {
    /// It is followed: the leaf is the root.
    Accepted,
    /// The receipt is refused.
    Refused,
}

impl ReceiptReading<'static> {
    /// Structures that IANA lists, detached roots, empty paths followed, default limits.
    pub const DEFAULT: Self = Self {
        ccf_ledger: false,
        mmr: false,
        attached_root: AttachedRoot::Refused,
        empty_path: EmptyPath::Accepted,
        processed: Processed::NOTHING,
        limits: Limits::DEFAULT,
    };
}

impl<'r> ReceiptReading<'r> {
    /// Accepts receipts of CCF ledgers (vds 2) too: a number that a draft requests and IANA does
    /// not list yet.
    pub const fn with_ccf_ledger(mut self) -> Self {
        self.ccf_ledger = true;
        self
    }

    /// Accepts receipts of Merkle Mountain Ranges (vds 3) too: a number that an individual draft
    /// requests and IANA does not list.
    pub const fn with_mmr(mut self) -> Self {
        self.mmr = true;
        self
    }

    /// Sets how roots that are attached to a receipt are treated.
    pub const fn with_attached_root(mut self, attached_root: AttachedRoot) -> Self {
        self.attached_root = attached_root;
        self
    }

    /// Sets how empty paths are treated.
    pub const fn with_empty_path(mut self, empty_path: EmptyPath) -> Self {
        self.empty_path = empty_path;
        self
    }

    /// Sets which header parameters of the receipt the caller processes, so that `crit` may name
    /// them. `vds` is processed in any case.
    pub const fn with_processed(mut self, processed: Processed<'r>) -> Self {
        self.processed = processed;
        self
    }

    /// Sets how much of a receipt is followed.
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns whether receipts of this structure are read.
    #[must_use]
    pub fn accepts(&self, vds: Vds) -> bool {
        match vds {
            Vds::RFC9162_SHA256 => true,
            Vds::CCF_LEDGER_SHA256 => self.ccf_ledger,
            Vds::MMR_SHA256 => self.mmr,
            _ => false,
        }
    }
}

impl Default for ReceiptReading<'static> {
    fn default() -> Self {
        Self::DEFAULT
    }
}
