//! Public keys that own their bytes.

use alloc::vec::Vec;
use core::fmt;

use crate::crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};

/// A [`PublicKey`] that owns its bytes, for keys that outlive what they were read from.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnedPublicKey {
    material: Material,
    algorithm: Option<Algorithm>,
}

#[derive(Clone, PartialEq, Eq)]
enum Material {
    Okp { curve: Curve, x: Vec<u8> },
    Ec2 { curve: Curve, x: Vec<u8>, y: Y },
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Akp { public: Vec<u8> },
    HssLms { public: Vec<u8> },
}

#[derive(Clone, PartialEq, Eq)]
enum Y {
    Value(Vec<u8>),
    Sign(bool),
}

impl OwnedPublicKey {
    /// Returns the key, borrowed.
    #[must_use]
    pub fn as_public_key(&self) -> PublicKey<'_> {
        let material = match &self.material {
            Material::Okp { curve, x } => KeyMaterial::Okp { curve: *curve, x },
            Material::Ec2 { curve, x, y } => {
                let y = match y {
                    Y::Value(y) => YCoordinate::Value(y),
                    Y::Sign(odd) => YCoordinate::Sign(*odd),
                };
                KeyMaterial::Ec2 { curve: *curve, x, y }
            }
            Material::Rsa { n, e } => KeyMaterial::Rsa { n, e },
            Material::Akp { public } => KeyMaterial::Akp { public },
            Material::HssLms { public } => KeyMaterial::HssLms { public },
        };
        PublicKey { material, algorithm: self.algorithm }
    }
}

impl From<&PublicKey<'_>> for OwnedPublicKey {
    fn from(key: &PublicKey<'_>) -> Self {
        let material = match key.material {
            KeyMaterial::Okp { curve, x } => Material::Okp { curve, x: x.to_vec() },
            KeyMaterial::Ec2 { curve, x, y } => {
                let y = match y {
                    YCoordinate::Value(y) => Y::Value(y.to_vec()),
                    YCoordinate::Sign(odd) => Y::Sign(odd),
                };
                Material::Ec2 { curve, x: x.to_vec(), y }
            }
            KeyMaterial::Rsa { n, e } => Material::Rsa { n: n.to_vec(), e: e.to_vec() },
            KeyMaterial::Akp { public } => Material::Akp { public: public.to_vec() },
            KeyMaterial::HssLms { public } => Material::HssLms { public: public.to_vec() },
        };
        Self { material, algorithm: key.algorithm }
    }
}

impl<'a> From<&'a OwnedPublicKey> for PublicKey<'a> {
    fn from(key: &'a OwnedPublicKey) -> Self {
        key.as_public_key()
    }
}

impl fmt::Debug for OwnedPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_public_key(), f)
    }
}
