//! What a document says of a product and a vulnerability.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::{Document, Package};

/// How a product stands to a vulnerability, as the reports of all formats have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_enums, reason = "OpenVEX and CSAF have no others")]
pub enum VexStatus {
    /// The vulnerability does not affect it.
    NotAffected,
    /// It does.
    Affected,
    /// It did, and this version has the remedy.
    Fixed,
    /// Nobody knows yet.
    UnderInvestigation,
}

impl VexStatus {
    pub(crate) const ALL: [Self; 4] =
        [Self::NotAffected, Self::Affected, Self::Fixed, Self::UnderInvestigation];

    /// Returns whether nothing is to be done: not affected, or fixed.
    #[must_use]
    pub const fn is_cleared(self) -> bool {
        matches!(self, Self::NotAffected | Self::Fixed)
    }

    /// The status by its name in OpenVEX.
    pub(super) fn of_openvex(name: &str) -> Option<Self> {
        Some(match name {
            "not_affected" => Self::NotAffected,
            "affected" => Self::Affected,
            "fixed" => Self::Fixed,
            "under_investigation" => Self::UnderInvestigation,
            _ => return None,
        })
    }
}

impl fmt::Display for VexStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAffected => "not affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under investigation",
        })
    }
}

/// A vulnerability, by all the names that a document gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vulnerability {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
}

impl Vulnerability {
    pub(super) fn new<'n>(name: &str, aliases: impl Iterator<Item = &'n str>) -> Self {
        Self { name: name.into(), aliases: aliases.map(String::from).collect() }
    }

    /// Returns the name: `CVE-2021-44228`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether this is one of its names, in whatever case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let mut names = core::iter::once(&self.name).chain(&self.aliases);
        names.any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// A finding as a document keeps it: by places, so that a product which is named often is kept
/// once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredFinding {
    pub(crate) vulnerability: usize,
    pub(crate) product: usize,
    /// Packages within the product that the status is about; none: the product itself.
    pub(crate) parts: Vec<usize>,
    pub(crate) status: VexStatus,
}

/// What a document says of a product and a vulnerability.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'d> {
    document: &'d Document,
    stored: &'d StoredFinding,
    vulnerability: &'d Vulnerability,
    product: &'d Package,
}

impl<'d> Finding<'d> {
    pub(super) fn of(document: &'d Document) -> impl Iterator<Item = Self> {
        document.findings.iter().filter_map(move |stored| {
            let vulnerability = document.vulnerabilities.get(stored.vulnerability)?;
            let product = document.packages.get(stored.product)?;
            Some(Self { document, stored, vulnerability, product })
        })
    }

    /// Returns the vulnerability.
    #[must_use]
    pub const fn vulnerability(&self) -> &'d Vulnerability {
        self.vulnerability
    }

    /// Returns the product.
    #[must_use]
    pub const fn product(&self) -> &'d Package {
        self.product
    }

    /// Returns the packages within the product that the status is about; none: the product itself.
    pub fn parts(&self) -> impl Iterator<Item = &'d Package> + use<'d> {
        let packages = &self.document.packages;
        self.stored.parts.iter().filter_map(|part| packages.get(*part))
    }

    /// Returns the status.
    #[must_use]
    pub const fn status(&self) -> VexStatus {
        self.stored.status
    }
}
