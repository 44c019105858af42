//! The rules of attestation results.

use cose_ext::{
    Content, Context, MapBuilder, Profile, Trust, Value,
    key::TrustedKey,
    rustcrypto::{Ed25519SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use rats_eat::{
    Error, ErrorKind, Requirements, Rule, Token,
    ar4si::{Tier, TrustClaim, TrustDimension, TrustVector},
    cmw::Cmw,
    ear::{AppraisalBuilder, Ear, EarBuilder, EarDialect, RawEvidence, VerifierId},
};

const PROFILE: &Profile = &Profile::LENIENT;
const VERIFIER: VerifierId<'static> = VerifierId { developer: "https://v.example", build: "1" };

fn result(dialect: EarDialect) -> MapBuilder {
    let appraisal = MapBuilder::new().with(1000, 2);
    let verifier = MapBuilder::new().with(0, "https://v.example").with(1, "1");
    let submods = MapBuilder::new().with("a", &appraisal);
    MapBuilder::new()
        .with(265, dialect.profile())
        .with(6, 1_790_000_000)
        .with(1004, &verifier)
        .with(266, &submods)
}

fn rule_of(map: &MapBuilder) -> Option<Rule> {
    let bytes = map.to_bytes();
    let error = Ear::decode(&bytes, PROFILE).err()?;
    Some(*Rule::ALL.iter().find(|rule| error.rule() == Some(rule.to_ref())).unwrap())
}

/// A result whose one appraisal is `appraisal`.
fn with(appraisal: &MapBuilder) -> MapBuilder {
    result(EarDialect::Draft04).with(266, &MapBuilder::new().with("a", appraisal))
}

/// `map` without what stands under `key`.
fn without(map: &MapBuilder, key: i64) -> MapBuilder {
    let bytes = map.to_bytes();
    let map = cose_ext::cbor::Map::decode(&bytes, 0, PROFILE.strictness, &PROFILE.limits.cbor);
    map.unwrap().iter().fold(MapBuilder::new(), |builder, (name, value)| {
        let name = name.read(cose_ext::cbor::Reader::int).unwrap().to_i64().unwrap();
        if name == key { builder } else { builder.with(name, Value::Encoded(value.bytes())) }
    })
}

fn encoded(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

#[test]
fn the_smallest_result_is_read_in_each_dialect() {
    for dialect in EarDialect::ALL {
        let bytes = result(dialect).to_bytes();
        let ear = Ear::decode(&bytes, PROFILE).unwrap();
        assert_eq!((ear.dialect(), ear.issued_at()), (dialect, 1_790_000_000));
        assert_eq!(ear.verifier_id(), VERIFIER);
        assert_eq!(ear.status(), None);
        assert_eq!(ear.findings().count(), 0);
        let (name, appraisal) = ear.appraisals().next().unwrap();
        assert_eq!((name, appraisal.status(), appraisal.vector()), ("a", Tier::Affirming, None));
    }
}

#[test]
fn e1_the_keys_are_those_of_a_claims_set() {
    // One more entry, under a byte string.
    let mut bytes = result(EarDialect::Draft04).to_bytes();
    bytes[0] += 1;
    bytes.extend_from_slice(b"\x41k\x00");
    let error = Ear::decode(&bytes, PROFILE).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ClaimsSet.to_ref()));
}

#[test]
fn e250_the_profile_names_a_dialect() {
    let result = result(EarDialect::Draft04);
    assert_eq!(rule_of(&without(&result, 265)), Some(Rule::EarProfile));
    for profile in [
        Value::Text("tag:ietf.org,2026:rats/ear#05"),
        Value::Text("tag:github.com,2024:confidential-containers/Trustee"),
        Value::Bytes(&[0x2a]),
        Value::Null,
    ] {
        assert_eq!(rule_of(&result.clone().with(265, profile)), Some(Rule::EarProfile));
    }
}

#[test]
fn e251_the_time_of_issue_is_stated() {
    let result = result(EarDialect::Draft04);
    assert_eq!(rule_of(&without(&result, 6)), Some(Rule::EarIssuedAt));
    // Text, a tagged date, numbers beyond 64 bits and bignums: no date of a result.
    for date in ["6131", "c101", "1bffffffffffffffff", "3bffffffffffffffff", "c24101", "f6"] {
        let date = encoded(date);
        let rule = rule_of(&result.clone().with(6, Value::Encoded(&date)));
        assert_eq!(rule, Some(Rule::EarIssuedAt));
    }
}

#[test]
fn e4_a_date_with_a_fraction_is_read_and_reported_in_the_older_dialect_alone() {
    let date = encoded("fb41daac26d7000000");
    for dialect in [EarDialect::Draft03, EarDialect::Draft04] {
        let result = result(dialect).with(6, Value::Encoded(&date));
        assert_eq!(rule_of(&result), Some(Rule::IntegerDate));
    }
    let bytes = result(EarDialect::Dotted).with(6, Value::Encoded(&date)).to_bytes();
    let ear = Ear::decode(&bytes, PROFILE).unwrap();
    let findings: Vec<_> = ear.findings().map(|finding| finding.rule).collect();
    assert_eq!(findings, [Rule::IntegerDate]);
    for date in ["f97e00", "f97c00", "f9fc00"] {
        let date = encoded(date);
        let result = result(EarDialect::Dotted).with(6, Value::Encoded(&date));
        assert_eq!(rule_of(&result), Some(Rule::IntegerDate));
    }
}

#[test]
fn e252_developer_and_build_are_named() {
    let result = result(EarDialect::Draft04);
    assert_eq!(rule_of(&without(&result, 1004)), Some(Rule::EarVerifierId));
    for verifier in ["a0", "a1006161", "a1016161", "a20061610101", "80", "6161"] {
        let verifier = encoded(verifier);
        let rule = rule_of(&result.clone().with(1004, Value::Encoded(&verifier)));
        assert_eq!(rule, Some(Rule::EarVerifierId));
    }
}

#[test]
fn e253_there_is_an_appraisal() {
    let result = result(EarDialect::Draft04);
    assert_eq!(rule_of(&without(&result, 266)), Some(Rule::EarSubmods));
    for submods in ["a0", "80", "a101a11903e802", "a1616101"] {
        let submods = encoded(submods);
        let rule = rule_of(&result.clone().with(266, Value::Encoded(&submods)));
        assert_eq!(rule, Some(Rule::EarSubmods));
    }
}

#[test]
fn e254_a_status_is_one_of_four_numbers() {
    assert_eq!(rule_of(&with(&MapBuilder::new())), Some(Rule::EarStatus));
    for status in -130..=130 {
        let expected = if [0, 2, 32, 96].contains(&status) { None } else { Some(Rule::EarStatus) };
        assert_eq!(rule_of(&with(&MapBuilder::new().with(1000, status))), expected);
        let global = result(EarDialect::Draft04).with(1000, status);
        assert_eq!(rule_of(&global), expected);
    }
    assert_eq!(rule_of(&with(&MapBuilder::new().with(1000, "affirming"))), Some(Rule::EarStatus));
}

#[test]
fn e255_a_vector_has_a_claim_and_no_unknown_key() {
    for vector in ["a0", "80", "02", "a10802", "a12002", "a1613002"] {
        let vector = encoded(vector);
        let appraisal = MapBuilder::new().with(1000, 2).with(1001, Value::Encoded(&vector));
        assert_eq!(rule_of(&with(&appraisal)), Some(Rule::TrustVector));
    }
}

#[test]
fn e256_a_claim_is_one_of_256_numbers() {
    for value in -200..=200_i64 {
        let vector = MapBuilder::new().with(2, value);
        let appraisal = MapBuilder::new().with(1000, 96).with(1001, &vector);
        let expected = if i8::try_from(value).is_ok() { None } else { Some(Rule::TrustClaim) };
        assert_eq!(rule_of(&with(&appraisal)), expected, "{value}");
    }
    for value in ["f5", "f93c00", "6132", "1b0000000100000002"] {
        let value = encoded(value);
        let vector = MapBuilder::new().with(2, Value::Encoded(&value));
        let appraisal = MapBuilder::new().with(1000, 96).with(1001, &vector);
        assert_eq!(rule_of(&with(&appraisal)), Some(Rule::TrustClaim));
    }
}

#[test]
fn e257_policies_are_texts() {
    for policies in ["80", "8101", "01", "a0"] {
        let policies = encoded(policies);
        let appraisal = MapBuilder::new().with(1000, 2).with(1003, Value::Encoded(&policies));
        assert_eq!(rule_of(&with(&appraisal)), Some(Rule::EarPolicies));
    }
    for (policies, expected) in [("82616161 62", vec!["a", "b"]), ("6161", vec!["a"])] {
        let policies = encoded(&policies.replace(' ', ""));
        let appraisal = MapBuilder::new().with(1000, 2).with(1003, Value::Encoded(&policies));
        let bytes = with(&appraisal).to_bytes();
        let ear = Ear::decode(&bytes, PROFILE).unwrap();
        let (_, appraisal) = ear.appraisals().next().unwrap();
        assert_eq!(appraisal.policy_ids().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn e258_raw_evidence_is_what_the_dialect_wants() {
    let (record, bytes) = (encoded("82190107410a"), encoded("410a"));
    for dialect in EarDialect::ALL {
        let is_04 = dialect == EarDialect::Draft04;
        let rule = |evidence: &[u8]| rule_of(&result(dialect).with(1002, Value::Encoded(evidence)));
        let wrong = Some(Rule::EarRawEvidence);
        assert_eq!(rule(&record), if is_04 { None } else { wrong });
        assert_eq!(rule(&bytes), if is_04 { wrong } else { None });
        assert_eq!(rule(&encoded("6161")), wrong);
        assert_eq!(rule(&encoded("a101821901 07410a".replace(' ', "").as_str())), wrong);
    }
    let bytes = result(EarDialect::Draft04).with(1002, Value::Encoded(&record)).to_bytes();
    let Some(RawEvidence::Wrapped(record)) = Ear::decode(&bytes, PROFILE).unwrap().raw_evidence()
    else {
        panic!()
    };
    assert_eq!(record.value(), [0x0a]);
}

/// Every status over every claim: found wanting exactly where the tiers say so.
#[test]
fn e259_no_status_is_better_than_its_worst_claim_for_all_256_values() {
    for status in Tier::ALL {
        for value in i8::MIN..=i8::MAX {
            let vector = MapBuilder::new().with(2, i64::from(value));
            let status_value = i64::from(status.value());
            let appraisal = MapBuilder::new().with(1000, status_value).with(1001, &vector);
            let bytes = with(&appraisal).to_bytes();
            let ear = Ear::decode(&bytes, PROFILE).unwrap();
            let found: Vec<_> =
                ear.findings().map(|finding| (finding.rule, finding.submodule)).collect();
            let worst = TrustClaim::new(value).tier();
            let doubtful = match (status, worst) {
                (Tier::Affirming, Tier::None) => true,
                (Tier::None, worst) => worst.value() >= 32,
                _ => false,
            };
            let expected = if doubtful {
                vec![(Rule::StatusDoubtful, Some("a"))]
            } else if status != Tier::None && status.value() < worst.value() {
                vec![(Rule::StatusFloor, Some("a"))]
            } else {
                vec![]
            };
            assert_eq!(found, expected, "{status} over {value}");
            // And none is ever written that is better.
            let vector =
                TrustVector::EMPTY.with(TrustDimension::Executables, TrustClaim::new(value));
            let appraisal = AppraisalBuilder::new(status).vector(&vector);
            let written = EarBuilder::new(&VERIFIER, 0).appraisal("a", &appraisal);
            let is_better = expected.contains(&(Rule::StatusFloor, Some("a")));
            assert_eq!(written.is_err(), is_better);
        }
    }
}

#[test]
fn e260_no_global_status_is_better_than_the_worst_appraisal() {
    for global in Tier::ALL {
        for worst in Tier::ALL {
            let submods = MapBuilder::new()
                .with("a", &MapBuilder::new().with(1000, 0))
                .with("b", &MapBuilder::new().with(1000, i64::from(worst.value())));
            let result = result(EarDialect::Draft04)
                .with(266, &submods)
                .with(1000, i64::from(global.value()));
            let bytes = result.to_bytes();
            let ear = Ear::decode(&bytes, PROFILE).unwrap();
            assert_eq!(ear.worst_status(), worst);
            let found: Vec<_> = ear.findings().map(|finding| finding.rule).collect();
            let is_better = global != Tier::None && global.value() < worst.value();
            assert_eq!(found.contains(&Rule::GlobalStatusFloor), is_better);
            let written = EarBuilder::new(&VERIFIER, 0)
                .status(global)
                .appraisal("a", &AppraisalBuilder::new(worst))
                .unwrap()
                .to_bytes();
            assert_eq!(written.is_err(), is_better);
        }
    }
}

#[test]
fn e261_where_none_meets_another_tier_the_status_is_doubtful() {
    let finding = |status: i64, claim: i64| {
        let vector = MapBuilder::new().with(2, claim);
        let bytes = with(&MapBuilder::new().with(1000, status).with(1001, &vector)).to_bytes();
        let ear = Ear::decode(&bytes, PROFILE).unwrap();
        ear.findings().map(|finding| finding.rule).next()
    };
    assert_eq!(finding(2, 0), Some(Rule::StatusDoubtful));
    assert_eq!(finding(0, 96), Some(Rule::StatusDoubtful));
    assert_eq!(finding(0, 0), None);
    assert_eq!(finding(0, 2), None);
}

#[test]
fn e262_a_result_expires() {
    let bytes = result(EarDialect::Draft04).with(4, 1_790_000_100).to_bytes();
    let ear = Ear::decode(&bytes, PROFILE).unwrap();
    let expired = Err(Error::new(ErrorKind::Refused(Rule::EarExpired)));
    assert_eq!(ear.check_time(1_790_000_099), Ok(()));
    assert_eq!(ear.check_time(1_790_000_100), expired);
    assert_eq!(ear.check_time(i64::MAX), expired);
    for exp in ["f97c00", "f97e00", "1bffffffffffffffff", "c101"] {
        let exp = encoded(exp);
        let rule = rule_of(&result(EarDialect::Draft04).with(4, Value::Encoded(&exp)));
        assert_eq!(rule, Some(Rule::Date));
    }
}

#[test]
fn what_is_written_reads_as_it_was_and_a_signature_vouches_for_it() {
    let evidence = encoded("8263612f62410a");
    let vector = TrustVector::EMPTY
        .with(TrustDimension::Hardware, TrustClaim::new(2))
        .with(TrustDimension::Executables, TrustClaim::new(-33));
    let appraisal = AppraisalBuilder::of(&vector).policy_ids(["p", "q"]);
    let claims = EarBuilder::new(&VERIFIER, 1_790_000_000)
        .expires_at(1_790_000_100)
        .nonce(&[7; 8])
        .raw_evidence(&Cmw::decode(&evidence, PROFILE).unwrap())
        .unwrap()
        .status(Tier::Warning)
        .appraisal("a", &appraisal)
        .unwrap()
        .to_bytes()
        .unwrap();
    Ear::decode(&claims, &Profile::DETERMINISTIC).unwrap();

    let key = Ed25519SigningKey::from_bytes(&[7; 32]).unwrap();
    let public = key.public_key();
    let context = Context::new(&RustCrypto);
    let trusted = TrustedKey::new(public.as_public_key(), &context).unwrap();
    let token = Sign1Builder::new().sign(Content::Embedded(&claims), &key).unwrap();
    let token = Token::decode(&token, PROFILE).unwrap();
    let trust = Trust::keys(&trusted);
    let claims = token.verify(&trust, &Requirements::DEFAULT, &context).unwrap();
    let ear = claims.try_map_within(PROFILE, Ear::of_claims).unwrap();
    let ear = ear.value();
    assert_eq!((ear.dialect(), ear.expires_at()), (EarDialect::Draft04, Some(1_790_000_100)));
    assert_eq!(ear.findings().count(), 0);
    let (_, appraisal) = ear.appraisals().next().unwrap();
    assert_eq!((appraisal.status(), appraisal.vector()), (Tier::Warning, Some(vector)));
}

/// What draft -04 brought: topology, claims of attester and verifier, the nonce of the evidence.
#[test]
fn the_newest_fields_are_written_and_read() {
    let (attester, verifier) = (encoded("a119095a20"), encoded("a13a000111716179"));
    let appraisal = AppraisalBuilder::new(Tier::Affirming)
        .nonce(&[9; 8])
        .attester_claims(&attester)
        .unwrap()
        .verifier_claims(&verifier)
        .unwrap();
    let bytes = EarBuilder::new(&VERIFIER, 1)
        .device_topology(&[("board", &["a", "b"]), ("b", &["c"])])
        .appraisal("a", &appraisal)
        .unwrap()
        .to_bytes()
        .unwrap();
    let ear = Ear::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
    let topology = ear.device_topology().map(|raw| hex::encode(raw.bytes()));
    assert_eq!(
        topology.as_deref(),
        Some("a26162816163 65626f61726482 61616162".replace(' ', "").as_str())
    );
    let (name, read) = ear.appraisals().next().unwrap();
    assert_eq!(name, "a");
    assert_eq!(read.attester_claims().map(|raw| raw.bytes()), Some(&attester[..]));
    assert_eq!(read.verifier_claims().map(|raw| raw.bytes()), Some(&verifier[..]));
    assert_eq!(read.nonce().map(|raw| raw.bytes()), Some(&[0x48, 9, 9, 9, 9, 9, 9, 9, 9][..]));
    // Claims that are no claims set are not written: an array, a key twice, a length that is not the shortest.
    for claims in ["80", "a201010101", "a1180101", "a1f501"] {
        let claims = encoded(claims);
        assert!(AppraisalBuilder::new(Tier::None).attester_claims(&claims).is_err());
        assert!(AppraisalBuilder::new(Tier::None).verifier_claims(&claims).is_err());
    }
}

#[test]
fn a_result_of_nothing_is_not_written() {
    let error = EarBuilder::new(&VERIFIER, 0).to_bytes().unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::EarSubmods);
    let empty = AppraisalBuilder::of(&TrustVector::EMPTY);
    let error = EarBuilder::new(&VERIFIER, 0).appraisal("a", &empty).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::TrustVector);
    let collection = encoded("a10182190107410a");
    let cmw = Cmw::decode(&collection, PROFILE).unwrap();
    let error = EarBuilder::new(&VERIFIER, 0).raw_evidence(&cmw).unwrap_err();
    assert_eq!(error.rule().unwrap(), Rule::EarRawEvidence);
}

#[cfg(feature = "json")]
mod json {
    use super::*;
    use rats_eat::ear::from_json;

    #[test]
    fn a_result_of_draft_04_comes_back_from_json_as_it_was() {
        let text = "{\"eat_profile\":\"tag:ietf.org,2026:rats/ear#04\",\"iat\":1790000000,\"exp\":1790000001,\
            \"ear_verifier_id\":{\"developer\":\"d\",\"build\":\"b\"},\"ear_status\":\"warning\",\
            \"eat_nonce\":\"AAAAAAAAAAA\",\"ear_raw_evidence\":[\"a/b\",\"AA\",4],\
            \"submods\":{\"a\":{\"ear_status\":\"warning\",\
            \"ear_trustworthiness_vector\":{\"executables\":-33},\
            \"ear_appraisal_policy_ids\":[\"p\",\"q\"],\"eat_nonce\":[\"AAAAAAAAAAA\",\"_______-\"]}}}";
        let bytes = from_json(text.as_bytes(), PROFILE).unwrap();
        let ear = Ear::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        assert_eq!(ear.to_json().unwrap().to_string(), text);
    }

    #[test]
    fn each_dialect_has_its_own_names() {
        let dotted = "{\"eat_profile\":\"tag:github.com,2023:veraison/ear\",\"iat\":1,\
            \"ear.verifier-id\":{\"developer\":\"d\",\"build\":\"b\"},\
            \"submods\":{\"a\":{\"ear.status\":\"none\",\"ear.appraisal-policy-id\":\"p\"}}}";
        let bytes = from_json(dotted.as_bytes(), PROFILE).unwrap();
        let ear = Ear::decode(&bytes, PROFILE).unwrap();
        let (_, appraisal) = ear.appraisals().next().unwrap();
        assert_eq!(appraisal.policy_ids().collect::<Vec<_>>(), ["p"]);
        for profile in [EarDialect::Draft03.profile(), EarDialect::Draft04.profile()] {
            let mixed = dotted.replace("tag:github.com,2023:veraison/ear", profile);
            let error = from_json(mixed.as_bytes(), PROFILE).unwrap_err();
            assert_eq!(error.rule().unwrap(), Rule::EarVerifierId);
        }
    }

    #[test]
    fn e250_to_e258_hold_in_json_too() {
        let good = "{\"eat_profile\":\"tag:ietf.org,2026:rats/ear#04\",\"iat\":1,\
            \"ear_verifier_id\":{\"developer\":\"d\",\"build\":\"b\"},\
            \"submods\":{\"a\":{\"ear_status\":\"warning\",\
            \"ear_trustworthiness_vector\":{\"executables\":32}}}}";
        assert!(from_json(good.as_bytes(), PROFILE).is_ok());
        let cases = [
            ("ear#04", "ear#05", Rule::EarProfile),
            ("\"iat\":1", "\"iat\":1.0", Rule::IntegerDate),
            ("\"iat\":1", "\"iat\":\"1\"", Rule::EarIssuedAt),
            ("\"iat\":1", "\"iat\":1,\"iat\":1", Rule::JsonMembers),
            ("\"build\"", "\"built\"", Rule::EarVerifierId),
            ("\"a\":{", "\"a\":{},\"b\":{", Rule::EarStatus),
            ("\"warning\"", "\"Warning\"", Rule::EarStatus),
            ("\"warning\"", "32", Rule::EarStatus),
            ("\"executables\":32", "", Rule::TrustVector),
            ("\"executables\"", "\"Executables\"", Rule::TrustVector),
            (":32", ":128", Rule::TrustClaim),
            (":32", ":32.0", Rule::TrustClaim),
            ("\"iat\":1", "\"iat\":1,\"ear_raw_evidence\":\"AA\"", Rule::EarRawEvidence),
            ("\"iat\":1", "\"iat\":1,\"ear_raw_evidence\":[\"a/b\"]", Rule::CmwRecord),
            (
                "\"ear_status\"",
                "\"ear_appraisal_policy_ids\":\"p\",\"ear_status\"",
                Rule::EarPolicies,
            ),
        ];
        for (from, to, rule) in cases {
            let text = good.replacen(from, to, 1);
            assert_ne!(text, good);
            let error = from_json(text.as_bytes(), PROFILE).unwrap_err();
            assert_eq!(error.rule().unwrap(), rule, "{text}");
        }
        assert_eq!(from_json(b"[]", PROFILE).unwrap_err().rule().unwrap(), Rule::JwtClaims);
    }

    #[test]
    fn what_draft_04_has_no_form_for_is_not_written() {
        let rule = |map: &MapBuilder| {
            let bytes = map.to_bytes();
            let error = Ear::decode(&bytes, PROFILE).unwrap().to_json().unwrap_err();
            error.rule().unwrap()
        };
        let bytes = encoded("410a");
        let older = result(EarDialect::Draft03).with(1002, Value::Encoded(&bytes));
        assert_eq!(rule(&older), Rule::EarRawEvidence);
        let float = encoded("fb41daac26d7000000");
        assert_eq!(
            rule(&result(EarDialect::Dotted).with(6, Value::Encoded(&float))),
            Rule::IntegerDate
        );
        for nonce in ["01", "80", "8101", "a0"] {
            let nonce = encoded(nonce);
            let result = result(EarDialect::Draft04).with(10, Value::Encoded(&nonce));
            assert_eq!(rule(&result), Rule::Nonce);
        }
    }
}
