//! Reports: read, written, signed, and made while a manifest is processed.

#[path = "support/device.rs"]
mod device;
#[path = "support/made.rs"]
mod made;

use device::Device;
use made::{array, author, bstr, component, context, int, map, numbered, signed, text, with};
use suit_manifest::{
    AuthenticationPolicy, Authority, Envelope, Error, ErrorKind, Limits, Procedure, Processor,
    Readings, Rule, RunError, Target, Unsupported,
    cose_ext::{
        Content, Digest, Profile, Trust,
        crypto::{Algorithm, SecretKey, SymmetricKey},
        key::{HeldSecret, Identity, SecretStore, TrustStore, TrustedKey},
        mac0::Mac0Builder,
        rustcrypto::RustCrypto,
        sign1::{Draft, Sign1Builder},
    },
    report::{
        Capabilities, Conclusion, NewReport, Noted, Reason, Reference, Report, ReportContainer,
        ReportLog,
    },
    run_reporting,
};

const RECORD: &[u8] = &[0x85, 0x80, 0x07, 0x02, 0x00, 0xa0];

fn sha256(bytes: &[u8]) -> Vec<u8> {
    context().hash(Algorithm::SHA256, &[bytes]).unwrap().as_ref().to_vec()
}

fn reference() -> Vec<u8> {
    array(&[text("coap://a"), made::digest(b"manifest")])
}

/// The members of a report in any order that `decode` has to take.
fn members() -> Vec<(i64, Vec<u8>)> {
    vec![(99, reference()), (3, array(&[])), (4, vec![0xf5])]
}

fn decode(members: &[(i64, Vec<u8>)]) -> Result<(), Error> {
    Report::decode(&numbered(members), &Profile::LENIENT).map(drop)
}

#[track_caller]
fn refused(rule: Rule, members: &[(i64, Vec<u8>)]) {
    let error = decode(members).unwrap_err();
    assert_eq!(error.rule(), Some(rule.to_ref()), "{error}");
}

fn replaced(label: i64, value: Vec<u8>) -> Vec<(i64, Vec<u8>)> {
    let mut members = members();
    members.retain(|(key, _)| *key != label);
    members.push((label, value));
    members
}

fn failure(record: &[u8]) -> Vec<u8> {
    numbered(&[(5, int(-1)), (6, record.to_vec()), (7, int(10))])
}

#[test]
fn r1_report_form() {
    decode(&members()).unwrap();
    for missing in [99, 3, 4] {
        let mut members = members();
        members.retain(|(key, _)| *key != missing);
        refused(Rule::ReportForm, &members);
    }
    refused(Rule::ReportForm, &replaced(3, vec![0xa0]));
    refused(Rule::ReportForm, &replaced(2, text("nonce")));
    let error = Report::decode(&[0x80], &Profile::LENIENT).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ReportForm.to_ref()));
    assert!(Report::decode(&[numbered(&members()), vec![0]].concat(), &Profile::LENIENT).is_err());
    let mut twice = members();
    twice.push((4, vec![0xf5]));
    assert!(decode(&twice).is_err());
    // An extension is kept.
    let bytes = numbered(&replaced(1000, int(3)));
    let report = Report::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(report.extension(1000).unwrap().bytes(), int(3));
}

#[test]
fn r2_reference_form() {
    let digest = made::digest(b"manifest");
    for broken in [
        array(&[text("")]),
        array(&[text(""), digest.clone(), int(0)]),
        array(&[bstr(b""), digest]),
        int(0),
    ] {
        refused(Rule::ReferenceForm, &replaced(99, broken));
    }
    refused(Rule::DigestForm, &replaced(99, array(&[text(""), array(&[int(-16), bstr(b"")])])));
}

#[test]
fn r4_record_form() {
    let with_record = |record: Vec<u8>| replaced(3, array(&[record]));
    decode(&with_record(RECORD.to_vec())).unwrap();
    let record = |at: usize, value: Vec<u8>| {
        let mut elements = vec![array(&[]), int(7), int(2), int(0), map(&[])];
        elements[at] = value;
        array(&elements)
    };
    decode(&with_record(record(0, array(&[int(1), int(0)])))).unwrap();
    for broken in [
        array(&[array(&[]), int(7), int(2), int(0)]),
        record(0, int(0)),
        record(0, array(&[int(-1)])),
        record(1, text("7")),
        record(2, int(-1)),
        record(3, array(&[])),
        record(4, array(&[])),
        int(0),
    ] {
        refused(Rule::RecordForm, &with_record(broken));
    }
}

#[test]
fn r5_properties_form() {
    let with_properties = |entries: &[(i64, Vec<u8>)]| replaced(3, array(&[numbered(entries)]));
    let name = component(b"app");
    let digest = bstr(&made::digest(b"image"));
    decode(&with_properties(&[(0, name.clone()), (14, int(9)), (3, digest.clone())])).unwrap();
    // A parameter of an extension may be anything.
    decode(&with_properties(&[(0, name.clone()), (-300, text("x"))])).unwrap();
    refused(Rule::PropertiesForm, &with_properties(&[(0, name.clone())]));
    refused(Rule::PropertiesForm, &with_properties(&[(14, int(9)), (3, digest)]));
    refused(Rule::PropertiesForm, &with_properties(&[(0, name.clone()), (14, text("9"))]));
    refused(Rule::PropertiesForm, &with_properties(&[(0, name), (3, text("9"))]));
    refused(Rule::ComponentIdForm, &with_properties(&[(0, int(1)), (14, int(9))]));
}

#[test]
fn r6_result_form() {
    let bytes = numbered(&replaced(4, failure(RECORD)));
    let report = Report::decode(&bytes, &Profile::LENIENT).unwrap();
    let Conclusion::Failed(failed) = report.result() else { panic!("success") };
    assert_eq!((failed.code, failed.reason), (-1, Reason::ConditionFailed));
    assert_eq!((failed.record.section(), failed.record.offset()), (7, 2));
    for broken in [
        vec![0xf4],
        int(1),
        numbered(&[(5, int(-1)), (6, RECORD.to_vec())]),
        numbered(&[(5, text("")), (6, RECORD.to_vec()), (7, int(10))]),
        numbered(&[(5, int(1)), (6, RECORD.to_vec()), (7, int(10)), (8, int(1))]),
    ] {
        refused(Rule::ResultForm, &replaced(4, broken));
    }
    refused(Rule::RecordForm, &replaced(4, failure(&[0x80])));
}

#[test]
fn r7_capability_form() {
    let numbers = array(&[int(1), int(3)]);
    let capability = |components: Vec<u8>, more: Vec<(Vec<u8>, Vec<u8>)>| {
        let mut entries = vec![(int(1), components)];
        entries.extend([2, 3, 4].map(|key| (int(key), numbers.clone())));
        entries.extend(more);
        replaced(8, map(&entries))
    };
    let components = array(&[component(b"app"), array(&[bstr(b"cfg"), vec![0xf5]])]);
    let bytes = numbered(&capability(components.clone(), vec![]));
    let report = Report::decode(&bytes, &Profile::LENIENT).unwrap();
    let capabilities = report.capability_report().unwrap();
    let prefixes: Vec<_> = capabilities.components().map(|one| one.is_prefix()).collect();
    assert_eq!(prefixes, [false, true]);
    assert!(capabilities.has_command(3) && !capabilities.has_command(4));
    decode(&capability(components.clone(), vec![(array(&[int(1), int(2)]), numbers.clone())]))
        .unwrap();
    for broken in [
        capability(array(&[]), vec![]),
        capability(array(&[array(&[vec![0xf5], bstr(b"a")])]), vec![]),
        capability(components.clone(), vec![(int(5), array(&[]))]),
        capability(components, vec![(array(&[text("a")]), numbers.clone())]),
        replaced(8, numbered(&[(1, array(&[component(b"a")])), (2, numbers.clone())])),
    ] {
        refused(Rule::CapabilityForm, &broken);
    }
}

#[test]
fn r8_report_container() {
    let context = context();
    let report = numbered(&members());
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let trust = Trust::keys(&keys);
    let message = Sign1Builder::new().sign(Content::Embedded(&report), &author()).unwrap();
    let tagged = ReportContainer::Tagged;
    let verified = Report::verify(&message, tagged, &trust, &context).unwrap();
    assert!(verified.value().result().is_success());
    // Without its tag only if both sides agreed on what it is.
    let untagged = &message[1..];
    assert!(Report::verify(untagged, tagged, &trust, &context).is_err());
    let _ = Report::verify(untagged, ReportContainer::Sign1, &trust, &context).unwrap();
    assert!(Report::verify(untagged, ReportContainer::Mac0, &trust, &context).is_err());
    // A changed byte of the report.
    let mut changed = message.clone();
    let place = message.windows(report.len()).position(|part| part == report).unwrap();
    changed[place + 1] ^= 1;
    assert!(Report::verify(&changed, tagged, &trust, &context).is_err());
    let detached = Sign1Builder::new().sign(Content::Detached(&report), &author()).unwrap();
    let error = Report::verify(&detached, tagged, &trust, &context).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ReportContainer.to_ref()));
    // A report that is encrypted inside.
    let encrypted = array(&[bstr(b""), map(&[]), bstr(b"ciphertext")]);
    let message = Sign1Builder::new().sign(Content::Embedded(&encrypted), &author()).unwrap();
    let error = Report::verify(&message, tagged, &trust, &context).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported(Unsupported::EncryptedReport));
    // A MAC.
    let secret = SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto);
    let content = Content::Embedded(&report);
    let message = Mac0Builder::new().authenticate(Algorithm::HMAC_256, content, &secret).unwrap();
    let secrets = [HeldSecret::new(secret, Identity::new([2; 32]))];
    let secrets = SecretStore::new(&secrets);
    let trust = Trust::secrets(&secrets);
    let _ = Report::verify(&message, tagged, &trust, &context).unwrap();
    let _ = Report::verify(&message[1..], ReportContainer::Mac0, &trust, &context).unwrap();
}

/// A manifest with one component, whose shared sequence sets its digest, and which validates it.
fn envelope(policy: i64, image: &[u8]) -> Vec<u8> {
    let expected = numbered(&[(3, bstr(&made::digest(image))), (14, int(5))]);
    let common =
        numbered(&with(made::common(), 4, bstr(&array(&[int(12), int(0), int(20), expected]))));
    let members = with(made::members(), 3, bstr(&common));
    let members = with(members, 4, text("coap://a"));
    let validate = array(&[int(12), int(0), int(3), int(policy)]);
    made::envelope(&signed(&with(members, 7, bstr(&validate))))
}

/// Runs the envelope on a device whose component holds `image`, and gives the report.
fn reported(bytes: &[u8], image: &[u8], room: usize) -> (Vec<u8>, bool) {
    let context = context();
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let trust = Trust::keys(&keys);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
    let manifest = envelope.verify(&trust, &policy, &context).unwrap();
    let target = Target {
        components: 1,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let mut device = Device::with_components([]).holding("617070", image);
    let mut processor =
        Processor::<2, 4>::new(&envelope, &manifest, Procedure::Invoke, &target, &mut [], &context)
            .unwrap();
    let mut buffer = vec![0; room];
    let mut log = ReportLog::new(&mut buffer);
    let authority = Authority { trust: &trust, policy: &policy };
    let ended = run_reporting(&mut processor, &mut device, &mut log, &authority, &context);
    assert!(matches!(ended, Ok(()) | Err(RunError::Failed(_))));
    let capabilities = Capabilities {
        components: &[(&[b"app"], false)],
        algorithms: &[Algorithm::ES256.value(), Algorithm::SHA256.value()],
    };
    let report = NewReport {
        reference: Reference::of(&envelope, manifest.value()),
        nonce: Some(b"fresh"),
        log: &log,
        capabilities: Some(&capabilities),
    };
    let mut out = [0; 512];
    let omitted = log.omitted() > 0;
    (report.write_to(&mut out).unwrap().to_vec(), omitted)
}

#[test]
fn r9_record_due() {
    let [fine, other] = [b"right", b"wrong"];
    // Bits, image, and how many records and system properties are due.
    for (policy, image, records, properties) in [
        (0, fine, 0, 0),
        (1, fine, 1, 0),
        (2, fine, 0, 0),
        (4, fine, 0, 1),
        (8, fine, 0, 0),
        (15, fine, 1, 1),
        (0, other, 0, 0),
        (1, other, 0, 0),
        (2, other, 1, 0),
        (4, other, 0, 0),
        (8, other, 0, 1),
        (15, other, 1, 1),
    ] {
        let (bytes, _) = reported(&envelope(policy, fine), image, 256);
        // Written without heap, in deterministic encoding.
        let report = Report::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        let noted: Vec<_> = report.records().into_iter().collect();
        let are_records = noted.iter().filter(|one| matches!(one, Noted::Record(_))).count();
        assert_eq!(
            (are_records, noted.len() - are_records),
            (records, properties),
            "policy {policy}"
        );
        assert_eq!(report.result().is_success(), image == fine);
        assert_eq!(report.nonce(), Some(&b"fresh"[..]));
        let measured = sha256(image);
        for system in report.records().system_properties() {
            assert_eq!(system.component().to_string(), "617070");
            assert_eq!(system.properties().image_digest().unwrap().value(), measured);
            assert_eq!(system.properties().image_size(), Some(5));
        }
        // What ended the procedure is told whatever the policy is, and what was measured then.
        if let Conclusion::Failed(failed) = report.result() {
            assert_eq!(failed.reason, Reason::ConditionFailed);
            assert_eq!((failed.record.section(), failed.record.offset()), (7, 3));
            assert_eq!(failed.record.properties().image_digest().unwrap().value(), measured);
            assert!(!failed.record.is_shared());
        }
        let capabilities = report.capability_report().unwrap();
        assert!(capabilities.has_command(3) && capabilities.has_parameter(14));
        assert!(!capabilities.has_command(29), "wait is refused");
        assert!(capabilities.has_algorithm(-7));
    }
}

#[test]
fn a_log_without_room_says_so() {
    let (bytes, omitted) = reported(&envelope(15, b"right"), b"wrong", 20);
    assert!(omitted);
    let report = Report::decode(&bytes, &Profile::LENIENT).unwrap();
    assert!(report.records().is_empty());
    let Conclusion::Failed(failed) = report.result() else { panic!("success") };
    // There is room for a record without what was measured, and none with it.
    assert_eq!((failed.record.section(), failed.record.offset()), (7, 3));
    assert_eq!(failed.record.properties().image_digest(), None);
}

#[test]
fn r3_reference_matches() {
    let bytes = envelope(15, b"right");
    let (report, _) = reported(&bytes, b"right", 256);
    let reference = Report::decode(&report, &Profile::LENIENT).unwrap().reference();
    let envelope_of = |bytes: &'static [u8]| Envelope::decode(bytes, &Profile::LENIENT).unwrap();
    let other = envelope_of(envelope(3, b"right").leak());
    let this = envelope_of(bytes.leak());
    let manifest = this.danger_unverified_manifest(&Profile::LENIENT).unwrap();
    reference.check(&this, &manifest).unwrap();
    reference.check_uri().unwrap();
    let error = reference.check(&other, &manifest).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ReferenceMatches.to_ref()));
    let nameless = Reference::new("", this.authentication().digest());
    assert!(nameless.check(&this, &manifest).is_err());
    assert!(nameless.check_uri().is_err());
}

#[test]
fn a_report_is_signed_in_place() {
    let context = context();
    let mut buffer = [0; 64];
    let log = ReportLog::new(&mut buffer);
    let value = sha256(b"manifest");
    let digest = Digest::new(Algorithm::SHA256, &value).unwrap();
    let reference = Reference::new("coap://a", digest);
    let report = NewReport { reference, nonce: None, log: &log, capabilities: None };
    let mut out = [0; 256];
    let draft = Draft::write(&mut out, Algorithm::ES256, 0, |_| {}).room_for(64);
    let message = draft.payload(|payload| report.write(payload)).unwrap().sign(&author()).unwrap();
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let trust = Trust::keys(&keys);
    let report = Report::verify(message, ReportContainer::Tagged, &trust, &context).unwrap();
    assert_eq!(report.value().reference(), reference);
}
