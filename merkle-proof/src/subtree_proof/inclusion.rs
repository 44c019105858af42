//! Inclusion in a subtree (draft-ietf-plants-merkle-tree-certs 4.3).

use crate::path_nodes::index_in;
use crate::walk::Walk;
use crate::{Error, InclusionFold, LeafIndex, RootFromProof, Rule, Subtree, TreeHash, TrustedRoot};

/// Computes the subtree hash that an inclusion proof leads to (draft-ietf-plants-merkle-tree-certs
/// 4.3.2).
///
/// The index counts from the start of the *tree*.
///
/// # Errors
///
/// [`Error::Malformed`] where no such subtree has such a path.
pub fn root_from_subtree_inclusion<T, P>(
    tree: &T,
    leaf: &T::Hash,
    leaf_index: LeafIndex,
    subtree: Subtree,
    path: P,
) -> Result<RootFromProof<T::Kind, T::Hash>, Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let index = index_in(subtree, leaf_index.0)?;
    let walk = Walk::from_leaf(subtree.size(), index);
    InclusionFold::on(tree, leaf, walk, Rule::SubtreeInclusionRoot).follow(path)
}

/// Verifies that the leaf stands at `leaf_index` in the subtree
/// (draft-ietf-plants-merkle-tree-certs 4.3.3).
///
/// # Errors
///
/// [`Error::Malformed`] where no such subtree has such a path, [`Error::Verification`] where it
/// leads elsewhere.
pub fn verify_subtree_inclusion<T, P>(
    tree: &T,
    leaf: &T::Hash,
    leaf_index: LeafIndex,
    subtree: Subtree,
    path: P,
    trusted: &TrustedRoot<T::Kind, T::Hash>,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let root = root_from_subtree_inclusion(tree, leaf, leaf_index, subtree, path)?;
    root.confirm(trusted).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Malformed;
    use crate::toy::Toy;

    #[test]
    fn m21_an_index_outside_the_subtree_is_refused() {
        let (subtree, leaf) = (Subtree::new(4, 6).unwrap(), Toy.leaf(&[b"e"]));
        for index in [3, 6, 0, u64::MAX] {
            assert_eq!(
                root_from_subtree_inclusion(&Toy, &leaf, LeafIndex(index), subtree, [leaf]),
                Err(Malformed::IndexOutsideSubtree { index, start: 4, end: 6 }.into())
            );
        }
        let empty = Subtree::new(4, 4).unwrap();
        assert!(root_from_subtree_inclusion(&Toy, &leaf, LeafIndex(4), empty, [leaf]).is_err());
    }

    #[test]
    fn m26_another_subtree_is_refused() {
        let (subtree, [e, f]) =
            (Subtree::new(4, 6).unwrap(), [b"e", b"f"].map(|entry| Toy.leaf(&[entry])));
        let trusted = TrustedRoot::vouched_for(Toy.node(&e, &f));
        assert_eq!(
            verify_subtree_inclusion(&Toy, &f, LeafIndex(5), subtree, [e], &trusted),
            Ok(())
        );
        assert_eq!(
            verify_subtree_inclusion(&Toy, &f, LeafIndex(4), subtree, [e], &trusted),
            Err(Error::Verification { rule: Rule::SubtreeInclusionRoot })
        );
    }
}
