//! Trees of RFC 9162 beside a naive one that is written as the RFC writes it: roots, paths, and which paths are good.
#![no_main]

use cose_ext::rustcrypto::Sha256;
use libfuzzer_sys::fuzz_target;
use merkle_proof::cose::CoseTree;
use merkle_proof::{
    CompactRange, LeafIndex, MemoryTree, Rfc9162Tree, TreeHash, TreeHead, TreeSize, TrustedRoot,
    verify_consistency, verify_inclusion,
};
use testkit::naive_merkle as naive;

/// The most leaves: what the naive tree does in a moment.
const LEAVES: usize = 96;

fuzz_target!(|bytes: &[u8]| {
    // How many leaves, which one, an earlier size, and what is changed in a path; the rest are entries of one byte.
    let [leaves, index, older, place, change, entries @ ..] = bytes else { return };
    let leaves = 1 + usize::from(*leaves) % LEAVES;
    let (index, older) = (usize::from(*index) % leaves, 1 + usize::from(*older) % leaves);
    let entries: Vec<Vec<u8>> =
        (0..leaves).map(|n| entries.get(n).map_or_else(Vec::new, |byte| vec![*byte])).collect();

    let Some(tree) = CoseTree::<Rfc9162Tree>::new(&Sha256) else { return };
    let (mut memory, mut range) = (MemoryTree::new(tree), CompactRange::new(tree));
    for entry in &entries {
        memory.append(&[entry]);
        range.append(&[entry]).expect("within 2^64 leaves");
    }
    let root = naive::root(&entries);
    assert_eq!(*memory.head().root.hash(), root);
    assert_eq!(range.root(), root);

    let size = TreeSize(leaves as u64);
    let path = memory.inclusion_path(LeafIndex(index as u64), size).expect("a leaf");
    assert_eq!(path, naive::inclusion_path(index, &entries));
    let proof = memory.consistency_path(TreeSize(older as u64), size).expect("an earlier size");
    assert_eq!(proof, naive::consistency_path(older, &entries));

    // What is true verifies; a path in which a byte is another does not, unless the naive reader says so too.
    let head = |size: usize, root| TreeHead::new(size as u64, TrustedRoot::vouched_for(root));
    let (newer, older_root) = (head(leaves, root), naive::root(&entries[..older]));
    let leaf = tree.leaf(&[&entries[index]]);
    for changed in [false, true] {
        let mut path = path.clone();
        let mut proof = proof.clone();
        if changed {
            flip(&mut path, *place, *change);
            flip(&mut proof, *place, *change);
        }
        let ours = verify_inclusion(&tree, &leaf, LeafIndex(index as u64), &path, &newer).is_ok();
        let theirs = naive::verify_inclusion(leaf, index as u64, leaves as u64, &path, root);
        assert_eq!(ours, theirs, "inclusion");
        assert!(changed || ours);
        let ours = verify_consistency(&tree, &head(older, older_root), &newer, &proof).is_ok();
        let theirs =
            naive::verify_consistency(older as u64, leaves as u64, &proof, older_root, root);
        assert_eq!(ours, theirs, "consistency");
        assert!(changed || ours);
        let mut other_root = older_root;
        other_root[usize::from(*change) % 32] ^= change | 1;
        let ours = verify_consistency(&tree, &head(older, other_root), &newer, &proof).is_ok();
        assert!(!ours, "consistency with another root");
    }
});

/// Changes one byte of one hash, or appends or removes one.
fn flip(path: &mut Vec<[u8; 32]>, place: u8, change: u8) {
    let len = path.len();
    match change % 8 {
        0 => path.push([change; 32]),
        1 => _ = path.pop(),
        _ if len > 0 => path[usize::from(place) % len][usize::from(change) % 32] ^= change | 1,
        _ => {}
    }
}
