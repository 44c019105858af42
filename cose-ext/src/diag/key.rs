use super::{Each, Field, Names, Secrecy, header::algorithm, integer_under, names::Hidden};
use crate::{
    Label,
    cbor::{Int, Reader, Strictness, Type},
    crypto::KeyType,
    key::CoseKey,
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
    fn label(&self, label: Label<'_>) -> Field<'_> {
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
        let key_type = integer_under(item, CoseKey::KTY).and_then(Int::to_i64)?;
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

/// The parameters of one key type.
struct Parameters {
    public: &'static [(i64, &'static str, &'static dyn Names)],
    secret: &'static [(i64, &'static str)],
}

const CURVE: Number = Number(curve);

const OKP: Parameters =
    Parameters { public: &[(-1, "crv", &CURVE), (-2, "x", &Octets)], secret: &[(-4, "d")] };

const EC2: Parameters = Parameters {
    public: &[(-1, "crv", &CURVE), (-2, "x", &Octets), (-3, "y", &Octets)],
    secret: &[(-4, "d")],
};

/// RFC 8230 4.
const RSA: Parameters = Parameters {
    public: &[(-1, "n", &Octets), (-2, "e", &Octets)],
    secret: &[
        (-3, "d"),
        (-4, "p"),
        (-5, "q"),
        (-6, "dP"),
        (-7, "dQ"),
        (-8, "qInv"),
        (-9, "other"),
        (-10, "r_i"),
        (-11, "d_i"),
        (-12, "t_i"),
    ],
};

const SYMMETRIC: Parameters = Parameters { public: &[], secret: &[(-1, "k")] };

const HSS_LMS: Parameters = Parameters { public: &[(-1, "pub", &Octets)], secret: &[] };

const AKP: Parameters = Parameters { public: &[(-1, "pub", &Octets)], secret: &[(-2, "priv")] };

impl Names for Parameters {
    fn label(&self, label: Label<'_>) -> Field<'_> {
        let Some(number) = label.to_i64() else { return Field::unnamed(&Hidden) };
        if let Some((_, name, names)) = self.public.iter().find(|entry| entry.0 == number) {
            return Field::new(name, *names);
        }
        match self.secret.iter().find(|entry| entry.0 == number) {
            Some((_, name)) => Field::new(name, &Hidden),
            None => common(label),
        }
    }

    fn other_key(&self) -> Field<'_> {
        Field::unnamed(&Hidden)
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::Mixed
    }
}

/// The parameters that every key type has (RFC 9052 7.1).
fn common(label: Label<'_>) -> Field<'static> {
    match label {
        CoseKey::KTY => Field::new("kty", &Number(key_type)),
        CoseKey::KID => Field::new("kid", &Octets),
        CoseKey::ALG => Field::new("alg", &Number(algorithm)),
        CoseKey::KEY_OPS => Field::new("key_ops", &Each(&Number(key_operation))),
        BASE_IV => Field::new("Base IV", &Octets),
        _ => Field::unnamed(&Hidden),
    }
}

const BASE_IV: Label<'static> = Label::int(5);

fn key_type(value: Label<'_>) -> Option<&'static str> {
    registry::KEY_TYPES.label_name(value)
}

fn curve(value: Label<'_>) -> Option<&'static str> {
    registry::CURVES.label_name(value)
}

fn key_operation(value: Label<'_>) -> Option<&'static str> {
    registry::KEY_OPERATIONS.label_name(value)
}

/// An integer or text whose values have names; nothing else is shown.
struct Number(fn(Label<'_>) -> Option<&'static str>);

impl Names for Number {
    fn value(&self, value: Label<'_>) -> Option<&str> {
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
