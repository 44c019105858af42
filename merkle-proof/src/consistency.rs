//! Consistency proofs of RFC 9162 2.1.4, verified.

use crate::path_nodes::{check_sizes, check_subtree};
use crate::root::hash_from;
use crate::walk::Walk;
use crate::{Error, Malformed, RootFromProof, Rule, Subtree, TreeHash, TreeHead, TreeSize};

/// A consistency proof while it is being followed, one path element at a time.
///
/// Follows RFC 9162 2.1.4.2, and its extension to subtrees, draft-ietf-plants-merkle-tree-certs
/// 4.4.3. See [`InclusionFold`](crate::InclusionFold) for when to use a fold.
#[derive(Clone, Debug)]
pub struct ConsistencyFold<'t, T: TreeHash + ?Sized> {
    tree: &'t T,
    walk: Walk,
    subtree: Subtree,
    tree_size: u64,
    claimed: T::Hash,
    /// `fr` and `sr` of the texts, once the walk has begun.
    hashes: Option<(T::Hash, T::Hash)>,
    path_is_empty: bool,
}

impl<'t, T: TreeHash + ?Sized> ConsistencyFold<'t, T> {
    /// Begins at the head of the older tree, which the verifier holds already. `claimed_size` is
    /// what the proof says of the newer tree; a COSE receipt does not sign it.
    ///
    /// # Errors
    ///
    /// [`Malformed::Sizes`] unless `0 < older.size <= claimed_size`. An older size of 0 belongs to
    /// [`verify_extension`](crate::verify_extension).
    pub fn new(
        tree: &'t T,
        older: &TreeHead<T::Kind, T::Hash>,
        claimed_size: TreeSize,
    ) -> Result<Self, Error> {
        check_sizes(older.size, claimed_size.0)?;
        Self::of_subtree(tree, Subtree::prefix(older.size), older.root.hash(), claimed_size)
    }

    /// Begins at a subtree, whose hash is to be proved a part of a tree of `tree_size` leaves.
    ///
    /// # Errors
    ///
    /// [`Malformed::SubtreeOutsideTree`];
    /// [`EmptySubtreeHasNoRoot`](crate::Misuse::EmptySubtreeHasNoRoot), where
    /// [`verify_empty_subtree`](crate::subtree_proof::verify_empty_subtree) is meant.
    pub fn of_subtree(
        tree: &'t T,
        subtree: Subtree,
        claimed: &T::Hash,
        tree_size: TreeSize,
    ) -> Result<Self, Error> {
        let TreeSize(tree_size) = tree_size;
        check_subtree(subtree, tree_size)?;
        let walk = Walk::from_subtree(subtree, tree_size);
        // The path omits its beginning where that is what the verifier holds.
        let hashes = walk.at_subtree_root().then_some((*claimed, *claimed));
        Ok(Self { tree, walk, subtree, tree_size, claimed: *claimed, hashes, path_is_empty: true })
    }

    /// Takes the next path element, and hashes it with what is known so far.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`]; [`Malformed::PathTooLong`].
    pub fn push(&mut self, element: &[u8]) -> Result<(), Error> {
        let element = hash_from(element, Rule::HashLength)?;
        self.path_is_empty = false;
        let Some((in_subtree, in_tree)) = &mut self.hashes else {
            self.hashes = Some((element, element));
            return Ok(());
        };
        let Some(step) = self.walk.step() else {
            let rule = if self.is_whole_tree() {
                Rule::EqualSizes
            } else {
                Rule::ConsistencyPathNotLonger
            };
            return Err(Malformed::PathTooLong { rule }.into());
        };
        if step.in_subtree {
            *in_subtree = self.tree.node(&element, in_subtree);
        }
        *in_tree = if step.left {
            self.tree.node(&element, in_tree)
        } else {
            self.tree.node(in_tree, &element)
        };
        Ok(())
    }

    /// Returns the newer root that the whole path leads to, if the path leads to the older root as
    /// well.
    ///
    /// # Errors
    ///
    /// [`Malformed::PathTooShort`]; [`Error::Verification`] where the path does not lead to the
    /// older root.
    pub fn finish(self) -> Result<RootFromProof<T::Kind, T::Hash>, Error> {
        let of_tree = self.subtree.start() == 0;
        let (Some((in_subtree, in_tree)), true) = (self.hashes, self.walk.at_root()) else {
            let rule = if of_tree && self.path_is_empty {
                Rule::ConsistencyPathNotEmpty
            } else {
                Rule::ConsistencyPathNotShorter
            };
            return Err(Malformed::PathTooShort { rule }.into());
        };
        if in_subtree != self.claimed {
            let rule = if of_tree { Rule::OlderRoot } else { Rule::SubtreeHash };
            return Err(Error::Verification { rule });
        }
        let rule = match (of_tree, self.is_whole_tree()) {
            (_, true) => Rule::EqualSizes,
            (true, _) => Rule::NewerRoot,
            (false, _) => Rule::SubtreeTreeRoot,
        };
        Ok(RootFromProof::new(in_tree, rule))
    }

    fn is_whole_tree(&self) -> bool {
        self.subtree == Subtree::prefix(self.tree_size)
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

/// Computes the newer root that a consistency proof leads to from the older head (RFC 9162 2.1.4.2
/// up to its last comparison).
///
/// For a receipt of consistency, which signs the newer root and nothing else (RFC 9942 5.3): the
/// older head is what the verifier holds, `claimed_size` is what the proof says.
///
/// # Errors
///
/// [`Error::Malformed`] where no trees of these sizes have such a path; [`Error::Verification`]
/// where it does not lead to the older root.
pub fn root_from_consistency<T, P>(
    tree: &T,
    older: &TreeHead<T::Kind, T::Hash>,
    claimed_size: TreeSize,
    path: P,
) -> Result<RootFromProof<T::Kind, T::Hash>, Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    ConsistencyFold::new(tree, older, claimed_size)?.follow(path)
}

/// Verifies that the newer tree begins with the older one (RFC 9162 2.1.4.2).
///
/// Refuses an older size of 0, which proves nothing; where a witness has to accept one, it calls
/// [`verify_extension`](crate::verify_extension).
///
/// # Errors
///
/// [`Error::Malformed`] where no trees of these sizes have such a path, [`Error::Verification`]
/// where it leads elsewhere.
pub fn verify_consistency<T, P>(
    tree: &T,
    older: &TreeHead<T::Kind, T::Hash>,
    newer: &TreeHead<T::Kind, T::Hash>,
    path: P,
) -> Result<(), Error>
where
    T: TreeHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let root = root_from_consistency(tree, older, TreeSize(newer.size), path)?;
    root.confirm(&newer.root).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;
    use crate::{Rfc9162Tree, TrustedRoot};

    type Head = TreeHead<Rfc9162Tree, [u8; 8]>;

    fn head(size: u64, root: [u8; 8]) -> Head {
        Head::new(size, TrustedRoot::vouched_for(root))
    }

    /// The heads of sizes 3 and 4, and the path between them.
    fn three_to_four() -> (Head, Head, [[u8; 8]; 3]) {
        let [a, b, c, d] = [b"a", b"b", b"c", b"d"].map(|entry| Toy.leaf(&[entry]));
        let ab = Toy.node(&a, &b);
        let abcd = Toy.node(&ab, &Toy.node(&c, &d));
        (head(3, Toy.node(&ab, &c)), head(4, abcd), [c, d, ab])
    }

    #[test]
    fn m2_an_element_of_the_wrong_length_is_refused() {
        let (older, newer, [c, d, ab]) = three_to_four();
        assert_eq!(
            verify_consistency(&Toy, &older, &newer, [&c[..], &d[..7], &ab[..]]),
            Err(Malformed::HashLength { rule: Rule::HashLength, length: 7 }.into())
        );
    }

    #[test]
    fn m7_an_empty_path_between_sizes_is_refused() {
        let (older, newer, _) = three_to_four();
        let none = [] as [&[u8]; 0];
        let refused = Err(Malformed::PathTooShort { rule: Rule::ConsistencyPathNotEmpty }.into());
        assert_eq!(verify_consistency(&Toy, &older, &newer, none), refused);
        let two = head(2, *older.root.hash());
        assert_eq!(verify_consistency(&Toy, &two, &newer, none), refused);
    }

    #[test]
    fn m8_an_older_size_of_zero_is_refused() {
        let (_, newer, path) = three_to_four();
        let (rule, newer_size) = (Rule::OlderSizeNotZero, newer.size);
        let refused = Malformed::Sizes { rule, older: 0, newer: newer_size };
        assert_eq!(verify_consistency(&Toy, &Head::empty(&Toy), &newer, path), Err(refused.into()));
    }

    #[test]
    fn m9_an_older_size_above_the_newer_is_refused() {
        let (older, newer, path) = three_to_four();
        let refused = Malformed::Sizes { rule: Rule::OlderSizeNotAbove, older: 4, newer: 3 };
        assert_eq!(verify_consistency(&Toy, &newer, &older, path), Err(refused.into()));
    }

    #[test]
    fn m10_equal_sizes_take_no_path_and_equal_roots() {
        let (older, newer, path) = three_to_four();
        let none = [] as [&[u8]; 0];
        assert_eq!(verify_consistency(&Toy, &newer, &newer, none), Ok(()));
        let rule = Rule::EqualSizes;
        assert_eq!(
            verify_consistency(&Toy, &newer, &head(4, *older.root.hash()), none),
            Err(Error::Verification { rule })
        );
        assert_eq!(
            verify_consistency(&Toy, &newer, &newer, path),
            Err(Malformed::PathTooLong { rule }.into())
        );
    }

    #[test]
    fn m11_a_longer_path_is_refused() {
        let (older, newer, [c, d, ab]) = three_to_four();
        let rule = Rule::ConsistencyPathNotLonger;
        assert_eq!(
            verify_consistency(&Toy, &older, &newer, [c, d, ab, ab]),
            Err(Malformed::PathTooLong { rule }.into())
        );
    }

    #[test]
    fn m12_a_shorter_path_is_refused() {
        let (older, newer, [c, d, _]) = three_to_four();
        let rule = Rule::ConsistencyPathNotShorter;
        assert_eq!(
            verify_consistency(&Toy, &older, &newer, [c, d]),
            Err(Malformed::PathTooShort { rule }.into())
        );
    }

    #[test]
    fn m13_another_older_root_is_refused() {
        let (_, newer, path) = three_to_four();
        let rule = Rule::OlderRoot;
        let other = head(3, *newer.root.hash());
        assert_eq!(
            verify_consistency(&Toy, &other, &newer, path),
            Err(Error::Verification { rule })
        );
    }

    #[test]
    fn m14_another_newer_root_is_refused() {
        let (older, newer, path) = three_to_four();
        assert_eq!(verify_consistency(&Toy, &older, &newer, path), Ok(()));
        let rule = Rule::NewerRoot;
        let other = head(4, *older.root.hash());
        assert_eq!(
            verify_consistency(&Toy, &older, &other, path),
            Err(Error::Verification { rule })
        );
    }
}
