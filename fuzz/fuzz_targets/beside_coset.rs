//! Messages of one signer beside the crate `coset`: what both read, they read alike, and they sign over the same bytes.
#![no_main]

#[path = "beside_coset/types.rs"]
mod types;

use cose_ext::{EmptyProtected, Input, Profile, Sign1};
use coset::cbor::Value;
use coset::{AsCborValue, CborSerializable, CoseSign1, Header, TaggedCborSerializable};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    types::compare(bytes);
    sign1(bytes);
});

fn sign1(bytes: &[u8]) {
    // The other library takes far longer to refuse.
    let Ok(ours) = Sign1::decode(bytes, &Profile::LENIENT) else { return };
    let theirs = CoseSign1::from_tagged_slice(bytes).or_else(|_| CoseSign1::from_slice(bytes));
    let Ok(theirs) = theirs else { return };
    let payload = ours.danger_unverified_payload();
    assert_eq!(payload, theirs.payload.as_deref(), "payload");
    assert_eq!(ours.signature(), theirs.signature, "signature");

    let input = if payload.is_some() { Input::embedded() } else { Input::detached(b"apart") };
    let input = input.with_external_aad(b"aad");
    // coset signs over an empty map as it came.
    let profile = Profile::LENIENT.with_empty_protected(EmptyProtected::AsReceived);
    if let Ok(structure) = ours.to_be_signed(&input, &profile) {
        let ours: Vec<u8> = structure.parts().concat();
        let theirs = match payload {
            Some(_) => theirs.tbs_data(b"aad"),
            None => theirs.tbs_detached_data(b"apart", b"aad"),
        };
        assert_eq!(ours, theirs, "what is signed");
    }
    let Ok(converted) = CoseSign1::try_from(&ours) else { return };
    assert_eq!(written(converted.protected.header), written(theirs.protected.header), "protected");
    assert_eq!(written(converted.unprotected), written(theirs.unprotected), "unprotected");
}

/// A header as coset writes it, where a NaN equals itself, with bignums in one form: ciborium leaves them as they came inside of other
/// tags.
fn written(header: Header) -> Vec<u8> {
    let value = normal(header.to_cbor_value().unwrap());
    let mut out = Vec::new();
    coset::cbor::ser::into_writer(&value, &mut out).unwrap();
    out
}

fn normal(value: Value) -> Value {
    match value {
        Value::Array(elements) => Value::Array(elements.into_iter().map(normal).collect()),
        Value::Map(entries) => Value::Map(
            entries.into_iter().map(|(key, value)| (normal(key), normal(value))).collect(),
        ),
        Value::Tag(number @ (2 | 3), content) => {
            let Value::Bytes(digits) = *content else {
                return Value::Tag(number, Box::new(normal(*content)));
            };
            let digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
            match <[u8; 8]>::try_from([&[0; 8][digits.len().min(8)..], &digits].concat()) {
                Ok(small) if number == 2 => u64::from_be_bytes(small).into(),
                Ok(small) => {
                    Value::Integer((-1 - i128::from(u64::from_be_bytes(small))).try_into().unwrap())
                }
                Err(_) => Value::Tag(number, Box::new(Value::Bytes(digits))),
            }
        }
        Value::Tag(number, content) => Value::Tag(number, Box::new(normal(*content))),
        other => other,
    }
}
