//! Providers with one defect each. A suite that lets one pass would be none.

#[path = "support/failures.rs"]
mod support;

use cose_crypto::{
    Algorithm, Curve, Ec2PublicKey, Feed, HashFunction, HashValue, Interrupted, InvalidKey,
    KeyProfile, KeyType, Provider, PublicKey, SecretProvider, SignatureVerifier, VerifyError,
};
use cose_rustcrypto::{RustCrypto, Sha256, Sha512_256};
use support::failures;

/// What is wrong with an [`Unsound`] provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Defect {
    AcceptsEverything,
    RefusesEverything,
    GuessesTheAlgorithm,
    IgnoresAllButTheFirstPart,
    IgnoresTheLastByte,
    StopsAnInterruptedStreamInSilence,
    AnswersStreamsOtherwise,
    HashesAPrehashAgain,
    AcceptsALongerPrehash,
    AcceptsALongerSignature,
    ForgetsTheProfile,
    HidesItsKey,
    TellsAnotherKey,
    TakesMalformedKeys,
    CallsUnsupportedMalformed,
    NeverCalls,
    CallsTwice,
    HashesWithAnother,
    HashesPartsApart,
    CutsDigests,
}

/// The pure Rust provider with a defect; P-256 only, since one algorithm shows it.
struct Unsound(Defect);

struct UnsoundVerifier<'v> {
    inner: &'v dyn SignatureVerifier,
    defect: Defect,
}

impl Provider for Unsound {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        let defect = self.0;
        let is_other = |curve| curve == Curve::P384 || curve == Curve::P521;
        if key.profile().key_type != KeyType::EC2 || key.profile().curve.is_some_and(is_other) {
            return Err(InvalidKey::Unsupported);
        }
        if defect == Defect::NeverCalls {
            return RustCrypto.with_verifier(key, &mut |_| ());
        }
        let parsed = RustCrypto.with_verifier(key, &mut |inner| {
            then(&UnsoundVerifier { inner, defect });
            if defect == Defect::CallsTwice {
                then(&UnsoundVerifier { inner, defect });
            }
        });
        match (parsed, defect) {
            (Err(InvalidKey::Malformed), Defect::TakesMalformedKeys) => Ok(()),
            (Err(InvalidKey::Unsupported), Defect::CallsUnsupportedMalformed) => {
                Err(InvalidKey::Malformed)
            }
            _ => parsed,
        }
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        match self.0 {
            Defect::HashesWithAnother => Some(&Sha512_256),
            Defect::HashesPartsApart => Some(&UnsoundHash { cut: 0 }),
            Defect::CutsDigests => Some(&UnsoundHash { cut: 1 }),
            _ => RustCrypto.hash_function(algorithm),
        }
    }
}

/// Has no secret keys.
impl SecretProvider for Unsound {}

impl SignatureVerifier for UnsoundVerifier<'_> {
    fn profile(&self) -> KeyProfile {
        let mut profile = self.inner.profile();
        if self.defect == Defect::ForgetsTheProfile {
            profile.curve = None;
        }
        profile
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        match self.defect {
            Defect::HidesItsKey => {}
            Defect::TellsAnotherKey => {
                let (x, y) = ([1; 32], [2; 32]);
                let another = Ec2PublicKey { curve: Curve::P256, x, y };
                then(&another.as_public_key());
            }
            _ => self.inner.with_public_key(then),
        }
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let verify = |message: &[&[u8]]| self.inner.verify(algorithm, message, signature);
        match self.defect {
            Defect::AcceptsEverything => Ok(()),
            Defect::RefusesEverything => Err(VerifyError::InvalidSignature),
            Defect::GuessesTheAlgorithm => self.inner.verify(Algorithm::ES256, message, signature),
            Defect::IgnoresAllButTheFirstPart => verify(&message[..message.len().min(1)]),
            Defect::IgnoresTheLastByte => {
                let whole = message.concat();
                let shorter = whole.split_last().map_or(&whole[..], |(_, shorter)| shorter);
                if verify(&[shorter]).is_ok() { Ok(()) } else { verify(message) }
            }
            Defect::AcceptsALongerSignature => {
                let front = signature.get(..64).unwrap_or(signature);
                self.inner.verify(algorithm, message, front)
            }
            _ => verify(message),
        }
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        match self.defect {
            Defect::AnswersStreamsOtherwise => Err(VerifyError::InvalidSignature),
            Defect::StopsAnInterruptedStreamInSilence => {
                let mut whole = Vec::new();
                let _ = feed(&mut |piece| whole.extend_from_slice(piece));
                self.inner.verify(algorithm, &[&whole], signature)
            }
            _ => self.inner.verify_stream(algorithm, feed, signature),
        }
    }

    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        match self.defect {
            Defect::HashesAPrehashAgain => self.inner.verify(algorithm, &[prehash], signature),
            Defect::AcceptsALongerPrehash => {
                let front = prehash.get(..32).unwrap_or(prehash);
                self.inner.verify_prehash(algorithm, front, signature)
            }
            _ => self.inner.verify_prehash(algorithm, prehash, signature),
        }
    }
}

/// SHA-256 of the first part only, without the last `cut` bytes.
struct UnsoundHash {
    cut: usize,
}

impl HashFunction for UnsoundHash {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        let used = if self.cut == 0 { &message[..message.len().min(1)] } else { message };
        let digest = Sha256.hash(used);
        HashValue::new(&digest.as_ref()[self.cut..]).unwrap()
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        Sha256.hash_stream(feed)
    }
}

#[test]
fn each_defect_is_found_by_the_case_that_looks_for_it() {
    for (defect, case) in [
        (Defect::AcceptsEverything, "a changed message"),
        (Defect::RefusesEverything, "the known signature verifies"),
        (Defect::GuessesTheAlgorithm, "another algorithm with this key and signature"),
        (Defect::IgnoresAllButTheFirstPart, "a byte more, in a part of its own"),
        (Defect::IgnoresTheLastByte, "a message of another length"),
        (Defect::StopsAnInterruptedStreamInSilence, "an interrupted stream"),
        (Defect::AnswersStreamsOtherwise, "a stream has the verdict of the whole"),
        (Defect::HashesAPrehashAgain, "a prehash has the verdict of the whole"),
        (Defect::AcceptsALongerPrehash, "a prehash of another length"),
        (Defect::AcceptsALongerSignature, "a signature of another length"),
        (Defect::ForgetsTheProfile, "the profile is that of the key"),
        (Defect::HidesItsKey, "the verifier tells its key"),
        (Defect::TellsAnotherKey, "the verifier tells its key"),
        (Defect::TakesMalformedKeys, "a key of another length is malformed"),
        (Defect::CallsUnsupportedMalformed, "a key on an unknown curve"),
        (Defect::NeverCalls, "the key is one"),
        (Defect::CallsTwice, "the key is one"),
        (Defect::HashesWithAnother, "a hash function is the one that was asked for"),
        (Defect::HashesPartsApart, "parts split anywhere"),
        (Defect::CutsDigests, "the known digest"),
    ] {
        let failures = failures(&Unsound(defect), &[Algorithm::ES256]);
        let is_it = |failure: &String| failure.contains(case);
        assert!(failures.iter().any(is_it), "{defect:?}: {failures:#?}");
    }
}
