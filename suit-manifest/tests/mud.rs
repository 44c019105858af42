//! The MUD container: carried, validated, and a stranger where nobody gives its number.

#[path = "support/made.rs"]
mod made;

use made::{
    array, author, bstr, context, digest, encode, envelope, int, map, members, second, signed,
    text, verify, with,
};
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, Rule, Section,
    author::{ManifestBuilder, RECORD_ALL, Sequence},
    cose_ext::{
        Digest, Trust,
        crypto::Algorithm,
        key::{Thumbprint, TrustStore, TrustedKey},
        rustcrypto::RustCrypto,
        sign1::Sign1Builder,
    },
    label::condition,
};

/// A number that a deployment chose until one is assigned.
const MUD: i64 = -260;
const URL: &str = "https://maker.example/lamp.json";

fn tagged(url: &str) -> Vec<u8> {
    let url = text(url);
    encode(|w| {
        w.tag(32).encoded(&url);
    })
}

/// What the container under [`MUD`] says: its URL, and whether the key of the author signs the file.
fn read(bytes: &[u8]) -> Result<Option<(String, bool)>, Error> {
    let context = context();
    let key = author().public_key();
    let keys = [TrustedKey::new(&key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(bytes, &context.profile)?;
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify_with_mud::<MUD>(&Trust::keys(&keys), &policy, &context)?;
    let Some(mud) = envelope.mud::<MUD, _>(&manifest.by_ref(), &context)? else { return Ok(None) };
    let mud = mud.value();
    Ok(Some((mud.url().to_owned(), mud.names_key(&key.as_public_key(), &context)?)))
}

fn carrying(container: &[u8]) -> Vec<u8> {
    envelope(&signed(&with(members(), MUD, bstr(container))))
}

#[test]
fn what_an_author_writes_is_read() {
    let context = context();
    let validate = Sequence::new().command(condition::IMAGE_MATCH, RECORD_ALL);
    for (key, is_it) in [
        (author().public_key().as_public_key(), true),
        (second().public_key().as_public_key(), false),
    ] {
        let thumbprint = Thumbprint::of(&key, &RustCrypto).unwrap();
        let ski = Digest::new(Algorithm::SHA256, thumbprint.as_bytes()).unwrap();
        let manifest = ManifestBuilder::new(7)
            .component(&[b"app"])
            .section(Section::Validate, validate.clone())
            .mud(MUD, URL, &ski);
        let mut envelope = manifest.build(Algorithm::SHA256, &context).unwrap();
        envelope.sign(Sign1Builder::new(), &author(), &context).unwrap();
        assert_eq!(read(&envelope.to_bytes()).unwrap(), Some((URL.to_owned(), is_it)));
    }
}

#[test]
fn a_manifest_without_it_has_none() {
    assert_eq!(read(&envelope(&signed(&members()))).unwrap(), None);
}

#[test]
fn without_its_number_it_is_an_unknown_member() {
    let container = map(&[(int(1), tagged(URL)), (int(2), digest(b"key"))]);
    let bytes = carrying(&container);
    assert!(read(&bytes).unwrap().is_some());
    let error = verify(&bytes).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::ManifestMember.to_ref()));
}

#[test]
fn u30_a_container_is_an_https_url_and_a_thumbprint() {
    let (url, ski) = ((int(1), tagged(URL)), (int(2), digest(b"key")));
    let broken = [
        ("no container", array(&[tagged(URL), digest(b"key")])),
        ("no URL", map(std::slice::from_ref(&ski))),
        ("no thumbprint", map(std::slice::from_ref(&url))),
        ("another member", map(&[url.clone(), ski.clone(), (int(3), int(0))])),
        ("no tag", map(&[(int(1), text(URL)), ski.clone()])),
        (
            "another tag",
            map(&[
                (
                    int(1),
                    encode(|w| {
                        w.tag(1).int(5);
                    }),
                ),
                ski.clone(),
            ]),
        ),
        ("another scheme", map(&[(int(1), tagged("http://maker.example")), ski.clone()])),
        ("nothing behind the scheme", map(&[(int(1), tagged("https://")), ski.clone()])),
        (
            "no text",
            map(&[
                (
                    int(1),
                    encode(|w| {
                        w.tag(32).int(5);
                    }),
                ),
                ski,
            ]),
        ),
    ];
    for (what, container) in broken {
        let error = read(&carrying(&container)).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::MudForm.to_ref()), "{what}: {error}");
    }
    let truncated = array(&[int(-16), bstr(&[0; 31])]);
    let error = read(&carrying(&map(&[url, (int(2), truncated)]))).unwrap_err();
    assert_eq!(error.rule(), Some(Rule::DigestForm.to_ref()));
}
