//! Inclusion proofs of RFC 9162 2.1.3, verified.

use crate::path_nodes::check_index;
use crate::walk::{Step, Walk};
use crate::{
    Error, LeafIndex, Malformed, RootFromProof, Rule, TreeHash, TreeHead, UnauthenticatedPosition,
};

/// An inclusion proof while it is being followed, one path element at a time (RFC 9162 2.1.3.2).
///
/// For paths whose elements come one by one and can fail on the way, from a CBOR decoder or a
/// socket. Where they are at hand, [`root_from_inclusion`] is shorter.
///
/// ```
/// # use merkle_proof::{InclusionFold, RootFromProof, TreeHash, UnauthenticatedPosition, Error};
/// # #[derive(Debug)] enum MyError { Cbor, Proof(Error) }
/// # impl From<Error> for MyError { fn from(error: Error) -> Self { Self::Proof(error) } }
/// fn follow<'a, T: TreeHash>(
///     tree: &T,
///     leaf: &T::Hash,
///     position: UnauthenticatedPosition,
///     array: impl Iterator<Item = Result<&'a [u8], MyError>>,
/// ) -> Result<RootFromProof<T::Kind, T::Hash>, MyError> {
///     let mut fold = InclusionFold::new(tree, leaf, position)?;
///     for element in array {
///         fold.push(element?)?;
///     }
///     Ok(fold.finish()?)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct InclusionFold<'t, T: TreeHash + ?Sized> {
    tree: &'t T,
    walk: Walk,
    hash: T::Hash,
    /// What confirming the root enforces.
    rule: Rule,
}

impl<'t, T: TreeHash + ?Sized> InclusionFold<'t, T> {
    /// Begins at the hash of a leaf, which the verifier computed from the entry.
    ///
    /// # Errors
    ///
    /// [`Malformed::IndexNotBelowSize`].
    pub fn new(
        tree: &'t T,
        leaf: &T::Hash,
        claimed: UnauthenticatedPosition,
    ) -> Result<Self, Error> {
        check_index(claimed.leaf_index, claimed.tree_size)?;
        let walk = Walk::from_leaf(claimed.tree_size, claimed.leaf_index);
        Ok(Self::on(tree, leaf, walk, Rule::InclusionRoot))
    }

    pub(crate) fn on(tree: &'t T, leaf: &T::Hash, walk: Walk, rule: Rule) -> Self {
        Self { tree, walk, hash: *leaf, rule }
    }

    /// Takes the next path element, and hashes it with what is known so far.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`]; [`Malformed::PathTooLong`].
    pub fn push(&mut self, element: &[u8]) -> Result<(), Error> {
        let Ok(sibling) = T::Hash::try_from(element) else {
            return Err(Self::wrong_length(element));
        };
        let tree = self.tree;
        let [left, right] = self.children(&sibling)?;
        self.hash = tree.node(left, right);
        Ok(())
    }

    /// Goes past the next path element without hashing it: for the form of a path.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push).
    #[cfg(feature = "cose")]
    pub(crate) fn pass(&mut self, element: &[u8]) -> Result<(), Error> {
        if T::Hash::try_from(element).is_err() {
            return Err(Self::wrong_length(element));
        }
        self.step().map(|_| ())
    }

    /// Writes the children of the next node on the way; [`rise_to`](Self::rise_to) expects its
    /// hash.
    #[inline]
    pub(crate) fn push_later(
        &mut self,
        element: &[u8],
        children: &mut [T::Hash; 2],
    ) -> Result<(), Error> {
        let Ok(sibling) = T::Hash::try_from(element) else {
            return Err(Self::wrong_length(element));
        };
        let [left, right] = self.children(&sibling)?;
        *children = [*left, *right];
        Ok(())
    }

    /// The row that has been reached has at most so many nodes.
    #[inline]
    pub(crate) fn row_is_within(&self, nodes: usize) -> bool {
        usize::try_from(self.walk.last_in_row()).is_ok_and(|last| last < nodes)
    }

    const fn wrong_length(element: &[u8]) -> Error {
        let rule = Rule::HashLength;
        Error::Malformed(Malformed::HashLength { rule, length: element.len() })
    }

    #[inline]
    pub(crate) fn rise_to(&mut self, hash: &T::Hash) {
        self.hash = *hash;
    }

    #[inline]
    fn step(&mut self) -> Result<Step, Error> {
        let step = self.walk.step();
        step.ok_or(Malformed::PathTooLong { rule: Rule::InclusionPathNotLonger }.into())
    }

    /// Past the next path element, which is `sibling`.
    #[inline]
    fn children<'h>(&'h mut self, sibling: &'h T::Hash) -> Result<[&'h T::Hash; 2], Error> {
        let step = self.step()?;
        Ok(if step.left { [sibling, &self.hash] } else { [&self.hash, sibling] })
    }

    /// Returns the root that the whole path leads to.
    ///
    /// # Errors
    ///
    /// [`Malformed::PathTooShort`].
    pub fn finish(self) -> Result<RootFromProof<T::Kind, T::Hash>, Error> {
        if self.walk.at_root() {
            Ok(RootFromProof::new(self.hash, self.rule))
        } else {
            Err(Malformed::PathTooShort { rule: Rule::InclusionPathNotShorter }.into())
        }
    }

    pub(crate) fn follow<P>(mut self, path: P) -> Result<RootFromProof<T::Kind, T::Hash>, Error>
    where
        P: IntoIterator,
        P::Item: AsRef<[u8]>,
    {
        for element in path {
            self.push(element.as_ref())?;
        }
        self.finish()
    }
}

/// Computes the root that an inclusion proof leads to (RFC 9162 2.1.3.2 up to its last comparison).
///
/// `leaf` is the leaf hash, [`TreeHash::leaf`] of the entry. The position is only what the proof
/// says.
///
/// # Errors
///
/// [`Error::Malformed`] where no tree of that size has such a path.
pub fn root_from_inclusion<T, P>(
    tree: &T,
    leaf: &T::Hash,
    claimed: UnauthenticatedPosition,
    path: P,
) -> Result<RootFromProof<T::Kind, T::Hash>, Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    InclusionFold::new(tree, leaf, claimed)?.follow(path)
}

/// Verifies that the leaf stands at `leaf_index` in the tree of `head` (RFC 9162 2.1.3.2).
///
/// The head's size is trusted, so the index is proved.
///
/// # Errors
///
/// [`Error::Malformed`] where no tree of that size has such a path, [`Error::Verification`] where
/// it leads elsewhere.
pub fn verify_inclusion<T, P>(
    tree: &T,
    leaf: &T::Hash,
    leaf_index: LeafIndex,
    path: P,
    head: &TreeHead<T::Kind, T::Hash>,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let position = UnauthenticatedPosition { tree_size: head.size, leaf_index: leaf_index.0 };
    let root = root_from_inclusion(tree, leaf, position, path)?;
    root.confirm(&head.root).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;
    use crate::{Rfc9162Tree, TrustedRoot};

    type Head = TreeHead<Rfc9162Tree, [u8; 8]>;

    /// The second of three leaves, its path, and the tree.
    fn three() -> ([u8; 8], [[u8; 8]; 2], Head) {
        let [a, b, c] = [b"a", b"b", b"c"].map(|entry| Toy.leaf(&[entry]));
        let root = Toy.node(&Toy.node(&a, &b), &c);
        (b, [a, c], Head::new(3, TrustedRoot::vouched_for(root)))
    }

    #[test]
    fn m2_an_element_of_the_wrong_length_is_refused() {
        let (leaf, [a, c], head) = three();
        for bad in [&[][..], &c[..7], &[0; 9]] {
            assert_eq!(
                verify_inclusion(&Toy, &leaf, LeafIndex(1), [&a, bad], &head),
                Err(Malformed::HashLength { rule: Rule::HashLength, length: bad.len() }.into())
            );
        }
    }

    #[test]
    fn m3_an_index_not_below_the_size_is_refused() {
        let (leaf, path, head) = three();
        assert_eq!(
            verify_inclusion(&Toy, &leaf, LeafIndex(3), path, &head),
            Err(Malformed::IndexNotBelowSize { index: 3, size: 3 }.into())
        );
        let nowhere = UnauthenticatedPosition { tree_size: 0, leaf_index: 0 };
        assert!(InclusionFold::new(&Toy, &leaf, nowhere).is_err());
    }

    #[test]
    fn m4_a_longer_path_is_refused() {
        let (leaf, [a, c], head) = three();
        let rule = Rule::InclusionPathNotLonger;
        assert_eq!(
            verify_inclusion(&Toy, &leaf, LeafIndex(1), [a, c, c], &head),
            Err(Malformed::PathTooLong { rule }.into())
        );
        let alone = TreeHead::new(1, head.root);
        assert_eq!(
            verify_inclusion(&Toy, &leaf, LeafIndex(0), [a], &alone),
            Err(Malformed::PathTooLong { rule }.into())
        );
    }

    #[test]
    fn m5_a_shorter_path_is_refused() {
        let (leaf, [a, _], head) = three();
        assert_eq!(
            verify_inclusion(&Toy, &leaf, LeafIndex(1), [a], &head),
            Err(Malformed::PathTooShort { rule: Rule::InclusionPathNotShorter }.into())
        );
    }

    #[test]
    fn m6_another_root_is_refused() {
        let (leaf, path, head) = three();
        assert_eq!(verify_inclusion(&Toy, &leaf, LeafIndex(1), path, &head), Ok(()));
        let refused = Err(Error::Verification { rule: Rule::InclusionRoot });
        assert_eq!(verify_inclusion(&Toy, &path[0], LeafIndex(1), path, &head), refused);
        assert_eq!(verify_inclusion(&Toy, &leaf, LeafIndex(0), path, &head), refused);
    }

    #[test]
    fn m6_the_only_leaf_is_the_root() {
        let leaf = Toy.leaf(&[b"first"]);
        let position = UnauthenticatedPosition { tree_size: 1, leaf_index: 0 };
        let root = root_from_inclusion(&Toy, &leaf, position, [] as [&[u8]; 0]).unwrap();
        assert_eq!(root.unconfirmed(), &leaf);
    }
}
