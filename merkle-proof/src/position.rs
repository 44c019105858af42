//! Where a proof says its leaf stands.

/// Where a proof *says* its leaf stands (the first two members of an RFC 9942 5.2.1 inclusion proof).
///
/// Nobody signs these numbers: the same leaf, path and root verify under more than one pair (index 5 in a tree of 8 also
/// verifies as index 5 in a tree of 7 or less with a shorter reading of the same path, and so on). They steer the walk
/// and must enter no verdict and no state. Where the tree size is authenticated, by a signed checkpoint for example,
/// use [`verify_inclusion`](crate::verify_inclusion), which proves the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnauthenticatedPosition {
    /// How many leaves the tree is said to have.
    pub tree_size: u64,
    /// Which of them the leaf is said to be, from 0.
    pub leaf_index: u64,
}
