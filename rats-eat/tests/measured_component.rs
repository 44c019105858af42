//! The rules of measured components, and of epoch markers.

use cose_ext::{IntOrText, Profile};
use rats_eat::{
    Error, ErrorKind, Rule,
    epoch_marker::{Epoch, EpochMarker},
    measured_component::{ComponentVersion, MeasuredComponent, Measurement},
};

const PROFILE: &Profile = &Profile::LENIENT;

#[track_caller]
fn breaks(hex: &str, rule: Rule, offset: usize) {
    let bytes = hex::decode(hex).unwrap();
    let error = MeasuredComponent::decode(&bytes, PROFILE).unwrap_err();
    assert_eq!(error, Error::new(ErrorKind::Broken(rule)).at(offset), "{hex}");
}

#[test]
fn e230_a_component_is_a_map_with_an_id() {
    for other in ["80", "01", "40", "a0", "a10541ff"] {
        breaks(other, Rule::MeasuredComponent, 0);
    }
    // Members that are not known are kept.
    let bytes = hex::decode("a30181616105 41ff1863f5".replace(' ', "")).unwrap();
    assert_eq!(MeasuredComponent::decode(&bytes, PROFILE).unwrap().bytes(), bytes);
}

#[test]
fn e231_an_id_is_a_name_and_at_most_a_version() {
    for id in ["80", "8101", "8361618161316132", "82616101", "82616180", "8261618101", "6161"] {
        let bytes = hex::decode(format!("a201{id}0541ff")).unwrap();
        let error = MeasuredComponent::decode(&bytes, PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::ComponentId, "{id}");
    }
    for scheme in ["f5", "4101", "80"] {
        let bytes =
            hex::decode(format!("a20182616182613 1{scheme}0541ff").replace(' ', "")).unwrap();
        let error = MeasuredComponent::decode(&bytes, PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::ComponentId, "{scheme}");
    }
    let bytes = hex::decode("a20182616182613119400005 41ff".replace(' ', "")).unwrap();
    let component = MeasuredComponent::decode(&bytes, PROFILE).unwrap();
    let scheme = Some(IntOrText::int(16384));
    assert_eq!(component.version(), Some(ComponentVersion { version: "1", scheme }));
}

#[test]
fn e232_there_is_one_measurement() {
    breaks("a101816161", Rule::ComponentMeasurement, 0);
    breaks("a301816161028201410005 4100".replace(' ', "").as_str(), Rule::ComponentMeasurement, 0);
    breaks("a2018161610501", Rule::ComponentMeasurement, 6);
}

#[test]
fn e233_a_digest_is_an_algorithm_and_bytes() {
    for digest in ["80", "8101", "83014100f5", "82f54100", "820101", "41ff", "8241014100"] {
        let bytes = hex::decode(format!("a20181616102{digest}")).unwrap();
        let error = MeasuredComponent::decode(&bytes, PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::ComponentDigest, "{digest}");
    }
    let bytes = hex::decode("a201816161028220 41ab".replace(' ', "")).unwrap();
    let component = MeasuredComponent::decode(&bytes, PROFILE).unwrap();
    let expected = Measurement::Digest { algorithm: IntOrText::int(-1), value: &[0xab] };
    assert_eq!(component.measurement(), expected);
}

#[test]
fn e234_authorities_are_byte_strings() {
    for authorities in ["80", "8101", "4101", "8241010a"] {
        let bytes = hex::decode(format!("a30181616103{authorities}0541ff")).unwrap();
        let error = MeasuredComponent::decode(&bytes, PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::ComponentAuthorities, "{authorities}");
    }
}

#[test]
fn e235_flags_are_8_bytes() {
    for flags in ["40", "4700000000000000", "49000000000000000000", "00", "6830303030303030 30"] {
        let bytes = hex::decode(format!("a30181616104{flags}0541ff").replace(' ', "")).unwrap();
        let error = MeasuredComponent::decode(&bytes, PROFILE).unwrap_err();
        assert_eq!(error.rule().unwrap(), Rule::ComponentFlags, "{flags}");
    }
}

#[test]
fn e236_authorities_and_flags_want_a_profile() {
    let check = |hex: &str| {
        let bytes = hex::decode(hex).unwrap();
        MeasuredComponent::decode(&bytes, PROFILE).unwrap().check_without_profile()
    };
    let refused = Err(Error::new(ErrorKind::Refused(Rule::ComponentProfile)));
    assert_eq!(check("a2018161610541ff"), Ok(()));
    assert_eq!(check("a301816161038141010541ff"), refused);
    assert_eq!(check("a30181616104480000000000000000 0541ff".replace(' ', "").as_str()), refused);
}

#[test]
fn e295_a_marker_has_the_form_of_its_tag() {
    let decode = |hex: &str| {
        let bytes = hex::decode(hex).unwrap();
        EpochMarker::decode(&bytes, PROFILE).map(|marker| {
            assert_eq!(marker.bytes(), bytes);
            format!("{:?}", marker.epoch()).split(['(', ' ']).next().unwrap().to_owned()
        })
    };
    let good = [
        ("c06161", "Date"),
        ("c11a00000001", "Time"),
        ("c1f93c00", "Time"),
        ("d903e9a10107", "ExtendedTime"),
        ("d903e9a20107296161", "ExtendedTime"),
        ("d969644130", "TstInfo"),
        ("d96965a5000101d86f41010280030104d903e9a10107", "CborTstInfo"),
        ("d9696601", "Tick"),
        ("d969666161", "Tick"),
        ("d96967820120", "Ticks"),
        ("d9696818ff", "Counter"),
    ];
    for (hex, form) in good {
        assert_eq!(decode(hex).as_deref(), Ok(form), "{hex}");
    }
    for hex in [
        "00",
        "c000",
        "c16161",
        "d903e980",
        "d903e9a0",
        "d903e9a201070407",
        "d969644102",
        "d9696440",
        "d96965a0",
        "d96965a4000101d86f410102800301",
        "d96965a5000201d86f4101028003010401",
        "d9696400",
        "d9696580",
        "d96966f5",
        "d9696780",
        "d9696781f5",
        "d9696820",
        "d9696900",
        "d83d01",
    ] {
        assert_eq!(
            decode(hex),
            Err(Error::new(ErrorKind::Broken(Rule::EpochMarker)).at(0)),
            "{hex}"
        );
    }
    let bytes = hex::decode("d9696807").unwrap();
    let marker = EpochMarker::decode(&bytes, PROFILE).unwrap();
    assert!(matches!(marker.epoch(), Epoch::Counter(7)));
}

#[cfg(feature = "json")]
mod json {
    use super::*;
    use rats_eat::measured_component::from_json;

    #[test]
    fn e230_to_e235_hold_in_json_too() {
        let cases = [
            ("[]", Rule::MeasuredComponent),
            ("{}", Rule::MeasuredComponent),
            ("{\"id\":[\"a\"]}", Rule::ComponentMeasurement),
            ("{\"raw-measurement\":\"AA\"}", Rule::MeasuredComponent),
            ("{\"id\":\"a\",\"raw-measurement\":\"AA\"}", Rule::ComponentId),
            ("{\"id\":[\"a\"],\"raw-measurement\":1}", Rule::ComponentMeasurement),
            ("{\"id\":[\"a\"],\"raw-measurement\":\"AA==\"}", Rule::Base64Url),
            ("{\"id\":[\"a\"],\"digested-measurement\":[\"x\"]}", Rule::ComponentDigest),
            (
                "{\"id\":[\"a\"],\"raw-measurement\":\"AA\",\"authorities\":[]}",
                Rule::ComponentAuthorities,
            ),
            (
                "{\"id\":[\"a\"],\"raw-measurement\":\"AA\",\"flags\":\"AAAA\"}",
                Rule::ComponentFlags,
            ),
        ];
        for (text, rule) in cases {
            let found = from_json(text.as_bytes(), PROFILE).unwrap_err().rule().unwrap();
            assert_eq!(found, rule, "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        let text = "{\"id\":[\"a\\\"\",[\"1\",16384]],\"digested-measurement\":[-16,\"AAEC\"],\
            \"authorities\":[\"_w\"],\"flags\":\"AAAAAAAAAQE\"}";
        let bytes = from_json(text.as_bytes(), PROFILE).unwrap();
        let component = MeasuredComponent::decode(&bytes, PROFILE).unwrap();
        assert_eq!(component.to_json().to_string(), text);
        assert_eq!(component.authorities().collect::<Vec<_>>(), [&[0xff]]);
    }
}
