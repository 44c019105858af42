//! Cases of authenticated encryption (RFC 9053 4).

use super::{
    BEFORE, OTHERS, Taken, is_wiped, is_written,
    known::{KNOWN_CIPHERTEXTS, KnownCiphertext},
};
use crate::{
    Aead, Algorithm, BufferTooShort, InvalidKey, SecretError, SecretProvider, SymmetricKey,
    VerifyError,
    conformance::{
        altered::{Altered, places},
        report::{Found, Run},
    },
};

/// Longer than any known ciphertext.
const MAX_LEN: usize = 160;

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    for known in KNOWN_CIPHERTEXTS {
        let key = SymmetricKey { k: known.key, algorithm: None };
        let mut taken = Taken::NOT_YET;
        taken.given = provider.with_aead(&key, &mut |aead| {
            taken.called();
            let KnownCiphertext { algorithm, nonce, aad, plaintext, .. } = *known;
            let made = aead.encrypt(algorithm, nonce, &[aad], plaintext, &mut [0; MAX_LEN]);
            taken.does = made != Err(SecretError::Unsupported);
            if taken.does {
                run.profile_is(algorithm, aead.profile(), key.profile());
                Case { aead, known }.all(run);
            }
        });
        taken.check(run, known.algorithm, required);
        if taken.does {
            keys(run, provider, known);
        }
    }
}

/// A key and what is known of it.
struct Case<'c> {
    aead: &'c dyn Aead,
    known: &'c KnownCiphertext,
}

impl Case<'_> {
    fn all(&self, run: &mut Run<'_>) {
        self.accepted(run);
        self.without_plaintext(run);
        self.changed(run);
        self.lengths(run);
        self.other_algorithms(run);
    }

    fn accepted(&self, run: &mut Run<'_>) {
        let KnownCiphertext { algorithm, nonce, aad, plaintext, ciphertext, .. } = *self.known;
        for at in places(aad.len().saturating_add(1)) {
            let (front, back) = aad.split_at_checked(at).unwrap_or_default();
            let aad = [front, &[], back];
            let mut buffer = [BEFORE; MAX_LEN];
            let made = self.aead.encrypt(algorithm, nonce, &aad, plaintext, &mut buffer);
            let holds = made == Ok(ciphertext.len()) && is_written(&buffer, ciphertext);
            let name = "the known ciphertext, additional data split anywhere";
            run.check(algorithm, name, at, holds, Found::Made(made));
            let mut buffer = [BEFORE; MAX_LEN];
            let opened = self.aead.decrypt(algorithm, nonce, &aad, ciphertext, &mut buffer);
            let holds = opened == Ok(plaintext.len()) && is_written(&buffer, plaintext);
            let name = "the known plaintext, additional data split anywhere";
            run.check(algorithm, name, at, holds, Found::Opened(opened));
        }
        let case = "additional data and a byte more, in a part of its own";
        self.refused(run, case, 0, nonce, &[aad, &[0]], ciphertext);
    }

    /// Additional data alone, and nothing at all.
    fn without_plaintext(&self, run: &mut Run<'_>) {
        let KnownCiphertext { algorithm, nonce, aad, .. } = *self.known;
        for (at, aad) in [&[aad][..], &[&[]], &[]].into_iter().enumerate() {
            let mut tag = [BEFORE; MAX_LEN];
            let made = self.aead.encrypt(algorithm, nonce, aad, &[], &mut tag);
            let name = "no plaintext makes a tag";
            let holds = made.ok() == algorithm.tag_len();
            run.check(algorithm, name, at, holds, Found::Made(made));
            let tag = tag.get(..made.unwrap_or_default()).unwrap_or_default();
            let opened = self.aead.decrypt(algorithm, nonce, aad, tag, &mut []);
            let name = "a tag without ciphertext is accepted";
            run.check(algorithm, name, at, opened == Ok(0), Found::Opened(opened));
            let altered = Altered::flipped(tag, 0);
            self.refused(run, "a changed tag without ciphertext", at, nonce, aad, altered.bytes());
        }
    }

    /// Nothing is released of what is not authentic.
    fn refused(
        &self,
        run: &mut Run<'_>,
        case: &'static str,
        at: usize,
        nonce: &[u8],
        aad: &[&[u8]],
        ciphertext: &[u8],
    ) {
        let algorithm = self.known.algorithm;
        let mut buffer = [BEFORE; MAX_LEN];
        let opened = self.aead.decrypt(algorithm, nonce, aad, ciphertext, &mut buffer);
        let holds = opened == Err(VerifyError::InvalidSignature);
        run.check(algorithm, case, at, holds, Found::Opened(opened));
        let name = "nothing is left of a plaintext that is not authentic";
        run.check(algorithm, name, at, is_wiped(&buffer, ciphertext), Found::Opened(opened));
    }

    fn changed(&self, run: &mut Run<'_>) {
        let KnownCiphertext { nonce, aad, ciphertext, .. } = *self.known;
        for at in places(ciphertext.len()) {
            let altered = Altered::flipped(ciphertext, at);
            self.refused(run, "a changed ciphertext", at, nonce, &[aad], altered.bytes());
        }
        for at in places(aad.len()) {
            let altered = Altered::flipped(aad, at);
            self.refused(run, "changed additional data", at, nonce, &[altered.bytes()], ciphertext);
        }
        for at in places(nonce.len()) {
            let altered = Altered::flipped(nonce, at);
            self.refused(run, "a changed nonce", at, altered.bytes(), &[aad], ciphertext);
        }
    }

    fn lengths(&self, run: &mut Run<'_>) {
        let KnownCiphertext { algorithm, nonce, aad, plaintext, ciphertext, .. } = *self.known;
        for (at, altered) in Altered::lengths(ciphertext).iter().enumerate() {
            let case = "a ciphertext of another length";
            self.refused(run, case, at, nonce, &[aad], altered.bytes());
        }
        for (at, altered) in Altered::lengths(aad).iter().enumerate() {
            let case = "additional data of another length";
            self.refused(run, case, at, nonce, &[altered.bytes()], ciphertext);
        }
        for (at, altered) in Altered::lengths(nonce).iter().enumerate() {
            let (nonce, mut buffer) = (altered.bytes(), [BEFORE; MAX_LEN]);
            let made = self.aead.encrypt(algorithm, nonce, &[aad], plaintext, &mut buffer);
            let holds = made == Err(SecretError::Malformed);
            let name = "a nonce of another length";
            run.check(algorithm, name, at, holds, Found::Made(made));
            let opened = self.aead.decrypt(algorithm, nonce, &[aad], ciphertext, &mut buffer);
            let holds = opened == Err(VerifyError::Unsupported);
            run.check(algorithm, name, at, holds, Found::Opened(opened));
        }
        let mut buffer = [BEFORE; MAX_LEN];
        let short = buffer.get_mut(1..ciphertext.len()).unwrap_or_default();
        let made = self.aead.encrypt(algorithm, nonce, &[aad], plaintext, short);
        let holds =
            made == Err(SecretError::BufferTooShort(BufferTooShort { needed: ciphertext.len() }));
        let name = "a buffer that is too short";
        run.check(algorithm, name, ciphertext.len(), holds, Found::Made(made));
        let short = buffer.get_mut(1..plaintext.len()).unwrap_or_default();
        let opened = self.aead.decrypt(algorithm, nonce, &[aad], ciphertext, short);
        let holds = opened == Err(VerifyError::Unsupported);
        run.check(algorithm, name, plaintext.len(), holds, Found::Opened(opened));
    }

    fn other_algorithms(&self, run: &mut Run<'_>) {
        let KnownCiphertext { algorithm, nonce, aad, plaintext, ciphertext, .. } = *self.known;
        let mut buffer = [BEFORE; MAX_LEN];
        let others = KNOWN_CIPHERTEXTS.iter().map(|known| known.algorithm).chain(OTHERS);
        for other in others.filter(|other| *other != algorithm) {
            let opened = self.aead.decrypt(other, nonce, &[aad], ciphertext, &mut buffer);
            let name = "another algorithm with this ciphertext";
            run.check(other, name, 0, opened.is_err(), Found::Opened(opened));
        }
        for other in OTHERS {
            let made = self.aead.encrypt(other, nonce, &[aad], plaintext, &mut buffer);
            let holds = made == Err(SecretError::Unsupported);
            run.check(other, "encryption by what is no AEAD", 0, holds, Found::Made(made));
        }
    }
}

/// Other keys open nothing, and what is no key does nothing.
fn keys(run: &mut Run<'_>, provider: &dyn SecretProvider, known: &KnownCiphertext) {
    let KnownCiphertext { algorithm, nonce, aad, plaintext, ciphertext, .. } = *known;
    let mut buffer = [BEFORE; MAX_LEN];
    for at in places(known.key.len()) {
        let altered = Altered::flipped(known.key, at);
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let mut opened = Ok(0);
        let _ = provider.with_aead(&key, &mut |aead| {
            opened = aead.decrypt(algorithm, nonce, &[aad], ciphertext, &mut buffer);
        });
        let holds = opened == Err(VerifyError::InvalidSignature);
        run.check(algorithm, "a changed key", at, holds, Found::Opened(opened));
    }
    for (at, altered) in Altered::lengths(known.key).iter().enumerate() {
        let key = SymmetricKey { k: altered.bytes(), algorithm: None };
        let mut made = Err(SecretError::Malformed);
        let mut opened = Err(VerifyError::Unsupported);
        let given = provider.with_aead(&key, &mut |aead| {
            made = aead.encrypt(algorithm, nonce, &[aad], plaintext, &mut buffer);
            opened = aead.decrypt(algorithm, nonce, &[aad], ciphertext, &mut buffer);
        });
        let holds = given.is_ok() || given == Err(InvalidKey::Malformed);
        let name = "a key of another length is malformed";
        run.check(algorithm, name, at, holds, Found::Key(given));
        run.check(algorithm, name, at, made == Err(SecretError::Malformed), Found::Made(made));
        let holds = opened == Err(VerifyError::Unsupported);
        run.check(algorithm, name, at, holds, Found::Opened(opened));
    }
}
