//! Proofs with something changed, and proofs that are none.

#![cfg(feature = "alloc")]

#[path = "naive/tree.rs"]
mod naive;

use merkle_proof::subtree_proof::{root_from_subtree_consistency, verify_subtree_consistency};
use merkle_proof::{
    CcfLedger, CompactRange, Error, LeafIndex, MemoryTree, Rfc9162, Rfc9162Tree, Subtree, TreeHash,
    TreeHead, TreeSize, TrustedRoot, UnauthenticatedPosition, ccf, consistency_nodes,
    inclusion_nodes, root_from_consistency, root_from_inclusion, verify_consistency,
    verify_extension, verify_inclusion,
};
use naive::{entry, root_from_path};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sha2::Sha256;

const TREE: Rfc9162<Sha256> = Rfc9162::new();
const LEDGER: ccf::Ccf<Sha256> = ccf::Ccf::new();

type Hash = <Rfc9162<Sha256> as TreeHash>::Hash;

fn log(size: u64) -> MemoryTree<Rfc9162<Sha256>> {
    let mut log = MemoryTree::new(TREE);
    (0..size).for_each(|leaf| {
        log.append(&[&entry(leaf)]);
    });
    log
}

fn ledger(size: u64) -> MemoryTree<ccf::Ccf<Sha256>> {
    let mut ledger = MemoryTree::new(LEDGER);
    (0..size).for_each(|leaf| {
        ledger.append(&[&entry(leaf)]);
    });
    ledger
}

/// A size, and something below it.
fn size_and_index() -> impl Strategy<Value = (u64, u64)> {
    (1..600_u64).prop_flat_map(|size| (Just(size), 0..size))
}

/// One byte to change, somewhere, to something else.
fn change() -> impl Strategy<Value = (Index, u8)> {
    (any::<Index>(), 1..=u8::MAX)
}

fn apply(hashes: &mut [Hash], (at, difference): (Index, u8)) {
    let bytes = hashes.len() * 32;
    let byte = at.index(bytes);
    hashes[byte / 32][byte % 32] ^= difference;
}

fn leads_elsewhere(verdict: Result<(), Error>) -> bool {
    matches!(verdict, Err(Error::Verification { .. }))
}

proptest! {
    #[test]
    fn m6_a_changed_byte_of_an_inclusion_proof_is_refused(
        (size, index) in size_and_index(), change in change()
    ) {
        let log = log(size);
        // The leaf is changed like an element of its path.
        let mut proof = vec![TREE.leaf(&[&entry(index)])];
        proof.extend(log.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap());
        let verify = |proof: &[Hash]| {
            verify_inclusion(&TREE, &proof[0], LeafIndex(index), &proof[1..], &log.head())
        };
        prop_assert_eq!(verify(&proof), Ok(()));
        apply(&mut proof, change);
        prop_assert!(leads_elsewhere(verify(&proof)));
    }

    #[test]
    fn m6_another_index_is_refused((size, index) in size_and_index(), other: u64, near in 0..700_u64) {
        let log = log(size);
        let leaf = TREE.leaf(&[&entry(index)]);
        let path = log.inclusion_path(LeafIndex(index), TreeSize(size)).unwrap();
        for other in [other, near, index ^ 1, index + 1] {
            let verdict = verify_inclusion(&TREE, &leaf, LeafIndex(other), &path, &log.head());
            prop_assert_eq!(verdict.is_ok(), other == index);
        }
    }

    #[test]
    fn m6_another_size_has_the_verdict_of_the_definition(
        (size, leaf_index) in size_and_index(), tree_size in 0..1300_u64
    ) {
        let log = log(size);
        let leaf = TREE.leaf(&[&entry(leaf_index)]);
        let path = log.inclusion_path(LeafIndex(leaf_index), TreeSize(size)).unwrap();
        let claimed = UnauthenticatedPosition { tree_size, leaf_index };
        let root = root_from_inclusion(&TREE, &leaf, claimed, &path);
        prop_assert_eq!(
            root.ok().map(|root| *root.unconfirmed()),
            root_from_path(&TREE, leaf, leaf_index, tree_size, &path)
        );
    }

    #[test]
    fn m13_a_changed_byte_of_a_consistency_proof_is_refused(
        (newer, older) in size_and_index(), change in change()
    ) {
        let (older, log) = (older + 1, log(newer));
        // The roots are changed like elements of the path.
        let heads = [older, newer].map(|size| *log.head_at(size).unwrap().root.hash());
        let mut proof = heads.to_vec();
        proof.extend(log.consistency_path(TreeSize(older), TreeSize(newer)).unwrap());
        let verify = |proof: &[Hash]| {
            let [old, new] = [(older, proof[0]), (newer, proof[1])]
                .map(|(size, root)| TreeHead::new(size, TrustedRoot::vouched_for(root)));
            verify_consistency(&TREE, &old, &new, &proof[2..])
        };
        prop_assert_eq!(verify(&proof), Ok(()));
        apply(&mut proof, change);
        prop_assert!(leads_elsewhere(verify(&proof)));
    }

    #[test]
    fn m24_a_changed_byte_of_a_subtree_proof_is_refused(
        (size, start) in size_and_index(), length in any::<Index>(), change in change()
    ) {
        let ends: Vec<_> = (start + 1..=size).filter(|end| Subtree::new(start, *end).is_ok()).collect();
        let subtree = Subtree::new(start, *length.get(&ends)).unwrap();
        let log = log(size);
        let mut proof = vec![log.subtree_hash(subtree).unwrap(), *log.head().root.hash()];
        proof.extend(log.subtree_consistency_path(subtree, TreeSize(size)).unwrap());
        let verify = |proof: &[Hash]| {
            let head = TreeHead::new(size, TrustedRoot::vouched_for(proof[1]));
            verify_subtree_consistency(&TREE, subtree, &proof[0], &proof[2..], &head)
        };
        prop_assert_eq!(verify(&proof), Ok(()));
        apply(&mut proof, change);
        prop_assert!(leads_elsewhere(verify(&proof)));
    }

    #[test]
    fn m33_a_changed_byte_or_side_of_a_ccf_inclusion_proof_is_refused(
        (size, index) in size_and_index(), change in change(), side in any::<Index>()
    ) {
        let ledger = ledger(size);
        let root = ledger.head().root;
        let path = ledger.ccf_inclusion_path(LeafIndex(index), TreeSize(size)).unwrap();
        let mut proof = vec![LEDGER.leaf(&[&entry(index)])];
        proof.extend(path.iter().map(|element| element.hash));
        let mut sides: Vec<_> = path.iter().map(|element| element.left).collect();
        let verify = |proof: &[Hash], sides: &[bool]| {
            let elements = sides.iter().zip(&proof[1..]);
            let path = elements.map(|(left, hash)| ccf::PathElement { left: *left, hash });
            ccf::verify_inclusion(&LEDGER, &proof[0], path, &root)
        };
        prop_assert_eq!(verify(&proof, &sides), Ok(()));
        let sound = proof.clone();
        apply(&mut proof, change);
        prop_assert!(verify(&proof, &sides).is_err());
        if !sides.is_empty() {
            let side = side.index(sides.len());
            sides[side] = !sides[side];
            prop_assert!(verify(&sound, &sides).is_err());
        }
    }

    #[test]
    fn m36_a_changed_byte_or_side_of_a_ccf_consistency_proof_is_refused(
        newer in 2..600_u64, older in any::<Index>(), change in change(), side in any::<Index>()
    ) {
        let older = u64::try_from(older.index(usize::try_from(newer - 1).unwrap())).unwrap() + 1;
        let ledger = ledger(newer);
        let [old, new] = [older, newer].map(|size| ledger.head_at(size).unwrap());
        let made = ledger.ccf_consistency_proof(TreeSize(older), TreeSize(newer)).unwrap();
        let mut proof = vec![made.anchor];
        proof.extend(made.path.iter().map(|element| element.hash));
        let mut sides: Vec<_> = made.path.iter().map(|element| element.left).collect();
        // With the sizes known, and without.
        let verify = |proof: &[Hash], sides: &[bool]| {
            let path = || {
                let elements = sides.iter().zip(&proof[1..]);
                elements.map(|(left, hash)| ccf::PathElement { left: *left, hash })
            };
            let of_sizes = ccf::verify_consistency(&LEDGER, &old, &new, &proof[0], path());
            let strict = ccf::AnchorReading::Strict;
            let roots = ccf::root_from_consistency(&LEDGER, &proof[0], path(), strict);
            let of_roots = roots
                .and_then(|roots| roots.confirm_older(&old.root))
                .and_then(|newer| newer.confirm(&new.root));
            assert_eq!(of_sizes.is_ok(), of_roots.is_ok());
            of_sizes.is_ok()
        };
        prop_assert!(verify(&proof, &sides));
        let sound = proof.clone();
        apply(&mut proof, change);
        prop_assert!(!verify(&proof, &sides));
        let side = side.index(sides.len());
        sides[side] = !sides[side];
        prop_assert!(!verify(&sound, &sides));
    }

    /// Nothing here may panic, whatever comes out.
    #[test]
    fn any_input_gets_an_answer(
        one: u64, other: u64, third: u64, bits in 0..64_u32, left: bool,
        hash: [u8; 32], path in vec(vec(any::<u8>(), 0..40), 0..70)
    ) {
        let hash = Hash::from(hash);
        let whole: Vec<_> = path.iter().map(|_| hash).collect();
        for shift in [0, bits] {
            let (one, other, third) = (one >> shift, other >> shift, third >> shift);
            let claimed = UnauthenticatedPosition { tree_size: one, leaf_index: other };
            let root = TrustedRoot::<Rfc9162Tree, _>::vouched_for(hash);
            let (older, newer) = (TreeHead::new(one, root), TreeHead::new(other, root));
            let _ = root_from_inclusion(&TREE, &hash, claimed, &path);
            let _ = root_from_inclusion(&TREE, &hash, claimed, &whole);
            let _ = root_from_consistency(&TREE, &older, TreeSize(other), &path);
            let _ = root_from_consistency(&TREE, &older, TreeSize(other), &whole);
            let _ = verify_extension(&TREE, &older, &newer, &whole);
            let _ = inclusion_nodes(LeafIndex(one), TreeSize(other)).map(Iterator::count);
            let _ = consistency_nodes(TreeSize(one), TreeSize(other)).map(Iterator::count);
            if let Ok(subtree) = Subtree::new(one, other) {
                let _ = root_from_subtree_consistency(&TREE, subtree, &hash, TreeSize(third), &whole);
                let _ = CompactRange::from_hashes(TREE, subtree, &whole);
            }
            let _ = Subtree::covering(one, other);
            let old = TreeHead::new(one, TrustedRoot::<CcfLedger, _>::vouched_for(hash));
            let new = TreeHead { size: other, ..old };
            let path = || whole.iter().map(|hash| ccf::PathElement { left, hash });
            let _ = ccf::root_from_inclusion(&LEDGER, &hash, path());
            let _ = ccf::verify_consistency(&LEDGER, &old, &new, &hash, path());
        }
    }
}
