//! Many proofs of one tree, verified one after the other.

use core::cell::Cell;
use core::fmt;

use crate::TreeHash;

/// A tree hash that remembers nodes, so that what many proofs have in common is hashed once.
///
/// Proofs of one tree end with the same nodes: of a thousand receipts of a log, each of the upper ten rows is hashed
/// anew by every one of them. Give this to the verifiers in place of the tree hash. A node is taken from here only where
/// both of its children are the same bytes, so no verdict depends on it, and no input makes it slower than a comparison
/// a node.
///
/// It holds `SLOTS` times three hashes, without heap. Proofs in the order of their leaf indexes need few slots, 256 for
/// instance; in any other order they gain less, and with a few times as many slots as there are proofs.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// # use merkle_proof::{MemoryTree, NodeCache, Sha256Tree, TreeHash, verify_inclusion};
/// # let mut log = MemoryTree::new(Sha256Tree);
/// # for entry in 0..9_u8 { log.append(&[&[entry]]); }
/// let tree = NodeCache::<_, 256>::new(Sha256Tree);
/// for index in 0..9_u8 {
///     let path = log.inclusion_path(index.into(), 9)?;
///     verify_inclusion(&tree, &tree.leaf(&[&[index]]), index.into(), &path, &log.head())?;
/// }
/// # }
/// # Ok::<(), merkle_proof::Error>(())
/// ```
pub struct NodeCache<T: TreeHash, const SLOTS: usize> {
    tree: T,
    slots: [Cell<Option<Known<T::Hash>>>; SLOTS],
}

#[derive(Clone, Copy)]
struct Known<H> {
    left: H,
    right: H,
    parent: H,
    /// It was asked for again, so it stays once when another node wants its place.
    again: bool,
}

impl<T: TreeHash, const SLOTS: usize> NodeCache<T, SLOTS> {
    /// Remembers nothing yet.
    pub const fn new(tree: T) -> Self {
        Self { tree, slots: [const { Cell::new(None) }; SLOTS] }
    }

    fn slot(&self, left: &T::Hash) -> Option<&Cell<Option<Known<T::Hash>>>> {
        let start = left.as_ref().first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        self.slots.get(usize::try_from(start).unwrap_or(0).checked_rem(SLOTS)?)
    }
}

impl<T: TreeHash, const SLOTS: usize> TreeHash for NodeCache<T, SLOTS> {
    type Kind = T::Kind;
    type Hash = T::Hash;

    fn empty(&self) -> T::Hash {
        self.tree.empty()
    }

    fn leaf(&self, entry: &[&[u8]]) -> T::Hash {
        self.tree.leaf(entry)
    }

    fn node(&self, left: &T::Hash, right: &T::Hash) -> T::Hash {
        let Some(slot) = self.slot(left) else {
            return self.tree.node(left, right);
        };
        let known = slot.get();
        if let Some(known) = known.filter(|known| known.left == *left && known.right == *right) {
            slot.set(Some(Known { again: true, ..known }));
            return known.parent;
        }
        let parent = self.tree.node(left, right);
        slot.set(match known {
            Some(known) if known.again => Some(Known { again: false, ..known }),
            _ => Some(Known { left: *left, right: *right, parent, again: false }),
        });
        parent
    }
}

impl<T: TreeHash + fmt::Debug, const SLOTS: usize> fmt::Debug for NodeCache<T, SLOTS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeCache").field("tree", &self.tree).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::Toy;

    struct Counted(Cell<u32>);

    impl TreeHash for Counted {
        type Kind = crate::Rfc9162Tree;
        type Hash = [u8; 8];

        fn empty(&self) -> [u8; 8] {
            Toy.empty()
        }

        fn leaf(&self, entry: &[&[u8]]) -> [u8; 8] {
            TreeHash::leaf(&Toy, entry)
        }

        fn node(&self, left: &[u8; 8], right: &[u8; 8]) -> [u8; 8] {
            self.0.set(self.0.get() + 1);
            TreeHash::node(&Toy, left, right)
        }
    }

    #[test]
    fn a_node_is_hashed_again_only_for_other_children() {
        let cache = NodeCache::<_, 1>::new(Counted(Cell::new(0)));
        let [a, b, c] = [b"a", b"b", b"c"].map(|entry| cache.leaf(&[entry]));
        for (left, right, hashed) in
            [(a, b, 1), (a, b, 1), (a, c, 2), (a, b, 2), (b, a, 3), (b, a, 4), (b, a, 4)]
        {
            assert_eq!(cache.node(&left, &right), TreeHash::node(&Toy, &left, &right));
            assert_eq!(cache.tree.0.get(), hashed);
        }
        let none = NodeCache::<_, 0>::new(Toy);
        assert_eq!(TreeHash::node(&none, &a, &b), TreeHash::node(&Toy, &a, &b));
    }
}
