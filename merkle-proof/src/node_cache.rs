//! Many proofs of one tree, verified one after the other.

use core::cell::Cell;
use core::fmt;

use crate::TreeHash;

/// How many nodes of a batch are looked up before those that are missing are hashed together.
const AT_ONCE: usize = 16;
const CHILDREN: usize = 2 * AT_ONCE;

/// A tree hash that remembers nodes, so that what many proofs have in common is hashed once.
///
/// Proofs of one tree end with the same nodes: of a thousand receipts of a log, each of the upper
/// ten rows is hashed anew by every one of them. Give this to the verifiers in place of the tree
/// hash. A node is taken from here only where both of its children are the same bytes, so no
/// verdict depends on it, and no input makes it slower than a comparison a node.
///
/// It holds `SLOTS` times three hashes, without heap. Proofs in the order of their leaf indexes
/// need few slots, for example 256. In any other order they gain less, and need a few times as many
/// slots as there are proofs.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// # use merkle_proof::{LeafIndex, MemoryTree, NodeCache, Sha256Tree, TreeHash, TreeSize};
/// # use merkle_proof::verify_inclusion;
/// # let mut log = MemoryTree::new(Sha256Tree);
/// # for entry in 0..9_u8 { log.append(&[&[entry]]); }
/// let tree = NodeCache::<_, 256>::new(Sha256Tree);
/// for entry in 0..9_u8 {
///     let index = LeafIndex(entry.into());
///     let path = log.inclusion_path(index, TreeSize(9))?;
///     verify_inclusion(&tree, &tree.leaf(&[&[entry]]), index, &path, &log.head())?;
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

    fn known(&self, left: &T::Hash, right: &T::Hash) -> Option<T::Hash> {
        let slot = self.slot(left)?;
        let known = slot.get().filter(|known| known.left == *left && known.right == *right)?;
        slot.set(Some(Known { again: true, ..known }));
        Some(known.parent)
    }

    fn remember(&self, left: &T::Hash, right: &T::Hash, parent: T::Hash) {
        let Some(slot) = self.slot(left) else { return };
        slot.set(match slot.get() {
            Some(known) if known.again => Some(Known { again: false, ..known }),
            _ => Some(Known { left: *left, right: *right, parent, again: false }),
        });
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
        if let Some(parent) = self.known(left, right) {
            return parent;
        }
        let parent = self.tree.node(left, right);
        self.remember(left, right, parent);
        parent
    }

    fn leaves(&self, entries: &[&[u8]], hashes: &mut [T::Hash]) {
        self.tree.leaves(entries, hashes);
    }

    fn nodes(&self, children: &[T::Hash], parents: &mut [T::Hash]) {
        let nothing = self.tree.empty();
        for (children, parents) in children.chunks(CHILDREN).zip(parents.chunks_mut(AT_ONCE)) {
            let (mut unknown, mut hashed) = ([[nothing; 2]; AT_ONCE], [nothing; AT_ONCE]);
            let mut missing = [false; AT_ONCE];
            let mut free = unknown.iter_mut();
            let rows = children.chunks_exact(2).zip(parents.iter_mut()).zip(&mut missing);
            for ((pair, parent), missing) in rows {
                let [left, right] = pair else { continue };
                match self.known(left, right) {
                    Some(known) => *parent = known,
                    None => {
                        *missing = true;
                        free.next().into_iter().for_each(|free| *free = [*left, *right]);
                    }
                }
            }
            let count = missing.iter().filter(|missing| **missing).count();
            let hashed = hashed.get_mut(..count).unwrap_or_default();
            self.tree.nodes(unknown.as_flattened(), hashed);
            let parents = parents.iter_mut().zip(missing).filter(|(_, missing)| *missing);
            for (([left, right], hash), (parent, _)) in unknown.iter().zip(hashed).zip(parents) {
                *parent = *hash;
                self.remember(left, right, *hash);
            }
        }
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

    #[test]
    fn of_a_batch_only_unknown_nodes_are_hashed() {
        let cache = NodeCache::<_, 4099>::new(Counted(Cell::new(0)));
        let mut leaves = [[0; 8]; 81];
        let entries: [[u8; 1]; 81] = core::array::from_fn(|entry| [u8::try_from(entry).unwrap()]);
        cache.leaves(&entries.each_ref().map(|entry| &entry[..]), &mut leaves);
        assert_eq!(leaves[80], TreeHash::leaf(&Toy, &[&[80]]));

        for known in [3, 40, 41, 66] {
            cache.node(&leaves[known - known % 2], &leaves[known - known % 2 + 1]);
        }
        assert_eq!(cache.tree.0.get(), 3);
        for (room, hashed) in [(0, 3), (30, 31), (40, 40), (40, 40), (41, 40)] {
            let mut parents = [[0xee; 8]; 41];
            cache.nodes(&leaves, &mut parents[..room]);
            for (place, parent) in parents.iter().enumerate() {
                let pair = leaves.chunks_exact(2).take(room).nth(place);
                let expected = pair.map(|pair| TreeHash::node(&Toy, &pair[0], &pair[1]));
                assert_eq!(*parent, expected.unwrap_or([0xee; 8]), "{place} with room for {room}");
            }
            assert_eq!(cache.tree.0.get(), hashed);
        }
    }
}
