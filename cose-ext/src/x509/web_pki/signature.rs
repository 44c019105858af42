//! The crypto seam of `rustls-webpki` on top of ours.

use core::fmt;

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

use super::{
    Budget,
    scheme::{Kind, SCHEMES, Scheme},
};
use crate::{
    crypto::{Key, KeyMaterial, Provider, PublicKey, SignatureVerifier, VerifyError},
    ecdsa,
    key::{point, spki},
};

/// One scheme with who checks it.
pub(super) struct CertificateSignature<'v> {
    scheme: &'static Scheme,
    provider: &'v dyn Provider,
    budget: &'v Budget<'v>,
}

impl<'v> CertificateSignature<'v> {
    pub(super) fn all(provider: &'v dyn Provider, budget: &'v Budget<'v>) -> [Self; SCHEMES.len()] {
        SCHEMES.each_ref().map(|scheme| Self { scheme, provider, budget })
    }

    fn check(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        let algorithm = self.scheme.algorithm;
        let malformed = |_| VerifyError::InvalidSignature;
        let material = match self.scheme.kind {
            Kind::Ecdsa(curve) => point(key, curve, 0).map_err(malformed)?,
            Kind::Edwards(curve) => KeyMaterial::Okp { curve, x: key },
            Kind::Rsa => spki::rsa(key).map_err(malformed)?,
            Kind::MlDsa => KeyMaterial::Akp { public: key },
        };
        let stated = matches!(self.scheme.kind, Kind::MlDsa).then_some(algorithm);
        let key = Key::new(PublicKey { material, algorithm: stated }, self.provider);
        match self.scheme.kind {
            Kind::Ecdsa(curve) => {
                let mut numbers = [0; ecdsa::MAX_LEN];
                let signature = ecdsa::from_der(signature, curve, &mut numbers);
                key.verify(algorithm, &[message], signature.map_err(malformed)?)
            }
            _ => key.verify(algorithm, &[message], signature),
        }
    }
}

impl SignatureVerificationAlgorithm for CertificateSignature<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        if !self.budget.spend_signature() {
            return Err(InvalidSignature);
        }
        self.check(public_key, message, signature).map_err(|error| {
            if error == VerifyError::Unsupported {
                self.budget.meet_unsupported();
            }
            InvalidSignature
        })
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.scheme.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.scheme.signature
    }
}

impl fmt::Debug for CertificateSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.scheme.algorithm, f)
    }
}

#[cfg(all(
    test,
    any(
        feature = "aws-lc",
        all(
            feature = "p256",
            feature = "p384",
            feature = "p521",
            feature = "ed25519",
            feature = "ed448",
            feature = "rsa",
            feature = "ml-dsa"
        )
    )
))]
mod tests;
