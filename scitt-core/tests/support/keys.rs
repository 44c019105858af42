//! Public keys of the vectors: from JWKs, and from the certificate that a statement brings along.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};
use testkit::{Trouble, jwk::Jwk};

/// A public key with its numbers.
pub(crate) struct OwnedKey {
    numbers: Numbers,
    /// `kid` of what it signs, where its file states one.
    pub(crate) key_id: Option<Vec<u8>>,
    /// The algorithm that its file restricts it to.
    stated: Option<Algorithm>,
}

enum Numbers {
    Ec2 { curve: Curve, x: Vec<u8>, y: Vec<u8> },
    Okp { curve: Curve, x: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

impl OwnedKey {
    pub(crate) fn from_jwk(jwk: &Jwk) -> Result<Self, Trouble> {
        let numbers = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("EC", Some(curve)) => {
                let point = jwk.uncompressed_point()?;
                let (x, y) = point[1..].split_at(point.len() / 2);
                Numbers::Ec2 { curve: curve_named(curve)?, x: x.to_vec(), y: y.to_vec() }
            }
            ("OKP", Some(curve)) => {
                Numbers::Okp { curve: curve_named(curve)?, x: jwk.x()?.to_vec() }
            }
            ("RSA", _) => Numbers::Rsa { n: minimal(jwk.n()?), e: minimal(jwk.e()?) },
            other => return Err(format!("a key of type {other:?}").into()),
        };
        let stated = jwk.alg.as_deref().map(algorithm_named).transpose()?;
        Ok(Self { numbers, key_id: jwk.kid.clone().map(String::into_bytes), stated })
    }

    /// The key that the certificate `der` certifies; `None` if it is of a kind not needed here.
    pub(crate) fn from_certificate(der: &[u8]) -> Option<Self> {
        let (certificate, _) = element(der, 0x30)?;
        let (mut body, _) = element(certificate, 0x30)?;
        if let Some((_version, rest)) = element(body, 0xa0) {
            body = rest;
        }
        // Serial number, signature algorithm, issuer, validity, subject.
        for tag in [0x02, 0x30, 0x30, 0x30, 0x30] {
            body = element(body, tag)?.1;
        }
        let (key_info, _) = element(body, 0x30)?;
        let (algorithm, rest) = element(key_info, 0x30)?;
        let (bits, _) = element(rest, 0x03)?;
        let key = bits.strip_prefix(&[0])?;
        let (oid, parameters) = element(algorithm, 0x06)?;
        let numbers = match hex::encode(oid).as_str() {
            // id-ecPublicKey, with the curve as its parameter.
            "2a8648ce3d0201" => {
                let curve = match hex::encode(element(parameters, 0x06)?.0).as_str() {
                    "2a8648ce3d030107" => Curve::P256,
                    "2b81040022" => Curve::P384,
                    "2b81040023" => Curve::P521,
                    _ => return None,
                };
                let point = key.strip_prefix(&[4])?;
                let (x, y) = point.split_at(point.len() / 2);
                Numbers::Ec2 { curve, x: x.to_vec(), y: y.to_vec() }
            }
            "2b6570" => Numbers::Okp { curve: Curve::ED25519, x: key.to_vec() },
            "2b6571" => Numbers::Okp { curve: Curve::ED448, x: key.to_vec() },
            // rsaEncryption
            "2a864886f70d010101" => {
                let (pair, _) = element(key, 0x30)?;
                let (n, rest) = element(pair, 0x02)?;
                let (e, _) = element(rest, 0x02)?;
                Numbers::Rsa { n: minimal(n), e: minimal(e) }
            }
            _ => return None,
        };
        Some(Self { numbers, key_id: None, stated: None })
    }

    pub(crate) fn public_key(&self) -> PublicKey<'_> {
        let material = match &self.numbers {
            Numbers::Ec2 { curve, x, y } => {
                KeyMaterial::Ec2 { curve: *curve, x, y: YCoordinate::Value(y) }
            }
            Numbers::Okp { curve, x } => KeyMaterial::Okp { curve: *curve, x },
            Numbers::Rsa { n, e } => KeyMaterial::Rsa { n, e },
        };
        PublicKey { material, algorithm: self.stated }
    }

    pub(crate) fn curve(&self) -> Option<Curve> {
        self.public_key().profile().curve
    }

    /// What a service with this key signs by, as the relying party would have been told.
    pub(crate) fn usual_algorithm(&self) -> Algorithm {
        self.stated.unwrap_or(match self.curve() {
            Some(Curve::P256) => Algorithm::ES256,
            Some(Curve::P384) => Algorithm::ES384,
            Some(Curve::P521) => Algorithm::ES512,
            Some(_) => Algorithm::EDDSA,
            None => Algorithm::PS256,
        })
    }
}

fn curve_named(name: &str) -> Result<Curve, Trouble> {
    [Curve::P256, Curve::P384, Curve::P521, Curve::ED25519, Curve::ED448, Curve::SECP256K1]
        .into_iter()
        .find(|curve| curve.name() == Some(name))
        .ok_or(format!("a key on curve {name}").into())
}

fn algorithm_named(name: &str) -> Result<Algorithm, Trouble> {
    [
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::ESP256,
        Algorithm::ESP384,
        Algorithm::ESP512,
        Algorithm::EDDSA,
        Algorithm::ED25519,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
        Algorithm::RS256,
    ]
    .into_iter()
    .find(|algorithm| algorithm.name() == Some(name))
    .ok_or(format!("a key for algorithm {name}").into())
}

/// An unsigned integer without leading zeros.
fn minimal(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

/// The content of the DER element that `der` starts with, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = der.strip_prefix(&[tag])?;
    let (&first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..0x80 => (usize::from(first), rest),
        _ => {
            let (len, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (len.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
    };
    rest.split_at_checked(len)
}
