//! Public keys: owned, encoded, and sets of them.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::{
    encoded::view,
    item::{array_of, bytes, few},
};
use crate::{
    Profile,
    crypto::{KeyOperations, PublicKey},
    key::{CoseKey, CoseKeyEncoder, KeySet, OwnedPublicKey},
};

/// The longest kid.
const KEY_ID: usize = 32;
/// The most keys of a set.
const KEYS: usize = 6;

impl<'a> Arbitrary<'a> for OwnedPublicKey {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        PublicKey::arbitrary(u).map(|key| Self::from(&key))
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        PublicKey::size_hint(depth)
    }
}

/// Returns an encoded COSE_Key that is public.
pub(super) fn cose_key(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut encoder =
        CoseKeyEncoder::new(PublicKey::arbitrary(u)?).map_err(|_| Error::IncorrectFormat)?;
    if u.arbitrary()? {
        encoder = encoder.with_key_id(bytes(u, KEY_ID)?);
    }
    let operations = if u.arbitrary()? { u.arbitrary()? } else { KeyOperations::ALL };
    if operations != KeyOperations::NONE {
        encoder = encoder.with_operations(operations).map_err(|_| Error::IncorrectFormat)?;
    }
    Ok(encoder.to_vec())
}

view!(CoseKey, |bytes| CoseKey::decode(bytes, &Profile::LENIENT), |u| cose_key(u));

view!(KeySet, |bytes| KeySet::decode(bytes, &Profile::LENIENT), |u| {
    let mut keys = alloc::vec![cose_key(u)?];
    for _ in 1..few(u, KEYS)? {
        // A set ends where the input does.
        match cose_key(u) {
            Ok(key) => keys.push(key),
            Err(Error::NotEnoughData) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(array_of(&keys))
});
