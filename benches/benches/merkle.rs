//! Appending a million leaves, and inclusion proofs verified in a tree of 2^20: ours beside ct-merkle, rs_merkle and
//! tlog_tiles. Every crate comes to the same roots. Ratios are of shortest times in one process, all taking turns; of a
//! million leaves, the shortest times of their hundredths.
//!
//! Batches live on what one stream leaves idle of a core. Where another thread of the same core takes that, they gain less.
#![allow(missing_docs)]

use std::{cell::RefCell, hint::black_box, time::Duration};

use benches::{
    cases,
    compare::compare,
    proof::{Hash, Prefixed},
    report, say, shortest, shortest_parts,
};
use cose_ext::{
    Context, Profile,
    header::Vds,
    key::TrustedKey,
    rustcrypto::{P256SigningKey, RustCrypto},
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ct_merkle::{InclusionProof, RootHash, mem_backed_tree::MemoryBackedTree};
use merkle_proof::{
    CompactRange, LeafIndex, MemoryTree, NodeCache, Rfc9162Tree, Sha256Tree, TreeHash, TreeHead,
    TreeSize, UnauthenticatedPosition,
    cose::{Receipt, ReceiptBuilder, ReceiptVerifier, encode_inclusion, verify_inclusion_receipts},
    verify_inclusion, verify_inclusions,
};
use rs_merkle::{Hasher, MerkleProof, MerkleTree};
use sha2::{Digest, Sha256, block_api::compress256};
use tlog_tiles::tlog;

const LEAVES: usize = 1_000_000;
const PARTS: usize = 100;
const TREE: u64 = 1 << 20;
/// Of these many leaves of the tree, anywhere in it, inclusion is verified.
const PROOFS: usize = 256;

fn entries(count: usize) -> Vec<Hash> {
    (0..count as u64).map(|entry| Sha256::digest(entry.to_be_bytes()).into()).collect()
}

/// So many compressions of one message, each of which waits for the one before.
fn one_stream(compressions: usize) {
    let blocks = [[7; 64]; 64];
    let mut state = [3; 8];
    for _ in 0..compressions / blocks.len() {
        compress256(&mut state, black_box(&blocks));
    }
    compress256(&mut state, &blocks[..compressions % blocks.len()]);
    black_box(state);
}

fn line(what: &str, is: f64, target: Option<(Bound, f64)>) {
    let verdict = match target {
        None => String::new(),
        Some((Bound::AtLeast, bound)) => verdict(is >= bound, "at least", bound),
        Some((Bound::AtMost, bound)) => verdict(is <= bound, "at most", bound),
    };
    say!("  {what:<58} {is:>6.2}{verdict}");
}

fn verdict(met: bool, bound: &str, value: f64) -> String {
    format!("   target {bound} {value:.2}: {}", if met { "met" } else { "NOT MET" })
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast,
    AtMost,
}

const fn at_least(bound: f64) -> Option<(Bound, f64)> {
    Some((Bound::AtLeast, bound))
}

const fn at_most(bound: f64) -> Option<(Bound, f64)> {
    Some((Bound::AtMost, bound))
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// What tlog_tiles reads its stored hashes from.
struct Stored(RefCell<Vec<tlog::Hash>>);

impl tlog::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
        let stored = self.0.borrow();
        Ok(indexes.iter().map(|index| stored[*index as usize]).collect())
    }
}

/// A tree that grows from the leaves of one part to those of the next.
trait Growing {
    fn empty() -> Self;
    fn grow(&mut self, part: &[Hash]);
    fn root(&self) -> Hash;
}

impl<T: TreeHash<Hash = Hash> + Default> Growing for CompactRange<T> {
    fn empty() -> Self {
        Self::new(T::default())
    }

    fn grow(&mut self, part: &[Hash]) {
        for some in part.chunks(1000) {
            let mut entries = [&[][..]; 1000];
            entries.iter_mut().zip(some).for_each(|(entry, leaf)| *entry = leaf);
            self.append_all(&entries[..some.len()]).expect("room");
        }
    }

    fn root(&self) -> Hash {
        Self::root(self)
    }
}

struct OneByOne(CompactRange<Sha256Tree>);

impl Growing for OneByOne {
    fn empty() -> Self {
        Self(CompactRange::new(Sha256Tree))
    }

    fn grow(&mut self, part: &[Hash]) {
        for entry in part {
            self.0.append(&[entry]).expect("room");
        }
    }

    fn root(&self) -> Hash {
        self.0.root()
    }
}

impl Growing for MemoryBackedTree<Sha256, Hash> {
    fn empty() -> Self {
        Self::new()
    }

    fn grow(&mut self, part: &[Hash]) {
        part.iter().for_each(|entry| self.push(*entry));
    }

    fn root(&self) -> Hash {
        (*Self::root(self).as_bytes()).into()
    }
}

impl Growing for (u64, Stored) {
    fn empty() -> Self {
        (0, Stored(RefCell::default()))
    }

    fn grow(&mut self, part: &[Hash]) {
        let (size, stored) = self;
        for entry in part {
            let hashes = tlog::stored_hashes(*size, entry, &*stored).expect("stored");
            stored.0.get_mut().extend(hashes);
            *size += 1;
        }
    }

    fn root(&self) -> Hash {
        tlog::tree_hash(self.0, &self.1).expect("stored").0
    }
}

/// One part of growing a tree: the first begins a new one, the last takes its root.
fn part<G: Growing>(growing: &mut G, entries: &[Hash], part: usize) {
    if part == 0 {
        *growing = G::empty();
    }
    let start = part * LEAVES / PARTS;
    growing.grow(&entries[start..(part + 1) * LEAVES / PARTS]);
    if part + 1 == PARTS {
        black_box(growing.root());
    }
}

fn whole<G: Growing>(entries: &[Hash]) -> Hash {
    let mut growing = G::empty();
    growing.grow(entries);
    growing.root()
}

fn rs_merkle(entries: &[Hash]) -> Hash {
    let leaves: Vec<Hash> = entries.iter().map(|entry| Prefixed::hash(entry)).collect();
    MerkleTree::<Prefixed>::from_leaves(&leaves).root().expect("leaves")
}

/// The crate that `docs/adr/0004-sha256-backends.md` weighs, at the seam.
#[cfg(feature = "tape-sha256")]
mod tape {
    use super::*;

    #[derive(Clone, Copy, Default)]
    pub(super) struct Tape;

    impl TreeHash for Tape {
        type Kind = Rfc9162Tree;
        type Hash = Hash;

        fn empty(&self) -> Hash {
            Sha256Tree.empty()
        }

        fn leaf(&self, entry: &[&[u8]]) -> Hash {
            Sha256Tree.leaf(entry)
        }

        fn node(&self, left: &Hash, right: &Hash) -> Hash {
            Sha256Tree.node(left, right)
        }

        fn leaves(&self, entries: &[&[u8]], hashes: &mut [Hash]) {
            let count = entries.len().min(hashes.len());
            tape_sha256::hash_many_prefixed(&[0], &entries[..count], &mut hashes[..count]);
        }

        fn nodes(&self, children: &[Hash], parents: &mut [Hash]) {
            for (children, parents) in children.chunks(32).zip(parents.chunks_mut(16)) {
                let mut inputs = [[1; 65]; 16];
                let pairs = children.chunks_exact(2);
                let count = pairs.len().min(parents.len());
                for (input, pair) in inputs.iter_mut().zip(pairs) {
                    input[1..].copy_from_slice(pair.as_flattened());
                }
                let inputs = inputs.each_ref().map(|input| &input[..]);
                // An empty prefix that points to a byte: one that does not costs 50 ns a message.
                let none = &inputs[0][..0];
                tape_sha256::hash_many_prefixed(none, &inputs[..count], &mut parents[..count]);
            }
        }
    }
}

type Ours = CompactRange<Sha256Tree>;
type CtMerkle = MemoryBackedTree<Sha256, Hash>;
type TlogTiles = (u64, Stored);

fn appending(c: &mut Criterion) {
    let entries = entries(LEAVES);
    let root = whole::<Ours>(&entries);
    for other in [
        whole::<OneByOne>(&entries),
        whole::<CtMerkle>(&entries),
        whole::<TlogTiles>(&entries),
        rs_merkle(&entries),
    ] {
        assert_eq!(other, root);
    }

    let mut group = c.benchmark_group("append_1e6_leaves");
    group.sample_size(10);
    group.bench_function("merkle-proof", |b| b.iter(|| whole::<Ours>(&entries)));
    group.bench_function("merkle-proof, one by one", |b| b.iter(|| whole::<OneByOne>(&entries)));
    group.bench_function("ct-merkle", |b| b.iter(|| whole::<CtMerkle>(&entries)));
    group.bench_function("rs_merkle", |b| b.iter(|| rs_merkle(&entries)));
    group.bench_function("tlog_tiles", |b| b.iter(|| whole::<TlogTiles>(&entries)));
    group.finish();

    // A leaf of 32 bytes is one compression, a node two.
    let compressions = LEAVES + 2 * (LEAVES - 1);
    let (mut ours, mut single) = (Ours::empty(), OneByOne::empty());
    let (mut ct_merkle, mut tlog_tiles) = (CtMerkle::empty(), TlogTiles::empty());
    let [limit, ours, single, ct_merkle, tlog_tiles] = shortest_parts(
        [
            &mut |_| one_stream(compressions.div_ceil(PARTS)),
            &mut |number| part(&mut ours, &entries, number),
            &mut |number| part(&mut single, &entries, number),
            &mut |number| part(&mut ct_merkle, &entries, number),
            &mut |number| part(&mut tlog_tiles, &entries, number),
        ],
        PARTS,
        7,
    );
    // It takes all leaves at once.
    let [rs_merkle] = shortest([&mut || _ = black_box(rs_merkle(&entries))], 5);
    let per_leaf = |time: Duration| time.as_nanos() as f64 / LEAVES as f64;
    say!("appending {LEAVES} leaves of 32 bytes, leaf hash and root included, ns a leaf:");
    line("3 compressions of one stream", per_leaf(limit), None);
    line("merkle-proof, append_all", per_leaf(ours), None);
    line("merkle-proof, append, one by one", per_leaf(single), None);
    line("ct-merkle", per_leaf(ct_merkle), None);
    line("rs_merkle", per_leaf(rs_merkle), None);
    line("tlog_tiles", per_leaf(tlog_tiles), None);
    say!("ratios:");
    line("times faster than ct-merkle", ratio(ct_merkle, ours), at_least(6.0));
    line("times faster than tlog_tiles", ratio(tlog_tiles, ours), at_least(1.4));
    line("times faster than rs_merkle", ratio(rs_merkle, ours), None);
    line("of the limit of one stream, append_all", ratio(limit, ours), at_least(0.75));
    line("of the limit of one stream, one by one", ratio(limit, single), None);
    line("times faster than one by one: batches", ratio(single, ours), at_least(1.2));
    #[cfg(feature = "tape-sha256")]
    {
        type Tape = CompactRange<tape::Tape>;
        assert_eq!(whole::<Tape>(&entries), root);
        let (mut ours, mut tape) = (Ours::empty(), Tape::empty());
        let [ours, tape] = shortest_parts(
            [&mut |number| part(&mut ours, &entries, number), &mut |number| {
                part(&mut tape, &entries, number)
            }],
            PARTS,
            15,
        );
        let backend = tape_sha256::backend();
        let name = format!("times faster than that: tape-sha256 ({backend})");
        line(&name, ratio(ours, tape), at_least(1.2));
    }

    let state = size_of::<Ours>();
    line("KiB of state", state as f64 / 1024.0, at_most(4.0));
}

struct Proof {
    index: u64,
    entry: [u8; 8],
    path: Vec<Hash>,
}

fn proofs() -> (TreeHead<Rfc9162Tree, Hash>, Vec<Proof>) {
    let mut tree = MemoryTree::new(Sha256Tree);
    for entry in 0..TREE {
        tree.append(&[&entry.to_be_bytes()]);
    }
    let anywhere = |place: usize| {
        let hash: Hash = Sha256::digest(place.to_be_bytes()).into();
        u64::from_be_bytes(*hash.first_chunk().expect("long enough")) % TREE
    };
    let proofs = (0..PROOFS).map(anywhere).map(|index| {
        let path = tree.inclusion_path(LeafIndex(index), TreeSize(TREE)).expect("in the tree");
        Proof { index, entry: index.to_be_bytes(), path }
    });
    (tree.head(), proofs.collect())
}

mod verify {
    use super::*;

    pub(super) fn one_by_one<T>(tree: &T, head: &TreeHead<Rfc9162Tree, Hash>, proofs: &[Proof])
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = Hash>,
    {
        for Proof { index, entry, path } in proofs {
            verify_inclusion(tree, &tree.leaf(&[entry]), LeafIndex(*index), path, head)
                .expect("verified");
        }
    }

    pub(super) fn batch<T>(tree: &T, head: &TreeHead<Rfc9162Tree, Hash>, proofs: &[Proof])
    where
        T: TreeHash<Kind = Rfc9162Tree, Hash = Hash>,
    {
        const AT_ONCE: usize = PROOFS;
        let mut verified = 0;
        for proofs in proofs.chunks(AT_ONCE) {
            let mut entries = [&[][..]; AT_ONCE];
            for (entry, proof) in entries.iter_mut().zip(proofs) {
                *entry = &proof.entry;
            }
            let mut leaves = [[0; 32]; AT_ONCE];
            tree.leaves(&entries, &mut leaves);
            let proofs = leaves.iter().zip(proofs);
            let proofs = proofs.map(|(leaf, proof)| (*leaf, LeafIndex(proof.index), &proof.path));
            verify_inclusions(tree, proofs, head, |_, verdict| {
                verdict.expect("verified");
                verified += 1;
            });
        }
        assert_eq!(verified, proofs.len());
    }
}

fn verifying(c: &mut Criterion) {
    let (head, proofs) = proofs();
    let root = *head.root.hash();
    let ct_root = RootHash::<Sha256>::new(root.into(), TREE);
    let ct_proofs: Vec<_> = proofs
        .iter()
        .map(|proof| InclusionProof::<Sha256>::from_bytes(proof.path.as_flattened().to_vec()))
        .collect();
    let ct_merkle = || {
        for (Proof { index, entry, .. }, path) in proofs.iter().zip(&ct_proofs) {
            ct_root.verify_inclusion(entry, *index, path).expect("verified");
        }
    };
    let rs_proofs: Vec<_> =
        proofs.iter().map(|proof| MerkleProof::<Prefixed>::new(proof.path.clone())).collect();
    let rs_merkle = || {
        for (Proof { index, entry, .. }, path) in proofs.iter().zip(&rs_proofs) {
            let leaf = Prefixed::hash(entry);
            assert!(path.verify(root, &[*index as usize], &[leaf], TREE as usize));
        }
    };
    let tlog_proofs: Vec<Vec<tlog::Hash>> =
        proofs.iter().map(|proof| proof.path.iter().copied().map(tlog::Hash).collect()).collect();
    let tlog_tiles = || {
        for (Proof { index, entry, .. }, path) in proofs.iter().zip(&tlog_proofs) {
            let leaf = tlog::record_hash(entry);
            tlog::check_record(path, TREE, tlog::Hash(root), *index, leaf).expect("verified");
        }
    };
    let cached = || verify::batch(&NodeCache::<_, 4096>::new(Sha256Tree), &head, &proofs);

    let mut group = c.benchmark_group("verify_256_inclusion_proofs_of_2^20");
    group.sample_size(20);
    let mut bench = |name: &str, work: &dyn Fn()| {
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(work));
    };
    bench("merkle-proof", &|| verify::one_by_one(&Sha256Tree, &head, black_box(&proofs)));
    bench("merkle-proof, batch", &|| verify::batch(&Sha256Tree, &head, black_box(&proofs)));
    bench("ct-merkle", &ct_merkle);
    bench("rs_merkle", &rs_merkle);
    bench("tlog_tiles", &tlog_tiles);
    group.finish();

    let [limit, ours, batch, cached, ct_merkle, rs_merkle, tlog_tiles] = shortest(
        [
            &mut || one_stream(41 * PROOFS),
            &mut || verify::one_by_one(&Sha256Tree, &head, black_box(&proofs)),
            &mut || verify::batch(&Sha256Tree, &head, black_box(&proofs)),
            &mut || cached(),
            &mut || ct_merkle(),
            &mut || rs_merkle(),
            &mut || tlog_tiles(),
        ],
        1000,
    );
    let each = |time: Duration| time.as_nanos() as f64 / PROOFS as f64;
    say!("verifying inclusion in a tree of {TREE} leaves, leaf hash included, ns a proof:");
    line("41 compressions of one stream", each(limit), None);
    line("merkle-proof, one by one", each(ours), None);
    line("merkle-proof, batch", each(batch), None);
    line("merkle-proof, batch and NodeCache of 4096", each(cached), None);
    line("ct-merkle", each(ct_merkle), None);
    line("rs_merkle", each(rs_merkle), None);
    line("tlog_tiles", each(tlog_tiles), None);
    say!("ratios:");
    line("times faster than ct-merkle", ratio(ct_merkle, ours), at_least(1.0));
    line("times faster than rs_merkle", ratio(rs_merkle, ours), at_least(1.0));
    line("times faster than tlog_tiles", ratio(tlog_tiles, ours), at_least(1.0));
    line("times the limit of one stream", ratio(ours, limit), at_most(1.35));
    line("times faster than one by one: batch", ratio(ours, batch), at_least(1.4));
    line("times faster than one by one: batch and NodeCache", ratio(ours, cached), None);
}

fn receipts(c: &mut Criterion) {
    let (head, proofs) = proofs();
    let signer = P256SigningKey::from_bytes(&[7; 32]).expect("a scalar");
    let bytes: Vec<Vec<u8>> = proofs
        .iter()
        .map(|Proof { index, path, .. }| {
            let position = UnauthenticatedPosition { tree_size: TREE, leaf_index: *index };
            ReceiptBuilder::new(Vds::RFC9162_SHA256)
                .inclusion(encode_inclusion(position, path))
                .sign(head.root.hash(), &signer)
                .expect("a receipt")
        })
        .collect();
    let public = signer.public_key();
    let key = TrustedKey::new(public.as_public_key(), &Context::new(&RustCrypto)).expect("a key");
    let context = Context::new(&RustCrypto);
    let verifier = ReceiptVerifier::new(&key, &context);
    let read = || bytes.iter().map(|bytes| Receipt::decode(bytes, &Profile::LENIENT).expect("one"));
    let entries: Vec<[&[u8]; 1]> = proofs.iter().map(|proof| [&proof.entry[..]]).collect();
    let one_by_one = || {
        for (receipt, entry) in read().zip(&entries) {
            let root = receipt.verify_inclusion(entry, &verifier);
            assert_eq!(root.expect("verified").value().hash(), head.root.hash());
        }
    };
    let batch = || {
        let mut verified = 0;
        let receipts = read().zip(entries.iter().map(|entry| &entry[..]));
        verify_inclusion_receipts(&Sha256Tree, receipts, &verifier, |_, root| {
            assert_eq!(root.expect("verified").value().hash(), head.root.hash());
            verified += 1;
        });
        assert_eq!(verified, PROOFS);
    };
    let mut group = c.benchmark_group("verify_256_receipts_of_one_signed_root");
    group.sample_size(10);
    group.bench_function("one by one", |b| b.iter(one_by_one));
    group.bench_function("batch", |b| b.iter(batch));
    group.finish();

    let [single, many] = shortest([&mut || one_by_one(), &mut || batch()], 15);
    let each = |time: Duration| time.as_nanos() as f64 / PROOFS as f64;
    say!("receipts (ES256) of one signed root, decoded and verified, ns a receipt:");
    line("one by one", each(single), None);
    line("batch", each(many), None);
    say!("ratios:");
    line("times faster than one by one: batch", ratio(single, many), at_least(1.4));
}

fn small(c: &mut Criterion) {
    compare(c, &cases::merkle(), report!());
}

criterion_group!(benches, small, appending, verifying, receipts);
criterion_main!(benches);
