//! Cases of AES Key Wrap (RFC 9053 6.2).

use super::{
    BEFORE, OTHERS, Taken, is_wiped, is_written,
    known::{KNOWN_WRAPPED_KEYS, KnownWrappedKey},
};
use crate::{
    Algorithm, BufferTooShort, InvalidKey, KeyWrap, SecretError, SecretProvider, SymmetricKey,
    VerifyError,
    conformance::{
        altered::Altered,
        report::{Found, Run},
    },
};

/// Longer than any known wrapped key.
const MAX_LEN: usize = 64;

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    for known in KNOWN_WRAPPED_KEYS {
        let key = SymmetricKey { k: known.key, algorithm: None };
        let mut taken = Taken::NOT_YET;
        taken.given = provider.with_key_wrap(&key, &mut |wrap| {
            taken.called();
            let made = wrap.wrap(known.algorithm, known.unwrapped, &mut [0; MAX_LEN]);
            taken.does = made != Err(SecretError::Unsupported);
            if taken.does {
                run.profile_is(known.algorithm, wrap.profile(), key.profile());
                accepted(run, wrap, known);
                changed(run, wrap, known);
                lengths(run, wrap, known);
                others(run, wrap, known);
            }
        });
        taken.check(run, known.algorithm, required);
        if taken.does {
            keys(run, provider, known);
        }
    }
}

fn accepted(run: &mut Run<'_>, wrap: &dyn KeyWrap, known: &KnownWrappedKey) {
    let KnownWrappedKey { algorithm, unwrapped, wrapped, .. } = *known;
    let mut buffer = [BEFORE; MAX_LEN];
    let made = wrap.wrap(algorithm, unwrapped, &mut buffer);
    let holds = made == Ok(wrapped.len()) && is_written(&buffer, wrapped);
    run.check(algorithm, "the known wrapped key", 0, holds, Found::Made(made));
    let mut buffer = [BEFORE; MAX_LEN];
    let opened = wrap.unwrap(algorithm, wrapped, &mut buffer);
    let holds = opened == Ok(unwrapped.len()) && is_written(&buffer, unwrapped);
    run.check(algorithm, "the known key", 0, holds, Found::Opened(opened));
}

/// Nothing is released of what was not wrapped with this key.
fn refused(
    run: &mut Run<'_>,
    wrap: &dyn KeyWrap,
    (algorithm, case, at): (Algorithm, &'static str, usize),
    wrapped: &[u8],
) {
    let mut buffer = [BEFORE; MAX_LEN];
    let opened = wrap.unwrap(algorithm, wrapped, &mut buffer);
    let holds = opened == Err(VerifyError::InvalidSignature);
    run.check(algorithm, case, at, holds, Found::Opened(opened));
    let name = "nothing is left of a key that was not wrapped with this";
    run.check(algorithm, name, at, is_wiped(&buffer, wrapped), Found::Opened(opened));
}

fn changed(run: &mut Run<'_>, wrap: &dyn KeyWrap, known: &KnownWrappedKey) {
    let KnownWrappedKey { algorithm, wrapped, .. } = *known;
    for at in 0..wrapped.len() {
        let altered = Altered::flipped(wrapped, at);
        refused(run, wrap, (algorithm, "a changed wrapped key", at), altered.bytes());
    }
    for (at, altered) in Altered::lengths(wrapped).iter().enumerate() {
        let case = "a wrapped key of another length";
        refused(run, wrap, (algorithm, case, at), altered.bytes());
    }
}

fn lengths(run: &mut Run<'_>, wrap: &dyn KeyWrap, known: &KnownWrappedKey) {
    let KnownWrappedKey { algorithm, unwrapped, wrapped, .. } = *known;
    let mut buffer = [BEFORE; MAX_LEN];
    // RFC 3394 2.2.1: at least two blocks of 64 bits, whole ones.
    for len in [0, 8, 15] {
        let key = unwrapped.get(..len).unwrap_or_default();
        let made = wrap.wrap(algorithm, key, &mut buffer);
        let holds = made == Err(SecretError::Malformed);
        run.check(algorithm, "a key that cannot be wrapped", len, holds, Found::Made(made));
    }
    let name = "a buffer that is too short";
    let short = buffer.get_mut(1..wrapped.len()).unwrap_or_default();
    let made = wrap.wrap(algorithm, unwrapped, short);
    let holds = made == Err(SecretError::BufferTooShort(BufferTooShort { needed: wrapped.len() }));
    run.check(algorithm, name, wrapped.len(), holds, Found::Made(made));
    let short = buffer.get_mut(1..unwrapped.len()).unwrap_or_default();
    let opened = wrap.unwrap(algorithm, wrapped, short);
    let holds = opened == Err(VerifyError::Unsupported);
    run.check(algorithm, name, unwrapped.len(), holds, Found::Opened(opened));
}

fn others(run: &mut Run<'_>, wrap: &dyn KeyWrap, known: &KnownWrappedKey) {
    let mut buffer = [BEFORE; MAX_LEN];
    let algorithms = KNOWN_WRAPPED_KEYS.iter().map(|known| known.algorithm).chain(OTHERS);
    for other in algorithms.filter(|other| *other != known.algorithm) {
        let opened = wrap.unwrap(other, known.wrapped, &mut buffer);
        let name = "another algorithm with this key";
        run.check(other, name, 0, opened == Err(VerifyError::Unsupported), Found::Opened(opened));
        let made = wrap.wrap(other, known.unwrapped, &mut buffer);
        run.check(other, name, 0, made.is_err(), Found::Made(made));
    }
}

/// Other keys unwrap nothing, and what is no key does nothing.
fn keys(run: &mut Run<'_>, provider: &dyn SecretProvider, known: &KnownWrappedKey) {
    let KnownWrappedKey { algorithm, unwrapped, wrapped, .. } = *known;
    for at in 0..known.key.len() {
        let altered = Altered::flipped(known.key, at);
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let _ = provider.with_key_wrap(&key, &mut |wrap| {
            refused(run, wrap, (algorithm, "a changed key", at), wrapped);
        });
    }
    for (at, altered) in Altered::lengths(known.key).iter().enumerate() {
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let mut made = Err(SecretError::Malformed);
        let mut opened = Err(VerifyError::Unsupported);
        let given = provider.with_key_wrap(&key, &mut |wrap| {
            let mut buffer = [BEFORE; MAX_LEN];
            made = wrap.wrap(algorithm, unwrapped, &mut buffer);
            opened = wrap.unwrap(algorithm, wrapped, &mut buffer);
        });
        let holds = given.is_ok() || given == Err(InvalidKey::Malformed);
        let name = "a key of another length is malformed";
        run.check(algorithm, name, at, holds, Found::Key(given));
        run.check(algorithm, name, at, made == Err(SecretError::Malformed), Found::Made(made));
        let holds = opened == Err(VerifyError::Unsupported);
        run.check(algorithm, name, at, holds, Found::Opened(opened));
    }
}
