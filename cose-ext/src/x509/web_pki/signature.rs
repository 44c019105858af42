//! The crypto seam of `rustls-webpki` on top of ours.

use core::fmt;

use ::der::{Decode, Reader, SliceReader, asn1::UintRef};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

use super::Budget;
use crate::{
    crypto::{
        Algorithm, Curve, Key, KeyMaterial, Provider, PublicKey, SignatureVerifier, VerifyError,
    },
    key::{point, spki},
};

/// One way to sign certificates.
struct Scheme {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    algorithm: Algorithm,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// ECDSA, by the length of a field element in bytes.
    Ecdsa(Curve, usize),
    Edwards(Curve),
    Rsa,
    MlDsa,
}

const fn ecdsa(
    (key, curve, field): (AlgorithmIdentifier, Curve, usize),
    (signature, algorithm): (AlgorithmIdentifier, Algorithm),
) -> Scheme {
    Scheme { key, signature, algorithm, kind: Kind::Ecdsa(curve, field) }
}

const fn rsa(signature: AlgorithmIdentifier, algorithm: Algorithm) -> Scheme {
    Scheme { key: alg_id::RSA_ENCRYPTION, signature, algorithm, kind: Kind::Rsa }
}

const fn ml_dsa(identifier: AlgorithmIdentifier, algorithm: Algorithm) -> Scheme {
    Scheme { key: identifier, signature: identifier, algorithm, kind: Kind::MlDsa }
}

const P256: (AlgorithmIdentifier, Curve, usize) = (alg_id::ECDSA_P256, Curve::P256, 32);
const P384: (AlgorithmIdentifier, Curve, usize) = (alg_id::ECDSA_P384, Curve::P384, 48);
const P521: (AlgorithmIdentifier, Curve, usize) = (alg_id::ECDSA_P521, Curve::P521, 66);
const SHA256: (AlgorithmIdentifier, Algorithm) = (alg_id::ECDSA_SHA256, Algorithm::ES256);
const SHA384: (AlgorithmIdentifier, Algorithm) = (alg_id::ECDSA_SHA384, Algorithm::ES384);
const SHA512: (AlgorithmIdentifier, Algorithm) = (alg_id::ECDSA_SHA512, Algorithm::ES512);

/// RFC 5758 3.2, RFC 8410 3, RFC 4055, RFC 9881 2. Certificates pair curves and hashes freely; SHA-1
/// is not among them. Not every provider does all.
static SCHEMES: [Scheme; 18] = [
    ecdsa(P256, SHA256),
    ecdsa(P384, SHA384),
    ecdsa(P521, SHA512),
    ecdsa(P256, SHA384),
    ecdsa(P256, SHA512),
    ecdsa(P384, SHA256),
    ecdsa(P384, SHA512),
    Scheme {
        key: alg_id::ED25519,
        signature: alg_id::ED25519,
        algorithm: Algorithm::EDDSA,
        kind: Kind::Edwards(Curve::ED25519),
    },
    Scheme {
        key: alg_id::ED448,
        signature: alg_id::ED448,
        algorithm: Algorithm::EDDSA,
        kind: Kind::Edwards(Curve::ED448),
    },
    rsa(alg_id::RSA_PKCS1_SHA256, Algorithm::RS256),
    rsa(alg_id::RSA_PKCS1_SHA384, Algorithm::RS384),
    rsa(alg_id::RSA_PKCS1_SHA512, Algorithm::RS512),
    rsa(alg_id::RSA_PSS_SHA256, Algorithm::PS256),
    rsa(alg_id::RSA_PSS_SHA384, Algorithm::PS384),
    rsa(alg_id::RSA_PSS_SHA512, Algorithm::PS512),
    ml_dsa(alg_id::ML_DSA_44, Algorithm::ML_DSA_44),
    ml_dsa(alg_id::ML_DSA_65, Algorithm::ML_DSA_65),
    ml_dsa(alg_id::ML_DSA_87, Algorithm::ML_DSA_87),
];

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
