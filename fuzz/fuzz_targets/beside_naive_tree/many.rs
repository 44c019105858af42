//! Many leaves at once: in one proof, and in many that are verified side by side.

use core::cell::Cell;

use merkle_proof::{
    LeafIndex, NodeCache, Sha256Tree, TreeHash, UnauthenticatedPosition, multi_inclusion_nodes,
    root_from_inclusion, root_from_multi_inclusion, roots_from_inclusions, verify_inclusion,
    verify_inclusions, verify_multi_inclusion,
};
use testkit::naive_merkle as naive;

use crate::Case;

pub fn check(case: &Case) {
    multi(case);
    side_by_side(case, &Sha256Tree);
    side_by_side(case, &NodeCache::<_, 64>::new(Sha256Tree));
    cached(case);
}

/// One proof for the leaves whose entries are odd, and the chosen one.
fn multi(case: &Case) {
    let odd =
        |n: &usize| *n == case.index || case.entries[*n].first().is_some_and(|it| it % 2 == 1);
    let chosen: Vec<u64> = (0..case.entries.len()).filter(odd).map(|n| n as u64).collect();
    let path = case.memory.multi_inclusion_path(&chosen, case.size()).expect("ascending leaves");
    let nodes = multi_inclusion_nodes(&chosen, case.size()).expect("ascending leaves");
    let naive_path: Vec<_> = nodes
        .map(|node| naive::root(&case.entries[node.start() as usize..node.end() as usize]))
        .collect();
    assert_eq!(path, naive_path);
    let leaf = |index: &u64| (*index, Sha256Tree.leaf(&[&case.entries[*index as usize]]));
    let mut leaves: Vec<_> = chosen.iter().map(leaf).collect();
    let head = case.head();
    crate::agree(verify_multi_inclusion(&Sha256Tree, &leaves, &path, &head), true, false);
    let mut other = path.clone();
    if case.flip(&mut other) {
        crate::agree(verify_multi_inclusion(&Sha256Tree, &leaves, &other, &head), false, true);
    }
    leaves.reverse();
    let reversed = root_from_multi_inclusion(&Sha256Tree, &leaves, head.size, &path);
    assert_eq!(reversed.is_ok(), leaves.len() == 1);
    assert!(multi_inclusion_nodes(&[], case.size()).is_err());
    assert!(multi_inclusion_nodes(&[head.size], case.size()).is_err());
}

/// Each of many proofs has the verdict that it has alone; some have a change in them.
fn side_by_side<T>(case: &Case, tree: &T)
where
    T: TreeHash<Kind = merkle_proof::Rfc9162Tree, Hash = [u8; 32]>,
{
    let head = case.head();
    let mut proofs: Vec<([u8; 32], LeafIndex, Vec<Vec<u8>>)> = Vec::new();
    for (index, entry) in case.entries.iter().enumerate() {
        let path = case.memory.inclusion_path(LeafIndex(index as u64), case.size());
        let mut path = path.expect("a leaf");
        if index == case.index {
            case.flip(&mut path);
        }
        let mut path: Vec<Vec<u8>> = path.iter().map(|hash| hash.to_vec()).collect();
        if index == case.older {
            // The hash of another hash function.
            path.iter_mut().for_each(|hash| hash.truncate(20));
        }
        // One claims to stand where there is no leaf.
        let index = if case.change == 255 && index == 1 { head.size } else { index as u64 };
        proofs.push((naive::leaf_hash(entry), LeafIndex(index), path));
    }
    let lent = || proofs.iter().map(|(leaf, index, path)| (*leaf, *index, path));
    let answered = Cell::new(0);
    verify_inclusions(tree, lent(), &head, |place, verdict| {
        answered.set(answered.get() + 1);
        let (leaf, index, path) = &proofs[place];
        assert_eq!(verdict, verify_inclusion(&Sha256Tree, leaf, *index, path, &head));
    });
    assert_eq!(answered.get(), proofs.len());
    let claimed =
        |LeafIndex(leaf_index)| UnauthenticatedPosition { tree_size: head.size, leaf_index };
    let lent = lent().map(|(leaf, index, path)| (leaf, claimed(index), path));
    roots_from_inclusions(tree, lent, |place, root| {
        let (leaf, index, path) = &proofs[place];
        assert_eq!(root, root_from_inclusion(&Sha256Tree, leaf, claimed(*index), path));
    });
}

/// What is remembered of a row is what would be hashed anew.
fn cached(case: &Case) {
    let cache = NodeCache::<_, 16>::new(Sha256Tree);
    let leaves: Vec<_> = case.entries.iter().map(|entry| cache.leaf(&[entry])).collect();
    let (pairs, _) = leaves.as_chunks::<2>();
    let mut plain = vec![[0; 32]; pairs.len()];
    Sha256Tree.nodes(&leaves, &mut plain);
    for _ in 0..3 {
        let mut parents = vec![[0; 32]; pairs.len()];
        cache.nodes(&leaves, &mut parents);
        assert_eq!(parents, plain);
    }
    for ([left, right], parent) in pairs.iter().zip(&plain) {
        assert_eq!(cache.node(left, right), *parent);
        assert_eq!(naive::node_hash(left, right), *parent);
    }
    assert_eq!(cache.empty(), Sha256Tree.empty());
    assert!(format!("{cache:?}").contains("Sha256Tree"));
}
