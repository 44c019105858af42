//! Signing with RSA (RFC 8230 2, RFC 8812 2).

use std::vec;

use core::fmt;

use aws_lc_rs::{
    digest::Digest,
    rsa::{KeyPair, KeyPairComponents, PublicKeyComponents},
};

use super::{Parts, RsaVerifyingKey, parts};
use crate::buffers::emit;
use cose_crypto::{
    Algorithm, BufferTooShort, Feed, HashValue, InvalidKey, KeyMaterial, PrivateKey,
    PrivateKeyMaterial, PublicKey, SignError, Signer, StreamSigner,
};

/// An RSA private key with two primes, which signs by PS256, PS384 or PS512, or on request by
/// RS256, RS384 or RS512. AWS-LC draws the salt of PSS, as long as the hash, and wipes what it
/// frees.
///
/// `Debug` shows the type only.
pub struct RsaSigningKey {
    key: KeyPair,
    verifying: RsaVerifyingKey,
    algorithm: Algorithm,
}

impl RsaSigningKey {
    /// Makes the signer of a key that arrived as data, for the algorithm that the key states, else
    /// for PS256.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type, and for an algorithm that is not one of RSA signatures;
    /// `Malformed` as [`RsaVerifyingKey::from_public_key`], for numbers that do not belong together
    /// (RFC 8017 3.2), and for a public key that is another's.
    pub fn from_private_key(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let material = KeyMaterial::Rsa { n, e };
        let verifying = RsaVerifyingKey::from_public_key(&PublicKey { material, algorithm: None })?;
        if key.public.is_some_and(|public| public != material) {
            return Err(InvalidKey::Malformed);
        }
        let public_key = PublicKeyComponents { n, e };
        let components = KeyPairComponents { public_key, d, p, q, dP: dp, dQ: dq, qInv: qi };
        let pair = KeyPair::from_components(&components).map_err(|_| InvalidKey::Malformed)?;
        let signing = Self { key: pair, verifying, algorithm: Algorithm::PS256 };
        signing.with_algorithm(key.algorithm.unwrap_or(Algorithm::PS256))
    }

    /// Returns this key for signatures by `algorithm`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for any but PS256, PS384, PS512, RS256, RS384 and RS512.
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
        parts(algorithm).map_err(|_| InvalidKey::Unsupported)?;
        self.algorithm = algorithm;
        Ok(self)
    }

    /// Returns the public key, parsed once for many checks.
    #[must_use]
    pub fn verifying_key(&self) -> RsaVerifyingKey {
        self.verifying.clone()
    }

    fn check_room(&self, out: &[u8]) -> Result<(), SignError> {
        let needed = self.key.public_modulus_len();
        if out.len() < needed { Err(BufferTooShort { needed }.into()) } else { Ok(()) }
    }

    fn sign_prehash(
        &self,
        parts: &Parts,
        prehash: &HashValue,
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        let digest = Digest::import_less_safe(prehash.as_ref(), parts.digest)
            .map_err(|_| SignError::Device)?;
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign_digest(parts.encoding, &digest, &mut signature)
            .map_err(|_| SignError::Device)?;
        emit(&signature, out)
    }
}

impl Signer for RsaSigningKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn signature_len(&self) -> usize {
        self.key.public_modulus_len()
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        self.check_room(signature)?;
        let parts = parts(self.algorithm).map_err(|_| SignError::Device)?;
        self.sign_prehash(&parts, &parts.hash.hash(message), signature)
    }
}

impl StreamSigner for RsaSigningKey {
    fn sign_stream(&self, feed: &mut Feed<'_>, signature: &mut [u8]) -> Result<usize, SignError> {
        self.check_room(signature)?;
        let parts = parts(self.algorithm).map_err(|_| SignError::Device)?;
        self.sign_prehash(&parts, &parts.hash.hash_stream(feed)?, signature)
    }
}

impl fmt::Debug for RsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaSigningKey").finish_non_exhaustive()
    }
}
