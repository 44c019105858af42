//! Which kinds of messages a record says that it holds.

use cose_ext::cbor::{Raw, Reader};

use crate::{Error, Rule, error::Breaks};

/// The bits of a record that say which kinds of messages it holds: never none. Bits that have no
/// meaning yet are kept. Nobody signed them, unless the wrapper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicators(u32);

impl Indicators {
    /// Reference values.
    pub const REFERENCE_VALUES: Self = Self(1);
    /// Endorsements.
    pub const ENDORSEMENTS: Self = Self(1 << 1);
    /// Evidence.
    pub const EVIDENCE: Self = Self(1 << 2);
    /// Attestation results.
    pub const ATTESTATION_RESULTS: Self = Self(1 << 3);
    /// An appraisal policy.
    pub const APPRAISAL_POLICY: Self = Self(1 << 4);

    /// Makes indicators of bits; `None` if all of them are zero.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        if bits == 0 { None } else { Some(Self(bits)) }
    }

    /// Returns the bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Returns whether all bits of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the bits of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn read(raw: &Raw<'_>) -> Result<Self, Error> {
        let bits = raw.read(Reader::uint).breaks(Rule::CmwIndicators)?;
        let bits = u32::try_from(bits).ok().and_then(Self::from_bits);
        bits.ok_or(Error::broken(Rule::CmwIndicators, raw.offset()))
    }
}
