//! How nodes are hashed.

use core::fmt::{self, Debug};
use core::marker::PhantomData;

use digest::{Digest, Output};

/// The hashes of a Merkle Mountain Range: like [`TreeHash`](crate::TreeHash), but a node is hashed
/// with its position.
pub trait MmrHash {
    /// One hash.
    type Hash: Copy + Eq + Debug + AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>;

    /// The hash of an entry, given in parts. It has no prefix: what an entry may look like is for
    /// the application, but it is never a position and two hashes.
    fn leaf(&self, entry: &[&[u8]]) -> Self::Hash;

    /// The hash of the node at `position`, which is one more than its index (`hash_pospair64`).
    fn node(&self, position: u64, left: &Self::Hash, right: &Self::Hash) -> Self::Hash;
}

impl<M: MmrHash + ?Sized> MmrHash for &M {
    type Hash = M::Hash;

    fn leaf(&self, entry: &[&[u8]]) -> Self::Hash {
        (**self).leaf(entry)
    }

    fn node(&self, position: u64, left: &Self::Hash, right: &Self::Hash) -> Self::Hash {
        (**self).node(position, left, right)
    }
}

/// A Merkle Mountain Range over any [`Digest`].
pub struct Mmr<D>(PhantomData<fn() -> D>);

impl<D> Mmr<D> {
    /// Makes a hash for ranges over `D`. It has no state.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<D: Digest> MmrHash for Mmr<D>
where
    Output<D>: Copy,
{
    type Hash = Output<D>;

    fn leaf(&self, entry: &[&[u8]]) -> Output<D> {
        let mut digest = D::new();
        for part in entry {
            digest.update(part);
        }
        digest.finalize()
    }

    fn node(&self, position: u64, left: &Output<D>, right: &Output<D>) -> Output<D> {
        let digest = D::new_with_prefix(position.to_be_bytes());
        digest.chain_update(left).chain_update(right).finalize()
    }
}

// Not derived: none of these ask anything of the digest.
impl<D> Clone for Mmr<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Mmr<D> {}

impl<D> Default for Mmr<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D> fmt::Debug for Mmr<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mmr")
    }
}
