//! Names in CWTs (RFC 8392 7).

use super::{ClaimsNames, CoseNames, Elements, Field, Names, Wrapped, cose};
use crate::{
    cbor::{Item, Reader, Strictness, Type},
    tag,
};

/// A CWT: a message whose payload is a claims set or another CWT; untagged, a COSE_Sign1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenNames;

const PAYLOAD: (&str, &dyn Names) = ("payload", &Payload);

const SIGN1: Elements<'_> =
    Elements(&[cose::PROTECTED, cose::UNPROTECTED, PAYLOAD, cose::SIGNATURE]);
const SIGN: Elements<'_> =
    Elements(&[cose::PROTECTED, cose::UNPROTECTED, PAYLOAD, cose::SIGNATURES_OF_SIGN]);
const MAC0: Elements<'_> =
    Elements(&[cose::PROTECTED, cose::UNPROTECTED, PAYLOAD, cose::AUTHENTICATION_TAG]);
const MAC: Elements<'_> = Elements(&[
    cose::PROTECTED,
    cose::UNPROTECTED,
    PAYLOAD,
    cose::AUTHENTICATION_TAG,
    cose::RECIPIENTS,
]);

impl Names for TokenNames {
    fn tag(&self, number: u64) -> Field<'_> {
        match number {
            tag::COSE_SIGN1 => Field::unnamed(&SIGN1),
            tag::COSE_SIGN => Field::unnamed(&SIGN),
            tag::COSE_MAC0 => Field::unnamed(&MAC0),
            tag::COSE_MAC => Field::unnamed(&MAC),
            tag::CWT | tag::SELF_DESCRIBED => Field::unnamed(self),
            _ => CoseNames.tag(number),
        }
    }

    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        let is_array = Reader::new(item, Strictness::LENIENT).peek() == Ok(Type::Array);
        is_array.then_some(&SIGN1)
    }
}

/// The payload of a CWT: a byte string that wraps a claims set, or another CWT, which starts with a
/// tag.
struct Payload;

impl Names for Payload {
    fn resolve(&self, item: &[u8]) -> Option<&dyn Names> {
        let content = match Reader::new(item, Strictness::LENIENT).item() {
            Ok(Item::Bytes(content)) => content,
            _ => return None,
        };
        match Reader::new(content, Strictness::LENIENT).peek() {
            Ok(Type::Tag) => Some(&Wrapped(&TokenNames)),
            _ => Some(&Wrapped(&ClaimsNames)),
        }
    }
}
