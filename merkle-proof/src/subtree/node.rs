//! Coordinates of the nodes a log keeps.

use super::Subtree;

/// A node over a complete subtree: `2^level` leaves from leaf `index * 2^level` on.
///
/// A log stores these and no others; they never change once their last leaf is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// The height above the leaves: 0 to 63.
    pub level: u32,
    /// The position in the row, from 0.
    pub index: u64,
}

/// The nodes whose hashes make up the hash of a subtree, from right to left, which is from the
/// lowest to the highest.
///
/// In this order one hash is all the state that is needed to put them together.
#[derive(Clone, Copy, Debug)]
pub struct Nodes {
    /// The leaf after the last one not given yet.
    end: u64,
    /// How many leaves are not given yet: a bit for each node.
    rest: u64,
}

impl Nodes {
    pub(crate) const fn of(subtree: Subtree) -> Self {
        Self { end: subtree.end(), rest: subtree.size() }
    }
}

impl Iterator for Nodes {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        // The lowest set bit is the size of the rightmost node.
        let level = self.rest.trailing_zeros();
        let size = 1_u64.checked_shl(level)?;
        self.rest = self.rest.checked_sub(size)?;
        self.end = self.end.checked_sub(size)?;
        Some(Node { level, index: self.end.checked_shr(level)? })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.rest.count_ones()).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Nodes {}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn thirteen_leaves_are_three_nodes() {
        let nodes: Vec<_> = Subtree::new(16, 29).unwrap().nodes().collect();
        let expected = [(0, 28), (2, 6), (3, 2)].map(|(level, index)| Node { level, index });
        assert_eq!(nodes, expected);
        assert_eq!(Subtree::new(16, 29).unwrap().nodes().len(), 3);
        assert_eq!(Subtree::prefix(0).nodes().next(), None);
        assert_eq!(Subtree::prefix(u64::MAX).nodes().len(), 64);
    }
}
