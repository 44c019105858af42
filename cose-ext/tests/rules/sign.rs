//! COSE_Sign: several signatures, and which of them are needed.

use cose_ext::crypto::{
    Algorithm, Key, KeyMaterial, PublicKey, SignatureVerifier, Signer, YCoordinate,
};
use cose_ext::error::{Error, ErrorKind, Limit, Misuse, Policy, Verification};
use cose_ext::key::{Identity, TrustStore, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::{SignBuilder, SignPolicy, SignatureBuilder, Signers, Signing};
use cose_ext::{
    Content, Context, Input, Label, Limits, Processed, Profile, Rule, Sign, Stream, Supplied,
};

use crate::expect::{breaks, breaks_at};
use crate::messages::{
    edwards, h, issuer, stranger, trusted_edwards, trusted_issuer, trusted_stranger,
};

const PAYLOAD: &[u8] = b"signed by several";

fn signing() -> Signing<'static> {
    SignBuilder::new().prepare(Content::Embedded(PAYLOAD)).unwrap()
}

/// A message signed by each of `signers` in turn, with kids that count from `a`.
fn signed_by(signers: &[&dyn Signer]) -> Vec<u8> {
    let mut signing = signing();
    for (signer, kid) in signers.iter().zip(b'a'..) {
        signing.sign(SignatureBuilder::new().key_id(&[kid]), *signer).unwrap();
    }
    signing.finish().unwrap()
}

fn verify(
    bytes: &[u8],
    policy: &SignPolicy<'_>,
    keys: &[TrustedKey<'_>],
) -> Result<Vec<(Identity, usize)>, Error> {
    let message = Sign::decode(bytes, &Profile::LENIENT)?;
    let store = TrustStore::new(keys);
    let verified =
        message.verify(&Input::embedded(), policy, &store, &Context::new(&RustCrypto))?;
    assert_eq!(verified.value().payload(), PAYLOAD);
    Ok(verified.by().iter().map(|by| (by.identity(), by.signature())).collect())
}

fn all_keys() -> [TrustedKey<'static>; 3] {
    [trusted_issuer(), trusted_edwards(), trusted_stranger()]
}

#[test]
fn c46_all_signatures_verify_or_the_message_does_not() {
    let bytes = signed_by(&[&issuer(), &edwards(), &stranger()]);
    let [one, two, three] = all_keys();
    let expected = [(one.identity(), 0), (two.identity(), 1), (three.identity(), 2)];
    assert_eq!(verify(&bytes, &SignPolicy::All, &all_keys()).as_deref(), Ok(&expected[..]));
    // One that nobody knows is one that does not verify.
    let error = breaks(Rule::Signature, verify(&bytes, &SignPolicy::All, &[one, two]));
    assert!(matches!(
        error.kind(),
        ErrorKind::Verification(Verification::InvalidSignature { .. }) | ErrorKind::Policy(_)
    ));
}

#[test]
fn c46_all_is_not_met_by_a_message_with_one_wrong_signature() {
    let bytes = signed_by(&[&issuer(), &edwards()]);
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    breaks(Rule::Signature, verify(&changed, &SignPolicy::All, &all_keys()));
    assert_eq!(verify(&changed, &SignPolicy::AtLeast(1), &all_keys()).unwrap().len(), 1);
    let error = breaks(Rule::SignPolicy, verify(&changed, &SignPolicy::AtLeast(2), &all_keys()));
    assert_eq!(error, Error::from(Verification::SignPolicy { needed: 2, found: 1 }));
}

#[test]
fn c46_a_policy_that_asks_for_nothing_is_refused() {
    let bytes = signed_by(&[&issuer()]);
    for policy in [SignPolicy::AtLeast(0), SignPolicy::Keys(&[])] {
        let error = breaks(Rule::SignPolicy, verify(&bytes, &policy, &all_keys()));
        assert_eq!(error, Error::from(Policy::NoSignaturesNeeded));
    }
    let too_many = SignPolicy::AtLeast(Signers::CAPACITY + 1);
    assert_eq!(verify(&bytes, &too_many, &all_keys()), Err(Error::from(Misuse::TooManySigners)));
}

#[test]
fn c46_named_keys_must_all_have_signed() {
    let bytes = signed_by(&[&issuer(), &edwards()]);
    let [one, two, three] = all_keys().map(|key| key.identity());
    assert_eq!(verify(&bytes, &SignPolicy::Keys(&[two]), &all_keys()), Ok(vec![(two, 1)]));
    assert_eq!(verify(&bytes, &SignPolicy::Keys(&[one, two]), &all_keys()).unwrap().len(), 2);
    let error =
        breaks(Rule::SignPolicy, verify(&bytes, &SignPolicy::Keys(&[one, three]), &all_keys()));
    assert_eq!(error, Error::from(Verification::SignPolicy { needed: 2, found: 1 }));
}

const KIDS: [&[u8]; 12] = [b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h", b"i", b"j", b"k", b"l"];

#[test]
fn c46_strangers_do_not_keep_named_keys_from_being_seen() {
    let others: Vec<_> = (1..=12)
        .map(|byte| cose_ext::rustcrypto::Ed25519SigningKey::from_bytes(&[byte; 32]).unwrap())
        .collect();
    let signers: Vec<&dyn Signer> = others.iter().map(|key| key as &dyn Signer).collect();
    let bytes = signed_by(&signers);
    let public: Vec<_> = others.iter().map(|key| key.public_key()).collect();
    let keys: Vec<_> = public
        .iter()
        .zip(KIDS)
        .map(|(key, kid)| {
            TrustedKey::new(key.as_public_key(), &Context::new(&RustCrypto))
                .unwrap()
                .with_key_id(kid)
        })
        .collect();
    let last = keys.last().unwrap().identity();
    assert_eq!(verify(&bytes, &SignPolicy::Keys(&[last]), &keys), Ok(vec![(last, 11)]));
    // One key more than are held is an error: nobody would look at its issuer.
    let error = verify(&bytes, &SignPolicy::All, &keys).unwrap_err();
    assert_eq!(error, Error::from(Limit::Signers));
    let eight = signed_by(&signers[..Signers::CAPACITY]);
    assert_eq!(verify(&eight, &SignPolicy::All, &keys).unwrap().len(), Signers::CAPACITY);
}

#[test]
fn c47_one_key_counts_once_under_two_entries_and_two_kids() {
    let bytes = signed_by(&[&issuer(), &issuer()]);
    let [one, ..] = all_keys();
    for keys in [
        vec![one],
        vec![one.with_key_id(b"a"), one.with_key_id(b"b")],
        vec![one.with_key_id(b"a"), one.with_key_id(b"b").with_identity(Identity::new([9; 32]))],
    ] {
        assert_eq!(verify(&bytes, &SignPolicy::AtLeast(1), &keys).unwrap().len(), 1);
        let error = breaks(Rule::SignPolicy, verify(&bytes, &SignPolicy::AtLeast(2), &keys));
        assert_eq!(error, Error::from(Verification::SignPolicy { needed: 2, found: 1 }));
    }
}

#[test]
fn c47_one_key_counts_once_under_two_algorithms() {
    let (key, edwards) = (issuer(), edwards());
    for (signer, algorithms) in [
        (&key as &dyn Signer, [Algorithm::ES256, Algorithm::ESP256]),
        (&edwards as &dyn Signer, [Algorithm::EDDSA, Algorithm::ED25519]),
    ] {
        let mut signing = signing();
        for algorithm in algorithms {
            let pending = signing.pending(SignatureBuilder::new(), algorithm).unwrap();
            let mut signature = vec![0; signer.signature_len()];
            signer.sign(&signing.to_be_signed(&pending).parts(), &mut signature).unwrap();
            signing.attach(&pending, &signature);
        }
        let bytes = signing.finish().unwrap();
        assert_eq!(verify(&bytes, &SignPolicy::All, &all_keys()).unwrap().len(), 1);
        breaks(Rule::SignPolicy, verify(&bytes, &SignPolicy::AtLeast(2), &all_keys()));
    }
}

#[test]
fn c47_parsed_keys_are_told_apart_as_well() {
    let signer = issuer();
    let bytes = signed_by(&[&signer, &signer]);
    let public = signer.public_key();
    let parsed =
        cose_ext::rustcrypto::P256VerifyingKey::from_public_key(&public.as_public_key()).unwrap();
    let mut told = false;
    parsed.with_public_key(&mut |key| told = *key == public.as_public_key());
    assert!(told);
    let keys = [
        TrustedKey::parsed(&parsed, Identity::new([1; 32])).with_key_id(b"a"),
        TrustedKey::parsed(&parsed, Identity::new([2; 32])).with_key_id(b"b"),
    ];
    breaks(Rule::SignPolicy, verify(&bytes, &SignPolicy::AtLeast(2), &keys));
}

/// Parsed keys without a provider around them tell which key they are, of every algorithm. That the
/// verifiers of RSA and HSS-LMS keys do so too is a case of the providers' suite.
#[cfg(feature = "ml-dsa")]
#[test]
fn c47_a_parsed_ml_dsa_key_counts_once_under_two_kids_and_two_identities() {
    use cose_ext::rustcrypto::{MlDsa44SigningKey, MlDsa65SigningKey, MlDsa87SigningKey};
    let seed = [9; 32];
    let one = MlDsa44SigningKey::from_bytes(&seed).unwrap();
    let two = MlDsa65SigningKey::from_bytes(&seed).unwrap();
    let three = MlDsa87SigningKey::from_bytes(&seed).unwrap();
    let verifiers = (one.verifying_key(), two.verifying_key(), three.verifying_key());
    let keys: [(&dyn Signer, &dyn SignatureVerifier); 3] =
        [(&one, &verifiers.0), (&two, &verifiers.1), (&three, &verifiers.2)];
    for (signer, verifier) in keys {
        let bytes = signed_by(&[signer, signer]);
        let keys = [
            TrustedKey::parsed(verifier, Identity::new([1; 32])).with_key_id(b"a"),
            TrustedKey::parsed(verifier, Identity::new([2; 32])).with_key_id(b"b"),
        ];
        assert_eq!(verify(&bytes, &SignPolicy::AtLeast(1), &keys).unwrap().len(), 1);
        let error = breaks(Rule::SignPolicy, verify(&bytes, &SignPolicy::AtLeast(2), &keys));
        assert_eq!(error, Error::from(Verification::SignPolicy { needed: 2, found: 1 }));
    }
}

#[test]
fn c47_one_key_in_two_spellings_counts_once() {
    let signer = issuer();
    let bytes = signed_by(&[&signer, &signer]);
    let public = signer.public_key();
    let odd = public.y[31] & 1 == 1;
    let material =
        KeyMaterial::Ec2 { curve: public.curve, x: &public.x, y: YCoordinate::Sign(odd) };
    let compressed = PublicKey { material, algorithm: None };
    let compressed = Key::new(compressed, &RustCrypto);
    let keys = [
        TrustedKey::parsed(&compressed, Identity::new([1; 32])).with_key_id(b"a"),
        TrustedKey::new(public.as_public_key(), &Context::new(&RustCrypto))
            .unwrap()
            .with_key_id(b"b"),
    ];
    breaks(Rule::SignPolicy, verify(&bytes, &SignPolicy::AtLeast(2), &keys));
}

#[test]
fn c47_different_keys_count_each() {
    let bytes = signed_by(&[&issuer(), &issuer(), &stranger()]);
    let keys = verify(&bytes, &SignPolicy::AtLeast(2), &all_keys()).unwrap();
    let [one, _, three] = all_keys().map(|key| key.identity());
    assert_eq!(keys, [(one, 0), (three, 2)]);
}

#[test]
fn c45_a_sign_has_four_elements_and_signatures_that_can_be_decoded() {
    let decode = |bytes: &[u8]| Sign::decode(bytes, &Profile::LENIENT).map(|_| ());
    let good = "83 43a10126 a0 41aa";
    assert_eq!(decode(&h(&format!("d862 84 40 a0 4170 81 {good}"))), Ok(()));
    assert_eq!(decode(&h(&format!("84 40 a0 f6 9f {good} 9f 43a10126 a0 41aa ff ff"))), Ok(()));
    for broken in [
        "83 40 a0 4170".to_owned(),
        format!("85 40 a0 4170 81 {good} 00"),
        "84 40 a0 4170 80".to_owned(),
        "84 40 a0 4170 9f ff".to_owned(),
        "84 40 a0 4170 a0".to_owned(),
        format!("84 40 a0 00 81 {good}"),
        format!("84 40 a0 4170 82 {good} 82 43a10126 a0"),
        format!("84 40 a0 4170 82 {good} 83 43a10126 a0 f6"),
        format!("84 40 a0 4170 82 {good} f6"),
    ] {
        breaks(Rule::SignStructure, decode(&h(&broken)));
    }
    breaks_at(Rule::SignStructure, 5, decode(&h("84 40 a0 4170 80")));
    breaks(Rule::Tag, decode(&h(&format!("d2 84 40 a0 4170 81 {good}"))));
    // The headers of every signature are read, not only of those that are verified.
    breaks(
        Rule::UniqueKeys,
        decode(&h(&format!("84 40 a0 4170 82 {good} 83 45a201260126 a0 41aa"))),
    );
    breaks(
        Rule::AlgorithmProtected,
        decode(&h(&format!("84 40 a0 4170 82 {good} 83 40 a10126 41aa"))),
    );
    breaks(Rule::SignStructure, signing().finish());
}

#[test]
fn signatures_are_bounded_in_number() {
    let many = |count: usize| {
        let head = cose_ext::cbor::Head::array(count);
        [&h("84 40 a0 4170")[..], head.as_bytes(), &h("83 43a10126 a0 41aa").repeat(count)].concat()
    };
    assert!(Sign::decode(&many(64), &Profile::LENIENT).is_ok());
    let limits = |count| Profile::LENIENT.with_limits(Limits::DEFAULT.with_signatures(count));
    let refused = Error::from(Limit::Signatures).at(5);
    assert_eq!(Sign::decode(&many(65), &Profile::LENIENT).unwrap_err(), refused);
    assert!(Sign::decode(&many(65), &limits(65)).is_ok());
    assert_eq!(Sign::decode(&many(2), &limits(1)).unwrap_err(), refused);
}

#[test]
fn c20_a_signature_covers_both_protected_buckets_and_the_payload() {
    let mut signing = SignBuilder::new()
        .protected(Label::CONTENT_TYPE, 0)
        .prepare(Content::Embedded(PAYLOAD))
        .unwrap();
    signing.sign(SignatureBuilder::new().key_id(b"1"), &edwards()).unwrap();
    let bytes = signing.finish().unwrap();
    assert!(verify(&bytes, &SignPolicy::All, &all_keys()).is_ok());
    // Both unprotected buckets are one byte, a0; there is no other that may change.
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            let accepted = Sign::decode(&changed, &Profile::LENIENT).is_ok_and(|message| {
                let keys = all_keys();
                let keys = TrustStore::new(&keys);
                let context = Context::new(&RustCrypto);
                message.verify(&Input::embedded(), &SignPolicy::All, &keys, &context).is_ok()
            });
            assert!(!accepted, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn c15_crit_of_the_body_ends_it_and_crit_of_a_signature_ends_that_signature() {
    let crit = [cose_ext::Value::from(-70001)];
    let label = Label::int(-70001);
    let body = SignBuilder::new().protected(Label::CRIT, &crit[..]).protected(label, 1);
    let mut signing = body.prepare(Content::Embedded(PAYLOAD)).unwrap();
    signing.sign(SignatureBuilder::new(), &issuer()).unwrap();
    let bytes = signing.finish().unwrap();
    breaks(Rule::CritProcessed, verify(&bytes, &SignPolicy::AtLeast(1), &all_keys()));

    let mut signing = self::signing();
    let signature = SignatureBuilder::new().protected(Label::CRIT, &crit[..]).protected(label, 1);
    signing.sign(signature, &issuer()).unwrap();
    signing.sign(SignatureBuilder::new(), &edwards()).unwrap();
    let bytes = signing.finish().unwrap();
    breaks(Rule::CritProcessed, verify(&bytes, &SignPolicy::All, &all_keys()));
    assert_eq!(verify(&bytes, &SignPolicy::AtLeast(1), &all_keys()).unwrap()[0].1, 1);
    let message = Sign::decode(&bytes, &Profile::LENIENT).unwrap();
    let processing = [label];
    let input = Input::embedded().with_processed(Processed::new(&processing));
    let store = all_keys();
    let store = TrustStore::new(&store);
    let verified = message.verify(&input, &SignPolicy::All, &store, &Context::new(&RustCrypto));
    assert_eq!(verified.unwrap().by().signatures(), 2);
}

#[test]
fn c20_a_detached_payload_is_fed_once_for_each_signature() {
    let body = SignBuilder::new();
    let mut signing = body.external_aad(b"aad").prepare(Content::Detached(PAYLOAD)).unwrap();
    signing.sign(SignatureBuilder::new(), &issuer()).unwrap();
    signing.sign(SignatureBuilder::new(), &stranger()).unwrap();
    let bytes = signing.finish().unwrap();
    let message = Sign::decode(&bytes, &Profile::LENIENT).unwrap();
    let keys = [trusted_issuer().with_key_id(b"x"), trusted_stranger()];
    let supplied = Supplied { external_aad: b"aad", ..Supplied::NOTHING };
    let mut fed = 0;
    let mut feed = |sink: &mut dyn FnMut(&[u8])| {
        fed += 1;
        let (left, right) = PAYLOAD.split_at(5);
        sink(left);
        sink(right);
        Ok(())
    };
    let context = Context::new(&RustCrypto);
    let len = PAYLOAD.len() as u64;
    // One candidate for each signature: the issuer's key, which is not the second signer's.
    let verified = message
        .verify_stream(
            &mut Stream::new(len, &mut feed),
            &supplied,
            &SignPolicy::AtLeast(1),
            &TrustStore::new(&keys),
            &context,
        )
        .unwrap();
    assert_eq!((verified.by().signatures(), fed), (1, 1));
    let mut stopping = |_: &mut dyn FnMut(&[u8])| Err(cose_ext::crypto::Interrupted);
    let verdict = message.verify_stream(
        &mut Stream::new(len, &mut stopping),
        &supplied,
        &SignPolicy::AtLeast(1),
        &TrustStore::new(&keys),
        &context,
    );
    assert_eq!(verdict.unwrap_err(), Error::from(Verification::Interrupted));
    let embedded =
        message.verify(&Input::embedded(), &SignPolicy::All, &TrustStore::new(&keys), &context);
    breaks(Rule::PayloadNamed, embedded);
}
