//! Names in CWT claims sets (RFC 8392 3).

use super::{CoseNames, Field, KeyNames, Names, Secrecy, Unnamed};
use crate::{
    IntOrText,
    label::{ClaimKey, ConfirmationMethod},
    registry,
};

/// A CWT claims set (RFC 8392 3, RFC 8747 3).
#[derive(Clone, Copy, Debug)]
pub struct ClaimsNames;

impl Names for ClaimsNames {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match registry::CWT_CLAIMS.name_of(label) {
            Some(name) if ClaimKey::CNF.value() == label => Field::new(name, &Confirmation),
            Some(name) => Field::named(name),
            None => Field::UNKNOWN,
        }
    }
}

/// The confirmation methods of `cnf` (RFC 8747 3.1, RFC 9679 5.6).
struct Confirmation;

impl Names for Confirmation {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        let names: &dyn Names = match ConfirmationMethod::from(label) {
            ConfirmationMethod::COSE_KEY => &KeyNames,
            ConfirmationMethod::ENCRYPTED_COSE_KEY => &CoseNames,
            _ => &Unnamed,
        };
        let name = registry::CONFIRMATION_METHODS.name_of(label);
        name.map_or(Field::UNKNOWN, |name| Field::new(name, names))
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::Mixed
    }
}
