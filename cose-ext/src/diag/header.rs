use super::{
    ClaimsNames, CoseNames, Each, Elements, Field, KeyNames, Names, Unnamed, Values, Wrapped,
    cose::SIGNATURES, proofs::VDP,
};
use crate::{
    Label,
    cbor::{Item, Reader, Strictness, Type},
    registry,
};

/// A map of COSE header parameters (RFC 9052 3.1 and the extensions that this crate reads).
#[derive(Clone, Copy, Debug)]
pub struct HeaderNames;

impl Names for HeaderNames {
    fn label(&self, label: Label<'_>) -> Field<'_> {
        let names: &dyn Names = match label {
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
            Label::VDP => &VDP,
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

/// Header parameters of a recipient: also those that its algorithm defines (IANA "COSE Header
/// Algorithm Parameters").
struct RecipientHeaders;

impl Names for RecipientHeaders {
    fn label(&self, label: Label<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(-1) => Field::new("ephemeral key", &KeyNames),
            Some(-2) => Field::new("static key", &KeyNames),
            Some(-3) => Field::named("static key id"),
            Some(-20) => Field::named("salt"),
            Some(-21) => Field::named("PartyU identity"),
            Some(-22) => Field::named("PartyU nonce"),
            Some(-23) => Field::named("PartyU other"),
            Some(-24) => Field::named("PartyV identity"),
            Some(-25) => Field::named("PartyV nonce"),
            Some(-26) => Field::named("PartyV other"),
            _ => HeaderNames.label(label),
        }
    }
}

fn header_label(label: Label<'_>) -> Option<&'static str> {
    registry::HEADER_PARAMETERS.label_name(label)
}

pub(super) fn algorithm(value: Label<'_>) -> Option<&'static str> {
    registry::ALGORITHMS.label_name(value)
}

fn content_format(value: Label<'_>) -> Option<&'static str> {
    registry::CONTENT_FORMATS.label_name(value)
}

fn vds(value: Label<'_>) -> Option<&'static str> {
    registry::VERIFIABLE_DATA_STRUCTURES.label_name(value)
}
