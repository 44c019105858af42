//! What turns keys into verifiers.

use crate::{Algorithm, HashFunction, InvalidKey, PublicKey, SignatureVerifier};

/// Turns keys that arrive as data into verifiers, and names hash functions: all that whoever only
/// verifies has to write.
///
/// A provider is always an argument: there is no process-wide default. It belongs into a service's
/// threads, so it is `Send` and `Sync`; a peripheral stands behind its platform's mutex.
pub trait Provider: Send + Sync {
    /// Parses `key` and calls `then` once with a verifier for it.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`] if the key is not one, [`InvalidKey::Unsupported`] if it is of a
    /// kind that the provider does not do; `then` is not called.
    fn with_verifier(
        &self,
        key: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey>;

    /// Returns the hash function that `algorithm` names; `None` where the provider does not have
    /// it.
    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction>;
}
