//! A whole tree in memory, which proves anything about itself.

use alloc::vec::Vec;

use crate::path_nodes::{subtree_consistency_nodes, subtree_inclusion_nodes};
use crate::{
    Error, LeafIndex, Misuse, Node, PathNodes, Subtree, TreeHash, TreeHead, TreeSize, TrustedRoot,
    consistency_nodes, inclusion_nodes, multi_inclusion_nodes,
};

/// All nodes of a tree, kept in memory: about two hashes a leaf. Entries are not kept.
///
/// It gives heads and proofs for every size it ever had. Where a tree outgrows the memory or has to
/// outlive it, keep the nodes elsewhere
/// ([`CompactRange::append_leaf_and`](crate::CompactRange::append_leaf_and)) and fetch those a
/// proof is made of ([`inclusion_nodes`], [`consistency_nodes`], [`Subtree::hash_with`]).
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use merkle_proof::{LeafIndex, MemoryTree, Sha256Tree, TreeHash, TreeSize, verify_inclusion};
///
/// let mut tree = MemoryTree::new(Sha256Tree);
/// tree.append(&[b"first"]);
/// tree.append(&[b"second"]);
/// let path = tree.inclusion_path(LeafIndex(1), TreeSize(2))?;
/// let leaf = Sha256Tree.leaf(&[b"second"]);
/// verify_inclusion(&Sha256Tree, &leaf, LeafIndex(1), &path, &tree.head())?;
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryTree<T: TreeHash> {
    tree: T,
    /// Row `l` holds the nodes over `2^l` leaves that are complete.
    rows: Vec<Vec<T::Hash>>,
}

impl<T: TreeHash> MemoryTree<T> {
    /// Begins a tree without leaves.
    #[must_use]
    pub const fn new(tree: T) -> Self {
        Self { tree, rows: Vec::new() }
    }

    /// Returns how leaves and nodes are hashed.
    pub const fn tree(&self) -> &T {
        &self.tree
    }

    /// Returns the number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        let leaves = self.rows.first().map_or(0, Vec::len);
        u64::try_from(leaves).unwrap_or(u64::MAX)
    }

    /// Appends an entry, given in parts. Returns its leaf index.
    pub fn append(&mut self, entry: &[&[u8]]) -> u64 {
        self.append_leaf(self.tree.leaf(entry))
    }

    /// Appends a leaf hash. Returns its leaf index.
    pub fn append_leaf(&mut self, leaf: T::Hash) -> u64 {
        let index = self.size();
        let mut completed = leaf;
        for row in &mut self.rows {
            row.push(completed);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => {
                    completed = self.tree.node(left, right);
                }
                _ => return index,
            }
        }
        self.rows.push(Vec::from([completed]));
        index
    }

    /// Returns the hash of a node, or `None` while leaves are missing below it.
    #[must_use]
    pub fn node(&self, node: Node) -> Option<&T::Hash> {
        let row = self.rows.get(usize::try_from(node.level).ok()?)?;
        row.get(usize::try_from(node.index).ok()?)
    }

    /// Returns the hash of a subtree.
    ///
    /// # Errors
    ///
    /// [`Misuse::BeyondTree`].
    pub fn subtree_hash(&self, subtree: Subtree) -> Result<T::Hash, Error> {
        self.check(subtree.end())?;
        let beyond = || self.beyond(subtree.end());
        subtree.hash_with(&self.tree, |node| self.node(node).copied().ok_or_else(beyond))
    }

    /// Returns size and root.
    pub fn head(&self) -> TreeHead<T::Kind, T::Hash> {
        self.head_at(self.size()).unwrap_or_else(|_| TreeHead::empty(&self.tree))
    }

    /// Returns size and root that the tree had at an earlier size.
    ///
    /// # Errors
    ///
    /// [`Misuse::BeyondTree`].
    pub fn head_at(&self, size: u64) -> Result<TreeHead<T::Kind, T::Hash>, Error> {
        let root = self.subtree_hash(Subtree::prefix(size))?;
        Ok(TreeHead::new(size, TrustedRoot::vouched_for(root)))
    }

    /// Returns the path from a leaf to the root that the tree had at `tree_size` (RFC 9162
    /// 2.1.3.1).
    ///
    /// # Errors
    ///
    /// [`IndexNotBelowSize`](crate::Malformed::IndexNotBelowSize); [`Misuse::BeyondTree`].
    pub fn inclusion_path(
        &self,
        leaf_index: LeafIndex,
        tree_size: TreeSize,
    ) -> Result<Vec<T::Hash>, Error> {
        self.check(tree_size.0)?;
        self.path(inclusion_nodes(leaf_index, tree_size)?)
    }

    /// Returns the path from many leaves, whose indexes ascend, to the root that the tree had at
    /// `tree_size`.
    ///
    /// # Errors
    ///
    /// [`LeavesNotAscending`](crate::Malformed::LeavesNotAscending);
    /// [`IndexNotBelowSize`](crate::Malformed::IndexNotBelowSize); [`Misuse::BeyondTree`].
    pub fn multi_inclusion_path(
        &self,
        leaf_indexes: &[u64],
        tree_size: TreeSize,
    ) -> Result<Vec<T::Hash>, Error> {
        self.check(tree_size.0)?;
        let nodes = multi_inclusion_nodes(leaf_indexes, tree_size)?;
        nodes.map(|subtree| self.subtree_hash(subtree)).collect()
    }

    /// Returns the path from the root at one size to the root at another (RFC 9162 2.1.4.1).
    ///
    /// # Errors
    ///
    /// [`Sizes`](crate::Malformed::Sizes); [`Misuse::BeyondTree`].
    pub fn consistency_path(
        &self,
        older: TreeSize,
        newer: TreeSize,
    ) -> Result<Vec<T::Hash>, Error> {
        self.check(newer.0)?;
        self.path(consistency_nodes(older, newer)?)
    }

    /// Returns the path from a leaf to the hash of a subtree (draft-ietf-plants-merkle-tree-certs
    /// 4.3).
    ///
    /// # Errors
    ///
    /// [`IndexOutsideSubtree`](crate::Malformed::IndexOutsideSubtree); [`Misuse::BeyondTree`].
    pub fn subtree_inclusion_path(
        &self,
        leaf_index: LeafIndex,
        subtree: Subtree,
    ) -> Result<Vec<T::Hash>, Error> {
        self.check(subtree.end())?;
        self.path(subtree_inclusion_nodes(leaf_index, subtree)?)
    }

    /// Returns the path from the hash of a subtree to the root that the tree had at `tree_size`
    /// (draft-ietf-plants-merkle-tree-certs 4.4.1).
    ///
    /// # Errors
    ///
    /// [`SubtreeOutsideTree`](crate::Malformed::SubtreeOutsideTree); [`Misuse::BeyondTree`].
    pub fn subtree_consistency_path(
        &self,
        subtree: Subtree,
        tree_size: TreeSize,
    ) -> Result<Vec<T::Hash>, Error> {
        self.check(tree_size.0)?;
        if subtree.is_empty() && subtree.end() <= tree_size.0 {
            return Ok(Vec::new());
        }
        self.path(subtree_consistency_nodes(subtree, tree_size)?)
    }

    /// Returns the hashes of planned path elements.
    ///
    /// # Errors
    ///
    /// [`Misuse::BeyondTree`].
    pub fn path(&self, nodes: PathNodes) -> Result<Vec<T::Hash>, Error> {
        nodes.map(|element| self.subtree_hash(element.subtree)).collect()
    }

    fn check(&self, size: u64) -> Result<(), Error> {
        if size <= self.size() { Ok(()) } else { Err(self.beyond(size)) }
    }

    fn beyond(&self, size: u64) -> Error {
        Misuse::BeyondTree { size, leaves: self.size() }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;
    use crate::{CompactRange, verify_consistency, verify_inclusion};

    #[test]
    fn a_proof_of_every_leaf_and_of_growth() {
        let mut tree = MemoryTree::new(Toy);
        assert_eq!(tree.head(), TreeHead::empty(&Toy));
        let mut range = CompactRange::new(Toy);
        for leaf in 0..20_u64 {
            assert_eq!(tree.append(&[&leaf.to_be_bytes()]), leaf);
            range.append(&[&leaf.to_be_bytes()]).unwrap();
            assert_eq!(Some(tree.head()), range.head());
        }
        let hash = Toy.leaf(&[&7_u64.to_be_bytes()]);
        let (older, newer) = (tree.head_at(11).unwrap(), tree.head());
        let path = tree.inclusion_path(LeafIndex(7), TreeSize(11)).unwrap();
        assert_eq!(verify_inclusion(&Toy, &hash, LeafIndex(7), &path, &older), Ok(()));
        let path = tree.consistency_path(TreeSize(11), TreeSize(20)).unwrap();
        assert_eq!(verify_consistency(&Toy, &older, &newer, &path), Ok(()));
    }

    #[test]
    fn what_is_not_there_yet_is_refused() {
        let mut tree = MemoryTree::new(Toy);
        tree.append(&[b"only"]);
        let beyond = Error::from(Misuse::BeyondTree { size: 2, leaves: 1 });
        assert_eq!(tree.head_at(2), Err(beyond));
        assert_eq!(tree.inclusion_path(LeafIndex(0), TreeSize(2)), Err(beyond));
        assert_eq!(tree.consistency_path(TreeSize(1), TreeSize(2)), Err(beyond));
        assert_eq!(tree.node(Node { level: 1, index: 0 }), None);
        assert_eq!(tree.node(Node { level: u32::MAX, index: u64::MAX }), None);
        assert_eq!(tree.inclusion_path(LeafIndex(0), TreeSize(u64::MAX)).unwrap_err().rule(), None);
    }
}
