//! A whole range in memory, which proves anything about itself.

use alloc::vec::Vec;

use super::{Accumulator, MmrHash, leaf_count, path_indices, peaks};
use crate::{Error, Misuse, Rule};

/// All nodes of a range, kept in memory in the order of their indexes. Entries are not kept.
#[derive(Clone, Debug)]
pub struct MemoryMmr<M: MmrHash> {
    hash: M,
    nodes: Vec<M::Hash>,
    state: Accumulator<M::Hash>,
}

/// A consistency proof of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof<H> {
    /// For each peak of the older range the path to its peak in the newer one.
    pub paths: Vec<Vec<H>>,
    /// The peaks of the newer range that no path leads to.
    pub right_peaks: Vec<H>,
}

impl<M: MmrHash> MemoryMmr<M> {
    /// Begins a range without nodes.
    pub const fn new(hash: M) -> Self {
        Self { hash, nodes: Vec::new(), state: Accumulator::empty() }
    }

    /// Appends an entry, given in parts. Returns the node index of its leaf.
    ///
    /// # Errors
    ///
    /// [`TreeSize`](crate::Limit::TreeSize).
    pub fn append(&mut self, entry: &[&[u8]]) -> Result<u64, Error> {
        self.append_leaf(self.hash.leaf(entry))
    }

    /// Appends a leaf hash. Returns the node index of the leaf.
    ///
    /// # Errors
    ///
    /// [`TreeSize`](crate::Limit::TreeSize).
    pub fn append_leaf(&mut self, leaf: M::Hash) -> Result<u64, Error> {
        self.state.append_leaf(&self.hash, leaf, |_, node| self.nodes.push(*node))
    }

    /// Returns size and peaks.
    pub const fn accumulator(&self) -> &Accumulator<M::Hash> {
        &self.state
    }

    /// Returns size and peaks that the range had at an earlier size, which counts nodes.
    ///
    /// # Errors
    ///
    /// [`NotComplete`](crate::Malformed::NotComplete); [`Misuse::BeyondTree`].
    pub fn accumulator_at(&self, size: u64) -> Result<Accumulator<M::Hash>, Error> {
        let mut state = Accumulator::without_peaks(size);
        for peak in peaks(size)? {
            let value = self.get(peak.index, size)?;
            if let Some(row) = state.row(peak.height) {
                *row = Some(value);
            }
        }
        Ok(state)
    }

    /// Returns the value of a node.
    #[must_use]
    pub fn node(&self, index: u64) -> Option<&M::Hash> {
        self.nodes.get(usize::try_from(index).ok()?)
    }

    /// Returns the path from a node to its peak in the range of `size` nodes.
    ///
    /// # Errors
    ///
    /// [`NotInRange`](crate::Malformed::NotInRange);
    /// [`NotComplete`](crate::Malformed::NotComplete); [`Misuse::BeyondTree`].
    pub fn inclusion_path(&self, index: u64, size: u64) -> Result<Vec<M::Hash>, Error> {
        path_indices(index, size)?.map(|node| self.get(node, size)).collect()
    }

    /// Returns the proof that the range of `newer` nodes begins with that of `older` nodes
    /// (`consistency_proof_paths`).
    ///
    /// # Errors
    ///
    /// [`Sizes`](crate::Malformed::Sizes) unless it grew;
    /// [`NotComplete`](crate::Malformed::NotComplete); [`Misuse::BeyondTree`].
    pub fn consistency_proof(
        &self,
        older: u64,
        newer: u64,
    ) -> Result<ConsistencyProof<M::Hash>, Error> {
        if older >= newer {
            let rule = Rule::MmrOlderSizeBelow;
            return Err(crate::Malformed::Sizes { rule, older, newer }.into());
        }
        let paths = peaks(older)?.map(|peak| self.inclusion_path(peak.index, newer));
        let paths = paths.collect::<Result<_, _>>()?;
        // Peaks of the older range stay or are under the first newer one; those after it are new.
        let (before, after) = (leaf_count(older)?, leaf_count(newer)?);
        let split = (before ^ after).checked_ilog2().unwrap_or(0);
        let reached = before.trailing_zeros() < split;
        let is_new = |height: u32| height < split || (height == split && !reached);
        let right_peaks = peaks(newer)?
            .filter(|peak| is_new(peak.height))
            .map(|peak| self.get(peak.index, newer))
            .collect::<Result<_, _>>()?;
        Ok(ConsistencyProof { paths, right_peaks })
    }

    fn get(&self, index: u64, size: u64) -> Result<M::Hash, Error> {
        let leaves = self.state.leaves();
        self.node(index).copied().ok_or(Misuse::BeyondTree { size, leaves }.into())
    }
}
