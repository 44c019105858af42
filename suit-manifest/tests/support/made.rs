//! Envelopes put together by hand, right ones and broken ones.

#![allow(dead_code)] // Each test file uses its part.

use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, Rule,
    cose_ext::{
        Content, Context, Profile, Trust,
        cbor::Writer,
        crypto::{Algorithm, Signer},
        key::{TrustStore, TrustedKey},
        rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
        sign1::Sign1Builder,
    },
};

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

pub(crate) fn author() -> P256SigningKey {
    P256SigningKey::from_bytes(&[1; 32]).unwrap()
}

pub(crate) fn second() -> Ed25519SigningKey {
    Ed25519SigningKey::from_bytes(&[2; 32]).unwrap()
}

pub(crate) fn encode(write: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
    let mut measure = Writer::new(&mut []);
    write(&mut measure);
    let mut out = vec![0; measure.len()];
    let mut writer = Writer::new(&mut out);
    write(&mut writer);
    out
}

pub(crate) fn int(value: i64) -> Vec<u8> {
    encode(|w| {
        w.int(value);
    })
}

pub(crate) fn bstr(content: &[u8]) -> Vec<u8> {
    encode(|w| {
        w.bytes(content);
    })
}

pub(crate) fn text(value: &str) -> Vec<u8> {
    encode(|w| {
        w.text(value);
    })
}

pub(crate) fn array(items: &[Vec<u8>]) -> Vec<u8> {
    encode(|w| {
        items.iter().fold(w.array(items.len()), |w, item| w.encoded(item));
    })
}

/// A map with its entries in the order given.
pub(crate) fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    encode(|w| {
        w.map(entries.len());
        for (key, value) in entries {
            w.encoded(key).encoded(value);
        }
    })
}

/// A map with integer keys, in the order given.
pub(crate) fn numbered(entries: &[(i64, Vec<u8>)]) -> Vec<u8> {
    map(&entries.iter().map(|(key, value)| (int(*key), value.clone())).collect::<Vec<_>>())
}

/// The SUIT_Digest of `bytes` by SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> Vec<u8> {
    let value = context().hash(Algorithm::SHA256, &[bytes]).unwrap();
    array(&[int(-16), bstr(value.as_ref())])
}

pub(crate) fn component(name: &[u8]) -> Vec<u8> {
    array(&[bstr(name)])
}

pub(crate) type Members = Vec<(i64, Vec<u8>)>;

/// The members of a manifest with one component, and image-match to validate.
pub(crate) fn members() -> Members {
    vec![
        (1, int(1)),
        (2, int(7)),
        (3, bstr(&numbered(&common()))),
        (7, bstr(&array(&[int(3), int(15)]))),
    ]
}

/// The members of its common member.
pub(crate) fn common() -> Members {
    vec![(2, array(&[component(b"app")])), (4, bstr(&array(&[int(12), int(0)])))]
}

/// `members` with `value` under `label`, in the order of the keys' encoding.
pub(crate) fn with(mut members: Members, label: i64, value: Vec<u8>) -> Members {
    members.retain(|(key, _)| *key != label);
    members.push((label, value));
    members.sort_by_key(|(key, _)| int(*key));
    members
}

pub(crate) fn without(mut members: Members, label: i64) -> Members {
    members.retain(|(key, _)| *key != label);
    members
}

/// A COSE_Sign1 over `digest`, which it does not carry.
pub(crate) fn block(digest: &[u8], signer: &dyn Signer) -> Vec<u8> {
    Sign1Builder::new().sign(Content::Detached(digest), signer).unwrap()
}

/// An authentication wrapper of `digest` and `blocks`, as a member of the envelope.
pub(crate) fn wrapper(digest: &[u8], blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut items = vec![bstr(digest)];
    items.extend(blocks.iter().map(|block| bstr(block)));
    bstr(&array(&items))
}

/// The members of an envelope around `manifest`, signed by the author.
pub(crate) fn signed(manifest: &Members) -> Members {
    let manifest = bstr(&numbered(manifest));
    let digest = digest(&manifest);
    vec![(2, wrapper(&digest, &[block(&digest, &author())])), (3, manifest)]
}

/// The envelope with these members, tagged.
pub(crate) fn envelope(members: &Members) -> Vec<u8> {
    let map = numbered(members);
    encode(|w| {
        w.tag(107).encoded(&map);
    })
}

/// The sequence number of an envelope by the author, or why it is refused.
pub(crate) fn verify(bytes: &[u8]) -> Result<u64, Error> {
    verify_under(bytes, &AuthenticationPolicy::ANY_BLOCK)
}

/// As [`verify`], where the second key is trusted too.
pub(crate) fn verify_under(bytes: &[u8], policy: &AuthenticationPolicy<'_>) -> Result<u64, Error> {
    let context = context();
    let (author, second) = (author().public_key(), second().public_key());
    let keys =
        [TrustedKey::new(&author, &context).unwrap(), TrustedKey::new(&second, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(bytes, &Profile::LENIENT)?;
    let manifest = envelope.verify(&Trust::keys(&keys), policy, &context)?;
    Ok(manifest.value().sequence_number())
}

#[track_caller]
pub(crate) fn accepted(bytes: &[u8]) {
    assert_eq!(verify(bytes), Ok(7));
}

#[track_caller]
pub(crate) fn refused_by(rule: Rule, bytes: &[u8]) {
    let error = verify(bytes).unwrap_err();
    assert_eq!(error.rule(), Some(rule.to_ref()), "{error}");
}
