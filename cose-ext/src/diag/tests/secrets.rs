//! The secret bytes of these keys are all `5e`.

use std::{format, string::String, vec::Vec};

use super::{ClaimsNames, Each, KeyNames, Layout, Names, Wrapped, decode, print_as, shown};

const EC2: &str = "a6 01 02 20 01 21 41aa 22 f5 02 41bb 23 425e5e";

#[test]
fn private_parts_are_not_shown() {
    for (hex, want) in [
        (
            EC2,
            "{1 / kty /: 2 / EC2 /, -1 / crv /: 1 / P-256 /, -2 / x /: h'aa', -3 / y /: true, \
             2 / kid /: h'bb', -4 / d /: ... / secret /}",
        ),
        // The key type decides, wherever it stands.
        ("a2 20 425e5e 01 04", "{-1 / k /: ... / secret /, 1 / kty /: 4 / Symmetric /}"),
        ("a2 20 425e5e 1801 04", "{-1 / k /: ... / secret /, 1_0 / kty /: 4 / Symmetric /}"),
        (
            "a4 01 07 03 3830 20 41aa 21 425e5e",
            "{1 / kty /: 7 / AKP /, 3 / alg /: -49 / ML-DSA-65 /, -1 / pub /: h'aa', \
             -2 / priv /: ... / secret /}",
        ),
        (
            "a4 01 03 20 41aa 21 43010001 28 81 a1 29 425e5e",
            "{1 / kty /: 3 / RSA /, -1 / n /: h'aa', -2 / e /: h'010001', -9 / other /: ... / secret /}",
        ),
        // Stated twice, not at all, as text, or not known: nobody knows what -1 is.
        (
            "a3 01 02 01 04 20 425e5e",
            "{1 / kty /: 2 / EC2 /, 1 / kty /: 4 / Symmetric /, -1: ... / secret /}",
        ),
        ("a1 20 425e5e", "{-1: ... / secret /}"),
        ("a2 01 636f6374 20 425e5e", "{1 / kty /: \"oct\", -1: ... / secret /}"),
        ("a2 01 09 20 425e5e", "{1 / kty /: 9, -1: ... / secret /}"),
        (
            "a2 01 1bffffffffffffffff 20 425e5e",
            "{1 / kty /: 18446744073709551615, -1: ... / secret /}",
        ),
        // Labels of every kind.
        ("a2 01 02 6164 425e5e", "{1 / kty /: 2 / EC2 /, \"d\": ... / secret /}"),
        ("a2 01 02 8101 425e5e", "{1 / kty /: 2 / EC2 /, ... / secret /: ... / secret /}"),
        // Secrets of every form.
        ("a2 01 02 23 5f415e415eff", "{1 / kty /: 2 / EC2 /, -4 / d /: ... / secret /}"),
        ("a2 01 02 23 c2 49015e5e5e5e5e5e5e5e", "{1 / kty /: 2 / EC2 /, -4 / d /: ... / secret /}"),
        (
            "a2 04 84 01 02 0a 0b 01 06",
            "{4 / key_ops /: [1 / sign /, 2 / verify /, 10 / MAC verify /, 11], 1 / kty /: 6}",
        ),
    ] {
        assert_eq!(shown(hex, &KeyNames), want, "{hex}");
    }
}

#[test]
fn a_key_that_is_no_key_shows_no_string() {
    for hex in [
        "42 5e5e",
        "64 5e5e5e5e",
        "5f 425e5e ff",
        "7f 64 5e5e5e5e ff",
        "c2 49 015e5e5e5e5e5e5e5e",
        "81 d818 43 425e5e",
    ] {
        assert!(!shown(hex, &KeyNames).contains("5e5e"), "{hex}");
        assert!(!shown(hex, &KeyNames).contains("^^"), "{hex}");
    }
    assert_eq!(
        shown("82 a0 46 a2 01 04 20 41", &KeyNames),
        "[{}, / not well-formed at byte 2: the input ends inside a data item / ... / secret /"
    );
    assert_eq!(
        shown("45 a2 01 04 20 40", &KeyNames),
        "<< {1 / kty /: 4 / Symmetric /, -1 / k /: ... / secret /} >>"
    );
}

/// Every prefix and every changed byte in front of the secret.
#[test]
fn broken_keys_show_no_secret() {
    let key = decode(EC2);
    let claims = [&decode("a2 01 6161 08 a1 01")[..], &key].concat();
    let set = [&[0x82], &key[..], &key].concat();
    let cases: [(&[u8], &dyn Names); 4] = [
        (&key, &KeyNames),
        (&set, &KeyNames),
        (&set, &Each(&Wrapped(&KeyNames))),
        (&claims, &ClaimsNames),
    ];
    for (bytes, names) in cases {
        for layout in [Layout::Line, Layout::Indented] {
            for end in 0..=bytes.len() {
                assert!(!leaks(&bytes[..end], names, layout), "{end}");
            }
        }
    }
    // What follows a broken place is hidden with it.
    for (bytes, names, from) in
        [(&key, &KeyNames as &dyn Names, 0), (&set, &KeyNames, 0), (&claims, &ClaimsNames, 7)]
    {
        for index in from..bytes.len() {
            for value in [0x1c, 0x81, 0x9f, 0xbf, 0x5f, 0xff, 0xfb, 0xc2] {
                let mut changed: Vec<u8> = bytes.to_vec();
                changed[index] = value;
                assert!(!leaks(&changed, names, Layout::Line), "{index} {value:02x}");
            }
        }
    }
}

fn leaks(bytes: &[u8], names: &dyn Names, layout: Layout) -> bool {
    let mut out = String::new();
    print_as(bytes, names, layout, &mut out).unwrap();
    out.contains("5e5e")
}

#[test]
fn keys_inside_of_messages() {
    assert_eq!(
        shown(&format!("a1 08 a2 01 {EC2} 03 4133"), &ClaimsNames),
        "{8 / cnf /: {1 / COSE_Key /: {1 / kty /: 2 / EC2 /, -1 / crv /: 1 / P-256 /, \
         -2 / x /: h'aa', -3 / y /: true, 2 / kid /: h'bb', -4 / d /: ... / secret /}, \
         3 / kid /: h'33'}}"
    );
}
