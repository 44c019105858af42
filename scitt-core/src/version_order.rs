//! In which order the versions of a package stand.

mod debian;
mod maven;
mod pypi;
mod range;
mod rpm;

use core::cmp::Ordering;

pub use self::range::VersionRange;

/// The order of versions, which depends on the type of the package.
///
/// | purl types | order |
/// |---|---|
/// | `cargo`, `golang`, `hex`, `npm`, `pub`, `swift` | SemVer 2.0; a leading `v` is skipped |
/// | `deb` | that of dpkg: epoch, upstream version, revision |
/// | `maven` | that of Maven (POM reference, Version Order Specification) |
/// | `pypi` | PEP 440 |
/// | `rpm` | that of rpm: epoch, version, release, with `~` and `^` |
/// | all others | none: versions are equal or not, and nobody says which is older |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VersionOrder {
    /// Semantic Versioning 2.0.
    SemVer,
    /// Debian packages.
    Debian,
    /// Maven artifacts.
    Maven,
    /// Python packages.
    PyPi,
    /// RPM packages.
    Rpm,
    /// Equal or not.
    Exact,
}

impl VersionOrder {
    /// All orders, in an order that does not change: a checkpoint names them by place.
    pub(crate) const ALL: [Self; 6] =
        [Self::SemVer, Self::Debian, Self::Maven, Self::PyPi, Self::Rpm, Self::Exact];

    /// Returns the order of a purl type.
    #[must_use]
    pub fn of_type(kind: &str) -> Self {
        match kind {
            "cargo" | "golang" | "hex" | "npm" | "pub" | "swift" => Self::SemVer,
            "deb" => Self::Debian,
            "maven" => Self::Maven,
            "pypi" => Self::PyPi,
            "rpm" => Self::Rpm,
            _ => Self::Exact,
        }
    }

    /// Compares two versions; `None` where the order does not say, or one is not a version of this
    /// kind.
    #[must_use]
    pub fn compare(self, one: &str, other: &str) -> Option<Ordering> {
        if one == other {
            return Some(Ordering::Equal);
        }
        match self {
            Self::SemVer => {
                let version = |text: &str| {
                    semver::Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()
                };
                // Build metadata orders nothing (Semantic Versioning 2.0, 10).
                Some(version(one)?.cmp_precedence(&version(other)?))
            }
            Self::Debian => debian::compare(one, other),
            Self::Maven => Some(maven::compare(one, other)),
            Self::PyPi => pypi::compare(one, other),
            Self::Rpm => rpm::compare(one, other),
            Self::Exact => None,
        }
    }
}

/// Compares two runs of digits as numbers of any length.
fn compare_digits(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// Splits what is at the front and all of one kind off.
fn take_while<'t>(text: &mut &'t str, is_kind: impl Fn(char) -> bool) -> &'t str {
    let end = text.find(|character| !is_kind(character)).unwrap_or(text.len());
    let (front, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    *text = rest;
    front
}
