//! The ledgers of the Confidential Consortium Framework (draft-ietf-scitt-receipts-ccf-profile).
//!
//! The tree has the shape of RFC 9162's, so plans, [`CompactRange`](crate::CompactRange) and
//! `MemoryTree` serve both. It is hashed without prefixes, over a leaf of three components, and its
//! proofs say on which side each hash stands instead of naming index and size.

mod consistency;
mod inclusion;
mod leaf;
mod path_element;
#[cfg(feature = "alloc")]
mod prover;
#[cfg(feature = "rustcrypto")]
mod sha256_tree;
mod tree;

pub use consistency::{
    AnchorReading, ConsistencyFold, ConsistencyRoots, root_from_consistency, verify_consistency,
};
pub use inclusion::{InclusionFold, root_from_inclusion, verify_inclusion};
pub use leaf::Leaf;
pub use path_element::PathElement;
#[cfg(feature = "alloc")]
pub use prover::ConsistencyProof;
#[cfg(feature = "rustcrypto")]
pub use sha256_tree::CcfSha256Tree;
pub use tree::Ccf;
