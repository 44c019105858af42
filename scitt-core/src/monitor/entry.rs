//! What the index keeps of one statement.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use super::Followed;
use crate::{
    Document, Package, PackageName, VersionOrder, VersionRange, Vulnerability, sbom::StoredFinding,
};

/// A statement with the versions that its document lists and the findings that it states.
///
/// # State, invariant, cost
///
/// Names stand in the index of the monitor, and those of a report here as well. A finding names
/// packages of this entry by place.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub(super) packages: Vec<Listed>,
    pub(super) vulnerabilities: Vec<Vulnerability>,
    pub(super) findings: Vec<StoredFinding>,
    /// Of a report: what each package is looked up by.
    pub(super) names: BTreeMap<usize, PackageName>,
    /// The findings that are about a package, as the product or as a part of it.
    about: BTreeMap<usize, Vec<usize>>,
}

/// A statement that is followed, and what its document says.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) followed: Followed,
    pub(super) contents: Contents,
}

/// A package in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) version: Option<String>,
    pub(super) versions: Option<VersionRange>,
    pub(super) order: VersionOrder,
}

impl Listed {
    fn of(package: &Package) -> Self {
        Self {
            version: package.version().map(String::from),
            versions: package.versions().cloned(),
            order: package.order(),
        }
    }

    /// Whether a version that is listed is in `range`.
    pub(super) fn is_in(&self, range: &VersionRange, order: VersionOrder) -> Option<bool> {
        match (&self.version, &self.versions) {
            (Some(version), _) => range.contains(version, order),
            (None, Some(versions)) => versions.overlaps(range, order),
            (None, None) => None,
        }
    }

    /// Whether everything that `other` lists is known to be listed here.
    pub(super) fn covers(&self, other: &Self) -> bool {
        if let Some(versions) = &self.versions {
            if *versions == VersionRange::ANY {
                return true;
            }
            let inside = |version| versions.contains(version, self.order) == Some(true);
            return other.version.as_deref().is_some_and(inside);
        }
        match (&self.version, &other.version) {
            (Some(one), Some(other)) => self.order.compare(one, other).is_some_and(|it| it.is_eq()),
            _ => false,
        }
    }
}

impl Contents {
    /// Takes the contents of a document, and tells `name` what each package is looked up by.
    pub(super) fn of(document: Document, mut name: impl FnMut(PackageName, usize)) -> Self {
        let (packages, vulnerabilities, findings) = document.into_parts();
        let listed = packages.iter().map(Listed::of).collect();
        let mut contents = Self::new(listed, vulnerabilities, findings);
        for (place, package) in packages.iter().enumerate() {
            contents.set_name(place, &package.lookup());
            name(package.lookup(), place);
        }
        contents
    }

    pub(super) fn set_name(&mut self, place: usize, name: &PackageName) {
        if self.is_report() {
            self.names.insert(place, name.clone());
        }
    }

    pub(super) fn new(
        packages: Vec<Listed>,
        vulnerabilities: Vec<Vulnerability>,
        findings: Vec<StoredFinding>,
    ) -> Self {
        let mut about: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, finding) in findings.iter().enumerate() {
            for package in core::iter::once(&finding.product).chain(&finding.parts) {
                let known = about.entry(*package).or_default();
                if known.last() != Some(&place) {
                    known.push(place);
                }
            }
        }
        let names = BTreeMap::new();
        Self { packages, vulnerabilities, findings, names, about }
    }

    /// The findings that are about the package at `place`.
    pub(super) fn findings_about(&self, place: usize) -> impl Iterator<Item = &StoredFinding> {
        let found = self.about.get(&place).into_iter().flatten();
        found.filter_map(|finding| self.findings.get(*finding))
    }

    /// Whether this is a report on vulnerabilities: what it lists is not what a thing is made of.
    pub(super) fn is_report(&self) -> bool {
        !self.vulnerabilities.is_empty()
    }
}
