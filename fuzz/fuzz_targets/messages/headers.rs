//! What headers say, and messages with another unprotected header.

use cose_ext::cwt::Claims;
use cose_ext::header::{ContentType, Headers};
use cose_ext::{
    Authenticated, Content, Context, Encrypt, Encrypt0, Label, LabelInBoth, Mac, Mac0, MapBuilder,
    Message, Notes, Profile, Sign, Sign1,
};
use fuzz::Accept;

/// Reads every parameter that has a form of its own, in both buckets.
pub fn read(headers: &Headers<'_>) {
    let (protected, unprotected) = (headers.protected(), headers.unprotected());
    for bucket in [&**protected, unprotected] {
        assert_eq!(bucket.iter().count(), bucket.len());
        assert_eq!(bucket.is_empty(), bucket.len() == 0);
        for (label, value) in bucket.iter().take(32) {
            assert_eq!(bucket.find(label).map(|found| found.bytes()), Some(value.bytes()));
            assert!(!format!("{label:?}{label}{value:?}").is_empty());
        }
        for content_type in [bucket.content_type(), bucket.typ()].into_iter().flatten().flatten() {
            assert!(!format!("{content_type:?}").is_empty());
            let is_text = matches!(content_type, ContentType::MediaType(_));
            assert!(is_text || matches!(content_type, ContentType::ContentFormat(_)));
        }
        let chains = [bucket.x5chain(), bucket.x5bag(), bucket.x5chain_sender()];
        for chain in chains.into_iter().flatten().flatten() {
            assert_eq!(chain.iter().count(), chain.len());
            assert_eq!(chain.iter().next(), Some(chain.first()));
            assert!(!chain.is_array_of_one());
        }
        for thumbprint in [bucket.x5t(), bucket.x5t_sender()].into_iter().flatten().flatten() {
            let _ =
                (thumbprint.algorithm(), thumbprint.digest(), thumbprint.identifying_algorithm());
        }
        let _ = (bucket.x5u(), bucket.x5u_sender(), bucket.algorithm(), bucket.key_id());
        if let Ok(Some(receipts)) = bucket.receipts() {
            assert_eq!(receipts.iter().count(), receipts.len());
        }
        let copy = bucket.to_builder();
        assert_eq!(copy.is_empty(), bucket.is_empty());
        assert!(copy.x5chain(&[b"one"]).x5chain(&[b"one", b"two"]).to_bytes().len() > 6);
    }
    let facts = protected.facts(|protected| protected.as_received().len());
    assert_eq!(*facts.value(), protected.as_received().len());
    if let Ok(Some(crit)) = protected.crit() {
        assert!(
            crit.labels().all(|label| protected.find(label).is_some()),
            "crit names the absent"
        );
    }
    if let Ok(Some(vds)) = protected.vds() {
        assert!(!vds.is_registered() || vds.name().is_some());
        assert!(!format!("{vds}{vds:?}{}", vds.value()).is_empty());
    }
    if let Ok(Some(vdp)) = headers.vdp() {
        for kind in [-1_i64, -2] {
            let _ = vdp.proofs(cose_ext::IntOrText::int(kind)).map(|all| all.map(|all| all.len()));
        }
    }
    if let Ok(Some(envelope)) = headers.hash_envelope() {
        let len = envelope.algorithm.hash_len().unwrap_or(0);
        assert_eq!(envelope.digest(&[7; 64][..len.min(64)]).is_ok(), (1..=64).contains(&len));
        assert!(envelope.digest(&[7; 65]).is_err());
        again(&envelope);
    }
}

/// Two claims sets, the first as long as the first byte says: they agree with themselves, and both ways.
pub fn agreement(bytes: &[u8]) {
    let [len, sets @ ..] = bytes else { return };
    let Some((one, other)) = sets.split_at_checked(usize::from(*len)) else { return };
    let read = |bytes| Claims::decode(bytes, &Profile::LENIENT);
    let (Ok(one), Ok(other)) = (read(one), read(other)) else { return };
    let context = Context::new(&Accept::ALL);
    assert!(one.check_agreement(&one, &context).is_ok());
    let agree = one.check_agreement(&other, &context).is_ok();
    assert_eq!(other.check_agreement(&one, &context).is_ok(), agree);
}

/// A hash envelope is written as it was read.
fn again(envelope: &cose_ext::header::HashEnvelope<'_>) {
    let builder = cose_ext::sign1::Sign1Builder::new().hash_envelope(envelope);
    let prepared = builder.prepare(cose_ext::crypto::Algorithm::ES256, Content::Embedded(b""));
    let Ok(prepared) = prepared else { return };
    let made = prepared.attach(&[7; 64]);
    let message = Sign1::decode(&made, &Profile::LENIENT).expect("made here");
    assert_eq!(message.headers().hash_envelope(), Ok(Some(*envelope)));
}

/// The bucket is another, and nothing else is, in whichever layer.
pub fn replace(message: &Message<'_>) {
    let bucket = MapBuilder::new().with(-70_001, "another").with(Label::KID.value(), &b"k"[..]);
    let replaced = match message {
        Message::Authenticated(Authenticated::Sign1(it)) => it.with_unprotected(&bucket),
        Message::Authenticated(Authenticated::Sign(it)) => {
            for index in 0..3 {
                if let Ok(bytes) = it.with_unprotected_in_signature(index, &bucket) {
                    let again = Sign::decode(&bytes, &Profile::LENIENT).expect("as it was");
                    assert_eq!(again.signatures().len(), it.signatures().len());
                    assert!(index < again.signatures().len());
                }
            }
            it.with_unprotected(&bucket)
        }
        Message::Authenticated(Authenticated::Mac0(it)) => it.with_unprotected(&bucket),
        Message::Authenticated(Authenticated::Mac(it)) => {
            if let Ok(bytes) = it.with_unprotected_in_recipient(0, &bucket) {
                let again = Mac::decode(&bytes, &Profile::LENIENT);
                assert!(again.is_ok_and(|again| again.tag() == it.tag()));
            }
            it.with_unprotected(&bucket)
        }
        Message::Encrypt0(it) => it.with_unprotected(&bucket),
        Message::Encrypt(it) => {
            if let Ok(bytes) = it.with_unprotected_in_recipient(0, &bucket) {
                let again = Encrypt::decode(&bytes, &Profile::LENIENT);
                assert!(again.is_ok_and(|again| again.ciphertext() == it.ciphertext()));
            }
            it.with_unprotected(&bucket)
        }
        _ => return,
    };
    let Ok(bytes) = replaced else { return };
    let again = Message::decode(&bytes, &Profile::LENIENT).expect("as it was");
    assert_eq!(again.kind(), message.kind());
    assert_eq!(again.danger_unverified_payload(), message.danger_unverified_payload());
    let protected = again.headers().protected().as_received();
    assert_eq!(protected, message.headers().protected().as_received());
    assert_eq!(again.headers().unprotected().bytes(), bucket.to_bytes());
}

/// A message under tags that say only what it is, reads as without them; one without a tag is of its shapes.
pub fn wrapped(bytes: &[u8], message: &Message<'_>) {
    let described = [&[0xd9, 0xd9, 0xf7][..], bytes].concat();
    assert_eq!(cose_ext::cbor::self_described(&described), cose_ext::cbor::self_described(bytes));
    if let Ok(again) = Message::decode(&described, &Profile::LENIENT) {
        assert_eq!(again.kind(), message.kind());
    }
    let shapes = Message::shapes(&described);
    assert!(!shapes.is_empty() && shapes.iter().all(|kind| shapes.contains(kind)));
    let both = Profile::LENIENT.with_label_in_both(LabelInBoth::ProtectedWins);
    let again = Message::decode(bytes, &both).expect("more is accepted");
    assert_eq!(again.kind(), message.kind());
}

/// Of the two forms of a tag one is right.
pub fn untagged(bytes: &[u8], profile: &Profile) {
    let forms = [
        (
            Sign1::decode_tagged(bytes, profile).is_ok(),
            Sign1::decode_untagged(bytes, profile).is_ok(),
        ),
        (
            Sign::decode_tagged(bytes, profile).is_ok(),
            Sign::decode_untagged(bytes, profile).is_ok(),
        ),
        (
            Mac0::decode_tagged(bytes, profile).is_ok(),
            Mac0::decode_untagged(bytes, profile).is_ok(),
        ),
        (Mac::decode_tagged(bytes, profile).is_ok(), Mac::decode_untagged(bytes, profile).is_ok()),
        (
            Encrypt0::decode_tagged(bytes, profile).is_ok(),
            Encrypt0::decode_untagged(bytes, profile).is_ok(),
        ),
        (
            Encrypt::decode_tagged(bytes, profile).is_ok(),
            Encrypt::decode_untagged(bytes, profile).is_ok(),
        ),
    ];
    assert!(
        forms.iter().all(|(tagged, untagged)| !(*tagged && *untagged)),
        "with a tag and without"
    );
}

/// Notes that a message has are shown, each by its name.
pub fn notes(notes: Notes) {
    assert!(notes.contains(notes) && notes.and(Notes::NOTHING) == notes);
    assert_eq!(notes.is_empty(), notes == Notes::NOTHING);
    assert!(!format!("{notes:?}").is_empty());
}
