//! An inclusion proof verified, and leaves appended.

use std::{cell::RefCell, hint::black_box};

use cose_ext::{
    Context, Profile,
    header::Vds,
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, RustCrypto},
};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use merkle_proof::{
    CompactRange, Sha256Tree, TreeHash, UnauthenticatedPosition,
    cose::{Receipt, ReceiptBuilder, ReceiptVerifier, encode_inclusion},
    root_from_inclusion,
};
use rs_merkle::{Hasher as _, MerkleTree};
use sha2::{Digest as _, Sha256};
use tlog_tiles::tlog;

use crate::{
    null::Null,
    proof::{Hash, Inclusion, Prefixed},
    work::{Work, kept},
};

/// Rows of the tree: 2^20 leaves.
const ROWS: u8 = 20;
const LEAVES: usize = 1000;

/// What tlog_tiles reads its stored hashes from.
struct Stored(RefCell<Vec<tlog::Hash>>);

impl tlog::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
        let stored = self.0.borrow();
        Ok(indexes.iter().map(|index| stored[*index as usize]).collect())
    }
}

fn ours(leaves: &[&[u8]]) -> Hash {
    let mut tree = CompactRange::new(Sha256Tree);
    tree.append_all(leaves).expect("room");
    tree.root()
}

fn by_ct_merkle(leaves: &[&'static [u8]]) -> Hash {
    let mut tree = MemoryBackedTree::<Sha256, &[u8]>::new();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    (*tree.root().as_bytes()).into()
}

fn by_rs_merkle(leaves: &[&[u8]]) -> Hash {
    let leaves: Vec<Hash> = leaves.iter().map(|leaf| Prefixed::hash(leaf)).collect();
    MerkleTree::<Prefixed>::from_leaves(&leaves).root().expect("leaves")
}

fn by_tlog_tiles(leaves: &[&[u8]]) -> Hash {
    let mut stored = Stored(RefCell::default());
    for (size, leaf) in (0..).zip(leaves) {
        let hashes = tlog::stored_hashes(size, leaf, &stored).expect("stored");
        stored.0.get_mut().extend(hashes);
    }
    tlog::tree_hash(leaves.len() as u64, &stored).expect("stored").0
}

/// A receipt of the last of 2^20 leaves, by a key whose signatures are all good.
fn receipt() -> impl Fn() {
    let path: Vec<Hash> = (0..ROWS).map(|row| Sha256Tree.leaf(&[&[row]])).collect();
    let position = UnauthenticatedPosition { tree_size: 1 << ROWS, leaf_index: (1 << ROWS) - 1 };
    let leaf = Sha256Tree.leaf(&[b"an entry"]);
    let root = root_from_inclusion(&Sha256Tree, &leaf, position, &path).expect("a root");
    let signer = P256SigningKey::from_bytes(&[7; 32]).expect("a scalar");
    let bytes = ReceiptBuilder::new(Vds::RFC9162_SHA256)
        .inclusion(encode_inclusion(position, &path))
        .sign(root.unconfirmed(), &signer)
        .expect("a receipt");
    let null = kept(Null::new(kept(signer.public_key())));
    let key = kept(TrustedKey::parsed(null, Identity::new([1; 32])));
    move || {
        let context = Context::new(&RustCrypto);
        let verifier = ReceiptVerifier::new(key, &context);
        let receipt = Receipt::decode(black_box(&bytes), &Profile::LENIENT).expect("a receipt");
        let root = receipt.verify_inclusion(&[b"an entry"], &verifier).expect("verified");
        black_box(root.value().hash());
    }
}

/// Returns the works of this benchmark.
pub fn merkle() -> Vec<Work> {
    let proof: &'static Inclusion = kept(Inclusion::in_tree_of(ROWS));
    let proved = "inclusion proof in a tree of 2^20, leaf hash included";
    let received = "receipt in a tree of 2^20, without the signature";
    let appended = "1000 leaves of 32 bytes appended, and the root";
    let leaves: Vec<&'static [u8]> = (0..LEAVES as u64)
        .map(|leaf| &kept::<Hash>(Sha256::digest(leaf.to_be_bytes()).into())[..])
        .collect();
    let leaves: &'static [&'static [u8]] = leaves.leak();
    assert_eq!(by_ct_merkle(leaves), ours(leaves));
    assert_eq!(by_rs_merkle(leaves), ours(leaves));
    assert_eq!(by_tlog_tiles(leaves), ours(leaves));
    vec![
        Work::new(proved, "merkle-proof", move || black_box(proof).ours()),
        Work::new(proved, "ct-merkle", move || black_box(proof).ct_merkle()),
        Work::new(proved, "rs_merkle", move || black_box(proof).rs_merkle()),
        Work::new(proved, "tlog_tiles", move || black_box(proof).tlog_tiles()),
        Work::new(proved, "the 21 hashes alone", move || black_box(proof).hashes()),
        Work::new(received, "merkle-proof", receipt()),
        Work::new(received, "ct-merkle, the path alone", move || black_box(proof).ct_merkle()),
        Work::new(received, "the 21 hashes alone", move || black_box(proof).hashes()),
        Work::new(appended, "merkle-proof", move || ours(black_box(leaves))),
        Work::new(appended, "ct-merkle", move || by_ct_merkle(black_box(leaves))),
        Work::new(appended, "rs_merkle", move || by_rs_merkle(black_box(leaves))),
        Work::new(appended, "tlog_tiles", move || by_tlog_tiles(black_box(leaves))),
    ]
}
