//! Names in any COSE object, found by its tag or shape.

use super::{
    Each, Elements, Field, HeaderNames, Names, Unnamed, Wrapped,
    recipient::Recipients,
    recognised::{Content, alone},
};
use crate::{
    cbor::{Error, Item, MAX_DEPTH, Reader, Strictness, Type},
    diag::skip::skip,
    tag,
};

/// A COSE message (RFC 9052 2): tagged, or an untagged array that has the shape of a COSE_Sign1. A
/// COSE_Key and a claims set are recognised, too, alone or as the payload of a message.
///
/// An untagged COSE_Mac0 has that shape too; then its tag is called a signature.
#[derive(Clone, Copy, Debug)]
pub struct CoseNames;

pub(super) const PROTECTED: (&str, &dyn Names) = ("protected", &Wrapped(&HeaderNames));
pub(super) const UNPROTECTED: (&str, &dyn Names) = ("unprotected", &HeaderNames);
const PAYLOAD: (&str, &dyn Names) = ("payload", &Content);
const CIPHERTEXT: (&str, &dyn Names) = ("ciphertext", &Unnamed);
pub(super) const SIGNATURE: (&str, &dyn Names) = ("signature", &Unnamed);
pub(super) const AUTHENTICATION_TAG: (&str, &dyn Names) = ("tag", &Unnamed);
pub(super) const RECIPIENTS: (&str, &dyn Names) = ("recipients", &Recipients);

pub(super) const SIGN1: Elements<'_> = Elements(&[PROTECTED, UNPROTECTED, PAYLOAD, SIGNATURE]);
pub(super) const SIGNATURES_OF_SIGN: (&str, &dyn Names) = ("signatures", &Each(&SIGNATURES));
pub(super) const SIGN: Elements<'_> =
    Elements(&[PROTECTED, UNPROTECTED, PAYLOAD, SIGNATURES_OF_SIGN]);
pub(super) const MAC0: Elements<'_> =
    Elements(&[PROTECTED, UNPROTECTED, PAYLOAD, AUTHENTICATION_TAG]);
pub(super) const MAC: Elements<'_> =
    Elements(&[PROTECTED, UNPROTECTED, PAYLOAD, AUTHENTICATION_TAG, RECIPIENTS]);
pub(super) const ENCRYPT0: Elements<'_> = Elements(&[PROTECTED, UNPROTECTED, CIPHERTEXT]);
pub(super) const ENCRYPT: Elements<'_> =
    Elements(&[PROTECTED, UNPROTECTED, CIPHERTEXT, RECIPIENTS]);

/// COSE_Signature and COSE_Countersignature (RFC 9052 4.1, RFC 9338 3.1).
pub(super) const SIGNATURES: Elements<'_> = Elements(&[PROTECTED, UNPROTECTED, SIGNATURE]);

impl Names for CoseNames {
    fn tag(&self, number: u64) -> Field<'_> {
        match number {
            tag::COSE_SIGN1 => Field::unnamed(&SIGN1),
            tag::COSE_SIGN => Field::unnamed(&SIGN),
            tag::COSE_MAC0 => Field::unnamed(&MAC0),
            tag::COSE_MAC => Field::unnamed(&MAC),
            tag::COSE_ENCRYPT0 => Field::unnamed(&ENCRYPT0),
            tag::COSE_ENCRYPT => Field::unnamed(&ENCRYPT),
            tag::COSE_COUNTERSIGNATURE => Field::unnamed(&SIGNATURES),
            // CWT (RFC 8392 6) and self-described CBOR (RFC 8949 3.4.6) go around a message.
            tag::CWT | tag::SELF_DESCRIBED => Field::unnamed(self),
            _ => Field::UNKNOWN,
        }
    }

    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        if has_sign1_shape(item).unwrap_or(false) { Some(&SIGN1) } else { alone(item) }
    }
}

fn has_sign1_shape(item: &[u8]) -> Result<bool, Error> {
    let mut reader = Reader::new(item, Strictness::LENIENT);
    let Item::Array(len) = reader.item()? else { return Ok(false) };
    if len.is_some_and(|len| len != 4)
        || !matches!(reader.item()?, Item::Bytes(_))
        || reader.peek()? != Type::Map
    {
        return Ok(false);
    }
    skip(&mut reader, MAX_DEPTH)?;
    Ok(matches!(reader.item()?, Item::Bytes(_) | Item::Null)
        && matches!(reader.item()?, Item::Bytes(_))
        && (len.is_some() || reader.take_break()?))
}
