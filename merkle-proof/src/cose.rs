//! COSE Receipts (RFC 9942): proofs of RFC 9162 trees, CCF ledgers and Merkle Mountain Ranges,
//! signed.
//!
//! A receipt verifies to a root. What the root says about a statement is for who holds the
//! statement: see `scitt-core`.
#![cfg_attr(
    all(feature = "alloc", feature = "rustcrypto"),
    doc = r#"
```
use cose_ext::{Context, Profile, header::Vds, key::TrustedKey};
use cose_ext::rustcrypto::{Ed25519SigningKey, RustCrypto};
use merkle_proof::cose::{Receipt, ReceiptBuilder, ReceiptVerifier, encode_inclusion};
use merkle_proof::{LeafIndex, MemoryTree, Sha256Tree, TreeSize, UnauthenticatedPosition};

// The log:
let signer = Ed25519SigningKey::from_bytes(&[7; 32]).unwrap();
let mut log = MemoryTree::new(Sha256Tree);
log.append(&[b"one"]);
log.append(&[b"two"]);
let position = UnauthenticatedPosition { tree_size: 2, leaf_index: 1 };
let proof = encode_inclusion(position, &log.inclusion_path(LeafIndex(1), TreeSize(2))?);
let root = *log.head().root.hash();
let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256).inclusion(proof).sign(&root, &signer)?;

// Whoever has the entry, the receipt and the log's key:
let key = signer.public_key();
let context = Context::new(&RustCrypto);
let key = TrustedKey::new(&key, &context)?;
let receipt = Receipt::decode(&receipt, &Profile::LENIENT)?;
let log = ReceiptVerifier::new(&key, &context);
let verified = receipt.verify_inclusion(&[b"two"], &log)?;
assert_eq!(verified.value().hash(), &root);
# Ok::<(), merkle_proof::cose::Error>(())
```
"#
)]

#[cfg(feature = "alloc")]
mod builder;
mod ccf_proof;
mod ccf_receipt;
mod error;
mod inclusion;
mod limits;
mod mmr_proof;
mod mmr_receipt;
mod no_hash;
mod proof;
mod reading;
mod receipt;
mod receipt_batch;
mod rfc9162_receipt;
mod roots;
mod signed_root;
mod structure;
mod tree;
mod verifier;

#[cfg(feature = "alloc")]
pub use builder::{
    ReceiptBuilder, encode_ccf_consistency, encode_ccf_inclusion, encode_consistency,
    encode_inclusion, encode_mmr_consistency, encode_mmr_inclusion,
};
pub use ccf_proof::{CcfConsistencyProof, CcfInclusionProof};
pub use ccf_receipt::CcfReceipt;
pub use error::{Error, ErrorKind};
pub use inclusion::ReceiptInclusion;
pub use limits::Limits;
pub use mmr_proof::{MmrConsistencyProof, MmrInclusionProof};
pub use mmr_receipt::{MmrReceipt, SignedAccumulator};
pub use proof::{ConsistencyProof, InclusionProof};
pub use reading::{AttachedRoot, EmptyPath, ReceiptReading};
pub use receipt::Receipt;
pub use receipt_batch::verify_inclusion_receipts;
pub use rfc9162_receipt::Rfc9162Receipt;
pub use signed_root::SignedRoot;
pub use structure::Structure;
pub use tree::CoseTree;
pub use verifier::ReceiptVerifier;
