//! Consistency of a subtree with its tree (draft-ietf-plants-merkle-tree-certs 4.4).

use crate::{
    ConsistencyFold, Error, Malformed, RootFromProof, Rule, Subtree, TreeHash, TreeHead, TreeSize,
};

/// Computes the root that a subtree consistency proof leads to (draft-ietf-plants-merkle-tree-certs
/// 4.4.3).
///
/// `claimed` is the hash the subtree is said to have; it is proved a part of the tree once the root
/// is confirmed.
///
/// # Errors
///
/// [`Error::Malformed`] where the tree has no such subtree or path, [`Error::Verification`] where
/// the path does not lead to the subtree's hash, [`Error::Misuse`] where the subtree is empty.
pub fn root_from_subtree_consistency<T, P>(
    tree: &T,
    subtree: Subtree,
    claimed: &T::Hash,
    tree_size: TreeSize,
    path: P,
) -> Result<RootFromProof<T::Kind, T::Hash>, Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    ConsistencyFold::of_subtree(tree, subtree, claimed, tree_size)?.follow(path)
}

/// Verifies that the subtree is a part of the tree of `head` (draft-ietf-plants-merkle-tree-certs
/// 4.4.3).
///
/// # Errors
///
/// [`Error::Malformed`] where the tree has no such subtree or path, [`Error::Verification`] where
/// it leads elsewhere.
pub fn verify_subtree_consistency<T, P>(
    tree: &T,
    subtree: Subtree,
    claimed: &T::Hash,
    path: P,
    head: &TreeHead<T::Kind, T::Hash>,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    if subtree.is_empty() {
        return verify_empty_subtree(tree, subtree, claimed, path, TreeSize(head.size));
    }
    let root = root_from_subtree_consistency(tree, subtree, claimed, TreeSize(head.size), path)?;
    root.confirm(&head.root).map(|_| ())
}

/// Verifies the proof of an empty subtree, which holds in every tree that is long enough, whatever
/// its root (draft-ietf-plants-merkle-tree-certs 4.4.3, step 2).
///
/// # Errors
///
/// [`Error::Malformed`] where the subtree is not empty, ends beyond the tree, or has a path;
/// [`Error::Verification`] where its hash is not that of nothing.
pub fn verify_empty_subtree<T, P>(
    tree: &T,
    subtree: Subtree,
    claimed: &T::Hash,
    path: P,
    tree_size: TreeSize,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let (rule, TreeSize(tree_size)) = (Rule::EmptySubtree, tree_size);
    if subtree.end() > tree_size {
        return Err(Malformed::SubtreeOutsideTree { end: subtree.end(), size: tree_size }.into());
    }
    if !subtree.is_empty() {
        return Err(Malformed::PathTooShort { rule }.into());
    }
    if path.into_iter().next().is_some() {
        return Err(Malformed::PathTooLong { rule }.into());
    }
    if *claimed != tree.empty() {
        return Err(Error::Verification { rule });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;
    use crate::{Misuse, Rfc9162Tree, TrustedRoot};

    const NONE: [&[u8]; 0] = [];

    /// Leaves 2 and 3 of four, their siblings' hash, and the tree.
    fn right_half() -> (Subtree, [u8; 8], [u8; 8], TreeHead<Rfc9162Tree, [u8; 8]>) {
        let [a, b, c, d] = [b"a", b"b", b"c", b"d"].map(|entry| Toy.leaf(&[entry]));
        let (ab, cd) = (Toy.node(&a, &b), Toy.node(&c, &d));
        let head = TreeHead::new(4, TrustedRoot::vouched_for(Toy.node(&ab, &cd)));
        (Subtree::new(2, 4).unwrap(), cd, ab, head)
    }

    #[test]
    fn m22_a_subtree_beyond_the_tree_is_refused() {
        let (subtree, cd, ab, head) = right_half();
        let short = TreeHead::new(3, head.root);
        let refused = Err(Malformed::SubtreeOutsideTree { end: 4, size: 3 }.into());
        assert_eq!(verify_subtree_consistency(&Toy, subtree, &cd, [ab], &short), refused);
        let empty = Subtree::new(4, 4).unwrap();
        assert_eq!(verify_subtree_consistency(&Toy, empty, &Toy.empty(), NONE, &short), refused);
    }

    #[test]
    fn m23_an_empty_subtree_has_the_hash_of_nothing_and_no_path() {
        let (subtree, cd, ab, head) = right_half();
        let empty = Subtree::new(3, 3).unwrap();
        let rule = Rule::EmptySubtree;
        let verify =
            |hash, path: &[[u8; 8]]| verify_subtree_consistency(&Toy, empty, &hash, path, &head);
        assert_eq!(verify(Toy.empty(), &[]), Ok(()));
        assert_eq!(verify(cd, &[]), Err(Error::Verification { rule }));
        let refused = Malformed::PathTooLong { rule };
        assert_eq!(verify(Toy.empty(), &[ab]), Err(refused.into()));
        assert_eq!(
            verify_empty_subtree(&Toy, subtree, &Toy.empty(), NONE, TreeSize(4)),
            Err(Malformed::PathTooShort { rule }.into())
        );
        assert_eq!(
            root_from_subtree_consistency(&Toy, empty, &Toy.empty(), TreeSize(4), NONE),
            Err(Misuse::EmptySubtreeHasNoRoot.into())
        );
    }

    #[test]
    fn m24_another_subtree_hash_is_refused() {
        // [4, 7) of eight leaves is not a node of the tree, so its hash is recomputed.
        let leaves: [_; 8] =
            core::array::from_fn(|leaf| Toy.leaf(&[&[u8::try_from(leaf).unwrap()]]));
        let pair = |left: usize| Toy.node(&leaves[left], &leaves[left + 1]);
        let quarter = Toy.node(&pair(0), &pair(2));
        let root = Toy.node(&quarter, &Toy.node(&pair(4), &pair(6)));
        let head = TreeHead::new(8, TrustedRoot::vouched_for(root));
        let subtree = Subtree::new(4, 7).unwrap();
        let path = [leaves[6], leaves[7], pair(4), quarter];
        let hash = Toy.node(&pair(4), &leaves[6]);
        assert_eq!(verify_subtree_consistency(&Toy, subtree, &hash, path, &head), Ok(()));
        assert_eq!(
            verify_subtree_consistency(&Toy, subtree, &pair(4), path, &head),
            Err(Error::Verification { rule: Rule::SubtreeHash })
        );
    }

    #[test]
    fn m25_another_tree_is_refused() {
        let (subtree, cd, ab, head) = right_half();
        assert_eq!(verify_subtree_consistency(&Toy, subtree, &cd, [ab], &head), Ok(()));
        let rule = Rule::SubtreeTreeRoot;
        assert_eq!(
            verify_subtree_consistency(&Toy, subtree, &ab, [ab], &head),
            Err(Error::Verification { rule })
        );
    }
}
