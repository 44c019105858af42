//! Every message of COSE, read under both profiles, shown, and verified by keys that accept every signature.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::sign::SignPolicy;
use cose_ext::{Context, Encrypt, Encrypt0, Input, Mac, Mac0, Message, Profile, Sign, Sign1};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;

// The bytes as they are, and as the choices that make a message with headers in their registered forms.
fuzz_target!(|bytes: &[u8]| {
    read_as(bytes);
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
    assert!(tagged.iter().filter(|is| **is).count() <= 1, "one tag names two messages");
    let any = [
        Sign1::decode(bytes, profile).is_ok_and(|message| sign1(bytes, &message)),
        Sign::decode(bytes, profile).is_ok_and(|message| sign(&message)),
        Mac0::decode(bytes, profile).is_ok_and(|message| shown(message.to_string())),
        Mac::decode(bytes, profile).is_ok_and(|message| shown(message.to_string())),
        Encrypt0::decode(bytes, profile).is_ok_and(|message| shown(message.to_string())),
        Encrypt::decode(bytes, profile).is_ok_and(|message| shown(message.to_string())),
    ];
    for (tagged, any) in tagged.iter().zip(any) {
        assert!(any || !tagged, "refused where the tag may be absent");
    }
    any
}

fn shown(text: String) -> bool {
    !text.is_empty()
}

/// A payload that verifies is the one that stands in the message, and lies in it.
fn sign1(bytes: &[u8], message: &Sign1<'_>) -> bool {
    let payload = message.danger_unverified_payload();
    let input = if payload.is_some() { Input::embedded() } else { Input::detached(b"apart") };
    with_keys(|keys| {
        let Ok(verified) = message.verify(&input, keys, &Context::new(&AcceptAll)) else { return };
        assert_eq!(verified.value().payload(), payload.unwrap_or(b"apart"));
        let within = |part: &[u8]| bytes.as_ptr_range().contains(&part.as_ptr());
        assert!(payload.is_none_or(|payload| payload.is_empty() || within(payload)));
        let other = if payload.is_some() { Input::detached(b"apart") } else { Input::embedded() };
        assert!(message.verify(&other, keys, &Context::new(&AcceptAll)).is_err());
    });
    shown(message.to_string())
}

/// What all signers vouch for, each of them does.
fn sign(message: &Sign<'_>) -> bool {
    let payload = message.danger_unverified_payload();
    let input = if payload.is_some() { Input::embedded() } else { Input::detached(b"apart") };
    with_keys(|keys| {
        let context = Context::new(&AcceptAll);
        if let Ok(verified) = message.verify(&input, &SignPolicy::All, keys, &context) {
            assert_ne!(message.signatures().len(), 0);
            assert!(message.verify(&input, &SignPolicy::AtLeast(1), keys, &context).is_ok());
            assert_eq!(verified.value().payload(), payload.unwrap_or(b"apart"));
        }
    });
    shown(message.to_string())
}
