//! Countersignatures of every layer, found and made.

use cose_ext::countersignature::{Countersignature0, CountersignatureBuilder, Target};
use cose_ext::crypto::Algorithm;
use cose_ext::header::Headers;
use cose_ext::recipient::Recipients;
use cose_ext::{
    Authenticated, Context, Countersignature, Input, Label, Message, Profile, Supplied,
};
use fuzz::{Accept, AnySigner, with_keys};

use super::opening::{input, with_stream};

/// Signs with nothing.
pub const SIGNER: AnySigner = AnySigner(Algorithm::ES256);

/// Looks at all layers of a message.
pub fn message(message: &Message<'_>) {
    let content = match message {
        Message::Encrypt0(it) => it.ciphertext(),
        Message::Encrypt(it) => it.ciphertext(),
        other => other.danger_unverified_payload(),
    };
    let of_message = input(content);
    match message {
        Message::Authenticated(Authenticated::Sign1(it)) => {
            layer(it.headers(), it.into(), &of_message)
        }
        Message::Authenticated(Authenticated::Sign(it)) => {
            layer(it.headers(), it.into(), &of_message);
            for signature in it.signatures().iter() {
                layer(signature.headers(), (&signature).into(), &Input::embedded());
            }
        }
        Message::Authenticated(Authenticated::Mac0(it)) => {
            layer(it.headers(), it.into(), &of_message)
        }
        Message::Authenticated(Authenticated::Mac(it)) => {
            layer(it.headers(), it.into(), &of_message);
            recipients(it.recipients());
        }
        Message::Encrypt0(it) => layer(it.headers(), it.into(), &of_message),
        Message::Encrypt(it) => {
            layer(it.headers(), it.into(), &of_message);
            recipients(it.recipients());
        }
        _ => {}
    }
    made(message, &of_message);
}

fn recipients(all: &Recipients<'_>) {
    for recipient in all.iter() {
        layer(recipient.headers(), (&recipient).into(), &input(recipient.ciphertext()));
    }
}

fn layer<'a>(headers: &Headers<'a>, target: Target<'a>, input: &Input<'a, 'a>) {
    let profile = Profile::LENIENT;
    let all = [headers.countersignatures(&profile), headers.countersignatures_of_rfc8152(&profile)];
    for all in all.into_iter().flatten().flatten() {
        assert_eq!(all.iter().count(), all.len());
        all.iter().take(4).for_each(|one| full(&one, target, input));
    }
    let short = [headers.countersignature0(), headers.countersignature0_of_rfc8152()];
    for one in short.into_iter().flatten().flatten() {
        abbreviated(&one, target, input);
    }
}

/// What is countersigned is the content of its target.
fn full<'a>(one: &Countersignature<'a>, target: Target<'a>, input: &Input<'a, 'a>) {
    let context = Context::new(&Accept::ALL);
    let structure = one.to_be_signed(target, input, &Profile::LENIENT);
    with_keys(|keys| {
        if let Ok(verified) = one.verify(target, input, keys, &context) {
            let structure = structure.expect("it was verified");
            assert_eq!(structure.parts().concat().len(), structure.len());
            assert_eq!(Ok(verified.by().algorithm()), one.algorithm());
            let signed = verified.value().protected().as_received();
            assert_eq!(signed, one.headers().protected().as_received());
            let _ = (verified.value().content(), verified.value().authenticator());
            let _ = verified.value().target();
        }
        let even = Context::new(&Accept::EVEN);
        let is_good = one.verify(target, input, keys, &even).is_ok();
        assert!(!is_good || Accept::EVEN.takes(&[], one.signature()), "a wrong one");
        let _ = with_stream(|stream| {
            one.verify_stream(target, stream, &Supplied::NOTHING, keys, &context).is_ok()
        });
    });
    assert!(!one.to_string().is_empty());
    // Countersignatures of countersignatures.
    if let Ok(Some(inner)) = one.headers().countersignatures(&Profile::LENIENT) {
        let input = Input::embedded();
        inner.iter().take(2).for_each(|inner| full(&inner, one.into(), &input));
    }
}

fn abbreviated<'a>(one: &Countersignature0<'a>, target: Target<'a>, input: &Input<'a, 'a>) {
    let context = Context::new(&Accept::ALL);
    let structure = one.to_be_signed(target, input, &Profile::LENIENT);
    with_keys(|keys| {
        let verified = one.verify(target, input, Algorithm::ES256, keys, &context);
        assert!(structure.is_ok() || verified.is_err());
    });
}

/// A countersignature that is added is found, after those that were there, and is one of the message.
fn made(message: &Message<'_>, input: &Input<'static, 'static>) {
    let Message::Authenticated(Authenticated::Sign1(deed)) = message else { return };
    let builder = CountersignatureBuilder::new().key_id(b"notary");
    let Ok(made) = builder.sign(deed, input, &SIGNER) else { return };
    let alone = Countersignature::decode(&made, &Profile::DETERMINISTIC).expect("made here");
    assert!(!alone.is_tagged() && alone.bytes() == made);
    let Ok(bucket) = deed.headers().with_countersignature(&made) else { return };
    let Ok(bytes) = deed.with_unprotected(&bucket) else { return };
    let again = cose_ext::Sign1::decode(&bytes, &Profile::LENIENT).expect("as it was");
    let protected = again.headers().protected().as_received();
    assert_eq!(protected, deed.headers().protected().as_received());
    assert_eq!(again.signature(), deed.signature());
    let found = again.headers().countersignatures(&Profile::LENIENT).expect("as it was");
    let last = found.and_then(|all| all.iter().last()).expect("it was added");
    assert_eq!(last.bytes(), made);
    with_keys(|keys| {
        let verified = last.verify(&again, input, keys, &Context::new(&Accept::ALL));
        assert!(verified.is_ok(), "every signature is good");
    });
    full(&last, (&again).into(), input);
    let tagged = CountersignatureBuilder::new().tagged().sign(deed, input, &SIGNER);
    let tagged = tagged.expect("as the one before");
    assert!(Countersignature::decode_tagged(&tagged, &Profile::LENIENT).is_ok());
    assert!(Countersignature::decode_untagged(&tagged, &Profile::LENIENT).is_err());
    assert!(Countersignature::decode_tagged(&made, &Profile::LENIENT).is_err());
    if let Ok(bucket) = last.headers().with_countersignature(&made) {
        assert!(last.with_unprotected(&bucket).is_ok_and(|bytes| bytes.len() > made.len()));
    }
    if let Ok(short) = Countersignature0::sign(deed, input, &SIGNER) {
        let bucket = deed.headers().unprotected().to_builder();
        let bucket = bucket.with(Label::COUNTERSIGNATURE_0_V2.value(), &short[..]);
        let _ = deed.with_unprotected(&bucket).is_ok();
    }
}
