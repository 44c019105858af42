//! The SHA-256 tree of RFC 9162, quick.

use crate::rfc9162::{LEAF_PREFIX, NODE_PREFIX};
use crate::{Rfc9162Tree, TreeHash, sha256};

/// The tree of RFC 9162 2.1.1 over SHA-256, which RFC 9942 registers as `RFC9162_SHA256`.
///
/// Gives the hashes of `Rfc9162<Sha256>` as plain arrays, with less work around each compression,
/// and in batches with less waiting between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sha256Tree;

impl TreeHash for Sha256Tree {
    type Kind = Rfc9162Tree;
    type Hash = [u8; 32];

    fn empty(&self) -> [u8; 32] {
        sha256::hash(&[], &[])
    }

    #[inline]
    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        sha256::hash(&[LEAF_PREFIX], entry)
    }

    #[inline]
    fn node(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        sha256::hash_prefixed_pair(NODE_PREFIX, left, right)
    }

    fn leaves(&self, entries: &[&[u8]], hashes: &mut [[u8; 32]]) {
        sha256::hash_each(&[LEAF_PREFIX], entries, hashes);
    }

    fn nodes(&self, children: &[[u8; 32]], parents: &mut [[u8; 32]]) {
        sha256::hash_prefixed_pairs(NODE_PREFIX, children, parents);
    }
}

#[cfg(test)]
mod tests {
    use sha2::Sha256;

    use super::*;
    use crate::Rfc9162;

    #[test]
    fn m1_the_same_tree_as_over_the_digest() {
        let plain = Rfc9162::<Sha256>::new();
        assert_eq!(Sha256Tree.empty(), <[u8; 32]>::from(plain.empty()));
        for length in [0, 1, 31, 54, 55, 64, 118, 119, 500] {
            let entry = &[0x5a; 500][..length];
            let (left, right) = (plain.leaf(&[entry]), plain.leaf(&[b"right"]));
            assert_eq!(Sha256Tree.leaf(&[entry]), <[u8; 32]>::from(left));
            assert_eq!(
                Sha256Tree.node(&left.into(), &right.into()),
                <[u8; 32]>::from(plain.node(&left, &right))
            );
        }
    }
}
