//! Cases of key derivation (RFC 9053 5).

use super::{
    BEFORE, Taken, is_written,
    known::{KNOWN_DERIVED_KEYS, KnownDerivedKey},
};
use crate::{
    Algorithm, Hkdf, InvalidKey, KeyDerivation, SecretError, SecretProvider, SharedSecret,
    SymmetricKey,
    conformance::{
        altered::{Altered, places},
        report::{Found, Run},
    },
};

/// One byte more than 255 blocks of SHA-512 (RFC 5869 2.3).
const TOO_LONG: usize = 255 * 64 + 1;

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    for known in KNOWN_DERIVED_KEYS {
        let key = SymmetricKey { k: known.secret, algorithm: None };
        let mut taken = Taken::NOT_YET;
        taken.given = provider.with_shared_secret(&key, &mut |secret| {
            taken.called();
            let context: &[&[u8]] = &[known.context];
            let derivation = KeyDerivation { hkdf: known.hkdf, salt: known.salt, context };
            let derived = secret.derive(&derivation, &mut [0; 16]);
            taken.does = derived != Err(SecretError::Unsupported);
            if taken.does {
                run.profile_is(known.algorithm, secret.profile(), key.profile());
                one(run, secret, known);
            }
        });
        let first = KNOWN_DERIVED_KEYS.iter().find(|other| other.algorithm == known.algorithm);
        if first.is_some_and(|first| core::ptr::eq(first, known)) {
            taken.check(run, known.algorithm, required);
        }
        if taken.does {
            keys(run, provider, known);
        }
    }
}

fn one(run: &mut Run<'_>, secret: &dyn SharedSecret, known: &KnownDerivedKey) {
    let KnownDerivedKey { algorithm, hkdf, salt, context, key, .. } = *known;
    let made = |derived: Result<(), SecretError>, len| Found::Made(derived.map(|()| len));
    for at in places(context.len().saturating_add(1)) {
        let (front, back) = context.split_at_checked(at).unwrap_or_default();
        let derivation = KeyDerivation { hkdf, salt, context: &[front, &[], back] };
        let mut buffer = [BEFORE; 96];
        let derived = buffer
            .get_mut(..key.len())
            .map_or(Err(SecretError::Unsupported), |front| secret.derive(&derivation, front));
        let holds = derived.is_ok() && is_written(&buffer, key);
        let name = "the known key, context split anywhere";
        run.check(algorithm, name, at, holds, made(derived, key.len()));
    }
    // A shorter key is the front of a longer one.
    for len in [1, 15, 16, 17, 32, 33] {
        let derivation = KeyDerivation { hkdf, salt, context: &[context] };
        let mut buffer = [BEFORE; 96];
        let derived = buffer
            .get_mut(..len)
            .map_or(Err(SecretError::Unsupported), |front| secret.derive(&derivation, front));
        let expected = key.get(..len).unwrap_or_default();
        let holds = derived.is_ok() && is_written(&buffer, expected);
        run.check(algorithm, "a key of another length", len, holds, made(derived, len));
    }
    let blocks = match hkdf {
        Hkdf::Sha256 => 32,
        Hkdf::Sha512 => 64,
        Hkdf::Aes128 | Hkdf::Aes256 => 16,
    };
    let len = 255_usize.saturating_mul(blocks).saturating_add(1);
    let mut buffer = [BEFORE; TOO_LONG];
    let derivation = KeyDerivation { hkdf, salt, context: &[context] };
    let derived = buffer
        .get_mut(..len)
        .map_or(Err(SecretError::Unsupported), |front| secret.derive(&derivation, front));
    let holds = derived == Err(SecretError::Unsupported);
    run.check(algorithm, "more than 255 blocks", len, holds, made(derived, len));
}

/// Other secrets give other keys, and what is no secret gives none.
fn keys(run: &mut Run<'_>, provider: &dyn SecretProvider, known: &KnownDerivedKey) {
    let KnownDerivedKey { algorithm, hkdf, salt, context, key, secret } = *known;
    let context: &[&[u8]] = &[context];
    let derivation = KeyDerivation { hkdf, salt, context };
    for at in places(secret.len()) {
        let altered = Altered::flipped(secret, at);
        let secret = SymmetricKey { k: altered.bytes(), algorithm: None };
        let (mut derived, mut buffer) = (Err(SecretError::Unsupported), [0; 16]);
        let _ = provider.with_shared_secret(&secret, &mut |secret| {
            derived = secret.derive(&derivation, &mut buffer);
        });
        let holds = derived.is_ok() && !key.starts_with(&buffer);
        let found = Found::Made(derived.map(|()| buffer.len()));
        run.check(algorithm, "a changed secret", at, holds, found);
    }
    // HKDF with SHA-2 takes a secret of any length, but none is no secret.
    let lengths = Altered::lengths(secret);
    let is_key = matches!(hkdf, Hkdf::Aes128 | Hkdf::Aes256);
    for (at, altered) in lengths.iter().take(if is_key { lengths.len() } else { 1 }).enumerate() {
        let secret = SymmetricKey { k: altered.bytes(), algorithm: None };
        let mut derived = Err(SecretError::Malformed);
        let given = provider.with_shared_secret(&secret, &mut |secret| {
            derived = secret.derive(&derivation, &mut [0; 16]);
        });
        let holds = (given.is_ok() || given == Err(InvalidKey::Malformed))
            && derived == Err(SecretError::Malformed);
        let name = "a secret of another length is malformed";
        run.check(algorithm, name, at, holds, Found::Made(derived.map(|()| 16)));
    }
}
