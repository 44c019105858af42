//! Names in COSE_Keys (RFC 9052 7).

use super::{Each, Field, Names, Secrecy, header::algorithm, integer_under, names::Hidden};
use crate::{
    IntOrText,
    cbor::{Int, Reader, Strictness, Type},
    crypto::KeyType,
    label::{self, KeyLabel},
    registry,
};

/// A COSE_Key or a COSE_KeySet (RFC 9052 7).
///
/// Only what is known to be public is shown: the common parameters, and the public ones of a key
/// type that is stated exactly once, each in the form that its specification gives it. A label that
/// is missing from the tables hides its value.
#[derive(Clone, Copy, Debug)]
pub struct KeyNames;

impl Names for KeyNames {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        common(label)
    }

    fn other_key(&self) -> Field<'_> {
        Field::unnamed(&Hidden)
    }

    fn element(&self, _index: u64, _len: Option<u64>) -> Field<'_> {
        Field::unnamed(self)
    }

    fn tag(&self, _number: u64) -> Field<'_> {
        Field::unnamed(self)
    }

    fn wrapped(&self) -> Option<&dyn Names> {
        Some(self)
    }

    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        let key_type = integer_under(item, KeyLabel::KTY.value()).and_then(Int::to_i64)?;
        Some(match KeyType::new(key_type) {
            KeyType::OKP => &OKP,
            KeyType::EC2 => &EC2,
            KeyType::RSA => &RSA,
            KeyType::SYMMETRIC => &SYMMETRIC,
            KeyType::HSS_LMS => &HSS_LMS,
            KeyType::AKP => &AKP,
            _ => return None,
        })
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::Mixed
    }
}

/// The parameters of one key type. What is not listed as public is secret.
struct Parameters {
    names: &'static [(i64, &'static str)],
    public: &'static [(KeyLabel<'static>, &'static dyn Names)],
}

const CURVE: Number = Number(curve);

const OKP: Parameters = Parameters {
    names: label::OKP,
    public: &[(KeyLabel::OKP_CRV, &CURVE), (KeyLabel::OKP_X, &Octets)],
};

const EC2: Parameters = Parameters {
    names: label::EC2,
    public: &[(KeyLabel::EC2_CRV, &CURVE), (KeyLabel::EC2_X, &Octets), (KeyLabel::EC2_Y, &Octets)],
};

const RSA: Parameters = Parameters {
    names: label::RSA,
    public: &[(KeyLabel::RSA_N, &Octets), (KeyLabel::RSA_E, &Octets)],
};

const SYMMETRIC: Parameters = Parameters { names: label::SYMMETRIC, public: &[] };

const HSS_LMS: Parameters =
    Parameters { names: label::HSS_LMS, public: &[(KeyLabel::HSS_LMS_PUB, &Octets)] };

const AKP: Parameters = Parameters { names: label::AKP, public: &[(KeyLabel::AKP_PUB, &Octets)] };

impl Names for Parameters {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        let named = self.names.iter().find(|(number, _)| label == IntOrText::int(*number));
        let Some((_, name)) = named else { return common(label) };
        let public = self.public.iter().find(|(known, _)| known.value() == label);
        Field::new(name, public.map_or(&Hidden, |(_, names)| *names))
    }

    fn other_key(&self) -> Field<'_> {
        Field::unnamed(&Hidden)
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::Mixed
    }
}

/// The parameters that every key type has (RFC 9052 7.1).
fn common(label: IntOrText<'_>) -> Field<'static> {
    let names: &dyn Names = match KeyLabel::from(label) {
        KeyLabel::KTY => &Number(key_type),
        KeyLabel::ALG => &Number(algorithm),
        KeyLabel::KEY_OPS => &Each(&Number(key_operation)),
        KeyLabel::KID | KeyLabel::BASE_IV => &Octets,
        _ => return Field::unnamed(&Hidden),
    };
    let name = KeyLabel::NAMES.iter().find(|(number, _)| label == IntOrText::int(*number));
    name.map_or(Field::unnamed(names), |(_, name)| Field::new(name, names))
}

fn key_type(value: IntOrText<'_>) -> Option<&'static str> {
    registry::KEY_TYPES.name_of(value)
}

fn curve(value: IntOrText<'_>) -> Option<&'static str> {
    registry::CURVES.name_of(value)
}

fn key_operation(value: IntOrText<'_>) -> Option<&'static str> {
    registry::KEY_OPERATIONS.name_of(value)
}

/// An integer or text whose values have names; nothing else is shown.
struct Number(fn(IntOrText<'_>) -> Option<&'static str>);

impl Names for Number {
    fn value(&self, value: IntOrText<'_>) -> Option<&str> {
        (self.0)(value)
    }

    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        unless(item, &[Type::Int, Type::Text])
    }
}

/// A byte string, or the sign of a coordinate; nothing else is shown.
struct Octets;

impl Names for Octets {
    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        unless(item, &[Type::Bytes, Type::Bool])
    }
}

fn unless(item: &[u8], expected: &[Type]) -> Option<&'static dyn Names> {
    let found = Reader::new(item, Strictness::LENIENT).peek();
    if found.is_ok_and(|found| expected.contains(&found)) { None } else { Some(&Hidden) }
}
