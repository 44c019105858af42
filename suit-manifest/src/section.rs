//! The command sequences of a manifest.

use core::fmt;

use crate::label::manifest;

/// A command sequence of a manifest, by what it is for. The shared sequence is none of them: it
/// runs before each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Section {
    /// suit-validate, 7.
    Validate,
    /// suit-load, 8.
    Load,
    /// suit-invoke, 9.
    Invoke,
    /// suit-dependency-resolution, 15 (trust domains).
    DependencyResolution,
    /// suit-payload-fetch, 16.
    PayloadFetch,
    /// suit-candidate-verification, 18 (trust domains).
    CandidateVerification,
    /// suit-install, 20.
    Install,
    /// suit-uninstall, 24 (trust domains).
    Uninstall,
}

impl Section {
    /// Every section, in the order of its number.
    pub const ALL: [Self; 8] = [
        Self::Validate,
        Self::Load,
        Self::Invoke,
        Self::DependencyResolution,
        Self::PayloadFetch,
        Self::CandidateVerification,
        Self::Install,
        Self::Uninstall,
    ];

    /// Returns the key of the section in the manifest, and in the envelope if it can be severed.
    #[must_use]
    pub const fn label(self) -> i64 {
        match self {
            Self::Validate => manifest::VALIDATE,
            Self::Load => manifest::LOAD,
            Self::Invoke => manifest::INVOKE,
            Self::DependencyResolution => manifest::DEPENDENCY_RESOLUTION,
            Self::PayloadFetch => manifest::PAYLOAD_FETCH,
            Self::CandidateVerification => manifest::CANDIDATE_VERIFICATION,
            Self::Install => manifest::INSTALL,
            Self::Uninstall => manifest::UNINSTALL,
        }
    }

    /// Returns the section whose key is `label`.
    #[must_use]
    pub const fn from_label(label: i64) -> Option<Self> {
        Some(match label {
            manifest::VALIDATE => Self::Validate,
            manifest::LOAD => Self::Load,
            manifest::INVOKE => Self::Invoke,
            manifest::DEPENDENCY_RESOLUTION => Self::DependencyResolution,
            manifest::PAYLOAD_FETCH => Self::PayloadFetch,
            manifest::CANDIDATE_VERIFICATION => Self::CandidateVerification,
            manifest::INSTALL => Self::Install,
            manifest::UNINSTALL => Self::Uninstall,
            _ => return None,
        })
    }

    /// Returns whether the content can stand in the envelope, and its digest in the manifest.
    #[must_use]
    pub const fn is_severable(self) -> bool {
        matches!(
            self,
            Self::DependencyResolution
                | Self::PayloadFetch
                | Self::CandidateVerification
                | Self::Install
        )
    }

    /// Returns the name that the specification gives it, without `suit-`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Load => "load",
            Self::Invoke => "invoke",
            Self::DependencyResolution => "dependency-resolution",
            Self::PayloadFetch => "payload-fetch",
            Self::CandidateVerification => "candidate-verification",
            Self::Install => "install",
            Self::Uninstall => "uninstall",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
