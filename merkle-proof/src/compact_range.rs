//! The few hashes that stand for many leaves.

use core::fmt;

use crate::root::hash_from;
use crate::{Error, Limit, Misuse, Node, Rule, Subtree, TreeHash, TreeHead, TrustedRoot};

/// How many leaves are taken at once where there are that many: a tile's, whose rows stay in the
/// nearest cache.
const BATCH: usize = 256;

/// One row for each bit of a size.
const ROWS: u32 = u64::BITS;

// State: the range of leaves, and one hash for each bit that is set in their number. Row `l` holds
// the root of 2^l leaves.
//
// Invariant: row `l` is meaningful exactly where bit `l` of the number of leaves is set
// (`has_row`). From the highest row to the lowest these nodes cover the leaves from left to right
// without gap. The range is a subtree, so each of its nodes is a node of the whole tree.
//
// Cost: appending a leaf hashes as many nodes as the number of leaves has ones at its end, one on
// average; the root hashes one node for each row that is held. Memory is 64 hashes, without heap.
/// The state of a growing tree: the hashes of the nodes that its root is made of, at most 64.
///
/// It is all a log needs to append and to know its root, and it needs no heap. A range that starts
/// at another leaf than the first is computed apart and [merged](Self::merge), so that many leaves
/// can be hashed in parallel.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use merkle_proof::{CompactRange, Sha256Tree};
///
/// let mut range = CompactRange::new(Sha256Tree);
/// range.append(&[b"first"])?;
/// // All that has to be kept: which leaves, and the hashes of at most 64 nodes.
/// let stored: Vec<_> = range.hashes().copied().collect();
/// let mut restored = CompactRange::from_hashes(Sha256Tree, range.leaves(), &stored)?;
/// range.append(&[b"second"])?;
/// restored.append(&[b"second"])?;
/// assert_eq!(range.root(), restored.root());
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CompactRange<T: TreeHash> {
    tree: T,
    leaves: Subtree,
    /// Row `l` holds a node where bit `l` of the number of leaves is set. The other rows hold
    /// something of no meaning.
    rows: [T::Hash; 64],
}

impl<T: TreeHash> CompactRange<T> {
    /// Begins a range without leaves, which starts at leaf 0.
    #[must_use]
    pub fn new(tree: T) -> Self {
        Self::starting_at(tree, 0)
    }

    /// Begins a range without leaves, which starts at leaf `start`.
    #[must_use]
    pub fn starting_at(tree: T, start: u64) -> Self {
        let rows = [tree.empty(); 64];
        Self { tree, leaves: Subtree::empty_at(start), rows }
    }

    /// Makes the range over `leaves` from the hashes of its nodes, left to right, as
    /// [`hashes`](Self::hashes) returns them.
    ///
    /// The hashes are not checked. Keep them where nobody else can write, or compare the
    /// [`root`](Self::root) with one that you trust.
    ///
    /// # Errors
    ///
    /// [`Misuse::NodeCount`] unless there is one hash for each node;
    /// [`HashLength`](crate::Malformed::HashLength).
    pub fn from_hashes<I>(tree: T, leaves: Subtree, hashes: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        let mut range = Self::starting_at(tree, leaves.start());
        range.leaves = leaves;
        let mut hashes = hashes.into_iter();
        let miscounted = Misuse::NodeCount { expected: leaves.nodes().len() };
        // From the highest row down, which is from left to right.
        for (slot, row) in range.rows.iter_mut().zip(0..ROWS).rev() {
            if has_row(leaves, row) {
                let hash = hashes.next().ok_or(miscounted)?;
                *slot = hash_from(hash.as_ref(), Rule::HashLength)?;
            }
        }
        match hashes.next() {
            None => Ok(range),
            Some(_) => Err(miscounted.into()),
        }
    }

    /// Returns the hashes of its nodes, left to right. Together with [`leaves`](Self::leaves) they
    /// are all that has to be stored.
    pub fn hashes(&self) -> impl Iterator<Item = &T::Hash> {
        self.held().rev()
    }

    /// Returns the leaves that the range stands for.
    #[must_use]
    pub const fn leaves(&self) -> Subtree {
        self.leaves
    }

    /// Returns how leaves and nodes are hashed.
    pub const fn tree(&self) -> &T {
        &self.tree
    }

    /// Appends an entry, given in parts. Returns its leaf index.
    ///
    /// # Errors
    ///
    /// Those of [`append_leaf`](Self::append_leaf).
    pub fn append(&mut self, entry: &[&[u8]]) -> Result<u64, Error> {
        self.append_leaf(self.tree.leaf(entry))
    }

    /// Appends a leaf hash. Returns its leaf index.
    ///
    /// # Errors
    ///
    /// [`Limit::TreeSize`] at 2^64 leaves; [`Misuse::RangeNotASubtree`] where a range that starts
    /// elsewhere than at 0 is full.
    pub fn append_leaf(&mut self, leaf: T::Hash) -> Result<u64, Error> {
        self.append_leaf_and(leaf, |_, _| ())
    }

    /// Appends a leaf hash and hands every node this completes to `keep`, the leaf first.
    ///
    /// # Errors
    ///
    /// Those of [`append_leaf`](Self::append_leaf); then nothing is appended and nothing handed
    /// out.
    pub fn append_leaf_and(
        &mut self,
        leaf: T::Hash,
        keep: impl FnMut(Node, &T::Hash),
    ) -> Result<u64, Error> {
        // Refused before anything changes: afterwards nothing can fail.
        let index = self.leaves.end();
        let end = index.checked_add(1).ok_or(Error::Limit(Limit::TreeSize))?;
        let grown = self.grown_to(end)?;
        self.carry(0, leaf, keep);
        self.leaves = grown;
        Ok(index)
    }

    /// Appends many entries, one slice an entry. Returns the leaf index of the first.
    ///
    /// Hashes level by level within 256 leaves, so that a [`TreeHash`] with batches of its own can
    /// use them.
    ///
    /// # Errors
    ///
    /// Those of [`append_leaf`](Self::append_leaf); then nothing is appended.
    pub fn append_all(&mut self, entries: &[&[u8]]) -> Result<u64, Error> {
        let first = self.leaves.end();
        self.grown_by(entries.len())?;
        let mut leaves = [self.tree.empty(); BATCH];
        let mut entries = entries;
        while !entries.is_empty() {
            // To the end of a tile, so that whole ones follow.
            let next = self.leaves.end().to_le_bytes();
            let room = BATCH.saturating_sub(next.first().copied().unwrap_or(0).into());
            let Some((batch, rest)) = entries.split_at_checked(room.min(entries.len())) else {
                break;
            };
            self.tree.leaves(batch, &mut leaves);
            let leaves = leaves.get(..batch.len()).unwrap_or_default();
            self.append_leaves_and(leaves, |_, _| ())?;
            entries = rest;
        }
        Ok(first)
    }

    /// Appends many leaf hashes. Returns the leaf index of the first.
    ///
    /// # Errors
    ///
    /// Those of [`append_leaf`](Self::append_leaf); then nothing is appended.
    pub fn append_leaves(&mut self, leaves: &[T::Hash]) -> Result<u64, Error> {
        self.append_leaves_and(leaves, |_, _| ())
    }

    /// Appends many leaf hashes and hands every node this completes to `keep`, children before
    /// their parents. Returns the leaf index of the first.
    ///
    /// # Errors
    ///
    /// Those of [`append_leaf`](Self::append_leaf); then nothing is appended.
    pub fn append_leaves_and(
        &mut self,
        mut leaves: &[T::Hash],
        mut keep: impl FnMut(Node, &T::Hash),
    ) -> Result<u64, Error> {
        let first = self.leaves.end();
        self.grown_by(leaves.len())?;
        while !leaves.is_empty() {
            let start = self.leaves.end();
            // The largest complete node that begins here, within the batch.
            let room = leaves.len().min(BATCH).checked_ilog2().unwrap_or(0);
            let row = start.trailing_zeros().min(room);
            let size = 1_usize.checked_shl(row).unwrap_or(1);
            let Some((batch, rest)) = leaves.split_at_checked(size) else { break };
            // A batch that is a complete node is hashed row by row, then carried up as one.
            let node = self.reduce(start, batch, &mut keep);
            let grown = self.grown_by(size)?;
            if let Some(node) = node {
                self.carry(row, node, &mut keep);
            }
            (self.leaves, leaves) = (grown, rest);
        }
        Ok(first)
    }

    /// The node over a batch whose length is a power of two. Hands out all nodes below it.
    fn reduce(
        &self,
        start: u64,
        batch: &[T::Hash],
        keep: &mut impl FnMut(Node, &T::Hash),
    ) -> Option<T::Hash> {
        if let [leaf] = batch {
            return Some(*leaf);
        }
        let hand_out = |level: u32, row: &[T::Hash], keep: &mut dyn FnMut(Node, &T::Hash)| {
            let first = start.checked_shr(level).unwrap_or(0);
            for (hash, place) in row.iter().zip(0_u64..) {
                keep(Node { level, index: first.wrapping_add(place) }, hash);
            }
        };
        hand_out(0, batch, keep);
        let mut parents = [*batch.first()?; BATCH / 2];
        let mut width = batch.len().checked_div(2)?;
        self.tree.nodes(batch, parents.get_mut(..width)?);
        let mut level: u32 = 1;
        while width > 1 {
            hand_out(level, parents.get(..width)?, keep);
            let half = width.checked_div(2)?;
            let mut above = [*batch.first()?; BATCH / 4];
            self.tree.nodes(parents.get(..width)?, above.get_mut(..half)?);
            parents.get_mut(..half)?.copy_from_slice(above.get(..half)?);
            (width, level) = (half, level.saturating_add(1));
        }
        parents.first().copied()
    }

    /// Appends a complete node of row `row`, which the range's end is aligned to.
    pub(crate) fn append_node(&mut self, row: u32, hash: T::Hash) -> Result<(), Error> {
        let size = 1_u64.checked_shl(row).unwrap_or(u64::MAX);
        let end = self.leaves.end().checked_add(size).ok_or(Error::Limit(Limit::TreeSize))?;
        let grown = self.grown_to(end)?;
        self.carry(row, hash, |_, _| ());
        self.leaves = grown;
        Ok(())
    }

    /// The root where a subtree that is not a complete node follows at the end.
    pub(crate) fn root_with(&self, border: Option<T::Hash>) -> T::Hash {
        match border {
            None => self.root(),
            Some(border) => self.held().fold(border, |right, left| self.tree.node(left, &right)),
        }
    }

    /// Appends the leaves of a range that starts where this one ends.
    ///
    /// # Errors
    ///
    /// [`Misuse::NotAdjacent`]; [`Misuse::RangeNotASubtree`] where both together are not a subtree.
    pub fn merge(&mut self, right: &Self) -> Result<(), Error> {
        let (end, start) = (self.leaves.end(), right.leaves.start());
        if end != start {
            return Err(Misuse::NotAdjacent { end, start }.into());
        }
        // Checked first, so that a range is never left half merged.
        let union = self.grown_to(right.leaves.end())?;
        for (node, row) in right.rows.iter().zip(0..ROWS).rev() {
            if has_row(right.leaves, row) {
                self.carry(row, *node, |_, _| ());
                // Below the union's end, so it is a subtree too.
                let size = 1_u64.checked_shl(row).unwrap_or(0);
                self.leaves = self.grown_to(self.leaves.end().saturating_add(size))?;
            }
        }
        self.leaves = union;
        Ok(())
    }

    /// Returns the hash over the range as a tree of its own. From leaf 0 on, this is the root of
    /// the tree.
    #[must_use]
    pub fn root(&self) -> T::Hash {
        let mut held = self.held();
        let Some(lowest) = held.next() else {
            return self.tree.empty();
        };
        held.fold(*lowest, |right, left| self.tree.node(left, &right))
    }

    /// Returns size and root of the tree, or `None` where the range does not start at leaf 0.
    pub fn head(&self) -> Option<TreeHead<T::Kind, T::Hash>> {
        let root = || TrustedRoot::vouched_for(self.root());
        (self.leaves.start() == 0).then(|| TreeHead::new(self.leaves.end(), root()))
    }

    /// The nodes held, from the lowest row on, which is from right to left.
    fn held(&self) -> impl DoubleEndedIterator<Item = &T::Hash> {
        let leaves = self.leaves;
        let rows = self.rows.iter().zip(0..ROWS);
        rows.filter(move |(_, row)| has_row(leaves, *row)).map(|(node, _)| node)
    }

    /// Adds a node of row `from` at the end, below which no row holds one.
    fn carry(&mut self, from: u32, mut hash: T::Hash, mut keep: impl FnMut(Node, &T::Hash)) {
        for (slot, level) in self.rows.iter_mut().zip(0..ROWS) {
            if level < from {
                continue;
            }
            let index = self.leaves.end().checked_shr(level).unwrap_or(0);
            keep(Node { level, index }, &hash);
            // As in binary addition: a free row takes the node, and a row that is held turns into
            // the one above.
            if !has_row(self.leaves, level) {
                *slot = hash;
                return;
            }
            hash = self.tree.node(slot, &hash);
        }
    }

    fn grown_by(&self, leaves: usize) -> Result<Subtree, Error> {
        let leaves = u64::try_from(leaves).ok();
        let end = leaves.and_then(|leaves| self.leaves.end().checked_add(leaves));
        self.grown_to(end.ok_or(Error::Limit(Limit::TreeSize))?)
    }

    fn grown_to(&self, end: u64) -> Result<Subtree, Error> {
        let start = self.leaves.start();
        Subtree::new(start, end).map_err(|_| Misuse::RangeNotASubtree { start, end }.into())
    }
}

const fn has_row(leaves: Subtree, row: u32) -> bool {
    match leaves.size().checked_shr(row) {
        Some(bits) => bits & 1 == 1,
        None => false,
    }
}

impl<T: TreeHash> fmt::Debug for CompactRange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompactRange").field("leaves", &self.leaves).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::toy::Toy;

    fn range(start: u64, end: u64) -> CompactRange<Toy> {
        let mut range = CompactRange::starting_at(Toy, start);
        for leaf in start..end {
            assert_eq!(range.append(&[&leaf.to_be_bytes()]), Ok(leaf));
        }
        range
    }

    #[test]
    fn m1_every_cut_merges_to_the_same_root() {
        for end in 0..40 {
            let whole = range(0, end);
            assert_eq!(whole.hashes().count(), whole.leaves().nodes().len());
            for cut in 0..=end {
                let (mut left, right) = (range(0, cut), CompactRange::starting_at(Toy, cut));
                if Subtree::new(cut, end).is_ok() {
                    left.merge(&range(cut, end)).unwrap();
                    assert_eq!(left.root(), whole.root(), "{cut} of {end}");
                    assert_eq!(left.head(), whole.head());
                } else {
                    assert_eq!(left.merge(&right), Ok(()), "nothing is always adjacent");
                    assert_eq!(left.root(), range(0, cut).root());
                }
            }
        }
    }

    #[test]
    fn a_range_is_restored_from_its_hashes() {
        for end in [0, 1, 13, 16] {
            let whole = range(0, end);
            let stored: Vec<_> = whole.hashes().collect();
            let mut restored = CompactRange::from_hashes(Toy, whole.leaves(), &stored).unwrap();
            assert_eq!(restored.root(), whole.root());
            assert_eq!(restored.append(&[b"next"]), Ok(end));

            let expected = stored.len();
            let refused = Some(Misuse::NodeCount { expected }.into());
            let longer = stored.iter().copied().chain([&[0; 8]]);
            assert_eq!(CompactRange::from_hashes(Toy, whole.leaves(), longer).err(), refused);
            if let Some((_, shorter)) = stored.split_first() {
                assert_eq!(CompactRange::from_hashes(Toy, whole.leaves(), shorter).err(), refused);
            }
        }
    }

    #[test]
    fn completed_nodes_are_handed_out() {
        let mut tree = range(0, 7);
        let mut kept = Vec::new();
        tree.append_leaf_and([9; 8], |node, hash| kept.push((node.level, node.index, *hash)))
            .unwrap();
        let places: Vec<_> = kept.iter().map(|(level, index, _)| (*level, *index)).collect();
        assert_eq!(places, [(0, 7), (1, 3), (2, 1), (3, 0)]);
        assert_eq!(kept[3].2, tree.root());
    }

    #[test]
    fn many_at_once_are_many_one_by_one() {
        let leaves: Vec<[u8; 8]> =
            (0..1100_u64).map(|leaf| Toy.leaf(&[&leaf.to_be_bytes()])).collect();
        for (first, then) in [(0, 1100), (1, 700), (255, 2), (256, 256), (300, 0), (768, 300)] {
            let (mut batched, mut single) = (range(0, first), range(0, first));
            let count = usize::try_from(then).unwrap();
            let start = usize::try_from(first).unwrap();
            let added = &leaves[start..start + count];
            let (mut nodes, mut expected) = (Vec::new(), Vec::new());
            let index = batched.append_leaves_and(added, |node, hash| nodes.push((node, *hash)));
            assert_eq!(index, Ok(first));
            for leaf in added {
                single.append_leaf_and(*leaf, |node, hash| expected.push((node, *hash))).unwrap();
            }
            assert_eq!(batched.leaves(), single.leaves());
            assert!(batched.hashes().eq(single.hashes()), "{then} after {first}");
            let place = |(node, _): &(Node, [u8; 8])| (node.level, node.index);
            nodes.sort_by_key(place);
            expected.sort_by_key(place);
            assert_eq!(nodes, expected);
            let entries: Vec<[u8; 8]> = (first..first + then).map(u64::to_be_bytes).collect();
            let entries: Vec<&[u8]> = entries.iter().map(|entry| &entry[..]).collect();
            let mut of_entries = range(0, first);
            assert_eq!(of_entries.append_all(&entries), Ok(first));
            assert_eq!(of_entries.head(), single.head());
        }
        let full = Subtree::prefix(u64::MAX - 1);
        let mut full = CompactRange::from_hashes(Toy, full, [[0; 8]; 63]).unwrap();
        assert_eq!(full.append_leaves(&leaves[..2]), Err(Error::Limit(Limit::TreeSize)));
        assert_eq!(full.append_all(&[b"a", b"b"]), Err(Error::Limit(Limit::TreeSize)));
        assert_eq!(full.leaves(), Subtree::prefix(u64::MAX - 1));
        let mut middle = range(4, 7);
        let refused = Misuse::RangeNotASubtree { start: 4, end: 9 };
        assert_eq!(middle.append_leaves(&leaves[..2]), Err(refused.into()));
        assert_eq!(middle.append_leaves(&leaves[..1]), Ok(7));
    }

    #[test]
    fn a_range_ends_where_it_is_no_subtree() {
        let mut middle = range(4, 8);
        let refused = Misuse::RangeNotASubtree { start: 4, end: 9 };
        assert_eq!(middle.append_leaf([0; 8]), Err(refused.into()));
        assert_eq!(middle.merge(&range(8, 9)), Err(refused.into()));
        assert_eq!(
            middle.merge(&range(9, 9)),
            Err(Misuse::NotAdjacent { end: 8, start: 9 }.into())
        );
        assert_eq!(middle.head(), None);
        let full = Subtree::prefix(u64::MAX);
        let mut full = CompactRange::from_hashes(Toy, full, [[0; 8]; 64]).unwrap();
        assert_eq!(full.append_leaf([0; 8]), Err(Error::Limit(Limit::TreeSize)));
    }
}
