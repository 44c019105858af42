//! Reading by key, by place and by type, from outside of the crate.

use cose_ext::Profile;
use cose_ext::cbor::{Array, ErrorKind, Int, Map, Raw, Type};

fn item(bytes: &[u8]) -> Raw<'_> {
    Profile::LENIENT.item(bytes, 0).expect("an item")
}

/// Key 10 in three bytes, "a" in two encodings of its head, -1, 2^64 - 1, an array as key.
const MAP: &[u8] = &[
    0xa5, 0x19, 0x00, 0x0a, 0x01, 0x78, 0x01, b'a', 0x02, 0x20, 0x81, 0x03, 0x1b, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0x04, 0x81, 0x00, 0x05,
];

#[test]
fn values_are_found_by_key_in_any_encoding() {
    let map = Map::new(&item(MAP)).expect("a map");
    let value = |found: Option<Raw<'_>>| found.map(|raw| raw.bytes().to_vec());
    assert_eq!(map.len(), 5);
    assert_eq!(value(map.find(10)), Some(vec![0x01]));
    assert_eq!(value(map.find(-1)), Some(vec![0x81, 0x03]));
    assert_eq!(value(map.find(u64::MAX)), Some(vec![0x04]));
    assert_eq!(value(map.find_text("a")), Some(vec![0x02]));
    assert_eq!(map.find(-10), None);
    assert_eq!(map.find(0), None, "inside of a key");
    assert_eq!(map.find(Int::negative(u64::MAX)), None);
    assert_eq!(map.find_text(""), None);
    assert_eq!(map.find(10).map(|raw| raw.offset()), Some(4));
}

#[test]
fn many_keys_are_found_in_one_walk() {
    let indefinite = [&[0xbf], MAP.get(1..).expect("entries"), &[0xff]].concat();
    for bytes in [MAP, &indefinite] {
        let map = Map::new(&item(bytes)).expect("a map");
        let [none, last, first, again] =
            map.find_all([Int::new(7), Int::unsigned(u64::MAX), Int::new(10), Int::new(10)]);
        assert_eq!(none, None);
        assert_eq!(last, map.find(u64::MAX));
        assert_eq!(first.map(|raw| raw.bytes()), Some(&[0x01][..]));
        assert_eq!(again, first);
        assert_eq!(map.into_iter().count(), map.len());
    }
    assert_eq!(Map::EMPTY.find_all([1, 2]), [None, None]);
}

#[test]
fn an_array_of_another_length_is_refused_where_it_stands() {
    let outer = item(&[0x82, 0x01, 0x9f, 0x02, 0x03, 0xff]);
    let [_, inner] = Array::new(&outer).and_then(|array| array.exactly()).expect("two");
    let inner = Array::new(&inner).expect("an array");
    let [two, three] = inner.exactly().expect("two");
    assert_eq!((two.offset(), three.offset()), (3, 4));
    let error = inner.exactly::<3>().expect_err("two");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::UnexpectedLength, 2));
    assert_eq!(inner.exactly::<1>().map_err(|error| error.offset()), Err(2));
    assert_eq!(inner.into_iter().count(), 2);
}

#[test]
fn the_type_of_an_item_is_what_its_reader_expects() {
    for (bytes, expected) in [
        (&[0x01][..], Type::Int),
        (&[0x38, 0x20], Type::Int),
        (&[0x40], Type::Bytes),
        (&[0x5f, 0xff], Type::Bytes),
        (&[0x60], Type::Text),
        (&[0x7f, 0xff], Type::Text),
        (&[0x80], Type::Array),
        (&[0xbf, 0xff], Type::Map),
        (&[0xc1, 0x00], Type::Tag),
        (&[0xf4], Type::Bool),
        (&[0xf5], Type::Bool),
        (&[0xf6], Type::Null),
        (&[0xf7], Type::Simple),
        (&[0xf8, 0xff], Type::Simple),
        (&[0xf9, 0x00, 0x00], Type::Float),
        (&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], Type::Float),
    ] {
        let raw = item(bytes);
        assert_eq!(raw.data_type(), expected, "{bytes:02x?}");
        let peeked = raw.read(|reader| {
            let found = reader.peek();
            while reader.item().is_ok() {}
            found
        });
        assert_eq!(peeked, Ok(expected), "{bytes:02x?}");
    }
}

#[test]
fn a_profile_checks_what_it_reads() {
    let wrapped = [0x43, 0x81, 0x18, 0x01];
    let raw = Profile::LENIENT.item(&wrapped, 7).expect("a byte string");
    let inner = Profile::LENIENT.embedded(&raw).expect("an array");
    assert_eq!((inner.offset(), inner.bytes()), (8, &wrapped[1..]));
    let error = Profile::DETERMINISTIC.embedded(&raw).expect_err("not preferred");
    assert_eq!((error.kind(), error.offset()), (ErrorKind::NotPreferred, 9));
    assert_eq!(Profile::LENIENT.item(&[0x01, 0x02], 7).map_err(|error| error.offset()), Err(8));
}

#[test]
fn an_encoded_item_is_read_within_its_tag() {
    use cose_ext::cbor::{ErrorKind, Limits, Raw, Strictness, Type, self_described};
    let read = |bytes: &[u8]| {
        let item = Raw::decode(bytes, 100, Strictness::LENIENT, &Limits::DEFAULT).unwrap();
        item.encoded_item(Strictness::LENIENT, &Limits::DEFAULT)
            .map(|inner| (inner.bytes().to_vec(), inner.offset()))
            .map_err(|error| (error.kind(), error.offset()))
    };
    assert_eq!(read(b"\xd8\x18\x42\x81\x01"), Ok((vec![0x81, 0x01], 103)));
    assert_eq!(read(b"\xd9\x00\x18\x41\xf6"), Ok((vec![0xf6], 104)));
    let unexpected = |expected, found| ErrorKind::UnexpectedType { expected, found };
    assert_eq!(read(b"\x41\xf6"), Err((unexpected(Type::Tag, Type::Bytes), 100)));
    assert_eq!(read(b"\xd8\x19\x41\xf6"), Err((ErrorKind::IntegerRange, 100)));
    assert_eq!(read(b"\xd8\x18\xf6"), Err((unexpected(Type::Bytes, Type::Null), 102)));
    assert_eq!(read(b"\xd8\x18\x42\xf6\xf6"), Err((ErrorKind::TrailingBytes, 104)));
    assert_eq!(read(b"\xd8\x18\x40"), Err((ErrorKind::EndOfInput, 103)));

    assert_eq!(self_described(b"\xd9\xd9\xf7\x01"), b"\x01");
    assert_eq!(self_described(b"\xda\x00\x00\xd9\xf7\x01"), b"\x01");
    for other in [&b"\x01"[..], b"\xd9\xd9\xf8\x01", b"", b"\xd9\xd9"] {
        assert_eq!(self_described(other), other);
    }
}
