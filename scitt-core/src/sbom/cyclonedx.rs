//! CycloneDX in JSON.

use alloc::{format, vec::Vec};

use super::{Document, DocumentError, DocumentKind, Json, Package, identifier};

pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    // A serialNumber is recommended and not required.
    let subject = identifier(json.text("serialNumber"));
    let mut document = Document::new(DocumentKind::CycloneDx, subject);
    let main = json.find("metadata").and_then(|metadata| metadata.find("component"));
    // Components hold components: a list of what is still to be read, in the order of the document.
    let mut pending: Vec<&Json> = json.list("components").iter().rev().chain(main).collect();
    while let Some(component) = pending.pop() {
        pending.extend(component.list("components").iter().rev());
        let Some(name) = component.text("name") else { continue };
        let package = match component.text("group").filter(|group| !group.is_empty()) {
            Some(group) => Package::new(&format!("{group}/{name}")),
            None => Package::new(name),
        };
        let package = package.with_version(component.text("version"));
        document.packages.push(package.with_purl(component.text("purl")));
    }
    Ok(document)
}
