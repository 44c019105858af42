//! The most that one envelope can cost, whatever it holds.

#[path = "support/made.rs"]
mod made;

use made::*;
use suit_manifest::{
    AuthenticationPolicy, Envelope, Error, ErrorKind, Verdict,
    cose_ext::{
        Context, Profile, Trust, Work,
        error::{ErrorKind as CoseErrorKind, Limit},
        key::{TrustStore, TrustedKey},
        rustcrypto::Ed25519SigningKey,
    },
};

/// Verifies an envelope, and reads its text, where as many keys are trusted as a call may try for one
/// signature, and none of them is the signer's. Returns the meter's counts too.
fn cost(bytes: &[u8], strangers: u8) -> (Result<(), Error>, Work) {
    let context = context();
    let work = Work::new(&Profile::LENIENT.limits, bytes.len());
    let strangers: Vec<_> = (0..strangers)
        .map(|seed| Ed25519SigningKey::from_bytes(&[seed + 100; 32]).unwrap().public_key())
        .collect();
    let author = author().public_key();
    let mut keys: Vec<_> =
        strangers.iter().map(|key| TrustedKey::new(key, &context).unwrap()).collect();
    keys.push(TrustedKey::new(&author, &context).unwrap());
    let keys = TrustStore::new(&keys);
    let read = |context: &Context<'_>| {
        let envelope = Envelope::decode(bytes, &Profile::LENIENT)?;
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let manifest = envelope.verify(&Trust::keys(&keys), &policy, context)?;
        envelope.text(&manifest.by_ref(), context).map(drop)
    };
    let result = read(&context.with_work(&work));
    (result, work)
}

#[test]
fn blocks_times_keys_are_one_budget() {
    let stranger = Ed25519SigningKey::from_bytes(&[9; 32]).unwrap();
    let members = signed(&members());
    let digest = digest(&members[1].1);
    let blocks: Vec<_> = (0..100).map(|_| block(&digest, &stranger)).collect();
    let bytes = envelope(&with(members, 2, wrapper(&digest, &blocks)));
    let (result, work) = cost(&bytes, 7);
    let error = result.unwrap_err();
    let limit = ErrorKind::Cose(CoseErrorKind::Limit(Limit::SignatureChecks));
    assert_eq!(error.kind(), limit);
    assert_eq!(error.verdict(), Verdict::CannotEvaluate);
    assert_eq!(work.checks(), 64);
}

#[test]
fn manifest_and_severed_members_are_hashed_once_to_verify() {
    for len in [64 * 1024, 1024 * 1024] {
        let payload = bstr(&vec![0; len]);
        let mut manifest = members();
        for label in [15, 16, 18, 20] {
            manifest = with(manifest, label, digest(&payload));
        }
        let mut members = signed(&manifest);
        for label in [15, 16, 18, 20] {
            members = with(members, label, payload.clone());
        }
        let bytes = envelope(&members);
        let (result, work) = cost(&bytes, 0);
        assert_eq!(result, Ok(()));
        assert!(work.hashed() <= bytes.len(), "{} of {}", work.hashed(), bytes.len());
    }
}

#[test]
fn described_components_times_components_are_bounded() {
    let ids: Vec<_> = (0..5000_u32).map(|index| component(&index.to_be_bytes())).collect();
    let common = with(common(), 2, array(&ids));
    let described: Vec<_> = ids.iter().map(|id| (id.clone(), numbered(&[]))).collect();
    let texts = bstr(&map(&[(text("en"), map(&described))]));
    let manifest = with(members(), 3, bstr(&numbered(&common)));
    let bytes = envelope(&signed(&with(manifest, 23, texts)));
    let (result, work) = cost(&bytes, 0);
    let limit = ErrorKind::Cose(CoseErrorKind::Limit(Limit::ComparedItems));
    assert_eq!(result.unwrap_err().kind(), limit);
    assert!(work.compared() <= 8 * bytes.len());
}
