//! Which statements speak of a package.

use alloc::vec::Vec;

use super::Followed;

/// A statement that lists a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affected<'m> {
    /// The statement: its entry, its subject, its issuer.
    pub statement: &'m Followed,
    /// The version that it lists.
    pub version: Option<&'m str>,
    /// How the package was found.
    pub by: AffectedBy,
}

/// How a package was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    unread: usize,
}

impl<'m> Answer<'m> {
    pub(super) const fn new(unread: usize) -> Self {
        Self { affected: Vec::new(), undecided: Vec::new(), unread }
    }

    pub(super) fn add(&mut self, found: Affected<'m>, is_inside: Option<bool>) {
        match is_inside {
            Some(true) => self.affected.push(found),
            Some(false) => {}
            None => self.undecided.push(found),
        }
    }

    /// Returns those whose version is in the range.
    #[must_use]
    pub fn affected(&self) -> &[Affected<'m>] {
        &self.affected
    }

    /// Returns those of which nobody can say: they list no version, one that is none of its kind,
    /// or one in an order that is not known here.
    #[must_use]
    pub fn undecided(&self) -> &[Affected<'m>] {
        &self.undecided
    }

    /// Returns how many statements that are followed have documents which were not read: they may
    /// list the package, too.
    #[must_use]
    pub const fn unread(&self) -> usize {
        self.unread
    }
}
