//! Names of header parameters (RFC 9052 3.1).

use super::{
    ClaimsNames, CoseNames, Each, Field, Names, Unnamed, Values, Wrapped, cose::SIGNATURES,
    proofs::Proofs,
};
use crate::{
    IntOrText, Label,
    cbor::{Item, Reader, Strictness, Type},
    registry,
};

/// A map of COSE header parameters (RFC 9052 3.1 and the extensions that this crate reads).
#[derive(Clone, Copy, Debug)]
pub struct HeaderNames;

impl Names for HeaderNames {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        let names: &dyn Names = match Label::from(label) {
            Label::ALG | Label::PAYLOAD_HASH_ALG => &Values(algorithm),
            Label::CRIT => &Each(&Values(header_label)),
            Label::CONTENT_TYPE | Label::TYP | Label::PAYLOAD_PREIMAGE_CONTENT_TYPE => {
                &Values(content_format)
            }
            Label::COUNTER_SIGNATURE | Label::COUNTERSIGNATURE_V2 => &Countersignatures,
            Label::KCWT => &CoseNames,
            Label::KCCS | Label::CWT_CLAIMS => &ClaimsNames,
            Label::X5T | Label::X5T_SENDER => &CertHash,
            Label::RECEIPTS => &Each(&Wrapped(&CoseNames)),
            Label::VDS => &Values(vds),
            Label::VDP => &Proofs,
            _ => &Unnamed,
        };
        header_label(label).map_or(Field::UNKNOWN, |name| Field::new(name, names))
    }
}

/// `COSE_CertHash` (RFC 9360 2): an algorithm and a digest.
struct CertHash;

impl Names for CertHash {
    fn element(&self, index: u64, _len: Option<u64>) -> Field<'_> {
        match index {
            0 => Field::unnamed(&Values(algorithm)),
            _ => Field::UNKNOWN,
        }
    }
}

/// One countersignature, or an array of them (RFC 9338 3.1).
pub(crate) struct Countersignatures;

impl Names for Countersignatures {
    fn tag(&self, number: u64) -> Field<'_> {
        CoseNames.tag(number)
    }

    fn element(&self, _index: u64, _len: Option<u64>) -> Field<'_> {
        Field::unnamed(self)
    }

    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        let mut reader = Reader::new(item, Strictness::LENIENT);
        let is_one =
            matches!(reader.item(), Ok(Item::Array(_))) && matches!(reader.peek(), Ok(Type::Bytes));
        is_one.then_some(&SIGNATURES)
    }
}

pub(super) fn header_label(label: IntOrText<'_>) -> Option<&'static str> {
    registry::HEADER_PARAMETERS.name_of(label)
}

pub(super) fn algorithm(value: IntOrText<'_>) -> Option<&'static str> {
    registry::ALGORITHMS.name_of(value)
}

fn content_format(value: IntOrText<'_>) -> Option<&'static str> {
    registry::CONTENT_FORMATS.name_of(value)
}

fn vds(value: IntOrText<'_>) -> Option<&'static str> {
    registry::VERIFIABLE_DATA_STRUCTURES.name_of(value)
}
