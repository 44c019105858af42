//! Security advisories in CSAF.

use super::{Document, DocumentError, DocumentKind, Json, document_error::Member, identifier};

pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    let tracking = json.find("document").and_then(|document| document.find("tracking"));
    let id = tracking.and_then(|tracking| tracking.text("id"));
    let id = id.ok_or(DocumentError::Missing(Member("document.tracking.id")))?;
    Ok(Document::new(DocumentKind::Csaf, identifier(Some(id))))
}
