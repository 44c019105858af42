//! Messages of one signer beside the crate `coset`: what both read, they read alike, and they sign over the same bytes.
#![no_main]

#[path = "beside_coset/types.rs"]
mod types;

use cose_ext::{EmptyProtected, Input, Profile, Sign1};
use coset::{CborSerializable, CoseSign1, Header, TaggedCborSerializable};
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

/// A header as coset writes it: a NaN equals itself there.
fn written(header: Header) -> Vec<u8> {
    header.to_vec().unwrap()
}
