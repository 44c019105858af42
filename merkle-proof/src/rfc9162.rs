//! The hashes of RFC 9162 over any digest.

use core::fmt;
use core::marker::PhantomData;

use digest::{Digest, Output};

use crate::{Rfc9162Tree, TreeHash};

/// Goes before a leaf's entry (RFC 9162 2.1.1), so that no entry hashes like a node.
pub(crate) const LEAF_PREFIX: u8 = 0x00;
/// Goes before a node's children (RFC 9162 2.1.1).
pub(crate) const NODE_PREFIX: u8 = 0x01;

/// The tree of RFC 9162 2.1.1 over any [`Digest`].
///
/// For SHA-256, `Sha256Tree` gives the same hashes faster.
pub struct Rfc9162<D>(PhantomData<fn() -> D>);

impl<D> Rfc9162<D> {
    /// Makes a tree hash over `D`. It has no state.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<D: Digest> TreeHash for Rfc9162<D>
where
    Output<D>: Copy,
{
    type Kind = Rfc9162Tree;
    type Hash = Output<D>;

    fn empty(&self) -> Output<D> {
        D::new().finalize()
    }

    fn leaf(&self, entry: &[&[u8]]) -> Output<D> {
        let mut digest = D::new_with_prefix([LEAF_PREFIX]);
        for part in entry {
            digest.update(part);
        }
        digest.finalize()
    }

    fn node(&self, left: &Output<D>, right: &Output<D>) -> Output<D> {
        D::new_with_prefix([NODE_PREFIX]).chain_update(left).chain_update(right).finalize()
    }
}

// Not derived: none of these ask anything of the digest.
impl<D> Clone for Rfc9162<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Rfc9162<D> {}

impl<D> Default for Rfc9162<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D> fmt::Debug for Rfc9162<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rfc9162")
    }
}

#[cfg(test)]
mod tests {
    use hex::encode;
    use sha2::{Sha256, Sha384};

    use super::*;

    #[test]
    fn m1_prefixes_and_the_empty_tree() {
        let tree = Rfc9162::<Sha256>::new();
        // Published in the test data of RFC 6962's reference implementation.
        assert_eq!(
            encode(tree.empty()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let one = tree.leaf(&[]);
        assert_eq!(encode(one), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        let two = tree.leaf(&[&[0]]);
        assert_eq!(
            encode(tree.node(&one, &two)),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }

    #[test]
    fn an_entry_in_parts_hashes_like_the_whole() {
        let tree = Rfc9162::<Sha384>::default();
        assert_eq!(tree.leaf(&[b"an ", b"", b"entry"]), tree.leaf(&[b"an entry"]));
        assert_eq!(tree.leaf(&[b"x"]).len(), 48);
    }
}
