//! Subtrees of draft-ietf-plants-merkle-tree-certs 4.1, and the nodes that a log keeps.

mod node;

pub use node::{Node, Nodes};

use crate::{Error, Malformed, TreeHash};

/// The leaves `[start, end)` of a tree, where they make a subtree: `start` is a multiple of the
/// length rounded up to a power of two (draft-ietf-plants-merkle-tree-certs 4.1).
///
/// A subtree stays what it is while its tree grows, and can be proved to be a part of it. Every
/// beginning of a tree is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subtree {
    start: u64,
    end: u64,
}

impl Subtree {
    /// Makes the subtree of the leaves `[start, end)`.
    ///
    /// # Errors
    ///
    /// [`Malformed::NotASubtree`] where the interval is not a subtree.
    pub const fn new(start: u64, end: u64) -> Result<Self, Error> {
        if let Some(size) = end.checked_sub(start) {
            let aligned = match size.checked_next_power_of_two() {
                Some(ceiling) => start & ceiling.wrapping_sub(1) == 0,
                // Rounded up, the length is 2^64: no start but 0 is a multiple.
                None => start == 0,
            };
            if aligned {
                return Ok(Self { start, end });
            }
        }
        Err(Error::Malformed(Malformed::NotASubtree { start, end }))
    }

    /// Makes the subtree of the leaves `[0, size)`: a tree, or the beginning of one.
    #[must_use]
    pub const fn prefix(size: u64) -> Self {
        Self { start: 0, end: size }
    }

    pub(crate) const fn empty_at(start: u64) -> Self {
        Self { start, end: start }
    }

    /// Returns the two subtrees that cover `[start, end)`.
    ///
    /// They cover no leaf after it, and before it less than their left half
    /// (draft-ietf-plants-merkle-tree-certs 4.5.1).
    ///
    /// # Errors
    ///
    /// [`Malformed::NotASubtree`] where `start` is above `end`.
    pub fn covering(start: u64, end: u64) -> Result<[Self; 2], Error> {
        let size = end.checked_sub(start).ok_or(Malformed::NotASubtree { start, end })?;
        if size <= 1 {
            return Ok([Self { start, end }, Self { start: end, end }]);
        }
        let last = end.wrapping_sub(1);
        // Below the highest bit in which they differ, the paths of the first and the last leaf are
        // apart.
        let split = (start ^ last).checked_ilog2().unwrap_or(0);
        let below = low_bits(split);
        let middle = last & !below;
        let left_height = u64::BITS.wrapping_sub((!start & below).leading_zeros());
        let left_start = start & !low_bits(left_height);
        Ok([Self { start: left_start, end: middle }, Self { start: middle, end }])
    }

    /// Returns the first leaf.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// Returns the leaf after the last.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Returns the number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        // No constructor lets the start be above the end.
        self.end.wrapping_sub(self.start)
    }

    /// Returns whether it has no leaf.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// What node `index` of row `level`, counted from this subtree's start, has of this subtree.
    pub(crate) fn part(&self, level: u32, index: u64) -> Self {
        // Rows count from the start, and a node on the right border ends early.
        let leaf = |index: u64| {
            let beyond = index.leading_zeros() < level;
            let within = index.checked_shl(level).filter(|_| !beyond);
            within.map_or(self.end, |leaf| leaf.saturating_add(self.start).min(self.end))
        };
        Self { start: leaf(index), end: leaf(index.saturating_add(1)) }
    }

    /// Returns the nodes that its hash is made of, from right to left.
    #[must_use]
    pub const fn nodes(&self) -> Nodes {
        Nodes::of(*self)
    }

    /// Computes its hash from nodes that `read` fetches, from right to left.
    ///
    /// # Errors
    ///
    /// The first error of `read`.
    pub fn hash_with<T, E>(
        &self,
        tree: &T,
        mut read: impl FnMut(Node) -> Result<T::Hash, E>,
    ) -> Result<T::Hash, E>
    where
        T: TreeHash + ?Sized,
    {
        let mut nodes = self.nodes();
        let Some(rightmost) = nodes.next() else {
            return Ok(tree.empty());
        };
        let rightmost = read(rightmost)?;
        nodes.try_fold(rightmost, |right, node| Ok(tree.node(&read(node)?, &right)))
    }
}

/// A mask of the `count` lowest bits.
const fn low_bits(count: u32) -> u64 {
    match 1_u64.checked_shl(count) {
        Some(bit) => bit.wrapping_sub(1),
        None => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn m20_an_unaligned_interval_is_no_subtree() {
        for (start, end) in [(1, 15), (2, 5), (2, 6), (3, 2), (1, u64::MAX), (1 << 62, u64::MAX)] {
            assert_eq!(Subtree::new(start, end), Err(Malformed::NotASubtree { start, end }.into()));
        }
        for (start, end) in [(0, 0), (7, 7), (4, 8), (8, 13), (1 << 63, u64::MAX), (0, u64::MAX)] {
            assert!(Subtree::new(start, end).is_ok());
        }
    }

    #[test]
    fn m20_two_subtrees_cover_any_interval() {
        for end in 0..70_u64 {
            for start in 0..=end {
                let [left, right] = Subtree::covering(start, end).unwrap();
                assert_eq!(Subtree::new(left.start, left.end), Ok(left));
                assert_eq!(Subtree::new(right.start, right.end), Ok(right));
                assert!(left.start <= start && left.end == right.start && right.end == end);
                assert!(start == end || start - left.start < left.end - start);
            }
        }
        assert!(Subtree::covering(3, 2).is_err());
        let [left, right] = Subtree::covering(0, u64::MAX).unwrap();
        assert_eq!((left.end, right.end), (1 << 63, u64::MAX));
    }
    #[test]
    fn m20_the_covering_subtrees_are_the_published_ones() {
        // draft-ietf-plants-merkle-tree-certs, appendix: one digest over all intervals up to 130.
        let mut digest = Sha256::new();
        for end in 0..=130 {
            for start in 0..=end {
                let [left, right] = Subtree::covering(start, end).unwrap();
                let line =
                    format!("[{}, {}) [{}, {})\n", left.start, left.end, right.start, right.end);
                digest.update(line);
            }
        }
        assert_eq!(
            hex::encode(digest.finalize()),
            "7fd9c8b926e9d2b5cf831560e8ce295a5ef97ad5c5ede4ea0dea28a8c8fc8bb0"
        );
    }
}
