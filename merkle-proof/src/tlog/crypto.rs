//! The cryptography of `cose-ext`, for notes.

use cose_ext::crypto::{
    Algorithm, Curve, HashFunction, InvalidKey, KeyMaterial, Provider, PublicKey, YCoordinate,
};
use cose_ext::ecdsa;

use super::{Error, NoteCrypto, NotePublicKey};
use crate::Rule;

/// What stands before an uncompressed point of P-256 in SubjectPublicKeyInfo: id-ecPublicKey and
/// the curve (RFC 5480 2).
const P256: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// Signatures and hashes of a provider of `cose-ext`. Of ECDSA it does keys on P-256.
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
        let mut verdict = Err(Error::Verification { rule: Rule::NoteSignature });
        let found = self.provider.with_verifier(&key, &mut |verifier| {
            if verifier.verify(algorithm, message, signature).is_ok() {
                verdict = Ok(());
            }
        });
        match found {
            Err(InvalidKey::Unsupported) => Err(Error::Unsupported { rule: Rule::VerifierKeyType }),
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
                let point = info.strip_prefix(&P256[..]).ok_or(unsupported)?;
                let halves = point.split_first_chunk::<32>().filter(|(_, y)| y.len() == 32);
                let (x, y) = halves.ok_or(unsupported)?;
                let wrong = Error::Verification { rule: Rule::NoteSignature };
                let mut raw = [0; ecdsa::MAX_LEN];
                let raw = ecdsa::from_der(signature, Curve::P256, &mut raw).map_err(|_| wrong)?;
                let y = YCoordinate::Value(y);
                let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y };
                self.check(material, Algorithm::ES256, message, raw)
            }
            NotePublicKey::MlDsa44(key) => {
                let material = KeyMaterial::Akp { public: *key };
                self.check(material, Algorithm::ML_DSA_44, message, signature)
            }
        }
    }
}
