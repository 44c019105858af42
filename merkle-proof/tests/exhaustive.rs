//! Every tree of up to 300 leaves, every proof of every kind, against the definitions.
//!
//! The structure is gone through with a toy hash, and smaller trees with SHA-256.

#![cfg(feature = "alloc")]

#[path = "naive/tree.rs"]
mod naive;

use merkle_proof::subtree_proof::{verify_subtree_consistency, verify_subtree_inclusion};
use merkle_proof::{
    CcfLedger, CompactRange, Error, LeafIndex, MemoryTree, Rfc9162, Subtree, TreeHash, TreeHead,
    TreeSize, TrustedRoot, UnauthenticatedPosition, ccf, root_from_consistency,
    root_from_inclusion, verify_consistency, verify_extension, verify_inclusion,
    verify_multi_inclusion,
};
use naive::{CCF_TOY, Naive, TOY, entry, root_from_path, roots_from_proof};
use sha2::Sha256;

const LEAVES: u64 = 300;
const SHA_LEAVES: u64 = 40;
const SHA: Rfc9162<Sha256> = Rfc9162::new();

fn grown<T: TreeHash + Copy>(tree: T, size: u64) -> (MemoryTree<T>, Naive<T>) {
    let mut log = MemoryTree::new(tree);
    for leaf in 0..size {
        assert_eq!(log.append(&[&entry(leaf)]), leaf);
    }
    (log, Naive::new(tree))
}

fn heads<T: TreeHash + Copy>(tree: T, most: u64) {
    let (log, mut naive) = grown(tree, most);
    let mut range = CompactRange::new(tree);
    for size in 0..=most {
        let root = naive.mth(0, size);
        assert_eq!(*log.head_at(size).unwrap().root.hash(), root, "{size}");
        assert_eq!(range.root(), root, "{size}");
        if size > 0 {
            let head = log.head_at(size).unwrap();
            let none = [] as [T::Hash; 0];
            verify_extension(&tree, &TreeHead::empty(&tree), &head, none).unwrap();
        }
        range.append(&[&entry(size)]).unwrap();
    }
}

#[test]
fn m1_heads() {
    heads(TOY, LEAVES);
    heads(SHA, SHA_LEAVES);
}

fn inclusion<T: TreeHash + Copy>(tree: T, most: u64) {
    let (log, mut naive) = grown(tree, most);
    for size in 1..=most {
        let head = log.head_at(size).unwrap();
        for index in 0..size {
            let path = log.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap();
            assert_eq!(path, naive.path(index, 0, size), "{index} of {size}");
            let leaf = tree.leaf(&[&entry(index)]);
            verify_inclusion(&tree, &leaf, LeafIndex(index), &path, &head).unwrap();
        }
    }
}

#[test]
fn m6_inclusion() {
    inclusion(TOY, LEAVES);
    inclusion(SHA, SHA_LEAVES);
}

fn consistency<T: TreeHash + Copy>(tree: T, most: u64) {
    let (log, mut naive) = grown(tree, most);
    for newer in 1..=most {
        let new_head = log.head_at(newer).unwrap();
        for older in 1..=newer {
            let path = log.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
            assert_eq!(path, naive.subproof((0, older), (0, newer), true), "{older}..{newer}");
            let old_head = log.head_at(older).unwrap();
            verify_consistency(&tree, &old_head, &new_head, &path).unwrap();
        }
    }
}

#[test]
fn m14_consistency() {
    consistency(TOY, LEAVES);
    consistency(SHA, SHA_LEAVES);
}

fn subtrees(most: u64) -> impl Iterator<Item = Subtree> {
    let ends = 1..=most;
    let intervals = ends.flat_map(|end| (0..end).map(move |start| (start, end)));
    intervals.filter_map(|(start, end)| {
        let subtree = Subtree::new(start, end).ok();
        // The definition, in the open.
        let aligned = start % (end - start).next_power_of_two() == 0;
        assert_eq!(subtree.is_some(), aligned, "[{start}, {end})");
        subtree
    })
}

fn subtree_inclusion<T: TreeHash + Copy>(tree: T, most: u64) {
    let (log, mut naive) = grown(tree, most);
    for subtree in subtrees(most) {
        let (start, end) = (subtree.start(), subtree.end());
        let hash = naive.mth(start, end);
        assert_eq!(log.subtree_hash(subtree), Ok(hash));
        let trusted = TrustedRoot::vouched_for(hash);
        for index in start..end {
            let path = log.subtree_inclusion_path(LeafIndex(index), subtree).unwrap();
            assert_eq!(path, naive.path(index - start, start, end), "{index} of {subtree:?}");
            let leaf = tree.leaf(&[&entry(index)]);
            verify_subtree_inclusion(&tree, &leaf, LeafIndex(index), subtree, &path, &trusted)
                .unwrap();
        }
    }
}

#[test]
fn m26_subtree_inclusion() {
    subtree_inclusion(TOY, LEAVES);
    subtree_inclusion(SHA, SHA_LEAVES);
}

fn subtree_consistency<T: TreeHash + Copy>(tree: T, most: u64) {
    let (log, mut naive) = grown(tree, most);
    for subtree in subtrees(most) {
        let (start, end) = (subtree.start(), subtree.end());
        let hash = naive.mth(start, end);
        for size in end..=most {
            let path = log.subtree_consistency_path(subtree, TreeSize(size)).unwrap();
            let expected = naive.subproof((start, end), (0, size), true);
            assert_eq!(path, expected, "{subtree:?} of {size}");
            let head = TreeHead::new(size, TrustedRoot::vouched_for(naive.mth(0, size)));
            verify_subtree_consistency(&tree, subtree, &hash, &path, &head).unwrap();
        }
    }
}

#[test]
fn m25_subtree_consistency() {
    subtree_consistency(TOY, LEAVES);
    subtree_consistency(SHA, SHA_LEAVES);
}

fn ccf_proofs<T: TreeHash<Kind = CcfLedger> + Copy>(tree: T, most: u64) {
    let (log, mut naive) = grown(tree, most);
    for newer in 1..=most {
        let new_head = log.head_at(newer).unwrap();
        for older in 1..newer {
            let old_head = log.head_at(older).unwrap();
            let leaf = tree.leaf(&[&entry(older)]);
            let path = log.ccf_inclusion_path(LeafIndex(older), TreeSize(newer)).unwrap();
            let hashes: Vec<_> = path.iter().map(|element| element.hash).collect();
            assert_eq!(hashes, naive.path(older, 0, newer));
            ccf::verify_inclusion(&tree, &leaf, path, &new_head.root).unwrap();

            // RFC 9162's proof in order, its beginning always there.
            let mut expected = naive.subproof((0, older), (0, newer), true);
            if older.is_power_of_two() {
                expected.insert(0, *old_head.root.hash());
            }
            let proof = log.ccf_consistency_proof(TreeSize(older), TreeSize(newer)).unwrap();
            let hashes = proof.path.iter().map(|element| element.hash);
            assert!(std::iter::once(proof.anchor).chain(hashes).eq(expected));

            let anchor = proof.anchor.as_ref();
            let path = || proof.path.iter().copied();
            ccf::verify_consistency(&tree, &old_head, &new_head, anchor, path()).unwrap();
            let strict = ccf::AnchorReading::Strict;
            let roots = ccf::root_from_consistency(&tree, anchor, path(), strict).unwrap();
            let newer = roots.confirm_older(&old_head.root).unwrap();
            newer.confirm(&new_head.root).unwrap();
        }
    }
}

#[test]
fn m37_ccf_inclusion_and_consistency() {
    ccf_proofs(CCF_TOY, LEAVES);
    ccf_proofs(ccf::Ccf::<Sha256>::new(), SHA_LEAVES);
}

/// Under every claimed position, a path leads where the definition says it leads, or nowhere.
#[test]
fn m6_claimed_positions_have_the_verdict_of_the_definition() {
    let (log, _) = grown(TOY, 24);
    for size in 1..=24 {
        for index in 0..size {
            let path = log.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap();
            let leaf = TOY.leaf(&[&entry(index)]);
            for (tree_size, leaf_index) in (0..50).flat_map(|n| (0..=n).map(move |i| (n, i))) {
                let claimed = UnauthenticatedPosition { tree_size, leaf_index };
                let root = root_from_inclusion(&TOY, &leaf, claimed, &path);
                let expected = root_from_path(&TOY, leaf, leaf_index, tree_size, &path);
                assert_eq!(root.ok().map(|root| *root.unconfirmed()), expected, "{claimed:?}");
            }
        }
    }
}

#[test]
fn m14_claimed_sizes_have_the_verdict_of_the_definition() {
    let (log, _) = grown(TOY, 20);
    for newer in 1..=20 {
        for older in 1..=newer {
            let path = log.consistency_path(TreeSize(older), TreeSize(newer)).unwrap();
            let root = *log.head_at(older).unwrap().root.hash();
            for (n, m) in (0..42).flat_map(|n| (0..=n + 1).map(move |m| (n, m))) {
                let head = TreeHead::new(m, TrustedRoot::vouched_for(root));
                let recomputed = root_from_consistency(&TOY, &head, TreeSize(n), &path);
                let expected = roots_from_proof(&TOY, root, (m, n), true, &path);
                match expected {
                    None => assert!(matches!(recomputed, Err(Error::Malformed(_))), "{m}..{n}"),
                    Some((old, _)) if old != root => {
                        assert!(matches!(recomputed, Err(Error::Verification { .. })));
                    }
                    Some((_, new)) => assert_eq!(*recomputed.unwrap().unconfirmed(), new),
                }
            }
        }
    }
}

#[test]
fn m83_every_set_of_leaves() {
    let (log, _) = grown(TOY, 12);
    for size in 1..=12_u64 {
        let head = log.head_at(size).unwrap();
        let singles: Vec<_> = (0..size)
            .map(|index| log.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap())
            .collect();
        for set in 1..1_u64 << size {
            let indexes: Vec<u64> = (0..size).filter(|index| set >> index & 1 == 1).collect();
            let leaves: Vec<_> =
                indexes.iter().map(|index| (*index, TOY.leaf(&[&entry(*index)]))).collect();
            let path = log.multi_inclusion_path(&indexes, TreeSize(size)).unwrap();
            assert_eq!(verify_multi_inclusion(&TOY, &leaves, &path, &head), Ok(()));
            // It is what the single proofs have, without what follows from the leaves themselves.
            let in_single = |hash: &[u8; 8]| {
                indexes.iter().any(|index| singles[*index as usize].contains(hash))
            };
            assert!(path.iter().all(in_single), "{indexes:?} of {size}");
            let sum: usize = indexes.iter().map(|index| singles[*index as usize].len()).sum();
            assert!(path.len() <= sum);
            for broken in 0..path.len() {
                let mut changed = path.clone();
                changed[broken][0] ^= 1;
                assert!(verify_multi_inclusion(&TOY, &leaves, &changed, &head).is_err());
            }
        }
    }
    let (log, _) = grown(TOY, LEAVES);
    for size in 1..=LEAVES {
        let head = log.head_at(size).unwrap();
        for index in 0..size {
            // Of one leaf it is the single proof, sorted from left to right.
            let leaf = (index, TOY.leaf(&[&entry(index)]));
            let path = log.multi_inclusion_path(&[index], TreeSize(size)).unwrap();
            assert_eq!(
                path.len(),
                log.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap().len()
            );
            assert_eq!(verify_multi_inclusion(&TOY, &[leaf], &path, &head), Ok(()));
        }
    }
}
