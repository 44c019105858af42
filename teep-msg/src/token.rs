//! Tokens and challenges that a machine keeps.

use core::fmt;

use subtle::ConstantTimeEq;

/// A byte string of at most 64 bytes that a peer draws to tell its requests apart: a token, or the
/// challenge of a TAM of this crate.
///
/// It compares in constant time, and never shows its bytes: logs must not hold tokens.
#[derive(Clone, Copy)]
pub struct Token {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl Token {
    /// The fewest bytes of a token.
    pub const MIN: usize = 8;
    /// The most bytes of a token.
    pub const MAX: usize = 64;

    /// Copies a token; `None` unless it has 8 to 64 bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < Self::MIN {
            return None;
        }
        let mut token = Self { bytes: [0; Self::MAX], len: u8::try_from(bytes.len()).ok()? };
        token.bytes.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(token)
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Tells whether `bytes` are this token.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.as_bytes().ct_eq(bytes).into()
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.as_bytes())
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({} bytes)", self.len)
    }
}
