//! Keys of the vectors, from JWKs.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    crypto::{Algorithm, Curve, KeyMaterial, PublicKey, SecretKey, SymmetricKey, YCoordinate},
    key::{HeldSecret, Identity, TrustedKey},
    rustcrypto::RustCrypto,
};
use testkit::{Trouble, jwk::Jwk, vectors::Case};

/// A key with its numbers.
pub(crate) struct OwnedKey {
    /// Name of the file, without folder and ending.
    pub(crate) name: String,
    pub(crate) jwk: Jwk,
    point: Vec<u8>,
}

impl OwnedKey {
    pub(crate) fn from_jwk(name: &str, jwk: Jwk) -> Result<Self, Trouble> {
        let point = if jwk.kty == "EC" { jwk.uncompressed_point()? } else { Vec::new() };
        let name = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".jwk.json");
        Ok(Self { name: name.to_owned(), jwk, point })
    }

    /// The JWKs of a case; the same keys as COSE_Key are passed over.
    pub(crate) fn of_case(case: &Case) -> Result<Vec<Self>, Trouble> {
        let mut keys = Vec::new();
        for (index, name) in case.keys.iter().enumerate() {
            if name.ends_with(".jwk.json") {
                keys.push(Self::from_jwk(name, Jwk::from_slice(&case.key_bytes(index)?)?)?);
            }
        }
        Ok(keys)
    }

    pub(crate) fn public_key(&self) -> Option<PublicKey<'_>> {
        let curve = match self.jwk.crv.as_deref()? {
            "P-256" => Curve::P256,
            "P-384" => Curve::P384,
            "P-521" => Curve::P521,
            "Ed25519" => Curve::ED25519,
            _ => return None,
        };
        let material = match self.jwk.kty.as_str() {
            "EC" => {
                let (x, y) = self.point[1..].split_at(self.point.len() / 2);
                KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) }
            }
            "OKP" => KeyMaterial::Okp { curve, x: self.jwk.x().ok()? },
            _ => return None,
        };
        Some(PublicKey { material, algorithm: None })
    }

    /// The key for messages of this issuer, if they name one.
    pub(crate) fn trusted<'k>(&'k self, issuer: Option<&'k str>) -> Option<TrustedKey<'k>> {
        let context = cose_ext::Context::new(&RustCrypto);
        let key = TrustedKey::new(self.public_key()?, &context).unwrap();
        // The vectors name their keys to the verifier, so a wrong signature is broken.
        Some(issuer.map_or(key, |issuer| key.for_issuer(issuer)))
    }

    pub(crate) fn secret<'k>(
        &'k self,
        algorithm: Option<Algorithm>,
        issuer: Option<&'k str>,
    ) -> Option<HeldSecret<'k>> {
        let k = self.jwk.k().ok()?;
        let key = SecretKey::symmetric(SymmetricKey { k, algorithm }, &RustCrypto);
        let held = HeldSecret::new(key, Identity::new([1; 32]));
        Some(issuer.map_or(held, |issuer| held.for_issuer(issuer)))
    }
}
