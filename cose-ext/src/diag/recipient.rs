//! Names in COSE_recipient structures (RFC 9052 5.1).

use super::{
    Elements, Field, HeaderNames, KeyNames, Names, Unnamed, Wrapped, header::header_label,
};
use crate::{IntOrText, Label};

/// `recipients` of COSE_Encrypt, COSE_Mac and of a recipient (RFC 9052 5.1).
pub(super) struct Recipients;

/// COSE_recipient (RFC 9052 5.1).
pub(super) const RECIPIENT: Elements<'_> = Elements(&[
    ("protected", &Wrapped(&RecipientHeaders)),
    ("unprotected", &RecipientHeaders),
    ("ciphertext", &Unnamed),
    ("recipients", &Recipients),
]);

impl Names for Recipients {
    fn element(&self, _index: u64, _len: Option<u64>) -> Field<'_> {
        Field::unnamed(&RECIPIENT)
    }
}

/// Header parameters of a recipient: two of those that its algorithm defines hold keys (RFC 9053
/// 6.3.1).
struct RecipientHeaders;

impl Names for RecipientHeaders {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match Label::from(label) {
            Label::EPHEMERAL_KEY | Label::STATIC_KEY => {
                header_label(label).map_or(Field::UNKNOWN, |name| Field::new(name, &KeyNames))
            }
            _ => HeaderNames.label(label),
        }
    }
}
