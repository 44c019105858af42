//! To the types of coset and back: what coset holds is held whole, and what it does not hold is refused with the reason.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[path = "support/beside.rs"]
mod beside;
#[path = "coset/builders.rs"]
mod builders;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "coset/keys.rs"]
mod keys;
#[path = "support/messages.rs"]
mod messages;
#[path = "coset/refused.rs"]
mod refused;

use std::collections::BTreeMap;

use coset::cbor::Value;

use beside::{Kind, Theirs};
use corpus::{made, published};

/// Returns the value with the entries of maps in one order. What coset writes for `h'a0'` in the place of a protected
/// bucket is `h''`, so that it signs what RFC 9052 4.4 says: both are read as one here.
fn canonical(value: Value) -> Value {
    match value {
        Value::Map(entries) => {
            let mut entries: Vec<(Value, Value)> = entries
                .into_iter()
                .map(|(key, value)| (canonical(key), canonical(value)))
                .collect();
            entries.sort_by_key(|(key, _)| encoded(key));
            Value::Map(entries)
        }
        Value::Array(mut elements) => {
            if let [Value::Bytes(protected), Value::Map(_), ..] = elements.as_mut_slice()
                && matches!(protected.as_slice(), [0xa0] | [0xb8, 0] | [0xbf, 0xff])
            {
                protected.clear();
            }
            Value::Array(elements.into_iter().map(canonical).collect())
        }
        Value::Tag(number, content) => Value::Tag(number, Box::new(canonical(*content))),
        scalar => scalar,
    }
}

fn encoded(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    coset::cbor::ser::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn decoded(bytes: &[u8]) -> Value {
    coset::cbor::de::from_reader(bytes).unwrap()
}

/// Messages that are read here, of each kind that they can be read as.
fn every_message() -> impl Iterator<Item = (Kind, Vec<u8>)> {
    made().into_iter().chain(published()).flat_map(|message| {
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.ours(&message).is_ok());
        kinds.map(|kind| (kind, message.clone())).collect::<Vec<_>>()
    })
}

#[test]
fn what_is_converted_is_the_same_message_and_signs_the_same_bytes() {
    let mut counts = BTreeMap::new();
    for (kind, message) in every_message() {
        let ours = kind.ours(&message).unwrap();
        let name = format!("{kind:?}");
        let theirs = match ours.converted {
            Ok(theirs) => theirs,
            Err(error) => {
                *counts.entry(format!("{name}: {error}")).or_insert(0) += 1;
                continue;
            }
        };
        *counts.entry(name).or_insert(0) += 1;
        let shown = hex::encode(&message);
        assert_eq!(theirs.reading(ours.reading.is_tagged), ours.reading, "{shown}");
        let structures: Vec<_> = ours.structures.into_iter().map(|one| one.bytes).collect();
        assert_eq!(theirs.structures(), structures, "{shown}");
        let written = theirs.to_bytes(ours.reading.is_tagged);
        assert_eq!(canonical(decoded(&written)), canonical(decoded(&message)), "{shown}");
        // And what coset wrote is read here again, as the same message.
        let again = kind.ours(&written).unwrap();
        assert_eq!(again.reading, ours.reading, "{shown}");
    }
    for (what, count) in &counts {
        println!("{count:4} {what}");
    }
    assert!(counts["Sign1"] >= 5);
}

/// A message that coset reads, and its view converted, are one value, but for the bytes of an empty protected map.
#[test]
fn what_is_converted_is_what_coset_reads() {
    let mut compared = 0;
    for (kind, message) in every_message() {
        let ours = kind.ours(&message).unwrap();
        let (Ok(converted), Ok((read, _))) = (ours.converted, kind.theirs(&message)) else {
            continue;
        };
        if ours.structures.iter().all(|structure| !structure.has_wrapped_empty_map) {
            assert_eq!(normal(converted), normal(read), "{}", hex::encode(&message));
            compared += 1;
        }
    }
    println!("{compared} equal");
    assert!(compared >= 5);
}

/// Returns the message as coset writes and reads it: the order of `rest` follows the input either way.
fn normal(theirs: Theirs) -> Value {
    canonical(decoded(&theirs.to_bytes(true)))
}
