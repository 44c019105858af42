//! Which hashes a proof is made of, told without touching one.

use crate::walk::Walk;
use crate::{Error, LeafIndex, Malformed, Misuse, Rule, Subtree, TreeSize};

/// On which side of what is known before it a path element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a tree of two branches has no others")]
pub enum Side {
    /// A consistency path begins with it: the rightmost complete subtree of the older tree, where
    /// that is not the older tree itself.
    Anchor,
    /// It is hashed in from the left.
    Left,
    /// It is hashed in from the right.
    Right,
}

/// One planned element of a path: the hash of this subtree, which [`Subtree::hash_with`] computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathNode {
    /// Where it stands.
    pub side: Side,
    /// The leaves under it. Only the rightmost subtree of a tree is ever of more than one
    /// [`Node`](crate::Node).
    pub subtree: Subtree,
}

/// The elements of a path, in its order.
#[derive(Clone, Copy, Debug)]
pub struct PathNodes {
    anchor: Option<PathNode>,
    walk: Walk,
    /// The tree the path leads to the root of.
    within: Subtree,
}

/// Returns the elements of the inclusion path of a leaf (RFC 9162 2.1.3.1).
///
/// # Errors
///
/// [`Malformed::IndexNotBelowSize`].
pub fn inclusion_nodes(leaf_index: LeafIndex, tree_size: TreeSize) -> Result<PathNodes, Error> {
    let (LeafIndex(index), TreeSize(size)) = (leaf_index, tree_size);
    check_index(index, size)?;
    let walk = Walk::from_leaf(size, index);
    Ok(PathNodes { anchor: None, walk, within: Subtree::prefix(size) })
}

/// Returns the elements of the consistency path between two sizes (RFC 9162 2.1.4.1).
///
/// # Errors
///
/// [`Malformed::Sizes`] unless `0 < older <= newer`.
pub fn consistency_nodes(older: TreeSize, newer: TreeSize) -> Result<PathNodes, Error> {
    check_sizes(older.0, newer.0)?;
    Ok(PathNodes::between(Subtree::prefix(older.0), newer.0))
}

/// Returns the elements of the inclusion path of a leaf in a subtree
/// (draft-ietf-plants-merkle-tree-certs 4.3).
///
/// # Errors
///
/// [`Malformed::IndexOutsideSubtree`].
pub fn subtree_inclusion_nodes(
    leaf_index: LeafIndex,
    subtree: Subtree,
) -> Result<PathNodes, Error> {
    let index = index_in(subtree, leaf_index.0)?;
    let walk = Walk::from_leaf(subtree.size(), index);
    Ok(PathNodes { anchor: None, walk, within: subtree })
}

/// Returns the elements of the consistency path between a subtree and its tree
/// (draft-ietf-plants-merkle-tree-certs 4.4.1).
///
/// # Errors
///
/// [`Malformed::SubtreeOutsideTree`]; [`Misuse::EmptySubtreeHasNoRoot`], as the path of an empty
/// subtree is empty and leads nowhere.
pub fn subtree_consistency_nodes(
    subtree: Subtree,
    tree_size: TreeSize,
) -> Result<PathNodes, Error> {
    check_subtree(subtree, tree_size.0)?;
    Ok(PathNodes::between(subtree, tree_size.0))
}

pub(crate) fn check_index(index: u64, size: u64) -> Result<(), Error> {
    if index < size { Ok(()) } else { Err(Malformed::IndexNotBelowSize { index, size }.into()) }
}

pub(crate) fn check_sizes(older: u64, newer: u64) -> Result<(), Error> {
    let rule = if older == 0 {
        Rule::OlderSizeNotZero
    } else if older > newer {
        Rule::OlderSizeNotAbove
    } else {
        return Ok(());
    };
    Err(Malformed::Sizes { rule, older, newer }.into())
}

pub(crate) fn check_subtree(subtree: Subtree, size: u64) -> Result<(), Error> {
    if subtree.end() > size {
        return Err(Malformed::SubtreeOutsideTree { end: subtree.end(), size }.into());
    }
    if subtree.is_empty() {
        return Err(Misuse::EmptySubtreeHasNoRoot.into());
    }
    Ok(())
}

/// The index counted from the subtree's start.
pub(crate) fn index_in(subtree: Subtree, index: u64) -> Result<u64, Error> {
    let (start, end) = (subtree.start(), subtree.end());
    match index.checked_sub(start) {
        Some(inner) if index < end => Ok(inner),
        _ => Err(Malformed::IndexOutsideSubtree { index, start, end }.into()),
    }
}

impl PathNodes {
    fn between(subtree: Subtree, tree_size: u64) -> Self {
        let walk = Walk::from_subtree(subtree, tree_size);
        let within = Subtree::prefix(tree_size);
        let (level, index) = walk.place();
        let anchor = (!walk.at_subtree_root())
            .then(|| PathNode { side: Side::Anchor, subtree: within.part(level, index) });
        Self { anchor, walk, within }
    }

    /// Takes the element that a CCF proof keeps apart from its path.
    pub(crate) fn skip_anchor(&mut self) -> Option<PathNode> {
        self.anchor.take()
    }
}

impl Iterator for PathNodes {
    type Item = PathNode;

    fn next(&mut self) -> Option<PathNode> {
        if let Some(anchor) = self.anchor.take() {
            return Some(anchor);
        }
        let step = self.walk.step()?;
        let side = if step.left { Side::Left } else { Side::Right };
        Some(PathNode { side, subtree: self.within.part(step.level, step.index) })
    }
}

impl core::iter::FusedIterator for PathNodes {}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn ranges(nodes: PathNodes) -> Vec<(Side, u64, u64)> {
        nodes.map(|node| (node.side, node.subtree.start(), node.subtree.end())).collect()
    }

    #[test]
    fn the_examples_of_the_texts() {
        use Side::{Anchor, Left, Right};
        // draft-ietf-plants-merkle-tree-certs 4.3.1 and 4.4.2.
        assert_eq!(
            ranges(subtree_inclusion_nodes(LeafIndex(10), Subtree::new(8, 13).unwrap()).unwrap()),
            [(Right, 11, 12), (Left, 8, 10), (Right, 12, 13)]
        );
        assert_eq!(
            ranges(subtree_consistency_nodes(Subtree::new(4, 8).unwrap(), TreeSize(14)).unwrap()),
            [(Left, 0, 4), (Right, 8, 14)]
        );
        assert_eq!(
            ranges(subtree_consistency_nodes(Subtree::new(8, 13).unwrap(), TreeSize(14)).unwrap()),
            [(Anchor, 12, 13), (Right, 13, 14), (Left, 8, 12), (Left, 0, 8)]
        );
        // RFC 9162 2.1.5.
        assert_eq!(
            ranges(inclusion_nodes(LeafIndex(3), TreeSize(7)).unwrap()),
            [(Left, 2, 3), (Left, 0, 2), (Right, 4, 7)]
        );
        assert_eq!(
            ranges(consistency_nodes(TreeSize(3), TreeSize(7)).unwrap()),
            [(Anchor, 2, 3), (Right, 3, 4), (Left, 0, 2), (Right, 4, 7)]
        );
        assert_eq!(ranges(consistency_nodes(TreeSize(4), TreeSize(7)).unwrap()), [(Right, 4, 7)]);
    }

    #[test]
    fn the_largest_trees_have_paths_too() {
        let size = u64::MAX;
        for index in [0, 1, 1 << 63, size - 1] {
            let path = ranges(inclusion_nodes(LeafIndex(index), TreeSize(size)).unwrap());
            assert!(path.len() <= crate::MAX_PATH);
            assert!(path.iter().all(|(_, start, end)| start < end));
        }
        for older in [1, (1 << 63) - 1, (1 << 63) + 1, size - 1, size] {
            let path = ranges(consistency_nodes(TreeSize(older), TreeSize(size)).unwrap());
            assert!(path.len() <= crate::MAX_PATH + 1);
            assert!(path.iter().all(|(_, start, end)| start < end));
        }
    }
}
