//! The dialects of attestation results.

/// Which text an attestation result follows: its profile says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EarDialect {
    /// The older form, whose names in JSON have dots, and which names one policy for an appraisal.
    Dotted,
    /// draft-ietf-rats-ear-03.
    Draft03,
    /// draft-ietf-rats-ear-04: raw evidence is a wrapper.
    Draft04,
}

impl EarDialect {
    /// All dialects, the newest last.
    pub const ALL: [Self; 3] = [Self::Dotted, Self::Draft03, Self::Draft04];

    /// Returns the dialect that a profile names.
    #[must_use]
    pub fn from_profile(profile: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.profile() == profile)
    }

    /// Returns the profile that names the dialect.
    #[must_use]
    pub const fn profile(self) -> &'static str {
        match self {
            Self::Dotted => "tag:github.com,2023:veraison/ear",
            Self::Draft03 => "tag:ietf.org,2026:rats/ear#03",
            Self::Draft04 => "tag:ietf.org,2026:rats/ear#04",
        }
    }
}
