//! Every claim in forms that its specification excludes: another type, another size, a member too many,
//! too few, and times that are no times. Each test names the rule.

#[path = "support/claims.rs"]
mod claims;

use claims::{check, findings, set};
use cose_ext::Profile;
use rats_eat::{Claims, claim::UeidKind};

/// A date, a tagged one, floats, and what is no time.
const FINITE: [&str; 4] = ["00", "1a60000000", "20", "fb41d8000000000000"];
const NO_TIMES: [&str; 9] = [
    "c100",                   // tag 1
    "c11a60000000",           // tag 1
    "f97e00",                 // NaN
    "f97c00",                 // infinity
    "f9fc00",                 // -infinity
    "1bffffffffffffffff",     // 2^64 - 1
    "3b7fffffffffffffff",     // -2^63
    "c249010000000000000000", // a bignum
    "6130",                   // text
];

#[test]
fn e1_a_claims_set_is_a_map_of_integers_and_text() {
    for bad in ["80", "00", "60", "a14000", "a1f500", "a1800 0"] {
        let bytes = hex::decode(bad.replace(' ', "")).unwrap();
        let error = Claims::decode(&bytes, &Profile::LENIENT).unwrap_err();
        assert_eq!(error.rule().map(|rule| rule.id), Some("E1"), "{bad}");
    }
    assert!(Claims::decode(&[0xa1, 0x61, 0x61, 0x00], &Profile::LENIENT).is_ok());
    // A key twice, in two encodings, and bytes behind the set, are refused by the reader.
    for (bad, rule) in [("a2010118011801", "C2"), ("a000", "C1")] {
        let error = Claims::decode(&hex::decode(bad).unwrap(), &Profile::LENIENT).unwrap_err();
        assert_eq!(error.rule().map(|rule| rule.id), Some(rule), "{bad}");
    }
}

#[test]
fn e2_issuer_subject_audience_are_text() {
    for key in [1, 2, 3] {
        check("E2", key, &["6161", "60"], &["4161", "00", "816161", "f6"]);
    }
}

#[test]
fn e3_dates_are_finite_and_bare() {
    for key in [4, 5] {
        check("E3", key, &FINITE, &NO_TIMES);
    }
}

#[test]
fn e4_iat_is_an_integer() {
    check("E4", 6, &FINITE[..3], &NO_TIMES);
    check("E4", 6, &[], &["fb41d8000000000000", "f93c00"]);
}

#[test]
fn e5_cti_is_bytes() {
    check("E5", 7, &["40", "4101"], &["6161", "01"]);
}

#[test]
fn e6_cnf_is_a_map() {
    check("E6", 8, &["a103414b"], &["40", "a1036161", "80"]);
}

#[test]
fn e7_nonces_have_8_to_64_bytes_and_an_array_has_two() {
    let n8 = "48 0000000000000000";
    let (n7, n64) = ("47 00000000000000", format!("5840{}", "00".repeat(64)));
    let (n65, two) = (format!("5841{}", "00".repeat(65)), format!("82{n8}{n8}"));
    let (one, short) = (format!("81{n8}"), format!("82{n8}{n7}"));
    check(
        "E7",
        10,
        &[n8, &n64, &two],
        &[n7, &n65, &one, "80", &short, "6830303030303030 30", "00"],
    );
}

#[test]
fn e8_ueids_have_7_to_33_bytes() {
    let (longest, too_long) =
        (format!("5821{}", "01".repeat(33)), format!("5822{}", "01".repeat(34)));
    check("E8", 256, &["47 01000000000000", &longest], &["46 010000000000", &too_long, "60", "00"]);
}

#[test]
fn the_kind_of_a_ueid_is_told_by_type_and_length() {
    let kind = |ueid: &str| {
        let bytes = set(&[(256, ueid)]);
        let claims = Claims::decode(&bytes, &Profile::LENIENT).unwrap();
        claims.ueid().unwrap().unwrap().kind()
    };
    assert_eq!(kind(&format!("51 01{}", "00".repeat(16))), UeidKind::Random);
    assert_eq!(kind("47 02000000000000"), UeidKind::Eui);
    assert_eq!(kind(&format!("4f 03{}", "01".repeat(14))), UeidKind::Imei);
    assert_eq!(kind("47 01000000000000"), UeidKind::Other);
}

#[test]
fn e9_sueids_are_ueids_under_text() {
    check("E9", 257, &["a1 6161 47 01000000000000"], &["a0", "80", "a1 01 47 01000000000000"]);
    check("E8", 257, &[], &["a1 6161 4101"]);
}

#[test]
fn e10_oemid_has_three_forms() {
    let random = format!("50{}", "00".repeat(16));
    check("E10", 258, &[], &["44 00000000", "42 0000", "60", "f5", "80"]);
    for good in ["00", "1a0000faf2", "43 894823", &random] {
        assert_eq!(findings(&set(&[(258, good)])), [], "{good}");
    }
}

#[test]
fn e11_hwmodel_has_1_to_32_bytes() {
    let (most, more) = (format!("5820{}", "00".repeat(32)), format!("5821{}", "00".repeat(33)));
    check("E11", 259, &["4101", &most], &["40", &more, "6161", "01"]);
}

#[test]
fn e12_hwversion_is_a_text_and_a_scheme() {
    let good = ["81 6131", "82 6131 01", "82 6131 6178", "82 6131 20"];
    check("E12", 260, &good, &["80", "6131", "8101", "82 6131 40", "83 6131 01 01"]);
}

#[test]
fn e13_swname_is_text() {
    check("E13", 270, &["6161"], &["4161", "816161"]);
}

#[test]
fn e14_swversion_is_a_text_and_a_scheme() {
    check("E14", 271, &["81 6131", "82 6131 01"], &["6131", "80", "83 6131 01 01"]);
}

#[test]
fn e15_oemboot_is_a_bool() {
    check("E15", 262, &["f4", "f5"], &["00", "01", "f6", "60"]);
}

#[test]
fn e16_dbgstat_is_0_to_4() {
    check("E16", 263, &["00", "01", "02", "03", "04"], &["05", "20", "f93c00", "f5"]);
}

#[test]
fn e17_a_location_has_latitude_and_longitude() {
    let good =
        ["a2 01 00 02 00", "a2 01 fb4028000000000000 02 f90000", "a3 01 00 02 00 08 1a60000000"];
    let bad = [
        "a1 01 00",                             // no longitude
        "a1 02 00",                             // no latitude
        "80",                                   // no map
        "a2 01 00 02 6130",                     // a text
        "a2 01 f97e00 02 00",                   // NaN
        "a3 01 00 02 00 08 fb41d8000000000000", // a float as timestamp
        "a3 01 00 02 00 09 20",                 // an age below zero
    ];
    check("E17", 264, &good, &bad);
}

#[test]
fn e18_uptime_is_unsigned() {
    check("E18", 261, &["00", "1bffffffffffffffff"], &["20", "f93c00", "60"]);
}

#[test]
fn e19_bootcount_is_unsigned() {
    check("E19", 267, &["00"], &["20", "f93c00", "40"]);
}

#[test]
fn e20_bootseed_is_bytes() {
    check("E20", 268, &["40", "4101"], &["60", "00"]);
}

#[test]
fn e21_dloas_are_two_or_three_texts() {
    let good = ["81 82 6161 6162", "81 83 6161 6162 6163"];
    check(
        "E21",
        269,
        &good,
        &["80", "81 81 6161", "81 84 6161 6162 6163 6164", "81 82 6161 01", "a0"],
    );
}

#[test]
fn e22_manifests_are_formats_and_bytes() {
    let bad =
        ["80", "81 81 00", "81 82 00 60", "81 82 20 40", "81 82 1a00010000 40", "81 83 00 40 00"];
    check("E22", 272, &["81 82 19 0102 40", "82 82 00 40 82 19ffff 4101"], &bad);
}

#[test]
fn e23_measurements_are_formats_and_bytes() {
    check("E23", 273, &["81 82 19 0102 40"], &["80", "81 82 00 60", "81 82 6161 40", "40"]);
}

#[test]
fn e24_measurement_results_are_1_to_4() {
    let good = ["81 82 6161 81 82 6162 01", "81 82 6161 82 82 4101 04 82 6162 03"];
    let bad = [
        "80",
        "81 82 6161 80",
        "81 82 6161 81 82 6162 00",
        "81 82 6161 81 82 6162 05",
        "81 81 6161",
    ];
    check("E24", 274, &good, &bad);
}

#[test]
fn e25_submods_are_modules_under_text() {
    check("E25", 266, &["a1 6161 a0"], &["a0", "80", "a1 01 a0", "a1 6161 00", "a1 6161 f5"]);
}

#[test]
fn e26_a_profile_is_a_uri_or_an_oid() {
    let uri = "6a 7461673a612c313a6262";
    check(
        "E26",
        265,
        &[uri, "42 2a03"],
        &["6161", "60", "40", "41 80", "42 8001", "00", "d820 6361 3a62"],
    );
}

#[test]
fn e27_intended_use_is_an_integer() {
    check("E27", 275, &["01", "20"], &["6767656e65726963", "f93c00"]);
}

/// A submodule that is a text.
fn text_submodule(text: &str) -> String {
    format!("a1 6161 78{:02x}{}", text.len(), hex::encode(text))
}

#[test]
fn e28_a_json_selector_names_no_digest() {
    let good = ["[\"JWT\", \"e30\"]", " [ \"BUNDLE\",[] ] ", "[\"CBOR\",\"\"]", "[\"UJCS\",{}]"];
    let bad =
        ["[\"DIGEST\",[]]", "[\"JWT\"]", "\"JWT\"", "[\"jwt\", \"e30\"]", "[\"J\\u0057T\", 1]", ""];
    for (texts, expected) in [(&good[..], None), (&bad[..], Some("E28"))] {
        for text in texts {
            let found = findings(&set(&[(266, &text_submodule(text))]));
            assert_eq!(found.first().map(|(_, rule)| *rule), expected, "{text}");
        }
    }
}

#[test]
fn e29_a_digest_is_as_long_as_its_hash() {
    let digest =
        |alg: &str, len: usize| format!("a1 6161 82 {alg} 58{len:02x}{}", "00".repeat(len));
    for good in [digest("2f", 32), digest("67 5348412d323536", 32), digest("382b", 64)] {
        assert_eq!(findings(&set(&[(266, &good)])), [], "{good}");
    }
    // Cut, of an unknown name, of no hash, and of one that may only filter.
    for bad in [digest("2f", 16), digest("63 78797a", 32), digest("26", 32), digest("2d", 20)] {
        let found = findings(&set(&[(266, &bad)]));
        assert_eq!(found, [("submods/a".to_owned(), "E29")], "{bad}");
    }
}

#[test]
fn unknown_claims_break_nothing_and_are_kept() {
    let bytes = set(&[(258, "00"), (-80000, "f6"), (1234567, "a10000")]);
    assert_eq!(findings(&bytes), []);
    let claims = Claims::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(claims.find(cose_ext::cwt::ClaimKey::int(-80000)).unwrap().bytes(), [0xf6]);
}

#[test]
fn every_broken_rule_is_reported_with_its_path() {
    let inner = set(&[(262, "00"), (261, "20"), (266, "a1 6162 a1 19010f 00")]);
    let bytes =
        set(&[(10, "4100"), (263, "05"), (266, &format!("a1 6161 {}", hex::encode(inner)))]);
    let expected = [
        ("eat_nonce", "E7"),
        ("dbgstat", "E16"),
        ("submods/a/oemboot", "E15"),
        ("submods/a/uptime", "E18"),
        ("submods/a/submods/b/swversion", "E14"),
    ];
    let expected = expected.map(|(path, rule)| (path.to_owned(), rule));
    assert_eq!(findings(&bytes), expected);
}

/// What has to stand beside a claim: alone it is reported, beside its companion it is not, and a
/// companion in the set around it is none.
fn companion(rule: &str, key: i64, value: &str, beside: i64, beside_value: &str) {
    let path_of = |bytes: &[u8]| {
        let found = findings(bytes);
        found.into_iter().find(|(_, found)| *found == rule).map(|(path, _)| path)
    };
    assert!(path_of(&set(&[(key, value)])).is_some(), "{rule}");
    assert_eq!(path_of(&set(&[(beside, beside_value), (key, value)])), None, "{rule}");
    let inner = format!("a1 6161 {}", hex::encode(set(&[(key, value)])));
    let nested = set(&[(beside, beside_value), (266, &inner)]);
    assert!(path_of(&nested).is_some_and(|path| path.starts_with("submods/a/")), "{rule}");
}

#[test]
fn e30_hwmodel_needs_oemid() {
    companion("E30", 259, "4101", 258, "00");
}

#[test]
fn e31_hwversion_needs_hwmodel() {
    companion("E31", 260, "81 6131", 259, "4101");
}

#[test]
fn e32_swversion_needs_swname() {
    companion("E32", 271, "81 6131", 270, "6161");
}

#[test]
fn e33_oemboot_needs_oemid() {
    companion("E33", 262, "f5", 258, "00");
}

#[test]
fn e34_disabled_permanently_needs_oemid() {
    companion("E34", 263, "03", 258, "00");
    assert_eq!(findings(&set(&[(263, "02")])), []);
    assert_eq!(findings(&set(&[(263, "04")])), []);
}

#[test]
fn e35_an_enterprise_number_is_unsigned() {
    assert_eq!(findings(&set(&[(258, "24")])), [("oemid".to_owned(), "E35")]);
}
