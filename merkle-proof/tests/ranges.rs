//! Every Merkle Mountain Range of up to 300 leaves, every proof of every kind.

#![cfg(feature = "alloc")]

use merkle_proof::mmr::{
    Accumulator, ConsistencyFold, ConsistencyProof, MemoryMmr, MmrHash, height, leaf_count,
    leaf_node, path_indices, peaks, root_from_inclusion, size_of, verify_inclusion,
};
use merkle_proof::{Error, Rule};
use proptest::collection::vec;
use proptest::prelude::*;

/// Eight bytes that tell inputs apart and are quick in a debug build.
#[derive(Clone, Copy, Debug)]
struct Toy;

fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (word ^ (word >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

impl MmrHash for Toy {
    type Hash = [u8; 8];

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 8] {
        let bytes = entry.iter().flat_map(|part| part.iter());
        mix(bytes.fold(1, |sum, byte| (sum << 8) | u64::from(*byte))).to_be_bytes()
    }

    fn node(&self, position: u64, left: &[u8; 8], right: &[u8; 8]) -> [u8; 8] {
        let (left, right) = (u64::from_be_bytes(*left), u64::from_be_bytes(*right));
        mix(mix(position) ^ left ^ mix(right).rotate_left(23)).to_be_bytes()
    }
}

/// The perfect tree over `2^height` leaves from leaf `first` on, by recursion: its nodes in post order.
fn perfect(first: u64, height: u32, nodes: &mut Vec<[u8; 8]>) -> [u8; 8] {
    let node = if height == 0 {
        Toy.leaf(&[&first.to_be_bytes()])
    } else {
        let left = perfect(first, height - 1, nodes);
        let right = perfect(first + (1 << (height - 1)), height - 1, nodes);
        Toy.node(u64::try_from(nodes.len()).unwrap() + 1, &left, &right)
    };
    nodes.push(node);
    node
}

fn range(leaves: u64) -> MemoryMmr<Toy> {
    let mut range = MemoryMmr::new(Toy);
    for leaf in 0..leaves {
        assert_eq!(range.append(&[&leaf.to_be_bytes()]).ok(), leaf_node(leaf));
    }
    range
}

#[test]
fn m60_ranges_are_perfect_trees_one_after_the_other() {
    for leaves in 0..=300_u64 {
        let (range, mut nodes, mut first) = (range(leaves), Vec::new(), 0);
        let mut tops = Vec::new();
        for height in (0..9).rev().filter(|height| leaves >> height & 1 == 1) {
            tops.push(perfect(first, height, &mut nodes));
            first += 1 << height;
        }
        let size = u64::try_from(nodes.len()).unwrap();
        assert_eq!((range.accumulator().size(), size_of(leaves)), (size, Some(size)));
        assert_eq!(range.accumulator().leaves(), leaves);
        assert!(range.accumulator().peaks().eq(&tops));
        assert!((0..size).map(|index| *range.node(index).unwrap()).eq(nodes));
        let state = Accumulator::from_peaks(size, &tops).unwrap();
        assert_eq!(state, *range.accumulator());
    }
}

#[test]
fn m66_inclusion_in_every_range_and_nowhere_else() {
    let range = range(300);
    for leaves in 1..=300 {
        let size = size_of(leaves).unwrap();
        let state = range.accumulator_at(size).unwrap();
        for index in 0..size {
            let path = range.inclusion_path(index, size).unwrap();
            let value = range.node(index).unwrap();
            let verify =
                |index, path: &[[u8; 8]]| verify_inclusion(&Toy, value, index, path, &state);
            assert_eq!(verify(index, &path), Ok(()), "{index} of {size}");
            for other in [index.wrapping_sub(1), index + 1, size - 1 - index] {
                assert!(other == index || verify(other, &path).is_err(), "{index} as {other}");
            }
            if leaves % 32 == 5 {
                for broken in 0..path.len() {
                    let mut changed = path.clone();
                    changed[broken][broken % 8] ^= 1;
                    let refused = Error::Verification { rule: Rule::MmrInclusionPeak };
                    assert_eq!(verify(index, &changed), Err(refused));
                }
            }
        }
    }
}

fn follow(
    older: &Accumulator<[u8; 8]>,
    newer: u64,
    proof: &ConsistencyProof<[u8; 8]>,
) -> Result<Accumulator<[u8; 8]>, Error> {
    let mut fold = ConsistencyFold::new(&Toy, older, newer)?;
    for path in &proof.paths {
        fold.begin_path()?;
        path.iter().try_for_each(|element| fold.push(element))?;
    }
    proof.right_peaks.iter().try_for_each(|peak| fold.right_peak(peak))?;
    Ok(*fold.finish()?.unconfirmed())
}

#[test]
fn m70_consistency_between_every_two_ranges() {
    let range = range(130);
    for newer_leaves in 1..=130 {
        let newer = size_of(newer_leaves).unwrap();
        let state = range.accumulator_at(newer).unwrap();
        for older_leaves in 0..newer_leaves {
            let older = range.accumulator_at(size_of(older_leaves).unwrap()).unwrap();
            let proof = range.consistency_proof(older.size(), newer).unwrap();
            assert_eq!(
                follow(&older, newer, &proof),
                Ok(state),
                "{older_leaves} to {newer_leaves}"
            );
            assert_eq!(proof.paths.len(), peaks(older.size()).unwrap().count());
            let mut changed = proof.clone();
            let elements = changed.paths.iter_mut().flatten().chain(&mut changed.right_peaks);
            if let Some(element) = elements.last() {
                element[3] ^= 0x40;
                assert_ne!(follow(&older, newer, &changed), Ok(state));
            }
        }
    }
}

/// Numbers near the ends and near powers of two, and any.
fn number() -> impl Strategy<Value = u64> {
    let near = (0..64_u32, 0..8_u64)
        .prop_map(|(bit, off)| (1_u64 << bit).wrapping_sub(4).wrapping_add(off));
    prop_oneof![any::<u64>(), near, 0..200_u64, (0..200_u64).prop_map(|off| u64::MAX - off)]
}

proptest! {
    #[test]
    fn any_numbers_get_an_answer(
        (index, size, newer) in (number(), number(), number()),
        path in vec(any::<[u8; 8]>(), 0..70),
        (paths, right) in (vec(0..70_usize, 0..4), 0..4_usize),
    ) {
        let (top, leaves) = (height(index), leaf_count(size));
        prop_assert!(top < 64);
        if let Ok(leaves) = leaves {
            if leaves < 1 << 63 {
                prop_assert_eq!(size_of(leaves), Some(size));
            }
            let tops: Vec<_> = peaks(size).unwrap().collect();
            prop_assert_eq!(tops.len(), usize::try_from(leaves.count_ones()).unwrap());
            prop_assert!(tops.iter().all(|peak| height(peak.index) == peak.height));
            prop_assert_eq!(tops.last().map(|peak| peak.index + 1), size.checked_sub(1).map(|last| last + 1));
            let planned = path_indices(index, size).map(Iterator::count);
            prop_assert_eq!(planned.is_ok(), index < size);
            prop_assert!(planned.unwrap_or(0) < 64);
            let state = Accumulator::from_peaks(size, tops.iter().map(|_| [5; 8])).unwrap();
            prop_assert!(verify_inclusion(&Toy, &[1; 8], index, &path, &state).is_err());
            if let Ok(mut fold) = ConsistencyFold::new(&Toy, &state, newer) {
                for length in paths {
                    let _ = fold.begin_path();
                    let _ = path.iter().take(length).try_for_each(|element| fold.push(element));
                }
                (0..right).for_each(|_| { let _ = fold.right_peak(&[9; 8]); });
                let _ = fold.finish();
            }
        }
        let _ = root_from_inclusion(&Toy, &[1; 8], index, &path);
    }
}
