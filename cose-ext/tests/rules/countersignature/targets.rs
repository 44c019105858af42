//! What a countersignature covers, for every kind of target.

use cose_ext::countersignature::Target;
use cose_ext::crypto::Algorithm;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{
    Context, Countersignature, Countersignature0, Error, Input, Profile, Rule, Stream, Supplied,
};

use super::{
    CONTENT, Kind, PROTECTED, abbreviated, bucket, countersignature, full, is_as_signed, message,
    signed, structure, verify, verify0,
};
use crate::expect::breaks;
use crate::messages::{bstr, h, trusted_issuer};

#[test]
fn c89_every_kind_of_target_is_covered_with_all_that_it_has() {
    let context = Context::new(&RustCrypto);
    for kind in Kind::ALL {
        let one = countersignature(&signed(&full(kind)));
        for (value, len) in [
            (one.clone(), 1),
            ([&[0x81], &one[..]].concat(), 1),
            ([&[0x82], &one[..], &one].concat(), 2),
            ([&[0x9f], &one[..], &one, &one, &[0xff]].concat(), 3),
        ] {
            let bytes = message(kind, &bucket(11, &value));
            let indices = kind.read(&bytes, |headers, target| {
                let all = headers.countersignatures(&Profile::LENIENT).unwrap().unwrap();
                assert_eq!(all.len(), len);
                let verified = all.iter().map(|one| {
                    assert_eq!((one.algorithm(), one.is_tagged()), (Ok(Algorithm::ES256), false));
                    let structure =
                        one.to_be_signed(target, &Input::embedded(), &Profile::LENIENT).unwrap();
                    assert_eq!(structure.parts().concat(), full(kind), "{kind:?}");
                    assert_eq!(structure.len(), full(kind).len());
                    let verified =
                        one.verify(target, &Input::embedded(), &trusted_issuer(), &context);
                    let verified = verified.unwrap();
                    assert!(is_as_signed(&verified, kind), "{kind:?}");
                    assert_eq!(verified.value().protected().as_received(), PROTECTED);
                    verified.by().signature()
                });
                verified.collect::<Vec<_>>()
            });
            assert_eq!(indices.unwrap(), (0..len).collect::<Vec<_>>());
        }
    }
}

#[test]
fn c89_an_abbreviated_one_covers_the_same() {
    let context = Context::new(&RustCrypto);
    for kind in Kind::ALL {
        let bytes = message(kind, &bucket(12, &bstr(&signed(&abbreviated(kind)))));
        let read = kind.read(&bytes, |headers, target| {
            let one = headers.countersignature0().unwrap().unwrap();
            let structure =
                one.to_be_signed(target, &Input::embedded(), &Profile::LENIENT).unwrap();
            assert_eq!(structure.parts().concat(), abbreviated(kind), "{kind:?}");
            let keys = trusted_issuer();
            let input = Input::embedded();
            let verified = one.verify(target, &input, Algorithm::ES256, &keys, &context).unwrap();
            assert!(is_as_signed(&verified, kind), "{kind:?}");
            assert!(verified.value().protected().is_empty());
        });
        assert_eq!(read, Ok(()));
    }
}

#[test]
fn c89_nothing_that_is_covered_can_be_changed() {
    let context = Context::new(&RustCrypto);
    for kind in Kind::ALL {
        let one = countersignature(&signed(&full(kind)));
        let one = Countersignature::decode(&one, &Profile::LENIENT).unwrap();
        let zero = signed(&abbreviated(kind));
        let zero = Countersignature0::new(&zero);
        let verify = |bytes: &[u8]| -> Result<(), Error> {
            // Owned, so that the borrow of the target is no longer than this call.
            kind.read(bytes, |_, target: Target<'_>| {
                let (input, keys) = (Input::embedded(), trusted_issuer());
                let full = one.verify(target, &input, &keys, &context).map(drop);
                let short = zero.verify(target, &input, Algorithm::ES256, &keys, &context);
                assert_eq!(full, short.map(drop));
                full
            })?
        };
        let [before, covered, after] = kind.message(&[0xa0]);
        assert_eq!(verify(&[&before[..], &covered, &after].concat()), Ok(()));
        for at in 0..covered.len() {
            for bit in 0..8 {
                let mut changed = covered.clone();
                changed[at] ^= 1 << bit;
                let changed = [&before[..], &changed, &after].concat();
                assert!(verify(&changed).is_err(), "{kind:?}: byte {at}, bit {bit}");
            }
        }
        // The unprotected bucket, and signatures and recipients, are anybody's.
        let [before, covered, _] = kind.message(&h("a1 182a 6161"));
        let other = if after.is_empty() { vec![] } else { h("81 83 40 a0 4102") };
        assert_eq!(verify(&[before, covered, other].concat()), Ok(()), "{kind:?}");
    }
}

#[test]
fn c89_an_empty_bucket_is_countersigned_as_no_bytes() {
    for empty in ["40", "41a0", "42b800", "42bfff"] {
        let target = h(&format!("83 {empty} a0 4101"));
        let target = Countersignature::decode(&target, &Profile::LENIENT).unwrap();
        let one = h(&format!("83 {empty} a0 40"));
        let one = Countersignature::decode(&one, &Profile::LENIENT).unwrap();
        let structure = one.to_be_signed(&target, &Input::embedded(), &Profile::LENIENT).unwrap();
        let expected = [b"\x85\x70CounterSignature", &h("40 40 40 4101")[..]].concat();
        assert_eq!(structure.parts().concat(), expected);
    }
}

#[test]
fn c89_external_data_is_covered() {
    let of = |aad: &[u8]| {
        let other = Kind::Sign1.authenticator();
        let structure = structure("CounterSignatureV2", Some(&PROTECTED), aad, CONTENT, other);
        message(Kind::Sign1, &bucket(11, &countersignature(&signed(&structure))))
    };
    let with = |aad| Input::embedded().with_external_aad(aad);
    assert_eq!(verify(Kind::Sign1, &of(b"context"), &with(b"context")), Ok(()));
    assert_eq!(verify(Kind::Sign1, &of(b""), &with(b"")), Ok(()));
    for (signed, given) in [(&b"context"[..], &b""[..]), (b"", b"context"), (b"a", b"b")] {
        breaks(Rule::Countersignature, verify(Kind::Sign1, &of(signed), &with(given)));
    }
}

#[test]
fn c89_detached_content_is_covered_and_named() {
    for kind in [Kind::Sign1, Kind::Sign, Kind::Mac0, Kind::Mac, Kind::Encrypt0, Kind::Encrypt] {
        let embedded = message(kind, &bucket(11, &countersignature(&signed(&full(kind)))));
        let content = bstr(CONTENT);
        let at = embedded.windows(content.len()).position(|window| window == content).unwrap();
        let detached = [&embedded[..at], &[0xf6], &embedded[at + content.len()..]].concat();
        assert_eq!(verify(kind, &detached, &Input::detached(CONTENT)), Ok(()), "{kind:?}");
        breaks(Rule::Countersignature, verify(kind, &detached, &Input::detached(b"contenT")));
        breaks(Rule::PayloadNamed, verify(kind, &detached, &Input::embedded()));
        breaks(Rule::PayloadNamed, verify(kind, &embedded, &Input::detached(CONTENT)));
    }
    // A signature is never detached.
    let bytes =
        message(Kind::Signature, &bucket(11, &countersignature(&signed(&full(Kind::Signature)))));
    assert_eq!(verify(Kind::Signature, &bytes, &Input::embedded()), Ok(()));
    breaks(Rule::PayloadNamed, verify(Kind::Signature, &bytes, &Input::detached(CONTENT)));
}

#[test]
fn c89_streamed_content_is_covered() {
    let (profile, context) = (Profile::LENIENT, Context::new(&RustCrypto));
    for kind in [Kind::Sign1, Kind::Sign, Kind::Mac0, Kind::Mac, Kind::Encrypt0, Kind::Encrypt] {
        let one = countersignature(&signed(&full(kind)));
        let one = Countersignature::decode(&one, &profile).unwrap();
        let embedded = message(kind, &[0xa0]);
        let content = bstr(CONTENT);
        let at = embedded.windows(content.len()).position(|window| window == content).unwrap();
        let detached = [&embedded[..at], &[0xf6], &embedded[at + content.len()..]].concat();
        let verdict = |bytes: &[u8], len, pieces: &[&[u8]]| {
            kind.read(bytes, |_, target| {
                let mut feed = |sink: &mut dyn FnMut(&[u8])| {
                    pieces.iter().for_each(|piece| sink(piece));
                    Ok(())
                };
                let keys = trusted_issuer();
                let mut stream = Stream::new(len, &mut feed);
                one.verify_stream(target, &mut stream, &Supplied::NOTHING, &keys, &context).map(
                    |verified| {
                        assert_eq!(verified.value().authenticator(), kind.authenticator());
                        assert_eq!(verified.value().target().as_received(), PROTECTED);
                    },
                )
            })
            .unwrap()
        };
        assert_eq!(verdict(&detached, 7, &[b"con", b"", b"tent"]), Ok(()), "{kind:?}");
        breaks(Rule::Countersignature, verdict(&detached, 7, &[b"contenT"]));
        for (len, content) in
            [(7, &b"conten"[..]), (7, b"contents"), (6, b"content"), (0, b"content")]
        {
            breaks(Rule::Signature, verdict(&detached, len, &[content]));
        }
        breaks(Rule::PayloadNamed, verdict(&embedded, 7, &[CONTENT]));
    }
}

#[test]
fn c89_one_target_is_not_another() {
    // Of structures of two byte strings the kind is not covered, of three it is not either; two are
    // never three.
    for made_for in Kind::ALL {
        let full = countersignature(&signed(&full(made_for)));
        let short = bstr(&signed(&abbreviated(made_for)));
        for used_for in Kind::ALL {
            let bytes = message(used_for, &bucket(11, &full));
            let short = message(used_for, &bucket(12, &short));
            if made_for.authenticator() == used_for.authenticator() {
                assert_eq!(verify(used_for, &bytes, &Input::embedded()), Ok(()));
                assert_eq!(verify0(used_for, &short), Ok(()));
            } else {
                breaks(Rule::Countersignature, verify(used_for, &bytes, &Input::embedded()));
                breaks(Rule::Countersignature, verify0(used_for, &short));
            }
        }
    }
}

#[test]
fn c89_a_countersignature_in_a_header_can_be_countersigned_there() {
    let profile = Profile::LENIENT;
    let inner = signed(&full(Kind::Sign1));
    let outer = signed(&structure("CounterSignature", Some(&PROTECTED), b"", &inner, None));
    let chain =
        [&[0x83][..], &bstr(&PROTECTED), &bucket(11, &countersignature(&outer)), &bstr(&inner)]
            .concat();
    let bytes = message(Kind::Sign1, &bucket(11, &chain));
    assert_eq!(verify(Kind::Sign1, &bytes, &Input::embedded()), Ok(()));
    let message = cose_ext::Sign1::decode(&bytes, &profile).unwrap();
    let first = message.headers().countersignatures(&profile).unwrap().unwrap();
    let first = first.iter().next().unwrap();
    let second = first.headers().countersignatures(&profile).unwrap().unwrap();
    let second = second.iter().next().unwrap();
    let (keys, context) = (trusted_issuer(), Context::new(&RustCrypto));
    let verified = second.verify(&first, &Input::embedded(), &keys, &context).unwrap();
    assert_eq!(verified.value().content(), inner);
    assert_eq!(verified.value().authenticator(), None);
    // The second says nothing of the message.
    let of_message = second.verify(&message, &Input::embedded(), &keys, &context);
    breaks(Rule::Countersignature, of_message);
}
