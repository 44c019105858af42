//! The rules of the manifest and its members, each broken in a manifest that is signed.

#[path = "support/made.rs"]
mod made;

use made::*;
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, ErrorKind, Fact, Rule, Unsupported,
    cose_ext::{
        Profile, Trust,
        key::{TrustStore, TrustedKey},
    },
    label,
};

fn manifest(members: &Members) -> Vec<u8> {
    envelope(&signed(members))
}

fn in_common(members_of_common: &Members) -> Vec<u8> {
    manifest(&with(members(), 3, bstr(&numbered(members_of_common))))
}

/// The result of `read`ing what `bytes` hold, unverified.
fn read<T>(
    bytes: &[u8],
    read: impl FnOnce(suit_manifest::Manifest<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let envelope = Envelope::decode(bytes, &Profile::LENIENT)?;
    read(envelope.danger_unverified_manifest(&Profile::LENIENT)?)
}

#[test]
fn u15_members_have_their_types() {
    for (label, value) in [
        (2, int(-1)),
        (4, bstr(b"https://example.com")),
        (6, int(1)),
        (7, array(&[int(3), int(15)])),
        (16, text("fetch")),
        (24, digest(b"")),
    ] {
        let bytes = manifest(&with(members(), label, value));
        let error = verify(&bytes).unwrap_err();
        // A digest cannot stand for validate today; an older draft had one under its number.
        let rule = if label == 7 { Rule::HistoricDraft } else { Rule::ManifestForm };
        assert_eq!(error.rule(), Some(rule.to_ref()), "{label}: {error}");
    }
    let not_a_map = bstr(&array(&[]));
    let digest = digest(&not_a_map);
    let members = vec![(2, wrapper(&digest, &[block(&digest, &author())])), (3, not_a_map)];
    refused_by(Rule::ManifestForm, &envelope(&members));
}

#[test]
fn u16_a_member_that_is_not_known_is_named() {
    for label in [19, 21, 25, 99, -1] {
        let error = verify(&manifest(&with(members(), label, bstr(b"")))).unwrap_err();
        let rule = Rule::ManifestMember;
        assert_eq!(error.kind(), ErrorKind::Malformed { rule, fact: Fact::Label(label) });
    }
}

#[test]
fn u17_another_version_is_refused() {
    for version in [0, 2, 255] {
        refused_by(Rule::ManifestVersion, &manifest(&with(members(), 1, int(version))));
    }
}

#[test]
fn u18_version_number_and_common_are_there() {
    for label in 1..=3 {
        refused_by(Rule::ManifestComplete, &manifest(&without(members(), label)));
    }
}

#[test]
fn u19_the_common_member_has_components_and_their_types() {
    refused_by(Rule::CommonForm, &in_common(&without(common(), 2)));
    refused_by(Rule::CommonForm, &in_common(&with(common(), 2, array(&[]))));
    refused_by(Rule::CommonForm, &in_common(&with(common(), 4, array(&[]))));
    refused_by(Rule::CommonForm, &manifest(&with(members(), 3, numbered(&common()))));
}

#[test]
fn u20_a_common_member_that_is_not_known_is_named() {
    for label in [3, 5, -1] {
        let error = verify(&in_common(&with(common(), label, bstr(b"")))).unwrap_err();
        let rule = Rule::CommonMember;
        assert_eq!(error.kind(), ErrorKind::Malformed { rule, fact: Fact::Label(label) });
    }
}

#[test]
fn u21_component_identifiers_are_paths_of_byte_strings() {
    for id in [text("app"), array(&[text("app")]), bstr(b"app")] {
        refused_by(
            Rule::ComponentIdForm,
            &in_common(&with(common(), 2, array(std::slice::from_ref(&id)))),
        );
        refused_by(Rule::ComponentIdForm, &manifest(&with(members(), 5, id)));
    }
    // The text of the specification allows the empty path.
    accepted(&in_common(&with(common(), 2, array(&[array(&[])]))));
}

#[test]
fn u22_a_component_stands_in_the_list_once() {
    let listed = |ids: &[Vec<u8>]| {
        let bytes = in_common(&with(common(), 2, array(ids)));
        read(&bytes, |manifest| manifest.common().components().check_distinct())
    };
    assert_eq!(listed(&[component(b"a"), component(b"b")]), Ok(()));
    let error = listed(&[component(b"a"), component(b"b"), component(b"a")]).unwrap_err();
    let rule = Rule::ComponentIdOnce;
    assert_eq!(error.kind(), ErrorKind::Malformed { rule, fact: Fact::Count(2) });
}

fn with_dependencies(dependencies: Vec<u8>) -> Vec<u8> {
    in_common(&with(common(), 1, dependencies))
}

#[test]
fn u23_dependencies_map_indices_to_prefixes() {
    accepted(&with_dependencies(numbered(&[(0, numbered(&[]))])));
    accepted(&with_dependencies(numbered(&[(0, numbered(&[(1, component(b"p"))]))])));
    for dependencies in [
        array(&[int(0)]),
        numbered(&[]),
        numbered(&[(-1, numbered(&[]))]),
        numbered(&[(0, array(&[]))]),
        map(&[(text("0"), numbered(&[]))]),
    ] {
        refused_by(Rule::DependencyForm, &with_dependencies(dependencies));
    }
    let more = numbered(&[(0, numbered(&[(2, int(0))]))]);
    let error = verify(&with_dependencies(more)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported(Unsupported::Member(2)));
}

#[test]
fn u24_a_dependency_is_a_component() {
    let check = |index| {
        let bytes = with_dependencies(numbered(&[(index, numbered(&[]))]));
        // Reading accepts it, since the examples of the drafts have it so.
        accepted(&bytes);
        read(&bytes, |manifest| manifest.common().check_dependencies())
    };
    assert_eq!(check(0), Ok(()));
    let error = check(1).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::DependencyListed.to_ref()));
}

fn verify_text(text: Vec<u8>) -> Result<Option<String>, Error> {
    let author = author().public_key();
    let context = context();
    let keys = [TrustedKey::new(&author, &context)?];
    let keys = TrustStore::new(&keys);
    let bytes = manifest(&with(members(), 23, bstr(&text)));
    let envelope = Envelope::decode(&bytes, &Profile::LENIENT)?;
    let manifest =
        envelope.verify(&Trust::keys(&keys), &AuthenticationPolicy::ANY_BLOCK, &context)?;
    let text = envelope.text(&manifest.by_ref(), &context)?;
    let english = text.and_then(|text| text.value().language("en"));
    Ok(english.and_then(|texts| {
        let component = manifest.value().common().components().at(0)?;
        let name = texts.component(&component)?.text(label::text::VENDOR_NAME)?;
        Some(format!("{} by {name}", texts.text(label::text::MANIFEST_DESCRIPTION)?))
    }))
}

fn described(id: Vec<u8>) -> Vec<u8> {
    map(&[(int(1), text("pump")), (id, numbered(&[(1, text("Vendor"))]))])
}

#[test]
fn u25_texts_stand_by_language() {
    let german = || map(&[(int(1), text("Pumpe"))]);
    let texts = map(&[(text("de"), german()), (text("en-US"), described(component(b"app")))]);
    assert_eq!(verify_text(texts), Ok(Some("pump by Vendor".into())));
    assert_eq!(verify_text(map(&[(text("de"), german())])), Ok(None));
    for broken in [
        numbered(&[]),
        // Without the layer of languages, as drafts before 2023-10 had it.
        german(),
        map(&[(text(""), german())]),
        map(&[(text("e1"), german())]),
        map(&[(text("en-"), german())]),
        map(&[(text("en"), map(&[(int(1), int(1))]))]),
        map(&[(text("en"), map(&[(text("1"), text(""))]))]),
        map(&[(text("en"), map(&[(component(b"app"), text(""))]))]),
    ] {
        let error = verify_text(broken).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::TextForm.to_ref()), "{error}");
    }
}

#[test]
fn u26_the_text_describes_components_that_are_listed() {
    let error = verify_text(map(&[(text("en"), described(component(b"other")))])).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::TextComponent.to_ref()));
}

#[test]
fn what_a_manifest_says() {
    let more = with(members(), 4, text("https://example.com/1"));
    let more = with(more, 5, component(b"manifest"));
    read(&manifest(&more), |manifest| {
        assert_eq!(manifest.sequence_number(), 7);
        assert_eq!(manifest.reference_uri(), Some("https://example.com/1"));
        let id = manifest.manifest_component_id().unwrap();
        assert_eq!(id.segments().collect::<Vec<_>>(), [b"manifest"]);
        assert_eq!(id.to_string(), hex::encode("manifest"));
        assert_eq!(manifest.common().components().len(), 1);
        assert_eq!(manifest.members().map(|it| it.label).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 7]);
        assert!(manifest.common().dependencies().is_empty());
        Ok(())
    })
    .unwrap();
}
