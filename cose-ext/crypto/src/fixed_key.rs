//! Public keys by value, without heap: what a signer tells of itself.

use core::fmt;

use crate::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};

/// A point of an EC2 key by value, without heap: what a signer tells of itself. `FIELD` is the
/// length of a field element in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ec2PublicKey<const FIELD: usize> {
    /// Which curve.
    pub curve: Curve,
    /// Big-endian x.
    pub x: [u8; FIELD],
    /// Big-endian y.
    pub y: [u8; FIELD],
}

impl<const FIELD: usize> Ec2PublicKey<FIELD> {
    /// Returns the key as data. Any algorithm that the policy permits on its curve may use it.
    #[must_use]
    pub const fn as_public_key(&self) -> PublicKey<'_> {
        let y = YCoordinate::Value(&self.y);
        PublicKey {
            material: KeyMaterial::Ec2 { curve: self.curve, x: &self.x, y },
            algorithm: None,
        }
    }
}

impl<'a, const FIELD: usize> From<&'a Ec2PublicKey<FIELD>> for PublicKey<'a> {
    fn from(key: &'a Ec2PublicKey<FIELD>) -> Self {
        key.as_public_key()
    }
}

impl<const FIELD: usize> fmt::Debug for Ec2PublicKey<FIELD> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_public_key(), f)
    }
}

/// The public part of an OKP key by value, without heap. `LEN` is its length in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OkpPublicKey<const LEN: usize> {
    /// Which curve.
    pub curve: Curve,
    /// The public key as the curve's specification encodes it.
    pub x: [u8; LEN],
}

impl<const LEN: usize> OkpPublicKey<LEN> {
    /// Returns the key as data. Any algorithm that the policy permits on its curve may use it.
    #[must_use]
    pub const fn as_public_key(&self) -> PublicKey<'_> {
        PublicKey { material: KeyMaterial::Okp { curve: self.curve, x: &self.x }, algorithm: None }
    }
}

impl<'a, const LEN: usize> From<&'a OkpPublicKey<LEN>> for PublicKey<'a> {
    fn from(key: &'a OkpPublicKey<LEN>) -> Self {
        key.as_public_key()
    }
}

impl<const LEN: usize> fmt::Debug for OkpPublicKey<LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_public_key(), f)
    }
}

/// The public part of an AKP key (RFC 9964) by value, without heap. `LEN` is its length in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AkpPublicKey<const LEN: usize> {
    /// The one algorithm of the key.
    pub algorithm: Algorithm,
    /// The public key as the algorithm's specification encodes it.
    pub public: [u8; LEN],
}

impl<const LEN: usize> AkpPublicKey<LEN> {
    /// Returns the key as data, for its own algorithm only.
    #[must_use]
    pub const fn as_public_key(&self) -> PublicKey<'_> {
        PublicKey {
            material: KeyMaterial::Akp { public: &self.public },
            algorithm: Some(self.algorithm),
        }
    }
}

impl<'a, const LEN: usize> From<&'a AkpPublicKey<LEN>> for PublicKey<'a> {
    fn from(key: &'a AkpPublicKey<LEN>) -> Self {
        key.as_public_key()
    }
}

impl<const LEN: usize> fmt::Debug for AkpPublicKey<LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_public_key(), f)
    }
}
