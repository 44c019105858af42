//! Bytes that are not CBOR, or not what their place announces.

use std::{format, vec};

use super::{CoseNames, Unnamed, shown};
use crate::cbor::MAX_DEPTH;

#[test]
fn what_can_be_read_and_then_a_marker_and_the_rest() {
    for (hex, want) in [
        ("", "/ not well-formed at byte 0: the input ends inside a data item /"),
        ("82 01", "[1, / not well-formed at byte 2: the input ends inside a data item /"),
        (
            "82 01 43 0102",
            "[1, / not well-formed at byte 2: the input ends inside a data item / h'430102'",
        ),
        ("9f 01", "[_ 1 / not well-formed at byte 2: the input ends inside a data item /"),
        ("a1 01", "{1: / not well-formed at byte 2: the input ends inside a data item /"),
        (
            "bf 01 ff 00",
            "{_ 1 / not well-formed at byte 2: break where no indefinite-length item is open / h'ff00'",
        ),
        (
            "ff",
            "/ not well-formed at byte 0: break where no indefinite-length item is open / h'ff'",
        ),
        (
            "5f 4101 6161 ff",
            "(_ h'01' / not well-formed at byte 3: a chunk of an indefinite-length string is no \
             definite string of its type / h'6161ff'",
        ),
        (
            "81 1c",
            "[/ not well-formed at byte 1: reserved additional information or simple value / h'1c'",
        ),
        ("c1", "1(/ not well-formed at byte 1: the input ends inside a data item /"),
        ("82 00 62 c328", "[0, / not valid at byte 2: text is not UTF-8 / h'62c328'"),
        ("00 01 02", "0 / not valid at byte 1: bytes follow the data item / h'0102'"),
        ("bb8000000000000000", "{/ not well-formed at byte 9: the input ends inside a data item /"),
    ] {
        assert_eq!(shown(hex, &Unnamed), want, "{hex}");
    }
}

#[test]
fn nesting_beyond_the_bound() {
    let deep = hex::encode(vec![0x81; MAX_DEPTH + 8]);
    let want = format!(
        "{}/ not shown at byte {MAX_DEPTH}: nesting limit exceeded / h'{}'",
        "[".repeat(MAX_DEPTH),
        "81".repeat(8)
    );
    assert_eq!(shown(&deep, &Unnamed), want);
    let full = format!("{}00", "81".repeat(MAX_DEPTH));
    let want = format!("{}0{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(shown(&full, &Unnamed), want);
    let tags = format!("{}00", "c1".repeat(MAX_DEPTH + 1));
    assert!(
        shown(&tags, &Unnamed).ends_with(&format!(
            "(/ not shown at byte {MAX_DEPTH}: nesting limit exceeded / h'c100'"
        ))
    );
}

#[test]
fn a_byte_string_that_wraps_no_item_stays_one() {
    for (hex, want) in [
        (
            "d28440a0f640",
            "18([/ protected / h'', / unprotected / {}, / payload / null, / signature / h''])",
        ),
        (
            "d28441a0a0f640",
            "18([/ protected / << {} >>, / unprotected / {}, / payload / null, / signature / h''])",
        ),
        (
            "d284 43 a10126 ",
            "18([/ protected / << {1 / alg /: -7 / ES256 /} >>, / unprotected / / not well-formed at byte 6: the \
             input ends inside a data item /",
        ),
        (
            "d281 42 a101",
            "18([/ protected / h'a101' / not opened: the input ends inside a data item at byte 5 /])",
        ),
        (
            "d281 42 a000",
            "18([/ protected / h'a000' / not opened: bytes follow the data item at byte 4 /])",
        ),
        ("d281 5f 41a0 ff", "18([/ protected / (_ h'a0')])"),
    ] {
        assert_eq!(shown(hex, &CoseNames), want, "{hex}");
    }
}
