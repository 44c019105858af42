//! Cases of MACs (RFC 9053 3).

use super::{
    OTHERS, Taken,
    known::{KNOWN_TAGS, KnownTag},
};
use crate::{
    Algorithm, InvalidKey, Mac, SecretError, SecretProvider, SymmetricKey, VerifyError,
    conformance::{
        altered::{Altered, places},
        report::{Found, Run},
        streams::streamed,
    },
};

const INVALID: Result<(), VerifyError> = Err(VerifyError::InvalidSignature);
const UNSUPPORTED: Result<(), VerifyError> = Err(VerifyError::Unsupported);

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    for known in KNOWN_TAGS {
        let key = SymmetricKey { k: known.key, algorithm: None };
        let mut taken = Taken::NOT_YET;
        taken.given = provider.with_mac(&key, &mut |mac| {
            taken.called();
            let tag = mac.tag(known.algorithm, &[known.message]);
            taken.does = tag != Err(SecretError::Unsupported);
            if taken.does {
                one(run, mac, known);
            }
        });
        let first = KNOWN_TAGS.iter().find(|other| other.algorithm == known.algorithm);
        if first.is_some_and(|first| core::ptr::eq(first, known)) {
            taken.check(run, known.algorithm, required);
        }
        if taken.does {
            keys(run, provider, known);
        }
    }
}

fn one(run: &mut Run<'_>, mac: &dyn Mac, known: &KnownTag) {
    let KnownTag { algorithm, message, tag, uncut, .. } = *known;
    let expected = SymmetricKey { k: known.key, algorithm: None }.profile();
    run.profile_is(algorithm, mac.profile(), expected);
    for at in places(message.len().saturating_add(1)) {
        let (front, back) = message.split_at_checked(at).unwrap_or_default();
        let parts = [front, &[], back];
        let made = mac.tag(algorithm, &parts);
        let holds = made.is_ok_and(|made| made.as_ref() == tag);
        run.check(algorithm, "the known tag, parts split anywhere", at, holds, Found::Tag(made));
        let verdict = mac.verify(algorithm, &parts, tag);
        run.verdict_is(algorithm, "the known tag is accepted", at, verdict, Ok(()));
        let verdict = mac.verify(algorithm, &[front, back, &[1]], tag);
        run.verdict_is(algorithm, "a byte more, in a part of its own", at, verdict, INVALID);
    }
    streamed(run, algorithm, message, &mut |feed| mac.verify_stream(algorithm, feed, tag));
    for at in places(message.len()) {
        let altered = Altered::flipped(message, at);
        let verdict = mac.verify(algorithm, &[altered.bytes()], tag);
        run.verdict_is(algorithm, "a changed message", at, verdict, INVALID);
    }
    for at in 0..tag.len() {
        let altered = Altered::flipped(tag, at);
        let verdict = mac.verify(algorithm, &[message], altered.bytes());
        run.verdict_is(algorithm, "a changed tag", at, verdict, INVALID);
    }
    for (at, altered) in Altered::lengths(tag).iter().enumerate() {
        let verdict = mac.verify(algorithm, &[message], altered.bytes());
        run.verdict_is(algorithm, "a tag of another length", at, verdict, INVALID);
    }
    if uncut != tag {
        let verdict = mac.verify(algorithm, &[message], uncut);
        run.verdict_is(algorithm, "a tag that was not cut", uncut.len(), verdict, INVALID);
    }
    let others = KNOWN_TAGS.iter().map(|known| known.algorithm).chain(OTHERS);
    for other in others.filter(|other| *other != algorithm) {
        let verdict = mac.verify(other, &[message], tag);
        let refused = verdict == INVALID || verdict == UNSUPPORTED;
        run.check(other, "another algorithm with this tag", 0, refused, Found::Verdict(verdict));
    }
    for other in OTHERS {
        let made = mac.tag(other, &[message]);
        let holds = made == Err(SecretError::Unsupported);
        run.check(other, "a tag of what is no MAC", 0, holds, Found::Tag(made));
    }
}

/// Other keys make other tags, and what is no key makes none.
fn keys(run: &mut Run<'_>, provider: &dyn SecretProvider, known: &KnownTag) {
    let KnownTag { algorithm, message, tag, .. } = *known;
    for at in places(known.key.len()) {
        let altered = Altered::flipped(known.key, at);
        let mut verdict = INVALID;
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let given = provider.with_mac(&key, &mut |mac| {
            verdict = mac.verify(algorithm, &[message], tag);
        });
        let holds = given.is_ok() && verdict == INVALID;
        run.check(algorithm, "a changed key", at, holds, Found::Verdict(verdict));
    }
    // HMAC takes a key of any length but zero.
    let lengths = Altered::lengths(known.key);
    let is_hmac = matches!(algorithm.value(), 4..=7);
    let malformed = lengths.iter().take(if is_hmac { 1 } else { lengths.len() });
    for (at, altered) in malformed.enumerate() {
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let (mut made, mut verdict) = (Err(SecretError::Malformed), UNSUPPORTED);
        let given = provider.with_mac(&key, &mut |mac| {
            made = mac.tag(algorithm, &[message]);
            verdict = mac.verify(algorithm, &[message], tag);
        });
        let holds = given.is_ok() || given == Err(InvalidKey::Malformed);
        let name = "a key of another length is malformed";
        run.check(algorithm, name, at, holds, Found::Key(given));
        run.check(algorithm, name, at, made == Err(SecretError::Malformed), Found::Tag(made));
        run.verdict_is(algorithm, name, at, verdict, UNSUPPORTED);
    }
}
