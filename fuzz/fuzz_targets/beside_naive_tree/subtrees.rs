//! Subtrees: a tree of their leaves is what the naive tree makes of them, and lies in the tree.

use merkle_proof::subtree_proof::{
    root_from_subtree_consistency, root_from_subtree_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};
use merkle_proof::{LeafIndex, Sha256Tree, Subtree, TreeHash, TrustedRoot};
use testkit::naive_merkle as naive;

use crate::Case;

pub fn check(case: &Case) {
    let (index, leaves) = (case.index, case.entries.len());
    let mut found = Vec::new();
    for end in [leaves, case.older, index + 1] {
        if let Ok(subtree) = Subtree::new(index as u64, end as u64) {
            found.push(subtree);
        }
        // Any leaves lie in two subtrees that reach no further.
        match Subtree::covering(index as u64, end as u64) {
            Ok(two @ [left, right]) => {
                assert!(left.start() <= index as u64 && right.end() == end as u64);
                assert_eq!(left.end(), right.start());
                found.extend(two);
            }
            Err(error) => assert!(end < index && !error.to_string().is_empty()),
        }
    }
    for subtree in found {
        one(case, subtree);
    }
}

fn one(case: &Case, subtree: Subtree) {
    let (start, end) = (subtree.start() as usize, subtree.end() as usize);
    let within = &case.entries[start..end];
    let hash = naive::root(within);
    assert_eq!(case.memory.subtree_hash(subtree), Ok(hash));
    assert_eq!(subtree.is_empty(), within.is_empty());
    let head = case.head();
    let path = case.memory.subtree_consistency_path(subtree, case.size()).expect("within the tree");
    let verify = |path: &[[u8; 32]], hash: &[u8; 32]| {
        verify_subtree_consistency(&Sha256Tree, subtree, hash, path, &head)
    };
    crate::agree(verify(&path, &hash), true, false);
    let mut other = path.clone();
    if case.flip(&mut other) {
        crate::agree(verify(&other, &hash), false, true);
    }
    crate::agree(verify(&path, &[case.change; 32]), false, true);
    let led = root_from_subtree_consistency(&Sha256Tree, subtree, &hash, case.size(), &path);
    assert_eq!(led.is_ok(), !subtree.is_empty());

    // Its leaves lie in it as leaves do in a tree.
    let index = start + case.index % within.len().max(1);
    let path = case.memory.subtree_inclusion_path(LeafIndex(index as u64), subtree);
    if subtree.is_empty() {
        return assert!(!path.expect_err("nothing lies in it").to_string().is_empty());
    }
    let path = path.expect("a leaf of it");
    assert_eq!(path, naive::inclusion_path(index - start, within));
    let leaf = Sha256Tree.leaf(&[&case.entries[index]]);
    let led =
        root_from_subtree_inclusion(&Sha256Tree, &leaf, LeafIndex(index as u64), subtree, &path);
    assert_eq!(led.map(|root| *root.unconfirmed()), Ok(hash));
    let trusted = TrustedRoot::vouched_for(hash);
    let verify = |index: usize, path: &[[u8; 32]]| {
        let index = LeafIndex(index as u64);
        verify_subtree_inclusion(&Sha256Tree, &leaf, index, subtree, path, &trusted)
    };
    crate::agree(verify(index, &path), true, false);
    crate::agree(verify(end, &path), false, true);
    let mut other = path.clone();
    if case.flip(&mut other) {
        crate::agree(verify(index, &other), false, true);
    }
}
