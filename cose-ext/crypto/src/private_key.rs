//! Private keys as plain data (RFC 9053 7).

use core::fmt;

use crate::{Algorithm, Curve, KeyMaterial, KeyProfile, KeyType};

/// A private key for signatures, key agreement or key transport as plain data, borrowed: not
/// checked, and never printed.
///
/// Whoever owns the bytes wipes them. A signer of a provider is made of it.
#[derive(Clone, Copy)]
pub struct PrivateKey<'a> {
    /// The secret.
    pub material: PrivateKeyMaterial<'a>,
    /// The public key that came along. Whoever uses the secret refuses one that does not belong to
    /// it.
    pub public: Option<KeyMaterial<'a>>,
    /// The only algorithm the key may be used with, when it states one (RFC 9052 7.1, `alg`).
    pub algorithm: Option<Algorithm>,
}

/// The secret of a [`PrivateKey`], by key type. Complete on purpose, as [`KeyMaterial`] is.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_enums, reason = "a provider has to see each kind of key (docs/adr)")]
pub enum PrivateKeyMaterial<'a> {
    /// Octet key pair (RFC 9053 7.2).
    Okp {
        /// Which curve.
        curve: Curve,
        /// The private key as the curve's specification encodes it.
        d: &'a [u8],
    },
    /// Scalar of a Weierstrass curve (RFC 9053 7.1.1).
    Ec2 {
        /// Which curve.
        curve: Curve,
        /// Big-endian, as long as the order of the curve.
        d: &'a [u8],
    },
    /// RSA with two primes (RFC 8230 4, RFC 8017 3.2), each number big-endian.
    Rsa {
        /// Modulus.
        n: &'a [u8],
        /// Public exponent.
        e: &'a [u8],
        /// Private exponent.
        d: &'a [u8],
        /// First prime.
        p: &'a [u8],
        /// Second prime.
        q: &'a [u8],
        /// Exponent for the first prime.
        dp: &'a [u8],
        /// Exponent for the second prime.
        dq: &'a [u8],
        /// The inverse of the second prime modulo the first.
        qi: &'a [u8],
    },
    /// A key whose algorithm says how it is built (RFC 9964): [`PrivateKey::algorithm`] is present.
    Akp {
        /// The seed.
        seed: &'a [u8],
    },
}

impl PrivateKey<'_> {
    /// Returns the key's type, its curve and the algorithm that it states.
    #[must_use]
    pub const fn profile(&self) -> KeyProfile {
        let (key_type, curve) = match self.material {
            PrivateKeyMaterial::Okp { curve, .. } => (KeyType::OKP, Some(curve)),
            PrivateKeyMaterial::Ec2 { curve, .. } => (KeyType::EC2, Some(curve)),
            PrivateKeyMaterial::Rsa { .. } => (KeyType::RSA, None),
            PrivateKeyMaterial::Akp { .. } => (KeyType::AKP, None),
        };
        KeyProfile { key_type, curve, algorithm: self.algorithm }
    }
}

impl fmt::Debug for PrivateKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.material, f)
    }
}

impl fmt::Debug for PrivateKeyMaterial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Okp { curve, .. } => write!(f, "PrivateKey(OKP {curve})"),
            Self::Ec2 { curve, .. } => write!(f, "PrivateKey(EC2 {curve})"),
            Self::Rsa { .. } => f.write_str("PrivateKey(RSA)"),
            Self::Akp { .. } => f.write_str("PrivateKey(AKP)"),
        }
    }
}
