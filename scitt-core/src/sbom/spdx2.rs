//! SPDX 2.2 and 2.3 in JSON.

use super::{Document, DocumentError, DocumentKind, Json, Package, identifier, required};

pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    let namespace = required(json, "documentNamespace")?;
    let mut document = Document::new(DocumentKind::Spdx2, identifier(Some(namespace)));
    let packages = json.list("packages").iter().filter_map(|package| {
        let purl = package.list("externalRefs").iter().find_map(|reference| {
            let is_purl = reference.text("referenceType") == Some("purl");
            reference.text("referenceLocator").filter(|_| is_purl)
        });
        let read = Package::new(package.text("name")?);
        Some(read.with_version(package.text("versionInfo")).with_purl(purl))
    });
    document.packages.extend(packages);
    Ok(document)
}
