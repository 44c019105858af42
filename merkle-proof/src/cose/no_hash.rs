//! A tree that hashes nothing.

use core::marker::PhantomData;

use crate::{TreeHash, TreeKind, mmr::MmrHash};

/// Follows a proof without hashing, so that what is wrong with its form is found before anything is
/// hashed. All its hashes are zero: where a proof leads is not learnt from it.
pub(super) struct NoHash<K>(PhantomData<fn() -> K>);

impl<K> NoHash<K> {
    pub(super) const NEW: Self = Self(PhantomData);
}

impl<K: TreeKind> TreeHash for NoHash<K> {
    type Kind = K;
    type Hash = [u8; 32];

    fn empty(&self) -> [u8; 32] {
        [0; 32]
    }

    fn leaf(&self, _: &[&[u8]]) -> [u8; 32] {
        [0; 32]
    }

    fn node(&self, _: &[u8; 32], _: &[u8; 32]) -> [u8; 32] {
        [0; 32]
    }
}

impl<K> MmrHash for NoHash<K> {
    type Hash = [u8; 32];

    fn leaf(&self, _: &[&[u8]]) -> [u8; 32] {
        [0; 32]
    }

    fn node(&self, _: u64, _: &[u8; 32], _: &[u8; 32]) -> [u8; 32] {
        [0; 32]
    }
}
