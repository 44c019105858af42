//! SPDX 3.0 in JSON-LD, as its JSON schema has it.

use super::{
    Document, DocumentError, DocumentKind, Json, Package, document_error::Member, identifier,
};

/// The elements: of a graph, or the one that the document is.
fn elements(json: &Json) -> &[Json] {
    match json.find("@graph") {
        Some(graph) => graph.items(),
        None => core::slice::from_ref(json),
    }
}

pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    let elements = elements(json);
    let of_type = |kind: &'static str| {
        elements.iter().filter(move |element| element.text("type") == Some(kind))
    };
    let id = of_type("SpdxDocument").find_map(|element| element.text("spdxId"));
    let id = id.ok_or(DocumentError::Missing(Member("SpdxDocument with a spdxId")))?;
    let mut document = Document::new(DocumentKind::Spdx3, identifier(Some(id)));
    let packages = of_type("software_Package").filter_map(|package| {
        let identifiers = package.list("externalIdentifier").iter();
        let mut purls = identifiers.filter_map(|one| {
            let is_purl = matches!(
                one.text("externalIdentifierType"),
                Some("packageUrl" | "packageURL" | "purl")
            );
            one.text("identifier").filter(|_| is_purl)
        });
        let purl = package.text("software_packageUrl").or_else(|| purls.next());
        let read = Package::new(package.text("name")?);
        Some(read.with_version(package.text("software_packageVersion")).with_purl(purl))
    });
    document.packages.extend(packages);
    Ok(document)
}
