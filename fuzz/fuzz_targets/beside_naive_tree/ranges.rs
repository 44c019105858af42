//! Ranges of leaves: however they are made, they are of the leaves and have the naive root.

use merkle_proof::{
    CompactRange, MemoryTree, Misuse, Node, Sha256Tree, Subtree, TreeHash, TreeHead,
};
use testkit::naive_merkle as naive;

use crate::Case;

pub fn check(case: &Case) {
    let (entries, leaves) = (&case.entries, case.entries.len());
    crate::foreign(&entries[case.index]);
    let parts: Vec<&[u8]> = entries.iter().map(|entry| &entry[..]).collect();
    let hashes: Vec<_> = entries.iter().map(|entry| Sha256Tree.leaf(&[entry])).collect();
    let root = naive::root(entries);
    // In two batches, of entries or of hashes, with each node handed out once.
    let (first, second) = parts.split_at(case.older);
    let mut range = CompactRange::new(Sha256Tree);
    assert_eq!(range.append_all(first), Ok(0));
    assert_eq!(range.append_all(second), Ok(case.older as u64));
    assert_eq!(range.root(), root);
    assert_eq!(range.head(), Some(case.head()));
    let mut handed = Vec::new();
    let mut of_hashes = CompactRange::new(Sha256Tree);
    let mut keep = |node: Node, hash: &[u8; 32]| {
        assert_eq!(case.memory.node(node), Some(hash));
        handed.push((node.level, node.index));
    };
    of_hashes.append_leaves_and(&hashes[..case.older], &mut keep).expect("few leaves");
    for hash in &hashes[case.older..] {
        of_hashes.append_leaf_and(*hash, &mut keep).expect("few leaves");
    }
    handed.sort_unstable();
    let all = (0..7).flat_map(|level| (0..leaves as u64 >> level).map(move |index| (level, index)));
    let mut all: Vec<(u32, u64)> = all.collect();
    all.sort_unstable();
    assert_eq!(handed, all);
    assert!(of_hashes.hashes().eq(range.hashes()));

    // What was kept of one is one again, and no other number of hashes is.
    let kept: Vec<_> = range.hashes().copied().collect();
    let again = |hashes: &[[u8; 32]]| CompactRange::from_hashes(Sha256Tree, range.leaves(), hashes);
    let read = again(&kept).expect("as it was");
    assert_eq!((read.root(), read.tree()), (root, &Sha256Tree));
    assert!(again(&kept[1..]).is_err());
    assert!(again(&[&kept[..], &kept[..1]].concat()).is_err());
    assert!(format!("{read:?}").contains("leaves"));
    merge(case, &hashes);
    empty(case);
}

/// Two neighbours are one range, if that is a subtree, and else nothing changes.
fn merge(case: &Case, hashes: &[[u8; 32]]) {
    let (older, end) = (case.older, hashes.len());
    for start in [older, older & !7, case.index] {
        let mut right = CompactRange::starting_at(Sha256Tree, start as u64);
        let grown = right.append_leaves(&hashes[start..]);
        assert_eq!(grown.is_ok(), Subtree::new(start as u64, end as u64).is_ok());
        if grown.is_err() {
            continue;
        }
        assert_eq!(right.root(), naive::root(&case.entries[start..]));
        assert_eq!(right.head().is_some(), start == 0);
        let mut left = CompactRange::new(Sha256Tree);
        left.append_leaves(&hashes[..older]).expect("few leaves");
        let merged = left.merge(&right);
        match merged {
            Ok(()) => assert_eq!((start, left.head()), (older, Some(case.head()))),
            Err(error) => {
                assert_ne!(start, older);
                let apart = Misuse::NotAdjacent { end: older as u64, start: start as u64 };
                assert_eq!(error, apart.into());
                assert!(!error.to_string().is_empty() && error.rule().is_none());
            }
        }
    }
}

/// A tree without leaves is the hash of nothing, and has no leaf to prove.
fn empty(case: &Case) {
    let none = MemoryTree::new(Sha256Tree);
    assert_eq!((none.size(), none.head()), (0, TreeHead::empty(&Sha256Tree)));
    assert_eq!(CompactRange::new(Sha256Tree).root(), Sha256Tree.empty());
    assert!(none.inclusion_path(merkle_proof::LeafIndex(0), case.size()).is_err());
    let beyond = case.memory.head_at(case.size().0 + 1).expect_err("there are not as many");
    assert!(beyond.to_string().contains(&case.size().to_string()));
    assert_eq!(case.memory.tree(), &Sha256Tree);
}
