//! What sort of key it is.

use core::fmt;

use crate::crypto::{Curve, KeyProfile, KeyType};

/// Type and curve of a key, as an error remembers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// An octet key pair on this curve.
    Okp(Curve),
    /// A key with two coordinates on this curve.
    Ec2(Curve),
    /// A key of a type that has no curve.
    Other(KeyType),
}

impl KeyKind {
    /// Returns the type and the curve of `key`.
    #[must_use]
    pub const fn of(key: &KeyProfile) -> Self {
        match (key.key_type, key.curve) {
            (KeyType::OKP, Some(curve)) => Self::Okp(curve),
            (KeyType::EC2, Some(curve)) => Self::Ec2(curve),
            (key_type, _) => Self::Other(key_type),
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Okp(curve) => write!(f, "{} {curve}", KeyType::OKP),
            Self::Ec2(curve) => write!(f, "{} {curve}", KeyType::EC2),
            Self::Other(key_type) => fmt::Display::fmt(key_type, f),
        }
    }
}
