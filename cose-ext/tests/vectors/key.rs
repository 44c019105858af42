//! Keys of the vectors as the library's plain data.

use cose_ext::crypto::{Curve, KeyMaterial, PublicKey, YCoordinate};
use testkit::jwk::Jwk;
use testkit::vectors::Trouble;

/// The raw parts of a key, owned.
pub(crate) struct VectorKey {
    kind: Kind,
    pub(crate) key_id: Option<Vec<u8>>,
}

enum Kind {
    Okp(Curve, Vec<u8>),
    Ec2(Curve, Vec<u8>),
    Rsa(Vec<u8>, Vec<u8>),
    HssLms(Vec<u8>),
}

impl VectorKey {
    pub(crate) fn from_jwk(jwk: &Jwk) -> Result<Self, Trouble> {
        let curve = curve(jwk)?;
        let kind = match (jwk.kty.as_str(), curve) {
            ("EC" | "EC2", Some(curve)) => Kind::Ec2(curve, jwk.uncompressed_point()?),
            ("OKP", Some(curve)) => Kind::Okp(curve, jwk.x()?.to_vec()),
            ("RSA", None) => Kind::Rsa(jwk.n()?.to_vec(), jwk.e()?.to_vec()),
            ("HSS-LMS", None) => Kind::HssLms(jwk.part("public").ok_or("no public key")?.to_vec()),
            (other, _) => return Err(format!("key type {other}").into()),
        };
        Ok(Self { kind, key_id: jwk.kid.as_ref().map(|kid| kid.as_bytes().to_vec()) })
    }

    pub(crate) fn public_key(&self) -> PublicKey<'_> {
        let material = match &self.kind {
            Kind::Okp(curve, x) => KeyMaterial::Okp { curve: *curve, x },
            Kind::Ec2(curve, point) => {
                let (x, y) = point[1..].split_at((point.len() - 1) / 2);
                KeyMaterial::Ec2 { curve: *curve, x, y: YCoordinate::Value(y) }
            }
            Kind::Rsa(n, e) => KeyMaterial::Rsa { n, e },
            Kind::HssLms(public) => KeyMaterial::HssLms { public },
        };
        PublicKey { material, algorithm: None }
    }
}

/// The curve of a key, where its type has one.
pub(crate) fn curve(jwk: &Jwk) -> Result<Option<Curve>, Trouble> {
    Ok(match jwk.crv.as_deref() {
        Some("P-256") => Some(Curve::P256),
        Some("P-384") => Some(Curve::P384),
        Some("P-521") => Some(Curve::P521),
        Some("secp256k1") => Some(Curve::SECP256K1),
        Some("brainpoolP256r1") => Some(Curve::BRAINPOOL_P256R1),
        Some("brainpoolP384r1") => Some(Curve::BRAINPOOL_P384R1),
        Some("X25519") => Some(Curve::X25519),
        Some("Ed25519") => Some(Curve::ED25519),
        Some("Ed448") => Some(Curve::ED448),
        None => None,
        Some(other) => return Err(format!("curve {other}").into()),
    })
}
