use super::{CoseNames, Field, KeyNames, Names, Secrecy};
use crate::{Label, cwt::Claims};

/// A CWT claims set (RFC 8392 3, RFC 8747 3).
#[derive(Clone, Copy, Debug)]
pub struct ClaimsNames;

impl Names for ClaimsNames {
    fn label(&self, label: Label<'_>) -> Field<'_> {
        match label {
            Claims::ISS => Field::named("iss"),
            Claims::SUB => Field::named("sub"),
            Claims::AUD => Field::named("aud"),
            Claims::EXP => Field::named("exp"),
            Claims::NBF => Field::named("nbf"),
            Claims::IAT => Field::named("iat"),
            Claims::CTI => Field::named("cti"),
            Claims::CNF => Field::new("cnf", &Confirmation),
            _ => Field::UNKNOWN,
        }
    }
}

/// The confirmation methods of `cnf` (RFC 8747 3.1, RFC 9679 5.6).
struct Confirmation;

impl Names for Confirmation {
    fn label(&self, label: Label<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(1) => Field::new("COSE_Key", &KeyNames),
            Some(2) => Field::new("Encrypted_COSE_Key", &CoseNames),
            Some(3) => Field::named("kid"),
            Some(5) => Field::named("ckt"),
            _ => Field::UNKNOWN,
        }
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::Mixed
    }
}
