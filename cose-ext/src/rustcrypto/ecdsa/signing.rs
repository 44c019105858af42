use ::ecdsa::{
    Signature, SigningKey,
    elliptic_curve::{FieldBytes, Generate, Scalar, ops::Invert, subtle::CtOption},
};
use rand_core::CryptoRng;
use signature::hazmat::PrehashSigner;

use super::{super::emit, NamedCurve, Verifying};
use crate::crypto::{Algorithm, InvalidKey, SignError};

/// A private scalar, which is wiped when dropped, with the algorithm that it signs by.
pub(in super::super) struct Signing<C: NamedCurve> {
    key: SigningKey<C>,
    algorithm: Algorithm,
}

impl<C> Signing<C>
where
    C: NamedCurve,
    Scalar<C>: Invert<Output = CtOption<Scalar<C>>>,
{
    pub(in super::super) fn from_bytes(scalar: &[u8]) -> Result<Self, InvalidKey> {
        // `SigningKey::from_slice` would pad a scalar that is up to eight bytes too short.
        let scalar = <&FieldBytes<C>>::try_from(scalar).map_err(|_| InvalidKey::Malformed)?;
        match SigningKey::from_bytes(scalar) {
            Ok(key) => Ok(Self { key, algorithm: C::USUAL }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(in super::super) fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self { key: SigningKey::generate_from_rng(rng), algorithm: C::USUAL }
    }

    pub(in super::super) fn with_algorithm(
        mut self,
        algorithm: Algorithm,
    ) -> Result<Self, InvalidKey> {
        if algorithm != C::USUAL && algorithm != C::SPECIFIED {
            return Err(InvalidKey::Unsupported);
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    pub(in super::super) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(in super::super) fn verifying_key(&self) -> Verifying<C> {
        Verifying { key: *self.key.verifying_key(), algorithm: None }
    }

    pub(in super::super) fn secret(&self) -> FieldBytes<C> {
        self.key.to_bytes()
    }

    pub(in super::super) fn sign(
        &self,
        message: &[&[u8]],
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        let hash = C::hash_function(self.algorithm).ok_or(SignError::Device)?;
        let prehash = hash.hash(message);
        let signature: Signature<C> =
            self.key.sign_prehash(prehash.as_ref()).map_err(|_| SignError::Device)?;
        emit(&signature.to_bytes(), out)
    }
}
