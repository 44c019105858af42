//! Consistency proofs of a range, verified.

use super::place::{Peaks, leaf_count, peaks};
use super::{Accumulator, AccumulatorFromProof, InclusionFold, MmrHash};
use crate::root::hash_from;
use crate::{Error, Malformed, Rule};

/// A consistency proof while it is being followed (`consistent_roots`): a path for each peak of the
/// older range, then the peaks of the newer one that no path leads to. The proof has exactly the
/// shape that the two sizes give it.
#[derive(Clone, Debug)]
pub struct ConsistencyFold<'m, M: MmrHash + ?Sized> {
    hash: &'m M,
    older: &'m Accumulator<M::Hash>,
    /// The peaks that are still without a path.
    to_come: Peaks,
    current: Option<Path<'m, M>>,
    /// Peaks of the older range from this height on are peaks of the newer one; lower ones are
    /// under its peak of this height.
    split: u32,
    newer: Accumulator<M::Hash>,
    newer_leaves: u64,
}

#[derive(Clone, Debug)]
struct Path<'m, M: MmrHash + ?Sized> {
    fold: InclusionFold<'m, M>,
    elements_left: u32,
    target: u32,
}

impl<'m, M: MmrHash + ?Sized> ConsistencyFold<'m, M> {
    /// Begins at the older range, which the verifier holds already; `newer_size` counts nodes. It
    /// may begin at the empty range, which proves nothing.
    ///
    /// # Errors
    ///
    /// [`Malformed::NotComplete`]; [`Malformed::Sizes`] unless the range grows.
    pub fn new(
        hash: &'m M,
        older: &'m Accumulator<M::Hash>,
        newer_size: u64,
    ) -> Result<Self, Error> {
        let newer_leaves = leaf_count(newer_size)?;
        if newer_size <= older.size() {
            let (rule, older, newer) = (Rule::MmrOlderSizeBelow, older.size(), newer_size);
            return Err(Malformed::Sizes { rule, older, newer }.into());
        }
        let split = (older.leaves() ^ newer_leaves).checked_ilog2().unwrap_or(0);
        let newer = Accumulator::without_peaks(newer_size);
        let to_come = peaks(older.size())?;
        Ok(Self { hash, older, to_come, current: None, split, newer, newer_leaves })
    }

    /// Begins the path of the next peak of the older range.
    ///
    /// # Errors
    ///
    /// Where the path before it is too short or leads elsewhere than the paths beside it, or the
    /// older range has no more peaks.
    pub fn begin_path(&mut self) -> Result<(), Error> {
        self.end_path()?;
        let rule = Rule::MmrPaths;
        let peak = self.to_come.next().ok_or(Malformed::PathTooLong { rule })?;
        let value = self.older.peak(peak.height).ok_or(Malformed::PathTooLong { rule })?;
        // A peak above the split is one of the newer range too: its path is empty.
        let target = peak.height.max(self.split);
        self.current = Some(Path {
            fold: InclusionFold::new(self.hash, value, peak.index),
            elements_left: target.saturating_sub(peak.height),
            target,
        });
        Ok(())
    }

    /// Hashes the next element of the path in.
    ///
    /// # Errors
    ///
    /// Where the path is longer than the sizes give it, or the element is not a hash.
    pub fn push(&mut self, element: &[u8]) -> Result<(), Error> {
        let too_long = Malformed::PathTooLong { rule: Rule::MmrPaths };
        let path = self.current.as_mut().ok_or(too_long)?;
        path.elements_left = path.elements_left.checked_sub(1).ok_or(too_long)?;
        path.fold.push(element)
    }

    /// Adds the next peak of the newer range that no path leads to.
    ///
    /// # Errors
    ///
    /// Where paths are missing or unsound, there is no such peak, or it is not a hash.
    pub fn right_peak(&mut self, peak: &[u8]) -> Result<(), Error> {
        self.end_paths()?;
        let hash = hash_from(peak, Rule::MmrHashLength)?;
        let height = self.next_right_peak();
        let height = height.ok_or(Malformed::PathTooLong { rule: Rule::MmrRightPeaks })?;
        if let Some(row) = self.newer.row(height) {
            *row = Some(hash);
        }
        Ok(())
    }

    /// Returns the newer range.
    ///
    /// # Errors
    ///
    /// Where paths or peaks are missing, or paths that meet do not lead to one value.
    pub fn finish(mut self) -> Result<AccumulatorFromProof<M::Hash>, Error> {
        self.end_paths()?;
        match self.next_right_peak() {
            None => Ok(AccumulatorFromProof(self.newer)),
            Some(_) => Err(Malformed::PathTooShort { rule: Rule::MmrRightPeaks }.into()),
        }
    }

    fn end_path(&mut self) -> Result<(), Error> {
        let Some(path) = self.current.take() else { return Ok(()) };
        if path.elements_left != 0 {
            return Err(Malformed::PathTooShort { rule: Rule::MmrPaths }.into());
        }
        let value = *path.fold.value();
        match self.newer.row(path.target) {
            Some(Some(other)) if *other != value => {
                Err(Error::Verification { rule: Rule::MmrPathsAgree })
            }
            Some(row) => {
                *row = Some(value);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn end_paths(&mut self) -> Result<(), Error> {
        self.end_path()?;
        match self.to_come.next() {
            None => Ok(()),
            Some(_) => Err(Malformed::PathTooShort { rule: Rule::MmrPaths }.into()),
        }
    }

    /// The highest peak of the newer range that has no value yet.
    fn next_right_peak(&self) -> Option<u32> {
        let has_peak =
            |height: u32| self.newer_leaves.checked_shr(height).is_some_and(|bits| bits & 1 == 1);
        (0..u64::BITS).rev().find(|height| has_peak(*height) && self.newer.peak(*height).is_none())
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::toy::Toy;

    fn range(leaves: u8) -> Accumulator<[u8; 8]> {
        let mut range = Accumulator::empty();
        (0..leaves).for_each(|leaf| {
            range.append_leaf(&Toy, MmrHash::leaf(&Toy, &[&[leaf]]), |_, _| ()).unwrap();
        });
        range
    }

    type Paths<'p> = &'p [&'p [[u8; 8]]];

    fn follow(
        older: &Accumulator<[u8; 8]>,
        size: u64,
        paths: Paths<'_>,
        right_peaks: &[[u8; 8]],
    ) -> Result<AccumulatorFromProof<[u8; 8]>, Error> {
        let mut fold = ConsistencyFold::new(&Toy, older, size)?;
        for path in paths {
            fold.begin_path()?;
            path.iter().try_for_each(|element| fold.push(element))?;
        }
        right_peaks.iter().try_for_each(|peak| fold.right_peak(peak))?;
        fold.finish()
    }

    /// From 3 leaves (nodes 2 and 3) to 4 (node 6).
    fn three_to_four() -> ([u8; 8], [u8; 8], [u8; 8]) {
        let leaf = |leaf: u8| MmrHash::leaf(&Toy, &[&[leaf]]);
        let right = MmrHash::node(&Toy, 6, &leaf(2), &leaf(3));
        (*range(3).peaks().next().unwrap(), leaf(3), right)
    }

    #[test]
    fn m67_one_path_for_each_peak_of_exactly_its_length() {
        let (left, sibling, right) = three_to_four();
        let follow = |paths: Paths<'_>| follow(&range(3), 7, paths, &[]);
        let proved = follow(&[&[right], &[sibling, left]]).unwrap();
        assert_eq!(proved.confirm(&range(4)), Ok(range(4)));
        let rule = Rule::MmrPaths;
        let short = Some(Error::from(Malformed::PathTooShort { rule }));
        assert_eq!(follow(&[&[right], &[sibling]]).err(), short);
        assert_eq!(follow(&[&[right]]).err(), short);
        assert_eq!(follow(&[]).err(), short);
        let long = Some(Error::from(Malformed::PathTooLong { rule }));
        assert_eq!(follow(&[&[right, right], &[sibling, left]]).err(), long);
        assert_eq!(follow(&[&[right], &[sibling, left], &[]]).err(), long);
        // A peak that stays one has an empty path.
        assert_eq!(self::follow(&range(2), 4, &[&[left]], &[left]).err(), long);
    }

    #[test]
    fn m68_paths_that_meet_agree() {
        let (left, sibling, right) = three_to_four();
        for paths in [[&[sibling][..], &[sibling, left]], [&[right], &[right, left]]] {
            assert_eq!(
                follow(&range(3), 7, &paths, &[]).err(),
                Some(Error::Verification { rule: Rule::MmrPathsAgree })
            );
        }
    }

    #[test]
    fn m69_the_right_peaks_are_those_that_no_path_leads_to() {
        let newer: Vec<_> = range(3).peaks().copied().collect();
        let rule = Rule::MmrRightPeaks;
        assert!(follow(&range(2), 4, &[&[]], &newer[1..]).is_ok());
        assert!(follow(&Accumulator::empty(), 4, &[], &newer).is_ok());
        let short = Malformed::PathTooShort { rule };
        assert_eq!(follow(&range(2), 4, &[&[]], &[]).err(), Some(short.into()));
        let long = Malformed::PathTooLong { rule };
        assert_eq!(follow(&range(2), 4, &[&[]], &newer).err(), Some(long.into()));
    }

    #[test]
    fn m70_another_accumulator_is_refused() {
        let other = follow(&range(2), 4, &[&[]], &[[1; 8]]).unwrap();
        let refused = Error::Verification { rule: Rule::MmrAccumulator };
        assert_eq!(other.confirm(&range(3)), Err(refused));
    }

    #[test]
    fn m71_a_range_grows() {
        for (leaves, newer) in [(3, 4), (4, 4), (1, 0)] {
            let older = range(leaves).size();
            let refused = Malformed::Sizes { rule: Rule::MmrOlderSizeBelow, older, newer };
            assert_eq!(follow(&range(leaves), newer, &[], &[]).err(), Some(refused.into()));
        }
        let refused = Malformed::NotComplete { size: 5 };
        assert_eq!(follow(&range(2), 5, &[], &[]).err(), Some(refused.into()));
    }
}
