//! Every message of COSE, read under both profiles, shown, and verified by keys that accept every signature.
#![no_main]

#[path = "messages/countersigned.rs"]
mod countersigned;
#[path = "messages/headers.rs"]
mod headers;
#[path = "messages/made.rs"]
mod made;
#[path = "messages/opening.rs"]
mod opening;
#[path = "messages/sealing.rs"]
mod sealing;

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::sign::{CoseSignature, SignPolicy};
use cose_ext::{
    Context, Encrypt, Encrypt0, Input, Mac, Mac0, Message, Profile, Sign, Sign1, Supplied, Trust,
};
use fuzz::{Accept, with_keys, with_secrets};
use libfuzzer_sys::fuzz_target;

// The bytes as they are, and as the choices that make a message with headers in their registered forms.
fuzz_target!(|bytes: &[u8]| {
    read_as(bytes);
    sealing::seal(bytes);
    made::make(bytes);
    headers::agreement(bytes);
    if let Ok(message) = Encoded::<Message<'static>>::arbitrary(&mut Unstructured::new(bytes)) {
        let view = message.view().expect("made by the builder");
        view.headers().check_common(&Profile::LENIENT).expect("each in its form");
        assert!(read_as(message.bytes()), "one of the six");
    }
});

/// Reads the bytes under both profiles, and tells whether the lenient one takes them.
fn read_as(bytes: &[u8]) -> bool {
    let lenient = read(bytes, &Profile::LENIENT);
    let deterministic = read(bytes, &Profile::DETERMINISTIC);
    for (lenient, deterministic) in lenient.iter().zip(deterministic) {
        assert!(
            *lenient || !deterministic,
            "the strict profile accepts what the lenient one refuses"
        );
    }
    if let Ok(message) = Message::decode(bytes, &Profile::LENIENT) {
        countersigned::message(&message);
        headers::read(message.headers());
        headers::replace(&message);
        headers::wrapped(bytes, &message);
        any(bytes, &message);
    }
    lenient.contains(&true)
}

/// Reads the bytes as each of the six messages, and tells which of them they can be.
fn read(bytes: &[u8], profile: &Profile) -> [bool; 6] {
    let tagged = [
        Sign1::decode_tagged(bytes, profile).is_ok(),
        Sign::decode_tagged(bytes, profile).is_ok(),
        Mac0::decode_tagged(bytes, profile).is_ok(),
        Mac::decode_tagged(bytes, profile).is_ok(),
        Encrypt0::decode_tagged(bytes, profile).is_ok(),
        Encrypt::decode_tagged(bytes, profile).is_ok(),
    ];
    headers::untagged(bytes, profile);
    assert!(tagged.iter().filter(|is| **is).count() <= 1, "one tag names two messages");
    let any = [
        Sign1::decode(bytes, profile).is_ok_and(|message| sign1(bytes, &message)),
        Sign::decode(bytes, profile).is_ok_and(|message| sign(&message)),
        Mac0::decode(bytes, profile).is_ok_and(|message| opening::mac0(&message)),
        Mac::decode(bytes, profile).is_ok_and(|message| opening::mac(&message)),
        Encrypt0::decode(bytes, profile).is_ok_and(|message| opening::encrypt0(&message)),
        Encrypt::decode(bytes, profile).is_ok_and(|message| opening::encrypt(&message)),
    ];
    for (tagged, any) in tagged.iter().zip(any) {
        assert!(any || !tagged, "refused where the tag may be absent");
    }
    any
}

/// What authenticates by its tag says what it is, and verifies as a message of its kind.
fn any(bytes: &[u8], message: &Message<'_>) {
    assert!(Message::shapes(bytes).contains(message.kind()), "not of its shape");
    let _ = (message.kind().tag(), message.kind().to_string(), message.danger_unverified_payload());
    let Message::Authenticated(authenticated) = message else { return };
    assert!(bytes.ends_with(authenticated.bytes()));
    let protected = [authenticated.headers(), message.headers()];
    let [one, other] = protected.map(|headers| headers.protected().as_received());
    assert_eq!(one, other);
    let payload = authenticated.danger_unverified_payload();
    let (input, context) = (opening::input(payload), Context::new(&Accept::ALL));
    with_keys(|keys| {
        with_secrets(|secrets| {
            let trust = Trust::keys(keys).and_secrets(secrets);
            let verified = authenticated.verify(&input, &trust, &SignPolicy::All, &context);
            let Ok(verified) = verified else { return };
            assert_eq!(verified.value().payload(), payload.unwrap_or(opening::DETACHED));
            assert_ne!(verified.by().keys(), 0);
            assert!(verified.by().iter().all(|by| verified.by().has(&by.identity())));
            let payload = verified.map(|signed| signed.payload());
            let twice = payload.and_by(payload).expect("one payload");
            assert_eq!(twice.by().keys(), payload.by().keys());
            assert_eq!(twice.by_one().is_some(), payload.by_one().is_some());
            let nobody = Trust::secrets(secrets);
            let _ = authenticated.verify(&input, &nobody, &SignPolicy::AtLeast(1), &context);
        });
    });
}

fn shown(text: String) -> bool {
    !text.is_empty()
}

/// A payload that verifies is the one that stands in the message, and lies in it.
fn sign1(bytes: &[u8], message: &Sign1<'_>) -> bool {
    let payload = message.danger_unverified_payload();
    let input = if payload.is_some() { Input::embedded() } else { Input::detached(b"apart") };
    with_keys(|keys| {
        let Ok(verified) = message.verify(&input, keys, &Context::new(&Accept::ALL)) else {
            return;
        };
        assert_eq!(verified.value().payload(), payload.unwrap_or(b"apart"));
        let within = |part: &[u8]| bytes.as_ptr_range().contains(&part.as_ptr());
        assert!(payload.is_none_or(|payload| payload.is_empty() || within(payload)));
        let other = if payload.is_some() { Input::detached(b"apart") } else { Input::embedded() };
        assert!(message.verify(&other, keys, &Context::new(&Accept::ALL)).is_err());
        // One signature in two is good to this one.
        let even = message.verify(&input, keys, &Context::new(&Accept::EVEN)).is_ok();
        assert_eq!(even, Accept::EVEN.takes(&[], message.signature()));
        let streamed = opening::with_stream(|stream| {
            let context = Context::new(&Accept::EVEN);
            message.verify_stream(stream, &Supplied::NOTHING, keys, &context).is_ok()
        });
        assert!(!streamed || (payload.is_none() && even));
    });
    shown(message.to_string())
}

/// What all signers vouch for, each of them does.
fn sign(message: &Sign<'_>) -> bool {
    let payload = message.danger_unverified_payload();
    let input = if payload.is_some() { Input::embedded() } else { Input::detached(b"apart") };
    with_keys(|keys| {
        let context = Context::new(&Accept::ALL);
        if let Ok(verified) = message.verify(&input, &SignPolicy::All, keys, &context) {
            assert_ne!(message.signatures().len(), 0);
            assert!(message.verify(&input, &SignPolicy::AtLeast(1), keys, &context).is_ok());
            assert_eq!(verified.value().payload(), payload.unwrap_or(b"apart"));
            for signature in message.signatures().iter() {
                message.to_be_signed(&signature, &input, &Profile::LENIENT).expect("it verified");
            }
        }
        let even = Context::new(&Accept::EVEN);
        let good = |one: &CoseSignature<'_>| Accept::EVEN.takes(&[], one.signature());
        if message.verify(&input, &SignPolicy::All, keys, &even).is_ok() {
            assert!(message.signatures().iter().all(|one| good(&one)), "one of them is wrong");
        }
        if message.verify(&input, &SignPolicy::AtLeast(1), keys, &even).is_ok() {
            assert!(message.signatures().iter().any(|one| good(&one)), "all of them are wrong");
        }
        let _ = opening::with_stream(|stream| {
            let (policy, supplied) = (SignPolicy::AtLeast(1), Supplied::NOTHING);
            message.verify_stream(stream, &supplied, &policy, keys, &context).is_ok()
        });
    });
    shown(message.to_string())
}
