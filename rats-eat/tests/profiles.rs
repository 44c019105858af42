//! Profiles: each of their rules, broken in a claims set that is whole but for that.

#[path = "support/claims.rs"]
mod claims;
#[path = "support/world.rs"]
mod world;

use claims::set;
use cose_ext::Profile;
use rats_eat::{Claims, EatProfile, Finding, Token, psa::PsaClaims};

fn zeros(len: usize) -> String {
    format!("58{len:02x}{}", "00".repeat(len))
}

fn instance(len: usize, first: u8) -> String {
    format!("58{len:02x}{first:02x}{}", "00".repeat(len - 1))
}

fn text(text: &str) -> String {
    format!("78{:02x}{}", text.len(), hex::encode(text))
}

type Entries = Vec<(i64, String)>;

fn components(measurement: usize, signer: usize) -> String {
    format!("81 a2 02 {} 05 {}", zeros(measurement), zeros(signer))
}

fn psa() -> Entries {
    vec![
        (10, zeros(32)),
        (256, instance(33, 1)),
        (265, text("tag:psacertified.org,2023:psa#tfm")),
        (268, zeros(8)),
        (2394, "01".into()),
        (2395, "193000".into()),
        (2396, zeros(32)),
        (2398, text("1234567890123-12345")),
        (2399, components(32, 64)),
        (2400, text("https://v.example")),
    ]
}

fn psa_1() -> Entries {
    vec![
        (-75000, text("PSA_IOT_PROFILE_1")),
        (-75001, "01".into()),
        (-75002, "193000".into()),
        (-75003, zeros(32)),
        (-75004, zeros(32)),
        (-75006, components(32, 32)),
        (-75008, zeros(32)),
        (-75009, instance(33, 1)),
    ]
}

fn platform() -> Entries {
    vec![
        (10, zeros(32)),
        (256, instance(33, 1)),
        (265, text("tag:arm.com,2023:cca_platform#1.0.0")),
        (2395, "193000".into()),
        (2396, zeros(32)),
        (2399, components(32, 32)),
        (2401, "41cf".into()),
        (2402, text("sha-256")),
    ]
}

fn realm() -> Entries {
    vec![
        (10, zeros(64)),
        (44235, zeros(64)),
        (44236, text("sha-256")),
        (44237, format!("586104{}", "07".repeat(96))),
        (44238, zeros(32)),
        (44239, format!("84{}", zeros(32).repeat(4))),
        (44240, text("sha-512")),
    ]
}

/// `entries` with another value for `key`; none takes the claim away.
fn with(mut entries: Entries, key: i64, value: Option<&str>) -> Entries {
    entries.retain(|(found, _)| *found != key);
    entries.extend(value.map(|value| (key, value.to_owned())));
    entries
}

fn encoded(entries: &Entries) -> Vec<u8> {
    let entries: Vec<_> = entries.iter().map(|(key, value)| (*key, value.as_str())).collect();
    set(&entries)
}

/// All rules of `profile` that are broken.
fn broken(profile: &EatProfile, entries: &Entries) -> Vec<&'static str> {
    let bytes = encoded(entries);
    let claims = Claims::decode(&bytes, &Profile::LENIENT).unwrap();
    let mut rules = Vec::new();
    profile.validate(&claims, &mut |finding: &Finding<'_>| {
        rules.push(finding.error.rule().unwrap().id);
    });
    let first = profile.check(&claims).err().and_then(|error| error.rule()).map(|rule| rule.id);
    assert_eq!(first, rules.first().copied());
    rules
}

fn check_psa(rule: &str, key: i64, good: &[&str], bad: &[Option<&str>]) {
    for value in good {
        let entries = with(psa(), key, Some(value));
        assert_eq!(broken(&EatProfile::PSA, &entries), [""; 0], "{value}");
        let bytes = encoded(&entries);
        let claims = Claims::decode(&bytes, &Profile::LENIENT).unwrap();
        assert!(PsaClaims::read(claims).is_ok(), "{value}");
    }
    for value in bad {
        let entries = with(psa(), key, *value);
        assert_eq!(broken(&EatProfile::PSA, &entries), [rule], "{value:?}");
        let bytes = encoded(&entries);
        let claims = Claims::decode(&bytes, &Profile::LENIENT).unwrap();
        assert_eq!(world::rule(PsaClaims::read(claims)), rule, "{value:?}");
    }
}

#[test]
fn whole_sets_break_nothing() {
    assert_eq!(broken(&EatProfile::PSA, &psa()), [""; 0]);
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &psa_1()), [""; 0]);
    assert_eq!(broken(&EatProfile::CCA_PLATFORM, &platform()), [""; 0]);
    assert_eq!(broken(&EatProfile::CCA_REALM, &realm()), [""; 0]);
}

#[test]
fn e40_a_profile_is_named_letter_for_letter() {
    for other in
        ["https://arm.com/psa/2.0.0", "tag:psacertified.org,2023:psa#TFM", "PSA_IOT_PROFILE_1"]
    {
        check_psa("E40", 265, &[], &[Some(&text(other))]);
    }
    let bytes = with(psa_1(), -75000, Some("4101"));
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &bytes), ["E40"]);
    // The oldest form may leave its name out, and no other may.
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &with(psa_1(), -75000, None)), [""; 0]);
    assert_eq!(broken(&EatProfile::PSA, &with(psa(), 265, None)), ["E40"]);
}

#[test]
fn e41_the_constrained_profile_wants_one_nonce() {
    let name = (265, text("urn:ietf:rfc:rfc9711"));
    let two = format!("82{}{}", zeros(32), zeros(32));
    assert_eq!(broken(&EatProfile::CONSTRAINED, &vec![name.clone(), (10, zeros(8))]), [""; 0]);
    assert_eq!(broken(&EatProfile::CONSTRAINED, &vec![name.clone(), (10, two)]), ["E41"]);
    assert_eq!(broken(&EatProfile::CONSTRAINED, &vec![name]), ["E41"]);
}

#[test]
fn e43_a_profile_says_how_a_token_is_protected() {
    use cose_ext::rustcrypto::RustCrypto;
    use cose_ext::{
        Content,
        crypto::{Algorithm, SecretKey, SymmetricKey},
        mac0::Mac0Builder,
    };
    let secret = SymmetricKey { k: &[1; 32], algorithm: Some(Algorithm::HMAC_256) };
    let secret = SecretKey::symmetric(secret, &RustCrypto);
    let made =
        Mac0Builder::new().authenticate(Algorithm::HMAC_256, Content::Embedded(&[0xa0]), &secret);
    let maced = [&[0xd8, 0x3d][..], &made.unwrap()].concat();
    let maced = Token::decode(&maced, &Profile::LENIENT).unwrap();
    assert_eq!(maced.check_protection(&EatProfile::PSA), Ok(()));
    assert_eq!(world::rule(maced.check_protection(&EatProfile::CONSTRAINED)), "E43");
    let signed = world::token(1, &world::uptime);
    let signed = Token::decode(&signed, &Profile::LENIENT).unwrap();
    assert_eq!(signed.check_protection(&EatProfile::PSA), Ok(()));
    assert_eq!(signed.check_protection(&EatProfile::CONSTRAINED), Ok(()));
}

#[test]
fn e44_the_constrained_profile_wants_a_name_of_the_key() {
    use cose_ext::cwt::ClaimKey;
    let sign = |claims: &dyn Fn(&mut rats_eat::attester::ClaimsWriter<'_, '_>)| {
        let mut buffer = [0; 256];
        rats_eat::attester::sign(&mut buffer, None, &world::key(1), claims).unwrap().to_vec()
    };
    let check = |bytes: &[u8]| {
        Token::decode(bytes, &Profile::LENIENT).unwrap().check_protection(&EatProfile::CONSTRAINED)
    };
    assert_eq!(world::rule(check(&sign(&world::uptime))), "E44");
    assert_eq!(check(&sign(&|claims| _ = claims.bytes(ClaimKey::UEID, &[1; 17]))), Ok(()));
}

#[test]
fn e50_psa_has_one_nonce() {
    let two = format!("82{}{}", zeros(32), zeros(32));
    check_psa(
        "E50",
        10,
        &[&zeros(48), &zeros(64)],
        &[None, Some(&zeros(31)), Some(&two), Some("60")],
    );
}

#[test]
fn e51_a_client_id_has_32_bits() {
    let good = ["1a7fffffff", "3a7fffffff", "20"];
    let bad = [None, Some("00"), Some("1a80000000"), Some("3a80000000"), Some("6131")];
    check_psa("E51", 2394, &good, &bad);
}

#[test]
fn e52_an_instance_id_begins_with_1() {
    let bad = [None, Some(instance(33, 2)), Some(instance(32, 1))];
    check_psa("E52", 256, &[], &bad.each_ref().map(|value| value.as_deref()));
}

#[test]
fn e53_an_implementation_id_has_32_bytes() {
    let bad = [None, Some(zeros(31)), Some(zeros(33)), Some(text("a"))];
    check_psa("E53", 2396, &[], &bad.each_ref().map(|value| value.as_deref()));
}

#[test]
fn e54_a_certification_reference_has_its_digits() {
    let bad = ["1234567890123", "1234567890123-1234", "123456789012-12345", "1234567890123-1234a"];
    let bad = bad.map(|value| Some(text(value)));
    check_psa("E54", 2398, &[], &bad.each_ref().map(|value| value.as_deref()));
    // The forms before RFC 9783 have the number alone, too.
    let mut entries = psa_1();
    entries.push((-75005, text("1234567890123")));
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &entries), [""; 0]);
}

#[test]
fn e55_a_lifecycle_lies_in_a_range() {
    let good = ["00", "18ff", "191000", "1910ff", "1920ff", "1930ff", "194000", "1950ff", "1960ff"];
    let bad = ["190100", "190fff", "191100", "196100", "1a00013000", "20", "6130"].map(Some);
    check_psa("E55", 2395, &good, &bad);
    check_psa("E55", 2395, &[], &[None]);
}

#[test]
fn e56_a_boot_seed_has_8_to_32_bytes() {
    let (short, long) = (zeros(7), zeros(33));
    check_psa("E56", 268, &[&zeros(32)], &[Some(&short), Some(&long), Some("60")]);
}

#[test]
fn e57_components_have_measurement_and_signer() {
    let no_signer = format!("81 a1 02 {}", zeros(32));
    let no_measurement = format!("81 a1 05 {}", zeros(32));
    let kind = format!("81 a3 01 01 02 {} 05 {}", zeros(32), zeros(32));
    let (measurement, signer) = (components(33, 32), components(32, 20));
    let bad = ["80", &no_signer, &no_measurement, &kind, &measurement, &signer].map(Some);
    check_psa("E57", 2399, &[&components(64, 48)], &bad);
    check_psa("E57", 2399, &[], &[None]);
    // The oldest form says in so many words that nothing was measured; one of the two is there.
    let nothing = with(psa_1(), -75006, None);
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &nothing), ["E57"]);
    let said = with(nothing.clone(), -75007, Some("01"));
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &said), [""; 0]);
    let both = with(psa_1(), -75007, Some("01"));
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &both), ["E57"]);
    let empty = with(psa_1(), -75006, Some("80"));
    assert_eq!(broken(&EatProfile::PSA_IOT_1, &empty), ["E57"]);
}

#[test]
fn e58_a_verification_service_is_text() {
    check_psa("E58", 2400, &[], &[Some("4101"), Some("00")]);
}

fn check_cca(profile: &EatProfile, entries: fn() -> Entries, rule: &str, key: i64, bad: &[&str]) {
    for value in bad.iter().copied().map(Some).chain([None]) {
        assert_eq!(broken(profile, &with(entries(), key, value)), [rule], "{value:?}");
    }
}

#[test]
fn e60_challenges_have_their_lengths() {
    let two = format!("82{}{}", zeros(64), zeros(64));
    check_cca(&EatProfile::CCA_PLATFORM, platform, "E60", 10, &[&zeros(31), &two]);
    check_cca(&EatProfile::CCA_REALM, realm, "E60", 10, &[&zeros(32), &two]);
}

#[test]
fn e61_a_platform_has_a_configuration() {
    check_cca(&EatProfile::CCA_PLATFORM, platform, "E61", 2401, &["60", "00"]);
}

#[test]
fn e62_hash_algorithms_are_known() {
    for bad in [text("sha256"), text("md5"), "00".into()] {
        check_cca(&EatProfile::CCA_PLATFORM, platform, "E62", 2402, &[&bad]);
        check_cca(&EatProfile::CCA_REALM, realm, "E62", 44236, &[&bad]);
        check_cca(&EatProfile::CCA_REALM, realm, "E62", 44240, &[&bad]);
    }
}

#[test]
fn e63_a_personalization_value_has_64_bytes() {
    check_cca(&EatProfile::CCA_REALM, realm, "E63", 44235, &[&zeros(63), "60"]);
}

#[test]
fn e64_a_realm_has_five_measurements() {
    let three = format!("83{}", zeros(32).repeat(3));
    let short = format!("84{}", zeros(31).repeat(4));
    check_cca(&EatProfile::CCA_REALM, realm, "E64", 44238, &[&zeros(33), "60"]);
    check_cca(&EatProfile::CCA_REALM, realm, "E64", 44239, &[&three, &short, "80"]);
}

#[test]
fn e65_a_realm_has_a_key() {
    check_cca(&EatProfile::CCA_REALM, realm, "E65", 44237, &["40", "60", "00"]);
}

#[test]
fn e45_a_token_for_teep_says_what_it_is_about() {
    let token: Entries = vec![
        (8, "a1034107".into()),
        (10, zeros(32)),
        (256, instance(33, 1)),
        (258, "1a0000faf2".into()),
        (259, "4107".into()),
        (260, "8161 31".replace(' ', "")),
        // As the draft prints it, and as it goes over the wire until the RFC has its number.
        (265, text("urn:ietf:rfc:rfcXXXX")),
        (272, "8182190102 4107".replace(' ', "")),
    ];
    assert_eq!(broken(&EatProfile::TEEP, &token), [""; 0]);
    for key in [8, 256, 258, 259, 260, 272] {
        assert_eq!(broken(&EatProfile::TEEP, &with(token.clone(), key, None)), ["E45"], "{key}");
    }
    // Only a peer that asked with a nonce gets one.
    assert_eq!(broken(&EatProfile::TEEP, &with(token.clone(), 10, None)), [""; 0]);
    let two = format!("82{0}{0}", zeros(8));
    assert_eq!(broken(&EatProfile::TEEP, &with(token.clone(), 10, Some(&two))), ["E41"]);
    for (key, bad, rule) in [
        (256, "40", "E8"),
        (258, "40", "E10"),
        (259, "40", "E11"),
        (260, "80", "E12"),
        (272, "80", "E22"),
        (8, "a0", "E6"),
    ] {
        assert_eq!(
            broken(&EatProfile::TEEP, &with(token.clone(), key, Some(bad))),
            [rule],
            "{key}"
        );
    }
    // Under the number that it will have.
    let published = EatProfile::teep(&["urn:ietf:rfc:rfc10099"]);
    assert_eq!(broken(&published, &token), ["E40"]);
    let named = with(token, 265, Some(&text("urn:ietf:rfc:rfc10099")));
    assert_eq!(broken(&published, &named), [""; 0]);
}

#[test]
fn a_result_has_the_claims_of_its_profile() {
    let verifier = "a2006161016162";
    let result: Entries = vec![
        (6, "1a6ab1f580".into()),
        (265, text("tag:ietf.org,2026:rats/ear#04")),
        (266, "a16161a11903e802".into()),
        (1004, verifier.into()),
    ];
    assert_eq!(broken(&EatProfile::EAR, &result), [""; 0]);
    for (key, bad, rule) in [
        (6, Some("fb41dac7b2a0000000"), "E251"),
        (6, None, "E251"),
        (266, Some("a0"), "E253"),
        (266, None, "E253"),
        (1004, Some("a1006161"), "E252"),
        (1004, None, "E252"),
        (265, None, "E40"),
    ] {
        assert_eq!(broken(&EatProfile::EAR, &with(result.clone(), key, bad)), [rule], "{key}");
    }
}
