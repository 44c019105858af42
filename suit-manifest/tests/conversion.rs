//! Manifests of older drafts, written as current ones.

#[path = "support/made.rs"]
mod made;

use made::{
    array, author, block, bstr, common, component, context, digest, envelope, int, map, members,
    numbered, signed, text, verify, with, without,
};
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, ErrorKind, HistoricDraft, Limit, Rule, Section,
    Unsupported,
    author::{Conversion, EnvelopeBuilder},
    cose_ext::{
        Digest, Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        sign1::Sign1Builder,
    },
};

/// A sequence: commands and their arguments.
fn sequence(commands: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let items: Vec<_> =
        commands.iter().flat_map(|(code, argument)| [int(*code), argument.clone()]).collect();
    array(&items)
}

fn convert(conversion: &Conversion<'_>, old: &[u8]) -> Result<EnvelopeBuilder, Error> {
    let context = context();
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let old = Envelope::decode(old, &context.profile)?;
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = old.authenticate(&Trust::keys(&keys), &policy, &context)?;
    conversion.convert(&old, &manifest, &context)
}

fn signed_anew(mut builder: EnvelopeBuilder) -> Vec<u8> {
    builder.sign(Sign1Builder::new(), &author(), &context()).unwrap();
    builder.to_bytes()
}

/// `old` is not read as a current manifest; converted and signed, it is `new`.
#[track_caller]
fn becomes(old: &[u8], new: &[u8]) {
    assert!(verify(old).is_err());
    let converted = convert(&Conversion::new("en"), old).unwrap();
    assert_eq!(signed_anew(converted), new);
    assert_eq!(verify(new), Ok(7));
}

#[test]
fn install_moves_from_17_to_20() {
    let install = bstr(&sequence(&[(20, numbered(&[(21, text("#image"))])), (21, int(2))]));
    let manifest = |label| with(members(), label, install.clone());
    becomes(&envelope(&signed(&manifest(17))), &envelope(&signed(&manifest(20))));
}

#[test]
fn a_severed_install_moves_in_both_places() {
    let install = bstr(&sequence(&[(21, int(2))]));
    let severed = |label: i64| {
        with(signed(&with(members(), label, digest(&install))), label, install.clone())
    };
    becomes(&envelope(&severed(17)), &envelope(&severed(20)));
    // Of one that is not there nobody knows whether it has to be changed.
    let cut = envelope(&without(severed(17), 17));
    let error = convert(&Conversion::new("en"), &cut).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported(Unsupported::SeveredAbsent(17)));
    let another = envelope(&with(severed(17), 17, bstr(&sequence(&[(22, int(2))]))));
    let error = convert(&Conversion::new("en"), &another).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::SeveredDigest.to_ref()));
}

#[test]
fn parameters_change_their_numbers_wherever_they_are_set() {
    let encrypt = bstr(&[0xd8, 0x60, 0x84]);
    let old = [(14, int(3)), (16, bstr(b"args")), (18, encrypt.clone())];
    let new = [(14, int(3)), (19, encrypt), (25, bstr(b"args"))];
    let nested = |parameters: &[(i64, Vec<u8>)]| {
        let inner = bstr(&sequence(&[(19, numbered(parameters))]));
        let tried = array(&[inner.clone(), bstr(&sequence(&[])), vec![0xf6]]);
        bstr(&sequence(&[(32, inner), (15, tried), (20, numbered(parameters))]))
    };
    let before = with(members(), 17, nested(&old));
    let after = with(members(), 20, nested(&new));
    becomes(&envelope(&signed(&before)), &envelope(&signed(&after)));
    // Content that is no COSE_Encrypt is content.
    let content = [(18, bstr(b"content"))];
    let manifest = |label| with(members(), label, nested(&content));
    becomes(&envelope(&signed(&manifest(17))), &envelope(&signed(&manifest(20))));
    let twice = with(members(), 17, nested(&[(16, bstr(b"a")), (25, bstr(b"b"))]));
    let error = convert(&Conversion::new("en"), &envelope(&signed(&twice))).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ParameterForm.to_ref()));
}

#[test]
fn the_shared_sequence_is_converted_too() {
    let manifest = |parameter: i64, label: i64| {
        let shared = sequence(&[(12, int(0)), (20, numbered(&[(parameter, bstr(b"args"))]))]);
        let common = with(common(), 4, bstr(&shared));
        let manifest = with(members(), 3, bstr(&numbered(&common)));
        with(manifest, label, bstr(&sequence(&[(21, int(2))])))
    };
    becomes(&envelope(&signed(&manifest(16, 17))), &envelope(&signed(&manifest(25, 20))));
}

#[test]
fn texts_get_their_language() {
    let texts =
        map(&[(int(1), text("a lamp")), (component(b"app"), numbered(&[(1, text("Maker"))]))]);
    let manifest = |text: Vec<u8>, label: i64| {
        with(with(members(), 23, bstr(&text)), label, bstr(&sequence(&[(21, int(2))])))
    };
    let by_language = map(&[(text("en"), texts.clone())]);
    let new = envelope(&signed(&manifest(by_language.clone(), 20)));
    becomes(&envelope(&signed(&manifest(texts, 17))), &new);
    becomes(&envelope(&signed(&manifest(by_language, 17))), &new);
}

#[test]
fn a_delegation_chain_is_left_out() {
    let manifest = signed(&members());
    let old = envelope(&with(manifest.clone(), 1, bstr(&array(&[]))));
    becomes(&old, &envelope(&manifest));
}

#[test]
fn numbers_and_digests_are_replaced_where_it_is_asked_for() {
    let sha256 = |bytes: &[u8]| context().hash(Algorithm::SHA256, &[bytes]).unwrap();
    let (old_hash, new_hash) = (sha256(b"old"), sha256(b"new"));
    let manifest = |image: &[u8], label: i64| {
        let parameters = numbered(&[(3, bstr(&digest(image))), (21, text("#dependency"))]);
        with(members(), label, bstr(&sequence(&[(20, parameters)])))
    };
    let conversion = Conversion::new("en").with_sequence_number(8).with_digest(
        &Digest::new(Algorithm::SHA256, old_hash.as_ref()).unwrap(),
        &Digest::new(Algorithm::SHA256, new_hash.as_ref()).unwrap(),
    );
    let converted = convert(&conversion, &envelope(&signed(&manifest(b"old", 17)))).unwrap();
    let expected = with(manifest(b"new", 20), 2, int(8));
    assert_eq!(signed_anew(converted), envelope(&signed(&expected)));
}

#[test]
fn what_stands_beside_the_manifest_stays() {
    let manifest = with(members(), 17, bstr(&sequence(&[(21, int(2))])));
    let bytes = bstr(&numbered(&manifest));
    let stated = digest(&bytes);
    let wrapper = made::wrapper(&stated, &[block(&stated, &author())]);
    let old = map(&[(int(2), wrapper), (int(3), bytes), (text("#image"), bstr(b"payload"))]);
    let converted = signed_anew(convert(&Conversion::new("en"), &old).unwrap());
    let envelope = Envelope::decode(&converted, &context().profile).unwrap();
    assert_eq!(envelope.integrated_payload("#image"), Some(&b"payload"[..]));
}

/// A current manifest is written as it was: nothing in it has another number.
#[test]
fn a_current_manifest_stays_what_it_is() {
    let install = bstr(&sequence(&[(20, numbered(&[(25, bstr(b"args"))])), (21, int(2))]));
    let current = envelope(&signed(&with(members(), 20, install)));
    let converted = convert(&Conversion::new("en"), &current).unwrap();
    assert_eq!(signed_anew(converted), current);
}

#[test]
fn what_is_older_still_is_refused_by_the_name_of_its_draft() {
    for (label, value) in
        [(10, bstr(&sequence(&[]))), (12, bstr(&sequence(&[]))), (9, digest(b"severed install"))]
    {
        let old = envelope(&signed(&with(members(), label, value)));
        let error = convert(&Conversion::new("en"), &old).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Historic(HistoricDraft::UpTo16), "{label}");
    }
    let unknown = envelope(&signed(&with(members(), 40, int(0))));
    let error = convert(&Conversion::new("en"), &unknown).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ManifestMember.to_ref()));
    let command = bstr(&sequence(&[(99, int(0))]));
    let unknown = envelope(&signed(&with(members(), 17, command)));
    let error = convert(&Conversion::new("en"), &unknown).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::CommandKnown.to_ref()));
}

#[test]
fn depth_is_bounded() {
    let mut inner = sequence(&[(21, int(2))]);
    for _ in 0..9 {
        inner = sequence(&[(32, bstr(&inner))]);
    }
    let deep = envelope(&signed(&with(members(), 17, bstr(&inner))));
    let error = convert(&Conversion::new("en"), &deep).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit(Limit::Depth));
}

/// Both members cannot be one.
#[test]
fn a_manifest_of_two_drafts_is_refused() {
    let install = bstr(&sequence(&[(21, int(2))]));
    let both = with(with(members(), 17, install.clone()), 20, install);
    let error = convert(&Conversion::new("en"), &envelope(&signed(&both))).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ManifestMember.to_ref()));
    assert_eq!(Section::Install.label(), 20);
}
