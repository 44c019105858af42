//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! [`cose_ext::arbitrary`] says how to take them and what holds of all of them. A fuzz target for
//! code that reads receipts:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use merkle_proof::cose::Receipt;
//! use cose_ext::arbitrary::Encoded;
//!
//! // In a fuzz target: `fuzz_target!(|receipt: Encoded<Receipt<'static>>| { .. })`.
//! fn target(receipt: &Encoded<Receipt<'static>>) {
//!     let receipt = receipt.view().expect("made by the builder");
//!     // The code to be tested takes `receipt` here.
//!     assert!(receipt.message().headers().algorithm().is_ok());
//! }
//!
//! target(&Encoded::arbitrary(&mut Unstructured::new(&[7; 64]))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! A path has mostly as many hashes as the place that it is of asks for, 64 at most, so that a
//! proof leads to some root. It does not lead to a root that anybody signed.
//!
//! - [`LeafIndex`](crate::LeafIndex), [`TreeSize`](crate::TreeSize),
//!   [`UnauthenticatedPosition`](crate::UnauthenticatedPosition), [`Subtree`](crate::Subtree),
//!   [`Node`](crate::Node), [`Tile`](crate::tlog::Tile) and its parts,
//!   [`Identity`](crate::store::Identity), readings, limits: `Arbitrary`; an index is within its
//!   tree, a subtree aligned.
//! - [`ccf::PathElement`](crate::ccf::PathElement),
//!   [`ccf::ConsistencyProof`](crate::ccf::ConsistencyProof),
//!   [`mmr::ConsistencyProof`](crate::mmr::ConsistencyProof): `Arbitrary` where the hash is;
//!   [`ccf::Leaf`](crate::ccf::Leaf): `Arbitrary<'a>`; it borrows from the input.
//! - [`CompactRange`](crate::CompactRange), [`MemoryTree`](crate::MemoryTree),
//!   [`Accumulator`](crate::mmr::Accumulator), [`MemoryMmr`](crate::mmr::MemoryMmr): `Arbitrary`
//!   for hashes of 32 bytes.
//! - [`ReceiptBuilder`](crate::cose::ReceiptBuilder): `Arbitrary`;
//!   [`Receipt`](crate::cose::Receipt) and the proofs of the three structures:
//!   [`Encoded`](cose_ext::arbitrary::Encoded), which owns the bytes.
//! - [`Note`](crate::tlog::Note), [`Checkpoint`](crate::tlog::Checkpoint),
//!   [`TlogProof`](crate::tlog::TlogProof), [`AddCheckpoint`](crate::tlog::AddCheckpoint):
//!   [`Encoded`](cose_ext::arbitrary::Encoded) of their texts.
//! - [`EntryBundle`](crate::tlog::EntryBundle): not: [`append`](crate::tlog::EntryBundle::append)
//!   makes one of entries.
//! - [`TrustedRoot`](crate::TrustedRoot), [`TreeHead`](crate::TreeHead), keys and policies of
//!   notes: not: the target decides whom it trusts.
//! - roots out of proofs, signed roots, tiles whose hashes were checked: never: only a computation
//!   makes them.
//! - stores, logs, sequencers: not: they hold what was done to them.
//!
//! ```compile_fail,E0277
//! fn is_arbitrary<T: for<'a> arbitrary::Arbitrary<'a>>() {}
//! is_arbitrary::<merkle_proof::TrustedRoot<merkle_proof::Rfc9162Tree, [u8; 32]>>();
//! ```

mod note;
mod number;
mod proof;
mod receipt;
mod tree;

/// Enums without fields, and other types of few values.
macro_rules! one_of {
    ($($type:ty: $values:expr;)*) => {
        $(impl<'a> arbitrary::Arbitrary<'a> for $type {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                Ok(*u.choose(&$values)?)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        })*
    };
}

use one_of;
