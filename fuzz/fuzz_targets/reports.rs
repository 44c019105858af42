//! SUIT reports, from anybody, and of what a device did: what was checked when it was read is there, and who signed it is told.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::{Content, Context, Profile, Trust, crypto::Algorithm, sign1::Sign1Builder};
use coset::cbor::{self, Value};
use fuzz::{Accept, Chosen, reported, told, with_keys};
use libfuzzer_sys::fuzz_target;
use suit_manifest::Envelope;
use suit_manifest::label::{capability, parameter, report as label};
use suit_manifest::report::{
    CapabilityReport, Conclusion, Noted, Properties, Reason, Reference, Report, ReportContainer,
};

// A report, or the envelope of a manifest that is run and reported of; behind a zero, choices that make such an envelope.
fuzz_target!(|bytes: &[u8]| {
    if let [0, choices @ ..] = bytes {
        made(choices);
        return;
    }
    read(bytes);
    contained(bytes);
    if let Ok(envelope) = Envelope::decode(bytes, &Profile::LENIENT) {
        let choices = &bytes[bytes.len().saturating_sub(8)..];
        reported(&envelope, choices, &mut |report| of_ours(report, choices));
        compared(&envelope);
    }
});

/// The choices are those of the device, then of one byte of the report that is changed, then of the envelope.
fn made(choices: &[u8]) {
    let Some((device, choices)) = choices.split_at_checked(8) else { return };
    let Some((change, choices)) = choices.split_at_checked(4) else { return };
    if let Ok(made) = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(choices)) {
        let envelope = made.view().expect("made by the builder");
        reported(&envelope, device, &mut |report| of_ours(report, change));
        compared(&envelope);
    }
}

/// It can be read, alone and signed. With another byte somewhere it may still be a report.
fn of_ours(report: &[u8], change: &[u8]) {
    assert!(Report::decode(report, &Profile::DETERMINISTIC).is_ok(), "a report of ours");
    read(report);
    let mut chosen = Chosen::by(change);
    let mut changed = report.to_vec();
    changed[chosen.below(report.len())] = chosen.byte();
    read(&changed);
    if chosen.byte() % 4 == 3 {
        let signed = Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(report));
        let signed = signed.expect("headers of ours").attach(&[0x81; 64]);
        assert!(contained(&signed), "signed by a key that is trusted");
    }
}

fn read(bytes: &[u8]) {
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        if let Some(report) = told(Report::decode(bytes, &profile)) {
            assert_eq!(report.bytes(), bytes);
            look_at(&report);
            counted(&report);
        }
    }
}

/// As many things were noted as another reader of CBOR counts, and as many of them are maps.
fn counted(report: &Report<'_>) {
    let Ok(Value::Map(members)) = cbor::from_reader(report.bytes()) else { return };
    let is_records = |(key, _): &&(Value, Value)| *key == Value::from(label::RECORDS);
    let Some((_, Value::Array(noted))) = members.iter().find(is_records) else {
        panic!("a report has records");
    };
    assert_eq!(report.records().into_iter().count(), noted.len());
    let maps = noted.iter().filter(|one| one.is_map()).count();
    assert_eq!(report.records().system_properties().count(), maps);
}

fn look_at(report: &Report<'_>) {
    let records = report.records();
    assert_eq!(records.into_iter().count(), records.len(), "each was read before");
    assert_eq!(records.is_empty(), records.len() == 0);
    let mut systems = 0;
    for noted in records {
        match noted {
            Noted::Record(record) => {
                let _ = (record.manifest_id().count(), record.section(), record.offset());
                let _ = (record.component_index(), record.is_shared());
                properties(&record.properties());
            }
            Noted::SystemProperties(system) => {
                systems += 1;
                let component = system.component();
                assert!(component.starts_with(&component));
                properties(&system.properties());
            }
        }
    }
    assert_eq!(records.system_properties().count(), systems);
    let _ = (report.nonce(), report.extension(99));
    assert_eq!(report.result().is_success(), matches!(report.result(), Conclusion::Success));
    if let Conclusion::Failed(failed) = report.result() {
        let _ = failed.record.is_shared();
        assert_eq!(Reason::from_number(failed.reason.number()), failed.reason);
    }
    for number in -1..14 {
        assert_eq!(Reason::from_number(number).number(), number);
    }
    let reference = report.reference();
    assert_eq!(told(reference.check_uri()).is_some(), !reference.uri().is_empty());
    assert_eq!(Reference::new(reference.uri(), reference.digest()), reference);
    if let Some(capabilities) = report.capability_report() {
        able(&capabilities);
    }
}

fn properties(properties: &Properties<'_>) {
    let digest = properties.image_digest();
    assert_eq!(digest.is_some(), properties.find(parameter::IMAGE_DIGEST).is_some());
    let _ = properties.image_size();
}

fn able(report: &CapabilityReport<'_>) {
    assert!(report.components().count() > 0);
    for component in report.components() {
        let _ = (component.segments().count(), component.is_prefix());
    }
    let listed = |key| report.numbers(key).into_iter().flatten().take(8);
    assert!(listed(capability::COMMANDS).all(|number| report.has_command(number)));
    assert!(listed(capability::PARAMETERS).all(|number| report.has_parameter(number)));
    assert!(listed(capability::ALGORITHMS).all(|number| report.has_algorithm(number)));
    for key in capability::ENVELOPE..=capability::DEPENDENCY + 1 {
        let _ = listed(key).count();
    }
    assert!(!report.has_algorithm(i64::MIN) || report.numbers(capability::ALGORITHMS).is_some());
}

/// Returns whether a report was in the container.
fn contained(bytes: &[u8]) -> bool {
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let trust = Trust::keys(keys);
        let containers = [ReportContainer::Tagged, ReportContainer::Sign1, ReportContainer::Mac0];
        let verified = containers.map(|container| {
            let report = told(Report::verify(bytes, container, &trust, &context));
            report.map(|report| look_at(report.value()))
        });
        verified.iter().any(Option::is_some)
    })
}

/// A reference is that of its manifest, and of no other.
fn compared(envelope: &Envelope<'_>) {
    let Ok(manifest) = envelope.danger_unverified_manifest(&Profile::LENIENT) else { return };
    let reference = Reference::of(envelope, &manifest);
    told(reference.check(envelope, &manifest)).expect("it is of this one");
    let other = Reference::new("https://nobody.example", reference.digest());
    let uri = manifest.reference_uri().unwrap_or_default();
    assert!(uri == "https://nobody.example" || told(other.check(envelope, &manifest)).is_none());
}
