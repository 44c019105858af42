//! A secret key that never leaves the service.

use cose_crypto::{Algorithm, BufferTooShort, SignError, Signer};

use crate::{KeyId, Psa, ServiceHash, Status};

/// Signs with a key that the service holds, ES256.
#[derive(Clone, Copy, Debug)]
pub struct HandleSigner<P> {
    hash: ServiceHash<P>,
    id: KeyId,
}

impl<P: Psa + Copy> HandleSigner<P> {
    /// Names a key of the service, which may sign digests.
    pub const fn new(psa: P, id: KeyId) -> Self {
        Self { hash: ServiceHash::new(psa), id }
    }

    /// Returns the uncompressed point of the key, out of the service.
    ///
    /// # Errors
    ///
    /// If there is no such key.
    pub fn public_point(&self) -> Result<[u8; 65], Status> {
        self.hash.psa().export_public_key(self.id)
    }
}

impl<P: Psa + Copy> Signer for HandleSigner<P> {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }

    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        let out = signature.get_mut(..64).ok_or(BufferTooShort { needed: 64 })?;
        let made = self.hash.digest(message);
        let made = made.and_then(|digest| self.hash.psa().sign_hash(self.id, &digest));
        out.copy_from_slice(&made.map_err(|_| SignError::Device)?);
        Ok(64)
    }
}
