//! What is wrong with a key.

use core::fmt;

use super::KeyKind;
use crate::{Rule, crypto::KeyProfile};

/// Why a key is not a key of its type. The message that it was tried on is not judged by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// The provider refuses it: a point that is not on the curve, a modulus that is too small, or
    /// another length than the type has.
    NotOfItsType(KeyKind),
    /// A private key under a password was not decrypted: the password is another one, or the key
    /// was changed.
    NotDecrypted,
}

impl KeyFault {
    /// Makes the fault of a key that the provider refuses.
    #[must_use]
    pub const fn not_of_its_type(key: &KeyProfile) -> Self {
        Self::NotOfItsType(KeyKind::of(key))
    }

    pub(super) const fn rule(&self) -> Rule {
        Rule::KeyForm
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotOfItsType(key) => write!(f, "the key is not a valid key of type {key}"),
            Self::NotDecrypted => {
                f.write_str("the password does not open the private key, or the key was changed")
            }
        }
    }
}
