//! Merkle Mountain Ranges (draft-bryce-cose-receipts-mmr-profile).
//!
//! Nodes are numbered in the order in which they are made, and every interior node is hashed with
//! its number: a path is bound to the place it begins at. There is no root; the state of a range is
//! its peaks, the [`Accumulator`].
//!
//! The text read is the profile's working text after -02, which fixes the shape of consistency
//! proofs.

mod accumulator;
mod consistency;
mod hash;
mod inclusion;
#[cfg(feature = "alloc")]
mod memory;
mod place;
#[cfg(feature = "rustcrypto")]
mod sha256;

pub use accumulator::{Accumulator, AccumulatorFromProof};
pub use consistency::ConsistencyFold;
pub use hash::{Mmr, MmrHash};
pub use inclusion::{InclusionFold, root_from_inclusion, verify_inclusion};
#[cfg(feature = "alloc")]
pub use memory::{ConsistencyProof, MemoryMmr};
pub use place::{
    PathIndices, Peak, Peaks, height, leaf_count, leaf_node, path_indices, peaks, size_of,
};
#[cfg(feature = "rustcrypto")]
pub use sha256::MmrSha256;
