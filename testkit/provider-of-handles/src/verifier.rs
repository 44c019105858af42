//! A public key in a slot of the service, for as long as it is asked.

use cose_crypto::{
    Algorithm, Curve, Feed, InvalidKey, KeyMaterial, KeyProfile, PublicKey, SignatureVerifier,
    VerifyError, YCoordinate,
};

use crate::{KeyId, KeyUse, Psa, ServiceHash, Status};

/// A public key on P-256 in a slot, which is free again when this is dropped.
#[derive(Debug)]
pub struct HandleVerifier<P: Psa + Copy> {
    hash: ServiceHash<P>,
    id: KeyId,
    point: [u8; 65],
    algorithm: Option<Algorithm>,
}

impl<P: Psa + Copy> HandleVerifier<P> {
    /// Imports a key.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`] if the service says that it is no point of the curve;
    /// [`InvalidKey::Unsupported`] for other curves and types, for a compressed point, which the API cannot import, and
    /// where no slot is free.
    pub fn import(hash: ServiceHash<P>, key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let KeyMaterial::Ec2 { curve: Curve::P256, x, y } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        key.check()?;
        let YCoordinate::Value(y) = y else { return Err(InvalidKey::Unsupported) };
        let mut point = [4; 65];
        for (to, from) in point.iter_mut().skip(1).zip(x.iter().chain(y)) {
            *to = *from;
        }
        let id =
            hash.psa().import_public_key(&point, KeyUse::VerifyHash).map_err(
                |status| match status {
                    Status::InvalidArgument => InvalidKey::Malformed,
                    _ => InvalidKey::Unsupported,
                },
            )?;
        Ok(Self { hash, id, point, algorithm: key.algorithm })
    }

    fn as_public_key(&self) -> PublicKey<'_> {
        let (_, coordinates) = self.point.split_at(1);
        let (x, y) = coordinates.split_at(32);
        let y = YCoordinate::Value(y);
        let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y };
        PublicKey { material, algorithm: self.algorithm }
    }

    fn verify_digest(
        &self,
        digest: Result<[u8; 32], Status>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let verified =
            digest.and_then(|digest| self.hash.psa().verify_hash(self.id, &digest, signature));
        verified.map_err(|status| match status {
            Status::InvalidSignature => VerifyError::InvalidSignature,
            _ => VerifyError::Unsupported,
        })
    }
}

impl<P: Psa + Copy> Drop for HandleVerifier<P> {
    fn drop(&mut self) {
        // A volatile key that cannot be destroyed is the service's to report: there is nobody here to tell.
        let _ = self.hash.psa().destroy_key(self.id);
    }
}

impl<P: Psa + Copy> SignatureVerifier for HandleVerifier<P> {
    fn profile(&self) -> KeyProfile {
        self.as_public_key().profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.as_public_key());
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        does(algorithm)?;
        self.verify_digest(self.hash.digest(message), signature)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        does(algorithm)?;
        self.verify_digest(self.hash.digest_stream(feed)?, signature)
    }

    fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        does(algorithm)?;
        let digest = prehash.try_into().map_err(|_| VerifyError::InvalidSignature)?;
        self.verify_digest(Ok(digest), signature)
    }
}

fn does(algorithm: Algorithm) -> Result<(), VerifyError> {
    let done = [Algorithm::ES256, Algorithm::ESP256].contains(&algorithm);
    if done { Ok(()) } else { Err(VerifyError::Unsupported) }
}
