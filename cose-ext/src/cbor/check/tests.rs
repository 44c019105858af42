//! What the checker accepts and refuses.

use std::{vec, vec::Vec};

use super::*;
use crate::cbor::{Strictness, skip, skip_checked};

fn checked(hex: &str, strictness: Strictness) -> Result<(), Error> {
    let bytes = hex::decode(hex).unwrap();
    let mut reader = Reader::new(&bytes, strictness);
    check(&mut reader, &Limits::DEFAULT)?;
    let mut skipped = Reader::new(&bytes, strictness);
    skip(&mut skipped).unwrap();
    assert_eq!(skipped.position(), reader.position());
    let mut passed = Reader::new(&bytes, strictness);
    skip_checked(&mut passed).unwrap();
    assert_eq!(passed.position(), reader.position());
    reader.end()
}

fn kind(hex: &str) -> ErrorKind {
    checked(hex, Strictness::LENIENT).unwrap_err().kind()
}

#[test]
fn c2_duplicate_keys_are_compared_as_values() {
    for hex in [
        "a201001801 00",          // 1 and 1 with a longer head
        "a2 6161 00 7f6161ff 00", // text, definite and chunked
        "a2 6161 00 7f606161 60ff 00",
        "a2 4161 00 5f4161ff 00",
        "a2 8101 00 9f1801ff 00",     // arrays
        "a2 c101 00 c11801 00",       // tags
        "a2 f93c00 00 fa3f800000 00", // 1.0 as half and single
        "bf 01 00 1801 00 ff",
        "a1 18ff a2 20 00 3800 00", // nested
        "81 a3 05 00 01 00 05 00",  // out of order
        "a2 1bffffffffffffffff 00 1bffffffffffffffff 00",
    ] {
        let hex = hex.replace(' ', "");
        assert_eq!(kind(&hex), ErrorKind::DuplicateKey, "{hex}");
    }
    for hex in [
        "a2 01 00 20 00",
        "a2 f90000 00 00 00",
        "a2 61 61 00 41 61 00",
        "a2 f5 00 f4 00",
        "a3 05 00 01 00 04 00",
        "a2 1bffffffffffffffff 00 20 00",
        "a2 3bffffffffffffffff 00 00 00",
        "a2 8101 00 820101 00",
        "a2 c101 00 c1190100 00",
        "a2 f93c00 00 f9bc00 00",
    ] {
        assert_eq!(checked(&hex.replace(' ', ""), Strictness::LENIENT), Ok(()), "{hex}");
    }
}

#[test]
fn not_well_formed_is_refused_with_its_offset() {
    for (hex, want, offset) in [
        ("", ErrorKind::EndOfInput, 0),
        ("18", ErrorKind::EndOfInput, 0),
        ("8201", ErrorKind::EndOfInput, 2),
        ("5bffffffffffffffff00", ErrorKind::EndOfInput, 0),
        ("7b7fffffffffffffff00", ErrorKind::EndOfInput, 0),
        ("9b8000000000000000", ErrorKind::EndOfInput, 9),
        ("bb8000000000000000", ErrorKind::EndOfInput, 0),
        ("1c", ErrorKind::Reserved, 0),
        ("f818", ErrorKind::Reserved, 0),
        ("fc", ErrorKind::Reserved, 0),
        ("ff", ErrorKind::UnexpectedBreak, 0),
        ("8101ff", ErrorKind::TrailingBytes, 2),
        ("82 01 ff", ErrorKind::UnexpectedBreak, 2),
        ("bf01ff", ErrorKind::UnexpectedBreak, 2),
        ("5f6161ff", ErrorKind::BadChunk, 1),
        ("5f5f4161ffff", ErrorKind::BadChunk, 1),
        ("7f4161ff", ErrorKind::BadChunk, 1),
        ("62c328", ErrorKind::InvalidUtf8, 0),
        ("c1", ErrorKind::EndOfInput, 1),
        ("c1ff", ErrorKind::UnexpectedBreak, 1),
    ] {
        let error = checked(&hex.replace(' ', ""), Strictness::LENIENT).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (want, offset), "{hex}");
    }
}

#[test]
fn deterministic_profile_refuses_what_rfc_8949_4_2_1_excludes() {
    for (hex, want) in [
        ("1801", ErrorKind::NotPreferred),
        ("3800", ErrorKind::NotPreferred),
        ("5801 00", ErrorKind::NotPreferred),
        ("9801 00", ErrorKind::NotPreferred),
        ("fa3f800000", ErrorKind::NotPreferred),
        ("f97e01", ErrorKind::NotPreferred),
        ("9fff", ErrorKind::IndefiniteLength),
        ("a2 20 00 0a 00", ErrorKind::KeyOrder),
        ("a2 6162 00 6161 00", ErrorKind::KeyOrder),
    ] {
        let hex = hex.replace(' ', "");
        assert_eq!(checked(&hex, Strictness::DETERMINISTIC).unwrap_err().kind(), want, "{hex}");
        assert_eq!(checked(&hex, Strictness::LENIENT), Ok(()), "{hex}");
    }
    for hex in ["a3 0a00 186400 2000", "f97e00", "fb3ff199999999999a", "a2 8100 00 8101 00"] {
        assert_eq!(checked(&hex.replace(' ', ""), Strictness::DETERMINISTIC), Ok(()), "{hex}");
    }
}

#[test]
fn depth_and_work_are_bounded() {
    let deep: Vec<u8> = vec![0x81; 10_000];
    let mut reader = Reader::new(&deep, Strictness::LENIENT);
    let error = check(&mut reader, &Limits::DEFAULT).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::DepthLimit, 16));

    // Descending keys: quadratic, so bounded by the number of entries.
    let mut wide = vec![0xb9, 0x03, 0xe8];
    for key in (0..1000_u16).rev() {
        wide.extend([0x19, (key >> 8) as u8, key as u8, 0x00]);
    }
    let mut reader = Reader::new(&wide, Strictness::LENIENT);
    assert_eq!(check(&mut reader, &Limits::DEFAULT).unwrap_err().kind(), ErrorKind::EntryLimit);

    // A million items: the limit, not a second of work.
    let mut many = vec![0x9a, 0x00, 0x0f, 0x42, 0x40];
    many.resize(1_000_005, 0);
    let mut reader = Reader::new(&many, Strictness::LENIENT);
    assert_eq!(check(&mut reader, &Limits::DEFAULT).unwrap_err().kind(), ErrorKind::ItemLimit);
}
