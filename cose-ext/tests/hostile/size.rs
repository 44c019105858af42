//! Inputs that are deep, long, or claim to be.

use std::thread;
use std::time::{Duration, Instant};

use cose_ext::cbor::ErrorKind;
use cose_ext::cwt::Claims;
use cose_ext::error::{ErrorKind as Refused, Unsupported};
use cose_ext::key::{CoseKey, KeySet};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{
    Context, Countersignature, Encrypt, Encrypt0, Error, Input, Label, Mac, Mac0, Processed,
    Profile, Sign, Sign1,
};
use testkit::alloc_count::allocations_during;

use crate::exercise::exercise;
use crate::messages::{bstr, h, head, sign1, trusted_issuer};

/// `inner` as a whole input, and at each place of a message where an item may stand.
fn places(inner: &[u8]) -> Vec<Vec<u8>> {
    let parameter = [&h("a1 182a")[..], inner].concat();
    let label = [&[0xa1], inner, &[0]].concat();
    vec![
        inner.to_vec(),
        [&[0xd2], inner].concat(),
        [&[0x84], inner].concat(),
        [&h("84 40"), inner].concat(),
        [&h("84 40 a0"), inner].concat(),
        [&h("84 40 a0 40"), inner].concat(),
        sign1(inner, &[0xa0], Some(b""), b""),
        sign1(&parameter, &[0xa0], Some(b""), b""),
        sign1(&[], &parameter, Some(b""), b""),
        sign1(&[], &label, Some(b""), b""),
        // crit, kid, CWT Claims, x5t, x5chain, receipts, vdp
        sign1(&[&h("a1 02")[..], inner].concat(), &[0xa0], Some(b""), b""),
        sign1(&[&h("a1 04")[..], inner].concat(), &[0xa0], Some(b""), b""),
        sign1(&[&h("a1 0f")[..], inner].concat(), &[0xa0], Some(b""), b""),
        sign1(&[&h("a1 1822")[..], inner].concat(), &[0xa0], Some(b""), b""),
        sign1(&[], &[&h("a1 1821")[..], inner].concat(), Some(b""), b""),
        sign1(&[], &[&h("a1 19018a")[..], inner].concat(), Some(b""), b""),
        sign1(&[], &[&h("a1 19018c")[..], inner].concat(), Some(b""), b""),
    ]
}

#[test]
fn nesting_to_any_depth_on_a_small_stack() {
    let small = thread::Builder::new().stack_size(256 * 1024).spawn(|| {
        for (open, close) in [
            ("81", "00"),
            ("9f", "00"),
            ("a1 00", "00"),
            ("bf 00", "00"),
            ("a1", "00"), // nested keys
            ("bf", "00"),
            ("c1", "00"),
            ("d83d", "00"),
            ("82 00", "00"),
            ("5f", "40"),
            ("7f", "60"),
            ("d2 84", "40"),
            ("84 40", "a0"),
        ] {
            let open = h(open);
            for depth in [1, 2, 15, 16, 17, 31, 32, 33, 100, 10_000] {
                let nested = [&open.repeat(depth)[..], &h(close)].concat();
                for bytes in places(&nested) {
                    exercise(&bytes);
                }
                let ended = [&nested[..], &vec![0xff; depth]].concat();
                for bytes in places(&ended) {
                    exercise(&bytes);
                }
            }
        }
    });
    small.unwrap().join().unwrap();
}

#[test]
fn protected_buckets_in_protected_buckets() {
    // Byte strings are not looked into; each layer is one item.
    let mut bytes = h("a10126");
    for _ in 0..200 {
        bytes = sign1(&[&h("a1 182a")[..], &bstr(&bytes)].concat(), &[0xa0], Some(b""), b"");
        exercise(&bytes);
    }
}

#[test]
fn lengths_that_nobody_has() {
    for major in 2..=6 {
        for argument in
            [u64::MAX, 1 << 63, (1 << 63) - 1, 1 << 62, u64::from(u32::MAX), 1 << 31, 70_000]
        {
            let claim = [&[major << 5 | 27][..], &argument.to_be_bytes()].concat();
            for more in [&[][..], &[0; 40], &[0xff; 40], &[0x40; 40], &[0x60; 40]] {
                for bytes in places(&[&claim[..], more].concat()) {
                    exercise(&bytes);
                }
            }
        }
    }
}

const MANY: usize = 1_000_000;

/// Each of these has a million items.
fn many() -> Vec<(&'static str, Vec<u8>)> {
    let array = |item: &[u8]| [&head(4, MANY)[..], &item.repeat(MANY)].concat();
    let ascending: Vec<u8> = (0..MANY).flat_map(|key| [&head(0, key)[..], &[0]].concat()).collect();
    let descending: Vec<u8> =
        (0..MANY).rev().flat_map(|key| [&head(0, key)[..], &[0]].concat()).collect();
    vec![
        ("array", array(&[0])),
        ("array of empty arrays", array(&[0x80])),
        ("array of empty byte strings", array(&[0x40])),
        ("indefinite array", [&[0x9f][..], &[0].repeat(MANY), &[0xff]].concat()),
        ("map in order", [&head(5, MANY)[..], &ascending].concat()),
        ("map against order", [&head(5, MANY)[..], &descending].concat()),
        ("indefinite map", [&[0xbf][..], &ascending, &[0xff]].concat()),
        ("chunks", [&[0x5f][..], &[0x40].repeat(MANY), &[0xff]].concat()),
        ("chunks as a key", [&[0xa1, 0x7f][..], &[0x60].repeat(MANY), &[0xff, 0]].concat()),
        ("an array as a key", [&[0xa1][..], &array(&[0]), &[0]].concat()),
        ("tags", [&[0xc1].repeat(MANY)[..], &[0]].concat()),
    ]
}

#[test]
fn a_million_items_are_a_limit() {
    for (name, items) in many() {
        for bytes in places(&items) {
            let start = Instant::now();
            let (result, allocations) =
                allocations_during(|| Sign1::decode(&bytes, &Profile::LENIENT).map(|_| ()));
            assert_eq!(allocations.count, 0);
            assert!(start.elapsed() < Duration::from_secs(2), "{name}: {:?}", start.elapsed());
            let error = result.unwrap_err();
            let is_limit = match error.kind() {
                Refused::Cbor(kind) => matches!(
                    kind,
                    ErrorKind::ItemLimit | ErrorKind::EntryLimit | ErrorKind::DepthLimit
                ),
                Refused::Limit(_) => true,
                // Where another type or label is due, that is found first.
                Refused::Malformed { .. } => true,
                _ => false,
            };
            let is_unsupported = error.kind() == Unsupported::ChunkedString.into();
            assert!(is_limit || is_unsupported, "{name}: {error:?}");
        }
        let start = Instant::now();
        for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
            assert!(Claims::decode(&items, &profile).is_err(), "{name}");
            assert!(CoseKey::decode(&items, &profile).is_err(), "{name}");
            assert!(KeySet::decode(&items, &profile).is_err(), "{name}");
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn a_million_items_in_any_message_are_a_limit() {
    type Decode = fn(&[u8]) -> Result<(), Error>;
    const LENIENT: &Profile = &Profile::LENIENT;
    let kinds: [(&str, &str, Decode); 9] = [
        // A bucket of the body, then one of the layer within; what follows does not matter.
        ("8440", "", |bytes| Sign::decode(bytes, LENIENT).map(|_| ())),
        ("8440a040818340", "", |bytes| Sign::decode(bytes, LENIENT).map(|_| ())),
        ("8440", "4040", |bytes| Mac0::decode(bytes, LENIENT).map(|_| ())),
        ("8540", "", |bytes| Mac::decode(bytes, LENIENT).map(|_| ())),
        ("8540a04040818340", "", |bytes| Mac::decode(bytes, LENIENT).map(|_| ())),
        ("8340", "40", |bytes| Encrypt0::decode(bytes, LENIENT).map(|_| ())),
        ("8440", "", |bytes| Encrypt::decode(bytes, LENIENT).map(|_| ())),
        ("8440a040818340", "", |bytes| Encrypt::decode(bytes, LENIENT).map(|_| ())),
        ("8340", "40", |bytes| Countersignature::decode(bytes, LENIENT).map(|_| ())),
    ];
    for (name, items) in many() {
        for (before, after, decode) in kinds {
            // As a bucket, and as the value of a parameter.
            for parameter in ["", "a1182a"] {
                let bytes = [&h(before)[..], &h(parameter), &items, &h(after)].concat();
                let (result, allocations) = allocations_during(|| decode(&bytes));
                assert_eq!(allocations.count, 0);
                let refused = match result.unwrap_err().kind() {
                    Refused::Cbor(kind) => matches!(
                        kind,
                        ErrorKind::ItemLimit | ErrorKind::EntryLimit | ErrorKind::DepthLimit
                    ),
                    Refused::Limit(_) | Refused::Malformed { .. } => true,
                    Refused::Unsupported(kind) => kind == Unsupported::ChunkedString,
                    _ => false,
                };
                assert!(refused, "{before}: {name}");
            }
        }
    }
}

#[test]
fn a_million_layers_are_a_limit() {
    let signature = h("83 43a10126 a0 41aa");
    let recipient = h("83 40 a10125 40");
    let many = |layer: &[u8]| [&head(4, MANY)[..], &layer.repeat(MANY)].concat();
    let sign = [&h("84 40 a0 40")[..], &many(&signature)].concat();
    let mac = [&h("85 40 a0 40 40")[..], &many(&recipient)].concat();
    let encrypt = [&h("84 40 a0 40")[..], &many(&recipient)].concat();
    let ((), allocations) = allocations_during(|| {
        let limit = |result: Result<(), Error>| {
            assert!(matches!(result.map_err(|error| error.kind()), Err(Refused::Limit(_))))
        };
        limit(Sign::decode(&sign, &Profile::LENIENT).map(|_| ()));
        limit(Mac::decode(&mac, &Profile::LENIENT).map(|_| ()));
        limit(Encrypt::decode(&encrypt, &Profile::LENIENT).map(|_| ()));
    });
    assert_eq!(allocations.count, 0);
}

/// Within every limit, and made so that each step costs as much as it can.
fn expensive() -> Vec<(&'static str, Vec<u8>)> {
    let labels = |from: usize, count: usize, value: &[u8]| -> Vec<u8> {
        let pairs: Vec<u8> =
            (from..from + count).flat_map(|label| [&head(0, label)[..], value].concat()).collect();
        [&head(5, count)[..], &pairs].concat()
    };
    let thousand = [&head(4, 1000)[..], &[0; 1000]].concat();
    let crit: Vec<u8> = (1000..1062).flat_map(|label| head(0, label)).collect();
    let with_crit = {
        let pairs: Vec<u8> =
            (1000..1062).flat_map(|label| [&head(0, label)[..], &thousand].concat()).collect();
        [&head(5, 64)[..], &h("01 26 02"), &head(4, 62), &crit, &pairs].concat()
    };
    let backwards = |key: &dyn Fn(usize) -> Vec<u8>, count: usize| -> Vec<u8> {
        let pairs: Vec<u8> =
            (0..count).rev().flat_map(|index| [&key(index)[..], &[0]].concat()).collect();
        [&h("a1 182a")[..], &head(5, count), &pairs].concat()
    };
    // As many items as the limit allows, under as many labels as it allows, each looked for among all before it.
    let against_order = |value: &[u8]| -> Vec<u8> {
        let pairs: Vec<u8> =
            (1000..1064).rev().flat_map(|label| [&head(0, label)[..], value].concat()).collect();
        [&head(5, 64)[..], &pairs].concat()
    };
    let most = [&head(4, 65_000)[..], &[0; 65_000]].concat();
    let long_keys = backwards(&|index| bstr(&[&vec![7; 8000][..], &[index as u8]].concat()), 120);
    let chunked_keys = backwards(
        &|index| [&[0x5f][..], &[0x41, 7].repeat(20), &[0x41, index as u8, 0xff]].concat(),
        40,
    );
    let array_keys =
        backwards(&|index| [&head(4, 50)[..], &[7; 49], &[index as u8 % 24]].concat(), 24);
    vec![
        (
            "values of a thousand items in both buckets",
            sign1(&labels(1000, 64, &thousand), &labels(2000, 64, &thousand), Some(b""), b""),
        ),
        (
            "labels against order, values of a thousand items",
            sign1(&against_order(&thousand), &[0xa0], Some(b""), b""),
        ),
        (
            "labels against order, values of 65 000 items",
            sign1(&against_order(&most), &[0xa0], Some(b""), b""),
        ),
        (
            "labels in order, values of 65 000 items",
            sign1(&labels(1000, 64, &most), &labels(2000, 64, &most), Some(b""), b""),
        ),
        ("crit of all labels", sign1(&with_crit, &[0xa0], Some(b""), b"")),
        ("long keys against order", sign1(&[], &long_keys, Some(b""), b"")),
        ("chunked keys against order", sign1(&[], &chunked_keys, Some(b""), b"")),
        ("arrays as keys against order", sign1(&[], &array_keys, Some(b""), b"")),
    ]
}

fn verify(message: &Sign1<'_>) -> Result<(), Error> {
    let labels: Vec<Label<'_>> = (1000..1062).map(Label::int).collect();
    let input = Input::embedded().with_processed(Processed::new(&labels));
    message.verify(&input, &trusted_issuer(), &Context::new(&RustCrypto)).map(|_| ())
}

#[test]
fn the_worst_within_the_limits_ends_soon() {
    for (name, bytes) in expensive() {
        let start = Instant::now();
        let decoded = Sign1::decode(&bytes, &Profile::LENIENT);
        let took = start.elapsed();
        println!(
            "{name}: {} bytes, decoded in {took:?}, {:?}",
            bytes.len(),
            decoded.as_ref().err()
        );
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
        let Ok(message) = decoded else { continue };
        let start = Instant::now();
        let _ = verify(&message);
        let took = start.elapsed();
        println!("{name}: verified in {took:?}");
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
    }
}
