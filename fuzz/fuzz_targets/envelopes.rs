//! SUIT envelopes whose signatures are all good: what is left to refuse is the encoding, the form, and what no digest vouches
//! for.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::{Context, Profile, Trust, Verified};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use suit_manifest::author::{Conversion, EnvelopeBuilder, ManifestBuilder};
use suit_manifest::{AuthenticationPolicy, Envelope, Error, ErrorKind, Manifest, Section};

// The bytes as they are, and as the choices that make an envelope with true digests: the first find what a reader forgets to
// refuse, the others what stands behind it.
fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let made = Encoded::<Envelope<'static>>::arbitrary(&mut Unstructured::new(bytes));
    if let Ok(envelope) = made {
        let view = envelope.view().expect("made by the builder");
        view.danger_unverified_manifest(&Profile::LENIENT).expect("made by the builder");
        read(envelope.bytes());
    }
});

fn read(bytes: &[u8]) {
    let Ok(envelope) = Envelope::decode(bytes, &Profile::LENIENT) else { return };
    if let Ok(parts) = EnvelopeBuilder::of(&envelope) {
        let again = if envelope.is_tagged() { parts.to_bytes() } else { parts.to_untagged_bytes() };
        assert_eq!(again, bytes, "one envelope, one encoding");
    }
    for payload in envelope.integrated_payloads() {
        assert_eq!(envelope.integrated_payload(payload.uri), Some(payload.payload));
        let _ = Envelope::decode(payload.payload, &Profile::LENIENT);
    }
    if let Ok(manifest) = envelope.danger_unverified_manifest(&Profile::LENIENT) {
        walk(&manifest);
    }
    verify(&envelope);
}

/// A number for the MUD container, which has none yet.
const MUD: i64 = 64;

/// A manifest that is taken apart and written again is the same.
fn remade<B: Copy>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, B>,
    context: &Context<'_>,
) {
    let Ok(model) = ManifestBuilder::of(envelope, manifest, context) else { return };
    let algorithm = envelope.authentication().digest().algorithm();
    let written = model.build(algorithm, context).expect("a manifest that was read");
    let bytes = written.to_bytes();
    let again = Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope of ours");
    assert_eq!(again.manifest_item().bytes(), envelope.manifest_item().bytes());
}

/// What was checked when it was read is there when it is looked at.
fn walk(manifest: &Manifest<'_>) {
    let common = manifest.common();
    assert_eq!(common.components().iter().count(), common.components().len());
    assert_eq!(common.dependencies().iter().count(), common.dependencies().len());
    for (index, component) in common.components().iter().enumerate().take(16) {
        assert_eq!(common.components().at(index), Some(component));
        assert!(component.starts_with(&component));
    }
    for section in Section::ALL {
        let member = manifest.members().find(|member| member.label == section.label());
        let found = manifest.section(section).expect("its type was checked");
        assert_eq!(found.is_some(), member.is_some());
    }
}

/// What verifies under the stricter policy does under the other; sections of what verifies are those of the envelope.
fn verify(envelope: &Envelope<'_>) {
    let context = Context::new(&AcceptAll);
    with_keys(|keys| {
        let trust = Trust::keys(keys);
        let all = envelope.verify(&trust, &AuthenticationPolicy::ALL_BLOCKS, &context);
        let any = envelope.verify(&trust, &AuthenticationPolicy::ANY_BLOCK, &context);
        if let Ok(manifest) =
            envelope.authenticate(&trust, &AuthenticationPolicy::ANY_BLOCK, &context)
        {
            let conversion = Conversion::new("en").convert(envelope, &manifest, &context);
            if let Ok(converted) = conversion {
                let bytes = converted.to_bytes();
                let now = Envelope::decode(&bytes, &Profile::LENIENT).expect("an envelope of ours");
                now.danger_unverified_manifest(&Profile::LENIENT).expect("a current manifest");
            }
        }
        let policy = AuthenticationPolicy::ANY_BLOCK;
        if let Ok(manifest) = envelope.verify_with_mud::<MUD>(&trust, &policy, &context) {
            let _ = envelope.mud::<MUD, _>(&manifest.by_ref(), &context);
        }
        assert!(all.is_err() || any.is_ok());
        let Ok(manifest) = any else { return };
        assert!(envelope.historic_draft().is_none());
        let manifest = manifest.by_ref();
        remade(envelope, &manifest, &context);
        for section in Section::ALL {
            let found = envelope.section(&manifest, section, &context);
            let is_other = |error: &Error| matches!(error.kind(), ErrorKind::Verification(_));
            assert!(!found.is_err_and(|error| is_other(&error)), "its digest was checked");
        }
        if let Ok(Some(text)) = envelope.text(&manifest, &context) {
            for language in text.value().languages() {
                assert!(text.value().language(language.language()).is_some());
            }
        }
    });
}
