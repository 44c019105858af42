//! The hashes of a CCF ledger over any digest.

use core::fmt;
use core::marker::PhantomData;

use digest::{Digest, Output};

use crate::{CcfLedger, TreeHash};

/// The tree of draft-ietf-scitt-receipts-ccf-profile 2.1 over any [`Digest`].
///
/// A leaf is hashed as it is; [`Leaf`](super::Leaf) says what it consists of. For SHA-256,
/// `CcfSha256Tree` gives the same hashes faster.
pub struct Ccf<D>(PhantomData<fn() -> D>);

impl<D> Ccf<D> {
    /// Makes a tree hash over `D`. It has no state.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<D: Digest> TreeHash for Ccf<D>
where
    Output<D>: Copy,
{
    type Kind = CcfLedger;
    type Hash = Output<D>;

    fn empty(&self) -> Output<D> {
        D::new().finalize()
    }

    fn leaf(&self, entry: &[&[u8]]) -> Output<D> {
        let mut digest = D::new();
        for part in entry {
            digest.update(part);
        }
        digest.finalize()
    }

    fn node(&self, left: &Output<D>, right: &Output<D>) -> Output<D> {
        D::new().chain_update(left).chain_update(right).finalize()
    }
}

// Not derived: none of these ask anything of the digest.
impl<D> Clone for Ccf<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Ccf<D> {}

impl<D> Default for Ccf<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D> fmt::Debug for Ccf<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ccf")
    }
}

#[cfg(test)]
mod tests {
    use sha2::Sha256;

    use super::*;

    #[test]
    fn m30_neither_leaf_nor_node_has_a_prefix() {
        let tree = Ccf::<Sha256>::new();
        let (left, right) = (tree.leaf(&[b"le", b"ft"]), tree.leaf(&[b"right"]));
        assert_eq!(left, Sha256::digest(b"left"));
        assert_eq!(tree.node(&left, &right), Sha256::digest([left, right].concat()));
        assert_eq!(tree.empty(), Sha256::digest(b""));
    }
}
