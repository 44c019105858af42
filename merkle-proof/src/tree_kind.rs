//! Which verifiable data structure a hash belongs to, as a type.

use core::fmt::Debug;

/// A kind of tree. Roots and tree heads carry it, so that the root of one kind of tree is never
/// compared with the root of another.
pub trait TreeKind: Copy + Debug + Eq + 'static {
    /// The name under which the kind is known, for messages.
    const NAME: &'static str;
}

/// The tree of RFC 9162 2.1 (the same as that of RFC 6962 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a type without values")]
pub enum Rfc9162Tree {}

impl TreeKind for Rfc9162Tree {
    const NAME: &'static str = "RFC9162";
}

/// The ledger of the Confidential Consortium Framework (draft-ietf-scitt-receipts-ccf-profile 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a type without values")]
pub enum CcfLedger {}

impl TreeKind for CcfLedger {
    const NAME: &'static str = "CCF_LEDGER";
}

/// The Merkle Mountain Range of draft-bryce-cose-receipts-mmr-profile. What a proof leads to is one
/// of its peaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a type without values")]
pub enum MountainRange {}

impl TreeKind for MountainRange {
    const NAME: &'static str = "MMR";
}
