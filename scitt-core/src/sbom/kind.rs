//! What kinds of documents there are.

use core::fmt;

use super::json::Json;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocumentKind {
    /// SPDX 2.2 or 2.3.
    Spdx2,
    /// SPDX 3.0.
    Spdx3,
    /// CycloneDX.
    CycloneDx,
    /// A software identification tag (RFC 9393).
    CoSwid,
    /// SLSA provenance, an in-toto statement.
    SlsaProvenance,
    /// Any other in-toto statement.
    InToto,
    /// OpenVEX.
    OpenVex,
    /// A security advisory in CSAF.
    Csaf,
    /// Results of static analysis in SARIF.
    Sarif,
}

impl DocumentKind {
    /// All kinds, in an order that does not change: a checkpoint names them by place.
    pub(crate) const ALL: [Self; 9] = [
        Self::Spdx2,
        Self::Spdx3,
        Self::CycloneDx,
        Self::CoSwid,
        Self::SlsaProvenance,
        Self::InToto,
        Self::OpenVex,
        Self::Csaf,
        Self::Sarif,
    ];

    /// Returns the media type. Those of SPDX, CycloneDX, SARIF and CoSWID are registered at IANA;
    /// those of in-toto, OpenVEX and CSAF are what is in use.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Spdx2 | Self::Spdx3 => "application/spdx+json",
            Self::CycloneDx => "application/vnd.cyclonedx+json",
            Self::CoSwid => "application/swid+cbor",
            Self::SlsaProvenance | Self::InToto => "application/vnd.in-toto+json",
            Self::OpenVex => "application/vnd.openvex+json",
            Self::Csaf => "application/csaf+json",
            Self::Sarif => "application/sarif+json",
        }
    }

    /// Returns whether documents of this kind list the packages that a thing is made of.
    #[must_use]
    pub const fn is_bill_of_materials(self) -> bool {
        matches!(self, Self::Spdx2 | Self::Spdx3 | Self::CycloneDx | Self::CoSwid)
    }

    /// Returns whether documents of this kind report vulnerabilities.
    #[must_use]
    pub const fn is_vulnerability_report(self) -> bool {
        matches!(self, Self::OpenVex | Self::Csaf | Self::Sarif)
    }

    /// Recognises a document by the members that its kind asks for.
    pub(super) fn of_json(json: &Json) -> Option<Self> {
        let starts =
            |name: &str, prefix: &str| json.text(name).is_some_and(|text| text.starts_with(prefix));
        let context = |prefix: &str| {
            let is_it = |value: &Json| value.as_text().is_some_and(|text| text.starts_with(prefix));
            json.find("@context")
                .is_some_and(|value| is_it(value) || value.items().iter().any(is_it))
        };
        if starts("spdxVersion", "SPDX-2.") {
            Some(Self::Spdx2)
        } else if context("https://spdx.org/rdf/3.") {
            Some(Self::Spdx3)
        } else if json.text("bomFormat") == Some("CycloneDX") {
            Some(Self::CycloneDx)
        } else if context("https://openvex.dev/ns") {
            Some(Self::OpenVex)
        } else if starts("_type", "https://in-toto.io/Statement/") {
            Some(match starts("predicateType", "https://slsa.dev/provenance/") {
                true => Self::SlsaProvenance,
                false => Self::InToto,
            })
        } else if json.find("document").is_some_and(|part| part.text("csaf_version").is_some()) {
            Some(Self::Csaf)
        } else if json.text("version") == Some("2.1.0")
            && json.find("runs").is_some_and(Json::is_array)
        {
            Some(Self::Sarif)
        } else {
            None
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spdx2 => "SPDX 2",
            Self::Spdx3 => "SPDX 3",
            Self::CycloneDx => "CycloneDX",
            Self::CoSwid => "CoSWID",
            Self::SlsaProvenance => "SLSA provenance",
            Self::InToto => "in-toto statement",
            Self::OpenVex => "OpenVEX",
            Self::Csaf => "CSAF",
            Self::Sarif => "SARIF",
        })
    }
}
