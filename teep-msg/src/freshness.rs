//! How a payload shows that it is fresh (section 9).

/// A mechanism of `supported-freshness-mechanisms`; an open set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FreshnessMechanism(u64);

impl FreshnessMechanism {
    /// A nonce that the one who asks draws.
    pub const NONCE: Self = Self(0);
    /// The time of issue.
    pub const TIMESTAMP: Self = Self(1);

    /// Makes a mechanism from its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number on the wire.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}
