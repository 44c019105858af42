//! The steps of the device.

use core::fmt;

/// The steps in which a device verifies an envelope, in their order (docs/transparent-suit.md 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Step {
    /// The form of the block (typ, content type, algorithm, `crit`), the signature by a firmware
    /// key, the digest of the manifest; and that no second block by the same key stands beside it.
    Authenticity,
    /// The claims `suit-sequence`, `sub` and `iss` of the block, compared with the manifest and the
    /// device.
    Claims,
    /// The receipts of this very block: how many services logged it.
    Receipts,
    /// The order of sequence numbers: not before the number that the device has stored.
    SequenceNumber,
}

impl Step {
    /// Returns the number of the step.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Authenticity => 1,
            Self::Claims => 2,
            Self::Receipts => 3,
            Self::SequenceNumber => 4,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authenticity => "authenticity",
            Self::Claims => "claims",
            Self::Receipts => "receipts",
            Self::SequenceNumber => "sequence number",
        })
    }
}
