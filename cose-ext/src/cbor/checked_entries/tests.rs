//! The entries and errors are those of a map that is checked first and read then.

use std::{vec, vec::Vec};

use proptest::prelude::*;

use super::*;
use crate::cbor::ErrorKind;

/// What a map holds, as bytes and offsets of keys and values, or what is wrong with it.
type Outcome = Result<Vec<(Vec<u8>, usize, Vec<u8>, usize)>, (ErrorKind, usize)>;

fn collected<'b>(entries: impl Iterator<Item = (Raw<'b>, Raw<'b>)>) -> Outcome {
    Ok(entries
        .map(|(key, value)| {
            (key.bytes().to_vec(), key.offset(), value.bytes().to_vec(), value.offset())
        })
        .collect())
}

fn on_the_way(bytes: &[u8], strictness: Strictness, limits: &Limits) -> Outcome {
    let read = || {
        let mut entries = CheckedEntries::open(bytes, 7, strictness, limits)?;
        let mut found = vec![];
        while let Some(entry) = entries.next()? {
            found.push(entry);
        }
        assert_eq!(entries.next().map(|entry| entry.is_none()), Ok(true));
        assert_eq!((entries.map().len(), entries.map().offset()), (found.len(), 7));
        Ok(found)
    };
    read()
        .map_err(|error: Error| (error.kind(), error.offset()))
        .and_then(|found| collected(found.into_iter()))
}

fn at_once(bytes: &[u8], strictness: Strictness, limits: &Limits) -> Outcome {
    Map::decode(bytes, 7, strictness, limits)
        .map_err(|error| (error.kind(), error.offset()))
        .and_then(|map| collected(map.iter()))
}

#[test]
fn limits_are_those_of_a_map_that_is_checked_at_once() {
    let nested = b"\xa1\x01\x81\x81\x81\x81\x81\x81\x81\x00";
    for depth in 0..10 {
        let limits = Limits::DEFAULT.with_depth(depth);
        let outcome = on_the_way(nested, Strictness::LENIENT, &limits);
        assert_eq!(outcome, at_once(nested, Strictness::LENIENT, &limits), "{depth}");
        assert_eq!(outcome.is_ok(), depth >= 8, "{depth}");
    }
    let wide = b"\xa2\x01\x82\x00\x00\x02\x00";
    for items in 0..9 {
        let limits = Limits::DEFAULT.with_items(items);
        let outcome = on_the_way(wide, Strictness::LENIENT, &limits);
        assert_eq!(outcome, at_once(wide, Strictness::LENIENT, &limits), "{items}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4096) })]

    #[test]
    fn what_is_read_on_the_way_is_what_is_read_at_once(
        head in prop_oneof![Just(0xa1u8), Just(0xa2), Just(0xa3), Just(0xbf), any::<u8>()],
        rest in prop::collection::vec(
            prop_oneof![
                0u8..4, Just(0x18), Just(0x20), Just(0x41), Just(0x61), Just(0x81), Just(0xa1),
                Just(0xc1), Just(0xf5), Just(0xf9), Just(0xff), any::<u8>()
            ],
            0..12,
        ),
    ) {
        let bytes = [vec![head], rest].concat();
        for strictness in [Strictness::LENIENT, Strictness::DETERMINISTIC] {
            let limits = Limits::DEFAULT;
            prop_assert_eq!(
                on_the_way(&bytes, strictness, &limits),
                at_once(&bytes, strictness, &limits)
            );
        }
    }
}
