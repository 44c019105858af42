//! The way from a node up to the root, which every proof of this family takes.
//!
//! One walk serves RFC 9162 2.1.3.2 and 2.1.4.2 and draft-ietf-plants-merkle-tree-certs 4.4.3: the
//! first two are cases of the last. It serves verifiers and makers alike, so that they cannot
//! disagree.

use crate::Subtree;

/// The three counters of draft-ietf-plants-merkle-tree-certs 4.4.3, and the height they have risen
/// to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    /// `fn` of the draft: what the subtree's first leaf has become.
    first: u64,
    /// `sn` of the draft (`fn` of RFC 9162 2.1.3.2): the node whose hash is known.
    node: u64,
    /// `tn` of the draft (`sn` of RFC 9162 2.1.3.2): the last node of the row.
    last: u64,
    level: u32,
}

/// What the next path element is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// It stands to the left of the node.
    pub(crate) left: bool,
    /// It is a part of the subtree too, not only of the tree.
    pub(crate) in_subtree: bool,
    /// Its row.
    pub(crate) level: u32,
    /// Its place in the row.
    pub(crate) index: u64,
}

impl Walk {
    /// From leaf `index` of a tree of `size` leaves; `index` is below `size`.
    pub(crate) const fn from_leaf(size: u64, index: u64) -> Self {
        Self { first: index, node: index, last: size.wrapping_sub(1), level: 0 }
    }

    /// From the rightmost complete subtree of `subtree`, which is not empty and ends within the
    /// tree of `size` leaves.
    pub(crate) fn from_subtree(subtree: Subtree, size: u64) -> Self {
        let (node, last) = (subtree.end().wrapping_sub(1), size.wrapping_sub(1));
        let mut walk = Self { first: subtree.start(), node, last, level: 0 };
        // Where first and last leaf of the subtree have become one node, that node is the subtree's
        // root.
        let to_subtree_root = u64::BITS.wrapping_sub((walk.first ^ node).leading_zeros());
        if node == last {
            walk.rise(to_subtree_root);
        } else {
            walk.rise(to_subtree_root.min(node.trailing_ones()));
        }
        walk
    }

    /// The node the walk stands at is the whole subtree.
    pub(crate) const fn at_subtree_root(&self) -> bool {
        self.first == self.node
    }

    /// The node the walk stands at is the whole tree.
    pub(crate) const fn at_root(&self) -> bool {
        self.last == 0
    }

    /// The row and place of the node the walk stands at.
    pub(crate) const fn place(&self) -> (u32, u64) {
        (self.level, self.node)
    }

    /// The place of the last node of the row the walk stands in.
    pub(crate) const fn last_in_row(&self) -> u64 {
        self.last
    }

    /// Past the next path element; `None` at the root.
    #[inline]
    pub(crate) fn step(&mut self) -> Option<Step> {
        if self.at_root() {
            return None;
        }
        let in_subtree = self.first < self.node;
        if self.node == self.last {
            // Rows in which the last node has no sibling have no element. It is not 0, or this were
            // the root.
            self.rise(self.node.trailing_zeros());
        }
        let left = self.node & 1 == 1;
        let (level, index) = (self.level, self.node ^ 1);
        self.rise(1);
        Some(Step { left, in_subtree: left && in_subtree, level, index })
    }

    #[inline]
    fn rise(&mut self, rows: u32) {
        let up = |counter: u64| counter.checked_shr(rows).unwrap_or(0);
        (self.first, self.node, self.last) = (up(self.first), up(self.node), up(self.last));
        self.level = self.level.wrapping_add(rows);
    }
}
