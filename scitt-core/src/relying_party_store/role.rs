//! What a key may vouch for.

use core::fmt;

/// What a key of the store may vouch for. The roles are disjoint: a key has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Signed Statements.
    Statement,
    /// Receipts, and the heads of logs.
    Receipt,
    /// Firmware: manifests of SUIT.
    Firmware,
    /// Messages of TEEP.
    Teep,
    /// Evidence of attesters.
    Evidence,
    /// Attestation results of verifiers.
    Results,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] =
        [Self::Statement, Self::Receipt, Self::Firmware, Self::Teep, Self::Evidence, Self::Results];

    /// Returns the number that stands for the role in the store's data.
    pub(crate) const fn number(self) -> u64 {
        match self {
            Self::Statement => 1,
            Self::Receipt => 2,
            Self::Firmware => 3,
            Self::Teep => 4,
            Self::Evidence => 5,
            Self::Results => 6,
        }
    }

    pub(crate) fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.number() == number)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Statement => "statements",
            Self::Receipt => "receipts",
            Self::Firmware => "firmware",
            Self::Teep => "TEEP messages",
            Self::Evidence => "evidence",
            Self::Results => "attestation results",
        })
    }
}
