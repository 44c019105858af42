//! SUIT envelopes whose signatures are all good: what is left to refuse is the encoding, the form, and what no digest vouches
//! for.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::crypto::Algorithm;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Digest, Input, Profile, Sign1, Signed, Trust, Verified};
use fuzz::{Accept, public_keys, told, with_keys};
use libfuzzer_sys::fuzz_target;
use suit_manifest::author::{Conversion, EnvelopeBuilder, ManifestBuilder};
use suit_manifest::{
    AuthenticationPolicy, CommandKind, CommandSequence, Envelope, Error, ErrorKind, Manifest,
    Section, SectionBytes, Sign1Only, Text,
};

// The bytes as they are, and as the choices that make an envelope with true digests: the first find what a reader forgets to
// refuse, the others what stands behind it.
fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let made = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(bytes));
    if let Ok(envelope) = made {
        let view = envelope.view().expect("made by the builder");
        view.danger_unverified_manifest(&Profile::LENIENT).expect("made by the builder");
        let context = Context::new(&Accept::ALL);
        view.danger_unauthenticated_manifest(&context).expect("its digests are true");
        read(envelope.bytes());
    }
    if let Ok(manifest) = ManifestBuilder::arbitrary(&mut Unstructured::new(bytes)) {
        with_container(manifest);
    }
});

fn read(bytes: &[u8]) {
    let Some(envelope) = told(Envelope::decode(bytes, &Profile::LENIENT)) else { return };
    if let Some(parts) = told(EnvelopeBuilder::of(&envelope)) {
        let again = if envelope.is_tagged() { parts.to_bytes() } else { parts.to_untagged_bytes() };
        assert_eq!(again, bytes, "one envelope, one encoding");
    }
    for payload in envelope.integrated_payloads() {
        assert_eq!(envelope.integrated_payload(payload.uri), Some(payload.payload));
        told(Envelope::decode(payload.payload, &Profile::LENIENT));
    }
    if let Some(draft) = envelope.historic_draft() {
        assert!(draft.to_string().contains("draft"));
    }
    if let Some(manifest) = told(envelope.danger_unverified_manifest(&Profile::LENIENT)) {
        walk(&manifest);
    }
    verify(&envelope);
}

/// A number for the MUD container, which has none yet.
const MUD: i64 = 64;
const URL: &str = "https://maker.example/lamp.json";

/// A manifest with a MUD container names the key that its author named.
fn with_container(manifest: ManifestBuilder) {
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let [key, ..] = public_keys();
        let thumbprint = cose_ext::key::Thumbprint::of(&key, &Accept::ALL).expect("a public key");
        let stated = Digest::new(Algorithm::SHA256, thumbprint.as_bytes()).expect("as long");
        let manifest = manifest.mud(MUD, URL, &stated);
        let mut envelope = manifest.build(Algorithm::SHA256, &context).expect("a manifest of ours");
        let block = envelope.prepare(Sign1Builder::new(), Algorithm::ES256, &context);
        let block = block.expect("headers of ours").attach(&[0x81; 64]);
        envelope.block(block).expect("it signs this digest");
        let bytes = envelope.to_bytes();
        let envelope = Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope of ours");
        let (trust, policy) = (Trust::keys(keys), AuthenticationPolicy::ANY_BLOCK);
        let manifest = envelope.verify_with_mud::<MUD>(&trust, &policy, &context);
        let manifest = manifest.expect("its digests are true");
        let mud = envelope.mud::<MUD, _>(&manifest.by_ref(), &context).expect("a container");
        let mud = mud.expect("it is there");
        assert_eq!((mud.value().url(), mud.value().key_thumbprint()), (URL, stated));
        assert_eq!(mud.value().names_key(&key, &context), Ok(true));
        read(&bytes);
    });
}

/// A manifest that is taken apart and written again is the same.
fn remade<B: Copy>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, B>,
    context: &Context<'_>,
) {
    let Some(model) = told(ManifestBuilder::of(envelope, manifest, context)) else { return };
    let algorithm = envelope.authentication().digest().algorithm();
    let written = model.build(algorithm, context).expect("a manifest that was read");
    let bytes = written.to_bytes();
    let again = Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope of ours");
    assert_eq!(again.manifest_item().bytes(), envelope.manifest_item().bytes());
}

/// What was checked when it was read is there when it is looked at.
fn walk(manifest: &Manifest<'_>) {
    assert!(manifest.offset() <= manifest.offset() + manifest.bytes().len());
    let common = manifest.common();
    assert_eq!(common.components().iter().count(), common.components().len());
    assert_eq!(common.dependencies().iter().count(), common.dependencies().len());
    assert_eq!(common.dependencies().is_empty(), common.dependencies().len() == 0);
    told(common.check_dependencies());
    told(common.components().check_distinct());
    for (index, component) in common.components().iter().enumerate().take(16) {
        assert_eq!(common.components().at(index), Some(component));
        assert!(component.starts_with(&component) && !component.bytes().is_empty());
        assert_eq!(component.segments().count() == 0, component.to_string().is_empty());
    }
    let _ = (manifest.manifest_component_id(), manifest.set_version(), manifest.reference_uri());
    if let Some(Some(shared)) = told(common.shared_sequence(&Profile::LENIENT)) {
        sequence(&shared, 0);
    }
    for section in Section::ALL {
        assert_eq!(section.to_string(), section.name());
        assert_eq!(Section::from_label(section.label()), Some(section));
        let member = manifest.members().find(|member| member.label == section.label());
        let found = manifest.section(section).expect("its type was checked");
        assert_eq!(found.is_some(), member.is_some());
        if let Some(SectionBytes::Inline(raw)) = found
            && let Some(content) = told(Profile::DETERMINISTIC.embedded(&raw))
        {
            sequence(&content, 0);
        }
    }
    for found in [manifest.text(), manifest.coswid()] {
        if let Some(Some(SectionBytes::Inline(raw))) = told(found)
            && let Some(content) = told(Profile::DETERMINISTIC.embedded(&raw))
        {
            told(Text::read(content));
        }
    }
}

/// Commands of a sequence that nobody has checked yet.
fn sequence(item: &cose_ext::cbor::Raw<'_>, depth: usize) {
    let Some(commands) = told(CommandSequence::new(item)) else { return };
    assert!(commands.offset() >= item.offset());
    assert_eq!(commands.is_empty(), commands.len() == 0);
    for command in commands.iter().filter_map(told) {
        assert!(command.offset() < command.argument().offset());
        let Some(kind) = command.kind() else { continue };
        assert_eq!(CommandKind::new(command.code()), Some(kind));
        assert!(!kind.to_string().is_empty());
        let _ = (kind.takes_policy(), kind.is_supported(), kind.is_shared());
        if depth < 8
            && let Some(inner) = told(Profile::DETERMINISTIC.embedded(&command.argument()))
        {
            sequence(&inner, depth + 1);
        }
    }
}

/// What stands under a label is found there.
fn texts(text: &Text<'_>) {
    for language in text.languages() {
        let found = text.language(language.language()).expect("it was there");
        for label in 1..=6 {
            assert_eq!(found.text(label), language.text(label));
        }
        for component in language.components() {
            let id = component.component();
            let again = found.component(&id).expect("it was there");
            for label in 1..=6 {
                assert_eq!(again.text(label).is_some(), component.text(label).is_some());
            }
        }
    }
}

/// Reads the digest that somebody signed in place of the manifest.
fn digest<'p>(signed: Signed<'_, 'p>) -> Result<Digest<'p>, cose_ext::Error> {
    Digest::new(Algorithm::SHA256, signed.payload())
}

/// A digest that is vouched for vouches for the manifest that has it, and for no other.
fn vouched(envelope: &Envelope<'_>, keys: &dyn cose_ext::key::KeyResolver, context: &Context<'_>) {
    let manifest = envelope.manifest_item();
    let computed = context.hash(Algorithm::SHA256, &[manifest.bytes()]).expect("there is one");
    for (value, is_it) in [(computed.as_ref(), true), (&[0x5a; 32][..], false)] {
        let message = Sign1Builder::new().prepare(Algorithm::ES256, Content::Embedded(value));
        let message = message.expect("headers of ours").attach(&[0x81; 64]);
        let message = Sign1::decode(&message, &Profile::LENIENT).expect("a message of ours");
        let signed = message.verify(&Input::embedded(), keys, context).expect("all are good");
        let digest = signed.try_map(digest).expect("as long as it has to be");
        let vouched = told(envelope.vouched_by(&digest, context));
        assert!(is_it || vouched.is_none(), "another manifest");
        let intact = told(envelope.danger_unauthenticated_manifest(context));
        assert!(!is_it || vouched.is_some() == intact.is_some());
    }
}

/// What verifies under the stricter policy does under the other; sections of what verifies are those of the envelope.
fn verify(envelope: &Envelope<'_>) {
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let trust = Trust::keys(keys);
        let all = told(envelope.verify(&trust, &AuthenticationPolicy::ALL_BLOCKS, &context));
        let any = told(envelope.verify(&trust, &AuthenticationPolicy::ANY_BLOCK, &context));
        let alone = Sign1Only::new(keys);
        assert!(!format!("{alone:?}").is_empty());
        let alone = told(envelope.verify(&alone, &AuthenticationPolicy::ANY_BLOCK, &context));
        assert!(alone.is_none() || any.is_some(), "whoever takes all kinds takes this one");
        vouched(envelope, keys, &context);
        if let Some(manifest) =
            told(envelope.authenticate(&trust, &AuthenticationPolicy::ANY_BLOCK, &context))
        {
            let zeros = Digest::new(Algorithm::SHA256, &[0; 32]).expect("as long");
            let other = Digest::new(Algorithm::SHA256, &[1; 32]).expect("as long");
            let newer = Conversion::new("en").with_sequence_number(u64::MAX);
            for conversion in [Conversion::new("de"), newer.with_digest(&zeros, &other)] {
                let converted = told(conversion.convert(envelope, &manifest, &context));
                let Some(converted) = converted else { continue };
                let bytes = converted.to_bytes();
                let now = Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope of ours");
                now.danger_unverified_manifest(&Profile::LENIENT).expect("a current manifest");
            }
        }
        let policy = AuthenticationPolicy::ANY_BLOCK;
        if let Some(manifest) = told(envelope.verify_with_mud::<MUD>(&trust, &policy, &context)) {
            told(envelope.mud::<MUD, _>(&manifest.by_ref(), &context));
        }
        assert!(all.is_none() || any.is_some());
        let Some(manifest) = any else { return };
        assert!(envelope.historic_draft().is_none());
        let manifest = manifest.by_ref();
        remade(envelope, &manifest, &context);
        for section in Section::ALL {
            let found = envelope.section(&manifest, section, &context);
            let is_other = |error: &Error| matches!(error.kind(), ErrorKind::Verification(_));
            assert!(!found.as_ref().is_err_and(is_other), "its digest was checked");
            if let Some(Some(content)) = told(found) {
                sequence(content.value(), 0);
            }
        }
        if let Some(Some(text)) = told(envelope.text(&manifest, &context)) {
            texts(text.value());
        }
    });
}
