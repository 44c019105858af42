//! The crypto seam of `rustls-webpki` on top of ours.

use core::fmt;

use ::der::{Decode, Reader, SliceReader, asn1::UintRef};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};

use super::{
    Budget,
    scheme::{Kind, SCHEMES, Scheme},
};
use crate::{
    crypto::{Key, KeyMaterial, Provider, PublicKey, SignatureVerifier, VerifyError},
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
            Kind::Ecdsa(curve, _) => point(key, curve, 0).map_err(malformed)?,
            Kind::Edwards(curve) => KeyMaterial::Okp { curve, x: key },
            Kind::Rsa => spki::rsa(key).map_err(malformed)?,
            Kind::MlDsa => KeyMaterial::Akp { public: key },
        };
        let stated = matches!(self.scheme.kind, Kind::MlDsa).then_some(algorithm);
        let key = Key::new(PublicKey { material, algorithm: stated }, self.provider);
        match self.scheme.kind {
            Kind::Ecdsa(_, field) => {
                let mut numbers = [0; 2 * MAX_FIELD];
                let signature = fixed(signature, field, &mut numbers);
                let signature = signature.ok_or(VerifyError::InvalidSignature)?;
                key.verify(algorithm, &[message], signature)
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

/// A field element of P-521, in bytes.
const MAX_FIELD: usize = 66;

/// Ecdsa-Sig-Value (RFC 3279 2.2.3) as r and s side by side, each as long as a field element.
fn fixed<'o>(der: &[u8], field: usize, out: &'o mut [u8; 2 * MAX_FIELD]) -> Option<&'o [u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    let numbers = reader.sequence(|reader| {
        Ok::<_, ::der::Error>([UintRef::decode(reader)?, UintRef::decode(reader)?])
    });
    let numbers = numbers.ok()?;
    reader.finish().ok()?;
    let out = out.get_mut(..field.checked_mul(2)?)?;
    for (number, place) in numbers.iter().zip(out.chunks_exact_mut(field)) {
        let number = number.as_bytes();
        place.get_mut(field.checked_sub(number.len())?..)?.copy_from_slice(number);
    }
    Some(out)
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
