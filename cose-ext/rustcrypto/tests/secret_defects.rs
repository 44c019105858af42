//! Providers whose secret keys have one defect each.

#[path = "support/failures.rs"]
mod support;

use rand_core::CryptoRng;

use cose_crypto::{
    Aead, Algorithm, Curve, Feed, HashFunction, HashValue, Hkdf, InvalidKey, KeyAgreement,
    KeyDerivation, KeyProfile, KeyType, KeyWrap, Mac, PrivateKey, Provider, PublicKey, SecretError,
    SecretProvider, SharedSecret, SignatureVerifier, SymmetricKey, UnauthenticatedCipher,
    VerifyError,
};
use cose_rustcrypto::RustCrypto;
use support::failures;

/// What is wrong with an [`Unsound`] provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Defect {
    NeverCalls,
    CallsTwice,
    CallsAKeyMalformed,
    ForgetsTheProfile,
    TakesAnyLengthOfTag,
    TakesATagThatIsNotCut,
    TagsTheFirstPart,
    StopsInSilence,
    GuessesTheMac,
    TagsWithoutAKey,
    ReleasesPlaintext,
    ForgetsAdditionalData,
    CutsNonces,
    IsSilentAboutTheBuffer,
    GuessesTheCipher,
    ForgetsPadding,
    CutsIvs,
    ReleasesKeys,
    UnwrapsAnything,
    ForgetsSalts,
    DerivesFromTheFirstPart,
    DerivesFromNothing,
    DerivesWithoutEnd,
    DerivesByAnother,
    AgreesWithAnyone,
    DoesNotLookAtThePublicKey,
    DrawsTheSameKey,
    TakesAnyCurve,
}

/// The pure Rust provider with a defect.
struct Unsound(Defect);

/// A secret key of the pure Rust provider with a defect.
struct Bad<'v, T: ?Sized> {
    inner: &'v T,
    defect: Defect,
}

impl<T: ?Sized> Bad<'_, T> {
    fn profile(&self, mut profile: KeyProfile) -> KeyProfile {
        if self.defect == Defect::ForgetsTheProfile {
            profile.key_type = KeyType::AKP;
        }
        profile
    }
}

impl Unsound {
    /// How often a key is handed over: as a rule once.
    fn calls(&self) -> usize {
        match self.0 {
            Defect::NeverCalls | Defect::CallsAKeyMalformed => 0,
            Defect::CallsTwice => 2,
            _ => 1,
        }
    }
}

macro_rules! hand_over {
    ($provider:expr, $method:ident, $key:ty, $secret:ty) => {
        fn $method(&self, key: &$key, then: &mut dyn FnMut(&$secret)) -> Result<(), InvalidKey> {
            let given = $provider.$method(key, &mut |inner| {
                for _ in 0..self.calls() {
                    then(&Bad { inner, defect: self.0 });
                }
            });
            if self.0 == Defect::CallsAKeyMalformed { Err(InvalidKey::Malformed) } else { given }
        }
    };
}

impl Provider for Unsound {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, _: Algorithm) -> Option<&dyn HashFunction> {
        None
    }
}

impl SecretProvider for Unsound {
    hand_over!(RustCrypto, with_mac, SymmetricKey<'_>, dyn Mac);
    hand_over!(RustCrypto, with_aead, SymmetricKey<'_>, dyn Aead);
    hand_over!(RustCrypto, with_cipher, SymmetricKey<'_>, dyn UnauthenticatedCipher);
    hand_over!(RustCrypto, with_key_wrap, SymmetricKey<'_>, dyn KeyWrap);
    hand_over!(RustCrypto, with_shared_secret, SymmetricKey<'_>, dyn SharedSecret);

    fn with_key_agreement(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let defect = self.0;
        let mut key = *key;
        if defect == Defect::DoesNotLookAtThePublicKey {
            key.public = None;
        }
        let given = RustCrypto.with_key_agreement(&key, &mut |inner| then(&Bad { inner, defect }));
        match given {
            Err(InvalidKey::Unsupported) if defect == Defect::TakesAnyCurve => Ok(()),
            given => given,
        }
    }

    fn with_ephemeral_key(
        &self,
        curve: Curve,
        random: &mut dyn CryptoRng,
        then: &mut dyn FnMut(&dyn KeyAgreement),
    ) -> Result<(), InvalidKey> {
        let mut same = testkit::rng::seeded(7);
        let random = if self.0 == Defect::DrawsTheSameKey { &mut same } else { random };
        RustCrypto.with_ephemeral_key(curve, random, then)
    }
}

impl Mac for Bad<'_, dyn Mac + '_> {
    fn profile(&self) -> KeyProfile {
        self.profile(self.inner.profile())
    }

    fn tag(&self, algorithm: Algorithm, message: &[&[u8]]) -> Result<HashValue, SecretError> {
        match self.defect {
            Defect::TagsTheFirstPart => self.inner.tag(algorithm, &message[..message.len().min(1)]),
            Defect::GuessesTheMac => match self.inner.tag(algorithm, message) {
                Err(SecretError::Unsupported) => self.inner.tag(Algorithm::HMAC_256, message),
                made => made,
            },
            Defect::TagsWithoutAKey => match self.inner.tag(algorithm, message) {
                Err(SecretError::Malformed) => Ok(HashValue::from([0; 32])),
                made => made,
            },
            _ => self.inner.tag(algorithm, message),
        }
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        let len = algorithm.tag_len().unwrap_or_default();
        match self.defect {
            Defect::TakesAnyLengthOfTag => {
                let own =
                    self.inner.tag(algorithm, message).map_err(|_| VerifyError::Unsupported)?;
                if own.as_ref().starts_with(tag) {
                    Ok(())
                } else {
                    Err(VerifyError::InvalidSignature)
                }
            }
            Defect::TakesATagThatIsNotCut if tag.len() == 32 => {
                self.inner.verify(algorithm, message, tag.get(..len).unwrap_or_default())
            }
            _ => self.inner.verify(algorithm, message, tag),
        }
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        tag: &[u8],
    ) -> Result<(), VerifyError> {
        if self.defect == Defect::StopsInSilence {
            let mut whole = Vec::new();
            let _ = feed(&mut |piece| whole.extend_from_slice(piece));
            return self.inner.verify(algorithm, &[&whole], tag);
        }
        self.inner.verify_stream(algorithm, feed, tag)
    }
}

impl Aead for Bad<'_, dyn Aead + '_> {
    fn profile(&self) -> KeyProfile {
        self.profile(self.inner.profile())
    }

    fn encrypt(
        &self,
        algorithm: Algorithm,
        nonce: &[u8],
        aad: &[&[u8]],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let (algorithm, nonce, aad) = self.changed(algorithm, nonce, aad);
        match self.inner.encrypt(algorithm, nonce, aad, plaintext, ciphertext) {
            Err(SecretError::BufferTooShort(_))
                if self.defect == Defect::IsSilentAboutTheBuffer =>
            {
                Ok(ciphertext.len())
            }
            made => made,
        }
    }

    fn decrypt(
        &self,
        algorithm: Algorithm,
        nonce: &[u8],
        aad: &[&[u8]],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, VerifyError> {
        let (algorithm, nonce, aad) = self.changed(algorithm, nonce, aad);
        let opened = self.inner.decrypt(algorithm, nonce, aad, ciphertext, plaintext);
        if opened.is_err() && self.defect == Defect::ReleasesPlaintext {
            // Counter mode is its own inverse.
            let body = &ciphertext[..ciphertext.len().saturating_sub(16)];
            let _ = self.inner.encrypt(algorithm, nonce, aad, body, plaintext);
        }
        opened
    }
}

impl Bad<'_, dyn Aead + '_> {
    fn changed<'n>(
        &self,
        algorithm: Algorithm,
        nonce: &'n [u8],
        aad: &'n [&'n [u8]],
    ) -> (Algorithm, &'n [u8], &'n [&'n [u8]]) {
        match self.defect {
            Defect::ForgetsAdditionalData => (algorithm, nonce, &aad[..aad.len().min(1)]),
            Defect::CutsNonces => {
                let len = algorithm.nonce_len().unwrap_or_default();
                (algorithm, nonce.get(..len).unwrap_or(nonce), aad)
            }
            Defect::GuessesTheCipher if algorithm.operation().is_none() => {
                (Algorithm::A128GCM, nonce, aad)
            }
            _ => (algorithm, nonce, aad),
        }
    }
}

impl UnauthenticatedCipher for Bad<'_, dyn UnauthenticatedCipher + '_> {
    fn profile(&self) -> KeyProfile {
        self.profile(self.inner.profile())
    }

    fn encrypt(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        plaintext: &[u8],
        ciphertext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let cut = if self.defect == Defect::CutsIvs { iv.get(..16).unwrap_or(iv) } else { iv };
        self.inner.encrypt(algorithm, cut, plaintext, ciphertext)
    }

    fn decrypt_unauthenticated(
        &self,
        algorithm: Algorithm,
        iv: &[u8],
        ciphertext: &[u8],
        plaintext: &mut [u8],
    ) -> Result<usize, SecretError> {
        let made = self.inner.decrypt_unauthenticated(algorithm, iv, ciphertext, plaintext);
        match made {
            Err(SecretError::Malformed) if self.defect == Defect::ForgetsPadding => {
                Ok(ciphertext.len())
            }
            made => made,
        }
    }
}

impl KeyWrap for Bad<'_, dyn KeyWrap + '_> {
    fn profile(&self) -> KeyProfile {
        self.profile(self.inner.profile())
    }

    fn wrap(
        &self,
        algorithm: Algorithm,
        key: &[u8],
        wrapped: &mut [u8],
    ) -> Result<usize, SecretError> {
        self.inner.wrap(algorithm, key, wrapped)
    }

    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError> {
        match (self.inner.unwrap(algorithm, wrapped, key), self.defect) {
            (Err(error), Defect::ReleasesKeys) => {
                key.fill(0x77);
                Err(error)
            }
            (Err(VerifyError::InvalidSignature), Defect::UnwrapsAnything) => Ok(16),
            (opened, _) => opened,
        }
    }
}

impl SharedSecret for Bad<'_, dyn SharedSecret + '_> {
    fn profile(&self) -> KeyProfile {
        self.profile(self.inner.profile())
    }

    fn derive(&self, derivation: &KeyDerivation<'_>, key: &mut [u8]) -> Result<(), SecretError> {
        let mut changed = *derivation;
        match self.defect {
            Defect::ForgetsSalts => changed.salt = &[],
            Defect::DerivesFromTheFirstPart => {
                changed.context = &changed.context[..changed.context.len().min(1)];
            }
            _ => {}
        }
        match (self.inner.derive(&changed, key), self.defect) {
            (Err(SecretError::Malformed), Defect::DerivesFromNothing)
            | (Err(SecretError::Unsupported), Defect::DerivesWithoutEnd) => Ok(()),
            (derived, _) => derived,
        }
    }
}

impl KeyAgreement for Bad<'_, dyn KeyAgreement + '_> {
    fn profile(&self) -> KeyProfile {
        self.profile(self.inner.profile())
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        self.inner.with_public_key(then);
    }

    fn derive(
        &self,
        peer: &PublicKey<'_>,
        derivation: &KeyDerivation<'_>,
        key: &mut [u8],
    ) -> Result<(), SecretError> {
        let mut changed = *derivation;
        if self.defect == Defect::DerivesByAnother {
            changed.hkdf = Hkdf::Sha256;
        }
        match self.inner.derive(peer, &changed, key) {
            Err(SecretError::Malformed) if self.defect == Defect::AgreesWithAnyone => Ok(()),
            derived => derived,
        }
    }
}

#[test]
fn each_defect_is_found_by_the_case_that_looks_for_it() {
    for (defect, case) in [
        (Defect::NeverCalls, "the key is one"),
        (Defect::CallsTwice, "the key is one"),
        (Defect::CallsAKeyMalformed, "the key is one"),
        (Defect::ForgetsTheProfile, "the profile is that of the key"),
        (Defect::TakesAnyLengthOfTag, "a tag of another length"),
        (Defect::TakesATagThatIsNotCut, "a tag that was not cut"),
        (Defect::TagsTheFirstPart, "the known tag, parts split anywhere"),
        (Defect::StopsInSilence, "an interrupted stream"),
        (Defect::GuessesTheMac, "a tag of what is no MAC"),
        (Defect::TagsWithoutAKey, "a key of another length is malformed"),
        (Defect::ReleasesPlaintext, "nothing is left of a plaintext that is not authentic"),
        (Defect::ForgetsAdditionalData, "the known ciphertext, additional data split anywhere"),
        (Defect::ForgetsAdditionalData, "additional data and a byte more"),
        (Defect::CutsNonces, "a nonce of another length"),
        (Defect::IsSilentAboutTheBuffer, "a buffer that is too short"),
        (Defect::GuessesTheCipher, "encryption by what is no AEAD"),
        (Defect::ForgetsPadding, "padding that is none"),
        (Defect::CutsIvs, "an IV of another length"),
        (Defect::ReleasesKeys, "nothing is left of a key that was not wrapped with this"),
        (Defect::UnwrapsAnything, "a changed wrapped key"),
        (Defect::ForgetsSalts, "the known key, context split anywhere"),
        (Defect::DerivesFromTheFirstPart, "the known key, context split anywhere"),
        (Defect::DerivesFromNothing, "a secret of another length is malformed"),
        (Defect::DerivesWithoutEnd, "more than 255 blocks"),
        (Defect::DerivesByAnother, "the known key"),
        (Defect::AgreesWithAnyone, "not on the curve"),
        (Defect::AgreesWithAnyone, "X25519 of small order"),
        (Defect::DoesNotLookAtThePublicKey, "a public key that is another's"),
        (Defect::DrawsTheSameKey, "a fresh key is another each time"),
        (Defect::TakesAnyCurve, "a private key on a curve for something else"),
    ] {
        let failures = failures(&Unsound(defect), &[]);
        let is_it = |failure: &String| failure.contains(case);
        assert!(failures.iter().any(is_it), "{defect:?}, {case}: {failures:#?}");
    }
}
