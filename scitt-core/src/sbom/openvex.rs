//! OpenVEX.

use super::{
    Document, DocumentError, DocumentKind, Json, Package, VexStatus, Vulnerability,
    finding::StoredFinding, identifier, required,
};
use crate::Purl;

/// A statement whose status is none of the four, or that names no vulnerability, says nothing. One
/// without products is about what the document is attached to, which nobody here can know.
pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    let id = required(json, "@id")?;
    let mut document = Document::new(DocumentKind::OpenVex, identifier(Some(id)));
    for statement in json.list("statements") {
        let status = statement.text("status").and_then(VexStatus::of_openvex);
        let vulnerability = statement.find("vulnerability").and_then(vulnerability);
        let (Some(status), Some(named)) = (status, vulnerability) else { continue };
        let vulnerability = document.vulnerabilities.len();
        document.vulnerabilities.push(named);
        for product in statement.list("products") {
            let place = document.packages.len();
            let Some(whole) = package(product) else { continue };
            document.packages.push(whole);
            let first = document.packages.len();
            let inner = product.list("subcomponents").iter().filter_map(package);
            document.packages.extend(inner);
            let parts = (first..document.packages.len()).collect();
            document.findings.push(StoredFinding { vulnerability, product: place, parts, status });
        }
    }
    Ok(document)
}

/// An object with a name, or the name alone, as the first versions had it.
fn vulnerability(json: &Json) -> Option<Vulnerability> {
    if let Some(name) = json.as_text() {
        return Some(Vulnerability::new(name, core::iter::empty()));
    }
    let name = json.text("name").or_else(|| json.text("@id"))?;
    let aliases = json.list("aliases").iter().filter_map(Json::as_text);
    Some(Vulnerability::new(name, aliases.chain(json.text("@id"))))
}

/// An object with an identifier, or the identifier alone. A purl without a version names all
/// versions.
fn package(json: &Json) -> Option<Package> {
    let id = json.as_text().or_else(|| json.text("@id"));
    let purl = json.find("identifiers").and_then(|all| all.text("purl"));
    let purl = purl.or_else(|| id.filter(|id| Purl::parse(id).is_ok()));
    let package = Package::new(id.or(purl)?).with_purl(purl);
    Some(if package.purl().is_some() { package.of_all_versions_unless_one() } else { package })
}
