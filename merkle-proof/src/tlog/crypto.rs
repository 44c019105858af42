//! The cryptography of `cose-ext`, for notes.

use cose_ext::crypto::{Algorithm, Curve, HashFunction, KeyMaterial, Provider, PublicKey};

use super::{Error, NoteCrypto};
use crate::Rule;

/// Signatures and hashes of a provider of `cose-ext`.
#[derive(Clone, Copy)]
pub struct CoseNoteCrypto<'p> {
    provider: &'p dyn Provider,
    sha256: &'p dyn HashFunction,
}

impl<'p> CoseNoteCrypto<'p> {
    /// The provider's cryptography; `None` where it has no SHA-256.
    pub fn new(provider: &'p dyn Provider) -> Option<Self> {
        Some(Self { provider, sha256: provider.hash_function(Algorithm::SHA256)? })
    }
}

impl NoteCrypto for CoseNoteCrypto<'_> {
    fn sha256(&self, parts: &[&[u8]]) -> [u8; 32] {
        // The function gives 32 bytes: it is SHA-256.
        self.sha256.hash(parts).as_ref().try_into().unwrap_or_default()
    }

    fn verify_ed25519(
        &self,
        key: &[u8; 32],
        message: &[&[u8]],
        signature: &[u8; 64],
    ) -> Result<(), Error> {
        let material = KeyMaterial::Okp { curve: Curve::ED25519, x: key };
        let key = PublicKey { material, algorithm: None };
        let mut verdict = Err(Error::Verification { rule: Rule::NoteSignature });
        let _ = self.provider.with_verifier(&key, &mut |verifier| {
            if verifier.verify(Algorithm::EDDSA, message, signature).is_ok() {
                verdict = Ok(());
            }
        });
        verdict
    }
}
