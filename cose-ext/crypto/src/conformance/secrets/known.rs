//! The known answers. None of these keys may protect anything.

mod agreed_keys;
mod ciphertexts;
mod derived_keys;
mod tags;
mod unauthenticated;
mod wrapped_keys;

pub(super) use agreed_keys::{CONTEXT, KNOWN_AGREED_KEYS, KnownAgreedKey, SALT};
pub(super) use ciphertexts::{KNOWN_CIPHERTEXTS, KnownCiphertext};
pub(super) use derived_keys::{KNOWN_DERIVED_KEYS, KnownDerivedKey};
pub(super) use tags::{KNOWN_TAGS, KnownTag};
pub(super) use unauthenticated::{KNOWN_UNAUTHENTICATED, KnownUnauthenticated};
pub(super) use wrapped_keys::{KNOWN_TRANSPORTED_KEYS, KNOWN_WRAPPED_KEYS, KnownWrappedKey, rsa};

use super::super::hex::hex;
