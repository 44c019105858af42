//! Messages that are made as the input chooses: with heap, without, from a stream; and what is supplied beside them.

use cose_ext::Value;
use cose_ext::crypto::{Algorithm, AlgorithmPolicy};
use cose_ext::header::ContentType;
use cose_ext::key::Identity;
use cose_ext::mac0;
use cose_ext::sign::{SignBuilder, SignPolicy, SignatureBuilder};
use cose_ext::sign1::{self, Sign1Builder};
use cose_ext::{
    Bare, Content, Context, Digest, Input, Label, Mac0, MapBuilder, Processed, Profile, Sign,
    Sign1, Supplied, Work,
};
use fuzz::{Accept, symmetric, with_keys, with_secrets};

use super::countersigned::SIGNER;
use super::opening::{DETACHED, with_stream};

const PRIVATE: Label<'static> = Label::int(-70_001);

pub fn make(bytes: &[u8]) {
    let [choice, payload @ ..] = bytes else { return };
    sign1(*choice, payload);
    without_heap(*choice, payload);
    sign(payload);
    bare(payload);
    vouch(payload);
}

fn sign1(choice: u8, payload: &[u8]) {
    let context = Context::new(&Accept::ALL);
    let claims = MapBuilder::new().with(1, "https://issuer.example");
    let builder = Sign1Builder::new().key_id(b"k").external_aad(b"aad");
    let critical = [Value::from(-70_001)];
    let builder = match choice % 4 {
        0 => {
            builder.content_type(ContentType::ContentFormat(60)).typ(ContentType::MediaType("a/b"))
        }
        1 => builder.cwt_claims(&claims).x5chain(&[b"one", b"two"]),
        2 => builder.protected(PRIVATE, 1).protected(Label::CRIT, &critical[..]),
        _ => builder.untagged(),
    };
    let streamed = with_stream(|stream| {
        let Ok(made) = builder.clone().sign_stream(stream, &SIGNER) else { return false };
        let message = Sign1::decode(&made, &Profile::DETERMINISTIC).expect("made here");
        message.danger_unverified_payload().is_none()
    });
    assert!(streamed, "signed as it came");
    let read = builder.clone().sign_reader(DETACHED.len() as u64, &mut &DETACHED[..], &SIGNER);
    assert!(read.is_ok());
    let made = builder.sign(Content::Embedded(payload), &SIGNER).expect("made here");
    let message = Sign1::decode(&made, &Profile::DETERMINISTIC).expect("made here");
    assert_eq!(message.danger_unverified_payload(), Some(payload));
    let structure = message.to_be_signed(&Input::embedded(), &Profile::LENIENT);
    assert!(structure.is_ok_and(|structure| structure.parts().concat().ends_with(payload)));
    with_keys(|keys| {
        let supplied = Supplied { external_aad: b"aad", ..Supplied::NOTHING };
        let inputs = [
            Input::embedded().with_supplied(supplied),
            Input::embedded().with_processed(Processed::new(&[PRIVATE])),
            Input::embedded().claiming_issuer("https://issuer.example"),
            Input::embedded().implying_algorithm(Algorithm::ES256),
            Input::embedded().implying_algorithm_of_key(),
        ];
        let is_critical = choice % 4 == 2;
        let work = Work::new(&context.profile.limits, made.len());
        for (number, input) in inputs.iter().enumerate() {
            let context = context.with_work(&work).with_algorithms(AlgorithmPolicy::STANDARD);
            let verified = message.verify(input, keys, &context);
            let must = match number {
                1 => true,
                3 | 4 => false,
                _ => !is_critical,
            };
            assert_eq!(verified.is_ok(), must, "{number}: {verified:?}");
            assert!(input.len() <= 3 && (number != 1 || input.processes(PRIVATE)));
            if let Ok(verified) = verified {
                super::headers::notes(verified.by().notes());
                let noted = verified.noting(cose_ext::Notes::IMPLIED_ALGORITHM);
                assert!(noted.by().notes().contains(cose_ext::Notes::IMPLIED_ALGORITHM));
                let signed = noted.value();
                assert_eq!(&made[signed.payload_offset()..][..payload.len()], payload);
                let _ = signed.payload_item(&Profile::LENIENT).is_ok();
                let _ = (signed.protected().as_received(), signed.hash_envelope(), signed.digest());
            }
        }
        assert!(work.checks() > 0 || is_critical);
        let _ = (work.hashed(), work.compared());
    });
}

fn without_heap(choice: u8, payload: &[u8]) {
    let mut out = vec![0; 512 + payload.len()];
    let content_type = i64::from(choice);
    let draft = sign1::Draft::write(&mut out, Algorithm::ES256, 1, |header| {
        header.int(3).int(content_type);
    });
    let draft = draft.room_for(64).payload(|writer| _ = writer.bytes(payload));
    let draft = draft.expect("there is room").external_aad(b"aad");
    let made = draft.sign(&SIGNER).expect("there is room");
    let message = Sign1::decode(made, &Profile::DETERMINISTIC).expect("made here");
    assert_eq!(message.signature(), [0x81; 64]);

    let mut out = vec![0; 512 + payload.len()];
    let draft = mac0::Draft::write(&mut out, Algorithm::HMAC_256, 0, |_| {});
    let draft = draft.detached(payload).expect("there is room");
    assert!(draft.structure().parts().concat().ends_with(payload));
    let made = draft.authenticate(&symmetric(32)).expect("every key is good");
    let message = Mac0::decode(made, &Profile::DETERMINISTIC).expect("made here");
    with_secrets(|secrets| {
        let verified =
            message.verify(&Input::detached(payload), secrets, &Context::new(&Accept::ALL));
        assert!(verified.is_ok(), "every tag is right");
    });
    let short = &mut [0; 24][..usize::from(choice % 24)];
    let draft = mac0::Draft::write(short, Algorithm::HMAC_256, 0, |_| {}).detached(payload);
    assert!(draft.and_then(|draft| draft.room_for(32)).is_err(), "no room");
}

/// Of several signatures, each counts once.
fn sign(payload: &[u8]) {
    let builder = SignBuilder::new().external_aad(b"aad");
    let mut signing = builder.prepare(Content::Embedded(payload)).expect("made here");
    let headers = SignatureBuilder::new().key_id(b"first");
    signing.sign(headers, &SIGNER).expect("made here");
    let headers = SignatureBuilder::new().unprotected(PRIVATE, 1);
    let pending = signing.pending(headers, Algorithm::EDDSA).expect("made here");
    assert!(signing.to_be_signed(&pending).parts().concat().ends_with(payload));
    signing.attach(&pending, &[8; 64]);
    let made = signing.finish().expect("two signatures");
    let message = Sign::decode_tagged(&made, &Profile::DETERMINISTIC).expect("made here");
    assert_eq!(message.signatures().len(), 2);
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        let input = Input::embedded().with_external_aad(b"aad");
        let all = message.verify(&input, &SignPolicy::All, keys, &context).expect("all are good");
        assert_eq!((all.by().signatures(), all.by().keys()), (2, 2));
        let too_many = message.verify(&input, &SignPolicy::AtLeast(3), keys, &context);
        assert!(too_many.is_err(), "there are two");
        let mut reported = 0;
        let policy = SignPolicy::AtLeast(2);
        let report = &mut |_: usize, _: &Result<_, _>| reported += 1;
        assert!(message.verify_reporting(&input, &policy, keys, &context, report).is_ok());
        assert_eq!(reported, 2);
        let first = all.by().iter().next().expect("two").identity();
        for (key, holds) in [(first, true), (Identity::new([0; 32]), false)] {
            let keys_asked = [key];
            let policy = SignPolicy::Keys(&keys_asked);
            assert_eq!(policy.check_signers(all.by()).is_ok(), holds);
            assert_eq!(message.verify(&input, &policy, keys, &context).is_ok(), holds);
        }
        assert!(message.verify(&input, &SignPolicy::AtLeast(0), keys, &context).is_err());
        assert!(message.verify(&input, &SignPolicy::AtLeast(1000), keys, &context).is_err());
    });
}

fn bare(payload: &[u8]) {
    let context = Context::new(&Accept::ALL);
    let parts = [payload, b"more"];
    with_secrets(|secrets| {
        for algorithm in [Algorithm::HMAC_256, Algorithm::ES256] {
            let bare = Bare::new(algorithm, &[0; 32]).with_key_id(b"k").with_claimed_issuer("i");
            let verified = bare.verify_mac(&parts, secrets, &context);
            assert!(verified.is_err() || algorithm == Algorithm::HMAC_256, "no MAC");
        }
    });
}

/// What is signed as a digest vouches for what it is of.
fn vouch(payload: &[u8]) {
    let context = Context::new(&Accept::ALL);
    let hash = context.hash(Algorithm::SHA256, &[payload]).expect("it is there");
    let made = Sign1Builder::new().sign(Content::Embedded(hash.as_ref()), &SIGNER);
    let made = made.expect("made here");
    let message = Sign1::decode(&made, &Profile::LENIENT).expect("made here");
    with_keys(|keys| {
        let verified = message.verify(&Input::embedded(), keys, &context).expect("it is good");
        let digest = verified.try_map(|signed| Digest::new(Algorithm::SHA256, signed.payload()));
        let digest = digest.expect("as long as it has to be");
        assert!(!format!("{:?}", digest.value()).is_empty());
        assert!(digest.vouch_for_bytes(payload, &context).is_ok());
        let more = [payload, b"more"];
        assert!(digest.vouch_for(&more, &context).is_err(), "not of this");
        let read = digest.vouch_for_reader(&mut &payload[..], &context).expect("it is of this");
        assert_eq!(*read.value(), payload.len() as u64);
        let mut longer = more.concat();
        longer.push(0);
        assert!(digest.vouch_for_reader(&mut &longer[..], &context).is_err(), "not of this");
    });
}
