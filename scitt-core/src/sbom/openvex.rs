//! OpenVEX.

use super::{Document, DocumentError, DocumentKind, Json, identifier, required};

pub(super) fn read(json: &Json) -> Result<Document, DocumentError> {
    let id = required(json, "@id")?;
    Ok(Document::new(DocumentKind::OpenVex, identifier(Some(id))))
}
