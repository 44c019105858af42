#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::exhaustive_enums, clippy::missing_errors_doc, clippy::must_use_candidate)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::unreachable
    )
)]
// The README's example makes a tree in memory, so it needs a heap and a hash function.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(
    not(all(feature = "alloc", feature = "rustcrypto")),
    doc = "Merkle trees and their proofs."
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod ccf;
mod compact_range;
mod consistency;
#[cfg(feature = "cose")]
pub mod cose;
mod error;
mod extension;
mod inclusion;
mod inclusion_batch;
mod leaf_index;
mod max_path;
#[cfg(feature = "alloc")]
mod memory_tree;
pub mod mmr;
mod multi_inclusion;
mod node_cache;
mod path_nodes;
mod position;
mod rfc9162;
mod root;
mod rule;
#[cfg(feature = "rustcrypto")]
mod sha256;
#[cfg(feature = "rustcrypto")]
mod sha256_tree;
#[cfg(feature = "alloc")]
pub mod store;
mod subtree;
pub mod subtree_proof;
pub mod tlog;
mod tree_hash;
mod tree_head;
mod tree_kind;
mod walk;

pub use compact_range::CompactRange;
pub use consistency::{ConsistencyFold, root_from_consistency, verify_consistency};
pub use error::{Error, Limit, Malformed, Misuse};
pub use extension::verify_extension;
pub use inclusion::{InclusionFold, root_from_inclusion, verify_inclusion};
pub use inclusion_batch::{roots_from_inclusions, verify_inclusions};
pub use leaf_index::{LeafIndex, TreeSize};
pub use max_path::MAX_PATH;
#[cfg(feature = "alloc")]
pub use memory_tree::MemoryTree;
pub use multi_inclusion::{
    MultiInclusionNodes, multi_inclusion_nodes, root_from_multi_inclusion, verify_multi_inclusion,
};
pub use node_cache::NodeCache;
pub use path_nodes::{PathNode, PathNodes, Side, consistency_nodes, inclusion_nodes};
pub use position::UnauthenticatedPosition;
pub use rfc9162::Rfc9162;
pub use root::{RootFromProof, TrustedRoot};
pub use rule::Rule;
#[cfg(feature = "rustcrypto")]
pub use sha256_tree::Sha256Tree;
pub use spec_rules::RuleRef;
pub use subtree::{Node, Nodes, Subtree};
pub use tree_hash::TreeHash;
pub use tree_head::TreeHead;
pub use tree_kind::{CcfLedger, MountainRange, Rfc9162Tree, TreeKind};

#[cfg(test)]
mod toy;
