//! SUIT reports, from anybody, and of what a device did: what was checked when it was read is there, and who signed it is told.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::{Content, Context, Profile, Trust, crypto::Algorithm, sign1::Sign1Builder};
use fuzz::{AcceptAll, driven, told, with_keys};
use libfuzzer_sys::fuzz_target;
use suit_manifest::report::{
    CapabilityReport, Conclusion, Noted, Properties, Reason, Reference, Report, ReportContainer,
};
use suit_manifest::{Envelope, label::parameter};

// A report, or the envelope of a manifest that is run and reported of.
fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    contained(bytes);
    let choices = &bytes[bytes.len().saturating_sub(8)..];
    let mut reported = |report: &[u8]| {
        assert!(Report::decode(report, &Profile::DETERMINISTIC).is_ok(), "a report of ours");
        read(report);
        let signed = Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(report));
        let signed = signed.expect("headers of ours").attach(&[0x81; 64]);
        assert!(contained(&signed), "signed by a key that is trusted");
    };
    if let Ok(envelope) = Envelope::decode(bytes, &Profile::LENIENT) {
        driven(&envelope, choices, &mut reported);
        compared(&envelope);
    }
    if let Ok(made) = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(bytes)) {
        driven(&made.view().expect("made by the builder"), choices, &mut reported);
    }
});

fn read(bytes: &[u8]) {
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        if let Some(report) = told(Report::decode(bytes, &profile)) {
            assert_eq!(report.bytes(), bytes);
            look_at(&report);
        }
    }
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
    for key in 1..12 {
        for number in report.numbers(key).into_iter().flatten() {
            let has = report.has_command(number) || report.has_parameter(number);
            let _ = has || report.has_algorithm(number);
        }
    }
    assert!(!report.has_algorithm(i64::MIN) || report.numbers(4).is_some());
}

/// Returns whether a report was in the container.
fn contained(bytes: &[u8]) -> bool {
    let context = Context::new(&AcceptAll);
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
