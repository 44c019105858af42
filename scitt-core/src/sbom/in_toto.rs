//! in-toto statements, SLSA provenance among them, and what has no name of its own.

use super::{Document, DocumentError, DocumentKind, Json};
use crate::Subject;

/// A statement of one subject whose name or URI is a purl is about that package; of anything else,
/// its digests say what it is about, and the issuer chooses the subject.
pub(super) fn read(json: &Json, kind: DocumentKind) -> Result<Document, DocumentError> {
    let subject = match json.list("subject") {
        [only] => {
            let names = [only.text("uri"), only.text("name")].into_iter().flatten();
            names.filter_map(|name| Subject::from_purl(name).ok()).next()
        }
        _ => None,
    };
    Ok(Document::new(kind, subject))
}
