//! A package that a document lists.

use alloc::string::String;

use crate::{Purl, VersionOrder, VersionRange};

/// A package that a document lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) purl: Option<Purl>,
    pub(super) order: Option<VersionOrder>,
    pub(super) versions: Option<VersionRange>,
}

/// What a package is looked up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum PackageName {
    /// A purl without version, qualifiers and subpath.
    Purl(Purl),
    /// The name alone, where the document gives no purl.
    Plain(String),
}

impl Package {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.into(), version: None, purl: None, order: None, versions: None }
    }

    /// Adds a version; an empty text is left out.
    pub(super) fn with_version(mut self, version: Option<&str>) -> Self {
        self.version = version.filter(|version| !version.is_empty()).map(String::from);
        self
    }

    /// Adds a purl; text that is none is skipped.
    pub(super) fn with_purl(mut self, purl: Option<&str>) -> Self {
        self.purl = purl.and_then(|purl| Purl::parse(purl).ok());
        self
    }

    /// Adds a range, where there is no version.
    pub(super) fn with_versions(mut self, versions: Option<VersionRange>) -> Self {
        self.versions = versions.filter(|_| self.version().is_none());
        self
    }

    /// Means all versions, where there is no version.
    pub(super) fn of_all_versions_unless_one(self) -> Self {
        self.with_versions(Some(VersionRange::ANY))
    }

    /// Returns the name that the document gives it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version: that of the purl, or else the one beside it.
    pub fn version(&self) -> Option<&str> {
        let of_purl = self.purl.as_ref().and_then(Purl::version);
        of_purl.or(self.version.as_deref())
    }

    /// Returns the purl.
    #[must_use]
    pub const fn purl(&self) -> Option<&Purl> {
        self.purl.as_ref()
    }

    /// Returns the versions, where the document speaks of a range of them and not of one.
    #[must_use]
    pub const fn versions(&self) -> Option<&VersionRange> {
        self.versions.as_ref()
    }

    /// Returns what it is looked up by.
    #[must_use]
    pub fn lookup(&self) -> PackageName {
        match &self.purl {
            Some(purl) => PackageName::Purl(purl.package()),
            None => PackageName::Plain(self.name.clone()),
        }
    }

    /// Returns the order that its versions stand in: the one that the document states, or that of
    /// the type of its purl.
    #[must_use]
    pub fn order(&self) -> VersionOrder {
        let of_purl = self.purl.as_ref().map(|purl| VersionOrder::of_type(purl.kind()));
        self.order.or(of_purl).unwrap_or(VersionOrder::Exact)
    }
}
