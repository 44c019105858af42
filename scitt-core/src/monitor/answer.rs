//! Which statements speak of a package.

use alloc::vec::Vec;

use super::Followed;
use crate::{VersionRange, VexStatus};

/// A statement that lists a package, or reports on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affected<'m> {
    /// The statement: its entry, its subject, its issuer.
    pub statement: &'m Followed,
    /// The version that it lists.
    pub version: Option<&'m str>,
    /// The versions, where it speaks of a range and not of one.
    pub versions: Option<&'m VersionRange>,
    /// How the package was found.
    pub by: AffectedBy,
    /// What a vulnerability report says of it. `None`: the statement lists it as a part of
    /// something, and nobody who may has cleared it.
    pub assessment: Option<Assessment<'m>>,
}

/// What a vulnerability report says of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment<'m> {
    /// The vulnerability, by the name that the report gives it.
    pub vulnerability: &'m str,
    /// How the product stands to it.
    pub status: VexStatus,
    /// The statement that says so.
    pub report: &'m Followed,
}

/// How a package was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AffectedBy {
    /// By its purl.
    Purl,
    /// By its name, since the document gives no purl: it may be another package of that name.
    NameAlone,
}

/// Which statements list a version of a package that is in a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<'m> {
    affected: Vec<Affected<'m>>,
    undecided: Vec<Affected<'m>>,
    cleared: Vec<Affected<'m>>,
    unread: usize,
}

impl<'m> Answer<'m> {
    pub(super) const fn new(unread: usize) -> Self {
        Self { affected: Vec::new(), undecided: Vec::new(), cleared: Vec::new(), unread }
    }

    pub(super) fn add(&mut self, found: Affected<'m>, is_inside: Option<bool>) {
        let status = found.assessment.map(|assessment| assessment.status);
        match (is_inside, status) {
            (Some(false), _) => {}
            (_, Some(status)) if status.is_cleared() => self.cleared.push(found),
            (None, _) | (_, Some(VexStatus::UnderInvestigation)) => self.undecided.push(found),
            _ => self.affected.push(found),
        }
    }

    /// Returns those whose version is in the range, and of which no report that counts says that
    /// nothing is to be done.
    #[must_use]
    pub fn affected(&self) -> &[Affected<'m>] {
        &self.affected
    }

    /// Returns those of which nobody can say: they list no version, one that is not of its kind,
    /// or one in an order that is not known here; or a report says that it is being investigated.
    #[must_use]
    pub fn undecided(&self) -> &[Affected<'m>] {
        &self.undecided
    }

    /// Returns those of which a report says that they are not affected, or fixed; the assessment
    /// says which report, and of which vulnerability. A product may be cleared of one vulnerability
    /// and affected by another.
    #[must_use]
    pub fn cleared(&self) -> &[Affected<'m>] {
        &self.cleared
    }

    /// Returns how many statements that are followed have documents which were not read: they may
    /// list the package, too.
    #[must_use]
    pub const fn unread(&self) -> usize {
        self.unread
    }
}
