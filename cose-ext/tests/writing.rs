//! Messages are written, signed and read back without heap, from outside of the crate.
//!
//! The counter is the allocator of this program; `ci.sh` also builds it with `p256` alone.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

use cose_ext::cbor::{ErrorKind, Head, Map, Reader, Writer};
use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, Signer, YCoordinate};
use cose_ext::error::{Error, Misuse};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::sign1::Draft;
use cose_ext::{BufferTooShort, Context, Input, Profile, Rule, Sign1};
use testkit::alloc_count::{Allocations, Counting, allocations_during};
use testkit::fixed_keys::P256_RFC6979 as KEY;

#[path = "writing/like_the_builders.rs"]
#[cfg(feature = "alloc")]
mod like_the_builders;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `f` gives, which must have been had without heap.
#[track_caller]
fn without_heap<T>(f: impl FnOnce() -> T) -> T {
    let (value, allocations) = allocations_during(f);
    assert_eq!(allocations, Allocations::default());
    value
}

fn signer() -> P256SigningKey {
    P256SigningKey::from_bytes(&KEY.private).expect("a key")
}

fn public_key() -> PublicKey<'static> {
    let y = YCoordinate::Value(&KEY.y);
    PublicKey { material: KeyMaterial::Ec2 { curve: Curve::P256, x: &KEY.x, y }, algorithm: None }
}

/// The header of the token: kid.
fn header(header: &mut Writer<'_>) {
    header.int(4).bytes(b"attester");
}

/// The claims of the token: one of each kind.
fn claims(claims: &mut Writer<'_>) {
    claims.map(4).int(1).text("https://maker.example").int(10).bytes(&[0x42; 32]);
    claims.int(256).array(3).bool(true).null().float(1.5).int(-1);
    claims.embedded(|inner| {
        inner.tag(1).int(u32::MAX);
    });
}

/// Length of the token: tag, array, headers (head, map, alg, kid), claims, signature.
const TOKEN: usize = 2 + (1 + 1 + 2 + 10) + 1 + 2 + CLAIMS + 66;
const CLAIMS: usize = 1 + 1 + 22 + 1 + 34 + 3 + 1 + 1 + 1 + 3 + 1 + 7;

fn token(buffer: &mut [u8]) -> Result<&[u8], Error> {
    let draft = Draft::write(buffer, Algorithm::ES256, 1, header).room_for(64).payload(claims)?;
    draft.sign(&signer())
}

#[test]
fn a_sign1_with_claims_is_written_signed_and_read_back_without_heap() {
    let mut buffer = [0; 256];
    without_heap(|| {
        let message = token(&mut buffer).expect("a token");
        assert_eq!(message.len(), TOKEN);

        let key = TrustedKey::new(public_key(), &Context::new(&RustCrypto)).expect("a key");
        let message = Sign1::decode(message, &Profile::DETERMINISTIC).expect("a message");
        let context = Context::new(&RustCrypto);
        let verified = message.verify(&Input::embedded(), &key, &context).expect("verified");

        let claims = Profile::DETERMINISTIC.item(verified.value().payload(), 0).expect("an item");
        let claims = Map::new(&claims).expect("a map");
        let [issuer, nonce] = claims.find_all([1, 10]);
        assert_eq!(issuer.map(|value| value.read(Reader::text)), Some(Ok("https://maker.example")));
        assert_eq!(nonce.map(|value| value.read(Reader::bytes)), Some(Ok(&[0x42; 32][..])));
        let inner = claims.find(-1).map(|value| Profile::LENIENT.embedded(&value));
        let inner = inner.expect("inner").expect("an item");
        assert_eq!(inner.bytes(), [0xc1, 0x1a, 0xff, 0xff, 0xff, 0xff]);
    });
}

#[test]
fn a_short_buffer_is_answered_with_the_length_that_suffices() {
    let too_short = Error::from(BufferTooShort { needed: TOKEN });
    for len in 0..TOKEN {
        let mut buffer = [0; 256];
        let buffer = buffer.get_mut(..len).expect("shorter");
        without_heap(|| assert_eq!(token(buffer), Err(too_short), "{len}"));
    }
    let mut buffer = [0; TOKEN];
    assert!(token(&mut buffer).is_ok());
}

#[test]
fn room_for_a_signature_is_asked_for_at_any_time() {
    // Long enough for everything but the signature.
    let mut buffer = [0; TOKEN - 1];
    let draft = || Draft::write(&mut [], Algorithm::ES256, 1, header);
    assert_eq!(draft().payload(claims).err(), Some(BufferTooShort { needed: TOKEN - 66 }));
    assert_eq!(draft().room_for(64).payload(claims).err(), Some(BufferTooShort { needed: TOKEN }));

    let draft = Draft::write(&mut buffer, Algorithm::ES256, 1, header).payload(claims);
    let draft = draft.expect("room without a signature");
    assert_eq!(draft.room_for(63), Ok(()));
    assert_eq!(draft.room_for(64), Err(BufferTooShort { needed: TOKEN }));
    // Heads of longer signatures are longer.
    assert_eq!(draft.room_for(256), Err(BufferTooShort { needed: TOKEN - 66 + 259 }));
    assert_eq!(draft.attach(&[0; 64]).err(), Some(BufferTooShort { needed: TOKEN }));
}

#[test]
fn a_key_elsewhere_signs_in_two_steps() {
    let (mut one, mut two) = ([0; 256], [0; 256]);
    let at_once = token(&mut one).expect("a token");
    let draft = Draft::write(&mut two, Algorithm::ES256, 1, header).payload(claims);
    let draft = draft.expect("room");
    let mut signature = [0; 64];
    without_heap(|| {
        signer().sign(&draft.structure().parts(), &mut signature).expect("signed");
        assert_eq!(draft.attach(&signature), Ok(at_once));
    });
}

#[test]
fn headers_that_a_reader_refuses_are_found_by_check() {
    let check = |entries, header: fn(&mut Writer<'_>)| {
        let mut buffer = [0; 64];
        let draft = Draft::write(&mut buffer, Algorithm::ES256, entries, header);
        draft.payload(|_| {}).expect("room").check()
    };
    let rule = |outcome: Result<(), Error>| outcome.expect_err("refused").rule();
    assert_eq!(check(1, header), Ok(()));

    let crit_without_label = check(1, |header| {
        header.int(2).array(1).int(-70000);
    });
    assert_eq!(rule(crit_without_label), Some(Rule::CritPresent.to_ref()));
    let crit_with_label = check(2, |header| {
        header.int(2).array(1).int(-70000).int(-70000).null();
    });
    assert_eq!(crit_with_label, Ok(()));

    let kind = |kind, offset| Err(Error::from(cose_ext::cbor::Error::new(kind, offset)));
    let unsorted = check(2, |header| {
        header.int(-1).null().int(4).bytes(b"1");
    });
    assert_eq!(unsorted, kind(ErrorKind::KeyOrder, 6));
    let twice = check(1, |header| {
        header.int(1).int(-7);
    });
    assert_eq!(twice, kind(ErrorKind::DuplicateKey, 4));
    let missing = check(2, header);
    assert_eq!(missing.map_err(|error| error.offset()), Err(Some(14)));

    let mut buffer = [0; 64];
    let draft = Draft::write(&mut buffer, Algorithm::ES256, 1, header);
    let kid_in_both = draft.unprotected(1, header).payload(|_| {}).expect("room").check();
    assert_eq!(rule(kid_in_both), Some(Rule::OneBucket.to_ref()));
}

#[test]
fn a_signer_of_another_algorithm_is_refused() {
    let mut buffer = [0; 256];
    let draft = Draft::write(&mut buffer, Algorithm::ES384, 1, header).payload(claims);
    let outcome = draft.expect("room").sign(&signer());
    let (header, signer) = (Algorithm::ES384, Algorithm::ES256);
    assert_eq!(outcome, Err(Misuse::OtherAlgorithm { header, signer }.into()));
}

#[test]
fn a_writer_writes_preferred_encodings() {
    let mut buffer = [0; 96];
    let mut writer = Writer::new(&mut buffer);
    writer.int(u64::MAX).int(-1).int(i64::MIN).int(24_u8);
    writer.bytes(&[1, 2]).text("ü").array(0).map(24).tag(55799);
    writer.bool(false).null().float(100_000.0).float(1.1).float(-0.0).float(f64::NAN);
    writer.head(Head::array(1)).encoded(&[0xf7]);
    let expected = "1bffffffffffffffff 20 3b7fffffffffffffff 1818 420102 62c3bc 80 b818 d9d9f7
        f4 f6 fa47c35000 fb3ff199999999999a f98000 f97e00 81 f7";
    let expected: String = expected.split_whitespace().collect();
    assert_eq!(hex::encode(writer.finish().expect("room")), expected);
}

/// Byte strings in byte strings, of any length around the places where heads grow.
fn nested(writer: &mut Writer<'_>, content: &[u8]) -> [std::ops::Range<usize>; 2] {
    let mut inner = 0..0;
    let outer = writer.array(2).embedded(|writer| {
        inner = writer.embedded(|writer| {
            writer.encoded(content);
        });
    });
    writer.int(1);
    [outer, inner]
}

#[test]
fn what_is_embedded_stands_where_it_is_said_to() {
    let content = [0x5a; 70_000];
    for len in [0, 1, 21, 22, 23, 24, 253, 254, 255, 256, 65_531, 65_532, 65_535, 65_536] {
        let content = content.get(..len).expect("shorter");
        let (mut empty, mut buffer) = ([], vec![0; 70_100]);
        let mut measure = Writer::new(&mut empty);
        without_heap(|| nested(&mut measure, content));
        let needed = measure.len();
        assert_eq!(measure.finish().err(), Some(BufferTooShort { needed }));

        let mut writer = Writer::new(&mut buffer);
        let [outer, inner] = without_heap(|| nested(&mut writer, content));
        let written = writer.finish().expect("room");
        assert_eq!(written.len(), needed);
        let item = Profile::DETERMINISTIC.item(written, 0).expect("an item");
        let array = cose_ext::cbor::Array::new(&item).expect("an array");
        let [first, _] = array.exactly().expect("two");
        let first = Profile::DETERMINISTIC.embedded(&first).expect("a byte string");
        assert_eq!((first.offset(), first.bytes().len()), (outer.start, outer.len()));
        assert_eq!(first.read(Reader::bytes), Ok(content));
        // The inner place is counted without the head of the outer string.
        let head = first.offset() - 1;
        assert_eq!(written.get(inner.start + head..inner.end + head), Some(content));

        let mut writer = Writer::new(buffer.get_mut(..needed - 1).expect("shorter"));
        nested(&mut writer, content);
        assert_eq!(writer.finish().err(), Some(BufferTooShort { needed }));
    }
}
