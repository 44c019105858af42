//! Signing with ML-DSA, generic over the parameter set.

use ::ml_dsa::{Keypair, Seed, SigningKey};
use digest::Update;
use rand_core::CryptoRng;
use signature::MultipartSigner;
use zeroize::Zeroizing;

use super::{NamedSet, Verifying};
use crate::emit::emit;
use cose_crypto::{
    Algorithm, BufferTooShort, Feed, InvalidKey, KeyMaterial, PrivateKey, PrivateKeyMaterial,
    SignError,
};

/// A private key expanded from its seed; both are wiped when dropped.
pub(super) struct Signing<P: NamedSet> {
    key: SigningKey<P>,
}

impl<P: NamedSet> Signing<P> {
    pub(super) fn from_bytes(seed: &[u8]) -> Result<Self, InvalidKey> {
        let seed = <&Seed>::try_from(seed).map_err(|_| InvalidKey::Malformed)?;
        Ok(Self { key: SigningKey::from_seed(seed) })
    }

    pub(super) fn new(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let PrivateKeyMaterial::Akp { seed } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        if key.algorithm.ok_or(InvalidKey::Malformed)? != P::ALGORITHM {
            return Err(InvalidKey::Unsupported);
        }
        let signing = Self::from_bytes(seed)?;
        match key.public {
            None => Ok(signing),
            Some(KeyMaterial::Akp { public })
                if public == signing.verifying_key().key.encode().as_slice() =>
            {
                Ok(signing)
            }
            Some(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(super) fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut seed = Zeroizing::new(Seed::default());
        rng.fill_bytes(seed.as_mut_slice());
        Self { key: SigningKey::from_seed(&seed) }
    }

    pub(super) const fn algorithm() -> Algorithm {
        P::ALGORITHM
    }

    pub(super) fn verifying_key(&self) -> Verifying<P> {
        Verifying { key: self.key.verifying_key() }
    }

    pub(super) fn secret(&self) -> Zeroizing<[u8; 32]> {
        let mut seed = Zeroizing::new([0; 32]);
        seed.copy_from_slice(self.key.as_seed());
        seed
    }

    pub(super) fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, SignError> {
        if out.len() < P::SIGNATURE_LEN {
            return Err(SignError::BufferTooShort(BufferTooShort { needed: P::SIGNATURE_LEN }));
        }
        let signature = self.key.try_multipart_sign(message).map_err(|_| SignError::Device)?;
        emit(&signature.encode(), out)
    }

    /// Pure ML-DSA all the same: the message is hashed once, to the representative that FIPS 204
    /// calls mu.
    pub(super) fn sign_stream(
        &self,
        feed: &mut Feed<'_>,
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        if out.len() < P::SIGNATURE_LEN {
            return Err(SignError::BufferTooShort(BufferTooShort { needed: P::SIGNATURE_LEN }));
        }
        let mut fed = Ok(());
        let mu = self.key.verifying_key().compute_mu(
            |state| {
                fed = feed(&mut |piece| state.update(piece));
                Ok(())
            },
            &[],
        );
        fed?;
        let mu = mu.map_err(|_| SignError::Device)?;
        emit(&self.key.expanded_key().sign_mu_deterministic(&mu).encode(), out)
    }
}
