//! Proofs of a CCF ledger, made.

use alloc::vec::Vec;

use super::PathElement;
use crate::{
    CcfLedger, Error, LeafIndex, Malformed, MemoryTree, PathNode, PathNodes, Rule, Side, Subtree,
    TreeHash, TreeSize, consistency_nodes, inclusion_nodes,
};

/// A CCF consistency proof (draft-ietf-scitt-receipts-ccf-profile 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof<H> {
    /// The hash of the largest complete subtree that ends at the older size.
    pub anchor: H,
    /// The way from there to the newer root.
    pub path: Vec<PathElement<H>>,
}

impl<T: TreeHash<Kind = CcfLedger>> MemoryTree<T> {
    /// Returns the path of a CCF inclusion proof to the root that the ledger had at `tree_size`
    /// (draft-ietf-scitt-receipts-ccf-profile 3).
    ///
    /// # Errors
    ///
    /// [`Malformed::IndexNotBelowSize`]; [`BeyondTree`](crate::Misuse::BeyondTree).
    pub fn ccf_inclusion_path(
        &self,
        leaf_index: LeafIndex,
        tree_size: TreeSize,
    ) -> Result<Vec<PathElement<T::Hash>>, Error> {
        self.ccf_path(inclusion_nodes(leaf_index, tree_size)?)
    }

    /// Returns a CCF consistency proof between the ledger's states at two sizes
    /// (draft-ietf-scitt-receipts-ccf-profile 4.1).
    ///
    /// # Errors
    ///
    /// [`Malformed::Sizes`] unless `0 < older < newer`; [`BeyondTree`](crate::Misuse::BeyondTree).
    pub fn ccf_consistency_proof(
        &self,
        older: TreeSize,
        newer: TreeSize,
    ) -> Result<ConsistencyProof<T::Hash>, Error> {
        if older >= newer {
            let (rule, older, newer) = (Rule::CcfOlderSizeBelow, older.0, newer.0);
            return Err(Malformed::Sizes { rule, older, newer }.into());
        }
        let mut nodes = consistency_nodes(older, newer)?;
        // Where the path of RFC 9162 omits its beginning, the older root is the anchor.
        let anchor = nodes.skip_anchor().map_or(Subtree::prefix(older.0), |node| node.subtree);
        Ok(ConsistencyProof { anchor: self.subtree_hash(anchor)?, path: self.ccf_path(nodes)? })
    }

    fn ccf_path(&self, nodes: PathNodes) -> Result<Vec<PathElement<T::Hash>>, Error> {
        let element = |node: PathNode| {
            let hash = self.subtree_hash(node.subtree)?;
            Ok(PathElement { left: node.side == Side::Left, hash })
        };
        nodes.map(element).collect()
    }
}
