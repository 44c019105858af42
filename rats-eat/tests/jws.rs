//! The rules of JSON Web Signatures, and attacks on them.

use cose_ext::{
    Context, IssuerBinding, Profile, Trust,
    cbor::{Map, Reader},
    crypto::{SecretKey, SymmetricKey},
    key::{HeldSecret, Identity, TrustedKey},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
};
use rats_eat::{
    Claims, Error, JsonBundle, MainToken, NestedJson, Requirements, Rule, UnboundIssuer,
    claim::JsonSelector,
    eat_json,
    jws::{Jws, sign},
};

const PROFILE: &Profile = &Profile::LENIENT;

fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

fn key() -> P256SigningKey {
    P256SigningKey::from_bytes(&[7; 32]).unwrap()
}

/// Base64url, by hand.
fn b64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = number << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            out.push(DIGITS[(number >> (18 - 6 * index) & 63) as usize].into());
        }
    }
    out
}

/// A JWS with this very header, signed by the key.
fn signed(header: &str, payload: &str) -> String {
    use cose_ext::crypto::Signer;
    let signed = format!("{}.{}", b64(header.as_bytes()), b64(payload.as_bytes()));
    let mut signature = [0; 64];
    key().sign(&[signed.as_bytes()], &mut signature).unwrap();
    format!("{signed}.{}", b64(&signature))
}

fn verify(text: &str) -> Result<Vec<u8>, Error> {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let jws = Jws::decode(text, PROFILE)?;
    Ok(jws.verify(&Trust::keys(&trusted), &context())?.into_value())
}

#[track_caller]
fn breaks(text: &str, rule: Rule) {
    assert_eq!(verify(text).unwrap_err().rule().unwrap(), rule, "{text}");
}

#[test]
fn a_good_signature_vouches_for_the_payload() {
    assert_eq!(verify(&signed("{\"alg\":\"ES256\"}", "{}")), Ok(b"{}".to_vec()));
    assert_eq!(verify(&sign(b"{}", Some("k\""), &key()).unwrap()), Ok(b"{}".to_vec()));
    // Members that are not known are ignored.
    assert_eq!(
        verify(&signed("{\"alg\":\"ES256\",\"x\":[1.5],\"b64\":true}", "{}")),
        Ok(b"{}".to_vec())
    );
}

#[test]
fn every_character_is_covered() {
    let text = sign(b"{\"a\":1}", None, &key()).unwrap();
    for index in 0..text.len() {
        for other in [b'A', b'B', b'.', b'=', b' ', b'_'] {
            let mut changed = text.clone().into_bytes();
            if changed[index] == other {
                continue;
            }
            changed[index] = other;
            let changed = String::from_utf8(changed).unwrap();
            assert!(verify(&changed).is_err(), "{index}: {changed}");
        }
        let (start, end) = text.split_at(index);
        assert!(verify(start).is_err());
        assert!(verify(&format!("{start}A{end}")).is_err());
    }
}

#[test]
fn e284_a_jws_is_three_parts() {
    let text = sign(b"{}", None, &key()).unwrap();
    let (header, rest) = text.split_once('.').unwrap();
    let wrong =
        ["", ".", "..", &text.replacen('.', "", 1), &format!("{text}.AA"), &format!(".{rest}")];
    for text in wrong {
        breaks(text, Rule::JwsForm);
    }
    for text in [format!(" {text}"), format!("{text}\n"), format!("{header}=.{rest}")] {
        breaks(&text, Rule::Base64Url);
    }
    for header in ["[]", "1", "{\"alg\":\"ES256\",\"kid\":1}"] {
        breaks(&signed(header, "{}"), Rule::JwsForm);
    }
    breaks(&signed("{", "{}"), Rule::JsonForm);
}

#[test]
fn e285_the_algorithm_is_one_that_is_known() {
    for header in [
        "{}",
        "{\"alg\":1}",
        "{\"alg\":\"\"}",
        "{\"alg\":\"es256\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"ES256 \"}",
        "{\"alg\":-7}",
    ] {
        breaks(&signed(header, "{}"), Rule::JwsAlgorithm);
    }
    // The algorithm of another curve: the key is not for it.
    assert!(verify(&signed("{\"alg\":\"ES384\"}", "{}")).is_err());
    assert!(verify(&signed("{\"alg\":\"EdDSA\"}", "{}")).is_err());
}

#[test]
fn e286_none_is_never_accepted() {
    for name in ["none", "None", "NONE", "nOnE"] {
        let header = format!("{{\"alg\":\"{name}\"}}");
        breaks(&signed(&header, "{}"), Rule::JwsUnsecured);
        breaks(&format!("{}.{}.", b64(header.as_bytes()), b64(b"{}")), Rule::JwsUnsecured);
    }
}

#[test]
fn e287_crit_is_refused() {
    for crit in ["[]", "[\"x\"]", "[\"exp\"]", "null", "\"x\"", "[1]"] {
        breaks(&signed(&format!("{{\"alg\":\"ES256\",\"crit\":{crit}}}"), "{}"), Rule::JwsCritical);
    }
}

#[test]
fn e288_a_payload_is_encoded() {
    for b64 in ["false", "null", "0", "\"false\""] {
        for crit in ["", ",\"crit\":[\"b64\"]"] {
            let header = format!("{{\"alg\":\"ES256\",\"b64\":{b64}{crit}}}");
            breaks(&signed(&header, "{}"), Rule::JwsUnencoded);
        }
    }
}

#[test]
fn e281_members_of_the_header_are_there_once() {
    breaks(&signed("{\"alg\":\"ES256\",\"alg\":\"none\"}", "{}"), Rule::JsonMembers);
    breaks(&signed("{\"alg\":\"ES256\",\"\\u0061lg\":\"ES256\"}", "{}"), Rule::JsonMembers);
}

/// HS256, computed with the provider.
fn maced(header: &str, payload: &str, secret: &[u8]) -> String {
    use cose_ext::crypto::{Algorithm, Secret};
    let signed = format!("{}.{}", b64(header.as_bytes()), b64(payload.as_bytes()));
    let key = SymmetricKey { k: secret, algorithm: None };
    let key = SecretKey::symmetric(key, &RustCrypto);
    let mut tag = None;
    key.with_mac(&mut |mac| {
        tag = Some(mac.tag(Algorithm::HMAC_256, &[signed.as_bytes()]).unwrap());
    })
    .unwrap();
    format!("{signed}.{}", b64(tag.unwrap().as_ref()))
}

#[test]
fn e289_a_public_key_is_no_secret() {
    let public = key().public_key();
    let point = public.as_public_key();
    let cose_ext::crypto::KeyMaterial::Ec2 { x, .. } = point.material else { panic!() };
    let token = maced("{\"alg\":\"HS256\"}", "{}", x);
    breaks(&token, Rule::JwsSecretKey);

    let secret = [9; 32];
    let held = SymmetricKey { k: &secret, algorithm: None };
    let held = HeldSecret::new(SecretKey::symmetric(held, &RustCrypto), Identity::new([1; 32]));
    let public = key();
    let public = public.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let trust = Trust::keys(&trusted).and_secrets(&held);
    let verify = |text: &str| {
        let jws = Jws::decode(text, PROFILE)?;
        Ok::<_, Error>(jws.verify(&trust, &context())?.into_value())
    };
    assert_eq!(verify(&maced("{\"alg\":\"HS256\"}", "{}", &secret)), Ok(b"{}".to_vec()));
    let error = verify(&token).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::JwsSecretKey);
    // Nor does a tag pass as a signature.
    assert!(verify(&maced("{\"alg\":\"ES256\"}", "{}", &secret)).is_err());
}

#[test]
fn e290_a_key_that_the_header_brings_is_not_trusted() {
    let other = Ed25519SigningKey::from_bytes(&[8; 32]).unwrap();
    let public = other.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    for member in [
        "\"jwk\":{\"kty\":\"EC\"}",
        "\"jku\":\"https://a.example\"",
        "\"x5c\":[\"AA\"]",
        "\"x5u\":\"https://a.example\"",
        "\"x5t\":\"AA\"",
    ] {
        let header = format!("{{\"alg\":\"ES256\",{member}}}");
        let text = signed(&header, "{}");
        // Under the key that is enrolled the token is good, whatever the header brings.
        assert_eq!(verify(&text), Ok(b"{}".to_vec()));
        let key = P256SigningKey::from_bytes(&[5; 32]).unwrap();
        let public = key.public_key();
        let another = TrustedKey::new(public.as_public_key(), &context()).unwrap();
        let jws = Jws::decode(&text, PROFILE).unwrap();
        let error = jws.verify(&Trust::keys(&another), &context()).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::JwsEmbeddedKey, "{member}");
        // A key for another algorithm is not even asked.
        assert!(jws.verify(&Trust::keys(&trusted), &context()).is_err());
    }
}

#[test]
fn e291_the_payload_of_a_token_is_an_object() {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    for payload in ["[]", "1", "\"a\"", "null"] {
        let text = signed("{\"alg\":\"ES256\"}", payload);
        let jws = Jws::decode(&text, PROFILE).unwrap();
        let error =
            jws.verify_eat(&Trust::keys(&trusted), &Requirements::DEFAULT, &context()).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::JwtClaims, "{payload}");
    }
}

#[test]
fn a_token_is_bound_to_its_issuer() {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap().for_issuer("me");
    let verify = |payload: &str| {
        let text = signed("{\"alg\":\"ES256\"}", payload);
        let jws = Jws::decode(&text, PROFILE).unwrap();
        jws.verify_eat(&Trust::keys(&trusted), &Requirements::DEFAULT, &context())
            .map(|claims| claims.by().iter().next().unwrap().issuer())
    };
    assert_eq!(verify("{\"iss\":\"me\"}"), Ok(IssuerBinding::Checked));
    assert!(verify("{\"iss\":\"you\"}").is_err());
    let error = verify("{}").unwrap_err();
    assert_eq!(error.rule().unwrap(), cose_ext::Rule::IssuerClaimed);

    // A key of nobody in particular can claim to be anybody: refused, unless the caller accepts it.
    let anybody = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let text = signed("{\"alg\":\"ES256\"}", "{\"iss\":\"me\"}");
    let jws = Jws::decode(&text, PROFILE).unwrap();
    let verify = |requirements| jws.verify_eat(&Trust::keys(&anybody), &requirements, &context());
    let error = verify(Requirements::DEFAULT).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::IssuerBound);
    let accepting = Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);
    assert!(verify(accepting).is_ok());
}

#[test]
fn e293_a_jws_covers_no_external_data() {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let mut supplied = cose_ext::Supplied::NOTHING;
    supplied.external_aad = b"session";
    let requirements = Requirements::DEFAULT.with_supplied(supplied);
    let text = sign(b"{}", None, &key).unwrap();
    let jws = Jws::decode(&text, PROFILE).unwrap();
    let error = jws.verify_eat(&Trust::keys(&trusted), &requirements, &context()).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::JwsExternalData);
    // Nor does one signature pass for two.
    let two = Requirements::DEFAULT.with_policy(cose_ext::sign::SignPolicy::AtLeast(2));
    assert!(jws.verify_eat(&Trust::keys(&trusted), &two, &context()).is_err());
}

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
fn e292_a_bundle_is_a_protected_token_and_claims_sets() {
    let good = r#"[["JWT","e30.e30.AA"],{"a":"e30"}]"#;
    let bundle = JsonBundle::decode(good.as_bytes(), PROFILE).unwrap();
    assert_eq!(bundle.main(), &MainToken::Jwt("e30.e30.AA".into()));
    assert_eq!(bundle.danger_unverified_entries().collect::<Vec<_>>(), [("a", &b"{}"[..])]);
    let cbor = r#"[["CBOR","0oQ"],{"a":"e30"}]"#;
    let bundle = JsonBundle::decode(cbor.as_bytes(), PROFILE).unwrap();
    assert_eq!(bundle.main(), &MainToken::Cbor(vec![0xd2, 0x84]));
    for text in [
        "{}",
        "[]",
        r#"[["JWT","x"]]"#,
        r#"[["JWT","x"],{}]"#,
        r#"[["JWT",1],{"a":"AA"}]"#,
        r#"[["BUNDLE",[]],{"a":"AA"}]"#,
        r#"[["UJCS",{}],{"a":"AA"}]"#,
        r#"[["JWT","x"],{"a":1}]"#,
        r#"[["JWT","x"],{"a":"AA"},1]"#,
    ] {
        let error = JsonBundle::decode(text.as_bytes(), PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::BundleJson, "{text}");
    }
}

/// A bundle whose main token signs the digests of `signed_sets`, and which holds `sets`.
fn bundle(signed_sets: &[(&str, &str)], sets: &[(&str, &str)]) -> String {
    let digests = signed_sets.iter().map(|(name, set)| {
        let digest =
            context().hash(cose_ext::crypto::Algorithm::SHA256, &[set.as_bytes()]).unwrap();
        format!("\"{name}\":[\"DIGEST\",[\"SHA-256\",\"{}\"]]", b64(digest.as_ref()))
    });
    let submods = digests.collect::<Vec<_>>().join(",");
    let main = signed("{\"alg\":\"ES256\"}", &format!("{{\"submods\":{{{submods}}}}}"));
    let sets = sets.iter().map(|(name, set)| format!("\"{name}\":\"{}\"", b64(set.as_bytes())));
    format!("[[\"JWT\",\"{main}\"],{{{}}}]", sets.collect::<Vec<_>>().join(","))
}

type Seen = Vec<(String, Option<String>)>;

fn verify_bundle(text: &str) -> Result<Seen, Error> {
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let mut seen = Vec::new();
    let bundle = JsonBundle::decode(text.as_bytes(), PROFILE)?;
    let trust = Trust::keys(&trusted);
    let main =
        bundle.verify(&trust, &Requirements::DEFAULT, &context(), &mut |name, detached| {
            let claims = detached.map(|claims| hex::encode(claims.value()));
            seen.push((name.to_owned(), claims));
        })?;
    assert_eq!(main.by().iter().count(), 1);
    Ok(seen)
}

#[test]
fn signed_digests_vouch_for_detached_claims_sets() {
    // Blanks are digested as they stand.
    let (a, b) = (("a", "{ \"ueid\": \"AQID\" }"), ("b", "{}"));
    let seen = verify_bundle(&bundle(&[a, b], &[b, a])).unwrap();
    let expected = [("a", Some("a119010043010203")), ("b", Some("a0"))];
    let of = |(name, claims): &(&str, Option<&str>)| (name.to_string(), claims.map(str::to_owned));
    assert_eq!(seen, expected.iter().map(of).collect::<Seen>());
    let seen = verify_bundle(&bundle(&[a, b], &[a])).unwrap();
    assert_eq!(seen[1], ("b".to_owned(), None));
}

#[test]
fn a_bundle_holds_what_was_digested_and_nothing_else() {
    let (a, b) = (("a", "{}"), ("b", "{}"));
    let rule = |text: &str| verify_bundle(text).unwrap_err().rule().unwrap();
    assert_eq!(rule(&bundle(&[a], &[("a", "{ }")])), Rule::DetachedDigest);
    assert_eq!(rule(&bundle(&[a], &[a, b])), Rule::BundleSurplus);
    assert_eq!(rule(&bundle(&[a], &[b])), Rule::BundleSurplus);
    assert_eq!(rule(&bundle(&[], &[b])), Rule::Submods);
    let main = signed("{\"alg\":\"ES256\"}", "{\"submods\":{\"a\":{}}}");
    assert_eq!(rule(&format!("[[\"JWT\",\"{main}\"],{{\"a\":\"e30\"}}]")), Rule::BundleDigest);
    let main = signed("{\"alg\":\"ES256\"}", "{}");
    assert_eq!(rule(&format!("[[\"JWT\",\"{main}\"],{{\"a\":\"e30\"}}]")), Rule::BundleDigest);
    // The signature first.
    let good = bundle(&[a], &[a]);
    assert!(verify_bundle(&good).is_ok());
    assert!(verify_bundle(&good.replace("\"JWT\",\"e", "\"JWT\",\"f")).is_err());
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

#[test]
fn a_bundle_in_json_is_hashed_once() {
    use cose_ext::Work;
    let set = format!("{{\"swname\":\"{}\"}}", "x".repeat(200));
    let names: Vec<_> = (0..300).map(|index| format!("n{index}")).collect();
    let sets: Vec<_> = names.iter().map(|name| (name.as_str(), set.as_str())).collect();
    let text = bundle(&sets, &sets);
    let bundle = JsonBundle::decode(text.as_bytes(), PROFILE).unwrap();
    let key = key();
    let public = key.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context()).unwrap();
    let work = Work::new(&PROFILE.limits, text.len());
    let context = context().with_work(&work);
    let trust = Trust::keys(&trusted);
    let mut seen = 0;
    let main = bundle.verify(&trust, &Requirements::DEFAULT, &context, &mut |_, _| seen += 1);
    assert!(main.is_ok());
    assert_eq!((seen, work.checks(), work.hashed()), (300, 1, 300 * set.len()));
}

#[test]
fn keys_of_no_name_are_tried_within_a_limit() {
    use cose_ext::{Work, error::Limit, key::TrustStore};
    let keys: Vec<_> = (1..=100_u8)
        .map(|seed| P256SigningKey::from_bytes(&[seed; 32]).unwrap().public_key())
        .filter(|public| public.as_public_key() != key().public_key().as_public_key())
        .collect();
    let trusted: Vec<_> =
        keys.iter().map(|key| TrustedKey::new(key.as_public_key(), &context()).unwrap()).collect();
    let text = sign(b"{}", None, &key()).unwrap();
    let jws = Jws::decode(&text, PROFILE).unwrap();
    let work = Work::new(&PROFILE.limits, text.len());
    let store = TrustStore::new(&trusted);
    let error = jws.verify(&Trust::keys(&store), &context().with_work(&work)).unwrap_err();
    assert_eq!(error, Error::from(cose_ext::Error::from(Limit::Candidates)));
    assert_eq!(work.checks(), PROFILE.limits.candidates);
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
