//! The four tiers of trustworthiness.

use core::fmt;

use super::TrustClaim;

/// How far a verifier trusts what it appraised (draft-ietf-rats-ar4si 2.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Tier {
    /// The verifier makes no assertion: nothing known, unexpected evidence, or a malfunction.
    None,
    /// The verifier affirms.
    Affirming,
    /// The verifier warns.
    Warning,
    /// The verifier advises against.
    Contraindicated,
}

/// How a status relates to what it sums up. [`Tier::None`] is neither above nor below the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Comparison {
    /// The status is as good or worse.
    NoBetter,
    /// The status is better, which it must not be.
    Better,
    /// One of the two is [`Tier::None`], and the texts do not say which is better.
    Doubtful,
}

impl Tier {
    /// All tiers, from the one that asserts nothing to the worst.
    pub const ALL: [Self; 4] = [Self::None, Self::Affirming, Self::Warning, Self::Contraindicated];

    /// Returns the tier that the number of a status names: 0, 2, 32 or 96.
    #[must_use]
    pub fn from_value(value: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| i64::from(tier.value()) == value)
    }

    /// Returns the tier that the text of a status names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// Returns the tier that a trustworthiness claim falls into.
    #[must_use]
    pub const fn of(claim: TrustClaim) -> Self {
        match claim.value() {
            -1..=1 => Self::None,
            2..=31 | -32..=-2 => Self::Affirming,
            32..=95 | -96..=-33 => Self::Warning,
            96..=127 | -128..=-97 => Self::Contraindicated,
        }
    }

    /// Returns the number of the tier in a status.
    #[must_use]
    pub const fn value(self) -> i8 {
        match self {
            Self::None => 0,
            Self::Affirming => 2,
            Self::Warning => 32,
            Self::Contraindicated => 96,
        }
    }

    /// Returns the text of the tier in a JSON status.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Affirming => "affirming",
            Self::Warning => "warning",
            Self::Contraindicated => "contraindicated",
        }
    }

    /// Returns the worse of two tiers; one that asserts nothing gives way to any other.
    #[must_use]
    pub const fn worse(self, other: Self) -> Self {
        if other.value() > self.value() { other } else { self }
    }

    /// Compares this status with the worst of what it sums up. A status that warns or advises
    /// against is never better than nothing.
    #[must_use]
    pub const fn compared_with(self, worst: Self) -> Comparison {
        match (self, worst) {
            (Self::None, Self::Warning | Self::Contraindicated) | (Self::Affirming, Self::None) => {
                Comparison::Doubtful
            }
            (Self::None, _) | (_, Self::None) => Comparison::NoBetter,
            (status, worst) if status.value() < worst.value() => Comparison::Better,
            _ => Comparison::NoBetter,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
