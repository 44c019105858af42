//! Messages written without heap beside those of the builders: the same choices give the same bytes, in both tiers, and read back
//! as what was written.
#![no_main]

use std::collections::BTreeMap;

use cose_ext::cbor::Writer;
use cose_ext::crypto::Algorithm;
use cose_ext::sign1::{Draft, Sign1Builder};
use cose_ext::{Content, Profile, Sign1};
use fuzz::Chosen;
use libfuzzer_sys::fuzz_target;
use rand_core::Rng;

/// What a parameter may hold.
#[derive(Debug)]
enum Held {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
}

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Chosen::by(bytes);
    let protected = parameters(&mut choices, 1);
    let unprotected = parameters(&mut choices, 1000);
    let len = choices.next_u32() as usize * if choices.next_u32() % 8 == 0 { 300 } else { 1 };
    let payload = vec![0x42; len];
    let detached = choices.next_u32() % 2 == 1;
    let untagged = choices.next_u32() % 2 == 1;
    let mut signature = [0; 64];
    choices.fill_bytes(&mut signature);

    let mut builder = Sign1Builder::new();
    for (label, value) in protected.values() {
        builder = match value {
            Held::Int(value) => builder.protected(*label, *value),
            Held::Bytes(value) => builder.protected(*label, &value[..]),
            Held::Text(value) => builder.protected(*label, &value[..]),
        };
    }
    for (label, value) in unprotected.values() {
        builder = match value {
            Held::Int(value) => builder.unprotected(*label, *value),
            Held::Bytes(value) => builder.unprotected(*label, &value[..]),
            Held::Text(value) => builder.unprotected(*label, &value[..]),
        };
    }
    let builder = if untagged { builder.untagged() } else { builder };
    let content = if detached { Content::Detached(&payload) } else { Content::Embedded(&payload) };
    let built = builder.prepare(Algorithm::ES256, content);

    let mut buffer = vec![0; 8192 + 2 * len];
    let draft = Draft::write(&mut buffer, Algorithm::ES256, protected.len(), |header| {
        write(header, &protected);
    });
    let draft = draft.unprotected(unprotected.len(), |header| write(header, &unprotected));
    let draft = draft.room_for(signature.len());
    let draft = if detached {
        draft.detached(&payload)
    } else {
        draft.payload(|writer| _ = writer.encoded(&payload))
    };
    let draft = draft.expect("there is room");
    let draft = if untagged { draft.untagged() } else { draft };
    // What the builder refuses (parameters of a wrong type, both IVs) the draft says when it is asked.
    let Ok(built) = built else {
        assert!(draft.check().is_err(), "the builder refuses what the draft does not");
        return;
    };
    assert_eq!(draft.check(), Ok(()));
    assert_eq!(built.structure().parts().concat(), draft.structure().parts().concat());
    let built = built.attach(&signature);
    let written = draft.attach(&signature).expect("there is room");
    assert_eq!(built, written);
    let read = Sign1::decode(written, &Profile::DETERMINISTIC).expect("what was written");
    assert_eq!(read.signature(), signature);
});

/// Chooses parameters with labels from `first` on that no registered parameter of the header has to be of a type for, in the order
/// of their encodings.
fn parameters(choices: &mut Chosen<'_>, first: i64) -> BTreeMap<Vec<u8>, (i64, Held)> {
    let count = choices.next_u32() % 6;
    let mut all = BTreeMap::new();
    for _ in 0..count {
        let label = -70_000 - first - i64::from(choices.next_u32()) * 17;
        let value = match choices.next_u32() % 3 {
            0 => Held::Int(i64::from(choices.next_u32()) << (choices.next_u32() % 40)),
            1 => Held::Bytes(vec![7; choices.next_u32() as usize]),
            _ => Held::Text("t".repeat(choices.next_u32() as usize)),
        };
        let mut key = [0; 16];
        let mut writer = Writer::new(&mut key);
        writer.int(label);
        let key = writer.finish().expect("a head").to_vec();
        all.insert(key, (label, value));
    }
    all
}

fn write(header: &mut Writer<'_>, parameters: &BTreeMap<Vec<u8>, (i64, Held)>) {
    for (label, value) in parameters.values() {
        header.int(*label);
        match value {
            Held::Int(value) => header.int(*value),
            Held::Bytes(value) => header.bytes(value),
            Held::Text(value) => header.text(value),
        };
    }
}
