//! Proofs of inclusion in trees of any size, by ours and by the crates that people would take. Paths are made up: a
//! verifier cannot tell, and a tree of 2^30 leaves would take long.

use ct_merkle::{InclusionProof, RootHash};
use merkle_proof::{
    LeafIndex, Rfc9162Tree, Sha256Tree, TreeHash, TreeHead, TrustedRoot, UnauthenticatedPosition,
    root_from_inclusion, verify_inclusion,
};
use rs_merkle::{Hasher, MerkleProof};
use sha2::{Digest as _, Sha256};
use tlog_tiles::tlog;

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// RFC 9162 over rs_merkle, which has no prefixes of its own.
#[derive(Clone, Copy, Debug)]
pub struct Prefixed;

impl Hasher for Prefixed {
    type Hash = Hash;

    fn hash(data: &[u8]) -> Hash {
        Sha256::new().chain_update([0]).chain_update(data).finalize().into()
    }

    fn concat_and_hash(left: &Hash, right: Option<&Hash>) -> Hash {
        let node = |right: &Hash| {
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
        };
        right.map_or(*left, node)
    }
}

/// A leaf of a tree, with its path in the form of each crate.
pub struct Inclusion {
    entry: [u8; 8],
    index: u64,
    path: Vec<Hash>,
    head: TreeHead<Rfc9162Tree, Hash>,
    ct_root: RootHash<Sha256>,
    ct_path: InclusionProof<Sha256>,
    rs_path: MerkleProof<Prefixed>,
    tlog_path: Vec<tlog::Hash>,
}

impl Inclusion {
    /// Makes one in a tree of `2^rows` leaves.
    ///
    /// # Panics
    /// If there are 64 rows or more.
    pub fn in_tree_of(rows: u8) -> Self {
        let size = 1_u64 << rows;
        // Left and right take turns on the way to the root.
        let index = 0xaaaa_aaaa_aaaa_aaaa % size;
        let entry = index.to_be_bytes();
        let path: Vec<Hash> = (0..rows).map(|row| Sha256Tree.leaf(&[&[row]])).collect();
        let position = UnauthenticatedPosition { tree_size: size, leaf_index: index };
        let leaf = Sha256Tree.leaf(&[&entry]);
        let root = root_from_inclusion(&Sha256Tree, &leaf, position, &path).expect("a root");
        let root = *root.unconfirmed();
        Self {
            entry,
            index,
            head: TreeHead::new(size, TrustedRoot::vouched_for(root)),
            ct_root: RootHash::new(root.into(), size),
            ct_path: InclusionProof::from_bytes(path.as_flattened().to_vec()),
            rs_path: MerkleProof::new(path.clone()),
            tlog_path: path.iter().copied().map(tlog::Hash).collect(),
            path,
        }
    }

    /// Verifies it by merkle-proof, leaf hash included.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn ours(&self) {
        let leaf = Sha256Tree.leaf(&[&self.entry]);
        verify_inclusion(&Sha256Tree, &leaf, LeafIndex(self.index), &self.path, &self.head)
            .expect("verified");
    }

    /// Verifies it by ct-merkle.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn ct_merkle(&self) {
        self.ct_root.verify_inclusion(&self.entry, self.index, &self.ct_path).expect("verified");
    }

    /// Verifies it by rs_merkle.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn rs_merkle(&self) {
        let leaf = Prefixed::hash(&self.entry);
        let (root, size) = (*self.head.root.hash(), self.head.size as usize);
        assert!(self.rs_path.verify(root, &[self.index as usize], &[leaf], size));
    }

    /// Verifies it by tlog_tiles.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn tlog_tiles(&self) {
        let leaf = tlog::record_hash(&self.entry);
        let root = tlog::Hash(*self.head.root.hash());
        tlog::check_record(&self.tlog_path, self.head.size, root, self.index, leaf)
            .expect("verified");
    }

    /// Hashes as many leaves and nodes, and nothing else.
    pub fn hashes(&self) -> Hash {
        let mut hash = Sha256Tree.leaf(&[&self.entry]);
        for other in &self.path {
            hash = Sha256Tree.node(&hash, other);
        }
        hash
    }
}
