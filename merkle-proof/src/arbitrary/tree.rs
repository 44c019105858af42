//! Trees and ranges over hashes that the fuzzer chooses.

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::arbitrary::few;

use super::number::size;
use crate::{
    CompactRange, MemoryTree, Subtree, TreeHash,
    mmr::{Accumulator, MemoryMmr, MmrHash, peaks, size_of},
};

/// The most leaves of a tree that holds all of them.
const LEAVES: usize = 40;

pub(super) type Hash = [u8; 32];

/// Returns so many hashes.
pub(super) fn hashes(u: &mut Unstructured<'_>, count: usize) -> Result<Vec<Hash>> {
    (0..count).map(|_| u.arbitrary()).collect()
}

/// Of any subtree, also one that no computer could hold the leaves of.
impl<'a, T: TreeHash<Hash = Hash> + Default> Arbitrary<'a> for CompactRange<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let leaves = Subtree::arbitrary(u)?;
        let hashes = hashes(u, leaves.nodes().len())?;
        Self::from_hashes(T::default(), leaves, hashes).map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(2067))
    }
}

impl<'a, T: TreeHash<Hash = Hash> + Default> Arbitrary<'a> for MemoryTree<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut tree = Self::new(T::default());
        for _ in 0..few(u, LEAVES)? {
            tree.append_leaf(u.arbitrary()?);
        }
        Ok(tree)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1281))
    }
}

/// Returns the number of nodes of some complete range.
pub(super) fn complete(u: &mut Unstructured<'_>) -> Result<u64> {
    // Half of all numbers of leaves have more nodes than there are numbers for.
    Ok(size_of(size(u)? >> 1).unwrap_or_default())
}

impl<'a> Arbitrary<'a> for Accumulator<Hash> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let size = complete(u)?;
        let count = peaks(size).map_err(|_| Error::IncorrectFormat)?.count();
        let hashes = hashes(u, count)?;
        Self::from_peaks(size, hashes).map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(2057))
    }
}

impl<'a, M: MmrHash<Hash = Hash> + Default> Arbitrary<'a> for MemoryMmr<M> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut range = Self::new(M::default());
        for _ in 0..few(u, LEAVES)? {
            range.append_leaf(u.arbitrary()?).map_err(|_| Error::IncorrectFormat)?;
        }
        Ok(range)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1281))
    }
}
