//! A provider that takes signatures which no key has made.

mod secrets;

use cose_ext::crypto::{
    Algorithm, Feed, HashFunction, InvalidKey, KeyProfile, Provider, PublicKey, SignatureVerifier,
    VerifyError,
};
use cose_ext::rustcrypto::{RustCrypto, Sha256};

pub use secrets::agreeing_key;

/// Takes signatures of any length, by any algorithm, with any key, for valid ones: which of them, each constant says. Its hash
/// functions are real, its secret keys hide nothing.
#[derive(Clone, Copy, Debug)]
pub struct Accept(Good);

/// Which signatures are valid.
#[derive(Clone, Copy, Debug)]
enum Good {
    All,
    Even,
    OfNobody,
}

impl Accept {
    /// Takes every signature.
    pub const ALL: Self = Self(Good::All);
    /// Takes a signature if its last byte is even: of several signatures some are good.
    pub const EVEN: Self = Self(Good::Even);
    /// Takes the signatures of [`Nobody`](crate::Nobody) over that message: what was changed after it was signed is refused.
    pub const NOBODY: Self = Self(Good::OfNobody);

    /// Tells whether this provider takes the signature over that message.
    #[must_use]
    pub fn takes(self, message: &[&[u8]], signature: &[u8]) -> bool {
        match self.0 {
            Good::All => true,
            Good::Even => signature.last().is_some_and(|last| last % 2 == 0),
            Good::OfNobody => signature.starts_with(Sha256.hash(message).as_ref()),
        }
    }
}

impl Provider for Accept {
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        then(&AnyKey { key: *key, accept: *self });
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        RustCrypto.hash_function(algorithm)
    }
}

struct AnyKey<'k> {
    key: PublicKey<'k>,
    accept: Accept,
}

impl SignatureVerifier for AnyKey<'_> {
    fn profile(&self) -> KeyProfile {
        self.key.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.key);
    }

    fn verify(&self, _: Algorithm, message: &[&[u8]], signature: &[u8]) -> Result<(), VerifyError> {
        let is_good = self.accept.takes(message, signature);
        if is_good { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }

    /// As for the whole message.
    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let mut message = Vec::new();
        feed(&mut |part| message.extend_from_slice(part))?;
        self.verify(algorithm, &[&message], signature)
    }
}
