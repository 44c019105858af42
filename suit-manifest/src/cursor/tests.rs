//! What a cursor reads, and what it refuses.

use cose_ext::cbor::{ErrorKind as CborErrorKind, Limits};

use super::Cursor;
use crate::{Error, Rule, Verdict};

const RULE: Rule = Rule::ManifestForm;

fn at(bytes: &[u8]) -> Cursor<'_> {
    Cursor::open(bytes, 100, RULE, &Limits::DEFAULT).unwrap()
}

fn encoding(error: &Error) -> Option<(CborErrorKind, usize)> {
    match error.kind() {
        crate::ErrorKind::Cose(cose_ext::error::ErrorKind::Cbor(kind)) => {
            Some((kind, error.offset()?))
        }
        _ => None,
    }
}

#[test]
fn heads_have_to_be_the_shortest() {
    for (shortest, longer) in [
        (&[0x17][..], &[0x18, 0x17][..]),
        (&[0x18, 0x18], &[0x19, 0x00, 0x18]),
        (&[0x18, 0xff], &[0x19, 0x00, 0xff]),
        (&[0x19, 0x01, 0x00], &[0x1a, 0x00, 0x00, 0x01, 0x00]),
        (&[0x19, 0xff, 0xff], &[0x1a, 0x00, 0x00, 0xff, 0xff]),
        (&[0x1a, 0x00, 0x01, 0x00, 0x00], &[0x1b, 0, 0, 0, 0, 0x00, 0x01, 0x00, 0x00]),
        (&[0x1a, 0xff, 0xff, 0xff, 0xff], &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
    ] {
        let mut cursor = at(shortest);
        assert!(cursor.uint(RULE).is_ok() && cursor.is_at_end(), "{shortest:02x?}");
        let refused = at(longer).uint(RULE).unwrap_err();
        assert_eq!(encoding(&refused), Some((CborErrorKind::NotPreferred, 100)), "{longer:02x?}");
    }
    let mut cursor = at(&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(cursor.uint(RULE).ok(), Some(1 << 32));
}

#[test]
fn what_is_refused_is_where_the_cursor_stays() {
    // A string longer than the input, one of another type, and an array without an end.
    for (bytes, kind) in [
        (&[0x42, 0x01][..], CborErrorKind::EndOfInput),
        (&[0x58, 0xff, 0x01], CborErrorKind::EndOfInput),
        (&[0x5f, 0xff], CborErrorKind::IndefiniteLength),
        (&[], CborErrorKind::EndOfInput),
    ] {
        let mut cursor = at(bytes);
        assert_eq!(encoding(&cursor.bytes(RULE).unwrap_err()), Some((kind, 100)), "{bytes:02x?}");
        assert_eq!(cursor.offset(), 100);
    }
    let mut cursor = at(&[0x61, 0x31]);
    let refused = cursor.bytes(RULE).unwrap_err();
    assert_eq!((refused.rule(), refused.offset()), (Some(RULE.to_ref()), Some(100)));
    assert_eq!(refused.verdict(), Verdict::Broken);
    assert_eq!(cursor.text(RULE).ok(), Some("1"));
    assert!(at(&[0x61, 0xff]).text(RULE).is_err());
}

#[test]
fn keys_ascend_in_the_order_of_their_encodings() {
    let labels = |bytes: &[u8]| {
        let mut cursor = at(bytes);
        let mut keys = cursor.keys(RULE)?;
        let mut read = std::vec::Vec::new();
        while keys.next() {
            if !cursor.is_past_text(&mut keys, RULE)? {
                read.push(cursor.label(&mut keys, RULE, RULE)?);
            }
        }
        cursor.end().map(|()| read)
    };
    let ascending = [0xa5, 0x00, 0x17, 0x18, 0x18, 0x20, 0x38, 0xff];
    assert_eq!(labels(&ascending).ok(), Some(std::vec![0, 23, 24, -1, -256]));
    assert_eq!(labels(&[0xa3, 0x01, 0x61, 0x62, 0x62, 0x61, 0x61]).ok(), Some(std::vec![1]));
    for (bytes, offset) in [
        (&[0xa2, 0x01, 0x01][..], 102),               // twice
        (&[0xa2, 0x02, 0x01], 102),                   // falling
        (&[0xa2, 0x20, 0x01], 102),                   // a negative one first
        (&[0xa2, 0x61, 0x62, 0x01], 103),             // text first
        (&[0xa2, 0x61, 0x62, 0x61, 0x62], 103),       // one text twice
        (&[0xa2, 0x62, 0x61, 0x61, 0x61, 0x62], 104), // the longer text first
    ] {
        let refused = labels(bytes).unwrap_err();
        assert_eq!(encoding(&refused), Some((CborErrorKind::KeyOrder, offset)), "{bytes:02x?}");
    }
    assert_eq!(
        encoding(&labels(&[0xa1, 0x01, 0x01]).unwrap_err()),
        Some((CborErrorKind::TrailingBytes, 102))
    );
    // No label is as large.
    assert!(labels(&[0xa1, 0x1b, 0xff, 0, 0, 0, 0, 0, 0, 0]).is_err());
}

#[test]
fn narrow_limits_count_before_anything_is_read() {
    let bytes = [0x83, 0x01, 0x02, 0x03];
    let open = |limits: Limits| Cursor::open(&bytes, 0, RULE, &limits);
    assert!(open(Limits::DEFAULT.with_items(4)).is_ok());
    assert!(open(Limits::DEFAULT.with_items(3)).is_err());
    assert!(open(Limits::DEFAULT.with_depth(1)).is_ok());
    assert!(open(Limits::DEFAULT.with_depth(0)).is_err());
}
