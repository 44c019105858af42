//! Messages that a secret key opens, where every tag is right.

use cose_ext::crypto::Curve;
use cose_ext::key::Identity;
use cose_ext::recipient::{Agreed, KnownSender, PartyInfo, Recipients};
use cose_ext::{
    Context, Encrypt, Encrypt0, Input, Mac, Mac0, OpenInput, Profile, Stream, Supplied,
};
use fuzz::{Accept, agreeing_key, with_secrets};

/// Longer than any nonce.
const CONTEXT_IV: [u8; 64] = [9; 64];
pub const DETACHED: &[u8] = b"apart";
/// What the parties agreed upon: what a header may say too.
const AGREED: Agreed<'static> = Agreed {
    party_u: PartyInfo { identity: Some(b"sender"), nonce: Some(b"nonce"), other: Some(b"u") },
    party_v: PartyInfo { identity: Some(b"receiver"), nonce: None, other: Some(b"v") },
    public: Some(b"public"),
    private: Some(b"private"),
};

pub fn input(embedded: Option<&[u8]>) -> Input<'static, 'static> {
    if embedded.is_some() { Input::embedded() } else { Input::detached(DETACHED) }
}

/// Calls `then` with what a receiver may bring: nothing, and everything.
fn with_inputs(input: Input<'_, '_>, nonce_len: usize, then: &mut dyn FnMut(OpenInput<'_, '_>)) {
    let mut senders = Vec::new();
    for (number, curve) in (0..).zip([Curve::P256, Curve::X25519]) {
        if let Some(key) = agreeing_key(curve) {
            let (key_id, party) = (Some(&b"static"[..]), Some(&b"sender"[..]));
            senders.push(KnownSender { key, identity: Identity::new([number; 32]), key_id, party });
        }
    }
    let iv = &CONTEXT_IV[..nonce_len.min(64)];
    then(OpenInput::from(&input).with_context_iv(iv).with_known_senders(&senders));
    let agreed = OpenInput::from(input).with_agreed(AGREED);
    // What both sides alone know is in no output.
    assert!(!format!("{agreed:?}{AGREED:?}").contains("private"));
    then(agreed);
}

pub fn mac0(message: &Mac0<'_>) -> bool {
    let payload = message.danger_unverified_payload();
    let (input, context) = (input(payload), Context::new(&Accept::ALL));
    with_secrets(|secrets| {
        let verified = message.verify(&input, secrets, &context);
        if let Ok(verified) = &verified {
            assert_eq!(verified.value().payload(), payload.unwrap_or(DETACHED));
            let algorithm = verified.by().algorithm();
            assert_eq!(algorithm.tag_len(), Some(message.tag().len()), "{algorithm}");
            let structure =
                message.to_be_maced(&input, &Profile::LENIENT).expect("it was verified");
            assert!(structure.parts().concat().len() > DETACHED.len());
        }
        let other = if payload.is_some() { Input::detached(DETACHED) } else { Input::embedded() };
        assert!(message.verify(&other, secrets, &context).is_err());
        let streamed = with_stream(|stream| {
            message.verify_stream(stream, &Supplied::NOTHING, secrets, &context).is_ok()
        });
        assert_eq!(streamed, payload.is_none() && verified.is_ok());
    });
    super::shown(message.to_string())
}

pub fn mac(message: &Mac<'_>) -> bool {
    let payload = message.danger_unverified_payload();
    let context = Context::new(&Accept::ALL);
    layers(message.recipients());
    with_secrets(|secrets| {
        with_inputs(input(payload), 0, &mut |input| {
            let opened = message.open(input, secrets, &context);
            let verified = message.verify(input, secrets, &context);
            assert!(opened.is_ok() || verified.is_err(), "verified and not opened");
            if let Ok(opened) = &opened {
                assert_eq!(opened.danger_unattributed().payload(), payload.unwrap_or(DETACHED));
                assert!(opened.recipient() < message.recipients().len());
                assert!(message.to_be_maced(&input.input, &Profile::LENIENT).is_ok());
            }
            let streamed = with_stream(|stream| {
                let opened = message.open_stream(stream, input, secrets, &context);
                opened.map(|opened| opened.into_danger_unattributed()).is_ok()
            });
            assert!(!streamed || (payload.is_none() && opened.is_ok()), "streamed alone");
        });
    });
    super::shown(message.to_string())
}

pub fn encrypt0(message: &Encrypt0<'_>) -> bool {
    let ciphertext = message.ciphertext();
    let algorithm = message.headers().algorithm().ok();
    let nonce_len = algorithm.and_then(|algorithm| algorithm.nonce_len()).unwrap_or(0);
    let (context, mut out) =
        (Context::new(&Accept::ALL), vec![0; 64 + ciphertext.map_or(0, <[u8]>::len)]);
    with_secrets(|secrets| {
        with_inputs(input(ciphertext), nonce_len, &mut |input| {
            let opened = message.decrypt(input, secrets, &context, &mut out);
            if let Ok(opened) = opened {
                let tag_len = algorithm.and_then(|it| it.tag_len()).expect("it was used");
                let sealed = ciphertext.unwrap_or(DETACHED);
                assert_eq!(opened.value().payload().len() + tag_len, sealed.len());
                let supplied = input.input.supplied();
                assert!(!message.enc_structure(supplied, &Profile::LENIENT).parts().is_empty());
            }
            let bare = message.decrypt_unauthenticated(input, secrets, &context, &mut out);
            if let Ok(bare) = bare {
                assert!(message.headers().protected().is_empty(), "said to be protected");
                assert!(
                    bare.into_unauthenticated().len() <= 64 + ciphertext.map_or(0, <[u8]>::len)
                );
            }
        });
    });
    super::shown(message.to_string())
}

pub fn encrypt(message: &Encrypt<'_>) -> bool {
    let ciphertext = message.ciphertext();
    let algorithm = message.headers().algorithm().ok();
    let nonce_len = algorithm.and_then(|algorithm| algorithm.nonce_len()).unwrap_or(0);
    let (context, mut out) =
        (Context::new(&Accept::ALL), vec![0; 64 + ciphertext.map_or(0, <[u8]>::len)]);
    layers(message.recipients());
    with_secrets(|secrets| {
        with_inputs(input(ciphertext), nonce_len, &mut |input| {
            if let Ok(opened) = message.decrypt(input, secrets, &context, &mut out) {
                let tag_len = algorithm.and_then(|it| it.tag_len()).expect("it was used");
                let sealed = ciphertext.unwrap_or(DETACHED);
                assert_eq!(opened.danger_unattributed().payload().len() + tag_len, sealed.len());
                assert!(opened.recipient() < message.recipients().len());
                let _ = (opened.key(), opened.verified().is_ok());
                let supplied = input.input.supplied();
                assert!(!message.enc_structure(supplied, &Profile::LENIENT).parts().is_empty());
            }
            let bare = message.decrypt_unauthenticated(input, secrets, &context, &mut out);
            if bare.is_ok() {
                assert!(message.headers().protected().is_empty(), "said to be protected");
            }
        });
    });
    super::shown(message.to_string())
}

/// What each recipient says is in it, however deep.
fn layers(recipients: &Recipients<'_>) {
    assert_eq!(recipients.iter().count(), recipients.len());
    for recipient in recipients.iter() {
        assert!(!recipient.to_string().is_empty() && !recipient.bytes().is_empty());
        let _ = (recipient.check_salted(&AGREED).is_ok(), recipient.ciphertext());
        if let Some(inner) = recipient.recipients() {
            layers(inner);
        }
    }
}

/// Calls `then` with the detached payload, in two pieces.
pub fn with_stream(then: impl FnOnce(&mut Stream<'_>) -> bool) -> bool {
    let mut feed = |sink: &mut dyn FnMut(&[u8])| {
        let (first, second) = DETACHED.split_at(2);
        sink(first);
        sink(second);
        Ok(())
    };
    then(&mut Stream::new(DETACHED.len() as u64, &mut feed))
}
