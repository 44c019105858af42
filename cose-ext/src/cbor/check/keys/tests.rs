//! The sketch changes no verdict: maps of random keys, against a comparison of every two of them.

use std::{format, string::String, vec, vec::Vec};

use proptest::prelude::*;

use crate::cbor::{ErrorKind, Limits, Reader, Strictness, check};

/// What a key is, apart from its encoding.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    Int(bool, u64),
    Text(String),
    Bytes(Vec<u8>),
    Array(Vec<Key>),
}

/// How a key is encoded: the least number of bytes of an argument, and whether strings and arrays
/// have indefinite lengths.
#[derive(Clone, Copy, Debug)]
struct Form {
    wide: usize,
    indefinite: bool,
}

fn head(major: u8, argument: u64, wide: usize, out: &mut Vec<u8>) {
    let bytes = argument.to_be_bytes();
    let least = match argument {
        0..=23 => 0,
        24..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    };
    match least.max(wide) {
        0 => out.push(major << 5 | bytes[7]),
        len => {
            out.push(major << 5 | (24 + len.ilog2() as u8));
            out.extend(&bytes[8 - len..]);
        }
    }
}

fn string(major: u8, content: &[u8], form: Form, out: &mut Vec<u8>) {
    if !form.indefinite {
        head(major, content.len() as u64, form.wide, out);
        out.extend(content);
        return;
    }
    out.push(major << 5 | 31);
    for chunk in content.chunks(2) {
        head(major, chunk.len() as u64, form.wide, out);
        out.extend(chunk);
    }
    out.push(0xff);
}

fn encode(key: &Key, form: Form, out: &mut Vec<u8>) {
    match key {
        Key::Int(negative, argument) => head(u8::from(*negative), *argument, form.wide, out),
        Key::Text(text) => string(3, text.as_bytes(), form, out),
        Key::Bytes(bytes) => string(2, bytes, form, out),
        Key::Array(keys) => {
            if form.indefinite {
                out.push(0x9f);
            } else {
                head(4, keys.len() as u64, form.wide, out);
            }
            keys.iter().for_each(|key| encode(key, form, out));
            if form.indefinite {
                out.push(0xff);
            }
        }
    }
}

fn form() -> impl Strategy<Value = Form> {
    (prop::sample::select(vec![0, 0, 0, 1, 2, 8]), prop::bool::weighted(0.2))
        .prop_map(|(wide, indefinite)| Form { wide, indefinite })
}

fn key(below: u64) -> impl Strategy<Value = Key> {
    let simple = prop_oneof![
        8 => (any::<bool>(), 0..below).prop_map(|(negative, n)| Key::Int(negative, n)),
        1 => any::<u64>().prop_map(|n| Key::Int(false, n)),
        4 => (0..below).prop_map(|n| Key::Text(format!("{n}"))),
        1 => (0..below).prop_map(|n| Key::Text(format!("a text longer than a word {n}"))),
        1 => (0..below).prop_map(|n| Key::Bytes(format!("{n}").into_bytes())),
    ];
    let inner = simple.clone();
    prop_oneof![
        9 => simple,
        1 => prop::collection::vec(inner, 0..3).prop_map(Key::Array),
    ]
}

fn map(below: u64) -> impl Strategy<Value = Vec<(Key, Form)>> {
    prop::collection::vec((key(below), form()), 0..100)
}

/// The place of the first key that equals one before it, every two compared.
fn first_duplicate(keys: &[(Key, Form)]) -> Option<usize> {
    (0..keys.len()).find(|at| keys[..*at].iter().any(|(key, _)| *key == keys[*at].0))
}

fn verdict(keys: &[(Key, Form)]) -> Result<(), TestCaseError> {
    let mut bytes = Vec::new();
    head(5, keys.len() as u64, 0, &mut bytes);
    let mut starts = Vec::new();
    for (key, form) in keys {
        starts.push(bytes.len());
        encode(key, *form, &mut bytes);
        // Values that a reader must not take for keys.
        bytes.extend([0x82, 0x01, 0x61, 0x31]);
    }
    let mut reader = Reader::new(&bytes, Strictness::LENIENT);
    let found = check(&mut reader, &Limits::DEFAULT.with_items(usize::MAX));
    match (found, first_duplicate(keys)) {
        (Ok(()), None) => prop_assert!(reader.is_at_end()),
        (Err(error), Some(at)) => {
            prop_assert_eq!((error.kind(), error.offset()), (ErrorKind::DuplicateKey, starts[at]));
        }
        (found, duplicate) => prop_assert!(false, "{found:?}, {duplicate:?}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn c2_the_sketch_changes_no_verdict(keys in prop_oneof![map(20), map(300), map(100_000)]) {
        verdict(&keys)?;
    }

    #[test]
    fn c2_a_key_repeated_anywhere_is_found(
        keys in map(u64::from(u32::MAX)),
        (from, to) in any::<(prop::sample::Index, prop::sample::Index)>(),
        form in form(),
    ) {
        let mut keys = keys;
        if !keys.is_empty() {
            let again = keys[from.index(keys.len())].0.clone();
            keys.insert(to.index(keys.len()), (again, form));
            prop_assert!(first_duplicate(&keys).is_some());
        }
        verdict(&keys)?;
    }
}
