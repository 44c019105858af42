//! Proofs about subtrees (draft-ietf-plants-merkle-tree-certs 4.3, 4.4).

mod consistency;
mod inclusion;

pub use consistency::{
    root_from_subtree_consistency, verify_empty_subtree, verify_subtree_consistency,
};
pub use inclusion::{root_from_subtree_inclusion, verify_subtree_inclusion};

pub use crate::path_nodes::{subtree_consistency_nodes, subtree_inclusion_nodes};
