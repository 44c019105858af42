//! Random changes to wrappers, results, components, markers and JSON: an error or a value, never a panic, and what
//! is accepted can be written.

use cose_ext::Profile;
use rand_core::Rng;
use rats_eat::{
    JsonBundle,
    cmw::{self, Cmw, CmwExtension, SignedCmw},
    ear::{self, Ear},
    eat_json,
    epoch_marker::EpochMarker,
    jws::Jws,
    measured_component::{self, MeasuredComponent},
};
use testkit::rng::seeded;

const PROFILE: &Profile = &Profile::LENIENT;

const CBOR: [&str; 7] = [
    "8363612f62410a04",
    "da6374010241aa",
    "a3685f5f636d77635f7463613a6201821901074100616b a10282190107 4101",
    "a201826161 8261311940000282 20 41ab",
    "d9696782014102",
    "0406821901074100",
    "a51904e8 00",
];

const JSON: [&str; 6] = [
    "[\"a/b\",\"AQID\",31]",
    "{\"__cmwc_t\":\"tag:x\",\"a\":{\"b\":[\"a/b\",\"_-8\"]}}",
    "{\"id\":[\"a\",[\"1\",2]],\"digested-measurement\":[\"x\",\"AAEC\"],\"flags\":\"AAAAAAAAAQE\"}",
    "{\"eat_profile\":\"tag:ietf.org,2026:rats/ear#04\",\"iat\":1,\"ear_verifier_id\":{\"developer\":\"d\",\
     \"build\":\"b\"},\"eat_nonce\":\"AAAAAAAAAAA\",\"ear_raw_evidence\":[\"a/b\",\"AA\",4],\"submods\":{\"a\":\
     {\"ear_status\":\"warning\",\"ear_trustworthiness_vector\":{\"executables\":-33}}}}",
    "{\"ueid\":\"AQID\",\"location\":{\"latitude\":1.5},\"eat_profile\":\"1.2.3\",\"measres\":[[\"s\",[[\"r\",\
     \"absent\"]]]],\"submods\":{\"a\":[\"DIGEST\",[\"SHA-256\",\"AQID\"]],\"b\":[\"JWT\",\"e30.e30.AA\"]}}",
    "[[\"JWT\",\"e30.e30.AA\"],{\"a\":\"e30\"}]",
];

fn read_cbor(bytes: &[u8]) {
    if let Ok(cmw) = Cmw::decode(bytes, PROFILE) {
        assert_eq!(cmw.bytes(), bytes);
        let _ = cmw.check_types();
        if let Ok(json) = cmw.to_json() {
            cmw::from_json(json.to_string().as_bytes(), PROFILE).unwrap();
        }
    }
    if let Ok(component) = MeasuredComponent::decode(bytes, PROFILE) {
        let json = component.to_json().to_string();
        measured_component::from_json(json.as_bytes(), PROFILE).unwrap();
    }
    if let Ok(ear) = Ear::decode(bytes, PROFILE) {
        let _ = (ear.findings().count(), ear.issued_at());
        if let Ok(json) = ear.to_json() {
            ear::from_json(json.to_string().as_bytes(), PROFILE).unwrap();
        }
    }
    let _ = EpochMarker::decode(bytes, PROFILE).map(|marker| assert_eq!(marker.bytes(), bytes));
    let _ = CmwExtension::decode(bytes, PROFILE);
    let _ = SignedCmw::decode(bytes, PROFILE);
}

fn read_json(text: &[u8]) {
    if let Ok(cbor) = cmw::from_json(text, PROFILE) {
        // Written and read again it is the same wrapper.
        let json = Cmw::decode(&cbor, PROFILE).unwrap().to_json().unwrap().to_string();
        assert_eq!(cmw::from_json(json.as_bytes(), PROFILE), Ok(cbor));
    }
    if let Ok(cbor) = measured_component::from_json(text, PROFILE) {
        read_cbor(&cbor);
    }
    if let Ok(cbor) = ear::from_json(text, PROFILE) {
        read_cbor(&cbor);
    }
    if let Ok(cbor) = eat_json::to_cbor(text, PROFILE) {
        Profile::DETERMINISTIC.item(&cbor, 0).unwrap();
    }
    let _ = JsonBundle::decode(text, PROFILE);
    if let Ok(text) = core::str::from_utf8(text) {
        let _ = Jws::decode(text, PROFILE);
    }
}

/// Changes, removes, repeats or inserts a few bytes.
fn mutated(seed: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=rng.next_u32() % 3 {
        let random = rng.next_u64().to_be_bytes();
        let at = usize::from(random[0]) * 256 + usize::from(random[1]);
        let at = at % (bytes.len() + 1);
        match random[2] % 4 {
            0 if at < bytes.len() => bytes[at] = random[3],
            1 if at < bytes.len() => bytes[at] ^= 1 << (random[3] % 8),
            2 => bytes.truncate(at),
            _ => bytes.insert(at, random[3]),
        }
    }
    bytes
}

#[test]
fn changed_bytes_are_an_error_or_a_value() {
    let mut rng = seeded(12);
    for seed in CBOR {
        let seed = hex::decode(seed.replace(' ', "")).unwrap();
        for _ in 0..20_000 {
            read_cbor(&mutated(&seed, &mut rng));
        }
    }
}

#[test]
fn changed_text_is_an_error_or_a_value() {
    let mut rng = seeded(13);
    for seed in JSON {
        read_json(seed.as_bytes());
        for _ in 0..10_000 {
            read_json(&mutated(seed.as_bytes(), &mut rng));
        }
    }
}
