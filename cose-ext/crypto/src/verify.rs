//! The trait of keys that check signatures (RFC 9053 2).

use crate::{Algorithm, Interrupted, KeyProfile, PublicKey, VerifyError};

/// Hands over a message piece by piece: it calls its argument with each piece, in order.
///
/// It is synchronous. Whoever reads asynchronously computes the hash and uses
/// [`SignatureVerifier::verify_prehash`].
pub type Feed<'f> = dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Interrupted> + 'f;

/// A public key that can check signatures, wherever it lives. Verifiers are shared by threads.
///
/// The caller has already checked that policy lets a key of this [`profile`](Self::profile) be used
/// with the algorithm; an implementation still answers [`VerifyError::Unsupported`] for what it
/// does not do, and never guesses another algorithm.
pub trait SignatureVerifier: Send + Sync {
    /// Returns the type, the curve and the stated algorithm of the key: what policy decides by.
    fn profile(&self) -> KeyProfile;

    /// Calls `then` once with the key as data, whatever the verifier is made of: two names of one
    /// key are told by it, so that one key never counts as two.
    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>));

    /// Checks `signature` over the concatenation of `message`.
    ///
    /// # Errors
    ///
    /// [`VerifyError::InvalidSignature`]; `Unsupported` or `InvalidKey` when nothing was checked.
    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError>;

    /// Checks `signature` over all that `feed` hands over. `feed` is called at most once.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `Unsupported` where the algorithm or the provider has no
    /// streaming form, and `Interrupted` when `feed` stops.
    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let _ = (algorithm, feed, signature);
        Err(VerifyError::Unsupported)
    }

    /// Checks `signature` over a message whose digest, by the hash function that `algorithm` names,
    /// is `prehash`. ECDSA and RSA have such a form; Ed25519 and ML-DSA as COSE uses them have not.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let _ = (algorithm, prehash, signature);
        Err(VerifyError::Unsupported)
    }
}
