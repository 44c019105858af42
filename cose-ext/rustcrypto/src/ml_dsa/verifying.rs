//! Checking ML-DSA signatures, generic over the parameter set.

use ::ml_dsa::{EncodedVerifyingKey, Signature, VerifyingKey};
use digest::Update;
use signature::MultipartVerifier;

use super::NamedSet;
use cose_crypto::{
    Algorithm, Feed, InvalidKey, KeyMaterial, KeyProfile, KeyType, PublicKey, VerifyError,
};

/// A public key with its matrix expanded, which is most of the work.
#[derive(Clone)]
pub(super) struct Verifying<P: NamedSet> {
    pub(super) key: VerifyingKey<P>,
}

impl<P: NamedSet> Verifying<P> {
    pub(super) fn new(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let KeyMaterial::Akp { public } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        // RFC 9964 3: without its algorithm an AKP key says nothing.
        if key.algorithm.ok_or(InvalidKey::Malformed)? != P::ALGORITHM {
            return Err(InvalidKey::Unsupported);
        }
        let public =
            <&EncodedVerifyingKey<P>>::try_from(public).map_err(|_| InvalidKey::Malformed)?;
        Ok(Self { key: VerifyingKey::decode(public) })
    }

    pub(super) fn profile() -> KeyProfile {
        KeyProfile { key_type: KeyType::AKP, curve: None, algorithm: Some(P::ALGORITHM) }
    }

    pub(super) fn public_bytes<const LEN: usize>(&self) -> [u8; LEN] {
        self.key.encode().as_slice().try_into().unwrap_or([0; LEN])
    }

    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let signature = Self::read_signature(algorithm, signature)?;
        self.key.multipart_verify(message, &signature).map_err(|_| VerifyError::InvalidSignature)
    }

    /// Pure ML-DSA all the same, not HashML-DSA: the message is hashed once, behind the digest of
    /// the key, to the representative that FIPS 204 calls mu.
    pub(super) fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let signature = Self::read_signature(algorithm, signature)?;
        let mut fed = Ok(());
        let mu = self.key.compute_mu(
            |state| {
                fed = feed(&mut |piece| state.update(piece));
                Ok(())
            },
            &[],
        );
        fed?;
        match mu {
            Ok(mu) if self.key.verify_mu(&mu, &signature) => Ok(()),
            _ => Err(VerifyError::InvalidSignature),
        }
    }

    /// Refuses another length, a response that is too long and hints that are not in order, so that
    /// a signature has one encoding only (FIPS 204 algorithms 8, 21 and 27).
    fn read_signature(algorithm: Algorithm, bytes: &[u8]) -> Result<Signature<P>, VerifyError> {
        if algorithm != P::ALGORITHM {
            return Err(VerifyError::Unsupported);
        }
        Signature::try_from(bytes).map_err(|_| VerifyError::InvalidSignature)
    }
}
