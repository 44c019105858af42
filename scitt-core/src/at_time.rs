//! The time that a relying party judges at.

/// The time that a relying party judges at, and whether retired keys count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtTime {
    pub(crate) seconds: Option<i64>,
    pub(crate) accepts_retired: bool,
}

impl AtTime {
    /// No time is given: validity is not looked at, neither that of keys nor that of certificates.
    pub const UNKNOWN: Self = Self { seconds: None, accepts_retired: false };

    /// Judges at `seconds` since 1970-01-01T00:00Z.
    #[must_use]
    pub const fn second(seconds: i64) -> Self {
        Self { seconds: Some(seconds), accepts_retired: false }
    }

    /// Accepts what retired keys signed, and keys whose validity has ended.
    #[must_use]
    pub const fn accepting_retired(mut self) -> Self {
        self.accepts_retired = true;
        self
    }
}
