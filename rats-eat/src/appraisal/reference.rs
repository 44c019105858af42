//! What may be on a device.

use core::cmp::Ordering;

use cose_ext::Digest;

use super::{Measured, version_order::compare};

/// One line of the table: a component in a form that may be on a device. Several lines may be about
/// one component.
///
/// # Invariant
///
/// It asks for a digest, or for a signer and a version: a name alone is nothing to rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'r> {
    component: &'r str,
    signer: Option<&'r [u8]>,
    digest: Option<Digest<'r>>,
    least_version: Option<&'r str>,
    valid_until: Option<i64>,
}

/// How a component of a token compares with the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Outcome {
    /// A line of the table matches in all that it asks for.
    Matches,
    /// A line matches in all but the version, which is lower, or cannot be compared.
    TooOld,
    /// There are lines about a component of this name, and this one is another.
    Differs,
    /// The table has nothing about a component of this name, or what was measured cannot be read.
    Unknown,
}

/// A component of a token, and how it compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared<'c> {
    /// The name of the component as the token has it; nothing where it has none.
    pub name: &'c str,
    /// How it compares.
    pub outcome: Outcome,
}

impl<'r> Reference<'r> {
    /// Takes the component `component` whose digest is this one.
    #[must_use]
    pub const fn digest(component: &'r str, digest: Digest<'r>) -> Self {
        let digest = Some(digest);
        Self { component, signer: None, digest, least_version: None, valid_until: None }
    }

    /// Takes every component `component` that `signer` signed, from `least_version` on. `signer` is
    /// what tokens call it by: of PSA tokens the digest of its key, of measured components an
    /// authority.
    #[must_use]
    pub const fn signed(component: &'r str, signer: &'r [u8], least_version: &'r str) -> Self {
        let (signer, least_version) = (Some(signer), Some(least_version));
        Self { component, signer, digest: None, least_version, valid_until: None }
    }

    /// Asks for a signer too.
    #[must_use]
    pub const fn by(mut self, signer: &'r [u8]) -> Self {
        self.signer = Some(signer);
        self
    }

    /// Asks for a version that is not lower: numbers between dots, compared as numbers.
    #[must_use]
    pub const fn from_version(mut self, least_version: &'r str) -> Self {
        self.least_version = Some(least_version);
        self
    }

    /// Sets from when on the line is not to be relied upon, in seconds since 1970.
    #[must_use]
    pub const fn until(mut self, seconds: i64) -> Self {
        self.valid_until = Some(seconds);
        self
    }

    pub(super) const fn valid_until(&self) -> Option<i64> {
        self.valid_until
    }

    pub(super) fn is_valid_at(&self, now: Option<i64>) -> bool {
        now.zip(self.valid_until).is_none_or(|(now, until)| now < until)
    }

    pub(super) fn compare(&self, measured: &Measured<'_>) -> Outcome {
        if measured.name() != Some(self.component) {
            return Outcome::Unknown;
        }
        let has_signer = self.signer.is_none_or(|signer| measured.is_signed_by(signer));
        let has_digest = self.digest.is_none_or(|digest| measured.has_digest(&digest));
        if !has_signer || !has_digest {
            return Outcome::Differs;
        }
        match self.least_version {
            None => Outcome::Matches,
            Some(least) => match measured.version().and_then(|version| compare(version, least)) {
                Some(Ordering::Greater | Ordering::Equal) => Outcome::Matches,
                Some(Ordering::Less) | None => Outcome::TooOld,
            },
        }
    }
}
