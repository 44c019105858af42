//! Leaf indexes and tree sizes, which no call can mix up.

use core::fmt;

/// The place of a leaf in a tree, counted from 0.
///
/// Every function that asks for a leaf and a size takes them in this order, and as these two types.
/// Swapped arguments do not compile:
///
/// ```
/// use merkle_proof::{LeafIndex, TreeSize, inclusion_nodes};
/// assert_eq!(inclusion_nodes(LeafIndex(5), TreeSize(8)).map(Iterator::count), Ok(3));
/// ```
///
/// ```compile_fail,E0308
/// use merkle_proof::{LeafIndex, TreeSize, inclusion_nodes};
/// assert_eq!(inclusion_nodes(TreeSize(8), LeafIndex(5)).map(Iterator::count), Ok(3));
/// ```
///
/// Bare numbers do not compile either, so that nobody has to know the order:
///
/// ```compile_fail,E0308
/// use merkle_proof::inclusion_nodes;
/// assert_eq!(inclusion_nodes(5, 8).map(Iterator::count), Ok(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafIndex(pub u64);

/// The number of leaves of a tree.
///
/// See [`LeafIndex`] for why it is a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeSize(pub u64);

impl fmt::Display for LeafIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TreeSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
