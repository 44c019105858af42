//! What crates above need of the seams, from outside and without heap: several messages over one
//! value, a token inside of a token, a payload that stays where it is.
//!
//! `ci.sh` runs it with `p256` alone. The counter is the allocator of this program.

use cose_ext::cbor::{Map, Reader};
use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::cwt::{ClaimKey, Claims, Cwt};
use cose_ext::error::{Error, ErrorKind, Misuse, Origin, Policy, Verification};
use cose_ext::header::Label;
use cose_ext::key::{Identity, KeyResolver, TrustStore, TrustedKey};
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::sign::SignPolicy;
use cose_ext::sign1::Draft;
use cose_ext::{
    Authenticated, Context, Input, IssuerBinding, Profile, Rule, Sign1, Signed, Supplied, Trust,
    Verified,
};
use testkit::alloc_count::{Allocations, Counting, allocations_during};
use testkit::fixed_keys::{EcKey, P256_COSE_11, P256_RFC6979};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `f` gives, which must have been had without heap.
#[track_caller]
fn without_heap<T>(f: impl FnOnce() -> T) -> T {
    let (value, allocations) = allocations_during(f);
    assert_eq!(allocations, Allocations::default());
    value
}

fn signer(key: &EcKey<32>) -> P256SigningKey {
    P256SigningKey::from_bytes(&key.private).expect("a key")
}

fn trusted(key: &'static EcKey<32>) -> TrustedKey<'static> {
    let y = YCoordinate::Value(&key.y);
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &key.x, y };
    let key = PublicKey { material, algorithm: None };
    TrustedKey::new(key, &Context::new(&RustCrypto)).expect("a key")
}

/// A COSE_Sign1 over a payload, embedded or detached, by `key` under the kid `key_id`.
fn block<'o>(out: &'o mut [u8], key: &EcKey<32>, key_id: &[u8], detached: &'o [u8]) -> &'o [u8] {
    let draft = Draft::write(out, Algorithm::ES256, 1, |header| {
        header.int(4).bytes(key_id);
    });
    draft.detached(detached).expect("room").sign(&signer(key)).expect("signed")
}

/// A token with these claims.
fn token<'o>(
    out: &'o mut [u8],
    key: &EcKey<32>,
    issuer: &str,
    submodule: Option<&[u8]>,
) -> &'o [u8] {
    let draft = Draft::write(out, Algorithm::ES256, 0, |_| {});
    let draft = draft.payload(|claims| {
        claims.map(if submodule.is_some() { 2 } else { 1 }).int(1).text(issuer);
        if let Some(submodule) = submodule {
            claims.int(266).map(1).text("inner").bytes(submodule);
        }
    });
    draft.expect("room").sign(&signer(key)).expect("signed")
}

fn payload<'p>(signed: Signed<'_, 'p>) -> &'p [u8] {
    signed.payload()
}

#[test]
fn two_blocks_over_one_digest_are_counted_by_keys() {
    const DIGEST: &[u8] = b"\x82\x2f\x58\x20................................";
    let (mut one, mut two, mut again) = ([0; 256], [0; 256], [0; 256]);
    let one = block(&mut one, &P256_RFC6979, b"one", DIGEST);
    let two = block(&mut two, &P256_COSE_11, b"two", DIGEST);
    let again = block(&mut again, &P256_RFC6979, b"again", DIGEST);
    // One of the keys is enrolled twice, under two kids and two identities.
    let keys = [
        trusted(&P256_RFC6979).with_key_id(b"one"),
        trusted(&P256_COSE_11).with_key_id(b"two"),
        trusted(&P256_RFC6979).with_key_id(b"again").with_identity(Identity::new([7; 32])),
    ];
    without_heap(|| {
        let store = TrustStore::new(&keys);
        let (trust, context) = (Trust::keys(&store), Context::new(&RustCrypto));
        let check = |block: &[u8], digest: &'static [u8]| -> Result<_, Error> {
            let block = Authenticated::decode_tagged(block, &Profile::DETERMINISTIC)?;
            let any = SignPolicy::AtLeast(1);
            let verified = block.verify(&Input::detached(digest), &trust, &any, &context)?;
            Ok(verified.map(|signed| signed.payload().len()))
        };
        let first = check(one, DIGEST).unwrap();
        let both = first.and_by(check(two, DIGEST).unwrap()).unwrap();
        assert_eq!((both.by().keys(), both.by().signatures()), (2, 2));
        assert_eq!(both.by().iter().map(|by| by.message()).collect_two(), [0, 1]);
        SignPolicy::AtLeast(2).check_signers(both.by()).unwrap();
        // One key is one, under how many kids and identities it may stand.
        let same = first.and_by(check(again, DIGEST).unwrap()).unwrap();
        assert_eq!((same.by().keys(), same.by().signatures()), (1, 2));
        assert_eq!(
            SignPolicy::AtLeast(2).check_signers(same.by()),
            Err(Error::from(Verification::SignPolicy { needed: 2, found: 1 }))
        );
        let identities = [trusted(&P256_RFC6979).identity(), trusted(&P256_COSE_11).identity()];
        SignPolicy::Keys(&identities).check_signers(both.by()).unwrap();
        assert!(SignPolicy::Keys(&identities).check_signers(same.by()).is_err());
        // A block over something else does not join.
        let broken = Verification::InvalidSignature { tried: 1 };
        assert_eq!(check(two, b"another").unwrap_err(), Error::from(broken));
    });
}

/// Two items without a heap.
trait CollectTwo: Iterator<Item = usize> + Sized {
    fn collect_two(mut self) -> [usize; 2] {
        let two = [self.next(), self.next()].map(|item| item.expect("two items"));
        assert!(self.next().is_none());
        two
    }
}

impl<I: Iterator<Item = usize>> CollectTwo for I {}

#[test]
fn values_that_differ_do_not_join() {
    let (mut one, mut two) = ([0; 256], [0; 256]);
    let one = block(&mut one, &P256_RFC6979, b"one", b"a");
    let two = block(&mut two, &P256_COSE_11, b"two", b"b");
    let keys = [trusted(&P256_RFC6979), trusted(&P256_COSE_11)];
    let store = TrustStore::new(&keys);
    let context = Context::new(&RustCrypto);
    let check = |block, digest| {
        let block = Sign1::decode_tagged(block, &Profile::LENIENT).unwrap();
        block.verify(&Input::detached(digest), &store, &context).unwrap().map(payload).by_several()
    };
    let joined = check(one, b"a".as_slice()).and_by(check(two, b"b".as_slice()));
    assert_eq!(joined.unwrap_err(), Error::from(Verification::OtherValue));
}

#[test]
fn a_tag_that_authenticates_nothing_is_refused() {
    for bytes in [&b"\xd0\x83\x40\xa0\x40"[..], b"\xd8\x3d\xd2\x84", b"\x84\x40\xa0\x40\x40"] {
        let error = Authenticated::decode_tagged(bytes, &Profile::LENIENT).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::Tag.to_ref()), "{error}");
    }
}

#[test]
fn a_nested_token_is_its_own_issuers() {
    let (mut inner, mut outer) = ([0; 256], [0; 512]);
    let inner = token(&mut inner, &P256_COSE_11, "https://inner.example", None);
    let outer = token(&mut outer, &P256_RFC6979, "https://outer.example", Some(inner));
    without_heap(|| {
        let context = Context::new(&RustCrypto);
        let keys = [
            trusted(&P256_RFC6979).for_issuer("https://outer.example"),
            trusted(&P256_COSE_11).for_issuer("https://inner.example"),
        ];
        let store = TrustStore::new(&keys);
        let outer = Cwt::decode(outer, &Profile::LENIENT).unwrap();
        let outer = by_one(&outer, &store, &context).unwrap();
        assert_eq!(outer.by().issuer(), IssuerBinding::Checked);
        assert_eq!(outer.by().thumbprint().unwrap().as_bytes(), keys[0].identity().as_bytes());
        let nested = outer.try_map(nested).unwrap();
        let inner = Cwt::decode(nested.value(), &Profile::LENIENT).unwrap();
        let verified = by_one(&inner, &store, &context).unwrap();
        assert_eq!(verified.by().issuer(), IssuerBinding::Checked);
        assert_eq!(verified.by().identity(), keys[1].identity());
        // The key of the outer issuer does not speak for the inner one, although it signed around it.
        let only = [trusted(&P256_COSE_11).for_issuer("https://outer.example")];
        let refused = by_one(&inner, &TrustStore::new(&only), &context);
        assert_eq!(
            refused.unwrap_err().kind(),
            ErrorKind::Policy(Policy::NotEnrolled { tried: 0 })
        );
        // A key that is bound to nobody says so.
        let unbound = [trusted(&P256_COSE_11)];
        let by = *by_one(&inner, &TrustStore::new(&unbound), &context).unwrap().by();
        assert_eq!(by.issuer(), IssuerBinding::NotBound);
    });
}

/// The claims of a token, and the one key that vouches for them.
fn by_one<'a>(
    token: &Cwt<'a>,
    keys: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<Verified<Claims<'a>>, Error> {
    let trust = Trust::keys(keys);
    let verified = token.verify(&Supplied::NOTHING, &trust, &SignPolicy::All, context)?;
    Ok(verified.by_one().expect("one signature"))
}

fn nested(claims: Claims<'_>) -> Result<&[u8], Error> {
    let submodules = Map::new(&claims.find(ClaimKey::SUBMODS).expect("submods"))?;
    let inner = submodules.find_text("inner").expect("a submodule");
    Ok(inner.read(Reader::bytes)?)
}

#[test]
fn a_token_without_issuer_is_refused_for_a_key_that_has_one() {
    let mut out = [0; 256];
    let draft = Draft::write(&mut out, Algorithm::ES256, 0, |_| {});
    let draft = draft.payload(|claims| {
        claims.map(1).int(2).text("subject");
    });
    let token = draft.unwrap().sign(&signer(&P256_RFC6979)).unwrap();
    let token = Cwt::decode(token, &Profile::LENIENT).unwrap();
    let bound = trusted(&P256_RFC6979).for_issuer("https://a.example");
    let refused = by_one(&token, &bound, &Context::new(&RustCrypto));
    let error = refused.unwrap_err();
    assert_eq!(error, Error::from(Policy::IssuerNotClaimed));
    assert_eq!(error.rule(), Some(Rule::IssuerClaimed.to_ref()));
}

#[test]
fn a_payload_of_64_kib_stays_where_it_is() {
    static PAYLOAD: [u8; 64 * 1024] = [0x5a; 64 * 1024];
    let mut out = vec![0; PAYLOAD.len() + 256];
    let draft = Draft::write(&mut out, Algorithm::ES256, 0, |_| {});
    let draft = draft.payload(|payload| {
        payload.encoded(&PAYLOAD);
    });
    let message = draft.unwrap().sign(&signer(&P256_RFC6979)).unwrap();
    let key = trusted(&P256_RFC6979);
    without_heap(|| {
        let view = Sign1::decode(message, &Profile::LENIENT).unwrap();
        let signed = view.verify(&Input::embedded(), &key, &Context::new(&RustCrypto)).unwrap();
        let payload = signed.value().payload();
        let at = signed.value().payload_offset();
        assert!(std::ptr::eq(payload, &message[at..at + PAYLOAD.len()]), "borrowed, not copied");
    });
}

/// Maps of a verified message come apart into verified entries, each with who vouches for it.
#[test]
fn verified_maps_come_apart_into_verified_entries() {
    let mut out = [0; 256];
    let message = block(&mut out, &P256_RFC6979, b"one", b"\xa1\x01\x61a");
    let message = Sign1::decode(message, &Profile::LENIENT).unwrap();
    let keys = trusted(&P256_RFC6979).with_key_id(b"one");
    let context = Context::new(&RustCrypto);
    let verified = message.verify(&Input::detached(b"\xa1\x01\x61a"), &keys, &context).unwrap();
    let by = *verified.by();
    let bucket = verified.by_ref().map(|signed| **signed.protected());
    let algorithm = bucket.into_items().find(|entry| entry.value().0 == Label::ALG).unwrap();
    assert_eq!(**algorithm.by(), by);
    let claims = verified.claims(&context).unwrap();
    let mut issuers = claims.into_items().filter(|entry| entry.value().0 == ClaimKey::ISS);
    assert_eq!(issuers.next().unwrap().value().1.read(|reader| reader.text()), Ok("a"));
    assert!(issuers.next().is_none());
}

/// Errors within a payload that is not part of the message count in that payload.
#[test]
fn offsets_of_a_detached_payload_count_in_it() {
    let mut out = [0; 256];
    let message = block(&mut out, &P256_RFC6979, b"one", b"\x82\x01");
    let message = Sign1::decode(message, &Profile::LENIENT).unwrap();
    let keys = trusted(&P256_RFC6979).with_key_id(b"one");
    let context = Context::new(&RustCrypto);
    let verified = message.verify(&Input::detached(b"\x82\x01"), &keys, &context).unwrap();
    let error = verified.value().payload_item(&Profile::LENIENT).unwrap_err();
    let place = error.place().unwrap();
    assert_eq!((place.byte(), place.origin()), (2, Origin::Payload));
}

/// A trust store, a provider and a context belong into a service's threads.
#[test]
fn a_trust_store_serves_several_threads() {
    let mut out = [0; 256];
    let message = block(&mut out, &P256_RFC6979, b"one", b"payload");
    let keys = [trusted(&P256_RFC6979).with_key_id(b"one"), trusted(&P256_COSE_11)];
    let store = TrustStore::new(&keys);
    let issuers = cose_ext::key::IssuerKeys::new("https://a.example", &store);
    let context = Context::new(&RustCrypto);
    let verify = || {
        let message = Sign1::decode(message, &Profile::LENIENT).unwrap();
        let verified = message.verify(&Input::detached(b"payload"), &issuers, &context).unwrap();
        assert_eq!(verified.by().issuer(), IssuerBinding::NotClaimed);
        *verified.by()
    };
    let here = verify();
    std::thread::scope(|scope| {
        for thread in [scope.spawn(verify), scope.spawn(verify)] {
            assert_eq!(thread.join().unwrap(), here);
        }
    });
}

/// Every resolver can be bound to an issuer, and one that is bound to another stays with that.
#[test]
fn any_keys_are_bound_to_an_issuer() {
    let mut out = [0; 256];
    let message = token(&mut out, &P256_RFC6979, "https://a.example", None);
    let token = Cwt::decode(message, &Profile::LENIENT).unwrap();
    let (unbound, bound) =
        (trusted(&P256_RFC6979), trusted(&P256_RFC6979).for_issuer("https://a.example"));
    let verify = |keys: &dyn cose_ext::key::KeyResolver, issuer: &str| {
        let keys = cose_ext::key::IssuerKeys::new(issuer, keys);
        let verdict = by_one(&token, &keys, &Context::new(&RustCrypto));
        verdict.map(|verified| verified.by().issuer())
    };
    let nobody = Error::from(Policy::NotEnrolled { tried: 0 });
    assert_eq!(verify(&unbound, "https://a.example"), Ok(IssuerBinding::Checked));
    assert_eq!(verify(&bound, "https://a.example"), Ok(IssuerBinding::Checked));
    assert_eq!(verify(&unbound, "https://b.example"), Err(nobody));
    assert_eq!(verify(&bound, "https://b.example"), Err(nobody));
}

/// What was read before the signature was checked joins what was signed, if it is of this header.
#[test]
fn facts_of_a_header_join_the_message_that_has_it() {
    let (mut one, mut two) = ([0; 256], [0; 256]);
    let messages = [
        block(&mut one, &P256_RFC6979, b"one", b"payload"),
        block(&mut two, &P256_RFC6979, b"two", b"payload"),
    ];
    let [here, other] = messages.map(|bytes| Sign1::decode(bytes, &Profile::LENIENT).unwrap());
    let facts = here.headers().protected().facts(|protected| protected.key_id().ok().flatten());
    assert_eq!(*facts.value(), Some(&b"one"[..]));
    let keys = trusted(&P256_RFC6979);
    let context = Context::new(&RustCrypto);
    let verify = |message: &Sign1<'_>| {
        let signed = message.verify(&Input::detached(b"payload"), &keys, &context).unwrap();
        signed.with_facts(facts).map(|joined| joined.value().1)
    };
    assert_eq!(verify(&here), Ok(Some(&b"one"[..])));
    assert_eq!(verify(&other), Err(Error::from(Misuse::OtherHeader)));
}
