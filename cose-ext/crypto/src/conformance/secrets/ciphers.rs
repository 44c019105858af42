//! Cases of ciphers that authenticate nothing (RFC 9459).

use super::{
    BEFORE, OTHERS, Taken, is_wiped, is_written,
    known::{KNOWN_UNAUTHENTICATED, KnownUnauthenticated},
};
use crate::{
    Algorithm, BufferTooShort, InvalidKey, SecretError, SecretProvider, SymmetricKey,
    UnauthenticatedCipher,
    conformance::{
        altered::Altered,
        report::{Found, Run},
    },
};

/// Longer than any known ciphertext.
const MAX_LEN: usize = 64;
/// Length of a block of AES in bytes.
const BLOCK_LEN: usize = 16;

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    for known in KNOWN_UNAUTHENTICATED {
        let key = SymmetricKey { k: known.key, algorithm: None };
        let mut taken = Taken::NOT_YET;
        taken.given = provider.with_cipher(&key, &mut |cipher| {
            taken.called();
            let KnownUnauthenticated { algorithm, iv, plaintext, .. } = *known;
            let made = cipher.encrypt(algorithm, iv, plaintext, &mut [0; MAX_LEN]);
            taken.does = made != Err(SecretError::Unsupported);
            if taken.does {
                run.profile_is(algorithm, cipher.profile(), key.profile());
                accepted(run, cipher, known);
                lengths(run, cipher, known);
                others(run, cipher, known);
            }
        });
        taken.check(run, known.algorithm, required);
        if taken.does {
            keys(run, provider, known);
        }
    }
}

fn accepted(run: &mut Run<'_>, cipher: &dyn UnauthenticatedCipher, known: &KnownUnauthenticated) {
    let KnownUnauthenticated { algorithm, iv, plaintext, ciphertext, .. } = *known;
    let mut buffer = [BEFORE; MAX_LEN];
    let made = cipher.encrypt(algorithm, iv, plaintext, &mut buffer);
    let holds = made == Ok(ciphertext.len()) && is_written(&buffer, ciphertext);
    run.check(algorithm, "the known ciphertext", 0, holds, Found::Made(made));
    let mut buffer = [BEFORE; MAX_LEN];
    let made = cipher.decrypt_unauthenticated(algorithm, iv, ciphertext, &mut buffer);
    let holds = made == Ok(plaintext.len()) && buffer.starts_with(plaintext);
    run.check(algorithm, "the known plaintext", 0, holds, Found::Made(made));
    for len in 0..=plaintext.len() {
        let part = plaintext.get(..len).unwrap_or_default();
        let (mut there, mut back) = ([BEFORE; MAX_LEN], [BEFORE; MAX_LEN]);
        let made = cipher.encrypt(algorithm, iv, part, &mut there);
        let there = there.get(..made.unwrap_or_default()).unwrap_or_default();
        let made = cipher.decrypt_unauthenticated(algorithm, iv, there, &mut back);
        let holds = made == Ok(len) && back.starts_with(part);
        run.check(algorithm, "a plaintext of any length", len, holds, Found::Made(made));
    }
}

fn lengths(run: &mut Run<'_>, cipher: &dyn UnauthenticatedCipher, known: &KnownUnauthenticated) {
    let KnownUnauthenticated { algorithm, iv, plaintext, ciphertext, .. } = *known;
    let mut buffer = [BEFORE; MAX_LEN];
    let name = "a buffer that is too short";
    let short = buffer.get_mut(1..ciphertext.len()).unwrap_or_default();
    let made = cipher.encrypt(algorithm, iv, plaintext, short);
    let holds =
        made == Err(SecretError::BufferTooShort(BufferTooShort { needed: ciphertext.len() }));
    run.check(algorithm, name, ciphertext.len(), holds, Found::Made(made));
    let short = buffer.get_mut(1..ciphertext.len()).unwrap_or_default();
    let made = cipher.decrypt_unauthenticated(algorithm, iv, ciphertext, short);
    let holds =
        made == Err(SecretError::BufferTooShort(BufferTooShort { needed: ciphertext.len() }));
    run.check(algorithm, name, ciphertext.len(), holds, Found::Made(made));
    let malformed = Err(SecretError::Malformed);
    for (at, altered) in Altered::lengths(iv).iter().enumerate() {
        let name = "an IV of another length";
        let made = cipher.encrypt(algorithm, altered.bytes(), plaintext, &mut buffer);
        run.check(algorithm, name, at, made == malformed, Found::Made(made));
        let made =
            cipher.decrypt_unauthenticated(algorithm, altered.bytes(), ciphertext, &mut buffer);
        run.check(algorithm, name, at, made == malformed, Found::Made(made));
    }
    if ciphertext.len() == plaintext.len() {
        return;
    }
    // CBC: no blocks, blocks that are not whole, and blocks that end in no padding.
    for len in [0, 1, BLOCK_LEN, ciphertext.len().saturating_sub(1)] {
        let part = ciphertext.get(..len).unwrap_or_default();
        let mut buffer = [BEFORE; MAX_LEN];
        let made = cipher.decrypt_unauthenticated(algorithm, iv, part, &mut buffer);
        run.check(algorithm, "padding that is none", len, made == malformed, Found::Made(made));
        let name = "nothing is left of what has no padding";
        run.check(algorithm, name, len, is_wiped(&buffer, part), Found::Made(made));
    }
    // A bit of the last byte, by way of the block before.
    let altered = Altered::flipped(ciphertext, BLOCK_LEN.saturating_sub(1));
    let made = cipher.decrypt_unauthenticated(algorithm, iv, altered.bytes(), &mut buffer);
    run.check(algorithm, "padding that is none", BLOCK_LEN, made == malformed, Found::Made(made));
}

fn others(run: &mut Run<'_>, cipher: &dyn UnauthenticatedCipher, known: &KnownUnauthenticated) {
    let mut buffer = [BEFORE; MAX_LEN];
    for other in OTHERS.into_iter().chain([Algorithm::A128GCM]) {
        let made = cipher.encrypt(other, known.iv, known.plaintext, &mut buffer);
        let holds = made == Err(SecretError::Unsupported);
        run.check(other, "encryption by what is no such cipher", 0, holds, Found::Made(made));
    }
}

fn keys(run: &mut Run<'_>, provider: &dyn SecretProvider, known: &KnownUnauthenticated) {
    let KnownUnauthenticated { algorithm, iv, plaintext, ciphertext, .. } = *known;
    for (at, altered) in Altered::lengths(known.key).iter().enumerate() {
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let malformed = Err(SecretError::Malformed);
        let mut made = [malformed; 2];
        let given = provider.with_cipher(&key, &mut |cipher| {
            let mut buffer = [BEFORE; MAX_LEN];
            made = [
                cipher.encrypt(algorithm, iv, plaintext, &mut buffer),
                cipher.decrypt_unauthenticated(algorithm, iv, ciphertext, &mut buffer),
            ];
        });
        let holds = given.is_ok() || given == Err(InvalidKey::Malformed);
        let name = "a key of another length is malformed";
        run.check(algorithm, name, at, holds, Found::Key(given));
        for made in made {
            run.check(algorithm, name, at, made == malformed, Found::Made(made));
        }
    }
}
