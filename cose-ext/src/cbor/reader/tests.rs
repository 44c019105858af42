//! Heads and scalars beside a codec of somebody else.

use minicbor::{Decoder, data::Type as Major};

use super::*;

/// What the codec reads, if it is a scalar that it reads as this library does.
fn expected(bytes: &[u8]) -> Option<Item<'_>> {
    let mut decoder = Decoder::new(bytes);
    Some(match decoder.datatype().ok()? {
        Major::U8 | Major::U16 | Major::U32 | Major::U64 => {
            Item::Int(Int::unsigned(decoder.u64().ok()?))
        }
        Major::I8 | Major::I16 | Major::I32 | Major::I64 | Major::Int => {
            let value = i128::from(decoder.int().ok()?);
            Item::Int(Int::negative(u64::try_from(!value).unwrap()))
        }
        Major::Bytes => Item::Bytes(decoder.bytes().ok()?),
        Major::String => Item::Text(decoder.str().ok()?),
        Major::Array => Item::Array(Some(decoder.array().ok()??)),
        Major::Map => Item::Map(Some(decoder.map().ok()??)),
        Major::Tag => Item::Tag(decoder.tag().ok()?.as_u64()),
        Major::BytesIndef => Item::BytesStart,
        Major::StringIndef => Item::TextStart,
        Major::ArrayIndef => Item::Array(None),
        Major::MapIndef => Item::Map(None),
        Major::Bool => Item::Bool(decoder.bool().ok()?),
        Major::Null => Item::Null,
        Major::Undefined => Item::Undefined,
        Major::Simple => match decoder.simple().ok()? {
            below_32 @ 0..32 if bytes[0] == 0xf8 => {
                assert!(below_32 < 32);
                return None;
            }
            value => Item::Simple(value),
        },
        Major::F16 => Item::Float(f64::from(decoder.f16().ok()?)),
        Major::F32 => Item::Float(f64::from(decoder.f32().ok()?)),
        Major::F64 => Item::Float(decoder.f64().ok()?),
        Major::Break => Item::Break,
        Major::Unknown(_) => return None,
    })
}

fn agree(bytes: &[u8]) {
    let read = Reader::new(bytes, Strictness::LENIENT).item();
    match (read, expected(bytes)) {
        (Ok(Item::Float(ours)), Some(Item::Float(theirs))) => {
            assert!(ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan());
        }
        (Ok(ours), theirs) => assert_eq!(Some(ours), theirs, "{bytes:02x?}"),
        (Err(error), theirs) => assert_eq!(theirs, None, "{bytes:02x?}: {error}"),
    }
}

#[test]
fn items_are_those_of_another_codec() {
    for first in 0..=u8::MAX {
        agree(&[first]);
        for second in 0..=u8::MAX {
            agree(&[first, second]);
            for third in [0, 1, 0x17, 0x18, 0x3f, 0x7f, 0x80, 0xc3, 0xff] {
                agree(&[first, second, third]);
                agree(&[first, second, third, 0, 0x61, 0x80, 0xff, 0, 1]);
                agree(&[first, 0, 0, second, third, 1, 2, 3, 4, 5]);
            }
        }
    }
    for bits in 0..=u16::MAX {
        let [high, low] = bits.to_be_bytes();
        agree(&[0xf9, high, low]);
        agree(&[0xfa, high, low, 0, 1]);
    }
}

#[test]
fn longer_heads_than_needed_are_refused_where_the_profile_does() {
    for (hex, is_preferred) in [
        ("1817", false),
        ("1818", true),
        ("1900ff", false),
        ("190100", true),
        ("1a0000ffff", false),
        ("1a00010000", true),
        ("1b00000000ffffffff", false),
        ("1b0000000100000000", true),
        ("3817", false),
        ("580100", false),
        ("780161", false),
        ("9800", false),
        ("b817", false),
        ("d801", false),
    ] {
        let bytes = hex::decode(hex).unwrap();
        assert!(Reader::new(&bytes, Strictness::LENIENT).item().is_ok(), "{hex}");
        let strict = Reader::new(&bytes, Strictness::DETERMINISTIC).item();
        assert_eq!(strict.is_ok(), is_preferred, "{hex}");
        if let Err(error) = strict {
            assert_eq!((error.kind(), error.offset()), (ErrorKind::NotPreferred, 0), "{hex}");
        }
    }
}
