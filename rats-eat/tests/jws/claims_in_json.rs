//! Claims sets and bundles in JSON: read into CBOR, and written again.

use super::*;

#[test]
fn e4_iat_is_an_integer() {
    for iat in ["1.0", "1790000000.0", "1e3", "0.5", "18446744073709551616"] {
        let text = format!("{{\"iat\":{iat}}}");
        let error = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::IntegerDate, "{iat}");
    }
}

#[test]
fn claims_take_the_form_of_cbor() {
    let text = r#"{
        "iss": "i", "jti": "ab", "eat_nonce": ["AAAAAAAAAAA", "AAAAAAAAAAE"], "ueid": "AQID",
        "sueids": {"x": "AQID"}, "oemid": 1, "dbgstat": "disabled-fully-and-permanently",
        "location": {"latitude": 1.5, "longitude": 2}, "eat_profile": "2.999.3",
        "manifests": [[258, "AQ"]], "measres": [["s", [["r", "absent"]]]], "intuse": "csr",
        "cmw": ["a/b", "AQ"], "own": {"b": null, "a": true}
    }"#;
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    Profile::DETERMINISTIC.item(&cbor, 0).unwrap();
    let map = Map::decode(&cbor, 0, PROFILE.strictness, &PROFILE.limits.cbor).unwrap();
    let expected = [
        (1, "6169"),
        (7, "426162"),
        (10, "8248000000000000000048 0000000000000001"),
        (256, "43010203"),
        (257, "a1617843010203"),
        (258, "01"),
        (263, "04"),
        (264, "a201f93e000202"),
        (265, "43883703"),
        (272, "818219010 24101"),
        (274, "8182617381826172 04"),
        (275, "04"),
        (299, "8263612f624101"),
    ];
    for (key, hex) in expected {
        let value = map.find(key).unwrap_or_else(|| panic!("{key}"));
        assert_eq!(hex::encode(value.bytes()), hex.replace(' ', ""), "{key}");
    }
    assert_eq!(hex::encode(map.find_text("own").unwrap().bytes()), "a26161f56162f6");
    assert_eq!(map.len(), expected.len() + 1);
}

#[test]
fn a_claim_of_another_type_is_kept_as_it_stands() {
    let text = r#"{"ueid": "not base64url!", "dbgstat": "on", "oemid": "AQ==", "location": 1,
        "eat_profile": "urn:x", "manifests": [1, ["a"]], "measres": {}, "intuse": 3}"#;
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    let map = Map::decode(&cbor, 0, PROFILE.strictness, &PROFILE.limits.cbor).unwrap();
    assert_eq!(map.find(256).unwrap().read(Reader::text), Ok("not base64url!"));
    assert_eq!(map.find(263).unwrap().read(Reader::text), Ok("on"));
    assert_eq!(map.find(258).unwrap().read(Reader::text), Ok("AQ=="));
    assert_eq!(map.find(265).unwrap().read(Reader::text), Ok("urn:x"));
}

#[test]
fn e25_submodules_take_the_form_of_cbor() {
    let text = r#"{"submods": {
        "a": {"ueid": "AQID"},
        "b": ["CBOR", "0oQ"],
        "c": ["DIGEST", ["SHA-256", "AQID"]],
        "d": ["JWT", "e30.e30.AA"],
        "e": ["BUNDLE", [["JWT", "x"], {"z": "AQ", "y": "Ag"}]]
    }}"#;
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    let map = Map::decode(&cbor, 0, PROFILE.strictness, &PROFILE.limits.cbor).unwrap();
    let submods = Map::new(&map.find(266).unwrap()).unwrap();
    let hex = |name| hex::encode(submods.find_text(name).unwrap().bytes());
    assert_eq!(hex("a"), "a119010043010203");
    assert_eq!(hex("b"), "42d284");
    assert_eq!(hex("c"), "82675348412d32353643010203");
    let text = |name| submods.find_text(name).unwrap().read(Reader::text).unwrap();
    assert_eq!(text("d"), r#"["JWT","e30.e30.AA"]"#);
    assert_eq!(text("e"), r#"["BUNDLE",[["JWT","x"],{"z":"AQ","y":"Ag"}]]"#);
    for submodule in [
        "1",
        "[]",
        "[\"JWT\"]",
        "[\"XML\",\"a\"]",
        "[\"CBOR\",1]",
        "[\"DIGEST\",\"a\"]",
        "[\"DIGEST\",[1]]",
        "\"a\"",
    ] {
        let text = format!("{{\"submods\":{{\"a\":{submodule}}}}}");
        let error = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::Submods, "{submodule}");
    }
}

#[test]
fn e282_twenty_thousand_submodules_in_each_other_are_an_error() {
    let text = "{\"submods\":{\"a\":".repeat(20_000);
    let error = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::JsonDepth);
}

#[test]
fn claims_are_written_as_they_were_read() {
    let text = concat!(
        r#"{"iss":"i","exp":1,"iat":-2,"jti":"ab","eat_nonce":["AAAAAAAAAAA","AAAAAAAAAAE"],"ueid":"AQID","#,
        r#""oemid":1,"oemboot":true,"dbgstat":"disabled-fully-and-permanently","#,
        r#""location":{"latitude":1.5,"longitude":2},"eat_profile":"2.999.3","submods":{"a":{"ueid":"AQID"},"#,
        r#""b":["CBOR","0oQ"],"c":["DIGEST",["SHA-256","AQID"]],"d":["JWT","e30.e30.AA"],"e":{}},"#,
        r#""swversion":["1",2],"manifests":[[258,"AQ"]],"measres":[["s",[["r","absent"]]]],"intuse":"csr","#,
        r#""cmw":["a/b","AQ"],"own":{"a":true,"b":null,"c":[-1.0,""]}}"#
    );
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    let claims = Claims::decode(&cbor, PROFILE).unwrap();
    assert_eq!(claims.to_json().unwrap().to_string(), text);
    let none = Claims::decode(&[0xa0], PROFILE).unwrap();
    assert_eq!(none.to_json().unwrap().to_string(), "{}");
    for oid in [
        "0.0",
        "0.39",
        "1.39",
        "2.0",
        "2.47",
        "2.48",
        "2.999.18446744073709551615",
        "1.2.840.113549",
    ] {
        let text = format!("{{\"eat_profile\":\"{oid}\"}}");
        let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
        assert_eq!(Claims::decode(&cbor, PROFILE).unwrap().to_json().unwrap().to_string(), text);
    }
}

#[test]
fn e294_what_json_has_no_form_of_is_not_written() {
    let cases = [
        ("a13a0001112901", "a claim of no name"),
        ("a108a1 02 80", "an encrypted key"),
        ("a108a1 0341ff", "a kid that is no text"),
        ("a108a1 01a10104", "a symmetric key"),
        ("a108 01", "cnf that is no map"),
        ("a1190107 05", "dbgstat without a name"),
        ("a106c101", "a tag"),
        ("a104f97e00", "not a number"),
        ("a104f97c00", "infinity"),
        ("a1043bffffffffffffffff", "beyond 64 bits"),
        ("a1190108a10a01", "a member of location without a name"),
        ("a1074 1ff", "cti that is no text"),
        ("a11901094180", "no object identifier"),
        ("a119010940", "no object identifier"),
        ("a119010943 80 80 01", "an arc with leading zeros"),
        ("a119010aa1616101", "no submodule"),
        ("a119010aa1616161 7d", "a text that is no JSON"),
        ("a119010aa16161627b7d", "a text that is no array in JSON"),
        ("a119010aa161616 55b315d2c31", "text that would end the array"),
        ("a119012b01", "no wrapper"),
        ("a119011281 81 6173", "measres without results"),
        ("a16161a10102", "a map with integer keys"),
        ("a16161f7", "undefined"),
    ];
    for (hex, what) in cases {
        let bytes = hex::decode(hex.replace(' ', "")).unwrap();
        let claims = Claims::decode(&bytes, PROFILE).unwrap();
        let error = claims.to_json().map(|json| json.to_string()).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::NoJsonForm, "{what}");
    }
}

#[test]
fn e28_a_text_among_the_submodules_is_what_its_type_says() {
    let read = |kind: &'static str, text: &str| {
        let selector = JsonSelector { kind, text };
        let nested = NestedJson::decode(&selector, PROFILE)?;
        Ok::<_, Error>(format!("{nested:?}").split('(').next().unwrap().to_owned())
    };
    let read = |text| read("JWT", text).map_err(|error| error.rule().unwrap());
    assert_eq!(read(r#"["JWT","e30.e30.AA"]"#).as_deref(), Ok("Jwt"));
    assert_eq!(read(r#" [ "CBOR" , "0oQ" ] "#).as_deref(), Ok("Cbor"));
    assert_eq!(read(r#"["BUNDLE",[["JWT","x"],{"a":"e30"}]]"#).as_deref(), Ok("Bundle"));
    assert_eq!(read(r#"["UJCS",{"ueid":"AQID"}]"#).as_deref(), Ok("Unsecured"));
    for text in [
        "[]",
        "{}",
        r#"["JWT"]"#,
        r#"["JWT",1]"#,
        r#"["JWT","x",1]"#,
        r#"["DIGEST",["SHA-256","AQ"]]"#,
        r#"["UJCS","{}"]"#,
        r#"["jwt","x"]"#,
    ] {
        assert_eq!(read(text), Err(Rule::JsonSelector.to_ref()), "{text}");
    }
    assert_eq!(read(r#"["CBOR","0oQ="]"#), Err(Rule::Base64Url.to_ref()));
    assert_eq!(read(r#"["BUNDLE",[]]"#), Err(Rule::BundleJson.to_ref()));
    assert_eq!(read(r#"["UJCS",{"iat":1.0}]"#), Err(Rule::IntegerDate.to_ref()));
    assert_eq!(read(r#"["UJCS",{"a":1,"a":1}]"#), Err(Rule::JsonMembers.to_ref()));
}

/// The key of RFC 7800 3.2, and the one of RFC 8747 3.2 that it is in CBOR.
#[test]
fn e6_a_key_in_cnf_is_the_same_in_both_encodings() {
    const X: &str = "18wHLeIgW9wVN6VD1Txgpqy2LszYkMf6J8njVAibvhM";
    const Y: &str = "-V4dS4UaLMgP_4fY4j8ir7cl1TXlFdAgcx55o7TkcSA";
    let jwk = format!(r#"{{"crv":"P-256","kid":"key-1","kty":"EC","x":"{X}","y":"{Y}"}}"#);
    let text = format!(r#"{{"cnf":{{"jwk":{jwk}}}}}"#);
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    let claims = Claims::decode(&cbor, &Profile::DETERMINISTIC).unwrap();
    let confirmation = claims.confirmation().unwrap().unwrap();
    let key = confirmation.key().unwrap();
    assert_eq!(key.key_id(), Ok(Some(&b"key-1"[..])));
    let jwk = cose_ext::key::Jwk::decode(jwk.as_bytes()).unwrap();
    assert_eq!(key.public_key().unwrap(), jwk.public_key().unwrap());
    assert_eq!(claims.to_json().unwrap().to_string(), text);
    // A key identifier alone, and methods that COSE does not have.
    let text = r#"{"cnf":{"kid":"key-1","jku":"https://keys.example"}}"#;
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    let claims = Claims::decode(&cbor, PROFILE).unwrap();
    assert_eq!(claims.confirmation().unwrap().unwrap().key_id(), Some(&b"key-1"[..]));
    assert_eq!(claims.to_json().unwrap().to_string(), text);
    // What is no public key is an error when the claim is read: a secret one, too.
    for bad in [
        r#"{"jwk":{"kty":"oct","k":"AAAA"}}"#.to_owned(),
        format!(r#"{{"jwk":{{"crv":"P-256","d":"{X}","kty":"EC","x":"{X}","y":"{Y}"}}}}"#),
        format!(r#"{{"jwk":{{"crv":"P-256","kty":"EC","x":"{X}"}}}}"#),
        r#"{"jwk":1}"#.to_owned(),
        "1".to_owned(),
    ] {
        let text = format!(r#"{{"cnf":{bad}}}"#);
        let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
        let confirmation = Claims::decode(&cbor, PROFILE).unwrap().confirmation().map(drop);
        assert_eq!(confirmation.unwrap_err().rule().unwrap(), Rule::Confirmation, "{bad}");
    }
}

/// What is wrong with a claim that came in JSON is told by its path.
#[test]
fn errors_of_claims_in_json_have_a_path() {
    let text = r#"{"uptime":7,"submods":{"TEE":{"swname":"os","location":{"latitude":1}},"b":{"ueid":"AA"}}}"#;
    let cbor = eat_json::to_cbor(text.as_bytes(), PROFILE).unwrap();
    let claims = Claims::decode(&cbor, PROFILE).unwrap();
    let mut found = Vec::new();
    claims.validate(&mut |finding| {
        let mut path = String::new();
        claims.path_at(finding.error.offset().unwrap(), &mut |at| path = at.to_string());
        assert_eq!(path, finding.path.to_string());
        found.push((path, finding.error.rule().unwrap().id));
    });
    found.sort();
    let expected = [("submods/TEE/location", "E17"), ("submods/b/ueid", "E8")];
    assert_eq!(found, expected.map(|(path, rule)| (path.to_owned(), rule)));
    // Outside of all claims there is none.
    claims.path_at(0, &mut |at| panic!("{at}"));
    claims.path_at(cbor.len(), &mut |at| panic!("{at}"));
}

/// Path and text of what is reported, and the error that is returned.
fn reported(text: &str) -> (Vec<String>, Option<&'static str>) {
    let mut found = Vec::new();
    let read = eat_json::to_cbor_reporting(text.as_bytes(), PROFILE, &mut |finding| {
        found.push(finding.path.to_string());
    });
    (found, read.err().map(|error| error.rule().unwrap().id))
}

#[test]
fn an_error_says_which_claim_it_is_about() {
    let cases = [
        (r#"{"iat":1.5}"#, "iat", Rule::IntegerDate),
        (
            r#"{"ueid":"AQID","submods":{"TEE":{"oemid":1,"iat":1e3}}}"#,
            "submods/TEE/iat",
            Rule::IntegerDate,
        ),
        (r#"{"submods":{"a":{"submods":{"b/c":7}}}}"#, "submods/a/submods/b~1c", Rule::Submods),
        (r#"{"submods":{"a":["CBOR","="]}}"#, "submods/a", Rule::Base64Url),
        (r#"{"submods":{"a":{},"b":["DIGEST",["SHA-256","*"]]}}"#, "submods/b", Rule::Base64Url),
        (r#"{"submods":{"a":["XML","x"]}}"#, "submods/a", Rule::Submods),
        // The number that was requested for it; no registry has it.
        (r#"{"cmw":["no media type","AQ"]}"#, "299", Rule::CmwJsonType),
        (r#"[]"#, "", Rule::JwtClaims),
        (r#"{"iat":1,"iat":2}"#, "", Rule::JsonMembers),
        (r#"{"iat":"#, "", Rule::JsonForm),
    ];
    for (text, path, rule) in cases {
        assert_eq!(reported(text), (vec![path.to_owned()], Some(rule.id())), "{text}");
    }
    assert_eq!(reported(r#"{"iat":1,"submods":{"a":{"iat":2}}}"#), (vec![], None));
}
