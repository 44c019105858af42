//! A tree's size and root together.

use crate::{TreeHash, TreeKind, TrustedRoot};

/// A tree's size and root, both trusted and belonging together, as in a signed checkpoint or in a
/// log's own state.
///
/// A COSE receipt signs a root without its size: what comes out of one is a [`TrustedRoot`], never
/// a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead<K, H> {
    /// How many leaves the tree has.
    pub size: u64,
    /// Its root.
    pub root: TrustedRoot<K, H>,
}

impl<K: TreeKind, H> TreeHead<K, H> {
    /// Makes a head that the caller vouches for.
    pub const fn new(size: u64, root: TrustedRoot<K, H>) -> Self {
        Self { size, root }
    }

    /// Returns the head of the tree without leaves.
    pub fn empty<T: TreeHash<Kind = K, Hash = H> + ?Sized>(tree: &T) -> Self {
        Self::new(0, TrustedRoot::vouched_for(tree.empty()))
    }
}
