//! Which key it was: several answer to one kid, and the verdict names the one that verified.

use cose_ext::key::CandidateKey;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cose_ext::Content;
use cose_ext::crypto::{
    Algorithm, Curve, Key, KeyProfile, KeyType, PublicKey, SignatureVerifier, VerifyError,
};
use cose_ext::error::{Error, ErrorKind, Limit, OutOfForce, Policy, Verification};
use cose_ext::key::{
    AnyOf, Candidate, HashedVerifier, Identity, KeyHint, KeyOrigin, KeyResolver, KeySet,
    Thumbprint, ThumbprintUri, TrustStore, TrustedKey,
};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Input, Limits, Notes, Profile, Rule};

use crate::expect::breaks;
use crate::messages::{
    ISSUER, STRANGER, decode, h, issuer, p256_key, signed, stranger, trusted_edwards,
    trusted_issuer, trusted_stranger,
};

fn verify(message: &[u8], keys: &dyn KeyResolver) -> Result<Identity, Error> {
    verify_within(message, keys, Limits::DEFAULT)
}

fn verify_within(
    message: &[u8],
    keys: &dyn KeyResolver,
    limits: Limits,
) -> Result<Identity, Error> {
    let context = Context::new(&RustCrypto).with_profile(Profile::LENIENT.with_limits(limits));
    Ok(decode(message)?.verify(&Input::embedded(), keys, &context)?.by().identity())
}

#[test]
fn c44_two_keys_of_one_kid_in_either_order() {
    let (a, b) = (trusted_issuer().with_key_id(b"1"), trusted_stranger().with_key_id(b"1"));
    let by = |signer: &dyn cose_ext::crypto::Signer| {
        Sign1Builder::new().key_id(b"1").sign(Content::Embedded(b"x"), signer).unwrap()
    };
    for store in [[a, b], [b, a]] {
        assert_eq!(verify(&by(&issuer()), &TrustStore::new(&store)), Ok(a.identity()));
        assert_eq!(verify(&by(&stranger()), &TrustStore::new(&store)), Ok(b.identity()));
    }
    assert_ne!(a.identity(), b.identity());
}

#[test]
fn c44_two_keys_of_one_kid_in_a_key_set() {
    let encoded = |key: &testkit::fixed_keys::EcKey<32>| {
        h(&format!(
            "a5 01 02 02 4131 20 01 21 5820{} 22 5820{}",
            hex::encode(key.x),
            hex::encode(key.y)
        ))
    };
    let (a, b) = (encoded(&ISSUER), encoded(&STRANGER));
    // An HMAC key of the same kid whose bytes are those of the public key.
    let hmac = h(&format!("a3 01 04 02 4131 20 5820{}", hex::encode(ISSUER.x)));
    let message = signed("a2 0126 044131", "a0", b"x");
    for order in
        [[&a, &b, &hmac], [&b, &a, &hmac], [&hmac, &b, &a], [&hmac, &a, &b], [&b, &hmac, &a]]
    {
        let set = [&[0x83], &order.map(Vec::as_slice).concat()[..]].concat();
        let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
        assert_eq!(verify(&message, &set), Ok(trusted_issuer().identity()));
    }
    let set = [&[0x82], &hmac[..], &b].concat();
    let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
    breaks(Rule::Signature, verify(&message, &set));
}

#[test]
fn c44_a_kid_selects_and_its_absence_does_not() {
    let keys = [trusted_issuer().with_key_id(b"1"), trusted_stranger().with_key_id(b"2")];
    let store = TrustStore::new(&keys);
    assert!(verify(&signed("a2 0126 044131", "a0", b"x"), &store).is_ok());
    assert!(verify(&signed("a10126", "a1 044131", b"x"), &store).is_ok());
    assert!(verify(&signed("a10126", "a0", b"x"), &store).is_ok());
    // The kid of somebody else leads to the key of somebody else; that of nobody to nobody.
    breaks(Rule::Signature, verify(&signed("a2 0126 044132", "a0", b"x"), &store));
    breaks(Rule::Enrolled, verify(&signed("a2 0126 044133", "a0", b"x"), &store));
    // A front of a kid is another kid.
    breaks(Rule::Enrolled, verify(&signed("a2 0126 04423131", "a0", b"x"), &store));
}

/// A key on P-256 that verifies nothing, or everything, and counts how often it is asked.
struct Counting {
    asked: AtomicUsize,
    answer: Result<(), VerifyError>,
}

impl Counting {
    fn answering(answer: Result<(), VerifyError>) -> Self {
        Self { asked: AtomicUsize::new(0), answer }
    }
}

impl SignatureVerifier for Counting {
    fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::EC2, curve: Some(Curve::P256), algorithm: None }
    }

    // There is no key behind it.
    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, _: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        self.asked.fetch_add(1, Relaxed);
        self.answer
    }
}

#[test]
fn c44_tries_are_bounded() {
    let message = signed("a10126", "a0", b"x");
    let wrong = Counting::answering(Err(VerifyError::InvalidSignature));
    let wrong_key = TrustedKey::parsed(&wrong, Identity::new([0; 32]));
    for limit in [0, 1, 2, 8] {
        for before in 0..10 {
            wrong.asked.store(0, Relaxed);
            let mut keys = vec![wrong_key; before];
            keys.push(trusted_issuer());
            let limits = Limits::DEFAULT.with_candidates(limit);
            let verdict = verify_within(&message, &TrustStore::new(&keys), limits);
            if before < limit {
                assert_eq!(verdict, Ok(trusted_issuer().identity()));
            } else {
                assert_eq!(breaks(Rule::BoundedTries, verdict), Error::from(Limit::Candidates));
            }
            assert_eq!(wrong.asked.load(Relaxed), before.min(limit));
        }
        // Exactly as many wrong keys as may be tried: then the signature is wrong.
        if limit > 0 {
            let keys = vec![wrong_key; limit];
            let verdict = verify_within(
                &message,
                &TrustStore::new(&keys),
                Limits::DEFAULT.with_candidates(limit),
            );
            assert_eq!(verdict, Err(Error::from(Policy::NotEnrolled { tried: limit })));
        }
    }
}

#[test]
fn c44_nothing_is_asked_behind_the_key_that_verified() {
    let message = signed("a10126", "a0", b"x");
    let right = Counting::answering(Ok(()));
    let behind = Counting::answering(Ok(()));
    let keys = [
        TrustedKey::parsed(&right, Identity::new([1; 32])),
        TrustedKey::parsed(&behind, Identity::new([2; 32])),
    ];
    assert_eq!(verify(&message, &TrustStore::new(&keys)), Ok(Identity::new([1; 32])));
    assert_eq!((right.asked.load(Relaxed), behind.asked.load(Relaxed)), (1, 0));
}

#[test]
fn c20_only_a_named_key_that_says_no_makes_a_message_broken() {
    let message = signed("a2 0126 044131", "a0", b"x");
    let broken = Err(Error::from(Verification::InvalidSignature { tried: 1 }));
    let by_kid = trusted_stranger().with_key_id(b"1");
    assert_eq!(verify(&message, &by_kid), broken);
    assert_eq!(
        verify(&message, &trusted_stranger()),
        Err(Error::from(Policy::NotEnrolled { tried: 1 }))
    );
    assert_eq!(
        verify(&message, &trusted_stranger().with_key_id(b"2")),
        Err(Error::from(Policy::NotEnrolled { tried: 0 }))
    );
    // A thumbprint as kid names the key, and so does the issuer that it is enrolled for.
    let thumbprint = trusted_stranger().identity();
    let kid = hex::encode(thumbprint.as_bytes());
    let by_thumbprint = signed(&format!("a2 0126 04 5820 {kid}"), "a0", b"x");
    assert_eq!(verify(&by_thumbprint, &trusted_stranger()), broken);
    let claims = signed("a2 0126 0f a1 01 6161", "a0", b"x");
    assert_eq!(verify(&claims, &trusted_stranger().for_issuer("a")), broken);
    // The one that is named weighs more than any number that are not.
    let keys = [trusted_stranger(), by_kid, trusted_edwards()];
    let two = Err(Error::from(Verification::InvalidSignature { tried: 2 }));
    assert_eq!(verify(&message, &TrustStore::new(&keys)), two);
}

#[test]
fn c44_keys_that_may_not_be_used_are_not_asked() {
    let message = signed("a10126", "a0", b"x");
    // More keys of another curve than may be tried do not keep the right one away.
    let mut keys = vec![trusted_edwards(); 20];
    keys.push(trusted_issuer());
    assert_eq!(verify(&message, &TrustStore::new(&keys)), Ok(trusted_issuer().identity()));
}

#[test]
fn c44_a_verifier_that_cannot_say_is_not_one_that_says_no() {
    let message = signed("a10126", "a0", b"x");
    let cannot = Counting::answering(Err(VerifyError::Unsupported));
    let keys = [TrustedKey::parsed(&cannot, Identity::new([1; 32])), trusted_stranger()];
    // One key found the signature wrong: that is what is known.
    let wrong = Err(Error::from(Policy::NotEnrolled { tried: 1 }));
    assert_eq!(verify(&message, &TrustStore::new(&keys)), wrong);
    assert!(matches!(
        verify(&message, &TrustStore::new(&keys[..1])).map_err(|error| error.kind()),
        Err(ErrorKind::Unsupported(_))
    ));
    let keys = [keys[0], trusted_issuer()];
    assert_eq!(verify(&message, &TrustStore::new(&keys)), Ok(trusted_issuer().identity()));
}

fn candidate<'c>(verifier: &'c dyn SignatureVerifier, who: u8) -> Candidate<'c> {
    let key = CandidateKey::Verifier(verifier);
    let (identity, origin) = (Identity::new([who; 32]), KeyOrigin::Enrolled);
    Candidate { key, identity, issuer: None, named: true, origin, notes: Notes::NOTHING }
}

/// A resolver that does not stop when it is told to.
struct Deaf;

impl KeyResolver for Deaf {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        assert_eq!(hint.algorithm(), Some(Algorithm::ES256));
        assert_eq!(hint.key_id(), Some(&b"1"[..]));
        let right = Key::new(p256_key(&ISSUER), &RustCrypto);
        let wrong = Key::new(p256_key(&STRANGER), &RustCrypto);
        for _ in 0..20 {
            let _ = each(candidate(&wrong, 1));
        }
        let _ = each(candidate(&right, 2));
        let _ = each(candidate(&right, 3));
    }
}

#[test]
fn c44_a_resolver_that_goes_on_gets_no_more_tries() {
    let message = signed("a2 0126 044131", "a0", b"x");
    assert_eq!(verify(&message, &Deaf), Err(Error::from(Limit::Candidates)));
    let all = Limits::DEFAULT.with_candidates(100);
    assert_eq!(verify_within(&message, &Deaf, all), Ok(Identity::new([2; 32])));
}

#[test]
fn c44_identities_are_the_store_s_to_choose() {
    let message = signed("a10126", "a0", b"x");
    let named = trusted_issuer().with_identity(Identity::new([7; 32]));
    assert_eq!(verify(&message, &named), Ok(Identity::new([7; 32])));
    assert_eq!(named.identity().to_string(), "07".repeat(32));
}

/// A kid that is the thumbprint of `key`.
fn named_by_thumbprint(key: &testkit::fixed_keys::EcKey<32>) -> Vec<u8> {
    let thumbprint = Thumbprint::new(&p256_key(key), &cose_ext::rustcrypto::Sha256).unwrap();
    let kid = hex::encode(thumbprint.as_bytes());
    signed(&format!("a2 0126 045820{kid}"), "a0", b"x")
}

#[test]
fn c43_a_kid_may_be_the_thumbprint() {
    // Enrolled under other names, and found by the one that everybody can compute.
    let keys = [trusted_stranger().with_key_id(b"2"), trusted_issuer().with_key_id(b"1")];
    let store = TrustStore::new(&keys);
    assert_eq!(verify(&named_by_thumbprint(&ISSUER), &store), Ok(trusted_issuer().identity()));
    // The thumbprint of another key leads to that key.
    breaks(Rule::Signature, verify(&named_by_thumbprint(&STRANGER), &store));
    // A key of which no thumbprint is known answers to its kid only.
    let mine = Key::new(p256_key(&ISSUER), &RustCrypto);
    let parsed = TrustedKey::parsed(&mine, Identity::new([1; 32])).with_key_id(b"1");
    let nobody = Err(Error::from(cose_ext::error::Policy::NotEnrolled { tried: 0 }));
    assert_eq!(verify(&named_by_thumbprint(&ISSUER), &parsed), nobody);
    // One that was enrolled with its thumbprint is found by it, and is not hashed to say so.
    let thumbprint = Thumbprint::of(&p256_key(&ISSUER), &RustCrypto).unwrap();
    let hashed = TrustedKey::hashed(&mine, thumbprint).with_key_id(b"1");
    assert_eq!(verify(&named_by_thumbprint(&ISSUER), &hashed), Ok(thumbprint.into()));
    breaks(
        Rule::Signature,
        verify(
            &named_by_thumbprint(&ISSUER),
            &TrustedKey::hashed(&Key::new(p256_key(&STRANGER), &RustCrypto), thumbprint),
        ),
    );
    // So it is in key sets.
    let encoded = |kid: &str, key: &testkit::fixed_keys::EcKey<32>| {
        let (x, y) = (hex::encode(key.x), hex::encode(key.y));
        h(&format!("a5 01 02 02 41{kid} 20 01 21 5820{x} 22 5820{y}"))
    };
    let set = [&[0x83], &h("80")[..], &encoded("32", &STRANGER), &encoded("31", &ISSUER)].concat();
    let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
    assert_eq!(verify(&named_by_thumbprint(&ISSUER), &set), Ok(trusted_issuer().identity()));
    breaks(Rule::Signature, verify(&named_by_thumbprint(&STRANGER), &set));
}

#[test]
fn c44_a_key_with_its_thumbprint_is_a_trust_store_of_its_own() {
    let mine = Key::new(p256_key(&ISSUER), &RustCrypto);
    let thumbprint = Thumbprint::of(&p256_key(&ISSUER), &RustCrypto).unwrap();
    let store = HashedVerifier::new(&mine, thumbprint);
    // It answers with a kid, whatever that is, and without one.
    for message in [
        signed("a10126", "a0", b"x"),
        signed("a2 0126 044131", "a0", b"x"),
        named_by_thumbprint(&ISSUER),
    ] {
        let context = Context::new(&RustCrypto);
        let message = decode(&message).unwrap();
        let verified = message.verify(&Input::embedded(), &store, &context).unwrap();
        assert_eq!(verified.by().identity(), thumbprint.into());
        assert_eq!(verified.by().thumbprint(), Some(thumbprint));
    }
    // A message that names it is broken if it is not its own; others are nobody's.
    let other = Key::new(p256_key(&STRANGER), &RustCrypto);
    let store = HashedVerifier::new(&other, thumbprint);
    breaks(Rule::Signature, verify(&named_by_thumbprint(&ISSUER), &store));
    let nobody = Err(Error::from(Policy::NotEnrolled { tried: 1 }));
    assert_eq!(verify(&signed("a10126", "a0", b"x"), &store), nobody);
}

/// RFC 9052 7: "If a COSE_Key is malformed, it is ignored": a kid that is text or a number is no kid,
/// and such a key is not one without kid either, which would answer to every message.
#[test]
fn c44_a_key_of_a_set_whose_kid_is_no_byte_string_answers_to_nothing() {
    let (x, y) = (hex::encode(ISSUER.x), hex::encode(ISSUER.y));
    let set = |kid: &str| {
        let entries = if kid.is_empty() { "a4" } else { "a5" };
        let key = h(&format!("{entries} 01 02 {kid} 20 01 21 5820{x} 22 5820{y}"));
        [&[0x81], &key[..]].concat()
    };
    let message = signed("a2 0126 0442 3131", "a0", b"x");
    let nobody = Err(Error::from(cose_ext::error::Policy::NotEnrolled { tried: 0 }));
    for kid in ["02 62 3131", "02 62 3232", "02 19 3131", "02 f6"] {
        let set = set(kid);
        let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
        assert_eq!(verify(&message, &set), nobody, "{kid}");
    }
    // Without kid it answers, and under the right one.
    for kid in ["", "02 42 3131"] {
        let set = set(kid);
        let set = KeySet::decode(&set, &Profile::LENIENT).unwrap().trusted();
        assert!(verify(&message, &set).is_ok(), "{kid}");
    }
}

#[test]
fn c44_without_a_kid_the_algorithm_selects() {
    let message = signed("a10126", "a0", b"x");
    let mut keys = vec![trusted_edwards(); 20];
    keys.push(trusted_issuer());
    assert_eq!(verify(&message, &TrustStore::new(&keys)), Ok(trusted_issuer().identity()));
}

#[test]
fn c44_resolvers_are_asked_in_order_within_one_limit() {
    let message = signed("a10126", "a0", b"x");
    let (mine, other, deaf) = (trusted_issuer(), trusted_stranger(), Deaf);
    let named = mine.with_identity(Identity::new([7; 32]));
    assert_eq!(verify(&message, &AnyOf(&[&other, &mine, &named])), Ok(mine.identity()));
    assert_eq!(verify(&message, &AnyOf(&[&named, &mine])), Ok(named.identity()));
    breaks(Rule::Signature, verify(&message, &AnyOf(&[&other, &other])));
    breaks(Rule::Enrolled, verify(&message, &AnyOf(&[])));
    let many: Vec<&dyn KeyResolver> = vec![&other; 8];
    let more = [&many[..], &[&mine]].concat();
    assert_eq!(verify(&message, &AnyOf(&more)), Err(Error::from(Limit::Candidates)));
    assert_eq!(verify(&message, &AnyOf(&more[1..])), Ok(mine.identity()));
    // One that does not stop is not asked to go on.
    let named = signed("a2 0126 044131", "a0", b"x");
    assert_eq!(verify(&named, &AnyOf(&[&deaf, &mine])), Err(Error::from(Limit::Candidates)));
}

#[test]
fn c85_a_thumbprint_uri_has_one_spelling() {
    let thumbprint = Thumbprint::from_bytes([0xfb; 32]);
    let text = ThumbprintUri(thumbprint).to_string();
    assert_eq!(
        text,
        "urn:ietf:params:oauth:ckt:sha-256:-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"
    );
    assert_eq!(text.parse(), Ok(ThumbprintUri(thumbprint)));
    let parse = |text: &str| text.parse::<ThumbprintUri>();
    for wrong in [
        "",
        "urn",
        "urn:ietf:params:oauth:jwk-thumbprint:sha-256:AA",
        "URN:ietf:params:oauth:ckt:sha-256:",
    ] {
        assert_eq!(breaks(Rule::ThumbprintUri, parse(wrong)).offset(), Some(0));
    }
    let digest = text.strip_prefix(cose_ext::key::THUMBPRINT_URI_PREFIX).unwrap();
    for wrong in [
        String::new(),
        digest[1..].to_owned(),
        format!("A{digest}"),
        format!("{digest}="),
        format!("{digest} "),
        digest.replace('-', "+"),
        // Stray bits after the digest.
        digest.replace("_s", "_t"),
        "ä".repeat(43),
    ] {
        let refusal = breaks(Rule::ThumbprintUri, parse(&text.replace(digest, &wrong)));
        assert_eq!(refusal.offset(), Some(34), "{wrong}");
    }
}

/// A trust store with a key that is in somebody else's hands.
struct Compromised;

impl KeyResolver for Compromised {
    fn candidates(
        &self,
        _: &KeyHint<'_>,
        _: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let why = Policy::KeyNotInForce(OutOfForce::Compromised);
        let _ = each(Candidate::unusable(Error::from(why)));
    }
}

#[test]
fn c101_a_key_that_is_not_in_force_is_refused_by_policy() {
    let message = signed("a10126", "a0", b"x");
    let error = verify(&message, &Compromised).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Policy(Policy::KeyNotInForce(OutOfForce::Compromised)));
    assert_eq!(error.rule().map(|rule| rule.id), Some("C101"));
    assert!(error.to_string().contains("the key is compromised"), "{error}");
}
