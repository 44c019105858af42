//! Where the nodes of a range stand. Numbers only, no hashes.

use core::iter::FusedIterator;

use crate::{Error, Limit, Malformed};

/// Returns the height of a node, 0 for leaves (`index_height`).
#[must_use]
pub const fn height(index: u64) -> u32 {
    let mut position = index.saturating_add(1);
    // Positions of all ones end a complete tree; others fall into the tree before them.
    while position & position.wrapping_add(1) != 0 {
        let most_significant = 1_u64 << position.ilog2();
        position = position.wrapping_sub(most_significant).wrapping_add(1);
    }
    position.trailing_ones().wrapping_sub(1)
}

/// Returns how many nodes a range of that many leaves has, or `None` beyond 2^64.
#[must_use]
pub const fn size_of(leaves: u64) -> Option<u64> {
    match leaves.checked_mul(2) {
        // Each leaf makes two nodes, but for the carries that have not happened.
        #[allow(clippy::as_conversions, reason = "at most 64")]
        Some(twice) => Some(twice.wrapping_sub(leaves.count_ones() as u64)),
        None => None,
    }
}

/// Returns how many leaves a range of that many nodes has.
///
/// # Errors
///
/// [`Malformed::NotComplete`] where no leaf ends a range of that size.
pub const fn leaf_count(size: u64) -> Result<u64, Error> {
    let (mut rest, mut leaves) = (size, 0_u64);
    while rest != 0 {
        // The largest peak of 2^(height + 1) - 1 nodes that fits.
        let height = match rest.checked_add(1) {
            Some(more) => more.ilog2().wrapping_sub(1),
            None => 63,
        };
        let leaves_below = 1_u64 << height;
        let peak = leaves_below.wrapping_sub(1).wrapping_add(leaves_below);
        if leaves & leaves_below != 0 {
            return Err(Error::Malformed(Malformed::NotComplete { size }));
        }
        leaves |= leaves_below;
        rest = rest.wrapping_sub(peak);
    }
    Ok(leaves)
}

/// Returns the number of the node that leaf `leaf` is, or `None` beyond 2^64.
#[must_use]
pub const fn leaf_node(leaf: u64) -> Option<u64> {
    size_of(leaf)
}

/// One peak of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// Its height: it has 2^height leaves.
    pub height: u32,
    /// Its node index.
    pub index: u64,
}

/// The peaks of a range, from the highest down.
#[derive(Clone, Copy, Debug)]
pub struct Peaks {
    /// Bit `h` is a peak of height `h` that is still to come.
    rest: u64,
    /// The nodes before it.
    before: u64,
}

/// Returns the peaks of the range of `size` nodes.
///
/// # Errors
///
/// [`Malformed::NotComplete`].
pub fn peaks(size: u64) -> Result<Peaks, Error> {
    Ok(Peaks { rest: leaf_count(size)?, before: 0 })
}

impl Iterator for Peaks {
    type Item = Peak;

    fn next(&mut self) -> Option<Peak> {
        let height = self.rest.checked_ilog2()?;
        self.rest &= !(1_u64.checked_shl(height)?);
        let nodes = nodes_below(height);
        let index = self.before.wrapping_add(nodes).wrapping_sub(1);
        self.before = self.before.wrapping_add(nodes);
        Some(Peak { height, index })
    }
}

impl FusedIterator for Peaks {}

/// How many nodes a peak of this height has, itself included.
fn nodes_below(height: u32) -> u64 {
    u64::MAX.checked_shr(63_u32.saturating_sub(height)).unwrap_or(0)
}

/// The way up from a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Climb {
    pub(super) index: u64,
    pub(super) height: u32,
}

/// One step of the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The sibling stands on the left.
    pub(super) left: bool,
    pub(super) sibling: u64,
}

impl Climb {
    pub(super) const fn from(index: u64) -> Self {
        Self { index, height: height(index) }
    }

    /// To the parent; `None` beyond 2^64 nodes.
    pub(super) fn step(&mut self) -> Option<Step> {
        // A sibling is 2^(height + 1) - 1 away, and the parent follows the right one.
        let away = nodes_below(self.height);
        let after = self.index.checked_add(1)?;
        let left = height(after) > self.height;
        let (sibling, parent) = if left {
            (self.index.checked_sub(away)?, after)
        } else {
            let sibling = self.index.checked_add(away)?;
            (sibling, sibling.checked_add(1)?)
        };
        // A position is one more than an index, and has to fit too.
        parent.checked_add(1)?;
        self.index = parent;
        self.height = self.height.checked_add(1)?;
        Some(Step { left, sibling })
    }
}

/// The node indexes of a path, in its order (`inclusion_proof_path`).
#[derive(Clone, Copy, Debug)]
pub struct PathIndices {
    climb: Climb,
    size: u64,
}

/// Returns the nodes that the path of node `index` consists of in the range of `size` nodes.
///
/// # Errors
///
/// [`Malformed::NotInRange`]; [`Malformed::NotComplete`].
pub fn path_indices(index: u64, size: u64) -> Result<PathIndices, Error> {
    leaf_count(size)?;
    if index >= size {
        return Err(Malformed::NotInRange { index, size }.into());
    }
    Ok(PathIndices { climb: Climb::from(index), size })
}

impl Iterator for PathIndices {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let mut climb = self.climb;
        let sibling = climb.step()?.sibling;
        if sibling >= self.size {
            return None;
        }
        self.climb = climb;
        Some(sibling)
    }
}

impl FusedIterator for PathIndices {}

pub(super) fn full() -> Error {
    Error::Limit(Limit::TreeSize)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn m62_sizes_are_those_of_complete_ranges() {
        let complete: Vec<u64> = (0..=12).map(|leaves| size_of(leaves).unwrap()).collect();
        assert_eq!(complete, [0, 1, 3, 4, 7, 8, 10, 11, 15, 16, 18, 19, 22]);
        for size in 0..=22 {
            match complete.iter().position(|complete| *complete == size) {
                Some(leaves) => assert_eq!(leaf_count(size), Ok(u64::try_from(leaves).unwrap())),
                None => {
                    assert_eq!(leaf_count(size), Err(Malformed::NotComplete { size }.into()));
                    assert!(peaks(size).is_err());
                    assert!(path_indices(0, size).is_err());
                }
            }
        }
        assert_eq!(leaf_count(u64::MAX), Ok(1 << 63));
        assert!(leaf_count(u64::MAX - 1).is_err());
        assert_eq!(size_of(1 << 63), None);
    }

    #[test]
    fn m63_an_index_beyond_the_range_is_refused() {
        assert!(path_indices(10, 11).is_ok());
        for index in [11, u64::MAX] {
            let refused = Malformed::NotInRange { index, size: 11 };
            assert_eq!(path_indices(index, 11).err(), Some(refused.into()));
        }
    }

    #[test]
    fn heights_are_those_of_a_post_order() {
        let heights: Vec<u32> = (0..=14).map(height).collect();
        assert_eq!(heights, [0, 0, 1, 0, 0, 1, 2, 0, 0, 1, 0, 0, 1, 2, 3]);
        assert_eq!(height(u64::MAX), 63);
        assert!(Climb::from(u64::MAX).step().is_none());
        assert!(Climb::from(u64::MAX - 1).step().is_none());
    }
}
