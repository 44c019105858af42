//! Public keys as plain data (RFC 9053 7).

use core::fmt;

use crate::{Algorithm, Curve, KeyType};

/// A public key for signatures or key agreement as plain data: not checked to be on its curve, not
/// trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey<'a> {
    /// The numbers.
    pub material: KeyMaterial<'a>,
    /// The only algorithm the key may be used with, when it states one (RFC 9052 7.1, `alg`).
    pub algorithm: Option<Algorithm>,
}

/// The numbers of a [`PublicKey`], by key type.
///
/// The list is complete on purpose: whoever writes, names or compares keys has to decide what to do
/// with a new type, so a new one is a new major version.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a provider has to see each kind of key (docs/adr)")]
pub enum KeyMaterial<'a> {
    /// Octet key pair (RFC 9053 7.2).
    Okp {
        /// Which curve.
        curve: Curve,
        /// The public key as the curve's specification encodes it.
        x: &'a [u8],
    },
    /// Point on a Weierstrass curve (RFC 9053 7.1.1).
    Ec2 {
        /// Which curve.
        curve: Curve,
        /// Big-endian x, as long as a field element.
        x: &'a [u8],
        /// y, whole or as its sign.
        y: YCoordinate<'a>,
    },
    /// RSA (RFC 8230 4), big-endian, without leading zeros.
    Rsa {
        /// Modulus.
        n: &'a [u8],
        /// Public exponent.
        e: &'a [u8],
    },
    /// A key whose algorithm says how it is built (RFC 9964): [`PublicKey::algorithm`] is present.
    Akp {
        /// The public key as the algorithm's specification encodes it.
        public: &'a [u8],
    },
    /// HSS/LMS public key (RFC 8778 3).
    HssLms {
        /// The public key as RFC 8554 encodes it.
        public: &'a [u8],
    },
}

/// The y coordinate of a point (RFC 9053 7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9053 7.1.1 has no others")]
pub enum YCoordinate<'a> {
    /// Big-endian y, as long as a field element.
    Value(&'a [u8]),
    /// Compressed: whether y is odd.
    Sign(bool),
}

/// What policy needs to know of a key: never the key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyProfile {
    /// `kty`.
    pub key_type: KeyType,
    /// `crv`, where the key type has one.
    pub curve: Option<Curve>,
    /// `alg`, where the key states one.
    pub algorithm: Option<Algorithm>,
}

impl<'a> From<&PublicKey<'a>> for PublicKey<'a> {
    fn from(key: &PublicKey<'a>) -> Self {
        *key
    }
}

impl PublicKey<'_> {
    /// Returns the key's type, its curve and the algorithm that it states.
    #[must_use]
    pub const fn profile(&self) -> KeyProfile {
        let (key_type, curve) = match self.material {
            KeyMaterial::Okp { curve, .. } => (KeyType::OKP, Some(curve)),
            KeyMaterial::Ec2 { curve, .. } => (KeyType::EC2, Some(curve)),
            KeyMaterial::Rsa { .. } => (KeyType::RSA, None),
            KeyMaterial::Akp { .. } => (KeyType::AKP, None),
            KeyMaterial::HssLms { .. } => (KeyType::HSS_LMS, None),
        };
        KeyProfile { key_type, curve, algorithm: self.algorithm }
    }
}

impl KeyProfile {
    /// Returns whether the key may be used with `algorithm`, as far as the key itself says.
    ///
    /// A key that states an algorithm is for that one or for another identifier of it
    /// ([`Algorithm::is_equivalent_on`]). A key that states none may be used with any, except a key
    /// of type AKP, which must state one (RFC 9964 3).
    #[must_use]
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        match self.algorithm {
            Some(stated) => stated.is_equivalent_on(algorithm, self.curve),
            None => self.key_type != KeyType::AKP,
        }
    }
}

impl fmt::Display for KeyProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.key_type, f)?;
        if let Some(curve) = self.curve {
            write!(f, " {curve}")?;
        }
        if let Some(algorithm) = self.algorithm {
            write!(f, " for {algorithm}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PublicKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.profile())
    }
}

impl fmt::Debug for KeyMaterial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&PublicKey { material: *self, algorithm: None }, f)
    }
}
