//! COSE Receipts (RFC 9942): proofs of RFC 9162 trees and CCF ledgers, signed.
//!
//! A receipt verifies to a root. What the root says about a statement is for who holds the
//! statement: see `scitt-core`.

#[cfg(feature = "alloc")]
mod builder;
mod ccf_proof;
mod error;
mod proof;
mod reading;
mod receipt;
mod signed_root;
mod tree;

#[cfg(feature = "alloc")]
pub use builder::{
    ReceiptBuilder, encode_ccf_consistency, encode_ccf_inclusion, encode_consistency,
    encode_inclusion,
};
pub use ccf_proof::{CcfConsistencyProof, CcfInclusionProof};
pub use error::Error;
pub use proof::{ConsistencyProof, InclusionProof};
pub use reading::{AttachedRoot, EmptyPath, ReceiptReading};
pub use receipt::Receipt;
pub use signed_root::SignedRoot;
pub use tree::CoseTree;
