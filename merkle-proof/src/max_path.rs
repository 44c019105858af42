//! The bound on the length of paths.

/// The longest path that is followed: a tree of fewer than 2^64 leaves has no longer one.
pub const MAX_PATH: usize = 64;
