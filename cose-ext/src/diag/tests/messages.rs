//! COSE messages, their headers, receipts and proofs.

use super::{CoseNames, HeaderNames, shown};

#[test]
fn sign1() {
    let message = "47 a2 01 26 04 42 3131 a0 43 686579 42 abcd";
    let want = "[/ protected / << {1 / alg /: -7 / ES256 /, 4 / kid /: h'3131'} >>, \
                / unprotected / {}, / payload / h'686579', / signature / h'abcd']";
    assert_eq!(shown(&std::format!("84{message}"), &CoseNames), want);
    assert_eq!(shown(&std::format!("d284{message}"), &CoseNames), std::format!("18({want})"));
    assert_eq!(
        shown(&std::format!("d9d9f7 d83d d2 84{message}"), &CoseNames),
        std::format!("55799(61(18({want})))")
    );
    assert_eq!(shown(&std::format!("9f{message}ff"), &CoseNames), want.replacen('[', "[_ ", 1));
}

#[test]
fn arrays_of_another_shape_are_just_arrays() {
    for (hex, want) in [
        ("83 40 a0 f6", "[h'', {}, null]"),
        ("85 40 a0 f6 40 00", "[h'', {}, null, h'', 0]"),
        ("84 40 80 f6 40", "[h'', [], null, h'']"),
        ("84 40 a0 00 40", "[h'', {}, 0, h'']"),
        ("84 40 a0 f6 80", "[h'', {}, null, []]"),
        ("9f 40 a0 f6 40 40 ff", "[_ h'', {}, null, h'', h'']"),
        ("d8 63 84 40 a0 f6 40", "99([h'', {}, null, h''])"),
    ] {
        assert_eq!(shown(hex, &CoseNames), want, "{hex}");
    }
}

#[test]
fn the_other_five_messages() {
    for (hex, want) in [
        (
            "d862 84 40 a0 f6 81 83 43a10126 a0 4101",
            "98([/ protected / h'', / unprotected / {}, / payload / null, / signatures / \
             [[/ protected / << {1 / alg /: -7 / ES256 /} >>, / unprotected / {}, / signature / h'01']]])",
        ),
        (
            "d1 84 43a10104 a0 4101 4102",
            "17([/ protected / << {1 / alg /: 4 / HMAC 256//64 /} >>, / unprotected / {}, \
             / payload / h'01', / tag / h'02'])",
        ),
        (
            "d861 85 43a10105 a0 4101 4102 81 83 40 a1 01 25 40",
            "97([/ protected / << {1 / alg /: 5 / HMAC 256//256 /} >>, / unprotected / {}, \
             / payload / h'01', / tag / h'02', / recipients / [[/ protected / h'', \
             / unprotected / {1 / alg /: -6 / direct /}, / ciphertext / h'']]])",
        ),
        (
            "d3 83 43a10126 a1 0c 4102 4101",
            "19([/ protected / << {1 / alg /: -7 / ES256 /} >>, \
             / unprotected / {12 / Countersignature0 version 2 /: h'02'}, / signature / h'01'])",
        ),
        (
            "d0 83 43a10101 a1 05 4107 4101",
            "16([/ protected / << {1 / alg /: 1 / A128GCM /} >>, / unprotected / {5 / IV /: h'07'}, \
             / ciphertext / h'01'])",
        ),
        (
            "d860 84 40 a0 f6 81 84 45 a1 01 38 18 01 a2 20 a2 01 01 23 4101 38 14 4102 40 81 83 40 a0 40",
            "96([/ protected / h'', / unprotected / {}, / ciphertext / null, / recipients / \
             [[/ protected / h'a101381801' / not opened: bytes follow the data item at byte 13 /, \
             / unprotected / {-1 / ephemeral key /: {1 / kty /: 1 / OKP /, -4 / d /: ... / secret /}, \
             -21_0 / PartyU identity /: h'02'}, / ciphertext / h'', / recipients / \
             [[/ protected / h'', / unprotected / {}, / ciphertext / h'']]]]])",
        ),
    ] {
        assert_eq!(shown(hex, &CoseNames), want, "{hex}");
    }
}

#[test]
fn header_parameters() {
    for (hex, want) in [
        (
            "a1 02 83 0f 190102 6161",
            "{2 / crit /: [15 / CWT Claims /, 258 / payload-hash-alg /, \"a\"]}",
        ),
        ("a1 03 18 3c", "{3 / content type /: 60 / application//cbor /}"),
        ("a1 10 63 612f62", "{16 / typ /: \"a/b\"}"),
        (
            "a1 0f a3 01 6161 06 c1 00 1822 00",
            "{15 / CWT Claims /: {1 / iss /: \"a\", 6 / iat /: 1(0), 34: 0}}",
        ),
        ("a1 1821 82 4101 4102", "{33 / x5chain /: [h'01', h'02']}"),
        ("a1 1822 82 2f 4101", "{34 / x5t /: [-16 / SHA-256 /, h'01']}"),
        (
            "a3 190102 2f 190103 18 32 190104 6161",
            "{258 / payload-hash-alg /: -16 / SHA-256 /, \
             259 / payload-preimage-content-type /: 50 / application//json /, \
             260 / payload-location /: \"a\"}",
        ),
        (
            "a1 0b 83 40 a0 4101",
            "{11 / Countersignature version 2 /: [/ protected / h'', / unprotected / {}, \
             / signature / h'01']}",
        ),
        (
            "a1 0b 81 83 40 a0 4101",
            "{11 / Countersignature version 2 /: [[/ protected / h'', / unprotected / {}, \
             / signature / h'01']]}",
        ),
        (
            "a1 07 82 83 43a10127 a0 4101 83 40 a1 09 4102 4103",
            "{7 / counter signature /: [[/ protected / << {1 / alg /: -8 / EdDSA /} >>, \
             / unprotected / {}, / signature / h'01'], [/ protected / h'', \
             / unprotected / {9 / CounterSignature0 /: h'02'}, / signature / h'03']]}",
        ),
        (
            "a2 0b 9f 83 40 a1 0b 83 40 a1 0c 4102 4103 4104 ff 0c 4105",
            "{11 / Countersignature version 2 /: [_ [/ protected / h'', \
             / unprotected / {11 / Countersignature version 2 /: [/ protected / h'', \
             / unprotected / {12 / Countersignature0 version 2 /: h'02'}, / signature / h'03']}, \
             / signature / h'04']], 12 / Countersignature0 version 2 /: h'05'}",
        ),
        ("a2 01 65 4553323536 01 39 fffe", "{1 / alg /: \"ES256\", 1 / alg /: -65535 / RS1 /}"),
        // A label beyond i64 has no name, least of all that of a small one.
        ("a1 3bffffffffffffffff 00", "{-18446744073709551616: 0}"),
    ] {
        assert_eq!(shown(hex, &HeaderNames), want, "{hex}");
    }
}

#[test]
fn receipts_and_proofs() {
    assert_eq!(
        shown(
            "d284 40 a1 19018a 81 58 1d
                d284 47 a2 01 26 19018b 01
                     a1 19018c a1 20 81 47 83 02 01 81 42 abcd f6 42 ef01
             f6 40",
            &CoseNames
        ),
        "18([/ protected / h'', / unprotected / {394 / receipts /: [<< 18([\
         / protected / << {1 / alg /: -7 / ES256 /, 395 / vds /: 1 / RFC9162_SHA256 /} >>, \
         / unprotected / {396 / vdp /: {-1 / inclusion-proof /: [<< [/ tree_size / 2, \
         / leaf_index / 1, / path / [h'abcd']] >>]}}, / payload / null, / signature / h'ef01']) >>]}, \
         / payload / null, / signature / h''])"
    );
    for (hex, want) in [
        (
            "a1 19018c a1 21 81 45 83 01 02 81 40",
            "{396 / vdp /: {-2 / consistency-proof /: [<< [/ tree_size_1 / 1, / tree_size_2 / 2, \
             / path / [h'']] >>]}}",
        ),
        (
            "a1 19018c a1 20 81 4d a2 01 83 40 6165 4101 02 81 82 f5 40",
            "{396 / vdp /: {-1 / inclusion-proof /: [<< {1 / leaf /: [/ transaction_hash / h'', \
             / evidence / \"e\", / data_hash / h'01'], 2 / path /: [[/ left / true, / hash / h'']]} >>]}}",
        ),
        (
            "a1 19018c a2 20 81 44 82 07 81 40 21 81 46 84 01 02 80 81 40",
            "{396 / vdp /: {-1 / inclusion-proof /: [<< [/ index / 7, / path / [h'']] >>], \
             -2 / consistency-proof /: [<< [/ tree_size_1 / 1, / tree_size_2 / 2, / path / [], \
             / right_peaks / [h'']] >>]}}",
        ),
    ] {
        assert_eq!(shown(hex, &HeaderNames), want, "{hex}");
    }
}

#[test]
fn what_is_signed_shows_as_the_bytes_that_it_is() {
    // RFC 8610 G.3: what stands between the brackets is the bytes of the string.
    for (protected, shown) in [
        ("43 a10126", "<< {1 / alg /: -7 / ES256 /} >>"),
        ("44 a1180126", "<< {1_0 / alg /: -7 / ES256 /} >>"),
        ("45 a118013806", "<< {1_0 / alg /: -7_0 / ES256 /} >>"),
        ("44 b8010126", "<< {_0 1 / alg /: -7 / ES256 /} >>"),
        ("5803 a10126", "<< {1 / alg /: -7 / ES256 /} >>_0"),
        ("44 bf0126ff", "<< {_ 1 / alg /: -7 / ES256 /} >>"),
        ("48 a201260459000131", "<< {1 / alg /: -7 / ES256 /, 4 / kid /: h'31'_1} >>"),
        ("4a a20126183fd802811800", "<< {1 / alg /: -7 / ES256 /, 63: 2_0([0_0])} >>"),
        (
            "4d a2012604a1780161fa3f800000",
            "<< {1 / alg /: -7 / ES256 /, 4 / kid /: {\"a\"_0: 1.0_2}} >>",
        ),
    ] {
        let text = super::shown(&std::format!("d2 84 {protected} a0 40 40"), &CoseNames);
        assert!(text.starts_with(&std::format!("18([/ protected / {shown}, ")), "{text}");
    }
}
