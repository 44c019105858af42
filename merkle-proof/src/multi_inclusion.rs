//! One proof for many leaves of a tree.
//!
//! No text defines such a proof. This one is what is left of the single proofs of RFC 9162 2.1.3.1
//! when every hash that follows from others is taken out: read from left to right, the tree is a
//! row of leaves that are proved and of the largest subtrees without one, and the path holds the
//! hashes of the latter. There is one such path for a set of leaves and no other.

use core::iter::FusedIterator;

use crate::path_nodes::check_index;
use crate::root::hash_from;
use crate::{
    CompactRange, Error, Malformed, RootFromProof, Rule, Subtree, TreeHash, TreeHead, TreeSize,
};

/// The subtrees that the path of a multi-proof is made of, from left to right.
#[derive(Clone, Copy, Debug)]
pub struct MultiInclusionNodes<'i> {
    tree_size: u64,
    /// Leaves that are still to come.
    leaf_indexes: &'i [u64],
    next: u64,
}

/// Returns the elements of the path that proves all of these leaves, whose indexes ascend.
///
/// # Errors
///
/// [`Malformed::LeavesNotAscending`], also where there are none; [`Malformed::IndexNotBelowSize`].
pub fn multi_inclusion_nodes(
    leaf_indexes: &[u64],
    tree_size: TreeSize,
) -> Result<MultiInclusionNodes<'_>, Error> {
    let TreeSize(tree_size) = tree_size;
    check_leaves(tree_size, leaf_indexes.iter().copied())?;
    Ok(MultiInclusionNodes { tree_size, leaf_indexes, next: 0 })
}

fn check_leaves(size: u64, indexes: impl Iterator<Item = u64>) -> Result<(), Error> {
    let mut last = None;
    for index in indexes {
        check_index(index, size)?;
        if last.is_some_and(|last| last >= index) {
            return Err(Malformed::LeavesNotAscending.into());
        }
        last = Some(index);
    }
    if last.is_none() { Err(Malformed::LeavesNotAscending.into()) } else { Ok(()) }
}

/// The largest subtree of a tree of `size` leaves that begins at `start` and ends at `end` or
/// before.
fn largest(start: u64, end: u64, size: u64) -> Subtree {
    match Subtree::new(start, end) {
        Ok(rest) if end == size => return rest,
        _ => {}
    }
    let fitting = end.wrapping_sub(start).checked_ilog2().unwrap_or(0);
    let leaves = 1_u64.checked_shl(start.trailing_zeros().min(fitting)).unwrap_or(1);
    // Aligned to its own length, so it is a subtree.
    Subtree::new(start, start.saturating_add(leaves)).unwrap_or(Subtree::empty_at(end))
}

impl Iterator for MultiInclusionNodes<'_> {
    type Item = Subtree;

    fn next(&mut self) -> Option<Subtree> {
        while let Some((leaf, rest)) = self.leaf_indexes.split_first() {
            if *leaf != self.next {
                break;
            }
            (self.next, self.leaf_indexes) = (leaf.saturating_add(1), rest);
        }
        let end = self.leaf_indexes.first().copied().unwrap_or(self.tree_size);
        if self.next >= end {
            return None;
        }
        let subtree = largest(self.next, end, self.tree_size);
        self.next = subtree.end();
        Some(subtree)
    }
}

impl FusedIterator for MultiInclusionNodes<'_> {}

/// Computes the root that a multi-proof leads to from leaf hashes with their indexes, which ascend.
///
/// Size and indexes are only what the proof says.
///
/// # Errors
///
/// [`Error::Malformed`] where these leaves of no tree of that size have such a path.
pub fn root_from_multi_inclusion<T, P>(
    tree: &T,
    leaves: &[(u64, T::Hash)],
    claimed_size: u64,
    path: P,
) -> Result<RootFromProof<T::Kind, T::Hash>, Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    check_leaves(claimed_size, leaves.iter().map(|(index, _)| *index))?;
    let (mut path, mut leaves) = (path.into_iter(), leaves.iter());
    let mut next_leaf = leaves.next();
    let mut range = CompactRange::new(tree);
    let mut border = None;
    while range.leaves().end() < claimed_size && border.is_none() {
        let start = range.leaves().end();
        let end = match next_leaf {
            Some((index, hash)) if *index == start => {
                range.append_leaf(*hash)?;
                next_leaf = leaves.next();
                continue;
            }
            Some((index, _)) => *index,
            None => claimed_size,
        };
        let subtree = largest(start, end, claimed_size);
        let element = path.next();
        let element = element.ok_or(Malformed::PathTooShort { rule: Rule::MultiPathNotShorter })?;
        let hash = hash_from(element.as_ref(), Rule::HashLength)?;
        if subtree.size().is_power_of_two() {
            range.append_node(subtree.size().trailing_zeros(), hash)?;
        } else {
            // The right border of the tree.
            border = Some(hash);
        }
    }
    if path.next().is_some() {
        return Err(Malformed::PathTooLong { rule: Rule::MultiPathNotLonger }.into());
    }
    Ok(RootFromProof::new(range.root_with(border), Rule::MultiInclusionRoot))
}

/// Verifies that all these leaves stand at their indexes, which ascend, in the tree of `head`.
///
/// # Errors
///
/// [`Error::Malformed`] where these leaves of no such tree have such a path,
/// [`Error::Verification`] where it leads elsewhere.
pub fn verify_multi_inclusion<T, P>(
    tree: &T,
    leaves: &[(u64, T::Hash)],
    path: P,
    head: &TreeHead<T::Kind, T::Hash>,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let root = root_from_multi_inclusion(tree, leaves, head.size, path)?;
    root.confirm(&head.root).map(|_| ())
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::toy::Toy;
    use crate::{MemoryTree, Rfc9162Tree};

    type Head = TreeHead<Rfc9162Tree, [u8; 8]>;

    fn thirteen() -> (MemoryTree<Toy>, Head) {
        let mut tree = MemoryTree::new(Toy);
        (0..13_u8).for_each(|leaf| {
            tree.append(&[&[leaf]]);
        });
        let head = tree.head();
        (tree, head)
    }

    fn leaf(index: u64) -> (u64, [u8; 8]) {
        (index, Toy.leaf(&[&[u8::try_from(index).unwrap()]]))
    }

    #[test]
    fn m80_leaves_ascend() {
        let (tree, head) = thirteen();
        let refused = Error::from(Malformed::LeavesNotAscending);
        let path = tree.multi_inclusion_path(&[2, 5], TreeSize(13)).unwrap();
        for leaves in [&[][..], &[5, 2], &[2, 2], &[2, 5, 5]] {
            assert_eq!(tree.multi_inclusion_path(leaves, TreeSize(13)), Err(refused));
            let leaves: Vec<_> = leaves.iter().map(|index| leaf(*index)).collect();
            assert_eq!(verify_multi_inclusion(&Toy, &leaves, &path, &head), Err(refused));
        }
        let outside = Malformed::IndexNotBelowSize { index: 13, size: 13 };
        assert_eq!(multi_inclusion_nodes(&[2, 13], TreeSize(13)).err(), Some(outside.into()));
    }

    fn of_three_leaves(change: impl FnOnce(&mut Vec<[u8; 8]>)) -> Result<(), Error> {
        let (tree, head) = thirteen();
        let mut path = tree.multi_inclusion_path(&[2, 5, 6], TreeSize(13)).unwrap();
        change(&mut path);
        verify_multi_inclusion(&Toy, &[leaf(2), leaf(5), leaf(6)], &path, &head)
    }

    #[test]
    fn m81_nothing_is_left_over() {
        assert_eq!(of_three_leaves(|_| ()), Ok(()));
        let refused = Malformed::PathTooLong { rule: Rule::MultiPathNotLonger };
        assert_eq!(of_three_leaves(|path| path.push(path[0])), Err(refused.into()));
    }

    #[test]
    fn m82_nothing_is_missing() {
        let refused = Malformed::PathTooShort { rule: Rule::MultiPathNotShorter };
        assert_eq!(of_three_leaves(|path| path.truncate(path.len() - 1)), Err(refused.into()));
        assert_eq!(of_three_leaves(Vec::clear), Err(refused.into()));
    }

    #[test]
    fn m83_another_root_is_refused() {
        let (tree, head) = thirteen();
        let path = tree.multi_inclusion_path(&[0, 12], TreeSize(13)).unwrap();
        let refused = Err(Error::Verification { rule: Rule::MultiInclusionRoot });
        let swapped = [(0, leaf(12).1), (12, leaf(0).1)];
        assert_eq!(verify_multi_inclusion(&Toy, &swapped, &path, &head), refused);
        let other = tree.head_at(12).unwrap();
        let other = TreeHead::new(13, other.root);
        let leaves = [leaf(0), leaf(12)];
        assert_eq!(verify_multi_inclusion(&Toy, &leaves, &path, &head), Ok(()));
        assert_eq!(verify_multi_inclusion(&Toy, &leaves, &path, &other), refused);
    }

    #[test]
    fn every_leaf_at_once_needs_no_path() {
        let (tree, head) = thirteen();
        let all: Vec<u64> = (0..13).collect();
        assert_eq!(tree.multi_inclusion_path(&all, TreeSize(13)), Ok(Vec::new()));
        let leaves: Vec<_> = all.iter().map(|index| leaf(*index)).collect();
        let none = [] as [[u8; 8]; 0];
        assert_eq!(verify_multi_inclusion(&Toy, &leaves, none, &head), Ok(()));
        assert_eq!(multi_inclusion_nodes(&[0], TreeSize(u64::MAX)).unwrap().count(), 64);
    }
}
