//! What the author makes, a device verifies.

#[path = "support/made.rs"]
mod made;

use made::{author, context, second, verify, verify_under};
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, ErrorKind, Rule, Section,
    author::{
        EnvelopeBuilder, LanguageTextBuilder, ManifestBuilder, ParameterSet, RECORD_ALL, Sequence,
        TextBuilder,
    },
    cose_ext::{
        Content, Digest, Profile,
        crypto::{Algorithm, Signer},
        sign1::Sign1Builder,
    },
    label::{condition, directive, text},
};

/// A manifest for two slots: try-each finds the one that the device does not run from.
fn two_slots() -> ManifestBuilder {
    let digests = [[1; 32], [2; 32]].map(|value| {
        let digest = Digest::new(Algorithm::SHA256, &value).unwrap();
        ParameterSet::new().image_digest(&digest).image_size(1024)
    });
    let slot = |index: usize| {
        let wanted = u64::try_from(index).unwrap();
        Sequence::new()
            .override_parameters(&ParameterSet::new().component_slot(wanted))
            .command(condition::COMPONENT_SLOT, RECORD_ALL)
            .override_parameters(&digests[index])
    };
    ManifestBuilder::new(7)
        .component(&["flash", "app"])
        .shared(Sequence::new().try_each(&[slot(0), slot(1)]))
        .section(Section::Install, Sequence::new().command(directive::FETCH, RECORD_ALL))
        .section(Section::Validate, Sequence::new().command(condition::IMAGE_MATCH, RECORD_ALL))
}

fn built(builder: ManifestBuilder) -> EnvelopeBuilder {
    builder.build(Algorithm::SHA256, &context()).unwrap()
}

fn signed(builder: ManifestBuilder) -> EnvelopeBuilder {
    let mut envelope = built(builder);
    envelope.sign(Sign1Builder::new(), &author(), &context()).unwrap();
    envelope
}

fn taken_apart(bytes: &[u8]) -> Result<EnvelopeBuilder, Error> {
    EnvelopeBuilder::of(&Envelope::decode(bytes, &Profile::LENIENT)?)
}

#[test]
fn u27_an_envelope_of_an_older_draft_is_not_taken_apart() {
    let members = made::with(made::signed(&made::members()), 17, made::bstr(&[0x80]));
    let error = taken_apart(&made::envelope(&members)).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::HistoricDraft.to_ref()));
}

#[test]
fn a_signed_manifest_verifies_with_and_without_tag() {
    let envelope = signed(two_slots());
    assert_eq!(verify(&envelope.to_bytes()), Ok(7));
    assert_eq!(verify(&envelope.to_untagged_bytes()), Ok(7));
    let unsigned = verify(&built(two_slots()).to_bytes()).unwrap_err();
    assert_eq!(unsigned.rule(), Some(Rule::BlockPresent.to_ref()));
}

#[test]
fn signing_in_two_steps_makes_the_same_block() {
    let (key, context) = (author(), context());
    let mut envelope = built(two_slots());
    let headers = || Sign1Builder::new().key_id(b"author");
    let prepared = envelope.prepare(headers(), key.algorithm(), &context).unwrap();
    let mut signature = vec![0; key.signature_len()];
    let len = key.sign(&prepared.structure().parts(), &mut signature).unwrap();
    let block = prepared.attach(&signature[..len]);
    envelope.block(block).unwrap();
    let mut at_once = built(two_slots());
    at_once.sign(headers(), &key, &context).unwrap();
    assert_eq!(envelope.to_bytes(), at_once.to_bytes());
    assert_eq!(verify(&envelope.to_bytes()), Ok(7));
}

#[test]
fn a_second_signer_adds_to_an_envelope_that_came_along() {
    let first = signed(two_slots().severed(Section::Install));
    let bytes = first.to_bytes();
    let mut both = taken_apart(&bytes).unwrap();
    assert_eq!(both, first);
    both.sign(Sign1Builder::new(), &second(), &context()).unwrap();
    let both = both.to_bytes();
    assert_eq!(verify_under(&both, &AuthenticationPolicy::ALL_BLOCKS), Ok(7));
    let envelope = Envelope::decode(&both, &Profile::LENIENT).unwrap();
    assert_eq!(envelope.authentication().blocks().count(), 2);
}

#[test]
fn u11_nobody_signs_the_digest_of_another_manifest() {
    let members = made::members();
    let other = made::digest(b"another manifest");
    let mut members = made::signed(&members);
    members[0].1 = made::wrapper(&other, &[]);
    let bytes = made::envelope(&members);
    let mut envelope = taken_apart(&bytes).unwrap();
    let error = envelope.sign(Sign1Builder::new(), &author(), &context()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification(Rule::ManifestDigest));
    let algorithm = author().algorithm();
    let error = envelope.prepare(Sign1Builder::new(), algorithm, &context()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Verification(Rule::ManifestDigest));
}

#[test]
fn u8_what_is_no_block_is_not_added() {
    let mut envelope = built(two_slots());
    assert_eq!(envelope.block(vec![]).unwrap_err().rule(), Some(Rule::BlockForm.to_ref()));
    let attached = Content::Embedded(b"payload");
    let attached = Sign1Builder::new().sign(attached, &author()).unwrap();
    let error = envelope.block(attached).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::BlockDetached.to_ref()));
}

#[test]
fn severing_leaves_the_signature_and_shortens_the_envelope() {
    let texts = LanguageTextBuilder::new()
        .text(text::MANIFEST_DESCRIPTION, "two slots")
        .component(&["flash", "app"], &[(text::VENDOR_NAME, "Vendor")]);
    let texts = TextBuilder::new().language("en", &texts);
    let whole = signed(two_slots().severed(Section::Install).severed_text(&texts));
    let bytes = whole.to_bytes();
    let shorter = whole.without_severed().to_bytes();
    assert_eq!(verify(&bytes), Ok(7));
    assert_eq!(verify(&shorter), Ok(7));
    assert!(shorter.len() < bytes.len());
}

#[test]
fn a_section_that_cannot_be_severed_stays() {
    let envelope = signed(two_slots().severed(Section::Validate)).to_bytes();
    let plain = signed(two_slots()).to_bytes();
    assert_eq!(envelope, plain);
}

#[test]
fn an_integrated_payload_comes_along_once() {
    let envelope = signed(two_slots()).integrate("#app", b"old").integrate("#app", b"new");
    let bytes = envelope.to_bytes();
    assert_eq!(verify(&bytes), Ok(7));
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(envelope.integrated_payload("#app"), Some(&b"new"[..]));
    assert_eq!(envelope.integrated_payload("#other"), None);
    assert_eq!(envelope.integrated_payloads().count(), 1);
}

#[test]
fn what_a_device_would_refuse_is_not_made() {
    let refused = |builder: ManifestBuilder| {
        builder.build(Algorithm::SHA256, &context()).unwrap_err().rule().map(|rule| rule.id)
    };
    // No component.
    assert_eq!(refused(ManifestBuilder::new(1)), Some(Rule::CommonForm.id()));
    // Not an item, and two.
    for argument in [&[][..], &[0x18, 0x01], &[0x01, 0x02]] {
        let sequence = Sequence::new().encoded(-300, argument);
        assert!(refused(two_slots().section(Section::Load, sequence)).is_some(), "{argument:?}");
    }
    let no_hash = two_slots().build(Algorithm::ES256, &context()).unwrap_err();
    assert_eq!(no_hash.verdict(), suit_manifest::Verdict::CannotEvaluate);
}

#[cfg(feature = "json")]
#[test]
fn u29_a_description_that_lacks_a_member_names_it() {
    use suit_manifest::author::json::manifest_from_json;
    let whole = |install_id: &str, rest: &str| {
        format!(
            r#"{{"manifest-version": 1, "manifest-sequence-number": 3, "components": [{{
            "install-id": [{install_id}], "install-size": 4 {rest},
            "install-digest": {{"algorithm-id": "sha256", "digest-bytes": "{}"}}}}]}}"#,
            "00".repeat(32)
        )
    };
    assert!(manifest_from_json(whole("\"00\"", "").as_bytes()).is_ok());
    for (json, name) in [
        ("[]".into(), "an object"),
        ("{".into(), "JSON"),
        ("{}".into(), "manifest-version"),
        (r#"{"manifest-version": 2}"#.into(), "manifest-version"),
        (r#"{"manifest-version": 1}"#.into(), "components"),
        (whole("\"0\"", ""), "install-id"),
        (whole("\"zz\"", ""), "install-id"),
        (whole("\"00\"", r#", "vendor-id": "00", "class-id": "00""#), "vendor-id"),
        (whole("\"00\"", r#", "loadable": true"#), "load-id"),
        (whole("\"00\"", r#", "bootable": 1"#), "bootable"),
        // What would be passed over: a name that is misspelt, and what is not asked for.
        (whole("\"00\"", r#", "vender-id": "00""#), "another member"),
        (whole("\"00\"", r#", "class-id": "00""#), "class-id"),
        (whole("\"00\"", r#", "load-size": 4"#), "load-size"),
        (whole("\"00\"", r#", "download-id": ["01"]"#), "download-id"),
        (whole("\"00\"", r#", "description": {"en": {"vendor": "a"}}"#), "another member"),
        (whole("\"00\"", r#", "description": {"en": {"vendor-name": 1}}"#), "vendor-name"),
        (whole("\"00\"", r#", "description": {"en": "a"}"#), "description"),
    ] {
        let error = manifest_from_json(json.as_bytes()).unwrap_err();
        let rule = Rule::AuthoringInput;
        assert_eq!(
            error.kind(),
            ErrorKind::Malformed { rule, fact: suit_manifest::Fact::Name(name) },
            "{json}"
        );
    }
}
