//! Inclusion proofs of a range, verified.

use super::place::{Climb, peaks};
use super::{Accumulator, MmrHash};
use crate::root::hash_from;
use crate::{Error, Limit, Malformed, MountainRange, RootFromProof, Rule};

/// An inclusion proof while it is being followed, one path element at a time (`included_root`).
///
/// It leads to a peak. A path with elements is bound to the index that it was followed from; an
/// empty one is not: any index leads from a value to itself.
#[derive(Clone, Debug)]
pub struct InclusionFold<'m, M: MmrHash + ?Sized> {
    hash: &'m M,
    climb: Climb,
    value: M::Hash,
}

impl<'m, M: MmrHash + ?Sized> InclusionFold<'m, M> {
    /// Begins at node `index` with this value: for a leaf, [`MmrHash::leaf`] of the entry.
    pub fn new(hash: &'m M, value: &M::Hash, index: u64) -> Self {
        Self { hash, climb: Climb::from(index), value: *value }
    }

    /// Takes the next path element, and hashes it with what is known so far.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`]; [`Limit::TreeSize`] where the path leads beyond 2^64 nodes.
    pub fn push(&mut self, element: &[u8]) -> Result<(), Error> {
        let sibling = hash_from(element, Rule::MmrHashLength)?;
        let step = self.climb.step().ok_or(Error::Limit(Limit::TreeSize))?;
        let position = self.climb.index.wrapping_add(1);
        self.value = if step.left {
            self.hash.node(position, &sibling, &self.value)
        } else {
            self.hash.node(position, &self.value, &sibling)
        };
        Ok(())
    }

    pub(super) const fn value(&self) -> &M::Hash {
        &self.value
    }

    /// Returns the peak that the path leads to.
    pub fn finish(self) -> RootFromProof<MountainRange, M::Hash> {
        RootFromProof::new(self.value, Rule::MmrInclusionPeak)
    }
}

/// Computes the peak that an inclusion proof leads to (`included_root`).
///
/// # Errors
///
/// Those of [`InclusionFold::push`].
pub fn root_from_inclusion<M, P>(
    hash: &M,
    value: &M::Hash,
    index: u64,
    path: P,
) -> Result<RootFromProof<MountainRange, M::Hash>, Error>
where
    M: MmrHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let mut fold = InclusionFold::new(hash, value, index);
    for element in path {
        fold.push(element.as_ref())?;
    }
    Ok(fold.finish())
}

/// Verifies that node `index` of the range has this value. The range is trusted, so the index is
/// proved, also where the path is empty.
///
/// # Errors
///
/// [`Error::Malformed`] where the range has no such node or path; [`Error::Verification`] where it
/// leads elsewhere.
pub fn verify_inclusion<M, P>(
    hash: &M,
    value: &M::Hash,
    index: u64,
    path: P,
    range: &Accumulator<M::Hash>,
) -> Result<(), Error>
where
    M: MmrHash + ?Sized,
    P: IntoIterator,
    P::Item: AsRef<[u8]>,
{
    let peak = peaks(range.size())?.find(|peak| index <= peak.index);
    let peak = peak.ok_or(Malformed::NotInRange { index, size: range.size() })?;
    let mut fold = InclusionFold::new(hash, value, index);
    for element in path {
        if fold.climb.height >= peak.height {
            return Err(Malformed::PathTooLong { rule: Rule::MmrPathNotLonger }.into());
        }
        fold.push(element.as_ref())?;
    }
    if fold.climb.height < peak.height {
        return Err(Malformed::PathTooShort { rule: Rule::MmrPathNotShorter }.into());
    }
    if range.peak(peak.height) == Some(&fold.value) {
        Ok(())
    } else {
        Err(Error::Verification { rule: Rule::MmrInclusionPeak })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TrustedRoot;
    use crate::toy::Toy;

    /// Leaves 0 and 1 under node 2, and leaf 3.
    fn three() -> ([[u8; 8]; 3], [u8; 8], Accumulator<[u8; 8]>) {
        let leaves = [b"a", b"b", b"c"].map(|entry| MmrHash::leaf(&Toy, &[entry]));
        let peak = MmrHash::node(&Toy, 3, &leaves[0], &leaves[1]);
        (leaves, peak, Accumulator::from_peaks(4, [peak, leaves[2]]).unwrap())
    }

    #[test]
    fn m61_an_element_of_the_wrong_length_is_refused() {
        let (leaves, _, range) = three();
        let refused = Malformed::HashLength { rule: Rule::MmrHashLength, length: 7 };
        let verdict = verify_inclusion(&Toy, &leaves[0], 0, [&leaves[1][..7]], &range);
        assert_eq!(verdict, Err(refused.into()));
        let range = Accumulator::<[u8; 8]>::from_peaks(1, [&leaves[0][..7]]);
        assert_eq!(range.err(), Some(refused.into()));
    }

    #[test]
    fn m64_a_path_ends_at_its_peak() {
        let (leaves, peak, range) = three();
        let verify =
            |value, index, path: &[[u8; 8]]| verify_inclusion(&Toy, &value, index, path, &range);
        assert_eq!(verify(leaves[1], 1, &[leaves[0]]), Ok(()));
        assert_eq!(verify(leaves[2], 3, &[]), Ok(()));
        assert_eq!(verify(peak, 2, &[]), Ok(()));
        let long = Malformed::PathTooLong { rule: Rule::MmrPathNotLonger };
        assert_eq!(verify(leaves[1], 1, &[leaves[0], leaves[2]]), Err(long.into()));
        assert_eq!(verify(leaves[2], 3, &[leaves[0]]), Err(long.into()));
        let outside = Malformed::NotInRange { index: 4, size: 4 };
        assert_eq!(verify(leaves[1], 4, &[]), Err(outside.into()));
    }

    #[test]
    fn m65_a_path_reaches_its_peak() {
        let (leaves, _, range) = three();
        let verify =
            |value, index, path: &[[u8; 8]]| verify_inclusion(&Toy, &value, index, path, &range);
        let short = Malformed::PathTooShort { rule: Rule::MmrPathNotShorter };
        assert_eq!(verify(leaves[1], 1, &[]), Err(short.into()));
    }

    #[test]
    fn m66_another_peak_is_refused() {
        let (leaves, peak, range) = three();
        let rule = Rule::MmrInclusionPeak;
        let refused = Err(Error::Verification { rule });
        assert_eq!(verify_inclusion(&Toy, &leaves[0], 1, [leaves[1]], &range), refused);
        assert_eq!(verify_inclusion(&Toy, &leaves[0], 3, [[0; 8]; 0], &range), refused);
        let found = root_from_inclusion(&Toy, &leaves[0], 0, [leaves[1]]).unwrap();
        assert!(found.confirm(&TrustedRoot::vouched_for(peak)).is_ok());
        let other = TrustedRoot::vouched_for(leaves[0]);
        assert_eq!(found.confirm(&other).map(|_| ()), refused);
        let beyond = root_from_inclusion(&Toy, &peak, u64::MAX, [peak]);
        assert_eq!(beyond.err(), Some(Error::Limit(Limit::TreeSize)));
    }
}
