//! The peaks of a range.

use core::fmt;

use super::MmrHash;
use super::place::{full, leaf_count, peaks, size_of};
use crate::root::hash_from;
use crate::{Error, Misuse, Rule};

/// The state of a range: its size and its peaks, at most 64 hashes, without heap.
///
/// Like a [`TreeHead`](crate::TreeHead) it is the caller who vouches for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Accumulator<H> {
    size: u64,
    /// The peak of each height, where there is one.
    pub(super) rows: [Option<H>; 64],
}

/// An accumulator that came out of a proof: nobody vouches for it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a recomputed accumulator proves nothing until it is confirmed"]
pub struct AccumulatorFromProof<H>(pub(super) Accumulator<H>);

impl<H: Copy + Eq> Accumulator<H> {
    /// Makes the range without nodes.
    #[must_use]
    pub const fn empty() -> Self {
        Self { size: 0, rows: [None; 64] }
    }

    pub(super) const fn without_peaks(size: u64) -> Self {
        Self { size, rows: [None; 64] }
    }

    /// Makes the range of `size` nodes from its peaks, highest first. The peaks are not checked.
    ///
    /// # Errors
    ///
    /// [`NotComplete`](crate::Malformed::NotComplete); [`Misuse::NodeCount`] unless there is one
    /// hash for each peak; [`HashLength`](crate::Malformed::HashLength).
    pub fn from_peaks<I>(size: u64, hashes: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
        H: for<'a> TryFrom<&'a [u8]>,
    {
        let mut range = Self::without_peaks(size);
        let expected = usize::try_from(leaf_count(size)?.count_ones()).unwrap_or(usize::MAX);
        let miscounted = Error::from(Misuse::NodeCount { expected });
        let mut hashes = hashes.into_iter();
        for peak in peaks(size)? {
            let hash = hashes.next().ok_or(miscounted)?;
            if let Some(row) = range.row(peak.height) {
                *row = Some(hash_from(hash.as_ref(), Rule::MmrHashLength)?);
            }
        }
        if hashes.next().is_some() { Err(miscounted) } else { Ok(range) }
    }

    /// Returns the number of nodes of the range.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the number of leaves of the range.
    #[must_use]
    pub fn leaves(&self) -> u64 {
        // The size is that of a complete range.
        leaf_count(self.size).unwrap_or(0)
    }

    /// Returns the peaks, highest first.
    pub fn peaks(&self) -> impl Iterator<Item = &H> {
        self.rows.iter().rev().flatten()
    }

    /// The peak of this height.
    pub(super) fn peak(&self, height: u32) -> Option<&H> {
        self.rows.get(usize::try_from(height).ok()?)?.as_ref()
    }

    pub(super) fn row(&mut self, height: u32) -> Option<&mut Option<H>> {
        self.rows.get_mut(usize::try_from(height).ok()?)
    }

    /// Appends a leaf hash and hands every node that this makes to `keep`, with its index, the leaf
    /// first (`add_leaf_hash`). Returns the leaf's node index.
    ///
    /// # Errors
    ///
    /// [`TreeSize`](crate::Limit::TreeSize) at 2^64 nodes; then nothing is appended.
    pub fn append_leaf<M: MmrHash<Hash = H> + ?Sized>(
        &mut self,
        hash: &M,
        leaf: H,
        mut keep: impl FnMut(u64, &H),
    ) -> Result<u64, Error> {
        let grown = self.leaves().checked_add(1).and_then(size_of).ok_or(full())?;
        let (first, mut index, mut node) = (self.size, self.size, leaf);
        keep(index, &node);
        for row in &mut self.rows {
            let Some(left) = row.take() else {
                *row = Some(node);
                break;
            };
            index = index.wrapping_add(1);
            node = hash.node(index.wrapping_add(1), &left, &node);
            keep(index, &node);
        }
        self.size = grown;
        Ok(first)
    }
}

impl<H: Copy + Eq> AccumulatorFromProof<H> {
    /// Compares with an accumulator that is trusted.
    ///
    /// # Errors
    ///
    /// [`Error::Verification`].
    pub fn confirm(self, trusted: &Accumulator<H>) -> Result<Accumulator<H>, Error> {
        if self.0 == *trusted {
            Ok(*trusted)
        } else {
            Err(Error::Verification { rule: Rule::MmrAccumulator })
        }
    }

    /// Returns what a signature has to be over: the peaks, highest first. Do not rely on them
    /// before that signature is verified.
    pub const fn unconfirmed(&self) -> &Accumulator<H> {
        &self.0
    }
}

impl<H: Copy + Eq> Default for Accumulator<H> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<H: fmt::Debug> fmt::Debug for Accumulator<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accumulator").field("size", &self.size).finish_non_exhaustive()
    }
}
