//! Cases of signature verification.

use super::{
    altered::{Altered, places},
    known_answers::{KNOWN_ANSWERS, KnownAnswer},
    report::{Found, Run},
    streams::streamed,
};
use crate::{Algorithm, Provider, SignatureVerifier, VerifyError};

const INVALID: Result<(), VerifyError> = Err(VerifyError::InvalidSignature);
const UNSUPPORTED: Result<(), VerifyError> = Err(VerifyError::Unsupported);

/// Algorithms that no known answer has.
const OTHERS: [Algorithm; 3] = [Algorithm::ESB512, Algorithm::SHA256, Algorithm::new(i64::MIN)];

/// Everything that a verifier of the key of `answer` has to get right.
pub(super) fn verifier(
    run: &mut Run<'_>,
    provider: &dyn Provider,
    verifier: &dyn SignatureVerifier,
    answer: &KnownAnswer,
) {
    run.profile_is(answer.algorithm, verifier.profile(), answer.key.profile());
    tells_its_key(run, verifier, answer);
    for algorithm in [Some(answer.algorithm), answer.kin].into_iter().flatten() {
        accepted(run, verifier, answer, algorithm);
        streamed(run, algorithm, answer.message, &mut |feed| {
            verifier.verify_stream(algorithm, feed, answer.signature)
        });
        prehashed(run, provider, verifier, answer, algorithm);
    }
    changed(run, verifier, answer);
    other_algorithms(run, verifier, answer);
}

/// Two names of one key are told by the key itself: once, and unchanged.
fn tells_its_key(run: &mut Run<'_>, verifier: &dyn SignatureVerifier, answer: &KnownAnswer) {
    let (mut calls, mut is_it) = (0_usize, false);
    verifier.with_public_key(&mut |key| {
        calls = calls.saturating_add(1);
        is_it = *key == answer.key;
    });
    let name = "the verifier tells its key";
    run.check(answer.algorithm, name, 0, calls == 1 && is_it, Found::Calls(calls));
}

fn accepted(
    run: &mut Run<'_>,
    verifier: &dyn SignatureVerifier,
    answer: &KnownAnswer,
    algorithm: Algorithm,
) {
    let KnownAnswer { message, signature, .. } = *answer;
    let verdict = verifier.verify(algorithm, &[message], signature);
    run.verdict_is(algorithm, "the known signature verifies", 0, verdict, Ok(()));
    for at in places(message.len().saturating_add(1)) {
        let (front, back) = message.split_at_checked(at).unwrap_or_default();
        let verdict = verifier.verify(algorithm, &[front, &[], back], signature);
        run.verdict_is(algorithm, "parts split anywhere verify", at, verdict, Ok(()));
        let verdict = verifier.verify(algorithm, &[front, back, &[0]], signature);
        run.verdict_is(algorithm, "a byte more, in a part of its own", at, verdict, INVALID);
    }
}

/// A prehash is the digest by the algorithm's own hash, or there is no such form.
fn prehashed(
    run: &mut Run<'_>,
    provider: &dyn Provider,
    verifier: &dyn SignatureVerifier,
    answer: &KnownAnswer,
    algorithm: Algorithm,
) {
    let KnownAnswer { message, signature, .. } = *answer;
    let Some(hash) = answer.prehash else {
        for digest in [&[0; 32][..], &[0; 48], &[0; 64]] {
            let verdict = verifier.verify_prehash(algorithm, digest, signature);
            let name = "an algorithm without a prehashed form says so";
            run.verdict_is(algorithm, name, digest.len(), verdict, UNSUPPORTED);
        }
        return;
    };
    let Some(function) = provider.hash_function(hash) else { return };
    let digest = function.hash(&[message]);
    let digest = digest.as_ref();
    let verdict = verifier.verify_prehash(algorithm, digest, signature);
    let prehashes = verdict != UNSUPPORTED;
    let name = "a prehash has the verdict of the whole, or is unsupported";
    run.verdict_is(algorithm, name, 0, verdict, if prehashes { Ok(()) } else { UNSUPPORTED });
    let expected = if prehashes { INVALID } else { UNSUPPORTED };
    for at in places(digest.len()) {
        let altered = Altered::flipped(digest, at);
        let verdict = verifier.verify_prehash(algorithm, altered.bytes(), signature);
        run.verdict_is(algorithm, "a changed prehash", at, verdict, expected);
    }
    for (at, altered) in Altered::lengths(digest).iter().enumerate() {
        let verdict = verifier.verify_prehash(algorithm, altered.bytes(), signature);
        run.verdict_is(algorithm, "a prehash of another length", at, verdict, expected);
    }
}

fn changed(run: &mut Run<'_>, verifier: &dyn SignatureVerifier, answer: &KnownAnswer) {
    let KnownAnswer { algorithm, message, signature, .. } = *answer;
    for at in places(message.len()) {
        let altered = Altered::flipped(message, at);
        let verdict = verifier.verify(algorithm, &[altered.bytes()], signature);
        run.verdict_is(algorithm, "a changed message", at, verdict, INVALID);
    }
    for (at, altered) in Altered::lengths(message).iter().enumerate() {
        let verdict = verifier.verify(algorithm, &[altered.bytes()], signature);
        run.verdict_is(algorithm, "a message of another length", at, verdict, INVALID);
    }
    let verdict = verifier.verify(algorithm, &[], signature);
    run.verdict_is(algorithm, "no message", 0, verdict, INVALID);
    for at in places(signature.len()) {
        let altered = Altered::flipped(signature, at);
        let verdict = verifier.verify(algorithm, &[message], altered.bytes());
        run.verdict_is(algorithm, "a changed signature", at, verdict, INVALID);
    }
    for (at, altered) in Altered::lengths(signature).iter().enumerate() {
        let verdict = verifier.verify(algorithm, &[message], altered.bytes());
        run.verdict_is(algorithm, "a signature of another length", at, verdict, INVALID);
    }
    for byte in [0, 1, 0xff] {
        let altered = Altered::filled(signature, byte);
        let verdict = verifier.verify(algorithm, &[message], altered.bytes());
        let name = "a signature of one byte over and over";
        run.verdict_is(algorithm, name, usize::from(byte), verdict, INVALID);
    }
}

/// A verifier that does not do an algorithm never guesses another.
fn other_algorithms(run: &mut Run<'_>, verifier: &dyn SignatureVerifier, answer: &KnownAnswer) {
    let KnownAnswer { message, signature, .. } = *answer;
    let known = KNOWN_ANSWERS.iter().flat_map(|known| [Some(known.algorithm), known.kin]);
    let is_own = |other| other == answer.algorithm || Some(other) == answer.kin;
    for other in known.flatten().chain(OTHERS).filter(|other| !is_own(*other)) {
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            sink(message);
            Ok(())
        };
        for verdict in [
            verifier.verify(other, &[message], signature),
            verifier.verify_stream(other, &mut feed, signature),
            verifier.verify_prehash(other, &[0; 32], signature),
        ] {
            let refused = verdict == INVALID || verdict == UNSUPPORTED;
            let name = "another algorithm with this key and signature";
            run.check(other, name, 0, refused, Found::Verdict(verdict));
        }
    }
}
