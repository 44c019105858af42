//! The claims of an attestation token, checked and read by type in one pass.

use std::hint::black_box;

use ciborium::Value;
use cose_ext::{
    Profile,
    cbor::{Limits, Map, Reader, Strictness, check},
};

use crate::{
    evidence::{LEN, claims as encoded, read},
    work::Work,
};

/// The keys of the claims set.
const KEYS: [i64; 10] = [268, 2396, 2399, 2395, 10, 2400, 2394, 256, 265, 2398];

/// Returns the works of this benchmark. ciborium checks neither keys nor types.
pub fn claims() -> Vec<Work> {
    let bytes: &'static [u8] = encoded().leak();
    let by_ciborium = move || ciborium::from_reader::<Value, _>(black_box(bytes)).expect("a value");
    assert_eq!(bytes.len(), LEN);
    assert_eq!(by_ciborium().as_map().map(Vec::len), Some(10));
    let typed = read(bytes).expect("claims");
    assert_eq!((typed.client_id, typed.lifecycle), (Some(-1), Some(0x3000)));
    assert_eq!(typed.components[3].name, Some("App"));
    let what = "claims of 566 bytes, every claim read";
    vec![
        Work::new(what, "cose-ext", move || read(black_box(bytes)).expect("claims")),
        Work::new(what, "ciborium, a Value", by_ciborium),
        Work::new(what, "cose-ext, the check alone", move || {
            let mut reader = Reader::new(black_box(bytes), Strictness::LENIENT);
            check(&mut reader, &Limits::DEFAULT).expect("well-formed");
        }),
        Work::new(what, "cose-ext, check and find_all of 10 keys", move || {
            let item = Profile::LENIENT.item(black_box(bytes), 0).expect("an item");
            _ = black_box(Map::new(&item).expect("a map").find_all(KEYS));
        }),
    ]
}
