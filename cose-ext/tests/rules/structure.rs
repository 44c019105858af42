//! Tags, the array of four, and the wrapped map.

use cose_ext::error::{ErrorKind, Unsupported};
use cose_ext::{Input, Profile, Rule, Sign1};

use crate::expect::{breaks, breaks_at};
use crate::messages::{decode, h, sig_structure, sign1, signed, unsigned, verify};

const ES256: &str = "a10126";

#[test]
fn c4_tagged_and_untagged_are_told_apart() {
    let untagged = signed(ES256, "a0", b"x");
    let tagged = [&[0xd2], &untagged[..]].concat();
    assert!(!decode(&untagged).unwrap().is_tagged());
    assert!(decode(&tagged).unwrap().is_tagged());
    assert!(verify(&tagged).is_ok() && verify(&untagged).is_ok());
    assert!(Sign1::decode_tagged(&tagged, &Profile::LENIENT).is_ok());
    assert!(Sign1::decode_untagged(&untagged, &Profile::LENIENT).is_ok());
    breaks_at(Rule::Tag, 0, Sign1::decode_tagged(&untagged, &Profile::LENIENT));
    breaks_at(Rule::Tag, 0, Sign1::decode_untagged(&tagged, &Profile::LENIENT));
}

#[test]
fn c4_other_tags_are_refused() {
    let untagged = signed(ES256, "a0", b"x");
    // 98, 16, 17, 96, 97, 61 (CWT), 19, 0, and 18 + 2^32.
    for tag in ["d862", "d0", "d1", "d860", "d861", "d83d", "d3", "c0", "db0000000100000012"] {
        breaks_at(Rule::Tag, 0, decode(&[&h(tag), &untagged[..]].concat()));
    }
    // The tag in another length is still 18.
    for tag in ["d812", "d90012", "da00000012", "db0000000000000012"] {
        assert!(decode(&[&h(tag), &untagged[..]].concat()).unwrap().is_tagged());
    }
    // Twice tagged is no COSE_Sign1.
    breaks_at(Rule::Structure, 1, decode(&[&h("d2d2"), &untagged[..]].concat()));
}

#[test]
fn c5_four_elements_of_their_types() {
    let whole = unsigned(ES256, "a0");
    assert!(decode(&whole).is_ok());
    for (message, offset) in [
        ("83 43a10126 a0 40", 0),
        ("85 43a10126 a0 40 40 40", 0),
        ("80", 0),
        ("a4 43a10126 a0 40 40 01 02 03 04", 0),
        ("43 a10126", 0),
        ("01", 0),
        ("f6", 0),
        // unprotected: nil, array, bytes
        ("84 43a10126 f6 40 40", 5),
        ("84 43a10126 80 40 40", 5),
        ("84 43a10126 41a0 40 40", 5),
        // payload: integer, text, array, undefined, false
        ("84 43a10126 a0 00 40", 6),
        ("84 43a10126 a0 60 40", 6),
        ("84 43a10126 a0 80 40", 6),
        ("84 43a10126 a0 f7 40", 6),
        ("84 43a10126 a0 f4 40", 6),
        // signature: nil, text, integer
        ("84 43a10126 a0 40 f6", 7),
        ("84 43a10126 a0 40 60", 7),
        ("84 43a10126 a0 40 00", 7),
    ] {
        breaks_at(Rule::Structure, offset, decode(&h(message)));
    }
}

#[test]
fn c5_an_indefinite_array_of_four_is_one_of_four() {
    assert!(decode(&h("9f 43a10126 a0 40 40 ff")).is_ok());
    assert!(decode(&h("9804 43a10126 a0 40 40")).is_ok());
    breaks(Rule::Structure, decode(&h("9f 43a10126 a0 40 ff")));
    breaks(Rule::Structure, decode(&h("9f 43a10126 a0 40 40 40 ff")));
    breaks(Rule::Structure, decode(&h("9f 43a10126 ff")));
    breaks(Rule::ProtectedForm, decode(&h("9f ff")));
    breaks(Rule::WellFormed, decode(&h("9f 43a10126 a0 40 40")));
}

#[test]
fn c6_protected_is_a_byte_string_around_a_map() {
    for empty in ["40", "41a0", "42b800", "42bfff"] {
        assert!(
            decode(&h(&format!("84 {empty} a0 40 40"))).unwrap().headers().protected().is_empty()
        );
    }
    for (protected, offset) in [
        ("a10126", 1),
        ("60", 1),
        ("f6", 1),
        ("00", 1),
        ("80", 1),
        // wrapped: array, integer, nil, bytes (wrapped twice), text
        ("43820126", 2),
        ("4101", 2),
        ("41f6", 2),
        ("4443a10126", 2),
        ("4160", 2),
        ("45d818a10126", 2),
    ] {
        breaks_at(Rule::ProtectedForm, offset, decode(&h(&format!("84 {protected} a0 40 40"))));
    }
}

#[test]
fn c6_a_chunked_protected_bucket_is_named_unsupported() {
    let chunked = h("84 5f 42a101 4126 ff a0 40 40");
    let error = decode(&chunked).map(|_| ()).expect_err("read");
    let kind = ErrorKind::Unsupported(Unsupported::ChunkedString);
    assert_eq!((error.kind(), error.offset()), (kind, Some(1)));
}

#[test]
fn c7_every_empty_map_is_signed_as_no_bytes() {
    for protected in ["", "a0", "b800", "b90000", "bb0000000000000000", "bfff"] {
        let message = sign1(&h(protected), &h("a0"), Some(b"payload"), &[1]);
        let message = decode(&message).unwrap();
        assert_eq!(message.headers().protected().as_received(), h(protected));
        assert_eq!(message.headers().protected().as_authenticated(&Profile::LENIENT), b"");
        let structure = message.to_be_signed(&Input::embedded(), &Profile::LENIENT).unwrap();
        assert_eq!(structure.parts().concat(), sig_structure(b"", b"", b"payload"));
        assert_eq!(structure.len(), structure.parts().concat().len());
    }
}

#[test]
fn c7_a_bucket_with_parameters_is_signed_as_received() {
    // The same parameters in four encodings: each is signed as its own bytes.
    for protected in ["a10126", "a1180126", "b80101 26", "bf0126ff", "a1013806"] {
        let message = signed(protected, "a0", b"payload");
        let decoded = decode(&message).unwrap();
        let structure = decoded.to_be_signed(&Input::embedded(), &Profile::LENIENT).unwrap();
        assert_eq!(structure.parts().concat(), sig_structure(&h(protected), b"", b"payload"));
        assert!(verify(&message).is_ok(), "{protected}");
    }
}
