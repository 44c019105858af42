//! Trees of RFC 9162 beside a naive one that is written as the RFC writes it: roots, paths, and which paths are good.
#![no_main]

#[path = "beside_naive_tree/many.rs"]
mod many;
#[path = "beside_naive_tree/ranges.rs"]
mod ranges;
#[path = "beside_naive_tree/subtrees.rs"]
mod subtrees;

use cose_ext::rustcrypto::Sha256;
use libfuzzer_sys::fuzz_target;
use merkle_proof::cose::CoseTree;
use merkle_proof::{
    CompactRange, LeafIndex, MemoryTree, NodeCache, Rfc9162, Rfc9162Tree, Sha256Tree, TreeHash,
    TreeHead, TreeSize, TrustedRoot, verify_consistency, verify_extension, verify_inclusion,
};
use testkit::naive_merkle as naive;

/// The most leaves: what the naive tree does in a moment.
const LEAVES: usize = 96;

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

/// A tree that has no code of its own for many leaves or nodes.
struct OneByOne;

impl TreeHash for OneByOne {
    type Kind = Rfc9162Tree;
    type Hash = [u8; 32];

    fn empty(&self) -> [u8; 32] {
        Sha256Tree.empty()
    }

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        Sha256Tree.leaf(entry)
    }

    fn node(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        Sha256Tree.node(left, right)
    }
}

/// What one input says: a log, a place in it, and how a path is changed.
struct Case {
    entries: Vec<Vec<u8>>,
    memory: MemoryTree<Sha256Tree>,
    index: usize,
    older: usize,
    place: u8,
    change: u8,
}

fuzz_target!(|bytes: &[u8]| {
    // How many leaves, which one, an earlier size, and what is changed in a path; the rest are entries.
    let [leaves, index, older, place, change, entries @ ..] = bytes else { return };
    let leaves = 1 + usize::from(*leaves) % LEAVES;
    let (index, older) = (usize::from(*index) % leaves, usize::from(*older) % (leaves + 1));
    let entries: Vec<Vec<u8>> =
        (0..leaves).map(|n| entries.get(n).map_or_else(Vec::new, |byte| entry(*byte))).collect();
    let mut memory = MemoryTree::new(Sha256Tree);
    entries.iter().for_each(|entry| _ = memory.append(&[entry]));
    let case = Case { entries, memory, index, older, place: *place, change: *change };

    let Some(tree) = CoseTree::<Rfc9162Tree>::new(&Sha256) else { return };
    case.beside(&tree);
    case.beside(&Sha256Tree);
    case.beside(&&OneByOne);
    case.beside(&NodeCache::<_, 8>::new(Sha256Tree));
    ranges::check(&case);
    subtrees::check(&case);
    many::check(&case);
});

/// One byte, or as many as take two blocks of a hash function, or three.
fn entry(byte: u8) -> Vec<u8> {
    vec![byte; [1, 70, 200].get(usize::from(byte % 32)).copied().unwrap_or(1)]
}

fn head(size: usize, root: [u8; 32]) -> Head {
    TreeHead::new(size as u64, TrustedRoot::vouched_for(root))
}

impl Case {
    fn size(&self) -> TreeSize {
        TreeSize(self.entries.len() as u64)
    }

    fn head(&self) -> Head {
        head(self.entries.len(), naive::root(&self.entries))
    }

    /// Roots and paths are the naive ones, and what is good to one is good to the other.
    fn beside<T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]>>(&self, tree: &T) {
        let Self { entries, memory, index, older, .. } = self;
        let (index, older, leaves) = (*index, *older, entries.len());
        let root = naive::root(entries);
        let parts: Vec<&[u8]> = entries.iter().map(|entry| &entry[..]).collect();
        let mut hashes = vec![tree.empty(); leaves];
        tree.leaves(&parts, &mut hashes);
        assert!(
            hashes.iter().eq(parts
                .iter()
                .map(|entry| naive::leaf_hash(entry))
                .collect::<Vec<_>>()
                .iter())
        );
        assert_eq!(*memory.head().root.hash(), root);
        let mut parents = vec![tree.empty(); leaves / 2];
        tree.nodes(&hashes, &mut parents);
        for (pair, parent) in hashes.chunks_exact(2).zip(&parents) {
            assert_eq!(*parent, naive::node_hash(&pair[0], &pair[1]));
        }
        let mut range = CompactRange::new(tree);
        entries.iter().for_each(|entry| _ = range.append(&[entry]).expect("within 2^64 leaves"));
        assert_eq!(range.root(), root);

        let path = memory.inclusion_path(LeafIndex(index as u64), self.size()).expect("a leaf");
        assert_eq!(path, naive::inclusion_path(index, entries));
        let proof = match older {
            0 => Vec::new(),
            _ => memory.consistency_path(TreeSize(older as u64), self.size()).expect("earlier"),
        };
        assert!(older == 0 || proof == naive::consistency_path(older, entries));

        // What is true verifies; a path with a change in it does not, unless the naive reader says so too.
        let (newer, older_root) = (self.head(), naive::root(&entries[..older]));
        let before = head(older, older_root);
        let leaf = tree.leaf(&[&entries[index]]);
        for changed in [false, true] {
            let (mut path, mut proof) = (path.clone(), proof.clone());
            if changed {
                self.flip(&mut path);
                self.flip(&mut proof);
            }
            let ours = verify_inclusion(tree, &leaf, LeafIndex(index as u64), &path, &newer);
            let theirs = naive::verify_inclusion(leaf, index as u64, leaves as u64, &path, root);
            agree(ours, theirs, changed);
            let ours = verify_consistency(tree, &before, &newer, &proof);
            let extension = verify_extension(tree, &before, &newer, &proof);
            if older == 0 {
                assert!(ours.is_err(), "nothing is no tree that is proved");
                assert_eq!(extension.is_ok(), proof.is_empty(), "but every tree extends it");
                continue;
            }
            let theirs =
                naive::verify_consistency(older as u64, leaves as u64, &proof, older_root, root);
            agree(ours, theirs, changed);
            assert_eq!(extension.is_ok(), theirs);
            let mut other_root = older_root;
            other_root[usize::from(self.change) % 32] ^= self.change | 1;
            let other = verify_consistency(tree, &head(older, other_root), &newer, &proof);
            assert!(other.is_err(), "consistency with another root");
        }
        let outside = verify_inclusion(tree, &leaf, LeafIndex(leaves as u64), &path, &newer);
        agree(outside, false, true);
        let no_tree = verify_extension(tree, &head(0, root), &newer, [[0; 32]; 0]);
        agree(no_tree, false, true);
    }

    /// Changes one byte of one hash, or appends or removes one. Whether anything is another.
    fn flip(&self, path: &mut Vec<[u8; 32]>) -> bool {
        let (len, change) = (path.len(), self.change);
        match change % 8 {
            0 => path.push([change; 32]),
            1 => return path.pop().is_some(),
            _ if len > 0 => {
                path[usize::from(self.place) % len][usize::from(change) % 32] ^= change | 1;
            }
            _ => return false,
        }
        true
    }
}

/// Both say the same, which is yes to what was not changed; and a refusal has words and a rule.
fn agree(ours: Result<(), merkle_proof::Error>, theirs: bool, changed: bool) {
    assert_eq!(ours.is_ok(), theirs);
    assert!(changed || theirs);
    if let Err(error) = ours {
        assert!(!error.to_string().is_empty() && error.rule().is_some());
    }
}

/// The hash function that a user brings makes the hashes that ours makes.
fn foreign(entry: &[u8]) {
    let foreign = Rfc9162::<sha2::Sha256>::default();
    let leaf = foreign.leaf(&[entry]);
    assert_eq!(leaf[..], Sha256Tree.leaf(&[entry]));
    let node = Sha256Tree.node(&leaf.into(), &leaf.into());
    assert_eq!(foreign.node(&leaf, &leaf)[..], node);
    assert_eq!(foreign.empty()[..], Sha256Tree.empty());
}
