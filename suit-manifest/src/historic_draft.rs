//! Older drafts, recognised by numbers that mean something else today.

use core::fmt;

/// The drafts of SUIT whose numbers differ from today's, told apart by what an envelope shows.
///
/// A number means another thing in each: 9 was install and is invoke, 7 was dependency
/// resolution and is validate. An old manifest still authenticates, and would be misread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HistoricDraft {
    /// Up to draft-ietf-suit-manifest-12: digest algorithms have numbers of their own, 1 to 5.
    UpTo12,
    /// Up to draft-ietf-suit-manifest-16: payload fetch 8, install 9, validate 10, load 11, run 12,
    /// text 13.
    UpTo16,
    /// Drafts -17 to -27: install 17.
    From17To27,
    /// Up to draft-ietf-suit-manifest-28: parameter 16 is fetch-arguments, which is 25 today. All
    /// members have their numbers of today.
    UpTo28,
    /// Command 13 selects a dependency: draft-ietf-suit-trust-domains-00, and
    /// draft-ietf-suit-manifest-16 and older.
    DependencyIndex,
    /// A delegation chain under key 1 of the envelope, as draft-ietf-suit-trust-domains had it.
    Delegation,
}

impl HistoricDraft {
    /// Digest algorithms of drafts up to -12 (SHA-224 to SHA-512).
    pub(crate) const fn of_digest_algorithm(number: i64) -> Option<Self> {
        match number {
            1..=5 => Some(Self::UpTo12),
            _ => None,
        }
    }

    /// Keys that no member of the manifest has today.
    pub(crate) const fn of_manifest_member(label: i64) -> Option<Self> {
        match label {
            10..=13 => Some(Self::UpTo16),
            17 => Some(Self::From17To27),
            _ => None,
        }
    }

    /// Commands that there are none of today: run-sequence was 30, set-dependency-index 13.
    pub(crate) const fn of_command(code: i64) -> Option<Self> {
        match code {
            13 => Some(Self::DependencyIndex),
            30 => Some(Self::UpTo12),
            _ => None,
        }
    }

    /// Parameters that there are none of today: fetch-arguments was 16.
    pub(crate) const fn of_parameter(code: i64) -> Option<Self> {
        match code {
            16 => Some(Self::UpTo28),
            _ => None,
        }
    }

    /// Keys that no member of the envelope has today, severed members of older drafts among them.
    pub(crate) const fn of_envelope_member(label: i64) -> Option<Self> {
        match label {
            1 => Some(Self::Delegation),
            7..=13 => Some(Self::UpTo16),
            17 => Some(Self::From17To27),
            _ => None,
        }
    }
}

impl fmt::Display for HistoricDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UpTo12 => "draft-ietf-suit-manifest-12 or older",
            Self::UpTo16 => "draft-ietf-suit-manifest-16 or older",
            Self::From17To27 => "draft-ietf-suit-manifest-17 to -27",
            Self::UpTo28 => "draft-ietf-suit-manifest-28 or older",
            Self::DependencyIndex => "a draft in which command 13 selects a dependency",
            Self::Delegation => "a draft with delegation chains in the envelope",
        })
    }
}
