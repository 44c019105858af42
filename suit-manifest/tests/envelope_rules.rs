//! The rules of envelope and authentication, each broken.

#[path = "support/made.rs"]
mod made;

use made::*;
use suit_manifest::{
    AuthenticationPolicy, Envelope, ErrorKind, Fact, HistoricDraft, Rule, Section, Unsupported,
    Verdict,
    cose_ext::{
        Content, Profile, Trust, cbor,
        crypto::Signer,
        error::ErrorKind as CoseErrorKind,
        key::{TrustStore, TrustedKey},
        sign::{SignBuilder, SignPolicy, SignatureBuilder},
        sign1::Sign1Builder,
    },
};

fn fact_of(bytes: &[u8]) -> Fact {
    match verify(bytes).unwrap_err().kind() {
        ErrorKind::Malformed { fact, .. } => fact,
        other => panic!("{other:?}"),
    }
}

#[test]
fn u1_an_envelope_is_a_map_with_tag_107_or_none() {
    let members = signed(&members());
    accepted(&envelope(&members));
    accepted(&numbered(&members));
    let map = numbered(&members);
    let tagged = encode(|w| {
        w.tag(1070).encoded(&map);
    });
    refused_by(Rule::EnvelopeForm, &tagged);
    refused_by(Rule::EnvelopeForm, &array(&[map]));
    refused_by(Rule::EnvelopeForm, &envelope(&with(members, 20, int(1))));
}

#[test]
fn u2_a_member_that_is_not_known_is_named() {
    for label in [4, 99, -1] {
        let bytes = envelope(&with(signed(&members()), label, bstr(b"")));
        refused_by(Rule::EnvelopeMember, &bytes);
        assert_eq!(fact_of(&bytes), Fact::Label(label));
    }
    let payload = [(int(2), signed(&members())[0].1.clone()), (bstr(b"x"), bstr(b""))];
    refused_by(Rule::EnvelopeMember, &map(&payload));
}

#[test]
fn u3_an_envelope_without_wrapper_is_refused() {
    refused_by(Rule::WrapperPresent, &envelope(&without(signed(&members()), 2)));
}

#[test]
fn u4_an_envelope_without_manifest_is_refused() {
    refused_by(Rule::ManifestPresent, &envelope(&without(signed(&members()), 3)));
    let bare = with(signed(&members()), 3, numbered(&members()));
    refused_by(Rule::ManifestPresent, &envelope(&bare));
}

#[test]
fn u5_the_wrapper_stands_before_the_manifest() {
    let mut members = signed(&members());
    members.reverse();
    refused_by(Rule::WrapperFirst, &envelope(&members));
}

#[test]
fn u6_the_wrapper_holds_a_digest_and_byte_strings() {
    let with_wrapper = |wrapper| envelope(&with(signed(&members()), 2, wrapper));
    refused_by(Rule::WrapperForm, &with_wrapper(int(1)));
    refused_by(Rule::WrapperForm, &with_wrapper(bstr(&array(&[]))));
    refused_by(Rule::WrapperForm, &with_wrapper(bstr(&array(&[digest(b"")]))));
    refused_by(Rule::WrapperForm, &with_wrapper(bstr(&array(&[bstr(&digest(b"")), int(1)]))));
}

/// An envelope whose wrapper holds `blocks` over the right digest.
fn with_blocks(blocks: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> Vec<u8> {
    let members = signed(&members());
    let digest = digest(&members[1].1);
    let wrapper = wrapper(&digest, &blocks(&digest));
    envelope(&with(members, 2, wrapper))
}

#[test]
fn u7_a_digest_alone_authenticates_nothing() {
    refused_by(Rule::BlockPresent, &with_blocks(|_| vec![]));
}

#[test]
fn u8_every_block_is_a_tagged_message() {
    let untagged = |digest: &[u8]| block(digest, &author())[1..].to_vec();
    refused_by(Rule::BlockForm, &with_blocks(|digest| vec![untagged(digest)]));
    // After a good block too.
    let good = |digest: &[u8]| block(digest, &author());
    refused_by(Rule::BlockForm, &with_blocks(|digest| vec![good(digest), vec![]]));
    refused_by(Rule::BlockForm, &with_blocks(|digest| vec![good(digest), int(1)]));
    refused_by(Rule::BlockForm, &with_blocks(|digest| vec![good(digest), untagged(digest)]));
}

#[test]
fn u9_a_block_does_not_carry_the_digest() {
    let embedded = |digest: &[u8]| {
        vec![Sign1Builder::new().sign(Content::Embedded(digest), &author()).unwrap()]
    };
    refused_by(Rule::BlockDetached, &with_blocks(embedded));
}

#[test]
fn u10_a_digest_is_an_algorithm_and_as_many_bytes() {
    let value = bstr(&[0; 32]);
    let with_digest = |items: &[Vec<u8>]| {
        let digest = array(items);
        let wrapper = wrapper(&digest, &[block(&digest, &author())]);
        envelope(&with(signed(&members()), 2, wrapper))
    };
    for items in [
        &[int(-16)][..],
        &[text("sha-256"), value.clone()],
        &[int(-16), int(1)],
        &[int(-16), bstr(&[0; 31])],
        &[int(-43), value.clone()],
    ] {
        refused_by(Rule::DigestForm, &with_digest(items));
    }
    let kind = |items: &[Vec<u8>]| verify(&with_digest(items)).unwrap_err().kind();
    // A192GCM is no hash, and 64-bit SHA-256 may only filter.
    for algorithm in [-7, 99] {
        let unknown = ErrorKind::Unsupported(Unsupported::DigestAlgorithm);
        assert_eq!(kind(&[int(algorithm), value.clone()]), unknown);
    }
    let extended = ErrorKind::Unsupported(Unsupported::DigestExtension);
    assert_eq!(kind(&[int(-16), value.clone(), int(0)]), extended);
}

#[test]
fn u11_the_digest_covers_the_manifest_with_its_head() {
    let members = members();
    let envelope_over = |digest: &[u8]| {
        let wrapper = wrapper(digest, &[block(digest, &author())]);
        envelope(&with(signed(&members), 2, wrapper))
    };
    let content = numbered(&members);
    accepted(&envelope_over(&digest(&bstr(&content))));
    refused_by(Rule::ManifestDigest, &envelope_over(&digest(&content)));
    refused_by(Rule::ManifestDigest, &envelope_over(&digest(b"another")));
}

fn two_keys() -> Vec<u8> {
    with_blocks(|digest| vec![block(digest, &author()), block(digest, &second())])
}

fn at_least(keys: usize) -> AuthenticationPolicy<'static> {
    AuthenticationPolicy { blocks: SignPolicy::AtLeast(keys), ..AuthenticationPolicy::ANY_BLOCK }
}

#[test]
fn u12_as_many_blocks_verify_as_the_policy_asks_for() {
    assert_eq!(verify_under(&two_keys(), &at_least(2)), Ok(7));
    assert_eq!(verify_under(&two_keys(), &AuthenticationPolicy::ALL_BLOCKS), Ok(7));
    let too_few = |bytes: &[u8], policy: &AuthenticationPolicy<'_>| {
        let error = verify_under(bytes, policy).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Policy(Rule::BlockVerifies), "{error}");
        assert_eq!(error.verdict(), Verdict::RefusedByPolicy);
    };
    too_few(&two_keys(), &at_least(3));
    // One key counts once.
    let one_key = with_blocks(|digest| vec![block(digest, &author()), block(digest, &author())]);
    too_few(&one_key, &at_least(2));
    let stranger =
        suit_manifest::cose_ext::rustcrypto::Ed25519SigningKey::from_bytes(&[9; 32]).unwrap();
    let beside = with_blocks(|digest| vec![block(digest, &stranger), block(digest, &author())]);
    accepted(&beside);
    too_few(&beside, &at_least(2));
    let error = verify_under(&beside, &AuthenticationPolicy::ALL_BLOCKS).unwrap_err();
    assert_eq!(error.verdict(), Verdict::CannotEvaluate, "{error}");
}

#[test]
fn u12_these_keys_and_no_others() {
    let second_key = second().public_key();
    let identity = TrustedKey::new(&second_key, &context()).unwrap().identity();
    let these = [identity];
    let policy = AuthenticationPolicy {
        blocks: SignPolicy::Keys(&these),
        ..AuthenticationPolicy::ANY_BLOCK
    };
    assert_eq!(verify_under(&two_keys(), &policy), Ok(7));
    let error = verify_under(&envelope(&signed(&members())), &policy).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::BlockVerifies.to_ref()));
}

#[test]
fn u12_every_signature_of_a_block_by_default() {
    let many = |signers: Vec<&dyn Signer>| {
        with_blocks(|digest| {
            let mut signing = SignBuilder::new().prepare(Content::Detached(digest)).unwrap();
            for signer in &signers {
                signing.sign(SignatureBuilder::new(), *signer).unwrap();
            }
            vec![signing.finish().unwrap()]
        })
    };
    let stranger =
        suit_manifest::cose_ext::rustcrypto::Ed25519SigningKey::from_bytes(&[9; 32]).unwrap();
    assert_eq!(verify_under(&many(vec![&author(), &second()]), &at_least(2)), Ok(7));
    let with_stranger = many(vec![&author(), &stranger]);
    assert!(verify(&with_stranger).is_err());
    let any =
        AuthenticationPolicy { blocks: SignPolicy::AtLeast(1), signers: SignPolicy::AtLeast(1) };
    assert_eq!(verify_under(&with_stranger, &any), Ok(7));
}

/// An envelope of a manifest that states a digest of `install`, with `member` in its place.
fn severed(install: &[u8], member: Option<Vec<u8>>) -> Vec<u8> {
    let manifest = with(members(), 20, digest(install));
    let envelope_members = signed(&manifest);
    envelope(&match member {
        Some(member) => with(envelope_members, 20, member),
        None => envelope_members,
    })
}

#[test]
fn u13_a_severed_member_has_the_digest_that_is_stated() {
    let install = bstr(&array(&[int(3), int(15)]));
    accepted(&severed(&install, Some(install.clone())));
    accepted(&severed(&install, None));
    refused_by(Rule::SeveredDigest, &severed(&install, Some(bstr(&array(&[int(3), int(14)])))));
    // The digest decides before the first byte is read: this is no CBOR at all.
    refused_by(Rule::SeveredDigest, &severed(&install, Some(bstr(&[0xff]))));
}

#[test]
fn u14_a_severed_member_without_digest_is_refused() {
    let install = bstr(&array(&[int(3), int(15)]));
    refused_by(Rule::SeveredStated, &envelope(&with(signed(&members()), 20, install.clone())));
    let inline = with(members(), 20, install.clone());
    refused_by(Rule::SeveredStated, &envelope(&with(signed(&inline), 20, install)));
}

#[test]
fn a_section_comes_from_manifest_or_envelope_or_is_missed() {
    let install = bstr(&array(&[int(3), int(15)]));
    let author = author().public_key();
    let context = context();
    let keys = [TrustedKey::new(&author, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let content = |bytes: &[u8], section| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
        let content = envelope.section(&manifest.by_ref(), section, &context);
        content.map(|content| content.map(|content| content.value().bytes().to_vec()))
    };
    let present = severed(&install, Some(install.clone()));
    assert_eq!(content(&present, Section::Install), Ok(Some(install[1..].to_vec())));
    assert_eq!(content(&present, Section::Validate), Ok(Some(array(&[int(3), int(15)]))));
    assert_eq!(content(&present, Section::Invoke), Ok(None));
    let absent = content(&severed(&install, None), Section::Install).unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::Unsupported(Unsupported::SeveredAbsent(20)));
}

#[test]
fn u27_older_drafts_are_named() {
    let draft = |bytes: &[u8]| match verify(bytes).unwrap_err().kind() {
        ErrorKind::Historic(draft) => draft,
        other => panic!("{other:?}"),
    };
    let in_manifest = |label| draft(&envelope(&signed(&with(members(), label, bstr(&[0x80])))));
    for label in 10..=13 {
        assert_eq!(in_manifest(label), HistoricDraft::UpTo16);
    }
    assert_eq!(in_manifest(17), HistoricDraft::From17To27);
    // Install of drafts up to -16, severed; invoke today, which cannot be.
    let severed = with(members(), 9, digest(b""));
    assert_eq!(draft(&envelope(&signed(&severed))), HistoricDraft::UpTo16);
    let in_envelope = |label| draft(&envelope(&with(signed(&members()), label, bstr(&[0x80]))));
    assert_eq!(in_envelope(1), HistoricDraft::Delegation);
    assert_eq!(in_envelope(13), HistoricDraft::UpTo16);
    assert_eq!(in_envelope(17), HistoricDraft::From17To27);
    for algorithm in 1..=5 {
        let digest = array(&[int(algorithm), bstr(&[0; 32])]);
        let wrapper = wrapper(&digest, &[block(&digest, &author())]);
        let bytes = envelope(&with(signed(&members()), 2, wrapper));
        assert_eq!(draft(&bytes), HistoricDraft::UpTo12);
    }
}

fn cbor_kind(bytes: &[u8]) -> cbor::ErrorKind {
    match verify(bytes).unwrap_err().kind() {
        ErrorKind::Cose(CoseErrorKind::Cbor(kind)) => kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn u28_what_is_not_deterministic_is_refused() {
    let mut unordered = signed(&with(members(), 20, digest(b"")));
    unordered.insert(0, (20, bstr(b"")));
    assert_eq!(cbor_kind(&envelope(&unordered)), cbor::ErrorKind::KeyOrder);
    refused_by(Rule::Deterministic, &envelope(&unordered));
    let mut unordered = members();
    unordered.swap(0, 1);
    assert_eq!(cbor_kind(&envelope(&signed(&unordered))), cbor::ErrorKind::KeyOrder);
    let long = with(members(), 2, vec![0x18, 0x07]);
    assert_eq!(cbor_kind(&envelope(&signed(&long))), cbor::ErrorKind::NotPreferred);
    let indefinite = with(common(), 2, [&[0x9f][..], &component(b"app"), &[0xff]].concat());
    let indefinite = with(members(), 3, bstr(&numbered(&indefinite)));
    assert_eq!(cbor_kind(&envelope(&signed(&indefinite))), cbor::ErrorKind::IndefiniteLength);
}

#[test]
fn trailing_bytes_and_duplicate_keys_are_told_apart() {
    let good = envelope(&signed(&members()));
    assert_eq!(cbor_kind(&[&good[..], &[0]].concat()), cbor::ErrorKind::TrailingBytes);
    let content = [&numbered(&members())[..], &[0]].concat();
    let digest = digest(&bstr(&content));
    let trailing = vec![(2, wrapper(&digest, &[block(&digest, &author())])), (3, bstr(&content))];
    assert_eq!(cbor_kind(&envelope(&trailing)), cbor::ErrorKind::TrailingBytes);
    let mut twice = members();
    twice.insert(2, (2, int(8)));
    assert_eq!(cbor_kind(&envelope(&signed(&twice))), cbor::ErrorKind::DuplicateKey);
    let mut twice = signed(&members());
    twice.push((3, bstr(b"")));
    assert_eq!(cbor_kind(&envelope(&twice)), cbor::ErrorKind::DuplicateKey);
}

#[test]
fn digests_are_checked_where_nobody_authenticates() {
    let context = context();
    let read = |bytes: &[u8]| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).unwrap();
        envelope
            .danger_unauthenticated_manifest(&context)
            .map(|manifest| manifest.sequence_number())
    };
    let refused = |rule, bytes: &[u8]| {
        assert_eq!(read(bytes).unwrap_err().kind(), ErrorKind::Verification(rule));
    };
    // Nobody signs, and the digest is right.
    let content = numbered(&members());
    let unsigned =
        |digest: Vec<u8>| envelope(&vec![(2, bstr(&array(&[bstr(&digest)]))), (3, bstr(&content))]);
    assert_eq!(read(&unsigned(digest(&bstr(&content)))), Ok(7));
    refused(Rule::ManifestDigest, &unsigned(digest(b"another")));
    // A severed member has the digest that the manifest states, and is stated there.
    let install = bstr(&array(&[int(3), int(15)]));
    assert!(read(&severed(&install, Some(install.clone()))).is_ok());
    refused(Rule::SeveredDigest, &severed(&install, Some(bstr(&array(&[int(3), int(14)])))));
    refused(Rule::SeveredStated, &envelope(&with(signed(&members()), 20, install)));
}
