//! What RFC 8949 8 and appendix A say, without any names.

use std::string::String;

use super::{Layout, Unnamed, decode, print_as, shown};

#[test]
fn rfc_8949_appendix_a() {
    for (hex, want) in [
        ("00", "0"),
        ("1818", "24"),
        ("1903e8", "1000"),
        ("1b000000e8d4a51000", "1000000000000"),
        ("1bffffffffffffffff", "18446744073709551615"),
        ("c249010000000000000000", "18446744073709551616"),
        ("3bffffffffffffffff", "-18446744073709551616"),
        ("c349010000000000000000", "-18446744073709551617"),
        ("20", "-1"),
        ("3903e7", "-1000"),
        ("f90000", "0.0"),
        ("f98000", "-0.0"),
        ("f93c00", "1.0"),
        ("fb3ff199999999999a", "1.1"),
        ("f93e00", "1.5"),
        ("f97bff", "65504.0"),
        ("fa47c35000", "100000.0"),
        ("fa7f7fffff", "3.4028234663852886e+38"),
        ("fb7e37e43c8800759c", "1.0e+300"),
        ("f90001", "5.960464477539063e-8"),
        ("f90400", "0.00006103515625"),
        ("f9c400", "-4.0"),
        ("fbc010666666666666", "-4.1"),
        ("f97c00", "Infinity"),
        ("f97e00", "NaN"),
        ("f9fc00", "-Infinity"),
        ("fa7f800000", "Infinity_2"),
        ("fa7fc00000", "NaN_2"),
        ("fbfff0000000000000", "-Infinity_3"),
        ("f4", "false"),
        ("f5", "true"),
        ("f6", "null"),
        ("f7", "undefined"),
        ("f0", "simple(16)"),
        ("f8ff", "simple(255)"),
        ("c074323031332d30332d32315432303a30343a30305a", "0(\"2013-03-21T20:04:00Z\")"),
        ("c11a514b67b0", "1(1363896240)"),
        ("c1fb41d452d9ec200000", "1(1363896240.5)"),
        ("d74401020304", "23(h'01020304')"),
        ("d818456449455446", "24(h'6449455446')"),
        ("40", "h''"),
        ("60", "\"\""),
        ("62225c", r#""\"\\""#),
        ("62c3bc", "\"\u{fc}\""),
        ("63e6b0b4", "\"\u{6c34}\""),
        ("64f0908591", "\"\u{10151}\""),
        ("80", "[]"),
        ("8301820203820405", "[1, [2, 3], [4, 5]]"),
        ("a0", "{}"),
        ("a201020304", "{1: 2, 3: 4}"),
        ("a26161016162820203", "{\"a\": 1, \"b\": [2, 3]}"),
        ("826161a161626163", "[\"a\", {\"b\": \"c\"}]"),
        ("5f42010243030405ff", "(_ h'0102', h'030405')"),
        ("7f657374726561646d696e67ff", "(_ \"strea\", \"ming\")"),
        ("9fff", "[_ ]"),
        ("9f018202039f0405ffff", "[_ 1, [2, 3], [_ 4, 5]]"),
        ("83018202039f0405ff", "[1, [2, 3], [_ 4, 5]]"),
        ("bf61610161629f0203ffff", "{_ \"a\": 1, \"b\": [_ 2, 3]}"),
        ("bf6346756ef563416d7421ff", "{_ \"Fun\": true, \"Amt\": -2}"),
    ] {
        assert_eq!(shown(hex, &Unnamed), want, "{hex}");
    }
}

#[test]
fn beyond_appendix_a() {
    for (hex, want) in [
        ("5fff", "''_"),
        ("7fff", "\"\"_"),
        ("bfff", "{_ }"),
        ("5f40ff", "(_ h'')"),
        ("a1 82 01 a0 40", "{[1, {}]: h''}"),
        ("a1 5f4101ff c1 00", "{(_ h'01'): 1(0)}"),
        // Thresholds of the exponent.
        ("fb 3eb0c6f7a0b5ed8d", "0.000001"),
        ("fb 3e7ad7f29abcaf48", "1.0e-7"),
        ("fb 4415af1d78b58c40", "100000000000000000000.0"),
        ("fb 444b1ae4d6e2ef50", "1.0e+21"),
        // A bignum that is not one, or too long to count, stays what it is.
        ("c2 4101", "2(h'01')"),
        ("c2 49000000000000000001", "2(h'000000000000000001')"),
        ("c2 50ffffffffffffffffffffffffffffffff", "340282366920938463463374607431768211455"),
        ("c3 50ffffffffffffffffffffffffffffffff", "3(h'ffffffffffffffffffffffffffffffff')"),
        ("c2 510100000000000000000000000000000000", "2(h'0100000000000000000000000000000000')"),
        ("c2 5f4101ff", "2((_ h'01'))"),
        // What would reorder or hide text on a screen.
        ("65 0a0d090800", r#""\n\r\t\u0008\u0000""#),
        ("66 7f e280ae c285", r#""\u007f\u202e\u0085""#),
        ("64 f3a08081", r#""\udb40\udc01""#),
    ] {
        assert_eq!(shown(hex, &Unnamed), want, "{hex}");
    }
}

#[test]
fn indented() {
    let mut out = String::new();
    let bytes = decode("83 01 a2 01 80 02 a0 9f bf 20 5f4101ff ff ff");
    print_as(&bytes, &Unnamed, Layout::Indented, &mut out).unwrap();
    let want = "\
[
  1,
  {
    1: [],
    2: {}
  },
  [_
    {_
      -1: (_ h'01')
    }
  ]
]";
    assert_eq!(out, want);
}

/// Of a NaN the bits are what was signed: all but the usual one are shown by them.
#[test]
fn the_bits_of_a_nan_show() {
    for (hex, want) in [
        ("f97e00", "NaN"),
        ("fa7fc00000", "NaN_2"),
        ("fb7ff8000000000000", "NaN_3"),
        ("f97e01", "float'7e01'"),
        ("f97c01", "float'7c01'"),
        ("f9fe00", "float'fe00'"),
        ("fa7f800001", "float'7f800001'"),
        ("faffc00000", "float'ffc00000'"),
        ("fb7ff8000000000001", "float'7ff8000000000001'"),
        ("fb7ff0000000000001", "float'7ff0000000000001'"),
        ("82f97e01f97e00", "[float'7e01', NaN]"),
        ("a1f97e0101", "{float'7e01': 1}"),
    ] {
        assert_eq!(shown(hex, &Unnamed), want, "{hex}");
    }
}
