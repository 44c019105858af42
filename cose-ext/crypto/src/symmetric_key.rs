//! Symmetric keys as plain data (RFC 9053 7.3).

use core::fmt;

use crate::{Algorithm, KeyProfile, KeyType};

/// A symmetric key as plain data, borrowed: not checked, and never printed (RFC 9053 7.3).
///
/// Whoever owns the bytes wipes them.
#[derive(Clone, Copy)]
pub struct SymmetricKey<'a> {
    /// `k`, the secret.
    pub k: &'a [u8],
    /// The only algorithm the key may be used with, when it states one (RFC 9052 7.1, `alg`).
    pub algorithm: Option<Algorithm>,
}

impl SymmetricKey<'_> {
    /// Returns the key's type and the algorithm that it states.
    #[must_use]
    pub const fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::SYMMETRIC, curve: None, algorithm: self.algorithm }
    }
}

impl fmt::Debug for SymmetricKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SymmetricKey")
    }
}
