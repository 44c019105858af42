//! The cryptography of `cose-ext`, for notes.

use cose_ext::crypto::{
    Algorithm, Curve, HashFunction, InvalidKey, KeyMaterial, Provider, PublicKey, VerifyError,
    YCoordinate,
};
use cose_ext::ecdsa;

use super::ecdsa_key::{self, NoteCurve};
use super::{Error, NoteCrypto, NotePublicKey};
use crate::Rule;

/// Signatures and hashes of a provider of `cose-ext`.
///
/// Of ECDSA it does P-256, P-384 and P-521, each with SHA-256, where the provider has the curve.
#[derive(Clone, Copy)]
pub struct CoseNoteCrypto<'p> {
    provider: &'p dyn Provider,
    sha256: &'p dyn HashFunction,
}

impl<'p> CoseNoteCrypto<'p> {
    /// Uses the provider's cryptography; returns `None` where it has no SHA-256.
    pub fn new(provider: &'p dyn Provider) -> Option<Self> {
        Some(Self { provider, sha256: provider.hash_function(Algorithm::SHA256)? })
    }

    fn check(
        &self,
        material: KeyMaterial<'_>,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), Error> {
        let stated = matches!(material, KeyMaterial::Akp { .. }).then_some(algorithm);
        let key = PublicKey { material, algorithm: stated };
        let unsupported = Error::Unsupported { rule: Rule::VerifierKeyType };
        let refused = Error::Verification { rule: Rule::NoteSignature };
        let mut verdict = Err(refused);
        let found = self.provider.with_verifier(&key, &mut |verifier| {
            verdict = verifier.verify(algorithm, message, signature).map_err(|error| match error {
                VerifyError::Unsupported => unsupported,
                _ => refused,
            });
        });
        match found {
            Err(InvalidKey::Unsupported) => Err(unsupported),
            _ => verdict,
        }
    }
}

impl NoteCrypto for CoseNoteCrypto<'_> {
    fn sha256(&self, parts: &[&[u8]]) -> [u8; 32] {
        // The function gives 32 bytes: it is SHA-256.
        self.sha256.hash(parts).as_ref().try_into().unwrap_or_default()
    }

    fn verify(
        &self,
        key: &NotePublicKey<'_>,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), Error> {
        match key {
            NotePublicKey::Ed25519(key) => {
                let material = KeyMaterial::Okp { curve: Curve::ED25519, x: *key };
                self.check(material, Algorithm::EDDSA, message, signature)
            }
            NotePublicKey::Ecdsa(info) => {
                let unsupported = Error::Unsupported { rule: Rule::VerifierKeyType };
                let (curve, x, y) = ecdsa_key::point(info).ok_or(unsupported)?;
                let curve = match curve {
                    NoteCurve::P256 => Curve::P256,
                    NoteCurve::P384 => Curve::P384,
                    NoteCurve::P521 => Curve::P521,
                };
                let wrong = Error::Verification { rule: Rule::NoteSignature };
                let mut raw = [0; ecdsa::MAX_LEN];
                let raw = ecdsa::from_der(signature, curve, &mut raw).map_err(|_| wrong)?;
                let material = KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) };
                // SHA-256, whatever the curve.
                self.check(material, Algorithm::ES256, message, raw)
            }
            NotePublicKey::MlDsa44(key) => {
                let material = KeyMaterial::Akp { public: *key };
                self.check(material, Algorithm::ML_DSA_44, message, signature)
            }
        }
    }
}
