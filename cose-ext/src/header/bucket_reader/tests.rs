//! Both ways through a bucket beside each other.

use std::{vec, vec::Vec};

use super::*;
use crate::{AlgorithmPlacement, cbor::Strictness};

const SIDES: [Side; 2] = [Side::Protected, Side::Unprotected(AlgorithmPlacement::AnyBucket)];

/// Labels, each right in itself or not: in order and out of it, short and longer than needed, twice
/// as values, in chunks, misplaced on one side, of no type that a label has.
const LABELS: [&[u8]; 18] = [
    b"\x01",
    b"\x18\x01",
    b"\x02",
    b"\x04",
    b"\x0b",
    b"\x0f",
    b"\x18\x3e",
    b"\x18\x3f",
    b"\x19\x01\x8b",
    b"\x19\x01\x8c",
    b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x20",
    b"\x38\x20",
    b"\x61a",
    b"\x61b",
    b"\x61\xff",
    b"\x7f\x61a\xff",
    b"\x41a",
];

/// Values of all kinds, the last ones wrong.
const VALUES: [&[u8]; 16] = [
    b"\x26",
    b"\x58\x01a",
    b"\x61a",
    b"\xf6",
    b"\xf9\x3c\x00",
    b"\x82\x01\xc1\x02",
    b"\xa2\x01\x02\x03\x04",
    b"\xa2\x03\x04\x01\x02",
    b"\x9f\x01\xff",
    b"\x5f\x41a\xff",
    b"\x81\x81\x81\x81\x81\x81\x81\x01",
    b"\xa2\x01\x02\x01\x03",
    b"\x61\xff",
    b"\xff",
    b"\x1c",
    b"\x42a",
];

type Outcome = Result<(Vec<u8>, usize, usize, u64, usize), Error>;

fn outcome(
    read: fn(&mut Reader<'static>, Side, &Limits) -> Result<Bucket<'static>, Error>,
    reader: &Reader<'static>,
    side: Side,
    limits: &Limits,
) -> Outcome {
    let mut reader = reader.clone();
    let bucket = read(&mut reader, side, limits)?;
    let (offset, len) = (bucket.offset(), bucket.len());
    Ok((bucket.bytes().to_vec(), offset, len, bucket.labels(), reader.position()))
}

fn agree(bytes: Vec<u8>) {
    let bytes: &'static [u8] = Vec::leak(bytes);
    let few = Limits::DEFAULT.with_header_entries(1);
    let shallow = Limits { cbor: Limits::DEFAULT.cbor.with_depth(2), ..Limits::DEFAULT };
    for strictness in [Strictness::LENIENT, Strictness::DETERMINISTIC] {
        let limits = [Limits::DEFAULT, few, shallow];
        for (side, limits) in
            SIDES.iter().flat_map(|side| limits.iter().map(|limits| (*side, limits)))
        {
            // One byte stands before the map.
            let reader = Reader::new(bytes, strictness).at(1);
            let read = outcome(Bucket::read, &reader, side, limits);
            let any = outcome(Bucket::read_any, &reader, side, limits);
            assert_eq!(read, any, "{bytes:02x?}");
        }
    }
}

fn bucket(entries: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0, 0xa0 + u8::try_from(entries.len()).unwrap()];
    for (label, value) in entries {
        bytes.extend_from_slice(label);
        bytes.extend_from_slice(value);
    }
    bytes
}

#[test]
fn a_common_map_is_read_as_any_other() {
    agree(bucket(&[]));
    for label in LABELS {
        for value in VALUES {
            let one = bucket(&[(label, value)]);
            (1..one.len()).for_each(|len| agree(one[..len].to_vec()));
            agree(one);
            for second in LABELS {
                agree(bucket(&[(label, value), (second, b"\x01")]));
                agree(bucket(&[(label, b"\x01"), (second, value)]));
                agree(bucket(&[(b"\x00", b"\x01"), (label, value), (second, b"\x01")]));
            }
        }
    }
}

/// What this costs is counted in looks at the same bytes, and the second look is the other way.
#[test]
fn headers_of_statements_and_receipts_are_looked_at_once() {
    let claims = b"\xa3\x01\x61i\x02\x61s\x06\x1a\x6a\xb1\x3b\x80";
    let statement: [(&[u8], &[u8]); 5] = [
        (b"\x01", b"\x26"),
        (b"\x03", b"\x78\x18application/octet-stream"),
        (b"\x04", b"\x4dmaker-2026-11"),
        (b"\x0f", claims),
        (b"\x19\x01\x02", b"\x2f"),
    ];
    let receipt: [(&[u8], &[u8]); 3] =
        [(b"\x01", b"\x26"), (b"\x04", b"\x41k"), (b"\x19\x01\x8b", b"\x01")];
    let proofs: [(&[u8], &[u8]); 1] = [(b"\x19\x01\x8c", b"\xa1\x20\x81\x43\x01\x02\x03")];
    for strictness in [Strictness::LENIENT, Strictness::DETERMINISTIC] {
        for (side, entries) in
            [(0, &statement[..]), (0, &receipt[..]), (1, &proofs[..]), (1, &[][..])]
        {
            let bytes = bucket(entries);
            let mut reader = Reader::new(&bytes, strictness).at(1);
            let read = Bucket::read_plain(&mut reader, SIDES[side], &Limits::DEFAULT);
            assert!(read.is_some_and(|bucket| bucket.len() == entries.len()));
            assert!(reader.is_at_end());
        }
    }
}
