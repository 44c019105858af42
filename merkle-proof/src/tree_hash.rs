//! How the leaves and nodes of a tree are hashed.

use core::fmt::Debug;

use crate::TreeKind;

/// The three hashes a Merkle tree is made of (RFC 9162 2.1.1), behind a seam that a hardware engine
/// or a multi-buffer implementation can stand at.
pub trait TreeHash {
    /// The data structure these hashes make.
    type Kind: TreeKind;

    /// One hash. `[u8; 32]` fits. Its length is checked by `TryFrom`.
    type Hash: Copy + Eq + Debug + AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>;

    /// The root of the tree without leaves.
    fn empty(&self) -> Self::Hash;

    /// The hash of a leaf whose entry is the concatenation of `entry`'s parts.
    ///
    /// Parts, so that an entry which stands in several places of a message is hashed without a
    /// copy.
    fn leaf(&self, entry: &[&[u8]]) -> Self::Hash;

    /// The hash of the node over two children.
    fn node(&self, left: &Self::Hash, right: &Self::Hash) -> Self::Hash;

    /// Leaf hashes of many entries, one slice an entry.
    ///
    /// Does as many as both slices have room for. The default goes one by one.
    fn leaves(&self, entries: &[&[u8]], hashes: &mut [Self::Hash]) {
        for (hash, entry) in hashes.iter_mut().zip(entries) {
            *hash = self.leaf(&[entry]);
        }
    }

    /// The parents of a row of siblings: `parents[i]` over `children[2 * i]` and `children[2 * i +
    /// 1]`.
    ///
    /// Does as many as both slices have room for; a last child without sibling is left alone. The
    /// default goes one by one.
    fn nodes(&self, children: &[Self::Hash], parents: &mut [Self::Hash]) {
        for (parent, pair) in parents.iter_mut().zip(children.chunks_exact(2)) {
            if let [left, right] = pair {
                *parent = self.node(left, right);
            }
        }
    }
}

impl<T: TreeHash + ?Sized> TreeHash for &T {
    type Kind = T::Kind;
    type Hash = T::Hash;

    fn empty(&self) -> Self::Hash {
        (**self).empty()
    }

    fn leaf(&self, entry: &[&[u8]]) -> Self::Hash {
        (**self).leaf(entry)
    }

    fn node(&self, left: &Self::Hash, right: &Self::Hash) -> Self::Hash {
        (**self).node(left, right)
    }

    fn leaves(&self, entries: &[&[u8]], hashes: &mut [Self::Hash]) {
        (**self).leaves(entries, hashes);
    }

    fn nodes(&self, children: &[Self::Hash], parents: &mut [Self::Hash]) {
        (**self).nodes(children, parents);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;

    #[test]
    fn batches_do_what_the_single_calls_do() {
        let by_reference = &Toy;
        let mut leaves = [Toy.empty(); 4];
        by_reference.leaves(&[b"a", b"b", b"c"], &mut leaves);
        assert_eq!(leaves[0], Toy.leaf(&[b"a"]));
        assert_eq!(leaves[2], Toy.leaf(&[b"c"]));
        assert_eq!(leaves[3], Toy.empty(), "nothing to hash, nothing written");

        let mut parents = [Toy.empty(); 2];
        by_reference.nodes(&leaves[..3], &mut parents);
        assert_eq!(parents[0], Toy.node(&leaves[0], &leaves[1]));
        assert_eq!(parents[1], Toy.empty(), "a lone child has no parent yet");
    }
}
