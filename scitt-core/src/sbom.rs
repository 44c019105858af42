//! Documents about software, recognised and read as far as an index needs them.

mod coswid;
mod csaf;
mod cyclonedx;
mod document_error;
mod finding;
mod in_toto;
mod json;
mod kind;
mod openvex;
mod package;
mod spdx2;
mod spdx3;

use alloc::vec::Vec;

use cose_ext::header::ContentType;

pub use self::{
    document_error::DocumentError,
    finding::{Finding, VexStatus, Vulnerability},
    kind::DocumentKind,
    package::{Package, PackageName},
};
pub(crate) use self::{document_error::Member as DocumentMember, finding::StoredFinding};
use self::{document_error::Member, json::Json};
use crate::{StatementBuilder, Subject};

/// How much of a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentLimits {
    /// Bytes. Default 64 MiB: bills of materials of whole distributions are a few dozen.
    pub bytes: usize,
    /// Packages, and findings of vulnerability reports, together. Default 1 000 000.
    pub packages: usize,
}

impl DocumentLimits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { bytes: 64 << 20, packages: 1_000_000 };

    /// Returns these limits with another number of [`bytes`](Self::bytes).
    #[must_use]
    pub const fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Returns these limits with another number of [`packages`](Self::packages).
    #[must_use]
    pub const fn with_packages(mut self, packages: usize) -> Self {
        self.packages = packages;
        self
    }
}

impl Default for DocumentLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A document about software: what it is, what it calls itself, and the packages that it lists.
///
/// Read are SPDX 2.2, 2.3 and 3.0 in JSON, CycloneDX in JSON, and CoSWID (RFC 9393); of OpenVEX and
/// CSAF the products, and their status for each vulnerability ([`findings`](Self::findings)).
/// SARIF and in-toto statements, SLSA provenance among them, are recognised; the packages that they
/// speak of are not listed.
///
/// It is as trustworthy as where it comes from: [`Monitor`](crate::Monitor) takes only what a
/// signature covers. Members that stand twice in an object of JSON are refused, since readers
/// differ on which of them counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    kind: DocumentKind,
    subject: Option<Subject>,
    packages: Vec<Package>,
    vulnerabilities: Vec<Vulnerability>,
    findings: Vec<StoredFinding>,
}

impl Document {
    /// Recognises and reads a document that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is none of the kinds that are known here, or one that lacks what its kind asks for.
    pub fn read(bytes: &[u8], limits: &DocumentLimits) -> Result<Self, DocumentError> {
        if bytes.len() > limits.bytes {
            return Err(DocumentError::TooLong);
        }
        let document = match bytes.trim_ascii_start().first() {
            Some(b'{') => Self::read_json(&Json::parse(bytes)?)?,
            _ => coswid::read(bytes)?,
        };
        let listed = document.packages.len().saturating_add(document.findings.len());
        match listed > limits.packages {
            true => Err(DocumentError::TooManyPackages),
            false => Ok(document),
        }
    }

    fn read_json(json: &Json) -> Result<Self, DocumentError> {
        match DocumentKind::of_json(json).ok_or(DocumentError::Unknown)? {
            DocumentKind::Spdx2 => spdx2::read(json),
            DocumentKind::Spdx3 => spdx3::read(json),
            DocumentKind::CycloneDx => cyclonedx::read(json),
            DocumentKind::OpenVex => openvex::read(json),
            DocumentKind::Csaf => csaf::read(json),
            kind => in_toto::read(json, kind),
        }
    }

    fn new(kind: DocumentKind, subject: Option<Subject>) -> Self {
        let (packages, vulnerabilities, findings) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, subject, packages, vulnerabilities, findings }
    }

    /// Returns what it is.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Returns its content type, for the statement about it.
    #[must_use]
    pub const fn content_type(&self) -> ContentType<'static> {
        ContentType::MediaType(self.kind.media_type())
    }

    /// Returns what it calls itself, as the subject of a statement: the documentNamespace of SPDX
    /// 2, the spdxId of the SpdxDocument of SPDX 3, the serialNumber of CycloneDX, the `@id` of
    /// OpenVEX, the tracking id of CSAF, the tag-id of a CoSWID; of an in-toto statement its only
    /// subject, where that has a purl. `None` where it does not say.
    #[must_use]
    pub const fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// Begins a statement of `issuer` about what the document calls itself, with its content type:
    /// to be signed over the document or its digest. `None` where it does not say what it calls
    /// itself.
    #[must_use]
    pub fn begin_statement(&self, issuer: &str) -> Option<StatementBuilder> {
        let builder = StatementBuilder::new(issuer, self.subject()?.as_str());
        Some(builder.content_type(self.content_type()))
    }

    /// Returns the packages that it lists, in its order: what a thing is made of, or the products
    /// that a vulnerability report speaks of.
    #[must_use]
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// Returns what a vulnerability report says of its products, in its order; of other documents
    /// nothing.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        Finding::of(self)
    }

    pub(crate) fn into_parts(self) -> (Vec<Package>, Vec<Vulnerability>, Vec<StoredFinding>) {
        (self.packages, self.vulnerabilities, self.findings)
    }
}

/// An identifier as a subject; one that cannot be a subject is left out.
fn identifier(text: Option<&str>) -> Option<Subject> {
    text.and_then(|text| Subject::from_identifier(text).ok())
}

/// A member that the kind asks for.
fn required<'j>(json: &'j Json, name: &'static str) -> Result<&'j str, DocumentError> {
    json.text(name).ok_or(DocumentError::Missing(Member(name)))
}
